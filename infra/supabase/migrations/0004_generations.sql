-- The life of a session, one transaction each. Only service_role may call these.

-- Takes a session for one attempt. Gives the attempt's number, or the reason why there is nothing to do.
-- The same p_claim_id again, after a lost answer, gives the same attempt. Workers of the release before name no
-- request id.
drop function if exists public.claim_generation(text, uuid, uuid, text, uuid, double precision);

create or replace function public.claim_generation(
    p_channel text, p_session_id uuid, p_owner_id uuid, p_task_id text, p_claim_id uuid,
    p_lease_seconds double precision, p_request_id text default null
) returns table (attempt integer, refusal text)
language plpgsql security definer set search_path = '' as $$
declare
    session record;
    held wearon.generations;
begin
    select * into session from wearon.lock_session(p_channel, p_session_id);
    if not found then
        return query select null::integer, 'unknown_session';
        return;
    end if;
    if session.owner_id is distinct from p_owner_id then
        return query select null::integer, 'owner_mismatch';
        return;
    end if;
    if session.status in ('completed', 'failed') then
        return query select null::integer, 'ended';
        return;
    end if;

    insert into wearon.generations (channel, session_id, owner_id)
    values (p_channel, p_session_id, p_owner_id) on conflict do nothing;
    select * into held from wearon.generations g
    where g.channel = p_channel and g.session_id = p_session_id for update;

    if held.owner_id is distinct from p_owner_id then
        return query select null::integer, 'owner_mismatch';
    elsif held.outcome is not null then
        return query select null::integer, 'ended';
    elsif held.leased_until > clock_timestamp() and held.claim_id = p_claim_id then
        update wearon.generations g
        set leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
        where g.channel = p_channel and g.session_id = p_session_id;
        return query select held.attempt, null::text;
    elsif held.leased_until > clock_timestamp() then
        return query select null::integer, 'held';
    else
        update wearon.generations g
        set attempt = g.attempt + 1, task_id = p_task_id, request_id = p_request_id, claim_id = p_claim_id,
            leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
        where g.channel = p_channel and g.session_id = p_session_id;
        perform wearon.show_status(p_channel, p_session_id, 'processing', null);
        return query select held.attempt + 1, null::text;
    end if;
end $$;

-- Locks what (session, attempt) holds; null when another attempt has it or it has ended.
create or replace function wearon.lock_attempt(p_channel text, p_session_id uuid, p_attempt integer)
returns wearon.generations
language sql security definer set search_path = '' as $$
    select g from wearon.generations g
    where g.channel = p_channel and g.session_id = p_session_id
      and g.attempt = p_attempt and g.outcome is null
    for update;
$$;

