-- More refunds than failed sessions.
select channel, owner_id, request_id, failed_ids as session_ids, over_refunded as amount
from settlement
where over_refunded > 0 and failed > 0 and deducted > 0
