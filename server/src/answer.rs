//! What every answer has, whoever gives it: an id, the server's time, safe headers, a problem document
//! where it is an error, what a bearer's token has left, and its one line in the log.
//!
//! This is the outermost layer, so the refusals of all other layers pass here as well. It decides
//! nothing about the call itself.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tenure_domain::{
    problem::Kind,
    time::{SECOND, Timestamp},
    token::Expiry,
};
use tracing::{Instrument, debug, error, info, info_span};

use crate::{
    error::{ApiError, Pending, Whole},
    state::AppState,
};

/// Finds the log line of an answer.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The server's clock, by which the console sets its own.
pub(crate) const SERVER_TIME: HeaderName = HeaderName::from_static("x-server-time");
/// When the caller's token ends: an instant, or `never`.
pub(crate) const TOKEN_EXPIRES_AT: HeaderName = HeaderName::from_static("x-token-expires-at");
/// How many whole seconds the caller's token has left: 0 for a dead one, absent for `never`.
pub(crate) const TOKEN_EXPIRES_IN: HeaderName = HeaderName::from_static("x-token-expires-in");

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Scripts and styles from here alone, none inline; WebAssembly is what the console is made of.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    connect-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// The layer. See the module's head.
pub(crate) async fn layer(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = app.clock.uptime();
    let id = incoming_id(request.headers()).unwrap_or_else(|| new_id(&app));
    let reference = id.to_str().unwrap_or_default().to_owned();
    let token = TokenNote::of(id.clone());
    request.extensions_mut().insert(token.clone());
    let line = Line::of(&request);

    let span = info_span!("request", id = %reference);
    let mut response = next.run(request).instrument(span).await;
    let cause = finish_problem(&mut response, &reference);
    let now = app.clock.now();
    set_headers(response.headers_mut(), id, now, app.settings.secure_cookies);
    token.write(response.headers_mut(), now);

    let elapsed = app.clock.uptime().saturating_sub(started);
    line.write(&reference, response.status(), elapsed, cause.as_deref());
    response
}

/// The id that the caller or a proxy chose, if it is a plain one: it goes into the log as it is.
fn incoming_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let sane = (1..=64).contains(&id.len()) && id.as_bytes().iter().all(plain);
    sane.then(|| id.clone())
}

fn new_id(app: &AppState) -> HeaderValue {
    // An id is hexadecimal digits and hyphens, which a header can always hold.
    HeaderValue::try_from(app.random.id(app.clock.now()))
        .unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// Writes the problem document of an answer that is an error and has no body of its own; returns what only the log may say.
fn finish_problem(response: &mut Response, reference: &str) -> Option<Arc<str>> {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return None;
    }
    if let Some(whole) = response.extensions_mut().remove::<Whole>() {
        return whole.cause;
    }
    if response.extensions().get::<Pending>().is_none() {
        replace_bare_refusal(response);
    }
    let pending = response.extensions_mut().remove::<Pending>()?;
    let mut problem = pending.problem.as_ref().clone();
    problem.reference = reference.to_owned();
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    *response.body_mut() = Body::from(body);
    pending.cause
}

/// A layer or the router refused without a problem: its status says which one it is. The headers
/// stay, `Allow` among them.
fn replace_bare_refusal(response: &mut Response) {
    let kind = match response.status() {
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
        StatusCode::REQUEST_TIMEOUT => Kind::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMediaType,
        StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable,
        status if status.is_server_error() => Kind::Internal,
        _ => Kind::InvalidRequest,
    };
    let headers = std::mem::take(response.headers_mut());
    *response = ApiError::new(kind).into_response();
    response.headers_mut().extend(headers);
}

fn set_headers(headers: &mut HeaderMap, id: HeaderValue, now: Timestamp, https: bool) {
    headers.insert(REQUEST_ID, id);
    if let Ok(now) = HeaderValue::try_from(now.to_string()) {
        headers.insert(SERVER_TIME, now);
    }
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_POLICY),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if https {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
}

