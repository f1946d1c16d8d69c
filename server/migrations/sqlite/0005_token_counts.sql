-- How many tokens a policy change would end must be known at once, however many there are.

-- Of each kind, by the UTC day of their creation (its first instant): those neither revoked nor rotated.
-- Triggers keep it, in the transaction that writes the tokens, so that no writer can forget it.
create table token_counts (
    plan_id text not null references plans (id),
    kind text not null,
    day integer not null,
    tokens integer not null check (tokens >= 0),
    primary key (plan_id, kind, day)
) strict, without rowid;

insert into token_counts (plan_id, kind, day, tokens)
select plan_id, kind, created_at - ((created_at % 86400000) + 86400000) % 86400000 as day, count(*)
from tokens
where revoked_at is null and retires_at is null
group by plan_id, kind, day;

create trigger token_counts_insert after insert on tokens
when new.revoked_at is null and new.retires_at is null
begin
insert into token_counts (plan_id, kind, day, tokens)
values (new.plan_id, new.kind, new.created_at - ((new.created_at % 86400000) + 86400000) % 86400000, 1)
on conflict (plan_id, kind, day) do update set tokens = token_counts.tokens + 1;
end;

create trigger token_counts_delete after delete on tokens
when old.revoked_at is null and old.retires_at is null
begin
update token_counts set tokens = tokens - 1
where plan_id = old.plan_id and kind = old.kind
and day = old.created_at - ((old.created_at % 86400000) + 86400000) % 86400000;
end;

create trigger token_counts_leave after update of plan_id, kind, created_at, retires_at, revoked_at on tokens
when old.revoked_at is null and old.retires_at is null
begin
update token_counts set tokens = tokens - 1
where plan_id = old.plan_id and kind = old.kind
and day = old.created_at - ((old.created_at % 86400000) + 86400000) % 86400000;
end;

create trigger token_counts_enter after update of plan_id, kind, created_at, retires_at, revoked_at on tokens
when new.revoked_at is null and new.retires_at is null
begin
insert into token_counts (plan_id, kind, day, tokens)
values (new.plan_id, new.kind, new.created_at - ((new.created_at % 86400000) + 86400000) % 86400000, 1)
on conflict (plan_id, kind, day) do update set tokens = token_counts.tokens + 1;
end;

-- For the days of which only a part is asked for, for inactivity, and for lists.
create index tokens_counted_by_creation on tokens (plan_id, kind, created_at, last_active_hour)
where revoked_at is null and retires_at is null;
create index tokens_counted_by_activity on tokens (plan_id, kind, last_active_hour, created_at)
where revoked_at is null and retires_at is null;
-- Rotated, and not yet retired: these are few, and looked at one by one.
create index tokens_retiring on tokens (plan_id, retires_at, id)
where revoked_at is null and retires_at is not null;
