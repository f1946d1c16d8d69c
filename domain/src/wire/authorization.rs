//! `/api/v1/oauth/authorization`: what the consent page shows and answers. The request itself is
//! RFC 6749's, section 4.1.1, with RFC 7636's challenge.

use crate::json::from_json;
use serde::{Deserialize, Serialize};

use super::{scopes::Scope, session::PlanRef, tokens::ClientRef};

/// An authorization request, as the client wrote it into the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationRequest {
    /// Must be `code`.
    #[serde(default)]
    pub response_type: String,
    /// The client's id.
    #[serde(default)]
    pub client_id: String,
    /// Where the answer shall go: one of those that are registered.
    #[serde(default)]
    pub redirect_uri: String,
    /// What the client asks for; without it, all that it may ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Comes back as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The SHA-256 of the verifier, in base64url (RFC 7636, section 4.2).
    #[serde(default)]
    pub code_challenge: String,
    /// Must be `S256`.
    #[serde(default)]
    pub code_challenge_method: String,
}

/// Who asks, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationPrompt {
    /// The client.
    pub client: ClientRef,
    /// The plan that it would act in.
    pub plan: PlanRef,
    /// What it asks for, in words.
    pub scopes: Vec<Scope>,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Whether the person allowed all of it before, so that nobody needs to be asked.
    pub allowed_before: bool,
}

/// The person's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationDecision {
    /// The request that was shown.
    pub request: AuthorizationRequest,
    /// Whether they allow it.
    pub allow: bool,
}

/// Where the browser goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorizationRedirect {
    /// The client's address, with the code or the error in it.
    pub redirect_to: String,
}

from_json! {
    AuthorizationPrompt { client, plan, scopes, redirect_uri, allowed_before }
}

from_json!(AuthorizationRedirect { redirect_to });
