-- What rules found of tokens: one row for each evidence, however often and by whichever process it is seen.

create table token_findings (
    id text collate "C" primary key not null,
    token_id text collate "C" not null references tokens (id),
    rule text not null check (rule in ('refresh_reuse', 'two_networks', 'denied_scopes', 'dead_from_new_network')),
    -- What makes the evidence the same when it is seen again.
    evidence_key text collate "C" not null,
    -- As JSON.
    evidence text not null,
    first_at bigint not null,
    last_at bigint not null,
    reviewed_at bigint,
    reviewed_by text collate "C" references users (id),
    unique (token_id, rule, evidence_key),
    check ((reviewed_at is null) = (reviewed_by is null))
);

-- A token's own page tells of its mails, and a rule looks for the scopes that it lacked lately.
create index notice_tokens_by_token on notice_tokens (token_id, notice_id);
create index refusals_by_token on refusals (token_id, at) where outcome = 'insufficient_scope';
