//! Servers in this process: Tenure as it is, and one that does nothing.

use std::net::SocketAddr;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use tenure_server::{
    App, Settings,
    clock::Clock,
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
}

/// Tenure with all its layers and jobs.
pub(crate) async fn tenure(data: &Data) -> Serving {
    serve_tenure(data.url(), |_| {}).await
}

/// The same, on this database.
pub(crate) async fn tenure_at(database_url: String) -> Serving {
    serve_tenure(database_url, |_| {}).await
}

/// The same, which counts nothing of what it sees.
pub(crate) async fn blind(data: &Data) -> Serving {
    serve_tenure(data.url(), |app| app.state.sightings.see_nothing()).await
}

async fn serve_tenure(database_url: String, prepare: impl FnOnce(&App)) -> Serving {
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
    let app = App::build(settings, Clock::system(), Random::system())
        .await
        .expect("a server");
    prepare(&app);
    let jobs = app.start_jobs();
    let serving = listen(router(app.state).expect("routes")).await;
    // They run as long as the process does.
    std::mem::forget(jobs);
    serving
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
    }
}
