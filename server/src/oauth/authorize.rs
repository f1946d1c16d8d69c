//! `/oauth/authorize`: a client sends a person here to ask for their consent (RFC 6749, section 4.1.1).
//!
//! What is wrong with the client or its address is told to the person, here; everything else to the client,
//! there (section 4.1.2.1). A request that is right goes on to the console's consent page, which asks for
//! what it shows at `/api/v1/oauth/authorization` and answers there (`routes::authorization`).

use axum::{
    extract::{Query, RawQuery, State, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, LOCATION},
    },
    response::{IntoResponse, Response},
};
use tenure_domain::{
    id::ClientId,
    problem::Kind,
    redirect,
    scope::{Scopes, is_own},
    wire::authorization::AuthorizationRequest,
};
use url::Url;

use super::{ErrorCode, pkce};
use crate::{
    error::{ApiError, ApiResult},
    openapi::operation_problems,
    state::AppState,
    store::{
        Tx,
        oauth_clients::{self, Client},
        scopes,
    },
};

operation_problems! {
    AuthorizeProblems: InvalidRequest;
}

/// The most characters of a `state`: it travels in addresses.
const MAX_STATE: usize = 2_000;

/// A request that a person can be asked about.
pub(crate) struct Asked {
    /// Who asks.
    pub(crate) client: Client,
    /// Where the answer goes.
    pub(crate) reply: Reply,
    /// What is asked for.
    pub(crate) scope: Scopes,
    /// What the client must prove to know (RFC 7636).
    pub(crate) code_challenge: String,
    /// The `redirect_uri` of the request, empty where it had none: a code's exchange must say the same.
    pub(crate) redirect_uri_sent: String,
}

/// Where an answer goes, and what comes back with it.
pub(crate) struct Reply {
    redirect_uri: String,
    state: Option<String>,
    issuer: String,
}

/// Why nobody is asked.
pub(crate) enum Refusal {
    /// The client or its address is not known, so the answer stays here.
    Here(&'static str),
    /// The client is told.
    There(Reply, ErrorCode, &'static str),
}

impl Reply {
    /// The redirect URI, as it was asked for.
    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The address with a code in it (RFC 6749, section 4.1.2).
    pub(crate) fn with_code(&self, code: &str) -> String {
        self.address(&[("code", code)])
    }

    /// The address with an error in it (RFC 6749, section 4.1.2.1).
    pub(crate) fn with_error(&self, code: ErrorCode, description: &str) -> String {
        self.address(&[("error", code.as_str()), ("error_description", description)])
    }

    /// Its own query stays (section 3.1.2); the issuer keeps clients from mixing servers up (RFC 9207).
    fn address(&self, pairs: &[(&str, &str)]) -> String {
        // It was checked when it was registered.
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return self.redirect_uri.clone();
        };
        let mut query = url.query_pairs_mut();
        query.extend_pairs(pairs);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &self.issuer);
        drop(query);
        url.into()
    }
}

/// Checks a request: first who asks and where the answer goes, then the rest.
pub(crate) async fn check(
    app: &AppState,
    tx: &mut Tx,
    request: AuthorizationRequest,
) -> ApiResult<Result<Asked, Refusal>> {
    let client = oauth_clients::get(tx, &ClientId(request.client_id.clone())).await?;
    let Some(client) = client.filter(|client| !client.resource_server) else {
        return Ok(Err(Refusal::Here(
            "No client of this client_id is registered.",
        )));
    };
    let known = &client.facts.redirect_uris;
    let redirect_uri = match (request.redirect_uri.as_str(), known.as_slice()) {
        // With one address there is no doubt which (section 3.1.2.3).
        ("", [only]) => only.clone(),
        (asked, known) if known.iter().any(|known| redirect::matches(known, asked)) => {
            asked.to_owned()
        }
        _ => {
            return Ok(Err(Refusal::Here(
                "The redirect_uri is not one that this client has registered.",
            )));
        }
    };
    let reply = Reply {
        redirect_uri,
        state: request.state.clone(),
        issuer: app.settings.public_url.clone(),
    };
    // What the plan has removed meanwhile, nobody can ask for any more.
    let defined = scopes::of_plan(tx, &client.plan).await?;
    let most = client
        .facts
        .scope
        .only(|name| is_own(name) || defined.iter().any(|scope| scope.name == name));
    Ok(match wrong(&request, &most) {
        Ok(scope) => Ok(Asked {
            client,
            reply,
            scope,
            code_challenge: request.code_challenge,
            redirect_uri_sent: request.redirect_uri,
        }),
        Err((code, description)) => Err(Refusal::There(reply, code, description)),
    })
}

