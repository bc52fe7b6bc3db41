-- More went back than was ever taken: credits were minted.
select channel, owner_id, request_id, coalesce(failed_ids, unfailed_ids) as session_ids, minted + case when deducted = 0 or completed + live + failed = 0 then over_refunded else 0 end as amount
from settlement
where minted > 0 or (over_refunded > 0 and (deducted = 0 or completed + live + failed = 0))
