//! Signing in and out, and what a session is worth.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::{problem::Kind, wire::session::Session};

use super::app::{PASSWORD, TestApp};
use super::callers::{Anonymous, Answer, Cookie, call, with_json};

const PATH: &str = "/api/v1/session";

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    app.post(&Anonymous, PATH, body).await
}

#[tokio::test]
async fn a_session_begins_with_the_password_and_ends_with_signing_out() {
    let app = TestApp::start().await;
    let answer = sign_in(&app, &app.member.email, PASSWORD)
        .await
        .expect(StatusCode::OK);
    let cookie = answer.header("set-cookie").to_owned();
    for part in [
        "tenure_session=",
        "HttpOnly",
        "SameSite=Strict",
        "Path=/",
        "Max-Age=43200",
    ] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert!(
        !cookie.contains("Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );
    let session = Cookie(answer.session_cookie());
    let signed_in: Session = answer.read();
    let who: Session = app.get(&session, PATH).await.expect(StatusCode::OK).read();
    assert_eq!(who, signed_in);
    let plans: Vec<&str> = who.plans.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(plans, ["Acme", "Basil"]);
    assert_eq!(
        (who.user.email.as_str(), who.server_time),
        ("mia@acme.example", app.clock.now())
    );

    let out = app
        .delete(&session, PATH)
        .await
        .expect(StatusCode::NO_CONTENT);
    assert!(
        out.header("set-cookie").contains("Max-Age=0"),
        "{}",
        out.header("set-cookie")
    );
    app.get(&session, PATH).await.problem(Kind::SessionExpired);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let app = TestApp::with(|settings| {
        settings.public_url = "https://tenure.test".to_owned();
        settings.secure_cookies = true;
    })
    .await;
    let answer = sign_in(&app, &app.member.email, PASSWORD)
        .await
        .expect(StatusCode::OK);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tenure_session="), "{cookie}");
    assert!(
        cookie.contains("Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age=")
    );
    let name = format!("__Host-tenure_session={}", answer.session_cookie());
    let request = call(&Anonymous, Method::GET, PATH).header(header::COOKIE, name);
    app.send(request.body(Body::empty()).unwrap())
        .await
        .expect(StatusCode::OK);
    // A cookie that a plain-HTTP page could have planted is not looked at.
    app.get(&Cookie(answer.session_cookie()), PATH)
        .await
        .problem(Kind::TokenMissing);
}

#[tokio::test]
async fn a_session_lives_twelve_hours() {
    let app = TestApp::start().await;
    app.pass(Duration::from_secs(12 * 3_600 - 1));
    app.get(&app.member, PATH).await.expect(StatusCode::OK);
    app.pass(Duration::from_secs(1));
    app.get(&app.member, PATH)
        .await
        .problem(Kind::SessionExpired);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_are_told_apart_by_nobody() {
    let app = TestApp::start().await;
    let wrong = sign_in(&app, &app.member.email, "wrong").await;
    let nobody = sign_in(&app, "nobody@acme.example", PASSWORD).await;
    let (wrong, nobody) = (
        wrong.problem(Kind::CredentialsWrong),
        nobody.problem(Kind::CredentialsWrong),
    );
    assert_eq!((wrong.title, wrong.detail), (nobody.title, nobody.detail));
}

#[tokio::test]
async fn case_and_space_around_an_email_do_not_matter() {
    let app = TestApp::start().await;
    sign_in(&app, " MIA@Acme.example ", PASSWORD)
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let app = TestApp::start().await;
    let body = json!({ "email": app.member.email, "password": PASSWORD });
    app.post(&app.member, PATH, body)
        .await
        .expect(StatusCode::OK);
    app.get(&app.member, PATH)
        .await
        .problem(Kind::SessionExpired);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_hinders_nobody_else() {
    let app = TestApp::start().await;
    for _ in 0..10 {
        sign_in(&app, &app.member.email, "guess")
            .await
            .problem(Kind::CredentialsWrong);
    }
    // From here on, not even the right one is looked at.
    let refused = sign_in(&app, &app.member.email, PASSWORD).await;
    refused.problem(Kind::RateLimited);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    sign_in(&app, &app.admin.email, PASSWORD)
        .await
        .expect(StatusCode::OK);
    app.get(&app.member, PATH).await.expect(StatusCode::OK);

    app.pass(Duration::from_secs(wait));
    sign_in(&app, &app.member.email, PASSWORD)
        .await
        .expect(StatusCode::OK);
    sign_in(&app, &app.member.email, "guess")
        .await
        .problem(Kind::CredentialsWrong);
}

#[tokio::test]
async fn guesses_for_an_unknown_email_are_slowed_down_alike() {
    let app = TestApp::start().await;
    for _ in 0..10 {
        sign_in(&app, "nobody@acme.example", "guess")
            .await
            .problem(Kind::CredentialsWrong);
    }
    sign_in(&app, "nobody@acme.example", "guess")
        .await
        .problem(Kind::RateLimited);
}

#[tokio::test]
async fn a_place_that_tries_many_emails_is_slowed_down_before_any_is_looked_at() {
    let app = TestApp::start().await;
    for number in 0..30 {
        sign_in(&app, &format!("{number}@acme.example"), "guess")
            .await
            .problem(Kind::CredentialsWrong);
    }
    let events = app.events().await;
    let refused = sign_in(&app, &app.member.email, PASSWORD).await;
    refused.problem(Kind::RateLimited);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(app.events().await, events, "no row of it");
    app.pass(Duration::from_secs(wait));
    sign_in(&app, &app.member.email, PASSWORD)
        .await
        .expect(StatusCode::OK);
}

/// Behind a proxy that is trusted the client counts, not the proxy; a client that lies about where it
/// is counts as where the proxy saw it.
#[tokio::test]
async fn addresses_behind_a_trusted_proxy_are_told_apart() {
    let app = TestApp::with(|settings| {
        settings.trusted_proxies = vec!["192.0.2.0/24".parse().unwrap()];
    })
    .await;
    let attempt = |forwarded: &'static str| {
        let body = json!({ "email": app.member.email, "password": "guess" });
        let request = call(&Anonymous, Method::POST, PATH).header("x-forwarded-for", forwarded);
        app.send(with_json(request, &body))
    };
    for _ in 0..10 {
        attempt("203.0.113.1").await.problem(Kind::CredentialsWrong);
    }
    attempt("198.51.100.9, 203.0.113.1")
        .await
        .problem(Kind::RateLimited);
    attempt("203.0.113.2").await.problem(Kind::CredentialsWrong);
    let log = app.audit().await;
    assert_eq!(
        log.last().unwrap().actor_address.as_deref(),
        Some("203.0.113.2")
    );
}

#[tokio::test]
async fn signing_in_and_out_and_being_refused_are_in_the_audit_log() {
    let app = TestApp::start().await;
    sign_in(&app, &app.member.email, "wrong").await;
    sign_in(&app, "nobody@acme.example", "wrong").await;
    let session = sign_in(&app, &app.member.email, PASSWORD)
        .await
        .session_cookie();
    app.delete(&Cookie(session), PATH).await;
    let log = app.audit().await;
    let last: Vec<_> = log.iter().rev().take(4).rev().collect();
    let actions: Vec<&str> = last.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "sign_in_refused",
            "sign_in_refused",
            "signed_in",
            "signed_out"
        ]
    );
    let member = Some(app.member.id.as_str());
    let targets: Vec<Option<&str>> = last.iter().map(|event| event.target.as_deref()).collect();
    assert_eq!(targets, [member, None, member, member]);
    for event in last {
        assert_eq!(event.actor_address.as_deref(), Some("192.0.2.7"));
        assert_eq!(
            event.details,
            Value::Object(serde_json::Map::new()).to_string()
        );
    }
}
