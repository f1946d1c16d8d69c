//! Servers in this process: Tenure as it is, and one that does nothing.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    jobs::Jobs,
    random::Random,
    router::router,
    serve::{Patience, serve},
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{data::Data, introspection};

/// A server that goes away with this.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
    /// They run on when this goes away, as long as the process does.
    jobs: Option<Jobs>,
}

impl Serving {
    /// Ends it and its jobs, so that it burdens nothing that is measured later.
    pub(crate) async fn end(self) {
        if let Some(jobs) = self.jobs {
            jobs.stop().await;
        }
    }
}

/// Tenure with all its layers and jobs.
pub(crate) async fn tenure(data: &Data) -> Serving {
    serve_tenure(data.url()).await
}

/// The same, on this database.
pub(crate) async fn tenure_at(database_url: String) -> Serving {
    serve_tenure(database_url).await
}

/// The same without jobs but those that verification needs: what was seen is written when it is asked for.
pub(crate) async fn idle(data: &Data) -> (Serving, AppState) {
    let app = build(data.url()).await;
    let state = app.state.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(250));
        for number in 0_u64.. {
            ticks.tick().await;
            let verifier = &state.verifier;
            verifier.follow_changes().await.expect("heard of");
            if number.is_multiple_of(12) {
                verifier.flush_uses().await.expect("written");
            }
        }
    });
    let state = app.state.clone();
    (listen(router(app.state).expect("routes")).await, state)
}

async fn serve_tenure(database_url: String) -> Serving {
    let app = build(database_url).await;
    let jobs = app.start_jobs();
    let serving = listen(router(app.state).expect("routes")).await;
    Serving {
        jobs: Some(jobs),
        ..serving
    }
}

async fn build(database_url: String) -> App {
    let settings = Settings {
        database_url,
        public_url: "http://localhost".to_owned(),
        allowed_origins: Vec::new(),
        secure_cookies: false,
        sweeper: true,
        trusted_proxies: Vec::new(),
        access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
        refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
        webhook_private: false,
        mail: None,
    };
    let app = App::build(settings, Clock::system(), Random::system()).await;
    app.expect("a server")
}

/// A handler that does nothing, without layers, served in the same way.
pub(crate) async fn bare() -> Serving {
    let routes = Router::new()
        .route("/verify", get(async || StatusCode::OK))
        .route(introspection::PATH, post(async || StatusCode::OK));
    listen(routes).await
}

async fn listen(router: Router) -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let stopped = async move {
            let _ = stopped.await;
        };
        serve(listener, router, Patience::default(), stopped).await;
    });
    Serving {
        address,
        _stop: stop,
        jobs: None,
    }
}
