-- Inviting people into a plan by mail, and when people were last seen.

-- Their last call by a session, to within some minutes.
alter table users add column last_seen_at bigint;

-- The latest activity of somebody's tokens in a plan. By the hour: a token that is used all day changes its
-- place once an hour.
create index tokens_by_owner_activity on tokens (plan_id, owner_id, last_active_hour);

create table invitations (
    id text collate "C" primary key not null,
    plan_id text collate "C" not null references plans (id),
    -- In lower case.
    email text not null,
    name text,
    role text not null check (role in ('system_admin', 'member')),
    state text not null check (state in ('pending', 'accepted', 'withdrawn')),
    -- Sending again begins another; the links of the ones before open nothing.
    round bigint not null,
    -- Who sent it last.
    invited_by text collate "C" not null references users (id),
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    -- Who accepted.
    user_id text collate "C" references users (id),
    check ((state = 'pending') = (ended_at is null)),
    check ((state = 'accepted') = (user_id is not null))
);

create unique index invitations_pending on invitations (plan_id, email) where state = 'pending';
create index invitations_pending_by_id on invitations (plan_id, id) where state = 'pending';

-- The secrets of the mails' links. Each is made when its mail is written, so a round may have several.
create table invitation_links (
    secret_hash bytea primary key not null,
    invitation_id text collate "C" not null references invitations (id),
    round bigint not null,
    created_at bigint not null
);

-- Some notices go to people who are no users yet. Which kinds there are is no longer said here as well: `domain` has
-- the list, and on SQLite another kind would need another copy of the table.
alter table notices alter column owner_id drop not null;
alter table notices add column invitation_id text collate "C" references invitations (id);
alter table notices drop constraint notices_kind_check;
alter table notices add check ((owner_id is null) <> (invitation_id is null));
alter table notices add check ((invitation_id is null) = (kind <> 'invitation'));
