-- Balances whose ledger does not tell every credit that came in.
select channel, null::uuid as owner_id, null as request_id, null::uuid[] as session_ids, count(*) as amount
from balance
where expected is null
group by channel
