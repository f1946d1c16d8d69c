//! From one version's schema to the next: nothing that was kept is lost.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, SqliteConnection, migrate::Migrator};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    notice::NoticeState,
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};
use tenure_server::store::{
    Engine, audit, memberships,
    notices::ledger::{self, Filter},
    policies,
    tokens::{self, Token},
};

use crate::support::Database;

#[tokio::test]
async fn on_sqlite_step_3_keeps_every_token() {
    step_3_keeps_every_token(Engine::Sqlite).await;
}

#[tokio::test]
async fn on_postgresql_step_3_keeps_every_token() {
    step_3_keeps_every_token(Engine::Postgres).await;
}

async fn step_3_keeps_every_token(engine: Engine) {
    let database = Database::without_schema(engine).await;
    bring_to(&database, 2).await;
    fill(&database).await;
    database.store.migrate().await.expect("step 3");

    let mut tx = database.write().await;
    for (number, token) in [(1, unused()), (2, used()), (3, revoked())] {
        let found = tokens::by_hash(&mut tx, &[number; 32]).await.expect("read");
        assert_eq!(found, Some(token));
    }
    let (plan, ada) = (PlanId("p".into()), UserId("ada".into()));
    assert_eq!(tokens::count(&mut tx, &plan).await.expect("counted"), 3);
    let member = memberships::member(&mut tx, &plan, &ada).await;
    assert_eq!(member.expect("read").expect("a member").deactivated, None);
    let known = policies::history(&mut tx, &plan).await.expect("read");
    let history = known.expect("a plan").history;
    assert_eq!(history.kept().dead_before, Timestamp::from_millis(77));
    // Nobody has died by a lifetime yet: there was none.
    let before = history.access_lifetime().dead_before;
    assert!(before <= Timestamp::from_millis(0), "{before}");
    // What is new can be written, and what was ruled out before is still.
    let at = Timestamp::from_millis(9_000);
    assert!(
        tokens::retire(&mut tx, &unused().id, at)
            .await
            .expect("rotated")
    );
    let again = tokens::insert(&mut tx, &unused(), &[9; 32]).await;
    assert!(crate::support::is_conflict(&again), "{again:?}");
    drop(tx);
    let mut twin = unused();
    twin.id = TokenId("twin".into());
    let mut tx = database.write().await;
    let again = tokens::insert(&mut tx, &twin, &[1; 32]).await;
    assert!(crate::support::is_conflict(&again), "{again:?}");
    drop(tx);
    for odd in [
        "update tokens set kind = 'odd'",
        "update tokens set revoked_reason = 'odd' where id = 'revoked'",
        "update tokens set revoked_at = 1 where id = 'unused'",
        "update tokens set kind = 'oauth_access'",
    ] {
        assert!(database.raw(odd).await.is_err(), "{odd}");
    }
    let head = audit::head(&mut database.read().await).await.expect("read");
    assert_eq!(head.seq, 0, "a step is no event");
    database.finished().await;
}

#[tokio::test]
async fn on_sqlite_step_14_keeps_every_notice() {
    step_14_keeps_every_notice(Engine::Sqlite).await;
}

#[tokio::test]
async fn on_postgresql_step_14_keeps_every_notice() {
    step_14_keeps_every_notice(Engine::Postgres).await;
}

