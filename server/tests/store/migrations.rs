//! From one version's schema to the next: nothing that was kept is lost.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, SqliteConnection, migrate::Migrator};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};
use tenure_server::store::{
    Engine, audit, memberships, policies,
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
