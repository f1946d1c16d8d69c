//! The server, on a port and a database of its own.

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use tenure_domain::plan::{Role, Tier};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
    },
    random::Random,
    store::audit::{self, Action},
};
use tokio::{net::TcpListener, sync::oneshot};

/// Where the only person signs in, and with what.
pub(crate) const EMAIL: &str = "ada@acme.example";
pub(crate) const PASSWORD: &str = "a few words in a row";

/// A running server with one plan and its System Admin.
pub(crate) struct Server {
    pub(crate) origin: String,
    pub(crate) plan: String,
    state: AppState,
    _folder: TempDir,
    /// It serves until this is dropped.
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub(crate) async fn start(clock: Clock) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let app = App::build(settings(&folder, &origin), clock, Random::system()).await?;
        let state = app.state.clone();
        let plan = settle(&state).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(app.serve(listener, async { drop(stopped.await) }));
        Ok(Self {
            origin,
            plan,
            state,
            _folder: folder,
            _stop: stop,
        })
    }

    /// How often a pair was replaced by another one, as the audit log says.
    pub(crate) async fn refreshes(&self) -> Result<usize> {
        let mut tx = self.state.store.peek().await?;
        let log = audit::since(&mut tx, 0, 10_000).await?;
        let refreshed = Action::GrantRefreshed.as_str();
        Ok(log.iter().filter(|event| event.action == refreshed).count())
    }
}

fn settings(folder: &TempDir, origin: &str) -> Settings {
    Settings {
        database_url: format!("sqlite://{}/tenure.db", folder.path().display()),
        public_url: origin.to_owned(),
        allowed_origins: Vec::new(),
        secure_cookies: false,
        sweeper: false,
        webhook_private: false,
        mail: None,
        trusted_proxies: Vec::new(),
        access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
        refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
    }
}

/// Lets one person and their plan in; the plan's id.
async fn settle(state: &AppState) -> Result<String> {
    let (now, actor, random) = (state.clock.now(), &Actor::OPERATOR, &state.random);
    let password_hash = &state.passwords.hash(PASSWORD.to_owned()).await?;
    let mut tx = state.store.write().await?;
    let plan = people::create_plan(&mut tx, random, now, actor, "Acme", Tier::Enterprise).await?;
    let new = NewUser {
        name: "Ada Admin",
        email: EMAIL,
        password_hash,
    };
    let user = people::create_user(&mut tx, random, now, actor, new).await?;
    people::join(&mut tx, now, actor, &user.id, &plan.id, Role::SystemAdmin).await?;
    tx.commit().await.context("the plan is not kept")?;
    Ok(plan.id.0)
}
