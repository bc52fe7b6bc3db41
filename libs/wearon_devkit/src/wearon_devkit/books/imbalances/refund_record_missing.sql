-- We failed the session, and there is no record of what became of its charge.
select channel, owner_id, request_id, array[session_id] as session_ids, 0 as amount
from session
where outcome = 'failed' and refund_result is null
