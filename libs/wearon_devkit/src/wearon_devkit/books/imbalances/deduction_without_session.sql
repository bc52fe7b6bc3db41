-- A credit was taken for a session that does not exist: the app died in between.
select channel, owner_id, request_id, null::uuid[] as session_ids, sessionless as amount
from settlement
where sessionless > 0
