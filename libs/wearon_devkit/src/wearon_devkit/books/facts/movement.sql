-- Every credit that a generation took or gave back, as a positive amount.
select 'b2c' as channel, user_id as owner_id, null::text as request_id,
       case type when 'generation' then 'deduction' else type end as kind,
       abs(amount) as amount, 'user' as payer, created_at
from public.credit_transactions
where type in ('generation', 'refund')
union all
select 'b2b', store_id, request_id, type, abs(amount),
       case when starts_with(description, 'B2B shopper generation (shopper=') then 'shopper' else 'store' end,
       created_at
from public.store_credit_transactions
where type in ('deduction', 'refund', 'overage')
