//! A whole server in the test's process, with the people and plans that every test finds.

use std::{sync::OnceLock, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tenure_domain::{
    id::{PlanId, UserId},
    plan::{Role, Tier},
    time::Timestamp,
    wire::{
        policies::ExpirationPolicy,
        tokens::{GeneratedToken, Token},
        users::Deactivation,
    },
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
    },
    random::Random,
    router::router,
    secret::Secret,
    store::{
        Engine, audit, memberships,
        plans::Plan,
        sessions,
        users::{self, User},
    },
};

use super::callers::{Answer, Bearer, Caller, Person, call, send, with_json};
use super::postgres;

/// When every test begins.
pub(crate) const START: &str = "2026-02-20T09:00:00.000Z";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The server, its clock, and the people and plans that every test finds.
pub(crate) struct TestApp {
    pub(crate) clock: Clock,
    pub(crate) state: AppState,
    router: Router,
    _folder: TempDir,
    /// An Enterprise plan.
    pub(crate) acme: PlanId,
    /// A Pro plan.
    pub(crate) basil: PlanId,
    /// A Business plan.
    pub(crate) cumin: PlanId,
    /// System Admin of Acme.
    pub(crate) admin: Person,
    /// Another System Admin of Acme.
    pub(crate) second_admin: Person,
    /// Member of Acme and of Basil.
    pub(crate) member: Person,
    /// System Admin of Basil.
    pub(crate) pro_admin: Person,
    /// System Admin of Cumin.
    pub(crate) other_admin: Person,
}

/// Settings for a database in this folder, reached over plain HTTP.
pub(crate) fn settings(folder: &TempDir) -> Settings {
    Settings {
        database_url: format!("sqlite://{}/tenure.db", folder.path().display()),
        public_url: "http://tenure.test".to_owned(),
        allowed_origins: Vec::new(),
        secure_cookies: false,
        sweeper: false,
        trusted_proxies: Vec::new(),
        access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
        refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
        webhook_private: false,
        mail: None,
    }
}

