//! A server on a test's database, and what its verifier says of a token.

use tenure_domain::{period::Period, policy::DEFAULT_ACCESS_LIFETIME, problem::Kind};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    random::Random,
    verifier::{Outcome, Refused, Verifier},
};

use crate::support::Database;

/// A server that was just started, with this clock.
pub(crate) async fn started(database: &Database, clock: &Clock) -> AppState {
    started_with_lifetime(database, clock, DEFAULT_ACCESS_LIFETIME).await
}

/// A server that lets OAuth access tokens live so long.
pub(crate) async fn started_with_lifetime(
    database: &Database,
    clock: &Clock,
    access_lifetime: Period,
) -> AppState {
    started_with(database, clock, |settings| {
        settings.access_lifetime = access_lifetime;
    })
    .await
}

/// A server whose settings `change` has changed.
pub(crate) async fn started_with(
    database: &Database,
    clock: &Clock,
    change: impl FnOnce(&mut Settings),
) -> AppState {
    let mut settings = Settings {
        database_url: database.url.clone(),
        public_url: "http://localhost".into(),
        allowed_origins: Vec::new(),
        secure_cookies: false,
        sweeper: false,
        trusted_proxies: Vec::new(),
        access_lifetime: DEFAULT_ACCESS_LIFETIME,
        refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
        webhook_private: false,
        mail: None,
    };
    change(&mut settings);
    let random = Random::seeded(3);
    let app = App::build(settings, clock.clone(), random).await;
    app.expect("a server").state
}

/// A server whose store is the database's own, so that what a test changes is changed in process.
pub(crate) async fn serving(database: &mut Database) -> Verifier {
    let state = started(database, &database.clock).await;
    database.store = state.store.clone();
    state.verifier.clone()
}

/// Why the token of this text does not work; `None` when it does.
pub(crate) async fn refusal(verifier: &Verifier, text: &str) -> Option<Kind> {
    match verifier.verify(text).await.expect("an answer") {
        Outcome::Works(_) => None,
        Outcome::Refused(Refused { kind, .. }) => Some(kind),
    }
}
