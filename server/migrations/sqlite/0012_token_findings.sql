-- What rules found of tokens: one row for each evidence, however often and by whichever process it is seen.

create table token_findings (
    id text primary key not null,
    token_id text not null references tokens (id),
    rule text not null check (rule in ('refresh_reuse', 'two_networks', 'denied_scopes', 'dead_from_new_network')),
    -- What makes the evidence the same when it is seen again.
    evidence_key text not null,
    -- As JSON.
    evidence text not null,
    first_at integer not null,
    last_at integer not null,
    reviewed_at integer,
    reviewed_by text references users (id),
    unique (token_id, rule, evidence_key),
    check ((reviewed_at is null) = (reviewed_by is null))
) strict;

-- A token's own page tells of its mails, and a rule looks for the scopes that it lacked lately.
create index notice_tokens_by_token on notice_tokens (token_id, notice_id);
create index refusals_by_token on refusals (token_id, at) where outcome = 'insufficient_scope';
