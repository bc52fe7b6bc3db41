-- What is wrong with the money of recent sessions, in numbers and cheaply enough for every minute. It looks at what
-- our workers did; the audit of the whole books, other writers included, is a command. Safe to apply again.

create index if not exists generations_held on wearon.generations (leased_until) where outcome is null;
create index if not exists generations_by_end on wearon.generations (ended_at);
create index if not exists refunds_by_time on wearon.refunds (recorded_at);

-- Sessions that we failed since p_since, and as of p_until, with what the platform's own ledger says was paid back.
create or replace function wearon.settled_failures(p_since timestamptz, p_until timestamptz)
returns table (
    channel text, session_id uuid, owner_id uuid, request_id text, result text, charged text
)
language sql stable security definer set search_path = '' as $$
    select g.channel, g.session_id, g.owner_id, b.request_id, r.result, r.charged
    from wearon.generations g
    left join wearon.refunds r on r.channel = g.channel and r.session_id = g.session_id
    left join public.store_generation_sessions b on g.channel = 'b2b' and b.id = g.session_id
    where g.outcome = 'failed' and g.ended_at between p_since and p_until;
$$;

-- How many refunds the platform's ledger shows for a user since then. A row there is as old as its transaction, so a
-- little older than ours.
create or replace function wearon.refunds_of_user_since(p_user_id uuid, p_since timestamptz) returns bigint
language sql stable security definer set search_path = '' as $$
    select count(*) from public.credit_transactions t
    where t.user_id = p_user_id and t.type = 'refund' and t.created_at >= p_since;
$$;

-- How many sessions of a user have failed, by our record or else by their row, that began or ended since then.
create or replace function wearon.failures_of_user_since(p_user_id uuid, p_since timestamptz) returns bigint
language sql stable security definer set search_path = '' as $$
    select count(*)
    from (
        select g.session_id from wearon.generations g
        where g.channel = 'b2c' and g.owner_id = p_user_id and g.outcome = 'failed' and g.ended_at >= p_since
        union
        select s.id from public.generation_sessions s
        left join wearon.generations g on g.channel = 'b2c' and g.session_id = s.id
        where s.user_id = p_user_id and s.created_at >= p_since
          and coalesce(g.outcome, s.status) = 'failed'
    ) failures;
$$;

-- The number of imbalances of each kind among the sessions of the last p_window_seconds; every kind is given, also
-- with 0. What is younger than p_patience_seconds may still be under way.
--
-- refund_failed: the platform refused it, a person must settle it. refund_missing: we failed a session and nothing
-- shows that its charge went back. refund_in_excess: a user got more back than sessions failed.
-- lease_ran_out: a worker held a live session, and nobody has ended it. overage_to_review: failed, but on the bill.
create or replace function public.generation_imbalances(
    p_window_seconds double precision, p_patience_seconds double precision
) returns table (kind text, imbalances bigint)
language plpgsql stable security definer set search_path = '' as $$
declare
    since constant timestamptz := clock_timestamp() - make_interval(secs => p_window_seconds);
    until constant timestamptz := clock_timestamp() - make_interval(secs => p_patience_seconds);
begin
    return query
        select 'refund_failed', count(*) from wearon.refunds r
        where r.recorded_at >= since and r.result = 'refund_failed';

    return query
        select 'overage_to_review', count(*) from wearon.refunds r
        where r.recorded_at >= since and r.charged = 'overage';

    return query
        select 'refund_missing',
               count(*) filter (where f.result is null)
             + count(*) filter (
                   where f.channel = 'b2b' and f.result = 'refunded' and not exists (
                       select from public.store_credit_transactions t
                       where t.store_id = f.owner_id and t.type = 'refund'
                         and t.request_id is not distinct from f.request_id))
             + (select coalesce(sum(greatest(0, u.recorded - wearon.refunds_of_user_since(u.owner_id, since - interval '1 hour'))), 0)
                from (
                    select p.owner_id, count(*) as recorded from wearon.settled_failures(since, until) p
                    where p.channel = 'b2c' and p.result = 'refunded' group by p.owner_id
                ) u)::bigint
        from wearon.settled_failures(since, until) f;

    return query
        select 'refund_in_excess',
               coalesce(sum(greatest(0, wearon.refunds_of_user_since(u.owner_id, since)
                   - wearon.failures_of_user_since(u.owner_id, since - interval '1 day'))), 0)::bigint
        from (
            select distinct f.owner_id from wearon.settled_failures(since, until) f
            where f.channel = 'b2c'
        ) u;

    return query
        select 'lease_ran_out', count(*)
        from wearon.generations g
        left join public.generation_sessions c on g.channel = 'b2c' and c.id = g.session_id
        left join public.store_generation_sessions b on g.channel = 'b2b' and b.id = g.session_id
        where g.outcome is null and g.leased_until < until
          and coalesce(c.status, b.status) in ('queued', 'pending', 'processing');
end $$;

revoke execute on all functions in schema wearon from public, anon, authenticated;
revoke execute on function public.generation_imbalances(double precision, double precision)
    from public, anon, authenticated;
grant execute on function public.generation_imbalances(double precision, double precision) to service_role;
