//! `/oauth/token`: from a code to a pair of tokens, and from a refresh token to the next pair (RFC 6749,
//! sections 4.1.3 and 6; RFC 7636, section 4.5).

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tenure_domain::{
    scope::Scopes,
    time::{SECOND, Timestamp},
    token::RevocationReason,
};
use utoipa::ToSchema;

use super::{
    ErrorCode, OauthError, OauthResult,
    client_auth::{authenticate, guess},
    error::{NO_STORE, oauth_errors},
    form::Form,
    pkce,
};
use crate::{
    address::ClientAddress,
    ops::{
        Actor,
        grants::{self, Mint, Pair},
    },
    secret,
    sightings::Arrival,
    state::AppState,
    store::{
        Tx, memberships,
        oauth_clients::Client,
        oauth_codes,
        oauth_grants::{self, Ending, Grant},
    },
};

oauth_errors! {
    TokenErrors {
        400: InvalidRequest InvalidGrant InvalidScope UnauthorizedClient UnsupportedGrantType,
            "there is no pair of tokens for this";
        401: InvalidClient, "the client did not prove who it is";
        429: TemporarilyUnavailable, "too many wrong secrets or unknown tokens from one address";
    }
}

/// How long a code can be exchanged (RFC 6749, section 4.1.2 advises at most ten minutes).
pub(crate) const CODE_LIFETIME: i64 = 60 * SECOND;

/// A pair of tokens (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    /// Seconds until the access token stops working by itself; absent when it never does.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    refresh_token: String,
    /// What the access token may be used for.
    scope: Scopes,
}

/// The form of a request.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it documents the form; `Form` reads it")]
pub(crate) struct TokenRequest {
    /// `authorization_code` or `refresh_token`.
    grant_type: String,
    /// With a code: its text.
    code: Option<String>,
    /// With a code: where it was sent, to the character.
    redirect_uri: Option<String>,
    /// With a code: what its challenge was made of.
    code_verifier: Option<String>,
    /// With a refresh token: its text.
    refresh_token: Option<String>,
    /// With a refresh token: fewer scopes than were allowed.
    scope: Option<String>,
    /// The client, unless it says so by HTTP basic authentication.
    client_id: Option<String>,
    /// Its secret, if it is registered to send it here.
    client_secret: Option<String>,
}

/// Exchanges a code, or a refresh token, for a pair of tokens
///
/// A refresh token works once; the pair that it belonged to stops with it. Errors are those of RFC 6749,
/// section 5.2.
#[utoipa::path(
    post, path = "/oauth/token", tag = "oauth", operation_id = "oauth_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A pair of tokens", body = TokenResponse),
        TokenErrors,
    ),
    security(()),
)]
pub(crate) async fn token(
    State(app): State<AppState>,
    headers: HeaderMap,
    arrival: Arrival,
    form: Form,
) -> OauthResult<Response> {
    let address = ClientAddress(arrival.address);
    let grant_type = form.need("grant_type", "grant_type is missing")?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let client = authenticate(&app, &mut tx, &headers, &form, address).await?;
    if client.resource_server {
        return Err(OauthError::new(
            ErrorCode::UnauthorizedClient,
            "a resource server gets no tokens",
        ));
    }
    let actor = Actor {
        user: None,
        address: address.to_text(),
    };
    let call = Call {
        app: &app,
        client: &client,
        form: &form,
        address,
        arrival: arrival.for_refresh(),
        now,
        actor: &actor,
    };
    match grant_type {
        "authorization_code" => call.exchange(tx).await,
        "refresh_token" => call.refresh(tx).await,
        _ => Err(OauthError::new(
            ErrorCode::UnsupportedGrantType,
            "grant_type must be authorization_code or refresh_token",
        )),
    }
}

/// A call of a client that has proved who it is.
pub(super) struct Call<'a> {
    pub(super) app: &'a AppState,
    pub(super) client: &'a Client,
    pub(super) form: &'a Form,
    pub(super) address: ClientAddress,
    pub(super) arrival: Arrival,
    pub(super) now: Timestamp,
    actor: &'a Actor,
}

pub(super) const fn no_grant(description: &'static str) -> OauthError {
    OauthError::new(ErrorCode::InvalidGrant, description)
}

