//! Errors as RFC 6749 spells them (sections 4.1.2.1 and 5.2).

use std::sync::Arc;

use axum::{
    Json,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{Content, Ref, RefOr, ResponseBuilder, extensions::Extensions, response},
};

use crate::{
    error::{Whole, chain},
    store::StoreError,
};

/// What an endpoint here returns.
pub(crate) type OauthResult<T> = Result<T, OauthError>;

/// The codes of RFC 6749.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    /// A parameter is missing, unknown, repeated or malformed.
    InvalidRequest,
    /// The client did not prove who it is.
    InvalidClient,
    /// The code or refresh token is not good, or another client's.
    InvalidGrant,
    /// The client may not do this.
    UnauthorizedClient,
    /// No such grant type is offered.
    UnsupportedGrantType,
    /// No such response type is offered.
    UnsupportedResponseType,
    /// A scope is unknown, malformed, or more than may be asked for.
    InvalidScope,
    /// The person or the server refused.
    AccessDenied,
    /// Something broke.
    ServerError,
    /// The server cannot answer at the moment, or was asked too often.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// The code's text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// An error of the token, revocation or introspection endpoint (RFC 6749, section 5.2).
#[derive(Debug)]
pub(crate) struct OauthError {
    pub(crate) code: ErrorCode,
    pub(crate) description: &'static str,
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
    cause: Option<Arc<str>>,
}

impl OauthError {
    /// This code. The description is for the client's developer; it repeats nothing of the request.
    pub(crate) const fn new(code: ErrorCode, description: &'static str) -> Self {
        Self {
            code,
            description,
            status: code.status(),
            header: None,
            cause: None,
        }
    }

    /// The client is not who it says; `basic` where it tried by that scheme (RFC 6749, section 5.2).
    pub(crate) fn client(description: &'static str, basic: bool) -> Self {
        let mut error = Self::new(ErrorCode::InvalidClient, description);
        if basic {
            let challenge = HeaderValue::from_static("Basic realm=\"tenure\", charset=\"UTF-8\"");
            error.header = Some((WWW_AUTHENTICATE, challenge));
        }
        error
    }

    /// The client is who it says, and may not do this (403, never 401).
    pub(crate) const fn forbidden(description: &'static str) -> Self {
        let mut error = Self::new(ErrorCode::UnauthorizedClient, description);
        error.status = StatusCode::FORBIDDEN;
        error
    }

    /// Too many wrong secrets, codes or tokens from one place.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let mut error = Self::new(
            ErrorCode::TemporarilyUnavailable,
            "too many wrong secrets or unknown tokens from this address; wait a little",
        );
        error.status = StatusCode::TOO_MANY_REQUESTS;
        error.header = Some((RETRY_AFTER, HeaderValue::from(seconds)));
        error
    }
}

impl From<StoreError> for OauthError {
    fn from(error: StoreError) -> Self {
        let mut refused = if error.is_unavailable() {
            Self::new(
                ErrorCode::TemporarilyUnavailable,
                "the database does not answer",
            )
        } else {
            Self::new(ErrorCode::ServerError, "something went wrong on the server")
        };
        if refused.code == ErrorCode::TemporarilyUnavailable {
            refused.header = Some((RETRY_AFTER, HeaderValue::from_static("1")));
        }
        refused.cause = Some(chain(&error).into());
        refused
    }
}

/// An error as it travels (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
pub(crate) struct OauthErrorBody {
    /// The stable name for programs.
    error: &'static str,
    /// What is wrong, for the client's developer.
    error_description: &'static str,
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = OauthErrorBody {
            error: self.code.as_str(),
            error_description: self.description,
        };
        let mut response = (self.status, NO_STORE, Json(body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
            .extensions_mut()
            .insert(Whole { cause: self.cause });
        response
    }
}

/// The documentation of an error answer, with all of its codes in `x-codes`.
pub(crate) fn documented(codes: &[ErrorCode], why: &str) -> RefOr<response::Response> {
    let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let schema = Ref::from_schema_name("OauthErrorBody");
    let codes = ("x-codes".to_owned(), serde_json::Value::from(names.clone()));
    ResponseBuilder::new()
        .description(format!("`{}`: {why}", names.join("`, `")))
        .content("application/json", Content::new(Some(schema)))
        .extensions(Some(Extensions::from_iter([codes])))
        .build()
        .into()
}

/// Names the errors that an endpoint can answer with, by their status, for its `responses(...)`.
macro_rules! oauth_errors {
    ($name:ident { $($status:literal: $($code:ident)+, $why:literal;)+ }) => {
        struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses()
            -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>>
            {
                [
                    $((
                        stringify!($status),
                        &[$($crate::oauth::ErrorCode::$code),+] as &[_],
                        $why,
                    ),)+
                    ("500", &[$crate::oauth::ErrorCode::ServerError], "something broke"),
                    (
                        "503",
                        &[$crate::oauth::ErrorCode::TemporarilyUnavailable],
                        "the server cannot answer at the moment",
                    ),
                ]
                .into_iter()
                .map(|(status, codes, why)| {
                    (status.to_owned(), $crate::oauth::error::documented(codes, why))
                })
                .collect()
            }
        }
    };
}

pub(crate) use oauth_errors;

/// Nobody keeps an answer with a token in it (RFC 6749, section 5.1).
pub(crate) const NO_STORE: [(HeaderName, HeaderValue); 2] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (PRAGMA, HeaderValue::from_static("no-cache")),
];
