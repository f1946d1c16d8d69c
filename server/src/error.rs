//! Everything that goes wrong in a handler, on its way to a problem document (RFC 9457).
//!
//! An [`ApiError`] carries its problem and, for the log alone, its cause. It does not write the body:
//! the outermost layer (`answer`) does, because only that knows the request's id, and because it turns
//! the bare refusals of other layers into problems in the same place.

use std::{error::Error, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use tenure_domain::{
    problem::{FieldError, Kind, Problem},
    wire::policies::ExpirationPolicy,
};

use crate::{password::PasswordFailure, store::StoreError};

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal or a failure, as the caller will read it.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    problem: Problem,
    headers: HeaderMap,
    cause: Option<String>,
}

/// A problem that waits for its reference, in the extensions of a response.
#[derive(Clone)]
pub(crate) struct Pending {
    /// What the caller will read, still without a reference.
    pub(crate) problem: Arc<Problem>,
    /// What only the log may say.
    pub(crate) cause: Option<Arc<str>>,
}

/// An answer that is an error and has its own body already: the authorization server's errors have the
/// shape that their standards give them. The log alone hears the cause.
#[derive(Clone)]
pub(crate) struct Whole {
    /// What only the log may say.
    pub(crate) cause: Option<Arc<str>>,
}

impl ApiError {
    /// A problem of this kind, with the headers that its status asks for.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(challenge) = challenge(kind) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if kind == Kind::Unavailable {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Self(Box::new(Inner {
            kind,
            problem: Problem::new(kind),
            headers,
            cause: None,
        }))
    }

    /// Something broke. The cause goes to the log; the caller is told nothing of it.
    #[must_use]
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(Kind::Internal).caused_by(cause)
    }

    /// Values that are not valid, each with its pointer.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::ValidationFailed);
        error.0.problem.errors = errors;
        error
    }

    /// The caller saw an older version than `current`.
    #[must_use]
    pub fn stale(current: ExpirationPolicy) -> Self {
        let mut error = Self::new(Kind::StaleVersion);
        error.0.problem.current = Some(Box::new(current));
        error
    }

    /// The caller's token lacks these scopes (RFC 6750, section 3.1 lets the challenge name them).
    #[must_use]
    pub fn insufficient_scope(needed: &str) -> Self {
        let error = Self::new(Kind::InsufficientScope)
            .detail(format!("the token needs the scope {needed}"));
        // What stands between the quotes (RFC 6750, section 3). What a caller sent may be no scope's name; then
        // the challenge has none.
        let quotable = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte);
        if !needed.bytes().all(quotable) {
            return error;
        }
        let challenge =
            format!("Bearer realm=\"tenure\", error=\"insufficient_scope\", scope=\"{needed}\"");
        match HeaderValue::from_str(&challenge) {
            Ok(challenge) => error.header(WWW_AUTHENTICATE, challenge),
            Err(_unprintable) => error,
        }
    }

    /// There were too many attempts; the next one may be made after `wait`.
    #[must_use]
    pub fn too_many(wait: Duration) -> Self {
        let seconds = u64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX);
        Self::new(Kind::RateLimited)
            .detail(format!("try again in {seconds} seconds"))
            .header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Says what happened this time, and what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.problem.detail = Some(detail.into());
        self
    }

    /// Names the values that the problem is about.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.problem.errors = errors;
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Says, to the log alone, what lay behind it.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
}

/// The challenge of a 401 (RFC 9110, section 15.5.2) and of a missing scope (RFC 6750, section 3).
///
/// A call without any credentials gets a bare challenge: RFC 6750, section 3.1 wants no error code then.
fn challenge(kind: Kind) -> Option<HeaderValue> {
    let invalid_token = |description: &str| {
        format!(
            "Bearer realm=\"tenure\", error=\"invalid_token\", error_description=\"{description}\""
        )
    };
    let text = match kind {
        Kind::TokenMalformed
        | Kind::TokenUnknown
        | Kind::TokenExpired
        | Kind::TokenRevoked
        | Kind::OwnerDeactivated => invalid_token(kind.title()),
        Kind::InsufficientScope => {
            "Bearer realm=\"tenure\", error=\"insufficient_scope\"".to_owned()
        }
        kind if kind.status() == 401 => "Bearer realm=\"tenure\"".to_owned(),
        _ => return None,
    };
    HeaderValue::from_str(&text).ok()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let inner = *self.0;
        let status =
            StatusCode::from_u16(inner.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        *response.headers_mut() = inner.headers;
        response.extensions_mut().insert(Pending {
            problem: Arc::new(inner.problem),
            cause: inner.cause.map(Arc::from),
        });
        response
    }
}

impl From<Kind> for ApiError {
    fn from(kind: Kind) -> Self {
        Self::new(kind)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let kind = if error.is_unavailable() {
            Kind::Unavailable
        } else {
            Kind::Internal
        };
        Self::new(kind).caused_by(chain(&error))
    }
}

impl From<PasswordFailure> for ApiError {
    fn from(failure: PasswordFailure) -> Self {
        let kind = match failure {
            PasswordFailure::Busy => Kind::Unavailable,
            PasswordFailure::Broken => Kind::Internal,
        };
        Self::new(kind).caused_by(failure.to_string())
    }
}

impl From<Vec<FieldError>> for ApiError {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::invalid(errors)
    }
}

/// An error and its sources in one line, for the log.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
