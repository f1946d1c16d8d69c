-- What the verifier saw, by day as well (86400000): of 90 days a plan's hours are too many to sum up by what they
-- have in common.

alter table auth_counts drop constraint auth_counts_width_check;
alter table auth_counts add constraint auth_counts_width_check check (width in (60000, 3600000, 86400000));

insert into auth_counts (plan_id, width, start, outcome, resource, client_id, scope, calls)
select plan_id, 86400000, start / 86400000 * 86400000 as day, outcome, resource, client_id, scope, sum(calls)
from auth_counts
where width = 3600000
group by plan_id, day, outcome, resource, client_id, scope;

-- All of them of a plan by outcome, by minute and by hour: what a chart shows.
create table auth_totals (
    plan_id text collate "C" not null,
    width bigint not null check (width in (60000, 3600000)),
    start bigint not null,
    outcome text collate "C" not null,
    calls bigint not null,
    primary key (plan_id, width, start, outcome)
);

insert into auth_totals (plan_id, width, start, outcome, calls)
select plan_id, width, start, outcome, sum(calls)
from auth_counts
where width in (60000, 3600000)
group by plan_id, width, start, outcome;

create index auth_totals_by_start on auth_totals (width, start);
