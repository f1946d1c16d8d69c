//! What a token's scopes open: their routes and nothing else, in its own plan and nowhere else (R14).

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::{
    id::PlanId,
    plan::Role,
    problem::Kind,
    scope::OwnScope,
    wire::{
        page::Page,
        tokens::{GeneratedToken, Token},
        users::PlanUser,
    },
};

use super::app::{TestApp, policy_path};
use super::callers::{Answer, Bearer, call, with_json};

/// The routes that scopes open, in a plan.
const ROUTES: [(&str, &str, OwnScope); 12] = [
    ("GET", "/api/v1/me/tokens", OwnScope::TokensRead),
    ("POST", "/api/v1/me/tokens", OwnScope::TokensWrite),
    (
        "POST",
        "/api/v1/me/tokens/{token}/rotate",
        OwnScope::TokensWrite,
    ),
    ("DELETE", "/api/v1/me/tokens/{token}", OwnScope::TokensWrite),
    (
        "GET",
        "/api/v1/plans/{plan}/expiration-policy",
        OwnScope::PolicyRead,
    ),
    (
        "GET",
        "/api/v1/plans/{plan}/expiration-policy/history",
        OwnScope::PolicyRead,
    ),
    (
        "PUT",
        "/api/v1/plans/{plan}/expiration-policy",
        OwnScope::PolicyWrite,
    ),
    (
        "DELETE",
        "/api/v1/plans/{plan}/expiration-policy/scheduled",
        OwnScope::PolicyWrite,
    ),
    ("GET", "/api/v1/plans/{plan}/users", OwnScope::UsersWrite),
    (
        "GET",
        "/api/v1/plans/{plan}/users/{user}/deactivate",
        OwnScope::UsersWrite,
    ),
    (
        "POST",
        "/api/v1/plans/{plan}/users/{user}/deactivate",
        OwnScope::UsersWrite,
    ),
    (
        "POST",
        "/api/v1/plans/{plan}/users/{user}/reactivate",
        OwnScope::UsersWrite,
    ),
];

/// Calls a route; `user` is somebody in the plan, `token` one of the caller's.
async fn called(
    app: &TestApp,
    by: &Bearer,
    (method, route): (&str, &str),
    plan: &PlanId,
    (user, token): (&str, &str),
) -> Answer {
    let path = route
        .replace("{plan}", plan.as_str())
        .replace("{user}", user)
        .replace("{token}", token);
    let seen = app.policy(&app.admin, &app.acme).await.etag();
    let request = call(by, method.parse::<Method>().unwrap(), &path).header(header::IF_MATCH, seen);
    let body = match (method, route) {
        ("POST", "/api/v1/me/tokens") => json!({ "plan": plan, "name": "new" }),
        ("PUT", _) => json!({ "period": { "amount": 1, "unit": "days" } }),
        ("POST", _) => json!({}),
        _ => return app.send(request.body(Body::empty()).unwrap()).await,
    };
    app.send(with_json(request, &body)).await
}

/// Each scope alone, at every route: it opens its own and no other, and what it lacks is a 403 that names
/// the scope.
#[tokio::test]
async fn each_scope_opens_its_routes_and_nothing_else() {
    let app = TestApp::start().await;
    let quinn = app.another_person("quinn", &app.acme, Role::Member).await;
    for scope in OwnScope::ALL {
        let (_, program) = app
            .generate_with(&app.admin, &app.acme, &[scope.as_str()])
            .await;
        for (method, route, needed) in ROUTES {
            let place = format!("{method} {route} with {}", scope.as_str());
            let (token, _) = app.generate(&app.admin, &app.acme, "one").await;
            let ids = (quinn.id.as_str(), token.id.as_str());
            let events = app.events().await;
            let answer = called(&app, &program, (method, route), &app.acme, ids).await;
            if needed == scope {
                assert!(answer.status.is_success(), "{place}: {answer:?}");
                continue;
            }
            let detail = answer.problem(Kind::InsufficientScope).detail.unwrap();
            assert!(detail.contains(needed.as_str()), "{place}: {detail}");
            let challenge = answer.header("www-authenticate");
            let names = format!(
                "error=\"insufficient_scope\", scope=\"{}\"",
                needed.as_str()
            );
            assert!(challenge.contains(&names), "{place}: {challenge}");
            assert_eq!(app.events().await, events, "{place}");
        }
    }
}

#[tokio::test]
async fn a_token_acts_in_its_own_plan_alone() {
    let app = TestApp::start().await;
    let every = OwnScope::ALL.map(OwnScope::as_str);
    // Its owner is a System Admin of the other plan too.
    let dill = app.join_new_plan(&app.admin, "Dill").await;
    let (_, program) = app.generate_with(&app.admin, &app.acme, &every).await;
    let (elsewhere, secret) = app.generate(&app.admin, &dill, "elsewhere").await;
    let ids = (app.admin.id.as_str(), elsewhere.id.as_str());
    for (method, route, _) in ROUTES {
        let place = format!("{method} {route}");
        let answer = called(&app, &program, (method, route), &dill, ids).await;
        match (method, route) {
            ("GET", "/api/v1/me/tokens") => {
                let page: Page<Token> = answer.expect(StatusCode::OK).read();
                let plans: Vec<_> = page.items.iter().map(|token| &token.plan.id).collect();
                assert_eq!(plans, [&app.acme], "{place}");
            }
            (_, route) if route.contains("{token}") => {
                answer.problem(Kind::NotFound);
            }
            _ => {
                answer.problem(Kind::RoleRequired);
            }
        }
    }
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
}

