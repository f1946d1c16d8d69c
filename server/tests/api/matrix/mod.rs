//! Who may do what: every route times every kind of caller. A route without a row fails.
//!
//! The endpoints that clients call have a matrix of their own (`clients`): their callers are clients, and
//! their errors are those of RFC 6749.

mod clients;
mod rows;
mod world;

use std::collections::BTreeSet;

use axum::{body::Body, http::header};
use serde_json::{Value, json};
use tenure_domain::problem::{
    Kind,
    Kind::{PlanTierRequired, RoleRequired},
    Problem,
};

use self::{
    rows::{Row, rows},
    world::{World, unknown_token},
};
use crate::{
    app::TestApp,
    callers::{Anonymous, Answer, Bearer, Caller, Cookie, call},
};

/// What a caller gets: the answer that the route is for, or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    Status(u16),
    Refused(Kind),
}

/// The callers, in the order of the columns.
const CALLERS: [&str; 17] = [
    "anonymous",
    "unknown session",
    "expired session",
    "member",
    "admin",
    "admin of another plan",
    "Pro admin of another plan",
    "member's token without scopes",
    "member's token with every scope",
    "admin's token with every scope",
    "another plan's admin's token with every scope",
    "expired token",
    "revoked token",
    "token of somebody deactivated",
    "malformed token",
    "unknown token",
    "refresh token",
];

#[tokio::test]
async fn every_route_answers_every_kind_of_caller() {
    let document = tenure_server::router::document();
    let document = serde_json::to_value(&document).unwrap();
    let mut world = World::new().await;
    for row in rows() {
        for (column, expected) in row.gets.into_iter().enumerate() {
            let answer = cell(&world, &row, column).await;
            let place = format!("{} {} by {}", row.method, row.route, CALLERS[column]);
            assert_eq!(got(&answer), expected, "{place}");
            assert_documented(&document, &row, &answer, &place);
            // What was refused changed nothing, as the next caller will find.
            if row.method != "GET" && answer.status.is_success() {
                world = World::new().await;
            }
        }
    }
}

async fn cell(world: &World, row: &Row, column: usize) -> Answer {
    let app = &world.clients.app;
    let request = |caller: &dyn Caller| world.request(row, caller);
    let request = match column {
        0 => request(&Anonymous),
        1 => request(&Cookie("no session has this secret".to_owned())),
        2 => request(&world.outlived),
        3 => request(&app.member),
        4 => request(&app.admin),
        5 => request(&app.other_admin),
        6 => request(&app.pro_admin),
        7 => request(&world.good),
        8 => request(&world.of_member),
        9 => request(&world.of_admin),
        10 => request(&world.of_other),
        11 => request(&world.expired),
        12 => request(&world.revoked),
        13 => request(&world.deactivated),
        14 => request(&Bearer("tnr_pat_typo".to_owned())),
        15 => request(&Bearer(unknown_token())),
        _ => request(&world.refresh),
    };
    app.send(request).await
}

fn got(answer: &Answer) -> Gets {
    if answer.status.is_success() || answer.status.is_redirection() {
        return Gets::Status(answer.status.as_u16());
    }
    let problem: Problem = answer.read();
    let kind = problem.kind().expect("a known kind");
    answer.problem(kind);
    Gets::Refused(kind)
}

/// Whatever an operation answers, its documentation says so.
fn assert_documented(document: &Value, row: &Row, answer: &Answer, place: &str) {
    let operation = &document["paths"][row.route][row.method.to_lowercase()];
    let response = &operation["responses"][answer.status.as_str()];
    assert!(
        response.is_object(),
        "{place}: {} is not documented",
        answer.status
    );
    if answer.status.as_u16() >= 400 {
        let problem: Problem = answer.read();
        let codes = response["x-codes"].as_array().expect("problem codes");
        assert!(
            codes.contains(&json!(problem.code)),
            "{place}: {} is not documented",
            problem.code
        );
    }
}

#[test]
fn every_route_has_a_row() {
    let document = serde_json::to_value(tenure_server::router::document()).unwrap();
    let documented: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let tested: BTreeSet<(String, String)> = routes()
        .map(|(method, route)| (method.to_owned(), route.to_owned()))
        .collect();
    assert_eq!(documented, tested);
}

/// Method and path of every row, of clients as well.
fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_people = rows().into_iter().map(|row| (row.method, row.route));
    of_people.chain(clients::ROUTES.map(|route| ("POST", route)))
}

/// The other way round: a method that the document does not know is refused by the router, so no
/// route escapes the matrix by being undocumented.
#[tokio::test]
async fn no_documented_path_has_an_undocumented_method() {
    let app = TestApp::start().await;
    let paths: BTreeSet<&str> = routes().map(|(_, route)| route).collect();
    for route in paths {
        let documented: Vec<&str> = routes()
            .filter(|(_, other)| *other == route)
            .map(|(method, _)| method)
            .collect();
        let path = route.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            // Proxies ask /verify by any method: see its own tests.
            if documented.contains(&method) || route == "/verify" {
                continue;
            }
            let method = method.parse().unwrap();
            let request = call(&app.admin, method, &path).body(Body::empty()).unwrap();
            let answer = app.send(request).await;
            answer.problem(Kind::MethodNotAllowed);
            let allowed = answer.header("allow");
            assert!(
                documented.iter().all(|method| allowed.contains(method)),
                "{path}: {allowed}"
            );
        }
    }
}

/// The plans of others and plans that do not exist cannot be told apart.
#[tokio::test]
async fn ids_of_plans_cannot_be_probed() {
    let app = TestApp::start().await;
    let missing = "0195a000-0000-7000-8000-000000000000";
    for path in [
        "expiration-policy",
        "expiration-policy/history",
        "expiration-policy/forecast",
        "expiration-policy/preview.csv",
        "users",
        "users/somebody/deactivate",
        "invitations",
        "scopes",
        "oauth-clients",
        "oauth-clients/some/tokens",
        "audit-events",
        "auth-health",
        "auth-health/tokens",
        "tokens",
        "tokens/some",
    ] {
        let others = format!("/api/v1/plans/{}/{path}", app.cumin);
        let nowhere = format!("/api/v1/plans/{missing}/{path}");
        let others = app.get(&app.admin, &others).await.problem(RoleRequired);
        let nowhere = app.get(&app.admin, &nowhere).await.problem(RoleRequired);
        assert_eq!(others.detail, nowhere.detail);
        assert_eq!(others.title, nowhere.title);
    }
}

/// A Pro plan's own admin has the role; it is the tier that lacks the policy.
#[tokio::test]
async fn on_pro_the_policy_is_locked_for_its_admin() {
    let app = TestApp::start().await;
    let body = json!({ "period": { "amount": 1, "unit": "minutes" } });
    let answer = app
        .put(&app.pro_admin, &app.basil, "\"0\"", body.clone())
        .await;
    answer.problem(PlanTierRequired);
    let answer = app.put(&app.member, &app.basil, "\"0\"", body).await;
    answer.problem(RoleRequired);
    assert_eq!(app.policy(&app.pro_admin, &app.basil).await.version, 0);
}

impl Caller for &dyn Caller {
    fn credentials(&self) -> Option<(header::HeaderName, String)> {
        (**self).credentials()
    }
}
