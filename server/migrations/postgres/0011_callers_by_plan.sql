-- From what a plan saw on some days to the tokens behind it.

alter table token_callers add column plan_id text collate "C" not null default '';
update token_callers set plan_id = (select plan_id from tokens where tokens.id = token_callers.token_id);

create index token_callers_by_plan on token_callers (plan_id, day);
