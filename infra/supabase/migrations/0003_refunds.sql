-- What a session was charged, and giving exactly that back.

-- A consumer's credits carry no session id, so the user's own account is the witness: there must be a deduction
-- that no refund and no other session, completed or live, accounts for. Otherwise a refund would mint a credit.
create or replace function wearon.charge_of_user(p_session_id uuid, p_user_id uuid)
returns table (charged text, amount integer, deduction_id uuid)
language plpgsql security definer set search_path = '' as $$
declare
    unsettled bigint;
begin
    perform 1 from public.user_credits c where c.user_id = p_user_id for update;

    select coalesce(sum(abs(t.amount)) filter (where t.type = 'generation'), 0)
         - coalesce(sum(abs(t.amount)) filter (where t.type = 'refund'), 0)
    into unsettled
    from public.credit_transactions t where t.user_id = p_user_id;

    unsettled := unsettled - wearon.other_sessions_of_user(p_session_id, p_user_id)
        + coalesce((select o.amount from wearon.opening_overdrafts o where o.user_id = p_user_id), 0);

    if unsettled >= 1 then
        return query select 'user', 1, null::uuid;
    else
        return query select 'nothing', 0, null::uuid;
    end if;
end $$;

-- How many other sessions of a user keep their credit. Who ended a session and whose it is, our own record knows
-- best; another writer may have failed one that we had claimed, and one that waits is in no record of ours yet.
create or replace function wearon.other_sessions_of_user(p_session_id uuid, p_user_id uuid) returns bigint
language sql stable security definer set search_path = '' as $$
    select count(*)
    from (
        select g.session_id from wearon.generations g where g.channel = 'b2c' and g.owner_id = p_user_id
        union
        select s.id from public.generation_sessions s where s.user_id = p_user_id
    ) mine
    left join wearon.generations g on g.channel = 'b2c' and g.session_id = mine.session_id
    left join public.generation_sessions s on s.id = mine.session_id
    where mine.session_id <> p_session_id
      and coalesce(g.owner_id, p_user_id) = p_user_id
      and coalesce(g.outcome, s.status) is distinct from 'failed';
$$;

-- A store's transactions carry the request id; the description says whether the store or its shopper paid.
-- One deduction pays for one session, also when a client reused its request id or sent none: what other sessions,
-- completed or live, do not need is left to give back. Those booked as overage need none.
create or replace function wearon.charge_of_store(
    p_session_id uuid, p_store_id uuid, p_shopper_email text, p_request_id text, p_created_at timestamptz
) returns table (charged text, amount integer, deduction_id uuid)
language plpgsql security definer set search_path = '' as $$
declare
    unsettled bigint;
    overages bigint;
begin
    perform 1 from public.store_credits c where c.store_id = p_store_id for update;
    perform 1 from public.store_shopper_credits c
    where c.store_id = p_store_id and c.shopper_email = p_shopper_email for update;

    select count(*) filter (where t.type = 'deduction') - count(*) filter (where t.type = 'refund'),
           count(*) filter (where t.type = 'overage')
    into unsettled, overages
    from public.store_credit_transactions t
    where t.store_id = p_store_id and t.request_id is not distinct from p_request_id;

    unsettled := unsettled - greatest(
        0, wearon.other_sessions_of_request(p_session_id, p_store_id, p_request_id) - overages);

    return query
        select case
                   when t.type = 'overage' then 'overage'
                   when unsettled < 1 then 'nothing'
                   when t.description like 'B2B shopper generation (shopper=%' then 'shopper'
                   else 'store'
               end,
               case when t.type = 'overage' or unsettled < 1 then 0 else abs(t.amount) end,
               case when t.type = 'deduction' and unsettled >= 1 then t.id end
        from public.store_credit_transactions t
        where t.store_id = p_store_id and t.request_id is not distinct from p_request_id
          and t.type in ('deduction', 'overage')
          and not exists (select from wearon.refunds r where r.deduction_id = t.id)
        order by abs(extract(epoch from t.created_at - p_created_at)), t.type
        limit 1;
    if not found then
        return query select 'nothing', 0, null::uuid;
    end if;
end $$;

-- How many other sessions of a store's request are completed or live.
create or replace function wearon.other_sessions_of_request(
    p_session_id uuid, p_store_id uuid, p_request_id text
) returns bigint
language sql stable security definer set search_path = '' as $$
    select count(*)
    from public.store_generation_sessions s
    left join wearon.generations g on g.channel = 'b2b' and g.session_id = s.id
    where s.store_id = p_store_id and s.request_id is not distinct from p_request_id
      and s.id <> p_session_id and coalesce(g.outcome, s.status) is distinct from 'failed';
$$;

-- Pays through the platform's own refund functions. What they refuse must not keep the session from ending, so it
-- is recorded as refund_failed for a person to settle; a lost connection or a deadlock still undoes everything.
create or replace function wearon.give_back(
    p_charged text, p_amount integer, p_owner_id uuid, p_shopper_email text, p_request_id text,
    out result text, out detail text
)
language plpgsql security definer set search_path = '' as $$
declare
    description constant text := 'Refund: generation failed';
begin
    result := 'refunded';
    case p_charged
        when 'user' then
            perform public.refund_credits(p_owner_id, p_amount, description);
        when 'store' then
            perform public.refund_store_credits(p_owner_id, p_amount, p_request_id, description);
        when 'shopper' then
            perform public.refund_store_shopper_credits(
                p_owner_id, p_shopper_email, p_amount, p_request_id, description);
        else
            result := 'not_charged';
    end case;
exception
    when others then
        -- Connection, rollback, resources, intervention: these pass, and the whole call is repeated.
        if left(sqlstate, 2) in ('08', '40', '53', '57') then
            raise;
        end if;
        result := 'refund_failed';
        detail := sqlerrm;
end $$;

-- Records and pays the refund of one session. A second call for the same session violates the primary key.
create or replace function wearon.refund(
    p_channel text, p_session_id uuid, p_owner_id uuid, p_shopper_email text, p_request_id text,
    p_created_at timestamptz
) returns wearon.refunds
language plpgsql security definer set search_path = '' as $$
declare
    charge record;
    payment record;
    refund wearon.refunds;
begin
    if p_channel = 'b2c' then
        select * into charge from wearon.charge_of_user(p_session_id, p_owner_id);
    else
        select * into charge
        from wearon.charge_of_store(p_session_id, p_owner_id, p_shopper_email, p_request_id, p_created_at);
    end if;
    select * into payment
    from wearon.give_back(charge.charged, charge.amount, p_owner_id, p_shopper_email, p_request_id);

    insert into wearon.refunds (channel, session_id, owner_id, charged, amount, deduction_id, result, detail)
    values (p_channel, p_session_id, p_owner_id, charge.charged, charge.amount, charge.deduction_id,
            payment.result, payment.detail)
    returning * into refund;

    if p_channel = 'b2b' and refund.result = 'refunded' then
        perform wearon.log_event(
            p_channel, p_owner_id, p_shopper_email, 'credit_refunded',
            jsonb_build_object('session_id', p_session_id, 'charged', refund.charged, 'amount', refund.amount));
    end if;
    return refund;
end $$;

revoke execute on all functions in schema wearon from public, anon, authenticated;
