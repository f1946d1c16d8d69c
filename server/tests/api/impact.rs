//! What an admin sees before Activate (R17), and what comes of it.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::{
    id::PlanId,
    problem::Kind,
    token::TokenKind,
    wire::{
        impact::{Forecast, PolicyImpact},
        page::Page,
        policies::RecordedPolicy,
        tokens::Token,
    },
};

use super::app::{TestApp, policy_path};
use super::callers::{Answer, Person, call, with_json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn days(amount: u16) -> Value {
    json!({ "period": { "amount": amount, "unit": "days" } })
}

fn path(plan: &PlanId, of: &str) -> String {
    format!("{}/{of}", policy_path(plan))
}

async fn preview(app: &TestApp, by: &Person, body: Value) -> PolicyImpact {
    let answer = app.post(by, &path(&app.acme, "preview"), body).await;
    answer.expect(StatusCode::OK).read()
}

async fn csv(app: &TestApp, by: &Person, body: &Value) -> Answer {
    let request = call(by, Method::POST, &path(&app.acme, "preview"));
    let request = request.header(header::ACCEPT, "text/csv");
    let answer = app.send(with_json(request, body)).await;
    answer.expect(StatusCode::OK)
}

/// Tokens of 40, 25 and 0 days.
async fn aged(app: &TestApp) -> Person {
    app.generate(&app.member, &app.acme, "of 40 days").await;
    app.pass(DAY * 15);
    let member = app.again(&app.member).await;
    app.generate(&member, &app.acme, "of 25 days").await;
    app.pass(DAY * 25);
    let member = app.again(&app.member).await;
    app.generate(&member, &app.acme, "of today").await;
    app.again(&app.admin).await
}

#[tokio::test]
async fn the_impact_says_what_ends_when_and_whose_it_is() {
    let app = TestApp::start().await;
    let admin = aged(&app).await;
    let impact = preview(&app, &admin, days(30)).await;
    assert_eq!(
        (impact.now, impact.within_7_days, impact.later, impact.never),
        (1, 1, 1, 0)
    );
    assert_eq!((impact.at, impact.takes_effect_at), (impact.at, impact.at));
    let by_day: Vec<_> = impact
        .days
        .iter()
        .map(|day| (day.date.to_string(), day.count))
        .collect();
    let expected = [("2026-04-01", 1), ("2026-04-06", 1), ("2026-05-01", 1)];
    assert_eq!(by_day, expected.map(|(day, count)| (day.to_owned(), count)));
    let [first] = impact.first.as_slice() else {
        panic!("{:?}", impact.first);
    };
    assert_eq!(
        (first.name.as_str(), first.last_used_at),
        ("of 40 days", None)
    );
    assert_eq!(first.owner.email, "mia@acme.example");
    assert_eq!(first.kind, TokenKind::UserAccess);
    assert_eq!(
        impact.earliest_with_notice.millis_since(impact.at),
        DAY.as_millis() as i64 * 7
    );

    // Nothing has changed, and without an impact nobody need be told ahead.
    assert_eq!(app.policy(&admin, &app.acme).await.version, 0);
    let none = preview(&app, &admin, days(90)).await;
    assert_eq!((none.now, none.within_7_days, none.later), (0, 0, 3));
    assert_eq!(none.earliest_with_notice, none.at);
    assert!(none.first.is_empty());
}

#[tokio::test]
async fn turning_off_and_lengthening_bring_nothing_back_and_say_so() {
    let app = TestApp::start().await;
    let admin = aged(&app).await;
    let period = days(30)["period"].clone();
    app.set_policy(&admin, &app.acme, period).await;
    let off = preview(&app, &admin, json!({ "period": null })).await;
    assert_eq!((off.already_dead, off.now, off.never), (1, 0, 2));
    let longer = preview(&app, &admin, days(60)).await;
    assert_eq!((longer.already_dead, longer.now), (1, 0));
    assert_eq!((longer.within_7_days, longer.later), (0, 2));
}

#[tokio::test]
async fn what_is_wrong_is_said_as_by_put() {
    let app = TestApp::start().await;
    let path = path(&app.acme, "preview");
    let body = json!({ "period": { "amount": 0, "unit": "days" } });
    let answer = app.post(&app.admin, &path, body).await;
    let problem = answer.problem(Kind::ValidationFailed);
    assert_eq!(problem.errors[0].pointer, "/period/amount");
    let wrong = format!("{path}.csv?period=many%20days");
    let problem = app.get(&app.admin, &wrong).await;
    let problem = problem.problem(Kind::ValidationFailed);
    assert_eq!(problem.errors[0].pointer, "/period/amount");
    let pro = format!("{}/preview", policy_path(&app.basil));
    let answer = app.post(&app.pro_admin, &pro, days(1)).await;
    answer.problem(Kind::PlanTierRequired);
}

#[tokio::test]
async fn the_whole_list_is_a_file() {
    let app = TestApp::start().await;
    let (_, used) = app.generate(&app.member, &app.acme, "=cmd()").await;
    app.get(&used, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    app.generate(&app.member, &app.acme, "two, \"quoted\"")
        .await;
    app.pass(DAY * 2);
    let admin = app.again(&app.admin).await;
    let answer = csv(&app, &admin, &days(1)).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let disposition = answer.header("content-disposition");
    assert!(disposition.starts_with("attachment;"), "{disposition}");
    let text = String::from_utf8(answer.body).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(
        lines[0],
        "name,id,kind,owner,email,created_at,last_used_at,expires_at"
    );
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].starts_with("'=cmd(),"), "{text}");
    let ends = ",user_access,mia,mia@acme.example,\
        2026-02-20T09:00:00.000Z,2026-02-20T09:00:00.000Z,";
    assert!(lines[1].ends_with(ends), "{text}");
    assert!(lines[2].starts_with("\"two, \"\"quoted\"\"\","), "{text}");

    // A link to it has no body, so it says the same in its query.
    let link = path(&app.acme, "preview.csv?period=1%20days");
    let linked = app.get(&admin, &link).await.expect(StatusCode::OK);
    assert_eq!(String::from_utf8(linked.body).unwrap(), text);
    // Off ends nothing.
    let off = app.get(&admin, &path(&app.acme, "preview.csv")).await;
    let off = String::from_utf8(off.expect(StatusCode::OK).body).unwrap();
    assert_eq!(off.split_terminator("\r\n").count(), 1);
}

