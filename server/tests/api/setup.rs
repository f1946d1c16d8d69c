//! The first System Admin of an empty server.

use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};
use tenure_domain::{
    plan::{Role, Tier},
    problem::Kind,
    wire::session::Session,
};
use tenure_server::{
    App, AppState,
    clock::Clock,
    ops::{Actor, people, setup_link},
    random::Random,
    router::router,
};

use super::app::{START, settings};
use super::callers::{Anonymous, Answer, Cookie, call, send, with_json};

struct Empty {
    state: AppState,
    router: Router,
    code: String,
    _folder: tempfile::TempDir,
}

async fn empty() -> Empty {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::mock(START.parse().unwrap());
    let app = App::build(settings(&folder), clock, Random::seeded(1))
        .await
        .unwrap();
    let state = app.state;
    let secret = setup_link::offer(&state.store, &state.clock, &state.random)
        .await
        .unwrap();
    Empty {
        code: secret.expect("nobody can sign in yet").reveal(),
        router: router(state.clone()).unwrap(),
        state,
        _folder: folder,
    }
}

fn request(code: &str) -> Value {
    json!({
        "code": code, "plan": " Acme ", "name": "Ann", "email": "Ann@acme.example",
        "password": "long enough"
    })
}

async fn set_up(router: &Router, body: &Value) -> Answer {
    let request = call(&Anonymous, Method::POST, "/api/v1/setup");
    send(router, with_json(request, body)).await
}

#[tokio::test]
async fn the_link_makes_one_system_admin_and_signs_them_in() {
    let server = empty().await;
    let answer = set_up(&server.router, &request(&server.code))
        .await
        .expect(StatusCode::CREATED);
    let session: Session = answer.read();
    assert_eq!(session.user.email, "ann@acme.example");
    let plan = &session.plans[0];
    assert_eq!(
        (plan.name.as_str(), plan.tier, plan.role),
        ("Acme", Tier::Enterprise, Role::SystemAdmin)
    );
    let who = call(
        &Cookie(answer.session_cookie()),
        Method::GET,
        "/api/v1/session",
    );
    let who = send(&server.router, who.body(Body::empty()).unwrap()).await;
    assert_eq!(
        who.expect(StatusCode::OK).read::<Session>().user,
        session.user
    );

    let again = set_up(&server.router, &request(&server.code)).await;
    again.problem(Kind::SetupLinkInvalid);
}

#[tokio::test]
async fn what_is_not_valid_is_named_and_the_link_still_works() {
    let server = empty().await;
    let cases = [
        ("plan", json!(""), "/plan", "name_missing"),
        (
            "name",
            json!("a\tb"),
            "/name",
            "name_has_control_characters",
        ),
        ("email", json!("ann"), "/email", "email_invalid"),
        ("email", json!("ann@"), "/email", "email_invalid"),
        ("email", json!("a b@c.example"), "/email", "email_invalid"),
        (
            "password",
            json!("short"),
            "/password",
            "password_too_short",
        ),
        (
            "password",
            json!("x".repeat(1_025)),
            "/password",
            "password_too_long",
        ),
    ];
    for (member, value, pointer, code) in cases {
        let mut body = request(&server.code);
        body[member] = value;
        let errors = set_up(&server.router, &body)
            .await
            .problem(Kind::ValidationFailed)
            .errors;
        assert_eq!(
            (errors[0].pointer.as_str(), errors[0].code.as_str()),
            (pointer, code)
        );
        assert_eq!(errors.len(), 1);
    }
    set_up(&server.router, &request("another code"))
        .await
        .problem(Kind::SetupLinkInvalid);
    set_up(&server.router, &request(&server.code))
        .await
        .expect(StatusCode::CREATED);
}

#[tokio::test]
async fn a_name_that_an_operator_gave_a_plan_is_taken_and_the_link_still_works() {
    let server = empty().await;
    let mut tx = server.state.store.write().await.unwrap();
    let (random, now) = (&server.state.random, server.state.clock.now());
    let (actor, tier) = (&Actor::OPERATOR, Tier::Pro);
    people::create_plan(&mut tx, random, now, actor, "Acme", tier)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut body = request(&server.code);
    let refused = set_up(&server.router, &body).await;
    let errors = refused.problem(Kind::ValidationFailed).errors;
    assert_eq!(
        (errors[0].pointer.as_str(), errors[0].code.as_str()),
        ("/plan", "name_taken")
    );
    body["plan"] = json!("Another");
    set_up(&server.router, &body)
        .await
        .expect(StatusCode::CREATED);
}

#[tokio::test]
async fn of_two_at_once_one_gets_through() {
    let server = empty().await;
    let body = request(&server.code);
    let (one, two) = tokio::join!(set_up(&server.router, &body), set_up(&server.router, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
}

#[tokio::test]
async fn a_server_with_a_user_offers_no_link() {
    let app = super::app::TestApp::start().await;
    let state = &app.state;
    let link = setup_link::offer(&state.store, &state.clock, &state.random)
        .await
        .unwrap();
    assert!(link.is_none());
}

#[tokio::test]
async fn a_newer_link_replaces_the_older() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::mock(START.parse().unwrap());
    let app = App::build(settings(&folder), clock, Random::seeded(1))
        .await
        .unwrap();
    let state = app.state;
    let offer = || setup_link::offer(&state.store, &state.clock, &state.random);
    let (older, newer) = (
        offer().await.unwrap().unwrap(),
        offer().await.unwrap().unwrap(),
    );
    let router = router(state.clone()).unwrap();
    let refused = set_up(&router, &request(&older.reveal())).await;
    refused.problem(Kind::SetupLinkInvalid);
    set_up(&router, &request(&newer.reveal()))
        .await
        .expect(StatusCode::CREATED);
}
