//! Bad input: each has its code and its pointer, and nothing changes, on both database engines.

/// Makes two tests of each: one engine may refuse, or take, what the other does not.
macro_rules! on_both_engines {
    ($($name:ident)+) => {
        $(mod $name {
            use tenure_server::store::Engine;

            #[tokio::test]
            async fn sqlite() {
                crate::app::run(Engine::Sqlite, super::$name).await;
            }

            #[tokio::test]
            async fn postgres() {
                crate::app::run(Engine::Postgres, super::$name).await;
            }
        })+
    };
}

mod tokens;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::problem::{Kind, Problem};

use crate::app::{TestApp, policy_path};
use crate::callers::{Anonymous, Answer, Person, call, with_json};

on_both_engines! {
    every_bad_policy_says_what_is_wrong_with_it
    several_faults_are_named_at_once
    a_change_needs_the_version_that_was_seen
    what_is_no_json_is_told_from_what_has_the_wrong_shape
    a_body_that_is_too_large_is_not_read
    a_body_must_be_json_by_its_type
    a_query_that_cannot_be_read_names_the_parameter
    answers_do_not_repeat_what_was_sent
    a_nul_is_found_nowhere
}

/// The only error of a `validation_failed`: its pointer and its code.
#[track_caller]
fn only_error(answer: &Answer) -> (String, String) {
    let problem = answer.problem(Kind::ValidationFailed);
    assert_eq!(problem.errors.len(), 1, "{:?}", problem.errors);
    let error = &problem.errors[0];
    assert!(!error.detail.is_empty());
    (error.pointer.clone(), error.code.clone())
}

/// Sends the body and asserts that it changed nothing.
async fn refused(app: &TestApp, by: &Person, method: Method, path: &str, body: &str) -> Answer {
    let before = app.events().await;
    let request = call(by, method, path)
        .header(header::IF_MATCH, "\"0\"")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let answer = app.send(request).await;
    assert!(answer.status.is_client_error(), "{body}: {}", answer.status);
    assert_eq!(app.events().await, before, "{body}");
    answer
}

async fn every_bad_policy_says_what_is_wrong_with_it(app: TestApp) {
    let period =
        |amount: Value, unit: &str| json!({ "period": { "amount": amount, "unit": unit } });
    let cases = [
        (
            period(json!(0), "days"),
            "/period/amount",
            "amount_out_of_range",
        ),
        (
            period(json!(-1), "days"),
            "/period/amount",
            "amount_out_of_range",
        ),
        (
            period(json!(10_000), "minutes"),
            "/period/amount",
            "amount_out_of_range",
        ),
        (
            period(json!(1e300), "days"),
            "/period/amount",
            "amount_out_of_range",
        ),
        (
            period(json!(1.5), "days"),
            "/period/amount",
            "amount_not_whole",
        ),
        (
            period(json!("90"), "days"),
            "/period/amount",
            "amount_not_a_number",
        ),
        (
            period(json!("ninety"), "days"),
            "/period/amount",
            "amount_not_a_number",
        ),
        (period(json!(true), "days"), "/period/amount", "wrong_type"),
        (
            period(json!(90), "fortnights"),
            "/period/unit",
            "unit_unknown",
        ),
        (period(json!(90), "Days"), "/period/unit", "unit_unknown"),
        (
            period(json!(11), "years"),
            "/period/amount",
            "period_too_long",
        ),
        (
            period(json!(121), "months"),
            "/period/amount",
            "period_too_long",
        ),
        (
            json!({ "period": { "amount": 90 } }),
            "/period/unit",
            "missing",
        ),
        (
            json!({ "period": { "unit": "days" } }),
            "/period/amount",
            "missing",
        ),
        (json!({ "period": 90 }), "/period", "wrong_type"),
        (json!({ "period": [90, "days"] }), "/period", "wrong_type"),
        (json!({}), "/period", "missing"),
        (
            json!({ "period": null, "exempt": ["ann"] }),
            "/exempt",
            "unknown_member",
        ),
        (
            json!({ "period": null, "effective_at": "2020-01-01T00:00:00Z" }),
            "/effective_at",
            "not_ahead",
        ),
        (
            json!({ "period": null, "inactivity": { "amount": 1, "unit": "weeks" } }),
            "/inactivity/unit",
            "unit_unknown",
        ),
        (json!([null, null, null]), "", "wrong_type"),
        (json!("90 days"), "", "wrong_type"),
    ];
    let path = policy_path(&app.acme);
    for (body, pointer, code) in cases {
        let answer = refused(&app, &app.admin, Method::PUT, &path, &body.to_string()).await;
        assert_eq!(
            only_error(&answer),
            (pointer.to_owned(), code.to_owned()),
            "{body}"
        );
    }
    let policy = app.policy(&app.admin, &app.acme).await;
    assert_eq!((policy.version, policy.period), (0, None));
}

async fn several_faults_are_named_at_once(app: TestApp) {
    let body = json!({
        "period": { "amount": 0, "unit": "days" },
        "inactivity": { "amount": 0, "unit": "days" }
    });
    let answer = app.put(&app.admin, &app.acme, "\"0\"", body).await;
    let errors = answer.problem(Kind::ValidationFailed).errors;
    let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/period/amount", "/inactivity/amount"]);
}

