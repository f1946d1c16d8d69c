//! The server in this process: started, stopped, and started again at the same address.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use tenure_domain::id::PlanId;
use tenure_server::clock::Clock;
use tenure_server::mail;
use tenure_server::ops::{alerts, effects, setup_link, sweep};
use tenure_server::random::Random;
use tenure_server::{App, AppState, Settings};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// In whose name its mails go out.
const SENDER: &str = "Tenure <tenure@acme.example>";

/// A server at an address that stays, running or not.
pub(super) struct Server {
    address: SocketAddr,
    settings: Settings,
    clock: Clock,
    running: Option<Running>,
}

struct Running {
    state: AppState,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<()>>,
}

impl Server {
    /// Starts a server on a free port, whose mails go into this folder.
    ///
    /// # Errors
    /// When the database does not answer or no port is free.
    pub(super) async fn start(database_url: &str, mails: &Path, clock: Clock) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no free port on 127.0.0.1")?;
        let address = listener.local_addr()?;
        let settings = Settings {
            database_url: database_url.to_owned(),
            public_url: format!("http://{address}"),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            webhook_private: true,
            trusted_proxies: Vec::new(),
            access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
            refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
            mail: Some(mail::Setup {
                from: SENDER.parse()?,
                route: mail::Route::Files(mails.to_owned()),
            }),
        };
        let mut server = Self {
            address,
            settings,
            clock,
            running: None,
        };
        server.run(listener).await?;
        Ok(server)
    }

    /// Where it is: `http://127.0.0.1:12345`.
    pub(super) fn origin(&self) -> &str {
        &self.settings.public_url
    }

    /// What its handlers share.
    ///
    /// # Errors
    /// While it does not run.
    pub(super) fn state(&self) -> Result<&AppState> {
        Ok(&self
            .running
            .as_ref()
            .context("the server is stopped")?
            .state)
    }

    /// What follows the origin in the one-time setup link that the server prints.
    ///
    /// # Errors
    /// When somebody has set it up.
    pub(super) async fn setup_link(&self) -> Result<String> {
        let state = self.state()?;
        let secret = setup_link::offer(&state.store, &state.clock, &state.random).await?;
        let secret = secret.context("the server has been set up already")?;
        Ok(format!("/setup#{}", secret.reveal()))
    }

    /// Does what the sweeper does for a plan.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn sweep(&self, plan: &PlanId) -> Result<()> {
        let state = self.state()?;
        effects::record(&state.store, plan, state.clock.now()).await?;
        sweep::sweep(&state.store, plan, state.clock.now()).await?;
        Ok(())
    }

    /// Writes the uses that are noted in memory.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn flush_uses(&self) -> Result<()> {
        Ok(self.state()?.verifier.flush_uses().await?)
    }

    /// Writes what was seen, and looks whether it wants attention.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn watch(&self) -> Result<()> {
        let (state, now) = (self.state()?, self.clock.now());
        state.sightings.flush(&state.store, now).await?;
        Ok(alerts::watch(&state.store, &state.random, now).await?)
    }

    /// Stops it as an operator does: calls under way finish, what is in memory is written.
    ///
    /// # Errors
    /// When it does not run.
    pub(super) async fn stop(&mut self) -> Result<()> {
        let running = self
            .running
            .take()
            .context("the server is stopped already")?;
        let _ = running.stop.send(());
        running.served.await?
    }

    /// Starts it again where it was, on the data that it left.
    ///
    /// # Errors
    /// When somebody took its port.
    pub(super) async fn go_on(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.address)
            .await
            .context("the server's port is taken")?;
        self.run(listener).await
    }

    async fn run(&mut self, listener: TcpListener) -> Result<()> {
        let app = App::build(self.settings.clone(), self.clock.clone(), Random::system()).await?;
        let state = app.state.clone();
        let (stop, stopped) = oneshot::channel();
        let told_to_stop = async {
            let _ = stopped.await;
        };
        let served = tokio::spawn(async { Ok(app.serve(listener, told_to_stop).await?) });
        self.running = Some(Running {
            state,
            stop,
            served,
        });
        Ok(())
    }
}