#[tokio::test]
async fn the_list_is_longer_than_a_page_and_has_who_was_rotated() {
    let app = TestApp::start().await;
    for number in 0..503 {
        let name = format!("number {number}");
        app.generate(&app.member, &app.acme, &name).await;
    }
    app.pass(Duration::from_secs(3_600));
    let list: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    let rotate = format!("/api/v1/me/tokens/{}/rotate", list.items[0].id);
    let overlap = json!({ "overlap": { "amount": 3, "unit": "hours" } });
    let rotated = app.post(&app.member, &rotate, overlap).await;
    rotated.expect(StatusCode::CREATED);
    let minute = json!({ "period": { "amount": 1, "unit": "minutes" } });
    let impact = preview(&app, &app.admin, minute.clone()).await;
    assert_eq!((impact.now, impact.within_7_days), (503, 1));
    assert_eq!(impact.first.len(), 50);
    let text = String::from_utf8(csv(&app, &app.admin, &minute).await.body).unwrap();
    let names: std::collections::BTreeSet<_> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(names.len(), 503, "each once");
    assert_eq!(text.lines().count(), 504);
}

#[tokio::test]
async fn the_forecast_says_what_is_to_come() {
    let app = TestApp::start().await;
    let admin = aged(&app).await;
    let get = path(&app.acme, "forecast");
    let quiet: Forecast = app.get(&admin, &get).await.expect(StatusCode::OK).read();
    assert_eq!((quiet.total, quiet.never, quiet.heaviest), (3, 3, None));
    let period = days(30)["period"].clone();
    app.set_policy(&admin, &app.acme, period).await;
    app.generate(&admin, &app.acme, "another of today").await;
    let forecast: Forecast = app.get(&admin, &get).await.expect(StatusCode::OK).read();
    assert_eq!((forecast.total, forecast.later, forecast.never), (3, 0, 0));
    let heaviest = forecast.heaviest.expect("a day");
    assert_eq!(
        (heaviest.date.to_string().as_str(), heaviest.count),
        ("2026-05-01", 2)
    );
    assert_eq!(forecast.crowded(), Some(heaviest));
    assert_eq!(forecast.days.len(), 2);
    let request = call(&app.member, Method::GET, &get)
        .body(Body::empty())
        .unwrap();
    app.send(request).await.problem(Kind::SessionExpired);
}

