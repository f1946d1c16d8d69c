//! `/oauth/revoke`: a client gives back what it holds (RFC 7009).
//!
//! Either token of a pair ends the whole grant, also one that was replaced meanwhile: a client that gives
//! back a token wants nothing to work that came of it.

use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use tenure_domain::{
    id::GrantId,
    token::RevocationReason,
    token_text::{self, TextKind},
};
use utoipa::ToSchema;

use super::{
    OauthResult,
    client_auth::authenticate,
    error::{NO_STORE, oauth_errors},
    form::Form,
};
use crate::{
    address::ClientAddress,
    ops::{Actor, grants},
    secret,
    state::AppState,
    store::{
        Tx,
        oauth_grants::{self, Ending},
        oauth_refresh_tokens as refresh_tokens, tokens,
    },
};

oauth_errors! {
    RevocationErrors {
        400: InvalidRequest, "the request cannot be read";
        401: InvalidClient, "the client did not prove who it is";
        429: TemporarilyUnavailable, "too many wrong secrets from one address";
    }
}

/// The form of a request.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it documents the form; `Form` reads it")]
pub(crate) struct RevocationRequest {
    /// The token's text.
    token: String,
    /// Of no use here: a token's text says what it is.
    token_type_hint: Option<String>,
    /// The client, unless it says so by HTTP basic authentication.
    client_id: Option<String>,
    /// Its secret, if it is registered to send it here.
    client_secret: Option<String>,
}

/// Gives a token back
///
/// Its whole authorization ends. A token that is unknown, dead or another client's is answered alike
/// (RFC 7009, section 2.2).
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "oauth", operation_id = "oauth_revoke",
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token does not work any more"),
        RevocationErrors,
    ),
    security(()),
)]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    headers: HeaderMap,
    address: ClientAddress,
    form: Form,
) -> OauthResult<impl IntoResponse> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let client = authenticate(&app, &mut tx, &headers, &form, address).await?;
    let text = form.need("token", "token is missing")?;
    let Some(grant) = grant_of(&mut tx, text).await? else {
        return Ok(NO_STORE);
    };
    let grant = oauth_grants::get(&mut tx, &grant).await?;
    let Some(grant) = grant.filter(|grant| grant.client == client.id) else {
        return Ok(NO_STORE);
    };
    let actor = Actor {
        user: None,
        address: address.to_text(),
    };
    let ending = Ending::Revoked(RevocationReason::Client);
    grants::end(&mut tx, now, &actor, &grant, ending).await?;
    tx.commit().await?;
    Ok(NO_STORE)
}

/// The grant that a token's text belongs to.
async fn grant_of(tx: &mut Tx, text: &str) -> OauthResult<Option<GrantId>> {
    let hash = secret::hash(text);
    Ok(match token_text::recognise(text) {
        Ok(TextKind::Refresh) => refresh_tokens::by_hash(tx, &hash)
            .await?
            .map(|token| token.grant),
        Ok(TextKind::Access(_)) => tokens::by_hash(tx, &hash)
            .await?
            .and_then(|token| token.held)
            .map(|held| held.grant),
        Err(_) => None,
    })
}
