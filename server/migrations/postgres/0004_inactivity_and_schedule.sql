-- Policies that end unused tokens, and versions that are decided ahead of coming into force.

alter table policy_versions add column inactivity_amount bigint check (inactivity_amount between 1 and 9999);
alter table policy_versions add column inactivity_unit text
    check (inactivity_unit in ('minutes', 'hours', 'days', 'months', 'years'))
    check ((inactivity_amount is null) = (inactivity_unit is null));
-- Earlier than in_force_since where the version was scheduled.
alter table policy_versions add column decided_at bigint not null default 0;
update policy_versions set decided_at = in_force_since;
-- The other watermark: every token of the plan last active before it is dead.
alter table policy_versions add column idle_before bigint not null default '-9223372036854775808';
-- Scheduled, and then cancelled: it never comes into force, and its number stays taken.
alter table policy_versions add column cancelled_at bigint;
alter table policy_versions add column cancelled_by text references users (id);
-- How many tokens its coming into force ended.
alter table policy_versions add column ended_count bigint;

-- Every token last active before it has its expiry by inactivity in the audit log.
alter table plans add column idle_recorded_before bigint not null default '-9223372036854775808';

-- From here inactivity counts. A use is never earlier than the token.
alter table tokens add column last_active_at bigint
    generated always as (coalesce(last_used_at, created_at)) stored;
-- Coarser, so that a token which is used all day changes its place in the index once an hour.
alter table tokens add column last_active_hour bigint
    generated always as (coalesce(last_used_at, created_at) / 3600000) stored;

create index tokens_unrevoked_by_activity on tokens (plan_id, last_active_hour) where revoked_at is null;