#[tokio::test]
async fn unused_tokens_and_what_is_scheduled_are_counted_too() {
    let app = TestApp::start().await;
    let (_, used) = app.generate(&app.member, &app.acme, "used").await;
    app.generate(&app.member, &app.acme, "unused").await;
    app.pass(DAY * 40);
    app.get(&used, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    let admin = app.again(&app.admin).await;
    let idle = json!({ "period": null, "inactivity": { "amount": 30, "unit": "days" } });
    let impact = preview(&app, &admin, idle.clone()).await;
    assert_eq!((impact.now, impact.later, impact.never), (1, 1, 0));
    assert_eq!(impact.first[0].name, "unused");
    // Every process hears of a new rule for unused tokens before it counts.
    assert!(impact.takes_effect_at > impact.at);
    let text = String::from_utf8(csv(&app, &admin, &idle).await.body).unwrap();
    assert!(
        text.lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("unused,"))
    );
    assert_eq!(text.lines().count(), 2);
    let link = path(&app.acme, "preview.csv?inactivity=30%20days");
    let linked = app.get(&admin, &link).await.expect(StatusCode::OK);
    assert_eq!(String::from_utf8(linked.body).unwrap(), text);

    // In 40 days, both would have been unused for so long.
    let at = impact.at.saturating_add(40 * 86_400_000);
    let mut later = idle;
    later["effective_at"] = json!(at);
    let impact = preview(&app, &admin, later.clone()).await;
    assert_eq!((impact.now, impact.takes_effect_at), (2, at));
    let etag = app.policy(&admin, &app.acme).await.etag();
    let scheduled = app.put(&admin, &app.acme, &etag, later.clone()).await;
    scheduled.expect(StatusCode::OK);
    let forecast = path(&app.acme, "forecast");
    let forecast: Forecast = app.get(&admin, &forecast).await.read();
    let heaviest = forecast.heaviest.expect("a day");
    assert_eq!(heaviest.date, tenure_domain::wire::impact::Day::of(at));
    assert_eq!((heaviest.count, forecast.total), (2, 2));

    later["effective_at"] = json!(impact.at);
    let answer = app.post(&admin, &path(&app.acme, "preview"), later).await;
    let problem = answer.problem(Kind::ValidationFailed);
    assert_eq!(problem.errors[0].pointer, "/effective_at");
}

#[tokio::test]
async fn more_than_somebody_was_shown_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = aged(&app).await;
    let mut wanted = days(20);
    wanted["ends_at_most"] = json!(1);
    let etag = app.policy(&admin, &app.acme).await.etag();
    let refused = app.put(&admin, &app.acme, &etag, wanted.clone()).await;
    let problem = refused.problem(Kind::MoreWouldEnd);
    assert!(
        problem
            .detail
            .is_some_and(|detail| detail.starts_with("2 tokens"))
    );
    assert_eq!(app.policy(&admin, &app.acme).await.version, 0);
    wanted["ends_at_most"] = json!(2);
    let done = app.put(&admin, &app.acme, &etag, wanted).await;
    done.expect(StatusCode::OK);
    let history = path(&app.acme, "history");
    let history: Page<RecordedPolicy> = app.get(&admin, &history).await.read();
    let ended: Vec<_> = history.items.iter().map(|version| version.ended).collect();
    assert_eq!(ended, [Some(2), None]);
}