async fn a_change_needs_the_version_that_was_seen(app: TestApp) {
    let body = json!({ "period": { "amount": 1, "unit": "days" } });
    let put = |seen: Option<&'static str>| {
        let mut request = call(&app.admin, Method::PUT, &policy_path(&app.acme));
        if let Some(seen) = seen {
            request = request.header(header::IF_MATCH, seen);
        }
        app.send(with_json(request, &body))
    };
    put(None).await.problem(Kind::IfMatchRequired);
    let detail = put(Some("*")).await.problem(Kind::IfMatchRequired).detail;
    assert!(detail.unwrap().contains("version"));
    for malformed in ["0", "\"0", "\"0\", \"1\""] {
        put(Some(malformed)).await.problem(Kind::InvalidRequest);
    }
    for stale in ["\"1\"", "W/\"0\"", "\"zero\"", "\"4294967295\"", "\"-1\""] {
        let problem = put(Some(stale)).await.problem(Kind::StaleVersion);
        assert_eq!(problem.current.unwrap().version, 0, "{stale}");
    }
    assert_eq!(app.policy(&app.admin, &app.acme).await.version, 0);
}

async fn what_is_no_json_is_told_from_what_has_the_wrong_shape(app: TestApp) {
    let path = policy_path(&app.acme);
    for body in [
        "",
        "{",
        "{\"period\":}",
        "{\"period\":null} x",
        "\u{feff}{}",
        "{'period':null}",
    ] {
        let answer = refused(&app, &app.admin, Method::PUT, &path, body).await;
        let problem = answer.problem(Kind::InvalidJson);
        assert!(problem.detail.unwrap().contains("line 1"), "{body}");
    }
    let answer = refused(
        &app,
        &app.admin,
        Method::PUT,
        &path,
        "{\"period\":null,\"period\":null}",
    )
    .await;
    assert_eq!(
        only_error(&answer),
        ("/period".to_owned(), "duplicate_member".to_owned())
    );
}

async fn a_body_that_is_too_large_is_not_read(app: TestApp) {
    let path = policy_path(&app.acme);
    let before = app.events().await;
    let large = format!(
        "{{\"period\":null,\"x\":\"{}\"}}",
        "a".repeat(10 * 1024 * 1024)
    );
    let answer = refused(&app, &app.admin, Method::PUT, &path, &large).await;
    answer.problem(Kind::BodyTooLarge);

    // One that does not say how long it is.
    let chunks = (0..128).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024]));
    let request = call(&app.admin, Method::PUT, &path)
        .header(header::IF_MATCH, "\"0\"")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from_stream(futures_util::stream::iter(chunks)))
        .unwrap();
    app.send(request).await.problem(Kind::BodyTooLarge);
    assert_eq!(app.events().await, before);
}

async fn a_body_must_be_json_by_its_type(app: TestApp) {
    let body = json!({ "email": app.member.email, "password": crate::app::PASSWORD }).to_string();
    let with_type = |kind: Option<&'static str>| {
        let mut request = call(&Anonymous, Method::POST, "/api/v1/session");
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        app.send(request.body(Body::from(body.clone())).unwrap())
    };
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("json"),
    ] {
        with_type(kind).await.problem(Kind::UnsupportedMediaType);
    }
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/merge+json",
    ] {
        with_type(Some(kind)).await.expect(StatusCode::OK);
    }
}

async fn a_query_that_cannot_be_read_names_the_parameter(app: TestApp) {
    for query in ["limit=0", "limit=201", "limit=ten", "limit=-1"] {
        let answer = app
            .get(&app.member, &format!("/api/v1/me/tokens?{query}"))
            .await;
        let detail = answer.problem(Kind::InvalidRequest).detail.unwrap();
        assert!(detail.contains("limit"), "{query}: {detail}");
    }
    for query in ["cursor=nonsense", "cursor=", "cursor=e30", "section=both"] {
        let answer = app
            .get(&app.member, &format!("/api/v1/me/tokens?{query}"))
            .await;
        answer.problem(Kind::InvalidRequest);
    }
    let path = policy_path(&app.acme);
    let answer = app
        .get(&app.admin, &format!("{path}/history?cursor=x"))
        .await;
    answer.problem(Kind::InvalidRequest);
}

/// A problem never repeats what was sent: one of the values may be a password.
async fn answers_do_not_repeat_what_was_sent(app: TestApp) {
    for body in [
        json!({ "email": "a@b.example", "password": ["hunter2"] }),
        json!({ "email": "a@b.example", "password": { "hunter2": 1 } }),
        json!({ "email": 4711, "password": "hunter2" }),
    ] {
        let answer = app.post(&Anonymous, "/api/v1/session", body).await;
        let _: Problem = answer.problem(Kind::ValidationFailed);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(
            !text.contains("hunter2") && !text.contains("4711"),
            "{text}"
        );
    }
}

/// No text that is kept holds a NUL, and PostgreSQL cannot even be asked for one.
async fn a_nul_is_found_nowhere(app: TestApp) {
    let body = json!({ "email": "a\0@b.example", "password": "long enough" });
    app.post(&Anonymous, "/api/v1/session", body)
        .await
        .problem(Kind::CredentialsWrong);
    let body = json!({ "plan": "a\0", "name": "a" });
    app.post(&app.member, "/api/v1/me/tokens", body)
        .await
        .problem(Kind::RoleRequired);
    app.delete(&app.member, "/api/v1/me/tokens/a%00")
        .await
        .problem(Kind::NotFound);
    app.get(&app.admin, "/api/v1/plans/a%00/expiration-policy")
        .await
        .problem(Kind::RoleRequired);
}
