-- Clients, what people allow them, and the tokens that come of it; deactivated members; scopes.

-- Every OAuth access token of the plan created before it is dead by the server's lifetime for them.
alter table plans add column access_dead_before bigint not null default 0;

alter table memberships add column deactivated_at bigint;
alter table memberships add column deactivated_by text collate "C" references users (id);

create index memberships_by_plan on memberships (plan_id, user_id);

create table scopes (
    plan_id text collate "C" not null references plans (id),
    name text collate "C" not null,
    sentence text not null,
    primary key (plan_id, name)
);

create table oauth_clients (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    name text collate "C" not null,
    auth_method text not null check (auth_method in ('none', 'client_secret_basic', 'client_secret_post')),
    secret_hash bytea,
    -- While a secret is being replaced, the old one works beside it until then.
    old_secret_hash bytea,
    old_secret_until bigint,
    -- A JSON array.
    redirect_uris text not null,
    scope text not null,
    resource_server bigint not null check (resource_server in (0, 1)),
    created_at bigint not null,
    created_by text collate "C" references users (id),
    deleted_at bigint,
    check ((secret_hash is null) = (auth_method = 'none')),
    check ((old_secret_hash is null) = (old_secret_until is null))
);

create index oauth_clients_by_plan on oauth_clients (plan_id, name, id) where deleted_at is null;

-- What a person allowed a client once: a line of token pairs, of which one is live.
create table oauth_grants (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    client_id text collate "C" not null references oauth_clients (id),
    user_id text collate "C" not null references users (id),
    scope text not null,
    created_at bigint not null,
    ended_at bigint,
    ended_by text collate "C" references users (id),
    ended_reason text check (ended_reason in ('owner', 'admin', 'client', 'deactivation', 'reuse', 'idle')),
    suspicious_since bigint,
    check ((ended_at is null) = (ended_reason is null))
);

create index oauth_grants_by_user on oauth_grants (user_id, plan_id, client_id) where ended_at is null;
create index oauth_grants_by_client on oauth_grants (client_id) where ended_at is null;

create table oauth_codes (
    secret_hash bytea primary key not null,
    grant_id text collate "C" not null references oauth_grants (id),
    redirect_uri text not null,
    code_challenge text not null,
    created_at bigint not null,
    used_at bigint
);

create index oauth_codes_by_creation on oauth_codes (created_at);

create table oauth_refresh_tokens (
    id text collate "C" primary key not null,
    grant_id text collate "C" not null references oauth_grants (id),
    secret_hash bytea not null unique,
    -- The access token of the same pair.
    access_token_id text collate "C" not null,
    issued_at bigint not null,
    -- The pair that took its place.
    successor_id text collate "C" references oauth_refresh_tokens (id),
    voided_at bigint
);

create index oauth_refresh_tokens_by_grant on oauth_refresh_tokens (grant_id);

alter table tokens add column scope text not null default '';
alter table tokens alter column scope drop default;
alter table tokens add column client_id text collate "C" references oauth_clients (id);
alter table tokens add column grant_id text collate "C" references oauth_grants (id);
-- Rotated: it works beside its successor until then.
alter table tokens add column retires_at bigint;

alter table tokens drop constraint tokens_kind_check;
alter table tokens drop constraint tokens_revoked_reason_check;
alter table tokens drop constraint tokens_check;
alter table tokens drop constraint tokens_check1;
alter table tokens add check (kind in ('user_access', 'oauth_access'));
alter table tokens
add check (revoked_reason in ('owner', 'admin', 'client', 'deactivation', 'rotation', 'reuse'));
alter table tokens add check ((revoked_at is null) = (revoked_reason is null));
alter table tokens add check ((kind = 'oauth_access') = (client_id is not null));
alter table tokens add check ((client_id is null) = (grant_id is null));

drop index tokens_unrevoked_by_owner;
drop index tokens_revoked_by_owner;
drop index tokens_unrevoked_by_plan;

-- The order of creation is the order of expiry, so these answer every question about expiry.
create index tokens_unrevoked_by_owner on tokens (owner_id, plan_id, created_at, id)
where revoked_at is null and kind = 'user_access';
create index tokens_revoked_by_owner on tokens (owner_id, plan_id, created_at, id)
where revoked_at is not null and kind = 'user_access';
create index tokens_unrevoked_by_plan on tokens (plan_id, created_at) where revoked_at is null;
create index tokens_by_grant on tokens (grant_id, created_at) where grant_id is not null;
create index tokens_by_client on tokens (client_id, created_at, id) where client_id is not null;
create index tokens_by_last_four on tokens (plan_id, last_four);
