//! Which client calls, and the proof of it (RFC 6749, section 2.3).

use std::{borrow::Borrow, sync::Arc};

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;
use tenure_domain::{id::ClientId, time::Timestamp, wire::clients::AuthMethod};
use url::form_urlencoded;

use super::{ErrorCode, OauthError, OauthResult, form::Form};
use crate::{
    address::ClientAddress,
    secret,
    state::AppState,
    store::{
        Tx,
        oauth_clients::{self, Client},
    },
};

/// How a client says who it is in this request.
struct Presented {
    id: ClientId,
    secret: Option<String>,
    method: AuthMethod,
}

/// The client that calls, by its registered method and with its secret where it has one.
///
/// # Errors
/// `invalid_request` when it says so in two ways, `invalid_client` when it is not who it says.
pub(super) async fn authenticate(
    app: &AppState,
    tx: &mut Tx,
    headers: &HeaderMap,
    form: &Form,
    address: ClientAddress,
) -> OauthResult<Client> {
    let presented = presented(headers, form)?;
    let found = oauth_clients::get(tx, &presented.id).await?;
    proven(app, found, &presented, address)
}

/// The same without the database, where the verifier remembers the client: for calls that only read.
///
/// # Errors
/// As [`authenticate`].
pub(super) async fn authenticate_from_memory(
    app: &AppState,
    headers: &HeaderMap,
    form: &Form,
    address: ClientAddress,
) -> OauthResult<Arc<Client>> {
    let presented = presented(headers, form)?;
    let found = app.verifier.client(&presented.id).await?;
    proven(app, found, &presented, address)
}

/// The client that was found, if it is the one that calls.
fn proven<C: Borrow<Client>>(
    app: &AppState,
    found: Option<C>,
    presented: &Presented,
    address: ClientAddress,
) -> OauthResult<C> {
    let basic = presented.method == AuthMethod::ClientSecretBasic;
    let wrong = |description| Err(OauthError::client(description, basic));
    let Some(found) = found else {
        guess(app, address)?;
        return wrong("there is no such client");
    };
    let client = found.borrow();
    if client.auth_method != presented.method {
        return wrong("the client was registered with another token_endpoint_auth_method");
    }
    if client.auth_method.is_confidential() && !is_secret(client, presented, app.clock.now()) {
        guess(app, address)?;
        return wrong("the client's secret is wrong");
    }
    Ok(found)
}

/// Counts a guess. Nobody who knows their secrets is ever counted, or refused for their neighbours.
pub(super) fn guess(app: &AppState, address: ClientAddress) -> OauthResult<()> {
    app.guesses
        .count(address)
        .map_err(|wait| OauthError::too_many(wait.as_secs().saturating_add(1)))
}

fn presented(headers: &HeaderMap, form: &Form) -> OauthResult<Presented> {
    let in_form = form.get("client_secret").map(str::to_owned);
    let Some((id, secret)) = basic(headers)? else {
        let id = form.need("client_id", "client_id is missing")?.to_owned();
        let method = match in_form {
            Some(_) => AuthMethod::ClientSecretPost,
            None => AuthMethod::None,
        };
        return Ok(Presented {
            id: ClientId(id),
            secret: in_form,
            method,
        });
    };
    if in_form.is_some() || form.get("client_id").is_some_and(|other| other != id) {
        return Err(OauthError::new(
            ErrorCode::InvalidRequest,
            "the client says who it is in two ways",
        ));
    }
    Ok(Presented {
        id: ClientId(id),
        secret: Some(secret),
        method: AuthMethod::ClientSecretBasic,
    })
}

/// Id and secret by HTTP basic authentication; both are form-encoded first (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> OauthResult<Option<(String, String)>> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let unreadable = || OauthError::client("the Authorization header cannot be read", true);
    let text = value.to_str().map_err(|_| unreadable())?;
    let (scheme, encoded) = text.split_once(' ').ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable());
    }
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| unreadable())?;
    let decoded = String::from_utf8(decoded).map_err(|_| unreadable())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(unreadable)?;
    Ok(Some((form_decoded(id), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    // A text without `=` and `&` is one name without a value.
    let escaped = text.replace('=', "%3D").replace('&', "%26");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

fn is_secret(client: &Client, presented: &Presented, now: Timestamp) -> bool {
    let hash = secret::hash(presented.secret.as_deref().unwrap_or_default());
    let is = |kept: &[u8; 32]| bool::from(kept.ct_eq(&hash));
    let new = client.secret_hash.as_ref().is_some_and(is);
    let old = client
        .old_secret
        .as_ref()
        .is_some_and(|(kept, until)| now < *until && is(kept));
    new | old
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_decoded() {
        let mut headers = HeaderMap::new();
        let value = format!("Basic {}", STANDARD.encode("my%3Aapp:a%2Bb+c"));
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        let read = basic(&headers).ok().flatten().unwrap();
        assert_eq!(read, ("my:app".to_owned(), "a+b c".to_owned()));
    }

    #[test]
    fn another_scheme_is_no_client() {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "Bearer abc".parse().unwrap());
        assert_eq!(basic(&headers).unwrap_err().code, ErrorCode::InvalidClient);
    }
}
