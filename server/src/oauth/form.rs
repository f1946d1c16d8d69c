//! The parameters of a request, from its form body (RFC 6749, appendix B).

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE},
};
use tokio::time::timeout;
use url::form_urlencoded;

use super::{ErrorCode, OauthError};

/// How long a client may take to send its form.
const FORM_WITHIN: Duration = Duration::from_secs(20);

/// The parameters. An empty one counts as absent, and none comes twice (RFC 6749, section 3.2).
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// The parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameter of this name, without which nothing can be done.
    pub(crate) fn need(&self, name: &str, description: &'static str) -> Result<&str, OauthError> {
        self.get(name)
            .ok_or(OauthError::new(ErrorCode::InvalidRequest, description))
    }

    fn parse(body: &[u8]) -> Result<Self, OauthError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if !value.is_empty()
                && parameters
                    .insert(name.into_owned(), value.into_owned())
                    .is_some()
            {
                return Err(OauthError::new(
                    ErrorCode::InvalidRequest,
                    "a parameter came twice",
                ));
            }
        }
        Ok(Self(parameters))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = OauthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OauthError> {
        let refused = |description| OauthError::new(ErrorCode::InvalidRequest, description);
        if !is_form(request.headers()) {
            return Err(refused(
                "the body must be application/x-www-form-urlencoded",
            ));
        }
        let body = timeout(FORM_WITHIN, Bytes::from_request(request, state))
            .await
            .map_err(|_late| refused("the body took too long"))?
            .map_err(|_| refused("the body is too large or ended early"))?;
        Self::parse(&body)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| {
            essence
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_parameter_is_absent_and_a_repeated_one_is_refused() {
        let form = Form::parse(b"scope=&state=a%20b&state2=%C3%A9")
            .ok()
            .unwrap();
        assert_eq!(form.get("scope"), None);
        assert_eq!(form.get("state"), Some("a b"));
        assert_eq!(form.get("state2"), Some("\u{e9}"));
        assert!(Form::parse(b"code=1&code=2").is_err());
    }
}
