-- Calendars that people subscribe to by a secret address.

create table calendars (
    secret_hash blob primary key not null,
    user_id text not null references users (id),
    -- Null: the person's own tokens. Else the tokens of the plan, for this System Admin of it.
    plan_id text references plans (id),
    created_at integer not null
) strict, without rowid;

create unique index calendars_by_user on calendars (user_id, coalesce(plan_id, ''));
