-- Every balance, and what the ledger says it must be; null where the ledger does not begin at the beginning.
select 'b2c' as channel, u.user_id as owner_id, u.balance,
       case when l.has_bonus then l.total end as expected
from public.user_credits u
left join (
    select user_id, bool_or(type = 'signup_bonus') as has_bonus,
           sum(case type when 'generation' then -abs(amount) else abs(amount) end) as total
    from public.credit_transactions group by user_id
) l on l.user_id = u.user_id
union all
-- A store's ledger is complete when it explains every credit that was ever bought, and no shopper's mixes in.
select 'b2b', c.store_id, c.balance,
       case when l.bought = c.total_purchased and not l.has_shoppers then l.total end
from public.store_credits c
left join (
    select store_id,
           coalesce(bool_or(starts_with(description, 'B2B shopper generation (shopper=')), false) as has_shoppers,
           sum(abs(amount)) filter (where type in ('purchase', 'subscription')) as bought,
           sum(case type when 'deduction' then -abs(amount) when 'overage' then 0 else abs(amount) end) as total
    from public.store_credit_transactions group by store_id
) l on l.store_id = c.store_id
union all
select 'b2b', store_id, balance, null from public.store_shopper_credits
