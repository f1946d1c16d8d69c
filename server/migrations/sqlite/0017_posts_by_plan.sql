-- Posts to programs: one of a plan is in flight at a time, and one test of a plan waits at most.

alter table webhook_deliveries add column is_test integer not null default 0 check (is_test in (0, 1));

create unique index webhook_deliveries_testing on webhook_deliveries (plan_id)
    where is_test = 1 and state in ('queued', 'leased');
create index webhook_deliveries_leased on webhook_deliveries (plan_id, due_at) where state = 'leased';
-- What has come to its end is forgotten after a while.
create index webhook_deliveries_ended on webhook_deliveries (created_at) where state in ('taken', 'failed');
