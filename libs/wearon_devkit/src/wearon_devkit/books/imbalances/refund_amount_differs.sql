-- A refund of another amount than was taken for the same request.
select channel, owner_id, request_id, failed_ids as session_ids, refunded - deducted as amount
from settlement
where amounts_differ
