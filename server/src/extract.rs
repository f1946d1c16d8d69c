//! Extractors for bodies, queries and paths whose rejections are problems that say what is wrong and where.
//!
//! Who calls is not decided here but in `auth`.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE, request::Parts},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path as ErrorPath, Segment};
use tenure_domain::problem::{FieldError, Kind};
use tokio::time::timeout;

use crate::error::ApiError;

/// The most bytes of a body that are read.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a client may take to send a body: less than a whole call may take.
const BODY_WITHIN: Duration = Duration::from_secs(20);

/// A JSON body.
///
/// Rejects with `unsupported_media_type`, `request_timeout`, `body_too_large`, `invalid_json`, or
/// `validation_failed` with the pointer of the first value that has the wrong shape. Values are never repeated in the
/// answer: one of them may be a password.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(Kind::UnsupportedMediaType.into());
        }
        let body = timeout(BODY_WITHIN, Bytes::from_request(request, state))
            .await
            .map_err(|_late| Kind::RequestTimeout)?
            .map_err(|rejection| unreadable(&rejection))?;
        parse(&body).map(Self)
    }
}

/// Whether the media type is `application/json` or a JSON dialect (RFC 6839, section 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase())
        .is_some_and(|essence| {
            essence == "application/json"
                || (essence.starts_with("application/") && essence.ends_with("+json"))
        })
}

fn unreadable(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Kind::BodyTooLarge.into()
    } else {
        ApiError::new(Kind::InvalidRequest).detail("the body ended before it was complete")
    }
}

/// Reads a JSON text, refusing anything after it.
///
/// Every body is an object; serde would also take an array of its members in their order.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::invalid(vec![FieldError {
            pointer: String::new(),
            code: "wrong_type".to_owned(),
            detail: "expected an object".to_owned(),
        }]));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        if error.inner().is_data() {
            let (message, path) = (error.inner().to_string(), error.path());
            ApiError::invalid(vec![wrong_shape(&message, path)])
        } else {
            invalid_json(error.inner())
        }
    })?;
    json.end().map_err(|error| invalid_json(&error))?;
    Ok(value)
}

fn invalid_json(error: &serde_json::Error) -> ApiError {
    let (line, column) = (error.line(), error.column());
    ApiError::new(Kind::InvalidJson).detail(format!(
        "it stops being JSON at line {line}, column {column}"
    ))
}

/// Names the member that serde stumbled over. Its message is read for what was expected, and for the
/// member's name where the path ends one level above; the value that it quotes is dropped.
fn wrong_shape(message: &str, path: &ErrorPath) -> FieldError {
    let pointer = pointer(path);
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    let below = |code: &str, detail: &str| FieldError {
        pointer: format!(
            "{}/{}",
            pointer_above(&pointer, quoted()),
            escaped(quoted())
        ),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    if message.starts_with("missing field") {
        return below("missing", "this member is needed");
    }
    if message.starts_with("unknown field") {
        return below("unknown_member", "there is no such member here");
    }
    if message.starts_with("duplicate field") {
        return below("duplicate_member", "this member came twice");
    }
    let detail = message
        .split_once(", expected ")
        .map(|(_, expected)| expected.split(" at line ").next().unwrap_or_default())
        .map_or_else(
            || "this value has the wrong type".to_owned(),
            |expected| match expected {
                name if name.starts_with("struct ") => "expected an object".to_owned(),
                expected => format!("expected {expected}"),
            },
        );
    FieldError {
        pointer,
        code: "wrong_type".to_owned(),
        detail,
    }
}

/// The pointer of the object that holds `member`: serde's path sometimes ends at the member itself.
fn pointer_above<'a>(pointer: &'a str, member: &str) -> &'a str {
    pointer
        .strip_suffix(&escaped(member))
        .and_then(|above| above.strip_suffix('/'))
        .unwrap_or(pointer)
}

/// The JSON pointer (RFC 6901) of a path.
fn pointer(path: &ErrorPath) -> String {
    let mut pointer = String::new();
    for segment in path {
        let step = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => escaped(key),
            Segment::Enum { variant } => escaped(variant),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    pointer
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// The query string. Rejects with `invalid_request`, naming the parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                Err(ApiError::new(Kind::InvalidRequest).detail(rejection.body_text()))
            }
        }
    }
}

/// The parameters in the path. A path that cannot be decoded names nothing: `not_found`.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(ApiError::internal(rejection.body_text()))
            }
            Err(_) => Err(Kind::NotFound.into()),
        }
    }
}

/// A JSON answer.
impl<T: serde::Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[allow(dead_code, reason = "only its shape matters")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code, reason = "only its shape matters")]
        count: u8,
    }

    fn field(body: &str) -> (String, String, String) {
        let mut json = serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, Outer>(&mut json).unwrap_err();
        let error = wrong_shape(&error.inner().to_string(), error.path());
        (error.pointer, error.code, error.detail)
    }

    #[test]
    fn a_wrong_shape_is_named_by_its_pointer() {
        for (body, pointer, code) in [
            ("{}", "/inner", "missing"),
            (r#"{"inner":{}}"#, "/inner/count", "missing"),
            (
                r#"{"inner":{"count":1,"a/b":1}}"#,
                "/inner/a~1b",
                "unknown_member",
            ),
            (
                r#"{"inner":{"count":1,"count":1}}"#,
                "/inner/count",
                "duplicate_member",
            ),
            (r#"{"inner":{"count":"x"}}"#, "/inner/count", "wrong_type"),
            (r#"{"inner":[]}"#, "/inner", "wrong_type"),
            ("7", "", "wrong_type"),
        ] {
            let (at, what, _) = field(body);
            assert_eq!((at.as_str(), what.as_str()), (pointer, code), "{body}");
        }
    }

    #[test]
    fn a_value_is_never_repeated() {
        let (_, _, detail) = field(r#"{"inner":{"count":"hunter2"}}"#);
        assert_eq!(detail, "expected u8");
    }
}
