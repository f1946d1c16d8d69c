-- Clients, what people allow them, and the tokens that come of it; deactivated members; scopes.

-- Every OAuth access token of the plan created before it is dead by the server's lifetime for them.
alter table plans add column access_dead_before integer not null default 0;

alter table memberships add column deactivated_at integer;
alter table memberships add column deactivated_by text references users (id);

create index memberships_by_plan on memberships (plan_id, user_id);

create table scopes (
    plan_id text not null references plans (id),
    name text not null,
    sentence text not null,
    primary key (plan_id, name)
) strict, without rowid;

create table oauth_clients (
    id text primary key not null,
    plan_id text not null references plans (id),
    name text not null,
    auth_method text not null check (auth_method in ('none', 'client_secret_basic', 'client_secret_post')),
    secret_hash blob,
    -- While a secret is being replaced, the old one works beside it until then.
    old_secret_hash blob,
    old_secret_until integer,
    -- A JSON array.
    redirect_uris text not null,
    scope text not null,
    resource_server integer not null check (resource_server in (0, 1)),
    created_at integer not null,
    created_by text references users (id),
    deleted_at integer,
    check ((secret_hash is null) = (auth_method = 'none')),
    check ((old_secret_hash is null) = (old_secret_until is null))
) strict;

create index oauth_clients_by_plan on oauth_clients (plan_id, name, id) where deleted_at is null;

-- What a person allowed a client once: a line of token pairs, of which one is live.
create table oauth_grants (
    id text primary key not null,
    plan_id text not null references plans (id),
    client_id text not null references oauth_clients (id),
    user_id text not null references users (id),
    scope text not null,
    created_at integer not null,
    ended_at integer,
    ended_by text references users (id),
    ended_reason text check (ended_reason in ('owner', 'admin', 'client', 'deactivation', 'reuse', 'idle')),
    suspicious_since integer,
    check ((ended_at is null) = (ended_reason is null))
) strict;

create index oauth_grants_by_user on oauth_grants (user_id, plan_id, client_id) where ended_at is null;
create index oauth_grants_by_client on oauth_grants (client_id) where ended_at is null;

create table oauth_codes (
    secret_hash blob primary key not null,
    grant_id text not null references oauth_grants (id),
    redirect_uri text not null,
    code_challenge text not null,
    created_at integer not null,
    used_at integer
) strict, without rowid;

create index oauth_codes_by_creation on oauth_codes (created_at);

create table oauth_refresh_tokens (
    id text primary key not null,
    grant_id text not null references oauth_grants (id),
    secret_hash blob not null unique,
    -- The access token of the same pair.
    access_token_id text not null,
    issued_at integer not null,
    -- The pair that took its place.
    successor_id text references oauth_refresh_tokens (id),
    voided_at integer
) strict;

create index oauth_refresh_tokens_by_grant on oauth_refresh_tokens (grant_id);

create table tokens_of_both_kinds (
    id text primary key not null,
    plan_id text not null references plans (id),
    owner_id text not null references users (id),
    name text not null,
    kind text not null check (kind in ('user_access', 'oauth_access')),
    scope text not null,
    client_id text references oauth_clients (id),
    grant_id text references oauth_grants (id),
    secret_hash blob not null unique,
    last_four text not null,
    created_at integer not null,
    -- Rotated: it works beside its successor until then.
    retires_at integer,
    last_used_at integer,
    last_used_from text,
    revoked_at integer,
    revoked_by text references users (id),
    revoked_reason text
        check (revoked_reason in ('owner', 'admin', 'client', 'deactivation', 'rotation', 'reuse')),
    suspicious_since integer,
    check ((revoked_at is null) = (revoked_reason is null)),
    check ((kind = 'oauth_access') = (client_id is not null)),
    check ((client_id is null) = (grant_id is null))
) strict;

insert into tokens_of_both_kinds (
    id, plan_id, owner_id, name, kind, scope, secret_hash, last_four, created_at,
    last_used_at, last_used_from, revoked_at, revoked_by, revoked_reason, suspicious_since
)
select
    id, plan_id, owner_id, name, kind, '', secret_hash, last_four, created_at,
    last_used_at, last_used_from, revoked_at, revoked_by, revoked_reason, suspicious_since
from tokens;

drop table tokens;
alter table tokens_of_both_kinds rename to tokens;

-- The order of creation is the order of expiry, so these answer every question about expiry.
create index tokens_unrevoked_by_owner on tokens (owner_id, plan_id, created_at, id)
where revoked_at is null and kind = 'user_access';
create index tokens_revoked_by_owner on tokens (owner_id, plan_id, created_at, id)
where revoked_at is not null and kind = 'user_access';
create index tokens_unrevoked_by_plan on tokens (plan_id, created_at) where revoked_at is null;
create index tokens_by_grant on tokens (grant_id, created_at) where grant_id is not null;
create index tokens_by_client on tokens (client_id, created_at, id) where client_id is not null;
create index tokens_by_last_four on tokens (plan_id, last_four);
