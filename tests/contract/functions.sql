-- One function for each kind of result and failure that PostgREST tells apart.

create function public.add_numbers(a integer, b integer default 2) returns integer
language sql as 'select a + b';

create function public.do_nothing(p_message text) returns void
language plpgsql as $$
begin
    if p_message = 'boom' then
        raise exception 'no more %', p_message using hint = 'try less', detail = 'it was too much';
    end if;
end $$;

create function public.one_session(p_id uuid) returns public.generation_sessions
language sql as 'select * from public.generation_sessions where id = p_id';

create function public.all_sessions() returns setof public.generation_sessions
language sql as 'select * from public.generation_sessions order by id';

create function public.session_ids() returns setof uuid
language sql as 'select id from public.generation_sessions order by id';

create function public.counted(p_count integer) returns table (n integer, label text)
language sql as $$ select g, 'row ' || g from generate_series(1, p_count) g $$;

create function public.two_results(p integer, out x integer, out y text)
language sql as $$ select p, 'why' $$;

create function public.one_result(p integer, out x integer)
language sql as 'select p';

create function public.echo_json(p jsonb) returns jsonb
language sql as 'select p';

create function public.echo_numbers(p integer[]) returns integer[]
language sql as 'select p';

create function public.a_moment() returns timestamptz
language sql as $$ select '2026-01-02 03:04:05.678+00'::timestamptz $$;

create function public.who_am_i() returns text
language sql as $$ select current_user || ' ' || (current_setting('request.jwt.claims')::json ->> 'role') $$;

create function public.fail_with(p_sqlstate text) returns integer
language plpgsql as $$
begin
    raise exception using errcode = p_sqlstate, message = 'it failed', detail = 'so', hint = 'why';
end $$;

create function public.for_the_service_alone() returns integer
language sql as 'select 1';
revoke execute on function public.for_the_service_alone() from public, anon, authenticated;
grant execute on function public.for_the_service_alone() to service_role;

-- Reading it writes: whoever reads in a read-only transaction is refused.
create function public.write_while_reading() returns integer
language plpgsql as $$
begin
    insert into public.analytics_events (event_type) values ('read');
    return 1;
end $$;
create view public.writing_view as select public.write_while_reading() as n;
grant select on public.writing_view to service_role;
