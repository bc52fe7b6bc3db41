-- What happened, for the dashboards.

set local role postgres;

create table public.analytics_events (
    id uuid primary key default gen_random_uuid(),
    event_type text not null,
    user_id uuid,
    metadata jsonb,
    created_at timestamptz default now()
);

create table public.store_analytics_events (
    id uuid primary key default gen_random_uuid(),
    store_id uuid not null,
    event_type text not null,
    shopper_email text,
    metadata jsonb,
    created_at timestamptz default now()
);