/// A token is never worth more than its owner.
#[tokio::test]
async fn a_scope_does_not_make_a_member_an_admin() {
    let app = TestApp::start().await;
    let every = OwnScope::ALL.map(OwnScope::as_str);
    let (own, program) = app.generate_with(&app.member, &app.acme, &every).await;
    let ids = (app.admin.id.as_str(), own.id.as_str());
    for (method, route, scope) in ROUTES {
        if matches!(scope, OwnScope::PolicyWrite | OwnScope::UsersWrite)
            || route.ends_with("history")
        {
            let answer = called(&app, &program, (method, route), &app.acme, ids).await;
            answer.problem(Kind::RoleRequired);
        }
    }
    app.get(&program, &policy_path(&app.acme))
        .await
        .expect(StatusCode::OK);
}

/// 401 speaks of the credential and 403 of what it may do: a dead token is told that it is dead, however few
/// scopes it had, and a live one never that it is not known.
#[tokio::test]
async fn dead_tokens_get_401_and_live_ones_403() {
    let app = TestApp::start().await;
    let (bare, live) = app.generate(&app.member, &app.acme, "bare").await;
    let scopes = ["tokens:read"];
    let (scoped, dead) = app.generate_with(&app.member, &app.acme, &scopes).await;
    app.revoke(&app.member, &scoped).await;
    let ids = (app.member.id.as_str(), bare.id.as_str());
    for (method, route, _) in ROUTES {
        let answer = called(&app, &live, (method, route), &app.acme, ids).await;
        answer.problem(Kind::InsufficientScope);
        let answer = called(&app, &dead, (method, route), &app.acme, ids).await;
        answer.problem(Kind::TokenRevoked);
    }
}

#[tokio::test]
async fn a_program_gives_away_no_scope_that_it_lacks() {
    let app = TestApp::start().await;
    let scopes = ["policy:read", "tokens:write"];
    let (_, program) = app.generate_with(&app.admin, &app.acme, &scopes).await;
    let ask = |scopes: Value| json!({ "plan": app.acme, "name": "child", "scopes": scopes });
    let path = "/api/v1/me/tokens";
    for more in [
        json!(["users:write"]),
        json!(["policy:read", "tokens:read"]),
    ] {
        let events = app.events().await;
        let answer = app.post(&program, path, ask(more)).await;
        answer.problem(Kind::InsufficientScope);
        assert_eq!(app.events().await, events);
    }
    for fewer in [json!([]), json!(["policy:read"]), json!(scopes)] {
        let answer = app.post(&program, path, ask(fewer)).await;
        let child: GeneratedToken = answer.expect(StatusCode::CREATED).read();
        assert_eq!(child.token.owner.id, app.admin.id);
    }
}

#[tokio::test]
async fn what_a_program_does_is_done_in_its_owners_name_and_counts_as_a_use() {
    let app = TestApp::start().await;
    let scopes = ["tokens:read", "users:write"];
    let (token, program) = app.generate_with(&app.admin, &app.acme, &scopes).await;
    let users = format!("/api/v1/plans/{}/users", app.acme);
    let page: Page<PlanUser> = app
        .get(&program, &users)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(page.items.len(), 3);
    let path = format!("{users}/{}/deactivate", app.member.id);
    app.post(&program, &path, json!({}))
        .await
        .expect(StatusCode::OK);
    let log = app.audit().await;
    let event = log.last().unwrap();
    assert_eq!(event.action, "user_deactivated");
    assert_eq!(event.actor_id.as_deref(), Some(app.admin.id.as_str()));
    app.state.verifier.flush_uses().await.unwrap();
    let page: Page<Token> = app.get(&program, "/api/v1/me/tokens").await.read();
    let used = page.items.iter().find(|it| it.id == token.id).unwrap();
    assert_eq!(used.last_used_at, Some(app.clock.now()));
    assert_eq!(used.scope.to_string(), "tokens:read users:write");
}

#[tokio::test]
async fn a_program_revokes_its_owners_tokens_and_itself() {
    let app = TestApp::start().await;
    let scopes = ["tokens:write"];
    let (own, program) = app.generate_with(&app.member, &app.acme, &scopes).await;
    let (other, secret) = app.generate(&app.member, &app.acme, "other").await;
    for (token, secret) in [(other, secret), (own, program.clone())] {
        let path = format!("/api/v1/me/tokens/{}", token.id);
        app.delete(&program, &path).await.expect(StatusCode::OK);
        app.get(&secret, "/verify")
            .await
            .problem(Kind::TokenRevoked);
    }
}
