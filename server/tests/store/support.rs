//! A database of its own for each test, and hands to make plans, users and tokens with.

use std::{future::Future, pin::Pin, time::Duration};

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tenure_domain::{
    id::{PlanId, UserId},
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{History, Seen, Terms, Wanted},
    scope::Scopes,
    time::Timestamp,
};
use tenure_server::{
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
        policies::{self, Ask, Outcome},
        tokens,
    },
    random::Random,
    store::{Engine, Store, StoreError, Tx, plans::Plan, tokens::Token, users::User},
};

use crate::postgres;

/// When the tests take place: 2026-02-20T09:33:07Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_771_579_987_000);

/// A test that is given a database of its own.
pub(crate) type Scenario = fn(Database) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// An empty database with its schema, its clock, and seeded randomness.
pub(crate) struct Database {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    _folder: TempDir,
}

/// Runs a scenario on a new database, which goes away if the scenario succeeds.
pub(crate) async fn run<F: Future<Output = ()>>(
    engine: Engine,
    scenario: impl FnOnce(Database) -> F,
) {
    let database = Database::new(engine).await;
    let (url, store) = (database.url.clone(), database.store.clone());
    scenario(database).await;
    finished(engine, &url, &store).await;
}

async fn finished(engine: Engine, url: &str, store: &Store) {
    store.close().await;
    if engine == Engine::Postgres {
        postgres::remove(url).await;
    }
}

impl Database {
    pub(crate) async fn new(engine: Engine) -> Self {
        let database = Self::without_schema(engine).await;
        database.store.migrate().await.expect("migrates");
        database
    }

    /// A database in which nothing is, not even a table.
    pub(crate) async fn without_schema(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}/tenure.db", folder.path().display()),
            Engine::Postgres => postgres::create().await,
        };
        let store = Store::connect(&url).await.expect("connects");
        Self {
            engine,
            url,
            store,
            clock: Clock::mock(NOW),
            random: Random::seeded(1),
            _folder: folder,
        }
    }

    /// The test has succeeded: the database can go away.
    pub(crate) async fn finished(self) {
        finished(self.engine, &self.url, &self.store).await;
    }

    /// Another process on the same database.
    pub(crate) async fn another_process(&self) -> Store {
        Store::connect(&self.url).await.expect("connects")
    }

    /// Runs SQL that the store would not, as somebody with the database's password may.
    pub(crate) async fn raw(&self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.into());
        match self.engine {
            Engine::Sqlite => SqliteConnection::connect(&self.url)
                .await?
                .execute(sql)
                .await
                .map(drop),
            Engine::Postgres => PgConnection::connect(&self.url)
                .await?
                .execute(sql)
                .await
                .map(drop),
        }
    }

    /// Runs several statements of SQL, for PostgreSQL.
    pub(crate) async fn raw_many(&self, sql: &'static str) {
        let mut connection = PgConnection::connect(&self.url).await.expect("connects");
        let done = sqlx::raw_sql(sql).execute(&mut connection).await;
        done.expect("written");
    }

    /// The number that this SQL gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let number = match self.engine {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url)
                    .await
                    .expect("connects");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("connects");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
        };
        number.expect("a number")
    }

    pub(crate) async fn read(&self) -> Tx {
        self.store.read().await.expect("reads")
    }

    pub(crate) async fn write(&self) -> Tx {
        self.store.write().await.expect("writes")
    }

    pub(crate) async fn plan(&self, name: &str, tier: Tier) -> Plan {
        let mut tx = self.write().await;
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let plan = people::create_plan(&mut tx, &self.random, now, actor, name, tier).await;
        tx.commit().await.expect("committed");
        plan.expect("a plan")
    }

    pub(crate) async fn user(&self, name: &str) -> User {
        let mut tx = self.write().await;
        let email = format!("{name}@acme.example");
        let new = NewUser {
            name,
            email: &email,
            password_hash: "-",
        };
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let user = people::create_user(&mut tx, &self.random, now, actor, new).await;
        tx.commit().await.expect("committed");
        user.expect("a user")
    }

    /// Puts somebody into a plan.
    pub(crate) async fn join(&self, user: &User, plan: &Plan, role: Role) {
        let mut tx = self.write().await;
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let joined = people::join(&mut tx, now, actor, &user.id, &plan.id, role).await;
        joined.expect("joined");
        tx.commit().await.expect("committed");
    }

    /// A Business plan with one System Admin.
    pub(crate) async fn tenant(&self) -> (Plan, User) {
        let (plan, user) = (
            self.plan("Acme", Tier::Business).await,
            self.user("ada").await,
        );
        self.join(&user, &plan, Role::SystemAdmin).await;
        (plan, user)
    }

    /// A new token and its text.
    pub(crate) async fn token(&self, plan: &PlanId, owner: &UserId, name: &str) -> (Token, String) {
        let mut tx = self.write().await;
        let (now, actor) = (self.clock.now(), Actor::user(owner.clone()));
        let made = tokens::generate(
            &mut tx,
            &self.random,
            now,
            &actor,
            (plan, owner),
            (name, &Scopes::default()),
        )
        .await;
        let (token, secret) = made.expect("a token");
        tx.commit().await.expect("committed");
        (token, secret.reveal())
    }

    pub(crate) async fn revoke(&self, token: &Token) -> Token {
        let mut tx = self.write().await;
        let actor = Actor::user(token.owner.clone());
        let revoked =
            tokens::revoke_by_owner(&mut tx, self.clock.now(), &actor, token.clone()).await;
        tx.commit().await.expect("committed");
        revoked.expect("revoked")
    }

    /// Puts a policy into force, whatever version is.
    pub(crate) async fn policy(&self, plan: &Plan, by: &User, period: Option<Period>) -> Outcome {
        let wanted = Wanted::Now(Terms::of_period(period));
        self.change(plan, by, wanted).await
    }

    /// Changes the policy, whatever it is.
    pub(crate) async fn change(&self, plan: &Plan, by: &User, wanted: Wanted) -> Outcome {
        let mut tx = self.write().await;
        let known = tenure_server::store::policies::history(&mut tx, &plan.id).await;
        let history = known.expect("read").expect("a plan").history;
        let now = self.clock.now();
        let ask = Ask {
            wanted,
            ..ask(plan, by, history.seen_at(now), None)
        };
        let outcome = policies::change(&mut tx, now, &ask).await;
        tx.commit().await.expect("committed");
        outcome.expect("answered").expect("a plan")
    }

    /// The plan's policy through time.
    pub(crate) async fn history(&self, plan: &PlanId) -> History {
        let known = tenure_server::store::policies::history(&mut self.read().await, plan).await;
        known.expect("read").expect("a plan").history
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.clock
            .advance(Duration::from_millis(millis.unsigned_abs()));
    }
}

pub(crate) fn ask(plan: &Plan, by: &User, seen: impl Into<Seen>, period: Option<Period>) -> Ask {
    Ask {
        plan: plan.id.clone(),
        tier: plan.tier,
        by: by.id.clone(),
        role: Role::SystemAdmin,
        address: None,
        seen: seen.into(),
        wanted: Wanted::Now(Terms::of_period(period)),
        ends_at_most: None,
    }
}

pub(crate) fn period(amount: i64, unit: Unit) -> Period {
    Period::new(amount, unit).expect("a period")
}

pub(crate) fn is_conflict<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}
