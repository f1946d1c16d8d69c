//! The audit log of a plan: who reads what of it, in pages and as a file, and whether its chain holds.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Method, StatusCode, header::ACCEPT},
};
use serde_json::{Value, json};
use tenure_domain::{
    audit::Action,
    problem::Kind,
    wire::{
        audit::{AuditEvent, AuditVerification},
        page::Page,
    },
};
use tenure_server::store::audit::{self, Event};

use super::hand;
use super::{
    app::TestApp,
    callers::{Answer, call},
};

fn path(app: &TestApp, query: &str) -> String {
    format!("/api/v1/plans/{}/audit-events{query}", app.acme)
}

async fn read(app: &TestApp, query: &str) -> Vec<AuditEvent> {
    let mut events = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = app
            .get(&app.admin, &path(app, &format!("?{query}{cursor}")))
            .await;
        let page: Page<AuditEvent> = answer.expect(StatusCode::OK).read();
        events.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return events,
        }
    }
}

fn actions(events: &[AuditEvent]) -> Vec<&str> {
    events.iter().map(|event| event.action.as_str()).collect()
}

async fn exported(app: &TestApp, query: &str, accept: &str) -> Answer {
    let request = call(&app.admin, Method::GET, &path(app, query)).header(ACCEPT, accept);
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    answer.expect(StatusCode::OK)
}

async fn verify(app: &TestApp) -> AuditVerification {
    let answer = app
        .post(&app.admin, &path(app, "/verification"), json!({}))
        .await;
    answer.expect(StatusCode::OK).read()
}

/// Ann sets a policy, Mia makes two tokens and revokes one.
async fn life(app: &TestApp) -> (String, String) {
    app.set_policy(
        &app.admin,
        &app.acme,
        json!({ "amount": 90, "unit": "days" }),
    )
    .await;
    app.pass(Duration::from_secs(60));
    let (kept, _) = app.generate(&app.member, &app.acme, "=nightly").await;
    app.pass(Duration::from_secs(60));
    let (gone, _) = app.generate(&app.member, &app.acme, "spare").await;
    app.revoke(&app.member, &gone).await;
    app.generate(&app.member, &app.basil, "elsewhere").await;
    (kept.id.0, gone.id.0)
}

#[tokio::test]
async fn the_log_of_a_plan_says_who_did_what_newest_first() {
    let app = TestApp::start().await;
    life(&app).await;
    let events = read(&app, "limit=2").await;
    let newest: Vec<_> = events
        .iter()
        .take(4)
        .map(|event| event.sentence.as_str())
        .collect();
    assert_eq!(
        newest,
        [
            "mia revoked the token spare.",
            "mia generated the token spare.",
            "mia generated the token =nightly.",
            "ann changed the expiration policy: period from off to 90 days (version 1).",
        ]
    );
    assert!(events.windows(2).all(|pair| pair[0].at >= pair[1].at));
    let ids: BTreeSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), events.len(), "none came twice");
    assert!(
        events
            .iter()
            .all(|event| !event.sentence.contains("elsewhere"))
    );
    let revoked = &events[0];
    assert_eq!(
        revoked.actor.as_ref().map(|actor| &actor.id),
        Some(&app.member.id)
    );
    let whole = serde_json::to_value(revoked).unwrap();
    assert_eq!(whole["details"]["name"], "spare");
    let oldest = events.last().unwrap();
    assert_eq!(oldest.sentence, "An operator made the plan Acme.");
}

