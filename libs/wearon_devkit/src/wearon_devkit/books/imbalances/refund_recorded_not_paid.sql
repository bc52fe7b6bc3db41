-- We recorded refunds that moved no credit.
select channel, owner_id, request_id, recorded_ids as session_ids, phantom as amount
from settlement
where phantom > 0
