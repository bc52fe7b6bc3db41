-- What happened before our workers came is settled, rightly or not. Safe to apply again.

-- A user who reopens an old, finished session must not get its credit back.
insert into wearon.generations (channel, session_id, owner_id, outcome, ended_at)
select 'b2c', s.id, s.user_id, 'completed', coalesce(s.completed_at, s.created_at, now())
from public.generation_sessions s
where s.status = 'completed'
on conflict do nothing;

-- Users whose old sessions used, or got back, more than the ledger shows as taken. Without this their next failures
-- would pay for it. Counted once, when the table is made.
create table if not exists wearon.opening_overdrafts as
select o.user_id, sum(o.amount)::integer as amount
from (
    select s.user_id, 1 as amount from public.generation_sessions s where s.status is distinct from 'failed'
    union all
    select t.user_id, case t.type when 'refund' then abs(t.amount) else -abs(t.amount) end
    from public.credit_transactions t where t.type in ('generation', 'refund')
) o
where o.user_id is not null
group by o.user_id
having sum(o.amount) > 0;

create unique index if not exists opening_overdrafts_by_user on wearon.opening_overdrafts (user_id);

revoke all on wearon.opening_overdrafts from public, anon, authenticated;
