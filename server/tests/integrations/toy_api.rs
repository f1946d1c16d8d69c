//! The API behind a gateway: it answers with the headers that reached it.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header::WWW_AUTHENTICATE},
    routing::any,
};
use serde_json::{Map, Value};
use tokio::net::TcpListener;

/// Starts it; where it listens.
pub(crate) async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let router = Router::new()
        .route(
            "/broken",
            any(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .route(
            "/own-401",
            any(|| async { (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Own")]) }),
        )
        .fallback(echo);
    tokio::spawn(tenure_server::serve::serve(
        listener,
        router,
        tenure_server::serve::Patience::default(),
        std::future::pending(),
    ));
    address
}

/// Every header by its name in lower case, underscores and all.
async fn echo(headers: HeaderMap) -> Json<Map<String, Value>> {
    let mut seen = Map::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values.map(|value| value.to_str().unwrap_or("?")).collect();
        seen.insert(name.to_string(), values.join(" | ").into());
    }
    Json(seen)
}
