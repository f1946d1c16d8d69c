-- The audit log of a plan is read newest first: all of it, or what one person did, what was done to one
-- thing, or one action.

drop index audit_events_by_plan;
-- Every event is above 0. The condition keeps this index for the question that says so: to a planner without
-- statistics it looks as good as the others for theirs.
create index audit_events_by_plan on audit_events (plan_id, at, seq) where seq > 0;
create index audit_events_by_target on audit_events (plan_id, target, at, seq);
create index audit_events_by_actor on audit_events (plan_id, actor_id, at, seq);
create index audit_events_by_action on audit_events (plan_id, action, at, seq);
