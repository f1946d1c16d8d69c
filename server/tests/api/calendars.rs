//! Calendars of expiries: what is in them, who finds them, and how they change.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header::IF_NONE_MATCH},
};
use serde_json::json;
use tenure_domain::{
    plan::Role,
    problem::Kind,
    wire::calendars::{CalendarAddress, NewCalendarAddress},
};

use super::{
    app::TestApp,
    callers::{Anonymous, Answer, Caller, call},
};

const OWN: &str = "/api/v1/me/calendar";
const MINE: &str = "/api/v1/me/expiries.ics";

/// The path of an address that was made at `path`.
async fn shared(app: &TestApp, by: &impl Caller, path: &str) -> String {
    let made: NewCalendarAddress = app
        .post(by, path, json!({}))
        .await
        .expect(StatusCode::CREATED)
        .read();
    assert_eq!(made.created_at, app.clock.now());
    let path = made.address.strip_prefix("http://tenure.test");
    let path = path.expect("on this server").to_owned();
    let secret = path
        .strip_prefix("/calendars/")
        .and_then(|it| it.strip_suffix(".ics"));
    assert_eq!(secret.map(str::len), Some(43), "256 bits: {path}");
    path
}

async fn read(app: &TestApp, path: &str) -> Answer {
    app.get(&Anonymous, path).await
}

