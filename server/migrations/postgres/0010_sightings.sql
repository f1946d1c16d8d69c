-- What the verifier saw: counts for everybody, and for each token who called with it.

-- A caller of a token on a UTC day (its first instant).
create table token_callers (
    token_id text collate "C" not null references tokens (id),
    day bigint not null,
    -- As it was seen, behind proxies that are trusted; empty where there was none.
    address text collate "C" not null,
    -- The user agent, cut short.
    agent text collate "C" not null,
    -- What was called: host and first segment, `client:` and a resource server, `tenure`, or `refresh`.
    resource text collate "C" not null,
    -- What the address lies in: 198.51.100.0/24.
    network text collate "C" not null,
    calls bigint not null,
    -- Of those: refused because the token is dead, and because it lacks a scope.
    refused bigint not null,
    denied bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (token_id, day, address, agent, resource)
);

create index token_callers_by_day on token_callers (day);

-- Tokens that are presented after their death.
create table dead_token_calls (
    plan_id text collate "C" not null references plans (id),
    token_id text collate "C" not null references tokens (id),
    -- What the caller was told last.
    outcome text collate "C" not null,
    calls bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (plan_id, token_id)
);

create index dead_token_calls_by_last on dead_token_calls (plan_id, last_at, token_id);

-- By minute (60000) and by hour (3600000) from its first instant on. The plan is empty where none is known.
create table auth_counts (
    plan_id text collate "C" not null,
    width bigint not null check (width in (60000, 3600000)),
    start bigint not null,
    outcome text collate "C" not null,
    resource text collate "C" not null,
    client_id text collate "C" not null,
    scope text collate "C" not null,
    calls bigint not null,
    primary key (plan_id, width, start, outcome, resource, client_id, scope)
);

create index auth_counts_by_start on auth_counts (width, start);

-- Calls by how much of its life the token had behind it: tenths, and 10 for tokens without an end. By hour.
create table auth_ages (
    plan_id text collate "C" not null,
    start bigint not null,
    tenth bigint not null check (tenth between 0 and 10),
    calls bigint not null,
    primary key (plan_id, start, tenth)
);

-- Refused calls by the id that the caller was given, for a day. Without a plan where no token is known.
create table refusals (
    request_id text collate "C" not null,
    at bigint not null,
    outcome text collate "C" not null,
    plan_id text collate "C" references plans (id),
    token_id text collate "C" references tokens (id),
    client_id text collate "C",
    -- The scope that was lacking.
    scope text collate "C" not null,
    resource text collate "C" not null,
    -- Since when the token is dead.
    since bigint,
    primary key (request_id, at, outcome)
);

create index refusals_by_at on refusals (at);
create index refusals_by_plan on refusals (plan_id, at);
