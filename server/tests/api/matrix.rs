//! Who may do what: every route times every kind of caller. A route without a row fails.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use tenure_domain::problem::{Kind, Problem};
use tenure_server::{secret::Secret, store::sessions};

use super::app::{TestApp, policy_path};
use super::callers::{Anonymous, Answer, Bearer, Caller, Cookie, call, with_json};

/// What a caller gets: the answer that the route is for, or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    Status(u16),
    Refused(Kind),
}

use Gets::{Refused, Status};
use Kind::{
    InsufficientScope, NotFound, PlanTierRequired, RoleRequired, SessionExpired, SetupLinkInvalid,
    StaleVersion, TokenExpired, TokenMalformed, TokenMissing, TokenRevoked, TokenUnknown,
};

/// The callers, in the order of the columns.
const CALLERS: [&str; 12] = [
    "anonymous",
    "unknown session",
    "expired session",
    "member",
    "admin",
    "admin of another plan",
    "Pro admin of another plan",
    "good token",
    "expired token",
    "revoked token",
    "malformed token",
    "unknown token",
];

/// A route and what each caller gets from it.
struct Row {
    method: &'static str,
    route: &'static str,
    gets: [Gets; 12],
}

/// Routes that look at nobody: they answer alike, even to dead tokens.
const fn open(method: &'static str, route: &'static str, gets: Gets) -> Row {
    Row {
        method,
        route,
        gets: [gets; 12],
    }
}

/// Routes for people: tokens, however good, open none of them.
const fn people(method: &'static str, route: &'static str, gets: [Gets; 4]) -> Row {
    let [member, admin, other, pro] = gets;
    Row {
        method,
        route,
        gets: [
            Refused(TokenMissing),
            Refused(SessionExpired),
            Refused(SessionExpired),
            member,
            admin,
            other,
            pro,
            Refused(InsufficientScope),
            Refused(TokenExpired),
            Refused(TokenRevoked),
            Refused(TokenMalformed),
            Refused(TokenUnknown),
        ],
    }
}

const OK: Gets = Status(200);
const NO_ROLE: Gets = Refused(RoleRequired);

/// The plan is always Acme, whose policy has version 1; changes claim to have seen version 0.
fn rows() -> Vec<Row> {
    vec![
        open("POST", "/api/v1/setup", Refused(SetupLinkInvalid)),
        open("POST", "/api/v1/session", OK),
        Row {
            method: "GET",
            route: "/api/v1/session",
            gets: [
                Refused(TokenMissing),
                Refused(SessionExpired),
                Refused(SessionExpired),
                OK,
                OK,
                OK,
                OK,
                OK,
                Refused(TokenExpired),
                Refused(TokenRevoked),
                Refused(TokenMalformed),
                Refused(TokenUnknown),
            ],
        },
        people("DELETE", "/api/v1/session", [Status(204); 4]),
        people("GET", "/api/v1/me/tokens", [OK; 4]),
        people(
            "POST",
            "/api/v1/me/tokens",
            [Status(201), Status(201), NO_ROLE, NO_ROLE],
        ),
        // The token is the member's: to everybody else it is not there.
        people(
            "DELETE",
            "/api/v1/me/tokens/{token}",
            [OK, Refused(NotFound), Refused(NotFound), Refused(NotFound)],
        ),
        people(
            "GET",
            "/api/v1/plans/{plan}/expiration-policy",
            [OK, OK, NO_ROLE, NO_ROLE],
        ),
        people(
            "PUT",
            "/api/v1/plans/{plan}/expiration-policy",
            [NO_ROLE, Refused(StaleVersion), NO_ROLE, NO_ROLE],
        ),
        people(
            "GET",
            "/api/v1/plans/{plan}/expiration-policy/history",
            [NO_ROLE, OK, NO_ROLE, NO_ROLE],
        ),
        open("GET", "/api/v1/openapi.json", OK),
        open("GET", "/api/docs", OK),
        open("GET", "/api/docs.css", OK),
        open("GET", "/healthz", OK),
        open("GET", "/readyz", OK),
        Row {
            method: "GET",
            route: "/verify",
            gets: [
                Refused(TokenMissing),
                Refused(TokenMissing),
                Refused(TokenMissing),
                Refused(TokenMissing),
                Refused(TokenMissing),
                Refused(TokenMissing),
                Refused(TokenMissing),
                OK,
                Refused(TokenExpired),
                Refused(TokenRevoked),
                Refused(TokenMalformed),
                Refused(TokenUnknown),
            ],
        },
    ]
}

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
    let app = &world.app;
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
        8 => request(&world.expired),
        9 => request(&world.revoked),
        10 => request(&Bearer("tnr_pat_typo".to_owned())),
        _ => request(&Bearer(unknown_token())),
    };
    app.send(request).await
}

