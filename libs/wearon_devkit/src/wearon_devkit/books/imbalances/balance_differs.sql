-- A balance is not what its ledger adds up to. The amount is what is there too much.
select channel, owner_id, null as request_id, null::uuid[] as session_ids, balance - expected as amount
from balance
where balance <> expected
