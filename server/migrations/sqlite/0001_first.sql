-- Times are UTC milliseconds, ids are sortable text, secrets are kept as their SHA-256 alone.

create table plans (
    id text primary key not null,
    name text not null unique,
    tier text not null check (tier in ('pro', 'business', 'enterprise')),
    created_at integer not null,
    -- Every token created before it has its expiry in the audit log.
    expiries_recorded_before integer not null
) strict;

create table users (
    id text primary key not null,
    name text not null,
    -- In lower case.
    email text not null unique,
    password_hash text not null,
    created_at integer not null
) strict;

create table memberships (
    user_id text not null references users (id),
    plan_id text not null references plans (id),
    role text not null check (role in ('system_admin', 'member')),
    created_at integer not null,
    primary key (user_id, plan_id)
) strict, without rowid;

create table sessions (
    secret_hash blob primary key not null,
    user_id text not null references users (id),
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;

create index sessions_by_expiry on sessions (expires_at);

create table setup_links (
    id integer primary key not null check (id = 1),
    secret_hash blob not null,
    created_at integer not null
) strict;

create table policy_versions (
    plan_id text not null references plans (id),
    version integer not null check (version >= 0),
    period_amount integer check (period_amount between 1 and 9999),
    period_unit text check (period_unit in ('minutes', 'hours', 'days', 'months', 'years')),
    in_force_since integer not null,
    changed_by text references users (id),
    -- The watermark: every token of the plan created before it is dead.
    dead_before integer not null,
    primary key (plan_id, version),
    check ((period_amount is null) = (period_unit is null))
) strict, without rowid;

create table tokens (
    id text primary key not null,
    plan_id text not null references plans (id),
    owner_id text not null references users (id),
    name text not null,
    kind text not null check (kind in ('user_access')),
    secret_hash blob not null unique,
    last_four text not null,
    created_at integer not null,
    last_used_at integer,
    last_used_from text,
    revoked_at integer,
    revoked_by text references users (id),
    revoked_reason text check (revoked_reason in ('owner')),
    suspicious_since integer,
    check ((revoked_at is null) = (revoked_by is null)),
    check ((revoked_at is null) = (revoked_reason is null))
) strict;

-- The order of creation is the order of expiry, so these answer every question about expiry.
create index tokens_unrevoked_by_owner on tokens (owner_id, plan_id, created_at, id) where revoked_at is null;
create index tokens_revoked_by_owner on tokens (owner_id, plan_id, created_at, id) where revoked_at is not null;
create index tokens_unrevoked_by_plan on tokens (plan_id, created_at) where revoked_at is null;

create table audit_events (
    seq integer primary key not null,
    at integer not null,
    plan_id text,
    actor_id text,
    actor_address text,
    action text not null,
    target text,
    -- JSON, kept byte for byte because it is hashed.
    details text not null,
    prev_hash blob not null,
    hash blob not null
) strict;

create index audit_events_by_plan on audit_events (plan_id, seq);

create trigger audit_events_no_update before update on audit_events
begin select raise(abort, 'the audit log is append-only'); end;

create trigger audit_events_no_delete before delete on audit_events
begin select raise(abort, 'the audit log is append-only'); end;

-- The end of the chain. Every writer takes this row first.
create table audit_head (
    id integer primary key not null check (id = 1),
    seq integer not null,
    hash blob not null,
    -- Counts raised watermarks, which are no events but which other processes must learn of.
    watermarks integer not null
) strict;

insert into audit_head (id, seq, hash, watermarks) values (1, 0, zeroblob(32), 0);
