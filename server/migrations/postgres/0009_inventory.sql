-- Every token of a plan, dead ones too, listed in several orders. A list is a merge of ranges of these indexes,
-- so that a page looks at few tokens, however many there are.

-- Letters of ASCII alike: that is what both engines do, whatever the machine's language.
alter table tokens add column name_key text collate "C"
    generated always as (lower(name collate "C")) stored;

-- Every id is above ''. The condition keeps this index for the question that says so: to a planner without
-- statistics it looks as good as an owner's own for theirs.
create index tokens_by_kind on tokens (plan_id, kind, created_at, id) where id > '';
create index tokens_by_name on tokens (plan_id, name_key, id);
-- By the hour: a token that is used all day changes its place once an hour.
create index tokens_by_last_use on tokens (plan_id, last_active_hour) where last_used_at is not null;
create index tokens_never_used on tokens (plan_id, created_at, id) where last_used_at is null;
create index tokens_held_by_owner on tokens (owner_id, plan_id, created_at, id) where kind = 'oauth_access';
-- These are few, or become so.
create index tokens_revoked_by_plan on tokens (plan_id, created_at, id) where revoked_at is not null;
create index tokens_suspicious on tokens (plan_id, created_at, id) where suspicious_since is not null;
create index tokens_rotated on tokens (plan_id, created_at, id) where retires_at is not null;
