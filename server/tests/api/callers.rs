//! Callers whose identities are types, what they send, and what comes back.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, Method, Request, StatusCode, header, request::Builder},
};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tenure_domain::{
    id::UserId,
    problem::{Kind, Problem},
};
use tower::ServiceExt as _;

pub(crate) fn call(by: &impl Caller, method: Method, path: &str) -> Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "tenure.test");
    match by.credentials() {
        Some((name, value)) => request.header(name, value),
        None => request,
    }
}

pub(crate) fn with_json(request: Builder, body: &Value) -> Request<Body> {
    request
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// Somebody who calls.
pub(crate) trait Caller {
    /// The header by which they say who they are.
    fn credentials(&self) -> Option<(HeaderName, String)>;
}

/// Nobody.
pub(crate) struct Anonymous;

/// Somebody who signed in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) cookie: String,
}

/// A program.
#[derive(Clone)]
pub(crate) struct Bearer(pub(crate) String);

/// A browser with this session cookie.
pub(crate) struct Cookie(pub(crate) String);

impl Caller for Anonymous {
    fn credentials(&self) -> Option<(HeaderName, String)> {
        None
    }
}

impl Caller for Person {
    fn credentials(&self) -> Option<(HeaderName, String)> {
        Some((header::COOKIE, format!("tenure_session={}", self.cookie)))
    }
}

impl Caller for Bearer {
    fn credentials(&self) -> Option<(HeaderName, String)> {
        Some((header::AUTHORIZATION, format!("Bearer {}", self.0)))
    }
}

impl Caller for Cookie {
    fn credentials(&self) -> Option<(HeaderName, String)> {
        Some((header::COOKIE, format!("tenure_session={}", self.0)))
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) call: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{}: {body}", self.call);
        self
    }

    #[track_caller]
    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "{}: {error}: {}",
                self.call,
                String::from_utf8_lossy(&self.body)
            )
        })
    }

    /// The body as it is.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem, which must be of this kind in every respect.
    #[track_caller]
    pub(crate) fn problem(&self, kind: Kind) -> Problem {
        let problem: Problem = self.read();
        assert_eq!(problem.code, kind.code(), "{}: {problem:?}", self.call);
        assert_eq!(self.status.as_u16(), kind.status(), "{}", self.call);
        assert_eq!(problem.status, kind.status(), "{}", self.call);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem.reference, self.header("x-request-id"));
        assert!(!problem.reference.is_empty());
        problem
    }

    /// A header's text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the session cookie that the answer sets.
    pub(crate) fn session_cookie(&self) -> String {
        let cookie = self
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default();
        cookie
            .split_once('=')
            .map(|(_, value)| value.to_owned())
            .unwrap_or_default()
    }
}

pub(crate) async fn send(router: &Router, mut request: Request<Body>) -> Answer {
    let peer: SocketAddr = "192.0.2.7:50000".parse().unwrap();
    if request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .is_none()
    {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    // A stream has no end.
    let is_stream = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|it| it == "text/event-stream");
    let body = if is_stream { Body::empty() } else { body };
    Answer {
        call: format!("{method} {path}"),
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}
