//! The endpoints that clients call, times every kind of client.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    callers::{Anonymous, Answer, Bearer, Caller as _, call},
    oauth::world::{Pair, World, error},
};

/// The endpoints.
pub(super) const ROUTES: [&str; 3] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect"];

/// The callers, in the order of the columns.
const CALLERS: [&str; 11] = [
    "nobody",
    "an unknown client",
    "a client with a wrong secret",
    "a client that is registered by another method",
    "the client, by HTTP basic authentication",
    "another client, with its secret in the body",
    "a client without a secret",
    "a resource server",
    "a deleted client",
    "a person who signed in",
    "a program with an access token",
];

/// The error and its status; none where the call is right.
type Gets = Option<(u16, &'static str)>;

const OK: Gets = None;
const NO_CLIENT: Gets = Some((401, "invalid_client"));
const NOBODY: Gets = Some((400, "invalid_request"));
const NOT_ITS: Gets = Some((400, "invalid_grant"));
const NO_TOKENS: Gets = Some((400, "unauthorized_client"));
const NO_QUESTIONS: Gets = Some((403, "unauthorized_client"));

/// What each gets that shows the refresh token of the client, or asks about the access token.
const fn rows() -> [[Gets; CALLERS.len()]; ROUTES.len()] {
    [
        row([OK, NOT_ITS, NOT_ITS, NO_TOKENS]),
        // A token that is another's is answered like one that is dead (RFC 7009, section 2.2).
        row([OK, OK, OK, OK]),
        row([NO_QUESTIONS, NO_QUESTIONS, NO_QUESTIONS, OK]),
    ]
}

const fn row([client, other, public, api]: [Gets; 4]) -> [Gets; CALLERS.len()] {
    [
        NOBODY, NO_CLIENT, NO_CLIENT, NO_CLIENT, client, other, public, api, NO_CLIENT, NOBODY,
        NO_CLIENT,
    ]
}

#[tokio::test]
async fn every_endpoint_answers_every_kind_of_client() {
    let document = tenure_server::router::document();
    let document = serde_json::to_value(&document).unwrap();
    for (route, row) in ROUTES.into_iter().zip(rows()) {
        for (column, expected) in row.into_iter().enumerate() {
            let world = World::new().await;
            let pair = world.pair(&world.basic).await;
            let answer = cell(&world, &pair, route, column).await;
            let place = format!("{route} by {}", CALLERS[column]);
            let got = got(&answer);
            let expected = expected.map(|(status, error)| (status, error.to_owned()));
            assert_eq!(got, expected, "{place}");
            assert_documented(&document, route, &answer, &place);
            // Whoever was refused, and whoever gave back what is another's, has ended nothing.
            let ends = got.is_none() && column == 4 && route != "/oauth/introspect";
            assert_eq!(world.is_active(&pair.access).await, !ends, "{place}");
        }
    }
}

async fn cell(world: &World, pair: &Pair, route: &str, column: usize) -> Answer {
    let app = &world.app;
    let secret = |client: &tenure_domain::wire::clients::Client| {
        client.client_secret.clone().unwrap_or_default()
    };
    let id = world.basic.client_id.as_str();
    match column {
        0 => send(world, pair, route, None, &[]).await,
        1 => send(world, pair, route, Some(basic("nobody", "no secret")), &[]).await,
        2 => send(world, pair, route, Some(basic(id, "no secret")), &[]).await,
        3 => {
            let form = [("client_id", id), ("client_secret", &secret(&world.basic))];
            send(world, pair, route, None, &form).await
        }
        4 => as_client(world, pair, route, &world.basic).await,
        5 => as_client(world, pair, route, &world.post).await,
        6 => as_client(world, pair, route, &world.public).await,
        7 => as_client(world, pair, route, &world.api).await,
        8 => {
            let path = format!(
                "/api/v1/plans/{}/oauth-clients/{}",
                app.acme, world.post.client_id
            );
            let deleted = app.delete(&app.admin, &path).await;
            deleted.expect(StatusCode::NO_CONTENT);
            as_client(world, pair, route, &world.post).await
        }
        9 => send(world, pair, route, app.member.credentials(), &[]).await,
        _ => {
            let bearer = Bearer(pair.access.clone());
            send(world, pair, route, bearer.credentials(), &[]).await
        }
    }
}

/// What the row shows: the token of the client.
fn parameters<'a>(pair: &'a Pair, route: &str) -> Vec<(&'static str, &'a str)> {
    match route {
        "/oauth/token" => vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", &pair.refresh),
        ],
        _ => vec![("token", &pair.access)],
    }
}

async fn as_client(
    world: &World,
    pair: &Pair,
    route: &str,
    client: &tenure_domain::wire::clients::Client,
) -> Answer {
    world.form(client, route, &parameters(pair, route)).await
}

async fn send(
    world: &World,
    pair: &Pair,
    route: &str,
    credentials: Option<(header::HeaderName, String)>,
    more: &[(&str, &str)],
) -> Answer {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters(pair, route))
        .extend_pairs(more);
    let mut request = call(&Anonymous, Method::POST, route)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some((name, value)) = credentials {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(form.finish())).unwrap();
    world.app.send(request).await
}

fn basic(id: &str, secret: &str) -> (header::HeaderName, String) {
    let credentials = STANDARD.encode(format!("{id}:{secret}"));
    (header::AUTHORIZATION, format!("Basic {credentials}"))
}

fn got(answer: &Answer) -> Option<(u16, String)> {
    if answer.status.is_success() {
        return None;
    }
    let status = answer.status.as_u16();
    Some((status, error(answer, status)))
}

/// Whatever an endpoint answers, its documentation says so.
fn assert_documented(document: &Value, route: &str, answer: &Answer, place: &str) {
    let operation = &document["paths"][route]["post"];
    let response = &operation["responses"][answer.status.as_str()];
    assert!(response.is_object(), "{place}: {}", answer.status);
    if let Some((_, error)) = got(answer) {
        let codes = response["x-codes"].as_array().expect("codes");
        assert!(codes.contains(&json!(error)), "{place}: {error}");
    }
}
