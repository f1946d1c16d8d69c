//! Who may be invited by whom, and what is listed.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    wire::{invitations::Invitation, page::Page, users::Deactivation},
};

use super::{World, pointed};

#[tokio::test]
async fn whom_somebody_invited_is_counted_before_they_are_deactivated() {
    let world = World::new().await;
    let app = &world.app;
    world.invite("eve@acme.example", "member").await;
    let body = json!({ "email": "fay@acme.example", "role": "member" });
    let asked = world.ask(&app.second_admin, body).await;
    asked.expect(StatusCode::CREATED);
    let bob = &app.second_admin;
    let path = format!("/api/v1/plans/{}/users/{}/deactivate", app.acme, bob.id);
    let before: Deactivation = app.get(&app.admin, &path).await.read();
    assert_eq!(before.invitations, 1);
    let ended = app.deactivate(&app.admin, &app.acme, bob).await;
    assert_eq!(ended.invitations, 1);
    let left = world.list().await;
    let left: Vec<_> = left.iter().map(|it| &*it.email).collect();
    assert_eq!(left, ["eve@acme.example"]);
    let after: Deactivation = app.get(&app.admin, &path).await.read();
    assert_eq!(after.invitations, 0);
}

#[tokio::test]
async fn who_is_there_or_invited_already_is_not_invited() {
    let world = World::new().await;
    let app = &world.app;
    world.invite("eve@acme.example", "member").await;
    app.deactivate(&app.admin, &app.acme, &app.second_admin)
        .await;
    let events = app.events().await;
    for (email, code) in [
        ("MIA@acme.example", "member"),
        ("bob@acme.example", "deactivated"),
        ("Eve@acme.example", "invited"),
    ] {
        let body = json!({ "email": email, "role": "member" });
        let refused = world.ask(&app.admin, body).await;
        let problem = refused.problem(Kind::Conflict);
        assert_eq!(pointed(&problem.errors), [("/email", code)]);
        assert_eq!(
            problem.detail.as_deref(),
            Some(problem.errors[0].detail.as_str())
        );
    }
    assert_eq!(app.events().await, events);
    assert_eq!(world.list().await.len(), 1);
    // Into another plan she may be invited as well.
    let path = format!("/api/v1/plans/{}/invitations", app.cumin);
    let body = json!({ "email": "eve@acme.example", "role": "member" });
    app.post(&app.other_admin, &path, body)
        .await
        .expect(StatusCode::CREATED);
}

