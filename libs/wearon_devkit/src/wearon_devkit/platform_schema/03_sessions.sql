-- One row for each try-on. The producer writes it as `queued`; clients watch it.

set local role postgres;

create table public.generation_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid,
    status text check (status in ('queued', 'pending', 'processing', 'completed', 'failed')),
    model_image_url text not null,
    outfit_image_url text,
    accessories jsonb,
    stitched_image_url text,
    prompt_system text not null,
    prompt_user text,
    generated_image_url text,
    credits_used integer default 1,
    error_message text,
    processing_time_ms integer,
    created_at timestamptz default now(),
    completed_at timestamptz,
    input_tokens integer,
    output_tokens integer,
    estimated_cost_usd numeric(10, 6)
);

create table public.store_generation_sessions (
    id uuid primary key default gen_random_uuid(),
    store_id uuid,
    shopper_email text,
    request_id text,
    status text check (status in ('queued', 'processing', 'completed', 'failed')),
    model_image_url text not null,
    outfit_image_url text,
    prompt_system text not null,
    prompt_user text,
    generated_image_url text,
    credits_used integer default 1,
    error_message text,
    processing_time_ms integer,
    created_at timestamptz default now(),
    completed_at timestamptz,
    input_tokens integer,
    output_tokens integer,
    estimated_cost_usd numeric(10, 6)
);

create index on public.generation_sessions (user_id, created_at);
create index on public.store_generation_sessions (store_id, created_at);

create publication supabase_realtime for table public.generation_sessions, public.store_generation_sessions;