/// Runs a test against a server whose database is on this engine, and goes away if it succeeds.
pub(crate) async fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(TestApp) -> F) {
    let Engine::Postgres = engine else {
        return test(TestApp::start().await).await;
    };
    let url = postgres::create().await;
    let app = TestApp::with(|settings| settings.database_url.clone_from(&url)).await;
    let store = app.state.store.clone();
    test(app).await;
    store.close().await;
    postgres::remove(&url).await;
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A server whose settings `change` has changed.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        change(&mut settings);
        let clock = Clock::mock(START.parse().unwrap());
        let app = App::build(settings, clock, Random::seeded(1))
            .await
            .unwrap();
        let seed = Seed(&app.state);
        let acme = seed.plan("Acme", Tier::Enterprise).await;
        let basil = seed.plan("Basil", Tier::Pro).await;
        let cumin = seed.plan("Cumin", Tier::Business).await;
        let (admin, member) = (Role::SystemAdmin, Role::Member);
        Self {
            admin: seed.person("ann", &[(&acme, admin)]).await,
            second_admin: seed.person("bob", &[(&acme, admin)]).await,
            member: seed
                .person("mia", &[(&acme, member), (&basil, member)])
                .await,
            pro_admin: seed.person("pat", &[(&basil, admin)]).await,
            other_admin: seed.person("otto", &[(&cumin, admin)]).await,
            acme,
            basil,
            cumin,
            clock: app.state.clock.clone(),
            router: router(app.state.clone()).unwrap(),
            state: app.state,
            _folder: folder,
        }
    }

    /// The server started again on the same database, its clock at `wall`.
    pub(crate) async fn restarted(&self, wall: Timestamp) -> (Router, Clock) {
        let settings = self.state.settings.clone();
        let app = App::build(settings, Clock::mock(wall), Random::seeded(2))
            .await
            .unwrap();
        (router(app.state.clone()).unwrap(), app.state.clock.clone())
    }

    /// What answers its calls, for who reads an answer bit by bit.
    pub(crate) const fn router(&self) -> &Router {
        &self.router
    }

    /// Another process on the same database, by the same clock.
    pub(crate) async fn another(&self) -> (Router, AppState) {
        let settings = self.state.settings.clone();
        let app = App::build(settings, self.clock.clone(), Random::seeded(3))
            .await
            .unwrap();
        (router(app.state.clone()).unwrap(), app.state)
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    pub(crate) async fn get(&self, by: &impl Caller, path: &str) -> Answer {
        self.send(call(by, Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn delete(&self, by: &impl Caller, path: &str) -> Answer {
        self.send(call(by, Method::DELETE, path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, by: &impl Caller, path: &str, body: Value) -> Answer {
        self.send(with_json(call(by, Method::POST, path), &body))
            .await
    }

    /// Puts a policy, as somebody who saw the version of this entity tag.
    pub(crate) async fn send_json(
        &self,
        by: &impl Caller,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let request = call(by, method.parse().unwrap(), path);
        self.send(with_json(request, &body)).await
    }

    pub(crate) async fn put(
        &self,
        by: &impl Caller,
        plan: &PlanId,
        seen: &str,
        body: Value,
    ) -> Answer {
        let request = call(by, Method::PUT, &policy_path(plan)).header(header::IF_MATCH, seen);
        self.send(with_json(request, &body)).await
    }

    /// Sets a plan's policy, whatever version is in force.
    pub(crate) async fn set_policy(
        &self,
        by: &Person,
        plan: &PlanId,
        period: Value,
    ) -> ExpirationPolicy {
        let seen = self.policy(by, plan).await.etag();
        let answer = self.put(by, plan, &seen, json!({ "period": period })).await;
        answer.expect(StatusCode::OK).read()
    }

    pub(crate) async fn policy(&self, by: &Person, plan: &PlanId) -> ExpirationPolicy {
        self.get(by, &policy_path(plan))
            .await
            .expect(StatusCode::OK)
            .read()
    }

    pub(crate) async fn generate(
        &self,
        owner: &Person,
        plan: &PlanId,
        name: &str,
    ) -> (Token, Bearer) {
        let body = json!({ "plan": plan, "name": name });
        let answer = self.post(owner, "/api/v1/me/tokens", body).await;
        let generated: GeneratedToken = answer.expect(StatusCode::CREATED).read();
        (generated.token, Bearer(generated.secret))
    }

    /// A token with these scopes.
    pub(crate) async fn generate_with(
        &self,
        owner: &Person,
        plan: &PlanId,
        scopes: &[&str],
    ) -> (Token, Bearer) {
        let body = json!({ "plan": plan, "name": "scoped", "scopes": scopes });
        let answer = self.post(owner, "/api/v1/me/tokens", body).await;
        let generated: GeneratedToken = answer.expect(StatusCode::CREATED).read();
        (generated.token, Bearer(generated.secret))
    }

    /// Deactivates somebody in a plan.
    pub(crate) async fn deactivate(
        &self,
        by: &Person,
        plan: &PlanId,
        whom: &Person,
    ) -> Deactivation {
        let path = format!("/api/v1/plans/{plan}/users/{}/deactivate", whom.id);
        let answer = self.post(by, &path, json!({})).await;
        answer.expect(StatusCode::OK).read()
    }

    pub(crate) async fn revoke(&self, owner: &Person, token: &Token) -> Token {
        let path = format!("/api/v1/me/tokens/{}", token.id);
        self.delete(owner, &path)
            .await
            .expect(StatusCode::OK)
            .read()
    }

    /// How many events the audit log has: whatever changes anything adds one.
    pub(crate) async fn events(&self) -> i64 {
        let mut tx = self.state.store.peek().await.unwrap();
        audit::head(&mut tx).await.unwrap().seq
    }

    /// The audit log, oldest first.
    pub(crate) async fn audit(&self) -> Vec<audit::Logged> {
        let mut tx = self.state.store.peek().await.unwrap();
        audit::since(&mut tx, 0, 10_000).await.unwrap()
    }

    /// The same person with a new session: tests live longer than one.
    pub(crate) async fn again(&self, person: &Person) -> Person {
        let secret = Secret::opaque(&self.state.random);
        let mut tx = self.state.store.write().await.unwrap();
        let now = self.clock.now();
        sessions::insert(&mut tx, &secret.hash(), &person.id, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Person {
            cookie: secret.reveal(),
            ..person.clone()
        }
    }

    /// Somebody who is in this plan.
    pub(crate) async fn another_person(&self, name: &str, plan: &PlanId, role: Role) -> Person {
        Seed(&self.state).person(name, &[(plan, role)]).await
    }

    /// Another plan of which `person` becomes a member.
    /// So many members, called `person 0` and so on in the order of their ids; nobody can sign in as one.
    pub(crate) async fn many_people(&self, plan: &PlanId, count: i64) {
        let mut tx = self.state.store.write_aside().await.unwrap();
        for number in 0..count {
            let now = self.clock.now().saturating_add(number);
            let user = User {
                id: UserId(self.state.random.id(now)),
                name: format!("person {number}"),
                email: format!("person{number}@acme.example"),
                password_hash: "-".to_owned(),
                created_at: now,
                locale: None,
                last_seen_at: None,
            };
            users::insert(&mut tx, &user).await.unwrap();
            let joined = memberships::insert(&mut tx, &user.id, plan, Role::Member, now).await;
            joined.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(crate) async fn join_new_plan(&self, person: &Person, name: &str) -> PlanId {
        let seed = Seed(&self.state);
        let plan = seed.plan(name, Tier::Enterprise).await;
        seed.join(&person.id, &plan, Role::SystemAdmin).await;
        plan
    }
}

pub(crate) fn policy_path(plan: &PlanId) -> String {
    format!("/api/v1/plans/{plan}/expiration-policy")
}

/// Fills an empty server by the operations that the operator's commands use.
struct Seed<'a>(&'a AppState);

impl Seed<'_> {
    async fn plan(&self, name: &str, tier: Tier) -> PlanId {
        let (random, now) = (&self.0.random, self.0.clock.now());
        let mut tx = self.0.store.write().await.unwrap();
        let plan: Plan = people::create_plan(&mut tx, random, now, &Actor::OPERATOR, name, tier)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        plan.id
    }

    async fn person(&self, name: &str, plans: &[(&PlanId, Role)]) -> Person {
        let (random, now) = (&self.0.random, self.0.clock.now());
        let email = format!("{name}@acme.example");
        let new = NewUser {
            name,
            email: &email,
            password_hash: password_hash().await,
        };
        let mut tx = self.0.store.write().await.unwrap();
        let user: User = people::create_user(&mut tx, random, now, &Actor::OPERATOR, new)
            .await
            .unwrap();
        let secret = Secret::opaque(random);
        sessions::insert(&mut tx, &secret.hash(), &user.id, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (plan, role) in plans {
            self.join(&user.id, plan, *role).await;
        }
        Person {
            id: user.id,
            name: user.name,
            email: user.email,
            cookie: secret.reveal(),
        }
    }

    async fn join(&self, user: &UserId, plan: &PlanId, role: Role) {
        let now = self.0.clock.now();
        let mut tx = self.0.store.write().await.unwrap();
        people::join(&mut tx, now, &Actor::OPERATOR, user, plan, role)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// [`PASSWORD`]'s hash, made once: making it is slow on purpose.
async fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    if HASH.get().is_none() {
        let passwords = tenure_server::password::Passwords::new(Random::seeded(3));
        let hash = passwords.hash(PASSWORD.to_owned()).await.unwrap();
        // Another test may have been faster; both hashes are right.
        let _ = HASH.set(hash);
    }
    HASH.get().unwrap()
}