/// The scopes that are asked for, or what is wrong with the request.
fn wrong(
    request: &AuthorizationRequest,
    most: &Scopes,
) -> Result<Scopes, (ErrorCode, &'static str)> {
    let refused = |description| Err((ErrorCode::InvalidRequest, description));
    match request.response_type.as_str() {
        "code" => {}
        "" => return refused("response_type is missing"),
        _ => {
            return Err((
                ErrorCode::UnsupportedResponseType,
                "response_type must be code",
            ));
        }
    }
    if request.code_challenge.is_empty() {
        return refused("code_challenge is missing");
    }
    // Without a method it would be `plain`, which proves nothing (RFC 9700, section 2.1.1).
    if request.code_challenge_method != "S256" {
        return refused("code_challenge_method must be S256");
    }
    if !pkce::is_challenge(&request.code_challenge) {
        return refused("code_challenge must be a SHA-256 in base64url");
    }
    if request
        .state
        .as_ref()
        .is_some_and(|state| state.len() > MAX_STATE)
    {
        return refused("state is too long");
    }
    let invalid = |description| Err((ErrorCode::InvalidScope, description));
    match request.scope.as_deref().map(Scopes::parse) {
        None => Ok(most.clone()),
        Some(Err(_)) => invalid("scope cannot be read"),
        Some(Ok(asked)) if asked.is_empty() => Ok(most.clone()),
        Some(Ok(asked)) if asked.within(most) => Ok(asked),
        Some(Ok(_)) => invalid("the client may not ask for all of these scopes"),
    }
}

/// Asks a person for their consent
///
/// For browsers: it leads on to the consent page. A request whose client or `redirect_uri` is not known is
/// answered here; every other error goes to the client, as RFC 6749 says in section 4.1.2.1.
#[utoipa::path(
    get, path = "/oauth/authorize", tag = "oauth", operation_id = "oauth_authorize",
    params(
        ("response_type" = String, Query, description = "`code`"),
        ("client_id" = String, Query, description = "The client's id"),
        ("redirect_uri" = Option<String>, Query, description = "One that is registered, to the character"),
        ("scope" = Option<String>, Query, description = "Without it, all that the client may ask for"),
        ("state" = Option<String>, Query, description = "Comes back as it is"),
        ("code_challenge" = String, Query, description = "RFC 7636, by S256"),
        ("code_challenge_method" = String, Query, description = "`S256`"),
    ),
    responses(
        (status = 303, description = "On to the consent page, or back to the client with an error"),
        AuthorizeProblems,
    ),
    security(()),
)]
pub(crate) async fn authorize(
    State(app): State<AppState>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    query: Result<Query<AuthorizationRequest>, QueryRejection>,
) -> ApiResult<Response> {
    let page = format!("/authorize?{}", raw.unwrap_or_default());
    // A parameter that comes twice cannot be read either (section 3.1).
    let Ok(Query(request)) = query else {
        return here(&headers, &page, "A parameter is missing, or came twice.");
    };
    let mut tx = app.store.peek().await?;
    match check(&app, &mut tx, request).await? {
        Ok(_) => see_other(&page),
        Err(Refusal::There(reply, code, description)) => {
            see_other(&reply.with_error(code, description))
        }
        Err(Refusal::Here(detail)) => here(&headers, &page, detail),
    }
}

/// Tells a person on the console's page, and a program by a problem document.
fn here(headers: &HeaderMap, page: &str, detail: &str) -> ApiResult<Response> {
    let html = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if html {
        see_other(page)
    } else {
        Err(ApiError::new(Kind::InvalidRequest).detail(detail))
    }
}

fn see_other(address: &str) -> ApiResult<Response> {
    let location = HeaderValue::from_str(address)
        .map_err(|_| ApiError::new(Kind::InvalidRequest).detail("a parameter cannot be read"))?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}