-- Extends the lease of (session, attempt). False: stop working, the session is no longer yours. A renewal that
-- comes after the attempt was given back to the queue must not take the session from the next one.
create or replace function public.renew_generation(
    p_channel text, p_session_id uuid, p_attempt integer, p_lease_seconds double precision
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
    session record;
    held wearon.generations;
begin
    select * into session from wearon.lock_session(p_channel, p_session_id);
    held := wearon.lock_attempt(p_channel, p_session_id, p_attempt);
    if session.status is null or session.status = 'failed' or held.leased_until is null then
        return false;
    end if;
    update wearon.generations g
    set leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
    where g.channel = p_channel and g.session_id = p_session_id;
    return true;
end $$;

-- Gives (session, attempt) back to the queue, to be claimed again. False: it was no longer yours.
create or replace function public.requeue_generation(
    p_channel text, p_session_id uuid, p_attempt integer, p_message text
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
    session record;
begin
    select * into session from wearon.lock_session(p_channel, p_session_id);
    if session.status is null or session.status = 'failed'
        or wearon.lock_attempt(p_channel, p_session_id, p_attempt) is null then
        return false;
    end if;
    update wearon.generations g set leased_until = null
    where g.channel = p_channel and g.session_id = p_session_id;
    perform wearon.show_status(p_channel, p_session_id, 'queued', p_message);
    return true;
end $$;

-- Ends (session, attempt) with its image. True also when the same call is repeated after a lost answer.
create or replace function public.complete_generation(
    p_channel text, p_session_id uuid, p_attempt integer, p_image_url text, p_input_tokens integer,
    p_output_tokens integer, p_cost_usd numeric, p_processing_ms integer
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
    session record;
begin
    select * into session from wearon.lock_session(p_channel, p_session_id);
    if session.status is null or session.status = 'failed' then
        return false;
    end if;
    if wearon.lock_attempt(p_channel, p_session_id, p_attempt) is null then
        return exists (
            select 1 from wearon.generations g
            where g.channel = p_channel and g.session_id = p_session_id
              and g.attempt = p_attempt and g.outcome = 'completed');
    end if;

    update wearon.generations g
    set outcome = 'completed', ended_at = clock_timestamp(), leased_until = null
    where g.channel = p_channel and g.session_id = p_session_id;
    perform wearon.show_result(
        p_channel, p_session_id, p_image_url, p_input_tokens, p_output_tokens, p_cost_usd, p_processing_ms);
    perform wearon.log_event(
        p_channel, session.owner_id, session.shopper_email, 'generation_completed',
        jsonb_build_object('session_id', p_session_id, 'attempt', p_attempt, 'processing_ms', p_processing_ms));
    return true;
end $$;

-- Ends a live session as failed and gives back what was deducted, once. With p_attempt: for the attempt that holds
-- it. Without: for a session that nobody holds. p_owner_id, when known, must be the session's.
-- Gives: refunded, not_charged, overage, refund_failed (a person must settle it), already_ended, held,
-- owner_mismatch or unknown_session.
create or replace function public.fail_and_refund_generation(
    p_channel text, p_session_id uuid, p_attempt integer, p_owner_id uuid, p_reason text, p_message text
) returns text
language plpgsql security definer set search_path = '' as $$
declare
    session record;
    held wearon.generations;
    refund wearon.refunds;
begin
    select * into session from wearon.lock_session(p_channel, p_session_id);
    if not found then
        return 'unknown_session';
    end if;
    if p_owner_id is not null and session.owner_id is distinct from p_owner_id then
        return 'owner_mismatch';
    end if;

    insert into wearon.generations (channel, session_id, owner_id)
    values (p_channel, p_session_id, session.owner_id) on conflict do nothing;
    select * into held from wearon.generations g
    where g.channel = p_channel and g.session_id = p_session_id for update;

    if held.outcome is not null or session.status = 'failed'
        or (session.status = 'completed' and p_attempt is null) then
        return 'already_ended';
    end if;
    if held.attempt <> coalesce(p_attempt, held.attempt)
        or (p_attempt is null and held.leased_until > clock_timestamp()) then
        return 'held';
    end if;

    update wearon.generations g
    set outcome = 'failed', ended_at = clock_timestamp(), leased_until = null
    where g.channel = p_channel and g.session_id = p_session_id;
    refund := wearon.refund(
        p_channel, p_session_id, held.owner_id, session.shopper_email, session.request_id, session.created_at);
    -- The message promises what is true: an overage stays on the bill, a refused refund waits for a person.
    perform wearon.show_status(
        p_channel, p_session_id, 'failed',
        case when refund.charged = 'overage' or refund.result = 'refund_failed'
             then regexp_replace(p_message, ' ?You were not charged\.', '')
             else p_message end);
    perform wearon.log_event(
        p_channel, held.owner_id, session.shopper_email,
        case p_reason when 'moderation_blocked' then 'generation_moderation_blocked' else 'generation_failed' end,
        jsonb_build_object('session_id', p_session_id, 'reason', p_reason, 'refund', refund.result));
    return case refund.charged when 'overage' then 'overage' else refund.result end;
end $$;

-- Live sessions older than the grace period that nobody holds: they still wait in a queue, or their task is lost.
-- In order of id, a page at a time: PostgREST may cap what one call gives. The request id is null where nobody has
-- claimed the session of a user.
drop function if exists public.stuck_generations(double precision, uuid, integer);

create or replace function public.stuck_generations(
    p_grace_seconds double precision, p_after uuid, p_limit integer
) returns table (channel text, session_id uuid, request_id text)
language sql stable security definer set search_path = '' as $$
    select s.channel, s.id, coalesce(g.request_id, s.request_id)
    from (
        select 'b2c' as channel, c.id, c.created_at, null::text as request_id from public.generation_sessions c
        where c.status in ('queued', 'pending', 'processing')
        union all
        select 'b2b', b.id, b.created_at, b.request_id from public.store_generation_sessions b
        where b.status in ('queued', 'processing')
    ) s
    left join wearon.generations g on g.channel = s.channel and g.session_id = s.id
    where coalesce(s.created_at, '-infinity') < clock_timestamp() - make_interval(secs => p_grace_seconds)
      and g.outcome is null
      and (g.leased_until is null or g.leased_until < clock_timestamp())
      and (p_after is null or s.id > p_after)
    order by s.id
    limit p_limit;
$$;

revoke execute on function wearon.lock_attempt(text, uuid, integer) from public, anon, authenticated;

do $$
declare
    signature text;
begin
    foreach signature in array array[
        'claim_generation(text, uuid, uuid, text, uuid, double precision, text)',
        'renew_generation(text, uuid, integer, double precision)',
        'requeue_generation(text, uuid, integer, text)',
        'complete_generation(text, uuid, integer, text, integer, integer, numeric, integer)',
        'fail_and_refund_generation(text, uuid, integer, uuid, text, text)',
        'stuck_generations(double precision, uuid, integer)'
    ] loop
        execute format('revoke execute on function public.%s from public, anon, authenticated', signature);
        execute format('grant execute on function public.%s to service_role', signature);
    end loop;
end $$;
