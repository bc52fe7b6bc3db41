-- A signed-in user sees what is theirs, and may even edit their own sessions. Stores are behind the service role.

set local role postgres;

alter table public.generation_sessions enable row level security;
alter table public.store_generation_sessions enable row level security;
alter table public.user_credits enable row level security;
alter table public.credit_transactions enable row level security;
alter table public.store_credits enable row level security;
alter table public.store_shopper_credits enable row level security;
alter table public.store_credit_transactions enable row level security;
alter table public.analytics_events enable row level security;
alter table public.store_analytics_events enable row level security;

create policy own_sessions_are_visible on public.generation_sessions
    for select to authenticated using (auth.uid() = user_id);
create policy own_sessions_may_be_made on public.generation_sessions
    for insert to authenticated with check (auth.uid() = user_id);
create policy own_sessions_may_be_edited on public.generation_sessions
    for update to authenticated using (auth.uid() = user_id) with check (auth.uid() = user_id);
create policy own_balance_is_visible on public.user_credits
    for select to authenticated using (auth.uid() = user_id);
create policy own_ledger_is_visible on public.credit_transactions
    for select to authenticated using (auth.uid() = user_id);
