//! The listener: accepts connections, bounds slow and idle clients, and drains when told to stop.
//!
//! What is served is the router's business, what must be flushed afterwards the application's.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;
use tower_http::csrf::ConfigError;
use tracing::{debug, info, warn};

use crate::{router::router, state::App};

impl App {
    /// Serves until `shutdown` completes; then calls under way finish, jobs write what they hold, and
    /// the database is closed.
    ///
    /// # Errors
    /// When an allowed origin is none. Nothing was served then.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ConfigError> {
        let router = router(self.state.clone())?;
        let jobs = self.start_jobs();
        let live = self.state.live.clone();
        let shutdown = async move {
            shutdown.await;
            // They would never end by themselves.
            live.close();
        };
        serve(listener, router, Patience::default(), shutdown).await;
        jobs.stop().await;
        self.state.store.close().await;
        Ok(())
    }
}

/// How patient the server is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, for a connection that idles between two requests, and for a client
    /// that does not read its answer.
    pub client: Duration,
    /// For calls under way when the server is told to stop.
    pub drain: Duration,
    /// Connections at once; further ones wait in the listener's queue.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            client: Duration::from_secs(30),
            drain: Duration::from_secs(20),
            connections: 10_000,
        }
    }
}

/// Serves until `shutdown` completes, then lets the calls under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(patience.connections));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                spawn(stream, peer, place, router.clone(), patience, &graceful);
            }
            Err(error) => breathe(&error).await,
        }
    }
    drop(listener);
    info!("stopping: calls under way may finish");
    if timeout(patience.drain, graceful.shutdown()).await.is_err() {
        warn!("stopping: some calls did not finish in time");
    }
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// A failed accept is the peer's fault, or the process is out of file handles: then connections must
/// end before another try has any sense.
async fn breathe(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        warn!(%error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn spawn(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    router: Router,
    patience: Patience,
    graceful: &GracefulShutdown,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "cannot switch Nagle's algorithm off");
    }
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream
        .as_mut()
        .set_write_timeout_pinned(Some(patience.client));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.client)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

/// Completes when the process is asked to stop: by SIGTERM, or by Ctrl-C.
///
/// # Errors
/// When the signals cannot be listened for.
pub fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
