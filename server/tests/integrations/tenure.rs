//! The server on a socket of its own, under a clock that stands still until it is moved.

use std::net::SocketAddr;

use tempfile::TempDir;
use tenure_domain::{
    plan::{Role, Tier},
    time::Timestamp,
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
    },
    random::Random,
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
    task::JoinHandle,
};

/// Who may sign in, and with what.
pub(crate) const EMAIL: &str = "ada@acme.example";
pub(crate) const PASSWORD: &str = "a few words in a row";

/// A running server with one plan and its System Admin.
pub(crate) struct Tenure {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) plan: String,
    pub(crate) user: String,
    _folder: TempDir,
    /// It serves until this is taken or dropped.
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Tenure {
    /// A server whose clock shows what this machine's does.
    pub(crate) async fn start() -> Self {
        Self::at(Clock::system().now()).await
    }

    /// A server whose clock shows this instant.
    pub(crate) async fn at(now: Timestamp) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let clock = Clock::mock(now);
        let settings = Settings {
            database_url: format!("sqlite://{}/tenure.db", folder.path().display()),
            public_url: format!("http://{address}"),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            trusted_proxies: Vec::new(),
            access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
            refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
            webhook_private: false,
            mail: None,
        };
        let app = App::build(settings, clock.clone(), Random::system())
            .await
            .expect("the database opens");
        let (plan, user) = settle(&app.state).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async {
            let told_to_stop = async { drop(stopped.await) };
            app.serve(listener, told_to_stop).await.expect("it serves");
        });
        Self {
            address,
            clock,
            plan,
            user,
            _folder: folder,
            running: Mutex::new(Some((stop, served))),
        }
    }

    /// Stops it; from then on nobody listens there.
    pub(crate) async fn stop(&self) {
        let (stop, served) = self.running.lock().await.take().expect("it runs");
        drop(stop);
        served.await.expect("it ends well");
    }

    /// As its metadata names it.
    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// The ids of the plan and of its System Admin.
async fn settle(state: &AppState) -> (String, String) {
    let (now, actor, random) = (state.clock.now(), &Actor::OPERATOR, &state.random);
    let hashed = state.passwords.hash(PASSWORD.to_owned()).await;
    let mut tx = state.store.write().await.expect("the database answers");
    let plan = people::create_plan(&mut tx, random, now, actor, "Acme", Tier::Enterprise)
        .await
        .expect("the plan is new");
    let new = NewUser {
        name: "Ada Admin",
        email: EMAIL,
        password_hash: &hashed.expect("it is hashed"),
    };
    let user = people::create_user(&mut tx, random, now, actor, new)
        .await
        .expect("the user is new");
    people::join(&mut tx, now, actor, &user.id, &plan.id, Role::SystemAdmin)
        .await
        .expect("the user is in no plan yet");
    tx.commit().await.expect("the database answers");
    (plan.id.0, user.id.0)
}
