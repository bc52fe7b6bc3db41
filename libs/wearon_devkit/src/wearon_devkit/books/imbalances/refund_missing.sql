-- A session failed, it was charged, and nothing went back.
select channel, owner_id, request_id, unrefunded_ids as session_ids, owed as amount
from settlement
where owed > 0
