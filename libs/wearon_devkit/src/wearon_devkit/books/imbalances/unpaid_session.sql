-- Our workers ran a session that no deduction pays for, or whose credit had gone back.
select channel, owner_id, request_id, unfailed_ids as session_ids, unpaid as amount
from settlement
where unpaid > 0
