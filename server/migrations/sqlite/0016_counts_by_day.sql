-- What the verifier saw, by day as well (86400000): of 90 days a plan's hours are too many to sum up by what they
-- have in common.

create table counts (
    plan_id text not null,
    width integer not null check (width in (60000, 3600000, 86400000)),
    start integer not null,
    outcome text not null,
    resource text not null,
    client_id text not null,
    scope text not null,
    calls integer not null,
    primary key (plan_id, width, start, outcome, resource, client_id, scope)
) strict, without rowid;

insert into counts select * from auth_counts;

insert into counts (plan_id, width, start, outcome, resource, client_id, scope, calls)
select plan_id, 86400000, start / 86400000 * 86400000 as day, outcome, resource, client_id, scope, sum(calls)
from auth_counts
where width = 3600000
group by plan_id, day, outcome, resource, client_id, scope;

drop table auth_counts;
alter table counts rename to auth_counts;

create index auth_counts_by_start on auth_counts (width, start);

-- All of them of a plan by outcome, by minute and by hour: what a chart shows.
create table auth_totals (
    plan_id text not null,
    width integer not null check (width in (60000, 3600000)),
    start integer not null,
    outcome text not null,
    calls integer not null,
    primary key (plan_id, width, start, outcome)
) strict, without rowid;

insert into auth_totals (plan_id, width, start, outcome, calls)
select plan_id, width, start, outcome, sum(calls)
from auth_counts
where width in (60000, 3600000)
group by plan_id, width, start, outcome;

create index auth_totals_by_start on auth_totals (width, start);
