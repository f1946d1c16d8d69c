//! `/api/v1/plans/{plan}/oauth-clients`: who may ask for tokens. The members have RFC 7591's names.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{session::UserRef, tokens::parse_name};
use crate::{
    id::ClientId,
    json::from_json,
    period::Period,
    problem::FieldError,
    redirect::{self, MAX_REDIRECT_URIS},
    scope::Scopes,
    time::Timestamp,
};

/// How a client says who it is at the token endpoint (RFC 7591, section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// It does not: it can keep no secret (an app on somebody's device, a page in a browser).
    None,
    /// By HTTP basic authentication.
    #[default]
    ClientSecretBasic,
    /// In the body of the request.
    ClientSecretPost,
}

impl AuthMethod {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::None, Self::ClientSecretBasic, Self::ClientSecretPost];

    /// The method's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }

    /// Whether such a client has a secret (RFC 6749, section 2.1).
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::None)
    }
}

/// A registered client.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Client {
    /// The client's id, which is no secret.
    pub client_id: ClientId,
    /// Its secret: once, in the answer that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What people know it by.
    pub client_name: String,
    /// Where its answers may go, to the character.
    pub redirect_uris: Vec<String>,
    /// How it says who it is.
    pub token_endpoint_auth_method: AuthMethod,
    /// The most that it may ask for.
    pub scope: Scopes,
    /// Whether it is an API that asks whether tokens are good, and nothing else.
    pub resource_server: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: Option<UserRef>,
    /// While the secret before still works: until then.
    pub old_secret_until: Option<Timestamp>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("client_id", &self.client_id)
            .field("client_name", &self.client_name)
            .finish_non_exhaustive()
    }
}

/// Registers a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// What people shall know it by: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub client_name: String,
    /// Where its answers may go. A resource server has none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub redirect_uris: Vec<String>,
    /// How it will say who it is.
    #[serde(default)]
    pub token_endpoint_auth_method: AuthMethod,
    /// The most that it may ask for.
    #[serde(default)]
    pub scope: String,
    /// Whether it only introspects.
    #[serde(default)]
    pub resource_server: bool,
}

/// Changes a client. Its way of saying who it is stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditClient {
    /// What people shall know it by: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub client_name: String,
    /// Where its answers may go.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub redirect_uris: Vec<String>,
    /// The most that it may ask for. Tokens that it holds keep what they have.
    #[serde(default)]
    pub scope: String,
}

/// What a client is, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFacts {
    /// What people know it by.
    pub name: String,
    /// Where its answers may go.
    pub redirect_uris: Vec<String>,
    /// The most that it may ask for.
    pub scope: Scopes,
}

impl NewClient {
    /// The client, checked; the plan may still not offer some of its scopes.
    ///
    /// # Errors
    /// Every value that is not valid, each with its pointer.
    pub fn parse(&self) -> Result<ClientFacts, Vec<FieldError>> {
        let method = self.token_endpoint_auth_method;
        let secretless = (self.resource_server && !method.is_confidential()).then(|| FieldError {
            pointer: "/token_endpoint_auth_method".to_owned(),
            code: "secret_needed".to_owned(),
            detail: "a resource server says who it is with a secret".to_owned(),
        });
        let facts = facts(
            &self.client_name,
            &self.redirect_uris,
            &self.scope,
            self.resource_server,
        );
        match (facts, secretless) {
            (Ok(facts), None) => Ok(facts),
            (facts, secretless) => Err(facts
                .err()
                .into_iter()
                .flatten()
                .chain(secretless)
                .collect()),
        }
    }
}

impl EditClient {
    /// The client, checked; the plan may still not offer some of its scopes.
    ///
    /// # Errors
    /// Every value that is not valid, each with its pointer.
    pub fn parse(&self, resource_server: bool) -> Result<ClientFacts, Vec<FieldError>> {
        facts(
            &self.client_name,
            &self.redirect_uris,
            &self.scope,
            resource_server,
        )
    }
}

fn facts(
    name: &str,
    redirect_uris: &[String],
    scope: &str,
    resource_server: bool,
) -> Result<ClientFacts, Vec<FieldError>> {
    let name = parse_name(name).map_err(|error| error.at("/client_name"));
    let scope = Scopes::parse(scope).map_err(|error| error.at("/scope"));
    let mut errors = redirect_errors(redirect_uris, resource_server);
    match (name, scope) {
        (Ok(name), Ok(scope)) if errors.is_empty() => Ok(ClientFacts {
            name,
            redirect_uris: redirect_uris.to_vec(),
            scope,
        }),
        (name, scope) => {
            errors.extend([name.err(), scope.err()].into_iter().flatten());
            Err(errors)
        }
    }
}

fn redirect_errors(uris: &[String], resource_server: bool) -> Vec<FieldError> {
    let whole = |code: &str, detail: &str| FieldError {
        pointer: "/redirect_uris".to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    if resource_server && !uris.is_empty() {
        return vec![whole(
            "redirect_uri_needless",
            "a resource server sends nobody anywhere",
        )];
    }
    if !resource_server && uris.is_empty() {
        return vec![whole(
            "redirect_uri_missing",
            "an address is needed for the answers to go to",
        )];
    }
    if uris.len() > MAX_REDIRECT_URIS {
        return vec![whole(
            "too_many_redirect_uris",
            "there can be at most 10 addresses",
        )];
    }
    uris.iter()
        .enumerate()
        .filter_map(|(place, uri)| {
            let error = redirect::check(uri).err()?;
            Some(error.at(&format!("/redirect_uris/{place}")))
        })
        .collect()
}

/// Gives a client another secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateSecret {
    /// How long the old secret works beside the new one: at most 24 hours. Null or absent: it stops at
    /// once.
    #[serde(default)]
    pub overlap: Option<Period>,
}

from_json! {
    AuthMethod:
    "none" => None,
    "client_secret_basic" => ClientSecretBasic,
    "client_secret_post" => ClientSecretPost,
}

from_json! {
    Client {
        client_id, client_secret, client_name, redirect_uris, token_endpoint_auth_method, scope,
        resource_server, created_at, created_by, old_secret_until,
    }
}
