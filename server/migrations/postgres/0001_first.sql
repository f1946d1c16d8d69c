-- Times are UTC milliseconds, ids are sortable text, secrets are kept as their SHA-256 alone.
-- Ids compare byte by byte, as SQLite compares all text, whatever the database's locale is.

create table plans (
    id text collate "C" primary key not null,
    name text collate "C" not null unique,
    tier text not null check (tier in ('pro', 'business', 'enterprise')),
    created_at bigint not null,
    -- Every token created before it has its expiry in the audit log.
    expiries_recorded_before bigint not null
);

create table users (
    id text collate "C" primary key not null,
    name text not null,
    -- In lower case.
    email text not null unique,
    password_hash text not null,
    created_at bigint not null
);

create table memberships (
    user_id text collate "C" not null references users (id),
    plan_id text collate "C" not null references plans (id),
    role text not null check (role in ('system_admin', 'member')),
    created_at bigint not null,
    primary key (user_id, plan_id)
);

create table sessions (
    secret_hash bytea primary key not null,
    user_id text collate "C" not null references users (id),
    created_at bigint not null,
    expires_at bigint not null
);

create index sessions_by_expiry on sessions (expires_at);

create table setup_links (
    id bigint primary key not null check (id = 1),
    secret_hash bytea not null,
    created_at bigint not null
);

create table policy_versions (
    plan_id text collate "C" not null references plans (id),
    version bigint not null check (version >= 0),
    period_amount bigint check (period_amount between 1 and 9999),
    period_unit text check (period_unit in ('minutes', 'hours', 'days', 'months', 'years')),
    in_force_since bigint not null,
    changed_by text collate "C" references users (id),
    -- The watermark: every token of the plan created before it is dead.
    dead_before bigint not null,
    primary key (plan_id, version),
    check ((period_amount is null) = (period_unit is null))
);

create table tokens (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    owner_id text collate "C" not null references users (id),
    name text not null,
    kind text not null check (kind in ('user_access')),
    secret_hash bytea not null unique,
    last_four text not null,
    created_at bigint not null,
    last_used_at bigint,
    last_used_from text,
    revoked_at bigint,
    revoked_by text collate "C" references users (id),
    revoked_reason text check (revoked_reason in ('owner')),
    suspicious_since bigint,
    check ((revoked_at is null) = (revoked_by is null)),
    check ((revoked_at is null) = (revoked_reason is null))
);

-- The order of creation is the order of expiry, so these answer every question about expiry.
create index tokens_unrevoked_by_owner on tokens (owner_id, plan_id, created_at, id) where revoked_at is null;
create index tokens_revoked_by_owner on tokens (owner_id, plan_id, created_at, id) where revoked_at is not null;
create index tokens_unrevoked_by_plan on tokens (plan_id, created_at) where revoked_at is null;

create table audit_events (
    seq bigint primary key not null,
    at bigint not null,
    plan_id text collate "C",
    actor_id text collate "C",
    actor_address text,
    action text not null,
    target text,
    -- JSON, kept byte for byte because it is hashed.
    details text not null,
    prev_hash bytea not null,
    hash bytea not null
);

create index audit_events_by_plan on audit_events (plan_id, seq);

create function audit_events_are_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_events_no_update before update on audit_events
for each row execute function audit_events_are_append_only();

create trigger audit_events_no_delete before delete on audit_events
for each row execute function audit_events_are_append_only();

-- The end of the chain. Every writer takes this row first.
create table audit_head (
    id bigint primary key not null check (id = 1),
    seq bigint not null,
    hash bytea not null,
    -- Counts raised watermarks, which are no events but which other processes must learn of.
    watermarks bigint not null
);

insert into audit_head (id, seq, hash, watermarks) values (1, 0, decode(repeat('00', 32), 'hex'), 0);