#[tokio::test]
async fn every_value_that_is_not_valid_is_named() {
    let mut world = World::new().await;
    let events = world.app.events().await;
    let table: [(Value, &[(&str, &str)]); 6] = [
        (
            json!({ "email": "eve", "role": "member" }),
            &[("/email", "email_invalid")],
        ),
        (
            json!({ "email": "a@b@c", "name": "", "role": "member" }),
            &[("/email", "email_invalid"), ("/name", "name_missing")],
        ),
        (
            json!({ "email": "e@a", "name": "x".repeat(101), "role": "member" }),
            &[("/name", "name_too_long")],
        ),
        (
            json!({ "email": "e@a", "role": "owner" }),
            &[("/role", "invalid_value")],
        ),
        (json!({ "email": "e@a" }), &[("", "")]),
        (
            json!({ "email": "e@a", "role": "member", "plan": "x" }),
            &[("", "")],
        ),
    ];
    for (body, expected) in table {
        let refused = world.ask(&world.app.admin, body.clone()).await;
        let errors = refused.problem(Kind::ValidationFailed).errors;
        // Shapes are named by the reader of bodies, values by their own rules.
        if expected[0].1.is_empty() || expected[0].1 == "invalid_value" {
            assert_eq!(errors.len(), 1, "{body}");
        } else {
            assert_eq!(pointed(&errors), expected, "{body}");
        }
    }
    assert_eq!(world.app.events().await, events);

    world.invite("eve@acme.example", "member").await;
    let code = world.code().await;
    for (name, password, expected) in [
        (json!(null), "long enough", vec![("/name", "name_missing")]),
        (
            json!(" "),
            "short",
            vec![
                ("/name", "name_missing"),
                ("/password", "password_too_short"),
            ],
        ),
        (json!("Eve"), "", vec![("/password", "password_too_short")]),
    ] {
        let body = json!({ "code": code, "name": name, "password": password });
        let refused = world.accept(body).await;
        assert_eq!(
            pointed(&refused.problem(Kind::ValidationFailed).errors),
            expected
        );
    }
    world.look_up(&code).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_invitation_is_its_plans_own() {
    let world = World::new().await;
    let app = &world.app;
    let made = world.invite("eve@acme.example", "member").await;
    let events = app.events().await;
    let elsewhere =
        |rest: &str| format!("/api/v1/plans/{}/invitations/{}{rest}", app.cumin, made.id);
    let again = app
        .post(&app.other_admin, &elsewhere("/send-again"), json!({}))
        .await;
    again.problem(Kind::NotFound);
    app.delete(&app.other_admin, &elsewhere(""))
        .await
        .problem(Kind::NotFound);
    let path = format!("/api/v1/plans/{}/invitations", app.cumin);
    let page: Page<Invitation> = app.get(&app.other_admin, &path).await.read();
    assert_eq!(page.items, []);
    assert_eq!(app.events().await, events);
    // No token invites.
    let (_, program) = app
        .generate_with(&app.admin, &app.acme, &["users:write"])
        .await;
    let page: Page<Invitation> = app
        .get(&program, &world.path(""))
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(page.items.len(), 1);
    let body = json!({ "email": "bo@acme.example", "role": "system_admin" });
    world
        .ask(&program, body)
        .await
        .problem(Kind::InsufficientScope);
}

#[tokio::test]
async fn invitations_are_listed_newest_first() {
    let world = World::new().await;
    for number in 0..5 {
        world
            .invite(&format!("e{number}@acme.example"), "member")
            .await;
        world.app.pass(Duration::from_secs(1));
    }
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = world.path(&format!("?limit=2{cursor}"));
        let page: Page<Invitation> = world.app.get(&world.app.admin, &path).await.read();
        listed.extend(page.items.into_iter().map(|it| it.email));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = (0..5)
        .rev()
        .map(|number| format!("e{number}@acme.example"))
        .collect();
    assert_eq!(listed, expected);
}

/// By the same text and roles as the people of the plan.
#[tokio::test]
async fn invitations_are_found_by_name_email_and_role() {
    let world = World::new().await;
    for (name, email, role) in [
        (Some("Ürsula"), "u1@acme.example", "member"),
        (Some("Quinn"), "q@other.example", "system_admin"),
        (None, "Nobody.Known@acme.example", "member"),
    ] {
        let body = json!({ "email": email, "name": name, "role": role });
        let made = world.ask(&world.app.admin, body).await;
        made.expect(StatusCode::CREATED);
    }
    let (u, q, n) = (
        "u1@acme.example",
        "q@other.example",
        "nobody.known@acme.example",
    );
    let table: &[(&str, &[&str])] = &[
        ("", &[n, q, u]),
        ("text=%20", &[n, q, u]),
        ("text=%C3%BCRS", &[u]),
        ("text=KNOWN%40", &[n]),
        ("text=acme.example", &[n, u]),
        ("text=%25", &[]),
        ("role=system_admin", &[q]),
        ("role=member&text=u", &[u]),
        ("text=quinn&role=member", &[]),
    ];
    for (query, expected) in table {
        let mut listed = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = world.path(&format!("?limit=1&{query}{cursor}"));
            let answer = world.app.get(&world.app.admin, &path).await;
            let page: Page<Invitation> = answer.expect(StatusCode::OK).read();
            listed.extend(page.items.into_iter().map(|it| it.email));
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        listed.sort_unstable();
        assert_eq!(listed, *expected, "{query}");
    }
    let long = format!("?text={}", "x".repeat(101));
    for wrong in ["?role=owner", &long] {
        let refused = world.app.get(&world.app.admin, &world.path(wrong)).await;
        refused.problem(Kind::InvalidRequest);
    }
}