impl Call<'_> {
    pub(super) fn mint(&self) -> Mint<'_> {
        Mint {
            random: &self.app.random,
            now: self.now,
            actor: self.actor,
        }
    }

    async fn exchange(&self, mut tx: Tx) -> OauthResult<Response> {
        let text = self.form.need("code", "code is missing")?;
        let redirect_uri = self.form.get("redirect_uri").unwrap_or_default();
        let verifier = self
            .form
            .need("code_verifier", "code_verifier is missing")?;
        let hash = secret::hash(text);
        let Some(code) = oauth_codes::get(&mut tx, &hash).await? else {
            guess(self.app, self.address)?;
            return Err(no_grant("there is no such code"));
        };
        let grant = self.grant(&mut tx, &code.grant).await?;
        if code.used_at.is_some() {
            // Whoever was first may not be whom the person meant (RFC 6749, section 4.1.2).
            self.end(tx, &grant, Ending::Revoked(RevocationReason::Reuse))
                .await?;
            return Err(no_grant(
                "the code was used before; all that came of it has ended",
            ));
        }
        if self.now.millis_since(code.created_at) >= CODE_LIFETIME {
            return Err(no_grant(
                "the code has expired; it can be exchanged for 60 seconds",
            ));
        }
        if code.redirect_uri != redirect_uri {
            return Err(no_grant(
                "redirect_uri is not the one that the code was sent to",
            ));
        }
        if !pkce::proves(verifier, &code.code_challenge) {
            return Err(no_grant("code_verifier does not fit the code_challenge"));
        }
        self.still_allowed(&mut tx, &grant).await?;
        if !oauth_codes::mark_used(&mut tx, &hash, self.now).await? {
            return Err(no_grant("the code was used before"));
        }
        let pair = self.mint().begin(&mut tx, &grant).await?;
        tx.commit().await?;
        Ok(self.answer(pair))
    }

    /// The grant, if it is this client's: what others hold is not told apart from what is not there.
    pub(super) async fn grant(
        &self,
        tx: &mut Tx,
        id: &tenure_domain::id::GrantId,
    ) -> OauthResult<Grant> {
        let grant = oauth_grants::get(tx, id).await?;
        grant
            .filter(|grant| grant.client == self.client.id)
            .ok_or(no_grant("it was issued to another client"))
    }

    /// Whether the person may still act in the plan; their grants end when they may not.
    pub(super) async fn still_allowed(&self, tx: &mut Tx, grant: &Grant) -> OauthResult<()> {
        if grant.ended_at.is_some() {
            return Err(no_grant("the authorization has ended; authorize again"));
        }
        match memberships::get(tx, &grant.user, &grant.plan).await? {
            Some(_) => Ok(()),
            None => Err(no_grant("the user is no longer active in the plan")),
        }
    }

    /// The scopes that are asked for, which are never more than were allowed (RFC 6749, section 6).
    pub(super) fn narrowed(&self, grant: &Grant) -> OauthResult<Scopes> {
        let refused = |description| OauthError::new(ErrorCode::InvalidScope, description);
        let Some(asked) = self.form.get("scope") else {
            return Ok(grant.scope.clone());
        };
        let asked = Scopes::parse(asked).map_err(|_| refused("scope cannot be read"))?;
        if asked.within(&grant.scope) {
            Ok(asked)
        } else {
            Err(refused(
                "more was asked for than the person allowed; authorize again",
            ))
        }
    }

    pub(super) async fn end(&self, mut tx: Tx, grant: &Grant, ending: Ending) -> OauthResult<()> {
        grants::end(&mut tx, self.now, self.actor, grant, ending).await?;
        Ok(tx.commit().await?)
    }

    pub(super) fn answer(&self, pair: Pair) -> Response {
        let expires_in = pair
            .expiry
            .instant()
            .map(|at| at.millis_since(self.now).max(0) / SECOND);
        let body = TokenResponse {
            access_token: pair.access.reveal(),
            token_type: "Bearer",
            expires_in,
            refresh_token: pair.refresh.reveal(),
            scope: pair.scope,
        };
        (NO_STORE, Json(body)).into_response()
    }
}