/// SQLite makes the table of notices anew, while three other tables refer to its rows.
async fn step_14_keeps_every_notice(engine: Engine) {
    let database = Database::without_schema(engine).await;
    bring_to(&database, 2).await;
    fill(&database).await;
    bring_to(&database, 8).await;
    for sql in [
        "insert into notices (id, owner_id, kind, dedupe_key, details, state, reason, attempts, resent, created_at, \
           queued_at, due_at, leased_by, sent_at, language, time_zone) \
         values ('n1', 'ada', 'digest', 'k1', '{}', 'sent', null, 2, 1, 10, 11, 12, null, 13, 'de', 'Europe/Berlin'), \
                ('n2', 'ada', 'revoked', 'k2', '{}', 'leased', 'busy', 3, 0, 20, 21, 22, 'one', null, null, null), \
                ('n3', 'ada', 'escalation', 'k3', '{}', 'failed', 'gone', 1, 0, 30, 31, 32, null, null, null, null)",
        "insert into notice_plans (plan_id, notice_id, tokens) values ('p', 'n1', 4), ('p', 'n2', 5), ('p', 'n3', 6)",
        "insert into notice_tokens (plan_id, kind, expires_at, token_id, notice_id) \
         values ('p', 'digest', 500, 'unused', 'n1')",
        "insert into notice_escalations (failed_id, admin_id, notice_id) values ('n2', 'ada', 'n3')",
    ] {
        database.raw(sql).await.expect("a row");
    }
    database.store.migrate().await.expect("step 14");

    let mut tx = database.read().await;
    let plan = PlanId("p".into());
    let kept = ledger::page(&mut tx, &plan, None, Filter::default(), 10)
        .await
        .expect("read");
    let kept: Vec<_> = kept
        .iter()
        .map(|notice| {
            let owner = notice.owner.id.as_ref().map(UserId::as_str);
            let (state, reason) = (notice.state, notice.reason.as_deref());
            (
                notice.id.as_str(),
                owner,
                state,
                reason,
                notice.attempts,
                notice.tokens,
            )
        })
        .collect();
    let ada = Some("ada");
    assert_eq!(
        kept,
        [
            ("n3", ada, NoticeState::Failed, Some("gone"), 1, 6),
            ("n2", ada, NoticeState::Queued, Some("busy"), 3, 5),
            ("n1", ada, NoticeState::Sent, None, 2, 4),
        ]
    );
    drop(tx);
    for (count, expected) in [
        (
            "select count(*) from notices where id = 'n1' and resent = 1 and queued_at = 11 and due_at = 12 \
            and sent_at = 13 and language = 'de' and time_zone = 'Europe/Berlin' and dedupe_key = 'k1'",
            1,
        ),
        (
            "select count(*) from notice_tokens t join notices n on n.id = t.notice_id",
            1,
        ),
        (
            "select count(*) from notice_escalations e join notices n on n.id = e.failed_id",
            1,
        ),
    ] {
        assert_eq!(database.number(count).await, expected, "{count}");
    }
    // What is new can be written, and what was ruled out before is still.
    database
        .raw("insert into invitations (id, plan_id, email, role, state, round, invited_by, created_at, expires_at) \
              values ('i', 'p', 'eve@acme.example', 'member', 'pending', 0, 'ada', 1, 2)")
        .await
        .expect("a row");
    let notice = |id: &str, owner: &str, invitation: &str, kind: &str| {
        format!(
            "insert into notices (id, owner_id, invitation_id, kind, dedupe_key, details, state, attempts, resent, \
               created_at, queued_at, due_at) \
             values ('{id}', {owner}, {invitation}, '{kind}', '{id}', '{{}}', 'queued', 0, 0, 1, 1, 1)"
        )
    };
    database
        .raw(notice("n4", "null", "'i'", "invitation"))
        .await
        .expect("a row");
    for odd in [
        notice("n5", "null", "null", "digest"),
        notice("n6", "'ada'", "'i'", "invitation"),
        notice("n7", "null", "'i'", "digest"),
        notice("n8", "'ada'", "null", "invitation"),
        notice("n9", "'nobody'", "null", "digest"),
        "update notices set dedupe_key = 'k1' where id = 'n2'".to_owned(),
        "update notices set state = 'sent' where id = 'n2'".to_owned(),
        "delete from notices where id = 'n1'".to_owned(),
        "insert into notice_plans (plan_id, notice_id, tokens) values ('p', 'nowhere', 1)"
            .to_owned(),
    ] {
        assert!(database.raw(odd.clone()).await.is_err(), "{odd}");
    }
    database.finished().await;
}

#[tokio::test]
async fn on_sqlite_step_16_sums_up_what_was_counted() {
    step_16_sums_up_what_was_counted(Engine::Sqlite).await;
}

#[tokio::test]
async fn on_postgresql_step_16_sums_up_what_was_counted() {
    step_16_sums_up_what_was_counted(Engine::Postgres).await;
}

