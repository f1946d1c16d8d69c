-- Inviting people into a plan by mail, and when people were last seen.

-- Their last call by a session, to within some minutes.
alter table users add column last_seen_at integer;

-- The latest activity of somebody's tokens in a plan. By the hour: a token that is used all day changes its
-- place once an hour.
create index tokens_by_owner_activity on tokens (plan_id, owner_id, last_active_hour);

create table invitations (
    id text primary key not null,
    plan_id text not null references plans (id),
    -- In lower case.
    email text not null,
    name text,
    role text not null check (role in ('system_admin', 'member')),
    state text not null check (state in ('pending', 'accepted', 'withdrawn')),
    -- Sending again begins another; the links of the ones before open nothing.
    round integer not null,
    -- Who sent it last.
    invited_by text not null references users (id),
    created_at integer not null,
    expires_at integer not null,
    ended_at integer,
    -- Who accepted.
    user_id text references users (id),
    check ((state = 'pending') = (ended_at is null)),
    check ((state = 'accepted') = (user_id is not null))
) strict;

create unique index invitations_pending on invitations (plan_id, email) where state = 'pending';
create index invitations_pending_by_id on invitations (plan_id, id) where state = 'pending';

-- The secrets of the mails' links. Each is made when its mail is written, so a round may have several.
create table invitation_links (
    secret_hash blob primary key not null,
    invitation_id text not null references invitations (id),
    round integer not null,
    created_at integer not null
) strict, without rowid;

-- Some notices go to people who are no users yet. SQLite cannot loosen a column, so the table is made anew; the
-- rows of other tables that refer to it are looked at when the step is committed. Which kinds there are is no longer
-- said here as well: `domain` has the list, and another kind would need another copy of the table.
pragma defer_foreign_keys = on;

create table notices_before as select * from notices;
drop table notices;

create table notices (
    id text primary key not null,
    owner_id text references users (id),
    invitation_id text references invitations (id),
    kind text not null,
    -- What may be told once: whoever decides it again finds it here.
    dedupe_key text not null unique,
    -- What was decided, as JSON; what it means for the tokens is worked out when it is sent.
    details text not null,
    state text not null check (state in ('queued', 'leased', 'sent', 'failed', 'suppressed')),
    reason text,
    attempts integer not null,
    -- Sent again because somebody asked for it: each time is another mail.
    resent integer not null,
    created_at integer not null,
    -- When somebody last wanted it sent; the server's patience with it counts from then.
    queued_at integer not null,
    -- Queued: not before then. Leased: until then it is in the hands of whoever leased it.
    due_at integer not null,
    leased_by text,
    sent_at integer,
    language text,
    time_zone text,
    check ((owner_id is null) <> (invitation_id is null)),
    check ((invitation_id is null) = (kind <> 'invitation')),
    check ((state = 'leased') = (leased_by is not null)),
    check ((state = 'sent') = (sent_at is not null))
) strict;

insert into notices (
    id, owner_id, kind, dedupe_key, details, state, reason, attempts, resent, created_at, queued_at, due_at,
    leased_by, sent_at, language, time_zone
)
select
    id, owner_id, kind, dedupe_key, details, state, reason, attempts, resent, created_at, queued_at, due_at,
    leased_by, sent_at, language, time_zone
from notices_before;

drop table notices_before;

create index notices_due on notices (due_at, id) where state in ('queued', 'leased');
create index notices_by_state on notices (state, id) where state in ('queued', 'leased', 'failed');
