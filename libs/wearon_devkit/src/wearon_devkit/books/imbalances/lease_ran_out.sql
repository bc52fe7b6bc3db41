-- A worker held the session, its lease ran out, and nobody has ended it.
select channel, owner_id, request_id, array[session_id] as session_ids, 1 as amount
from session
where state = 'live' and leased_until < (select lease_overdue_since from patience)
