-- What WearOn's workers know about a session beyond the producer's own row: who holds it, how it ended, what
-- went back. A schema of its own, so that PostgREST exposes none of it. Safe to apply again.

create schema if not exists wearon;
revoke all on schema wearon from public;

-- One row per session that a worker has ever touched. Its outcome is the truth: a user may edit their own row.
create table if not exists wearon.generations (
    channel text not null check (channel in ('b2c', 'b2b')),
    session_id uuid not null,
    owner_id uuid,
    task_id text,
    claim_id uuid,
    attempt integer not null default 0 check (attempt >= 0),
    leased_until timestamptz,
    outcome text check (outcome in ('completed', 'failed')),
    ended_at timestamptz,
    primary key (channel, session_id),
    check ((outcome is null) = (ended_at is null))
);

-- Leads from the session to its log lines; the platform stores it for b2b only, and as the client wrote it.
alter table wearon.generations add column if not exists request_id text;

create index if not exists generations_by_owner on wearon.generations (owner_id, channel);

-- What every failed session was charged and what became of it. The keys are the promise: once per session, and once
-- per row of a store's ledger.
create table if not exists wearon.refunds (
    channel text not null,
    session_id uuid not null,
    owner_id uuid,
    charged text not null check (charged in ('user', 'store', 'shopper', 'overage', 'nothing')),
    amount integer not null check (amount >= 0),
    deduction_id uuid unique,
    result text not null check (result in ('refunded', 'not_charged', 'refund_failed')),
    detail text,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (channel, session_id),
    foreign key (channel, session_id) references wearon.generations (channel, session_id)
);

revoke all on all tables in schema wearon from public, anon, authenticated;
