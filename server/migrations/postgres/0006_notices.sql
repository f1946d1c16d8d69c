-- Mails about tokens: an outbox, written in the transaction that decides and worked by leases.

alter table users add column language text check (language in ('en', 'de'));
alter table users add column time_zone text;

-- Every token created, or last active, before these places has its expiry told to its owner.
alter table plans add column expiries_told_at bigint not null default 0;
alter table plans add column expiries_told_id text collate "C" not null default '';
alter table plans add column idle_told_at bigint not null default 0;
alter table plans add column idle_told_id text collate "C" not null default '';
update plans set expiries_told_at = expiries_recorded_before, idle_told_at = idle_recorded_before;

create table notices (
    id text collate "C" primary key not null,
    owner_id text collate "C" not null references users (id),
    kind text not null check (kind in ('digest', 'announcement', 'expired', 'revoked', 'escalation')),
    -- What may be told once: whoever decides it again finds it here.
    dedupe_key text collate "C" not null unique,
    -- What was decided, as JSON; what it means for the tokens is worked out when it is sent.
    details text not null,
    state text not null check (state in ('queued', 'leased', 'sent', 'failed', 'suppressed')),
    reason text,
    attempts bigint not null,
    -- Sent again because somebody asked for it: each time is another mail.
    resent bigint not null,
    created_at bigint not null,
    -- When somebody last wanted it sent; the server's patience with it counts from then.
    queued_at bigint not null,
    -- Queued: not before then. Leased: until then it is in the hands of whoever leased it.
    due_at bigint not null,
    leased_by text,
    sent_at bigint,
    language text,
    time_zone text,
    check ((state = 'leased') = (leased_by is not null)),
    check ((state = 'sent') = (sent_at is not null))
);

create index notices_due on notices (due_at, id) where state in ('queued', 'leased');
create index notices_by_state on notices (state, id) where state in ('queued', 'leased', 'failed');

-- The plans that a notice tells of, and of how many of their tokens.
create table notice_plans (
    plan_id text collate "C" not null references plans (id),
    notice_id text collate "C" not null references notices (id),
    tokens bigint not null,
    primary key (plan_id, notice_id)
);

create index notice_plans_by_notice on notice_plans (notice_id);

-- What was told: no token's expiry is told twice, whoever works it out and however often.
create table notice_tokens (
    plan_id text collate "C" not null references plans (id),
    kind text not null check (kind in ('digest', 'expired')),
    expires_at bigint not null,
    token_id text collate "C" not null references tokens (id),
    notice_id text collate "C" not null references notices (id),
    primary key (plan_id, kind, expires_at, token_id)
);

create index notice_tokens_by_notice on notice_tokens (notice_id, expires_at, token_id);

-- Notices that failed, and the notice to a System Admin that tells of each.
create table notice_escalations (
    failed_id text collate "C" not null references notices (id),
    admin_id text collate "C" not null references users (id),
    notice_id text collate "C" not null references notices (id),
    primary key (failed_id, admin_id)
);

create index notice_escalations_by_notice on notice_escalations (notice_id, failed_id);

-- Changes of a policy that its owners are still to hear of: one row, at any number of owners.
create table policy_announcements (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    details text not null,
    decided_at bigint not null,
    -- Tokens created, or last active, before them were dead by then, so they are not concerned.
    dead_before bigint not null,
    idle_before bigint not null,
    -- The last owner that has got their notice.
    told_until text collate "C" not null,
    finished_at bigint
);

create index policy_announcements_open on policy_announcements (plan_id, id) where finished_at is null;
