//! The server in this process: started, stopped, and started again at the same address.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tenure_server::clock::Clock;
use tenure_server::jobs::Jobs;
use tenure_server::random::Random;
use tenure_server::secret::Secret;
use tenure_server::serve::{Patience, serve};
use tenure_server::store::setup_links;
use tenure_server::{App, AppState, Settings, router};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server at an address that stays, running or not.
pub(super) struct Server {
    address: SocketAddr,
    settings: Settings,
    clock: Clock,
    running: Option<Running>,
}

struct Running {
    state: AppState,
    jobs: Jobs,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Server {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// When the database does not answer or no port is free.
    pub(super) async fn start(database_url: &str, clock: Clock) -> Result<Self> {
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
            trusted_proxies: Vec::new(),
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

    /// Makes a one-time setup link; its path is what follows the origin in the one that the server prints.
    ///
    /// # Errors
    /// While it does not run, or the database does not answer.
    pub(super) async fn setup_link(&self) -> Result<String> {
        let state = self.state()?;
        let secret = Secret::opaque(&state.random);
        let mut tx = state.store.write().await?;
        setup_links::replace(&mut tx, &secret.hash(), state.clock.now()).await?;
        tx.commit().await?;
        Ok(format!("/setup#{}", secret.reveal()))
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
        running.served.await?;
        running.jobs.stop().await;
        running.state.store.close().await;
        Ok(())
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
        let (jobs, state) = (app.start_jobs(), app.state);
        let (stop, stopped) = oneshot::channel();
        let told_to_stop = async {
            let _ = stopped.await;
        };
        let router = router::router(state.clone())?;
        let served = tokio::spawn(serve(listener, router, Patience::default(), told_to_stop));
        self.running = Some(Running {
            state,
            jobs,
            stop,
            served,
        });
        Ok(())
    }
}
