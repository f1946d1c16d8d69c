-- Alerts on the health of a plan's authentication, and the program that hears of them.

-- The rules that somebody has set; the others are as `domain` has them.
create table alert_rules (
    plan_id text collate "C" not null references plans (id),
    kind text collate "C" not null,
    threshold bigint not null,
    minutes bigint not null,
    is_on bigint not null check (is_on in (0, 1)),
    primary key (plan_id, kind)
);

create table alerts (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    kind text collate "C" not null,
    -- The rule and what it had counted when the alert was raised.
    threshold bigint not null,
    minutes bigint not null,
    count bigint not null,
    sentence text collate "C" not null,
    -- What most of it concerned.
    client_id text collate "C",
    resource text collate "C",
    fired_at bigint not null,
    cleared_at bigint
);

-- However many processes find that a rule holds, one of them raises the alert.
create unique index alerts_raised on alerts (plan_id, kind) where cleared_at is null;
create index alerts_by_plan on alerts (plan_id, id);

-- Where a plan's alerts are posted. The secret signs, so it is kept as it is.
create table webhooks (
    plan_id text collate "C" primary key not null references plans (id),
    url text collate "C" not null,
    secret bytea not null,
    created_at bigint not null
);

-- What is to be posted, and what became of it.
create table webhook_deliveries (
    -- The `webhook-id`: the same however often it is tried.
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    body text collate "C" not null,
    state text collate "C" not null check (state in ('queued', 'leased', 'taken', 'failed')),
    reason text collate "C",
    attempts bigint not null,
    created_at bigint not null,
    -- Queued: not before then. Leased: until then it is in the hands of whoever leased it.
    due_at bigint not null,
    leased_by text collate "C",
    check ((state = 'leased') = (leased_by is not null))
);

create index webhook_deliveries_due on webhook_deliveries (due_at, id) where state in ('queued', 'leased');
create index webhook_deliveries_by_plan on webhook_deliveries (plan_id, id);

-- Those that became suspicious lately: few, in whichever plan.
create index tokens_by_suspicion on tokens (suspicious_since, plan_id) where suspicious_since is not null;
