//! Looking for people of a plan, and when they were last seen.

use std::{collections::BTreeSet, time::Duration};

use axum::http::StatusCode;
use tenure_domain::{
    plan::Role,
    problem::Kind,
    wire::{page::Page, users::PlanUser},
};

use super::app::{PASSWORD, TestApp};
use super::callers::Anonymous;

async fn page(app: &TestApp, query: &str) -> Page<PlanUser> {
    let path = format!("/api/v1/plans/{}/users?{query}", app.acme);
    app.get(&app.admin, &path)
        .await
        .expect(StatusCode::OK)
        .read()
}

async fn names(app: &TestApp, query: &str) -> BTreeSet<String> {
    let page = page(app, query).await;
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|user| user.name).collect()
}

#[tokio::test]
async fn people_are_found_by_name_email_role_and_state() {
    let app = TestApp::start().await;
    app.another_person("Ürsula", &app.acme, Role::Member).await;
    app.another_person("quinn", &app.acme, Role::SystemAdmin)
        .await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let everybody: &[&str] = &["ann", "bob", "mia", "quinn", "Ürsula"];
    let table: &[(&str, &[&str])] = &[
        ("", everybody),
        ("text=", everybody),
        ("text=%20", everybody),
        ("text=QUIN", &["quinn"]),
        ("text=%C3%BCRS", &["Ürsula"]),
        ("text=mia%40acme", &["mia"]),
        ("text=%40ACME.example", everybody),
        ("text=%25", &[]),
        ("text=_nn", &[]),
        ("text=otto", &[]),
        ("role=system_admin", &["ann", "bob", "quinn"]),
        ("role=member", &["mia", "Ürsula"]),
        ("state=active", &["ann", "bob", "quinn", "Ürsula"]),
        ("state=deactivated", &["mia"]),
        ("state=deactivated&role=system_admin", &[]),
        ("text=n&role=system_admin&state=active", &["ann", "quinn"]),
    ];
    for (query, expected) in table {
        let expected: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(names(&app, query).await, expected, "{query}");
    }
    for wrong in [
        "role=owner",
        "state=invited",
        "state=gone",
        "limit=0",
        "cursor=x",
    ] {
        let path = format!("/api/v1/plans/{}/users?{wrong}", app.acme);
        app.get(&app.admin, &path)
            .await
            .problem(Kind::InvalidRequest);
    }
    let long = format!("/api/v1/plans/{}/users?text={}", app.acme, "x".repeat(101));
    app.get(&app.admin, &long)
        .await
        .problem(Kind::InvalidRequest);
}

/// A page looks at so many people, however few of them are looked for; the next one goes on from there.
#[tokio::test]
async fn however_many_there_are_a_page_looks_at_few() {
    let app = TestApp::start().await;
    app.many_people(&app.acme, 4_500).await;
    let last = page(&app, "text=person%204499").await;
    assert_eq!(
        (last.items.len(), last.next_cursor.is_some()),
        (0, true),
        "2 000 of them were looked at"
    );
    let mut found = Vec::new();
    let (mut cursor, mut pages) = (String::new(), 0);
    loop {
        let page = page(&app, &format!("text=99&limit=20{cursor}")).await;
        pages += 1;
        found.extend(page.items.into_iter().map(|user| user.name));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = (0..4_500)
        .filter(|number| number.to_string().contains("99"))
        .count();
    let unique: BTreeSet<_> = found.iter().collect();
    assert_eq!((found.len(), unique.len()), (expected, expected));
    assert!((5..=8).contains(&pages), "{pages}");
}

#[tokio::test]
async fn who_was_seen_when() {
    let app = TestApp::start().await;
    let seen = async |name: &str| {
        let page = page(&app, "").await;
        let found = page.items.into_iter().find(|user| user.name == name);
        found.expect("in the plan").last_seen_at
    };
    let start = app.clock.now();
    assert_eq!(seen("ann").await, Some(start), "who asks is seen");
    assert_eq!(seen("mia").await, None);
    let body = serde_json::json!({ "email": app.member.email, "password": PASSWORD });
    app.post(&Anonymous, "/api/v1/session", body)
        .await
        .expect(StatusCode::OK);
    assert_eq!(seen("mia").await, Some(start), "signing in");
    // To within five minutes.
    app.pass(Duration::from_secs(299));
    app.get(&app.member, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    assert_eq!(seen("mia").await, Some(start));
    app.pass(Duration::from_secs(1));
    app.get(&app.member, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    let by_session = app.clock.now();
    assert_eq!(seen("mia").await, Some(by_session));
    // A refused call shows that they were there all the same; one without a session shows nobody.
    app.pass(Duration::from_secs(300));
    let (_, secret) = app.generate(&app.second_admin, &app.acme, "ci").await;
    let generated = app.clock.now();
    assert_eq!(seen("bob").await, Some(generated));
    app.pass(Duration::from_secs(3_600));
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    assert_eq!(
        seen("bob").await,
        Some(app.clock.now()),
        "a program in their name"
    );
    // A token of another plan is nobody's business here.
    app.pass(Duration::from_secs(60));
    let before = seen("mia").await;
    let (_, elsewhere) = app.generate(&app.member, &app.basil, "elsewhere").await;
    let by_session = app.clock.now();
    app.pass(Duration::from_secs(7_200));
    app.get(&elsewhere, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    assert!(before < Some(by_session));
    assert_eq!(
        seen("mia").await,
        Some(by_session),
        "the session that made it, not its use"
    );
}
