-- Calendars that people subscribe to by a secret address.

create table calendars (
    secret_hash bytea primary key not null,
    user_id text collate "C" not null references users (id),
    -- Null: the person's own tokens. Else the tokens of the plan, for this System Admin of it.
    plan_id text collate "C" references plans (id),
    created_at bigint not null
);

create unique index calendars_by_user on calendars (user_id, coalesce(plan_id, ''));
