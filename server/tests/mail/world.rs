//! A server on SQLite with a mock clock, a plan with owners, and a postman.

use std::time::Duration;

use tempfile::TempDir;
use tenure_domain::{
    id::TokenId,
    locale::{Language, Locale},
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{DEFAULT_ACCESS_LIFETIME, Terms, Wanted},
    refresh::DEFAULT_IDLE,
    scope::Scopes,
    wire::notices::Notice,
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    jobs::post::{Looked, Postman},
    mail::{Route, Setup, url::SmtpServer},
    ops::{
        Actor, notices,
        people::{self, NewUser},
        policies::{self, Ask},
        tokens,
    },
    random::Random,
    store::{
        self,
        notices::ledger::{self, Filter},
        plans::Plan,
        users::{self, User},
    },
};

/// When every test begins: 2026-02-20T09:00:00Z.
pub(crate) const START: &str = "2026-02-20T09:00:00.000Z";

pub(crate) struct World {
    pub(crate) app: AppState,
    pub(crate) clock: Clock,
    pub(crate) plan: Plan,
    pub(crate) ada: User,
    pub(crate) postman: Postman,
    pub(crate) folder: TempDir,
}

/// The way to a mail server of the test's.
pub(crate) fn smtp(url: &str, certificate: &str) -> Route {
    let server = SmtpServer::parse(url).expect("a URL");
    let server = server.vouched_for_by(certificate.as_bytes());
    Route::Smtp(server.expect("a certificate"))
}

impl World {
    /// Mails go into the folder.
    pub(crate) async fn with_files() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let route = Route::Files(folder.path().join("mail"));
        Self::on(folder, route, START).await
    }

    pub(crate) async fn with(route: Route) -> Self {
        Self::on(tempfile::tempdir().expect("a folder"), route, START).await
    }

    pub(crate) async fn on(folder: TempDir, route: Route, start: &str) -> Self {
        let from: lettre::Address = "tenure@acme.example".parse().expect("an address");
        let settings = Settings {
            database_url: format!("sqlite://{}/tenure.db", folder.path().display()),
            public_url: "https://tenure.example".to_owned(),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            webhook_private: true,
            trusted_proxies: Vec::new(),
            access_lifetime: DEFAULT_ACCESS_LIFETIME,
            refresh_idle: DEFAULT_IDLE,
            mail: Some(Setup {
                from: from.into(),
                route,
            }),
        };
        let clock = Clock::mock(start.parse().expect("an instant"));
        let app = App::build(settings, clock.clone(), Random::seeded(1)).await;
        let app = app.expect("a server").state;
        let postman = Postman::new(&app).expect("it is told of a way");
        let mut tx = app.store.write().await.expect("writes");
        let (now, actor) = (clock.now(), &Actor::OPERATOR);
        let tier = Tier::Enterprise;
        let plan = people::create_plan(&mut tx, &app.random, now, actor, "Acme", tier).await;
        let plan = plan.expect("a plan");
        tx.commit().await.expect("committed");
        let ada = join(&app, &clock, &plan, "Ada", Role::SystemAdmin).await;
        Self {
            app,
            clock,
            plan,
            ada,
            postman,
            folder,
        }
    }

    pub(crate) async fn member(&self, name: &str) -> User {
        join(&self.app, &self.clock, &self.plan, name, Role::Member).await
    }

    pub(crate) async fn speaks(&self, user: &User, language: Language, zone: &str) {
        let mut tx = self.app.store.write_aside().await.expect("writes");
        let locale = Locale {
            language,
            time_zone: zone.to_owned(),
        };
        users::set_locale(&mut tx, &user.id, &locale)
            .await
            .expect("set");
        tx.commit().await.expect("committed");
    }

    pub(crate) async fn token(&self, owner: &User, name: &str) -> TokenId {
        let mut tx = self.app.store.write().await.expect("writes");
        let (now, actor) = (self.clock.now(), Actor::user(owner.id.clone()));
        let whose = (&self.plan.id, &owner.id);
        let what = (name, &Scopes::default());
        let made = tokens::generate(&mut tx, &self.app.random, now, &actor, whose, what).await;
        tx.commit().await.expect("committed");
        made.expect("a token").0.id
    }

    /// Puts a period into force and queues its announcements.
    pub(crate) async fn policy(&self, period: Option<(i64, Unit)>) {
        self.change(Wanted::Now(Terms::of_period(period.map(of))))
            .await;
    }

    /// Changes the policy and queues its announcements.
    pub(crate) async fn change(&self, wanted: Wanted) {
        let mut tx = self.app.store.write().await.expect("writes");
        let known = store::policies::history(&mut tx, &self.plan.id).await;
        let known = known.expect("read").expect("a plan");
        let ask = Ask {
            plan: self.plan.id.clone(),
            tier: self.plan.tier,
            by: self.ada.id.clone(),
            role: Role::SystemAdmin,
            address: None,
            seen: known.history.seen_at(self.clock.now()),
            wanted,
            ends_at_most: None,
        };
        policies::change(&mut tx, self.clock.now(), &ask)
            .await
            .expect("changed");
        tx.commit().await.expect("committed");
        self.hand_on().await;
    }

    pub(crate) async fn hand_on(&self) {
        let (store, now) = (&self.app.store, self.clock.now());
        while notices::announce::hand_on(store, now)
            .await
            .expect("handed on")
        {}
    }

    pub(crate) async fn plan_ahead(&self) -> usize {
        let planned = notices::plan::plan(&self.app.store, self.clock.now()).await;
        planned.expect("planned")
    }

    /// Sends all that is due; says how much was dealt with.
    pub(crate) async fn deliver(&mut self) -> usize {
        let mut dealt_with = 0;
        while self.postman.look().await.expect("it looks") == Looked::Worked {
            dealt_with += 1;
        }
        dealt_with
    }

    pub(crate) async fn notices(&self) -> Vec<Notice> {
        let mut tx = self.app.store.peek().await.expect("reads");
        let page = ledger::page(&mut tx, &self.plan.id, None, Filter::default(), 1_000).await;
        page.expect("read")
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// The mails in the folder, decoded as far as these tests read them.
    pub(crate) fn mails(&self) -> Vec<String> {
        let folder = self.folder.path().join("mail");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        let text = paths
            .iter()
            .map(|path| std::fs::read(path).expect("a mail"));
        text.map(|mail| decoded(&mail)).collect()
    }
}

/// Undoes quoted-printable (RFC 2045, section 6.7), also where it was not applied.
pub(crate) fn decoded(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail).replace("=\r\n", "");
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = hex.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, byte) {
            (b'=', Some(byte)) => {
                out.push(byte);
                rest = &after[2..];
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A period.
pub(crate) fn of((amount, unit): (i64, Unit)) -> Period {
    Period::new(amount, unit).expect("a period")
}

async fn join(app: &AppState, clock: &Clock, plan: &Plan, name: &str, role: Role) -> User {
    let mut tx = app.store.write().await.expect("writes");
    let (now, actor) = (clock.now(), &Actor::OPERATOR);
    let email = format!("{}@acme.example", name.to_lowercase());
    let new = NewUser {
        name,
        email: &email,
        password_hash: "-",
    };
    let user = people::create_user(&mut tx, &app.random, now, actor, new).await;
    let user = user.expect("a user");
    let joined = people::join(&mut tx, now, actor, &user.id, &plan.id, role).await;
    joined.expect("joined");
    tx.commit().await.expect("committed");
    user
}
