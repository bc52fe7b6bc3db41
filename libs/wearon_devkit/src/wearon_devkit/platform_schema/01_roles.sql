-- The roles that every Supabase project has. Roles belong to the whole cluster: a second database finds them there.

do $$
begin
    if to_regrole('postgres') is null then
        create role postgres login createdb createrole replication bypassrls;
    end if;
    if to_regrole('authenticator') is null then
        create role anon nologin noinherit;
        create role authenticated nologin noinherit;
        create role service_role nologin noinherit bypassrls;
        create role authenticator login noinherit;
    end if;
    execute format('alter database %I owner to postgres', current_database());
end $$;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres;

alter schema public owner to postgres;
grant usage on schema public to anon, authenticated, service_role;

-- Whatever `postgres` creates here is open to the API's roles: row level security and explicit revokes decide.
alter default privileges for role postgres in schema public
    grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
    grant all on sequences to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
    grant all on functions to anon, authenticated, service_role;
