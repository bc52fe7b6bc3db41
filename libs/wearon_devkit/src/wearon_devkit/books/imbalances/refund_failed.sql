-- The platform refused the refund; it still has not been paid.
select channel, owner_id, request_id, refused_ids as session_ids, refused as amount
from settlement
where refused > 0
