//! `/.well-known/oauth-authorization-server`: what the authorization server offers, and where (RFC 8414).

use axum::{Json, extract::State};
use serde::Serialize;
use tenure_domain::{scope::OwnScope, wire::clients::AuthMethod};
use utoipa::ToSchema;

use crate::state::AppState;

/// The metadata (RFC 8414, section 2).
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorizationServerMetadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 2],
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    code_challenge_methods_supported: [&'static str; 1],
    /// Every answer names its issuer (RFC 9207).
    authorization_response_iss_parameter_supported: bool,
}

/// What the authorization server offers
///
/// By RFC 8414. Scopes that a plan defined are not among `scopes_supported`.
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "oauth",
    operation_id = "oauth_metadata",
    responses((status = 200, description = "The metadata", body = AuthorizationServerMetadata)),
    security(()),
)]
pub(crate) async fn metadata(State(app): State<AppState>) -> Json<AuthorizationServerMetadata> {
    let issuer = app.settings.public_url.clone();
    let at = |path: &str| format!("{issuer}{path}");
    let methods: Vec<_> = AuthMethod::ALL
        .into_iter()
        .map(AuthMethod::as_str)
        .collect();
    let secret_methods = AuthMethod::ALL
        .into_iter()
        .filter(|method| method.is_confidential())
        .map(AuthMethod::as_str)
        .collect();
    Json(AuthorizationServerMetadata {
        authorization_endpoint: at("/oauth/authorize"),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/revoke"),
        introspection_endpoint: at("/oauth/introspect"),
        scopes_supported: OwnScope::ALL.into_iter().map(OwnScope::as_str).collect(),
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        grant_types_supported: ["authorization_code", "refresh_token"],
        token_endpoint_auth_methods_supported: methods.clone(),
        revocation_endpoint_auth_methods_supported: methods,
        introspection_endpoint_auth_methods_supported: secret_methods,
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        issuer,
    })
}
