//! The OpenAPI 3.1 document: what all operations share. Each operation is described at its handler.

use std::collections::BTreeMap;

use tenure_domain::{
    problem::{Kind, Problem},
    wire::tokens::Section,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, RefOr, Response, ResponseBuilder,
        extensions::Extensions,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{oauth::OauthErrorBody, routes::users::Standing};

/// The document without its paths, which the router adds.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tenure",
        description = "Gives every API token of a plan one tenure.\n\n\
            Every answer carries `X-Request-Id` and `X-Server-Time` (RFC 3339, UTC, milliseconds). \
            Every answer to a bearer token carries `X-Token-Expires-At` (RFC 3339, or `never`) and, \
            unless it is `never`, `X-Token-Expires-In` (whole seconds; 0 once the token is dead).\n\n\
            Every error is a problem document (RFC 9457). Its `code` is stable; the codes of each \
            status are listed with the operation. The token, revocation and introspection endpoints \
            answer as RFC 6749 says in section 5.2 instead.\n\n\
            Calls that change something are refused when a page of another site makes them with \
            somebody's session (`origin_refused`)."
    ),
    components(schemas(Problem, Section, Standing, OauthErrorBody)),
    modifiers(&Credentials),
    tags(
        (name = "session", description = "Signing in, who am I, signing out"),
        (name = "events", description = "What changed elsewhere, as it happens"),
        (name = "tokens", description = "A user's own tokens"),
        (name = "calendars", description = "Expiries in calendar programs"),
        (name = "audit", description = "Who did what in a plan"),
        (name = "policy", description = "How long the tokens of a plan live"),
        (name = "users", description = "The people of a plan"),
        (name = "alerts", description = "What wants attention, and the program that hears of it"),
        (name = "notices", description = "Mails about tokens"),
        (name = "scopes", description = "What tokens may be used for"),
        (name = "oauth-clients", description = "Who may ask for tokens"),
        (name = "oauth", description = "The authorization server"),
        (name = "verify", description = "Is this token good?"),
        (name = "operation", description = "Is the server alive, and what does it offer?"),
    )
)]
pub(crate) struct Base;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = ApiKeyValue::with_description(
            "tenure_session",
            "A person who signed in. Over https the cookie is `__Host-tenure_session`.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A program with a user access token, `tnr_pat_…`"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// What can go wrong everywhere.
const EVERYWHERE: [Kind; 3] = [Kind::RequestTimeout, Kind::Internal, Kind::Unavailable];

/// The problem answers of an operation: one for each status, with all of its codes in `x-codes`.
pub(crate) fn problems(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<u16, Vec<Kind>>::new();
    // Wherever a dead token is refused, one may be dead because its owner was deactivated.
    let deactivated = kinds
        .contains(&Kind::TokenRevoked)
        .then_some(Kind::OwnerDeactivated);
    // Wherever an unknown token is refused, guessing is slowed down.
    let limited = kinds
        .contains(&Kind::TokenUnknown)
        .then_some(Kind::RateLimited);
    for kind in kinds
        .iter()
        .chain(&deactivated)
        .chain(&limited)
        .chain(&EVERYWHERE)
    {
        let of_status = by_status.entry(kind.status()).or_default();
        if !of_status.contains(kind) {
            of_status.push(*kind);
        }
    }
    by_status
        .into_iter()
        .map(|(status, kinds)| (status.to_string(), RefOr::T(problem(&kinds))))
        .collect()
}

fn problem(kinds: &[Kind]) -> Response {
    let lines: Vec<String> = kinds
        .iter()
        .map(|kind| format!("`{}`: {}", kind.code(), kind.title()))
        .collect();
    let codes: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description(lines.join("\n\n"))
        .content("application/problem+json", Content::new(Some(schema)))
        .extensions(Some(Extensions::from_iter([(
            "x-codes".to_owned(),
            serde_json::Value::from(codes),
        )])))
        .build()
}

/// Names the problems that an operation can answer with, for its `responses(...)`.
macro_rules! operation_problems {
    ($($name:ident: $($kind:ident)+;)+) => {$(
        struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses()
            -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>>
            {
                $crate::openapi::problems(&[$(tenure_domain::problem::Kind::$kind),+])
            }
        }
    )+};
}

pub(crate) use operation_problems;