/// Counts by hour become counts by day as well, and all of a plan by outcome.
async fn step_16_sums_up_what_was_counted(engine: Engine) {
    let database = Database::without_schema(engine).await;
    bring_to(&database, 15).await;
    database
        .raw(
            "insert into auth_counts (plan_id, width, start, outcome, resource, client_id, scope, calls) \
             values ('p', 3600000, 86400000, 'works', 'a', '', '', 1), ('p', 3600000, 172799999, 'works', 'a', '', '', 2), \
                    ('p', 3600000, 86400000, 'works', 'b', 'c', '', 4), ('p', 3600000, 172800000, 'works', 'a', '', '', 8), \
                    ('q', 3600000, 86400000, 'works', 'a', '', '', 16), ('p', 60000, 86400000, 'works', 'a', '', '', 32)",
        )
        .await
        .expect("rows");
    database.store.migrate().await.expect("step 16");
    for (sum, expected) in [
        ("select count(*) from auth_counts where width < 86400000", 6),
        (
            "select cast(sum(calls) as bigint) from auth_counts where width < 86400000",
            63,
        ),
        ("select count(*) from auth_counts where width = 86400000", 4),
        (
            "select calls from auth_counts where width = 86400000 and plan_id = 'p' and start = 86400000 \
             and resource = 'a'",
            3,
        ),
        ("select count(*) from auth_totals", 5),
        (
            "select calls from auth_totals where width = 3600000 and plan_id = 'p' and start = 86400000",
            5,
        ),
        ("select calls from auth_totals where width = 60000", 32),
    ] {
        assert_eq!(database.number(sum).await, expected, "{sum}");
    }
    database
        .raw("insert into auth_counts values ('p', 7, 7, 'works', '', '', '', 1)")
        .await
        .expect_err("no such width");
    database.finished().await;
}

/// The schema as an older version left it.
async fn bring_to(database: &Database, step: i64) {
    let folder = match database.engine {
        Engine::Sqlite => "migrations/sqlite",
        Engine::Postgres => "migrations/postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let all = Migrator::new(folder.as_path()).await.expect("the steps");
    let steps = all
        .iter()
        .filter(|it| it.version <= step)
        .cloned()
        .collect();
    let older = Migrator::with_migrations(steps);
    match database.engine {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&database.url)
                .await
                .expect("opens");
            older.run_direct(None, &mut connection, false).await
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(&database.url).await.expect("opens");
            older.run_direct(None, &mut connection, false).await
        }
    }
    .expect("the older schema");
}

/// Rows as step 2 has them.
async fn fill(database: &Database) {
    let hash = |number: u8| {
        let digits = format!("{number:02x}").repeat(32);
        match database.engine {
            Engine::Sqlite => format!("x'{digits}'"),
            Engine::Postgres => format!("decode('{digits}', 'hex')"),
        }
    };
    let token = |number: u8, id: &str, ends: &str| {
        format!(
            "insert into tokens (id, plan_id, owner_id, name, kind, secret_hash, last_four, created_at, \
               last_used_at, last_used_from, revoked_at, revoked_by, revoked_reason, suspicious_since) \
             values ('{id}', 'p', 'ada', '{id}', 'user_access', {}, 'abcd', {}, {ends})",
            hash(number),
            i64::from(number) * 100,
        )
    };
    for sql in [
        "insert into plans (id, name, tier, created_at, expiries_recorded_before) \
         values ('p', 'Acme', 'business', 5, 50)"
            .to_owned(),
        "insert into users (id, name, email, password_hash, created_at) \
         values ('ada', 'Ada', 'ada@acme.example', '-', 6)"
            .to_owned(),
        "insert into memberships (user_id, plan_id, role, created_at) \
         values ('ada', 'p', 'system_admin', 7)"
            .to_owned(),
        "insert into policy_versions (plan_id, version, in_force_since, dead_before) values ('p', 0, 5, 77)"
            .to_owned(),
        token(1, "unused", "null, null, null, null, null, null"),
        token(2, "used", "250, '203.0.113.7', null, null, null, 260"),
        token(3, "revoked", "310, null, 320, 'ada', 'owner', null"),
    ] {
        database.raw(sql).await.expect("a row");
    }
}

fn kept(id: &str, created_at: i64) -> Token {
    Token {
        id: TokenId(id.to_owned()),
        plan: PlanId("p".into()),
        owner: UserId("ada".into()),
        name: id.to_owned(),
        scope: Scopes::default(),
        held: None,
        last_four: "abcd".to_owned(),
        facts: TokenFacts::created(TokenKind::UserAccess, Timestamp::from_millis(created_at)),
        last_used_from: None,
    }
}

fn unused() -> Token {
    kept("unused", 100)
}

fn used() -> Token {
    let mut token = kept("used", 200);
    token.facts.last_used_at = Some(Timestamp::from_millis(250));
    token.facts.suspicious_since = Some(Timestamp::from_millis(260));
    token.last_used_from = Some("203.0.113.7".to_owned());
    token
}

fn revoked() -> Token {
    let mut token = kept("revoked", 300);
    token.facts.last_used_at = Some(Timestamp::from_millis(310));
    token.facts.revoked = Some(Revocation {
        at: Timestamp::from_millis(320),
        reason: RevocationReason::Owner,
        by: Some(UserId("ada".into())),
    });
    token
}