/// When the caller's token ends. Whoever verifies it writes it here once; the answer repeats it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenNote(Arc<Ends>);

#[derive(Debug, Default)]
struct Ends {
    /// The id of the request that the token came with.
    request: Option<HeaderValue>,
    found: OnceLock<Expiry>,
    /// Once the call has counted as a use.
    used: OnceLock<Expiry>,
}

impl TokenNote {
    fn of(request: HeaderValue) -> Self {
        Self(Arc::new(Ends {
            request: Some(request),
            ..Ends::default()
        }))
    }

    /// The id of the request that the token came with.
    pub(crate) fn request(&self) -> Option<HeaderValue> {
        self.0.request.clone()
    }

    /// Notes the end: in the future, in the past for a dead token, or never.
    pub(crate) fn set(&self, expiry: Expiry) {
        // Two extractors may verify the same token; both see the same end.
        let _ = self.0.found.set(expiry);
    }

    /// Notes the end as it is now that the call has counted as a use, which may have renewed the token.
    pub(crate) fn set_used(&self, expiry: Expiry) {
        let _ = self.0.used.set(expiry);
    }

    fn write(&self, headers: &mut HeaderMap, now: Timestamp) {
        let Some(expiry) = self.0.used.get().or(self.0.found.get()) else {
            return;
        };
        let Some(at) = expiry.instant() else {
            headers.insert(TOKEN_EXPIRES_AT, HeaderValue::from_static("never"));
            return;
        };
        if let Ok(text) = HeaderValue::try_from(at.to_string()) {
            headers.insert(TOKEN_EXPIRES_AT, text);
        }
        let left = at.millis_since(now).max(0) / SECOND;
        headers.insert(TOKEN_EXPIRES_IN, HeaderValue::from(left));
    }
}

/// What the log says of a call: never a query, a header or a body, which may hold secrets.
struct Line {
    method: Method,
    route: Option<MatchedPath>,
}

impl Line {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            route: request.extensions().get::<MatchedPath>().cloned(),
        }
    }

    fn write(&self, id: &str, status: StatusCode, elapsed: Duration, cause: Option<&str>) {
        let method = self.method.as_str();
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let route = self.route.as_ref().map_or("-", MatchedPath::as_str);
        let status = status.as_u16();
        match cause {
            Some(cause) => error!(id, method, route, status, ms, cause, "request"),
            None if is_frequent(route) && status < 500 => {
                debug!(id, method, route, status, ms, "request");
            }
            None => info!(id, method, route, status, ms, "request"),
        }
    }
}

/// Routes that other programs call many times a second; their lines are there at level debug.
fn is_frequent(route: &str) -> bool {
    route.starts_with("/verify") || matches!(route, "/healthz" | "/readyz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_id_is_taken_over() {
        let id = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(text));
            incoming_id(&headers).is_some()
        };
        assert!(id("0193-abc_DEF.1"));
        for text in ["", "a b", "a\"b", "<script>"] {
            assert!(!id(text), "{text}");
        }
        assert!(!id(Box::leak("a".repeat(65).into_boxed_str())));
    }

    #[test]
    fn a_token_says_what_it_has_left() {
        let left = |expiry: Expiry| {
            let (note, mut headers) = (TokenNote::default(), HeaderMap::new());
            note.set(expiry);
            note.write(&mut headers, Timestamp::from_millis(10_000));
            headers
                .get(TOKEN_EXPIRES_IN)
                .map(|left| left.to_str().unwrap().to_owned())
        };
        let at = |millis| Expiry::At(Timestamp::from_millis(millis));
        assert_eq!(left(at(12_999)).as_deref(), Some("2"));
        assert_eq!(left(at(10_000)).as_deref(), Some("0"));
        assert_eq!(left(at(1)).as_deref(), Some("0"));
        assert_eq!(left(Expiry::Never), None);
    }
}
