-- Who is asking, according to the verified token that PostgREST leaves in `request.jwt.claims`.

create schema auth;
grant usage on schema auth to postgres, anon, authenticated, service_role;

create function auth.uid() returns uuid
language sql stable as $$
    select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

create function auth.role() returns text
language sql stable as $$
    select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
$$;