fn got(answer: &Answer) -> Gets {
    if answer.status.is_success() {
        return Status(answer.status.as_u16());
    }
    let problem: Problem = answer.read();
    let kind = problem.kind().expect("a known kind");
    answer.problem(kind);
    Refused(kind)
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
    if !answer.status.is_success() {
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
    let tested: BTreeSet<(String, String)> = rows()
        .iter()
        .map(|row| (row.method.to_owned(), row.route.to_owned()))
        .collect();
    assert_eq!(documented, tested);
}

/// The other way round: a method that the document does not know is refused by the router, so no
/// route escapes the matrix by being undocumented.
#[tokio::test]
async fn no_documented_path_has_an_undocumented_method() {
    let app = TestApp::start().await;
    let routes = rows();
    let paths: BTreeSet<&str> = routes.iter().map(|row| row.route).collect();
    for route in paths {
        let documented: Vec<&str> = routes
            .iter()
            .filter(|row| row.route == route)
            .map(|row| row.method)
            .collect();
        let path = route.replace("{plan}", "x").replace("{token}", "x");
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
    let missing = "0195a000-0000-7000-8000-000000000000".to_owned().into();
    for path in ["", "/history"] {
        let others = format!("{}{path}", policy_path(&app.cumin));
        let nowhere = format!("{}{path}", policy_path(&missing));
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

/// A server with tokens of every fate.
struct World {
    app: TestApp,
    /// The session of somebody who signed in 12 hours ago.
    outlived: Cookie,
    good: Bearer,
    expired: Bearer,
    revoked: Bearer,
    token: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let outlived = outlived(&app).await;
        let (_, expired) = app.generate(&app.member, &app.acme, "expired").await;
        app.pass(Duration::from_secs(120));
        let (_, good) = app.generate(&app.member, &app.acme, "good").await;
        let (token, revoked) = app.generate(&app.member, &app.acme, "revoked").await;
        app.revoke(&app.member, &token).await;
        let minute = json!({ "amount": 1, "unit": "minutes" });
        app.set_policy(&app.admin, &app.acme, minute).await;
        let token = app
            .generate(&app.member, &app.acme, "to be revoked")
            .await
            .0
            .id
            .0;
        Self {
            app,
            outlived,
            good,
            expired,
            revoked,
            token,
        }
    }

    fn request(&self, row: &Row, caller: &dyn Caller) -> Request<Body> {
        let path = row
            .route
            .replace("{plan}", self.app.acme.as_str())
            .replace("{token}", &self.token);
        let method: Method = row.method.parse().unwrap();
        let request = call(&caller, method, &path).header(header::IF_MATCH, "\"0\"");
        match self.body(row) {
            Some(body) => with_json(request, &body),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    fn body(&self, row: &Row) -> Option<Value> {
        match (row.method, row.route) {
            ("POST", "/api/v1/setup") => Some(json!({
                "code": "worth nothing", "plan": "Dill", "name": "Eve",
                "email": "eve@dill.example", "password": "long enough"
            })),
            ("POST", "/api/v1/session") => Some(json!({
                "email": self.app.member.email, "password": super::app::PASSWORD
            })),
            ("POST", _) => Some(json!({ "plan": self.app.acme, "name": "new" })),
            ("PUT", _) => Some(json!({ "period": null })),
            _ => None,
        }
    }
}

impl Caller for &dyn Caller {
    fn credentials(&self) -> Option<(header::HeaderName, String)> {
        (**self).credentials()
    }
}

/// A session of the member that has just ended.
async fn outlived(app: &TestApp) -> Cookie {
    let secret = Secret::opaque(&app.state.random);
    let begun = app.clock.now().saturating_add(-sessions::LIFETIME);
    let mut tx = app.state.store.write().await.unwrap();
    let made = sessions::insert(&mut tx, &secret.hash(), &app.member.id, begun).await;
    assert_eq!(made.unwrap().expires_at, app.clock.now());
    tx.commit().await.unwrap();
    Cookie(secret.reveal())
}

/// Well formed, and never issued.
fn unknown_token() -> String {
    tenure_domain::token_text::compose(tenure_domain::token::TokenKind::UserAccess, &[7; 32])
}
