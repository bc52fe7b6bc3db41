-- Balances, and the ledger of what changed them: what is spent is negative there, what comes in positive.

set local role postgres;

create table public.user_credits (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null unique,
    balance integer not null default 0 check (balance >= 0),
    total_earned integer not null default 0,
    total_spent integer not null default 0
);

create table public.credit_transactions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    amount integer not null,
    type text not null check (type in ('signup_bonus', 'generation', 'refund')),
    description text,
    created_at timestamptz default now()
);

create table public.store_credits (
    id uuid primary key default gen_random_uuid(),
    store_id uuid not null unique,
    balance integer not null default 0 check (balance >= 0),
    total_purchased integer not null default 0,
    total_spent integer not null default 0
);

create table public.store_shopper_credits (
    id uuid primary key default gen_random_uuid(),
    store_id uuid not null,
    shopper_email text not null,
    balance integer not null default 0 check (balance >= 0),
    total_purchased integer not null default 0,
    total_spent integer not null default 0,
    unique (store_id, shopper_email)
);

create table public.store_credit_transactions (
    id uuid primary key default gen_random_uuid(),
    store_id uuid not null,
    amount integer not null,
    type text not null check (type in ('deduction', 'refund', 'purchase', 'subscription', 'overage')),
    request_id text,
    description text,
    created_at timestamptz default now(),
    -- Null request ids are distinct from each other: what has none can be booked any number of times.
    constraint unique_credit_transaction_request unique (store_id, request_id, type)
);
