//! What every request handler shares, and how it comes together.

use std::{ops::Deref, sync::Arc};

use ipnet::IpNet;
use tenure_domain::{
    period::Period,
    time::{MINUTE, Timestamp},
};
use tokio::sync::Semaphore;

use crate::{
    attempts::{Attempts, Guesses},
    clock::Clock,
    jobs::Jobs,
    live::Live,
    mail,
    password::Passwords,
    random::Random,
    sightings::Sightings,
    store::{self, Store, StoreError},
    verifier::Verifier,
};

/// What a server is told before it starts. `config` reads it. It has no `Debug`: the database's URL may
/// hold a password.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where people reach this server, without a slash at the end: `https://tenure.example`.
    pub public_url: String,
    /// Other origins whose pages may call the API with a session, as `https://console.example`.
    pub allowed_origins: Vec<String>,
    /// Whether cookies are for TLS alone, with the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Whether the sweeper records expiries. Nothing that is decided depends on it.
    pub sweeper: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long OAuth access tokens live at most.
    pub access_lifetime: Period,
    /// How long a refresh token lives that nobody uses.
    pub refresh_idle: Period,
    /// Whether alerts may be posted to private addresses, and without TLS.
    pub webhook_private: bool,
    /// How mails leave; `None` where this process sends none, and they wait.
    pub mail: Option<mail::Setup>,
}

/// What handlers share. Every layer of every call clones it, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts of an [`AppState`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Randomness for secrets and ids.
    pub random: Random,
    /// Says whether a token works.
    pub verifier: Verifier,
    /// Tells whoever has a page open what changes.
    pub live: Live,
    /// What was seen of tokens and is not written yet.
    pub sightings: Sightings,
    /// Hashes and checks people's passwords.
    pub passwords: Passwords,
    /// Counts attempts to sign in.
    pub attempts: Attempts,
    /// Counts secrets and tokens that were never issued.
    pub guesses: Guesses,
    /// Who may walk along the audit log: one at a time.
    pub audit_walks: Arc<Semaphore>,
    /// What the server was told.
    pub settings: Settings,
}

/// What a command at the command line works with: a server's parts without the server.
pub struct Tools {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Randomness for secrets and ids.
    pub random: Random,
    /// Hashes people's passwords.
    pub passwords: Passwords,
}

impl Tools {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or its schema not brought up to date.
    pub async fn open(
        database_url: &str,
        clock: Clock,
        random: Random,
    ) -> Result<Self, StoreError> {
        let store = Store::connect(database_url).await?;
        store.migrate().await?;
        raise_floor(&store, &clock).await?;
        Ok(Self {
            passwords: Passwords::new(random.clone()),
            store,
            clock,
            random,
        })
    }
}

/// A server that is ready to serve, without a socket yet.
pub struct App {
    /// What its handlers share.
    pub state: AppState,
}

impl App {
    /// Opens the database, brings its schema up to date, and puts the server together. No job runs yet.
    ///
    /// # Errors
    /// When the database cannot be reached, or its schema not brought up to date.
    pub async fn build(
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> Result<Self, StoreError> {
        let Tools {
            store,
            clock,
            random,
            passwords,
        } = Tools::open(&settings.database_url, clock, random).await?;
        let store = store.with_access_lifetime(settings.access_lifetime);
        let verifier = Verifier::new(store.clone(), clock.clone());
        verifier.follow_changes().await?;
        let parts = Parts {
            passwords,
            attempts: Attempts::new(clock.clone()),
            guesses: Guesses::new(clock.clone()),
            live: Live::new(store.clone()),
            audit_walks: Arc::new(Semaphore::new(1)),
            settings,
            store,
            clock,
            sightings: Sightings::new(random.clone()),
            random,
            verifier,
        };
        Ok(Self {
            state: AppState(Arc::new(parts)),
        })
    }

    /// Starts the jobs that run beside the requests; they stop when they are told to.
    #[must_use]
    pub fn start_jobs(&self) -> Jobs {
        Jobs::start(&self.state)
    }
}

/// Nothing that was acknowledged lies in this server's future, even if the machine's clock was set back.
async fn raise_floor(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let newest = store::audit::newest(&mut store.peek().await?).await?;
    let newest = newest.unwrap_or(Timestamp::MIN);
    let wall = clock.now();
    if newest.millis_since(wall) > MINUTE {
        tracing::error!(
            clock = %wall,
            newest_event = %newest,
            "this machine's clock is behind the newest event in the audit log, or was ahead when that \
             was written; the server goes on from that event's time"
        );
    }
    clock.raise_floor(newest);
    Ok(())
}
