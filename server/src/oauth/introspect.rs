//! `/oauth/introspect`: an API asks whether a token is good (RFC 7662).
//!
//! It is for the plan's registered resource servers, and speaks of the tokens of their plan alone: of any
//! other it says what it says of an unknown one.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tenure_domain::{
    id::{ClientId, PlanId, TokenId, UserId},
    problem::Kind,
    scope::Scopes,
    time::SECOND,
    token::Expiry,
};
use utoipa::ToSchema;

use super::{
    OauthError, OauthResult,
    client_auth::authenticate_from_memory,
    error::{NO_STORE, oauth_errors},
    form::Form,
};
use crate::{
    address::ClientAddress,
    sightings::Arrival,
    state::AppState,
    store::StoreError,
    verifier::{Outcome, Used, Verified},
};

oauth_errors! {
    IntrospectionErrors {
        400: InvalidRequest, "the request cannot be read";
        401: InvalidClient, "the client did not prove who it is";
        403: UnauthorizedClient, "it is no resource server";
        429: TemporarilyUnavailable, "too many wrong secrets from one address";
    }
}

/// The form of a request.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it documents the form; `Form` reads it")]
pub(crate) struct IntrospectionRequest {
    /// The token's text.
    token: String,
    /// Of no use here: a token's text says what it is.
    token_type_hint: Option<String>,
    /// The resource server, unless it says so by HTTP basic authentication.
    client_id: Option<String>,
    /// Its secret, if it is registered to send it here.
    client_secret: Option<String>,
}

/// What is said of a token (RFC 7662, section 2.2).
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Introspection {
    /// It works.
    Active(Box<ActiveToken>),
    /// It does not, and nothing more is said.
    Inactive {
        /// False.
        active: bool,
    },
}

/// A token that works.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActiveToken {
    /// True.
    active: bool,
    /// The owner's id.
    sub: UserId,
    /// The client that holds it; absent for a user access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
    /// What it may be used for.
    scope: Scopes,
    /// When it was issued, in seconds since 1970.
    iat: i64,
    /// When it stops working by itself, in seconds since 1970, rounded down; absent for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// `Bearer`.
    token_type: &'static str,
    /// The token's id.
    jti: TokenId,
    /// Who says so.
    iss: String,
    /// The plan that it works in.
    plan: PlanId,
}

/// Is this token good?
///
/// For the plan's resource servers. An answer may be kept until `exp` at the latest; see the guide for
/// integrators.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "oauth", operation_id = "oauth_introspect",
    request_body(content = IntrospectionRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "What is said of the token", body = Introspection),
        IntrospectionErrors,
    ),
    security(()),
)]
pub(crate) async fn introspect(
    State(app): State<AppState>,
    headers: HeaderMap,
    arrival: Arrival,
    form: Form,
) -> OauthResult<Response> {
    let address = ClientAddress(arrival.address);
    let client = authenticate_from_memory(&app, &headers, &form, address).await?;
    if !client.resource_server {
        return Err(OauthError::forbidden(
            "only a resource server may introspect",
        ));
    }
    let text = form.need("token", "token is missing")?;
    let asked = Asked {
        app: &app,
        plan: &client.plan,
        arrival: arrival.by_resource_server(&client.id),
    };
    let answer = match asked.about(text).await? {
        Some((verified, expiry)) => {
            let issuer = app.settings.public_url.clone();
            Introspection::Active(Box::new(active(&verified, expiry, issuer)))
        }
        None => Introspection::Inactive { active: false },
    };
    Ok((NO_STORE, Json(answer)).into_response())
}

/// A question of a plan's resource server.
struct Asked<'a> {
    app: &'a AppState,
    plan: &'a PlanId,
    arrival: Arrival,
}

impl Asked<'_> {
    /// The token of this text and when it ends, if it works and is the plan's.
    async fn about(&self, text: &str) -> Result<Option<(Verified, Expiry)>, StoreError> {
        let Self { app, plan, arrival } = self;
        let refused = match app.verifier.verify(text).await? {
            Outcome::Works(verified) if verified.plan_id() == **plan => {
                match app.verifier.record_use(&verified, arrival.address).await? {
                    Used::Until(expiry) => {
                        app.sightings.works(arrival, &verified);
                        return Ok(Some((verified, expiry)));
                    }
                    Used::Refused(refused) => refused,
                }
            }
            Outcome::Works(_) => {
                self.is_foreign(Kind::TokenUnknown);
                return Ok(None);
            }
            Outcome::Refused(refused) => refused,
        };
        match refused.known {
            Some(known) if known.plan.to_string() == plan.as_str() => {
                app.sightings.refused(arrival, &refused, app.clock.now());
            }
            _ => self.is_foreign(refused.kind),
        }
        Ok(None)
    }

    fn is_foreign(&self, kind: Kind) {
        let now = self.app.clock.now();
        self.app
            .sightings
            .foreign(&self.arrival, self.plan, kind, now);
    }
}

fn active(verified: &Verified, expiry: Expiry, iss: String) -> ActiveToken {
    let seconds = |at: tenure_domain::time::Timestamp| at.as_millis().div_euclid(SECOND);
    ActiveToken {
        active: true,
        sub: verified.owner_id(),
        client_id: verified.client.map(|client| ClientId(client.to_string())),
        scope: verified.scope.as_ref().clone(),
        iat: seconds(verified.created_at),
        exp: expiry.instant().map(seconds),
        token_type: "Bearer",
        jti: verified.token_id(),
        iss,
        plan: verified.plan_id(),
    }
}
