-- A server that starts asks for the latest instant in the log.

create index audit_events_by_time on audit_events (at);