#[tokio::test]
async fn the_log_is_filtered_by_who_what_when_and_text() {
    let app = TestApp::start().await;
    let (kept, gone) = life(&app).await;
    assert_eq!(
        actions(&read(&app, "action=policy_changed").await),
        ["policy_changed"]
    );
    let of_token = read(&app, &format!("target={gone}&limit=1")).await;
    assert_eq!(actions(&of_token), ["token_revoked", "token_generated"]);
    let both = format!(
        "target={gone}&action=token_generated&actor={}",
        app.member.id
    );
    assert_eq!(actions(&read(&app, &both).await), ["token_generated"]);
    assert_eq!(
        read(&app, &format!("target={kept}&actor={}", app.admin.id)).await,
        []
    );
    let by_ann = read(&app, &format!("actor={}", app.admin.id)).await;
    assert_eq!(actions(&by_ann), ["policy_changed"]);
    let (at, later) = (by_ann[0].at, by_ann[0].at.saturating_add(1));
    assert_eq!(read(&app, &format!("since={at}&until={at}")).await, []);
    let that_one = read(
        &app,
        &format!("since={at}&until={later}&actor={}", app.admin.id),
    )
    .await;
    assert_eq!(that_one, by_ann);
    assert!(
        read(&app, &format!("until={at}"))
            .await
            .iter()
            .all(|event| event.at < at)
    );
    let found = read(&app, "text=%20SPARE%20&limit=1").await;
    assert_eq!(actions(&found), ["token_revoked", "token_generated"]);
    for bad in [
        "action=nonsense",
        "since=yesterday",
        "cursor=x",
        "limit=0",
        "format=xml",
    ] {
        let answer = app.get(&app.admin, &path(&app, &format!("?{bad}"))).await;
        answer.problem(Kind::InvalidRequest);
    }
}

#[tokio::test]
async fn a_cursor_of_another_plan_opens_nothing() {
    let app = TestApp::start().await;
    life(&app).await;
    let others = format!("/api/v1/plans/{}/audit-events?limit=1", app.cumin);
    let page: Page<AuditEvent> = app.get(&app.other_admin, &others).await.read();
    let cursor = page.next_cursor.expect("there is more");
    let answer = app
        .get(&app.admin, &path(&app, &format!("?cursor={cursor}")))
        .await;
    answer.problem(Kind::InvalidRequest);
}

/// What few events pass is looked for a part of the log at a time, and the last page ends it.
#[tokio::test]
async fn a_rare_text_in_a_long_log_takes_pages_that_may_be_empty() {
    let app = TestApp::start().await;
    life(&app).await;
    let mut tx = app.state.store.write().await.unwrap();
    for number in 0..6_000 {
        let event = Event {
            at: app.clock.now(),
            plan: Some(app.acme.clone()),
            actor: None,
            actor_address: None,
            action: Action::ScopeDefined,
            target: Some(format!("scope:{number}")),
            details: json!({}),
        };
        audit::append(&mut tx, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    let first: Page<AuditEvent> = app
        .get(&app.admin, &path(&app, "?text=nightly"))
        .await
        .read();
    assert_eq!(first.items, []);
    assert!(first.next_cursor.is_some(), "it goes on");
    assert_eq!(
        actions(&read(&app, "text=nightly").await),
        ["token_generated"]
    );
    let all = exported(&app, "?text=scope%3A5999", "text/csv").await;
    assert_eq!(all.text().lines().count(), 2);
    let found = verify(&app).await;
    assert!(found.whole && found.events > 6_000, "{found:?}");
}

#[tokio::test]
async fn the_whole_log_is_exported_by_accept_or_by_a_link() {
    let app = TestApp::start().await;
    life(&app).await;
    let events = read(&app, "").await;
    let csv = exported(&app, "?limit=1", "text/csv").await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(csv.header("content-disposition").starts_with("attachment"));
    let text = csv.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "id,at,action,sentence,actor_id,actor,address,target,details"
    );
    assert_eq!(lines.len(), 1 + events.len());
    assert!(lines[1].starts_with(&events[0].id), "{}", lines[1]);
    assert!(text.contains("\"\"name\"\":\"\"=nightly\"\""), "{text}");

    let ndjson = exported(&app, "", "application/x-ndjson").await;
    let read: Vec<AuditEvent> = ndjson
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read, events);
    let linked = exported(
        &app,
        "?format=ndjson&action=policy_changed",
        "text/html,*/*",
    )
    .await;
    assert_eq!(linked.text().lines().count(), 1);
}

