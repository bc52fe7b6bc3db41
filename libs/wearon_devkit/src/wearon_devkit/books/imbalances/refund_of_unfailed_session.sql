-- A refund where nothing failed: the session was completed, or still lives.
select channel, owner_id, request_id, unfailed_ids as session_ids, over_refunded as amount
from settlement
where over_refunded > 0 and failed = 0 and completed + live > 0 and deducted > 0
