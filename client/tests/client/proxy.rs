//! What stands between the client and the token endpoint, and loses or holds back its answers.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::{AUTHORIZATION, CONTENT_TYPE},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// What becomes of the answer to one request.
pub(crate) enum Fate {
    /// The server has answered; the answer is lost on its way.
    Lost,
    /// The server is not reached: this status is answered in its stead.
    Refused(u16),
    /// The server has answered, which the first channel says; the answer is held until the second one
    /// lets it go.
    Held(oneshot::Sender<()>, oneshot::Receiver<()>),
}

/// A proxy in front of one server. Answers whose fate nobody decided pass.
pub(crate) struct Proxy {
    pub(crate) origin: String,
    fates: Arc<Mutex<VecDeque<Fate>>>,
}

#[derive(Clone)]
struct Way {
    http: reqwest::Client,
    upstream: String,
    fates: Arc<Mutex<VecDeque<Fate>>>,
}

impl Proxy {
    pub(crate) async fn start(upstream: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let fates = Arc::default();
        let way = Way {
            http: reqwest::Client::new(),
            upstream: upstream.to_owned(),
            fates: Arc::clone(&fates),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(way.clone().serve(stream));
            }
        });
        Ok(Self { origin, fates })
    }

    /// Decides about the next answer about which nothing is decided yet.
    pub(crate) fn then(&self, fate: Fate) {
        let mut fates = self.fates.lock().unwrap_or_else(PoisonError::into_inner);
        fates.push_back(fate);
    }
}

impl Way {
    async fn serve(self, stream: TcpStream) {
        let answer = service_fn(|request| self.answer(request));
        // An answer that is lost ends its connection: that is no failure here.
        let _ = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), answer)
            .await;
    }

    /// An error makes hyper close the connection without an answer.
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
        let fate = {
            let mut fates = self.fates.lock().unwrap_or_else(PoisonError::into_inner);
            fates.pop_front()
        };
        if let Some(Fate::Refused(status)) = fate {
            let refused = Response::builder().status(status).header("Retry-After", 7);
            return refused.body(Full::default()).map_err(io::Error::other);
        }
        let answer = self.pass(request).await.map_err(io::Error::other)?;
        match fate {
            Some(Fate::Lost) => return Err(io::ErrorKind::ConnectionReset.into()),
            Some(Fate::Held(answered, go)) => {
                let _ = answered.send(());
                let _ = go.await;
            }
            Some(Fate::Refused(_)) | None => {}
        }
        Ok(answer)
    }

    async fn pass(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let mut onward = self
            .http
            .request(head.method, format!("{}{}", self.upstream, head.uri));
        for name in [AUTHORIZATION, CONTENT_TYPE] {
            if let Some(value) = head.headers.get(&name) {
                onward = onward.header(name, value);
            }
        }
        let answer = onward.body(body.collect().await?.to_bytes()).send().await?;
        let mut response = Response::builder().status(answer.status());
        if let Some(value) = answer.headers().get(CONTENT_TYPE) {
            response = response.header(CONTENT_TYPE, value);
        }
        Ok(response.body(answer.bytes().await?.into())?)
    }
}