/// The lines, unfolded.
fn lines(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert!(
        !text.replace("\r\n", "").contains('\n'),
        "every line ends so"
    );
    let text = text.replace("\r\n ", "");
    text.split("\r\n").map(str::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    let of = |line: &'a String| line.strip_prefix(name)?.strip_prefix(':');
    lines.iter().filter_map(of).collect()
}

async fn ninety_days(app: &TestApp) {
    app.set_policy(
        &app.admin,
        &app.acme,
        json!({ "amount": 90, "unit": "days" }),
    )
    .await;
}

#[tokio::test]
async fn a_persons_calendar_has_each_token_that_expires_at_its_instant() {
    let app = TestApp::start().await;
    ninety_days(&app).await;
    let (ci, _) = app
        .generate(&app.member, &app.acme, "ci; \"x\", ä\\n")
        .await;
    app.generate(&app.member, &app.basil, "lasts").await;
    app.pass(Duration::from_secs(3_600));
    let (spare, _) = app
        .generate(&app.member, &app.acme, "spare ".repeat(16).trim())
        .await;
    let path = shared(&app, &app.member, OWN).await;
    let answer = read(&app, &path).await.expect(StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let lines = lines(&answer);
    assert_eq!(
        values(&lines, "DTSTART"),
        ["20260521T090000Z", "20260521T100000Z"]
    );
    let uids = values(&lines, "UID");
    let uid = |id: &str| format!("token-{id}@tenure.test");
    assert!(uids.contains(&uid(ci.id.as_str()).as_str()), "{uids:?}");
    assert!(uids.contains(&uid(spare.id.as_str()).as_str()), "{uids:?}");
    assert_eq!(values(&lines, "TRIGGER;RELATED=START"), ["-P7D", "-P7D"]);
    let summary = "Token ci\\; \"x\"\\, ä\\\\n of Acme stops working";
    assert_eq!(values(&lines, "SUMMARY")[0], summary);
    let description = values(&lines, "DESCRIPTION").join("\n");
    assert!(
        description.contains("It works until 21 May 2026"),
        "{description}"
    );
    assert!(!answer.text().contains("lasts"), "it never expires");

    let signed_in = app.get(&app.member, MINE).await.expect(StatusCode::OK);
    assert_eq!(signed_in.text(), answer.text());
}

#[tokio::test]
async fn a_program_reads_its_owners_expiries_in_its_own_plan() {
    let app = TestApp::start().await;
    ninety_days(&app).await;
    app.generate(&app.member, &app.acme, "of acme").await;
    let (_, there) = app
        .generate_with(&app.member, &app.acme, &["tokens:read"])
        .await;
    let (_, elsewhere) = app
        .generate_with(&app.member, &app.basil, &["tokens:read"])
        .await;
    let found = app.get(&there, MINE).await.expect(StatusCode::OK);
    assert!(found.text().contains("of acme"));
    let found = app.get(&elsewhere, MINE).await.expect(StatusCode::OK);
    assert!(!found.text().contains("BEGIN:VEVENT"), "{}", found.text());
}

/// Programs change the event that they have: its id stays, and its sequence rises whenever its instant
/// becomes another one.
#[tokio::test]
async fn an_event_keeps_its_id_and_counts_its_changes() {
    let app = TestApp::start().await;
    ninety_days(&app).await;
    app.generate(&app.member, &app.acme, "ci").await;
    let path = shared(&app, &app.member, OWN).await;
    let (mut last, mut starts) = (0, Vec::new());
    for days in [30, 60, 30] {
        app.pass(Duration::from_secs(60));
        app.set_policy(
            &app.admin,
            &app.acme,
            json!({ "amount": days, "unit": "days" }),
        )
        .await;
        let answer = read(&app, &path).await.expect(StatusCode::OK);
        let lines = lines(&answer);
        let sequence: i64 = values(&lines, "SEQUENCE")[0].parse().unwrap();
        assert!(sequence > last, "{sequence} after {last}");
        let (stamp, modified) = (
            values(&lines, "DTSTAMP")[0],
            values(&lines, "LAST-MODIFIED")[0],
        );
        assert_eq!(stamp, modified);
        assert_eq!(values(&lines, "UID").len(), 2, "an event and its alarm");
        last = sequence;
        starts.push(values(&lines, "DTSTART")[0].to_owned());
    }
    assert_eq!(
        starts,
        ["20260322T090000Z", "20260421T090000Z", "20260322T090000Z"]
    );
    // A revoked token is gone.
    let token = &app
        .get(&app.member, "/api/v1/me/tokens")
        .await
        .read::<serde_json::Value>()["items"][0];
    app.delete(
        &app.member,
        &format!("/api/v1/me/tokens/{}", token["id"].as_str().unwrap()),
    )
    .await;
    assert!(!read(&app, &path).await.text().contains("BEGIN:VEVENT"));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    ninety_days(&app).await;
    app.generate(&app.member, &app.acme, "ci").await;
    let path = shared(&app, &app.member, OWN).await;
    let first = read(&app, &path).await.expect(StatusCode::OK);
    app.pass(Duration::from_secs(7_200));
    let again = async |tag: &str| {
        let request = call(&Anonymous, Method::GET, &path).header(IF_NONE_MATCH, tag);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let tag = first.header("etag");
    let same = again(&format!("\"x\", W/{tag}"))
        .await
        .expect(StatusCode::NOT_MODIFIED);
    assert_eq!((same.header("etag"), same.text().as_str()), (tag, ""));
    app.generate(&app.member, &app.acme, "another").await;
    assert_ne!(again(tag).await.expect(StatusCode::OK).header("etag"), tag);
}

#[tokio::test]
async fn the_plans_calendar_has_an_event_a_day_with_the_first_names() {
    let app = TestApp::start().await;
    ninety_days(&app).await;
    for number in 1..=7 {
        app.generate(&app.member, &app.acme, &format!("token {number}"))
            .await;
        app.pass(Duration::from_secs(60));
    }
    app.pass(Duration::from_secs(86_400));
    let admin = app.again(&app.admin).await;
    app.generate(&admin, &app.acme, "alone").await;
    let path = format!("/api/v1/plans/{}/calendar", app.acme);
    let file = shared(&app, &admin, &path).await;
    let answer = read(&app, &file).await.expect(StatusCode::OK);
    let lines = lines(&answer);
    assert_eq!(values(&lines, "NAME"), ["Tokens of Acme"]);
    assert_eq!(
        values(&lines, "SUMMARY"),
        [
            "7 tokens of Acme stop working",
            "1 token of Acme stops working"
        ]
    );
    assert_eq!(
        values(&lines, "DTSTART"),
        ["20260521T090000Z", "20260522T090700Z"]
    );
    let page = format!("/plans/{}/security-control", app.acme);
    let urls = values(&lines, "URL");
    assert!(urls.len() == 2 && urls.iter().all(|url| url.ends_with(&page)));
    let description = values(&lines, "DESCRIPTION").join("|");
    assert!(
        description.contains("token 1 of mia\\, 21 May 2026\\, 09:00 UTC\\n"),
        "{description}"
    );
    assert!(description.contains("token 5 of mia") && description.contains("and 2 more"));
    assert!(!description.contains("token 6"));
    // Another System Admin has an address of their own.
    let second = app.again(&app.second_admin).await;
    let since: CalendarAddress = app.get(&second, &path).await.read();
    assert_eq!(since.created_at, None);
}

#[tokio::test]
async fn an_address_is_replaced_and_taken_away() {
    let app = TestApp::start().await;
    let since = async || {
        app.get(&app.member, OWN)
            .await
            .read::<CalendarAddress>()
            .created_at
    };
    assert_eq!(since().await, None);
    let first = shared(&app, &app.member, OWN).await;
    assert_eq!(since().await, Some(app.clock.now()));
    let second = shared(&app, &app.member, OWN).await;
    assert_ne!(first, second);
    read(&app, &first).await.problem(Kind::NotFound);
    read(&app, &second).await.expect(StatusCode::OK);
    for _ in 0..2 {
        app.delete(&app.member, OWN)
            .await
            .expect(StatusCode::NO_CONTENT);
    }
    read(&app, &second).await.problem(Kind::NotFound);
    assert_eq!(since().await, None);
    let log: Vec<_> = app
        .audit()
        .await
        .into_iter()
        .map(|event| event.action)
        .collect();
    let shared = log
        .iter()
        .filter(|action| *action == "calendar_shared")
        .count();
    let unshared = log
        .iter()
        .filter(|action| *action == "calendar_unshared")
        .count();
    assert_eq!(
        (shared, unshared),
        (2, 1),
        "the second removal removed nothing"
    );
}

#[tokio::test]
async fn an_address_opens_nothing_once_its_owner_may_not_see_it() {
    let app = TestApp::start().await;
    let eve = app
        .another_person("eve", &app.acme, Role::SystemAdmin)
        .await;
    let path = format!("/api/v1/plans/{}/calendar", app.acme);
    let (own, of_plan) = (
        shared(&app, &eve, OWN).await,
        shared(&app, &eve, &path).await,
    );
    for file in [&own, &of_plan] {
        read(&app, file).await.expect(StatusCode::OK);
    }
    app.deactivate(&app.admin, &app.acme, &eve).await;
    for file in [&own, &of_plan] {
        read(&app, file).await.problem(Kind::NotFound);
    }
}

#[tokio::test]
async fn guesses_are_slowed_down_and_whoever_knows_an_address_is_not() {
    let app = TestApp::start().await;
    let path = shared(&app, &app.member, OWN).await;
    let mut tries = 0;
    while read(&app, "/calendars/guess.ics").await.status == StatusCode::NOT_FOUND {
        tries += 1;
        assert!(tries < 1_000, "nobody slows the guesses down");
    }
    read(&app, "/calendars/guess.ics")
        .await
        .problem(Kind::RateLimited);
    read(&app, &path).await.expect(StatusCode::OK);
    // Without the ending it is no address.
    let bare = path.strip_suffix(".ics").unwrap();
    assert_ne!(read(&app, bare).await.status, StatusCode::OK);
}

/// Neither the database nor the audit log holds an address.
#[tokio::test]
async fn an_address_is_kept_nowhere() {
    let app = TestApp::start().await;
    let path = shared(&app, &app.member, OWN).await;
    let secret = path
        .trim_start_matches("/calendars/")
        .trim_end_matches(".ics");
    for event in app.audit().await {
        assert!(!event.details.contains(secret));
        assert!(!event.target.unwrap_or_default().contains(secret));
    }
    let file = app
        .state
        .settings
        .database_url
        .trim_start_matches("sqlite://")
        .to_owned();
    for ending in ["", "-wal"] {
        let bytes = std::fs::read(format!("{file}{ending}")).unwrap();
        assert!(
            memchr::memmem::find(&bytes, secret.as_bytes()).is_none(),
            "{ending}"
        );
    }
}