#[tokio::test]
async fn a_programs_token_with_the_scope_reads_the_log() {
    let app = TestApp::start().await;
    let (_, program) = app
        .generate_with(&app.admin, &app.acme, &["audit:read"])
        .await;
    app.get(&program, &path(&app, ""))
        .await
        .expect(StatusCode::OK);
    let (_, other) = app
        .generate_with(&app.admin, &app.acme, &["tokens:read"])
        .await;
    app.get(&other, &path(&app, ""))
        .await
        .problem(Kind::InsufficientScope);
}

#[tokio::test]
async fn an_admin_learns_of_the_chain_whether_it_holds_and_of_their_plan_how_far() {
    let app = TestApp::start().await;
    life(&app).await;
    let events = read(&app, "").await;
    let found = verify(&app).await;
    assert!(found.whole);
    assert_eq!(usize::try_from(found.events).unwrap(), events.len());
    assert_eq!(found.since, events.last().map(|event| event.at));
    assert_eq!(found.until, events.first().map(|event| event.at));

    // Somebody changes an event of another plan, in the middle of the log.
    let url = app.state.settings.database_url.clone();
    let sql = format!(
        "drop trigger audit_events_no_update; update audit_events set details = '{{}}' \
         where action = 'plan_created' and plan_id = '{}'",
        app.cumin
    );
    hand::run(&url, &sql).await;
    let broken = verify(&app).await;
    assert!(!broken.whole);
    assert_eq!(broken.events, 1, "Acme was made before Cumin");
    let answer = app
        .post(&app.admin, &path(&app, "/verification"), json!({}))
        .await;
    let text = answer.read::<Value>().to_string();
    assert!(!text.contains(app.cumin.as_str()), "{text}");
}

#[tokio::test]
async fn one_walk_goes_on_at_a_time() {
    let app = TestApp::start().await;
    let _walking = app.state.audit_walks.clone().try_acquire_owned().unwrap();
    let answer = app
        .post(&app.admin, &path(&app, "/verification"), json!({}))
        .await;
    answer.problem(Kind::Unavailable);
}

/// An action that is new and has no sentence does not compile; here each sentence is read once.
#[tokio::test]
async fn every_action_has_a_sentence_of_its_own() {
    let app = TestApp::start().await;
    let mut tx = app.state.store.write().await.unwrap();
    for action in Action::ALL {
        let event = Event {
            at: app.clock.now(),
            plan: Some(app.acme.clone()),
            actor: Some(app.admin.id.clone()),
            actor_address: None,
            action: *action,
            target: Some(app.member.id.0.clone()),
            details: json!({ "name": "A", "role": "B", "email": "F", "reason": "C", "rule": "G", "host": "H", "sentence": "I.", "from": null, "to": "D", "effective_at": "E", "version": 7, "expired": { "1": 3 } }),
        };
        audit::append(&mut tx, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    let events = read(&app, "limit=200").await;
    let sentences: BTreeSet<_> = events
        .iter()
        .take(Action::ALL.len())
        .map(|event| event.sentence.clone())
        .collect();
    assert_eq!(sentences.len(), Action::ALL.len(), "{sentences:#?}");
    for sentence in sentences {
        assert!(
            sentence.ends_with('.') && !sentence.contains(['{', '}']),
            "{sentence}"
        );
        assert!(
            sentence
                .chars()
                .next()
                .is_some_and(|first| first.is_uppercase() || first == 'a' || first == 'm'),
            "{sentence}"
        );
        assert!(!sentence.contains("(unknown)"), "{sentence}");
    }
}

/// What a plan's log can be narrowed to is what can be in it.
#[tokio::test]
async fn what_people_do_outside_of_plans_is_in_no_plans_log() {
    let app = TestApp::start().await;
    let _signed_in_again = app.again(&app.admin).await;
    life(&app).await;
    for event in read(&app, "limit=200").await {
        let action = Action::parse(&event.action).unwrap();
        assert!(action.is_of_plan(), "{}", event.action);
    }
    let mut of_plan = Action::ALL.iter().filter(|action| action.is_of_plan());
    assert!(of_plan.any(|action| *action == Action::TokenGenerated));
    assert_eq!(read(&app, "action=signed_in").await, []);
}
