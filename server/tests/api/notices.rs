//! The ledger of mails, sending one again, and the language and zone that they are in.

use std::time::Duration;

use axum::http::StatusCode;
use lettre::Address;
use serde_json::{Value, json};
use tenure_domain::{
    locale::{Language, Locale},
    notice::{NoticeKind, NoticeState},
    problem::Kind,
    wire::{notices::Notice, page::Page, session::Session},
};
use tenure_server::{
    jobs::post::{Looked, Postman},
    mail::{Route, Setup},
    ops::notices,
};

use super::app::{PASSWORD, TestApp};
use super::callers::Anonymous;

/// Hands announcements on and sends all that is due.
async fn deliver(app: &TestApp, postman: &mut Postman) {
    let now = app.clock.now();
    while notices::announce::hand_on(&app.state.store, now)
        .await
        .unwrap()
    {}
    while postman.look().await.unwrap() == Looked::Worked {}
}

async fn page(app: &TestApp, query: &str) -> Page<Notice> {
    let path = format!("/api/v1/plans/{}/notices?{query}", app.acme);
    app.get(&app.admin, &path)
        .await
        .expect(StatusCode::OK)
        .read()
}

/// A server whose mails go into a folder that is there as long as this is.
pub(crate) async fn with_mail() -> (tempfile::TempDir, TestApp, Postman) {
    let folder = tempfile::tempdir().unwrap();
    let from: Address = "tenure@acme.example".parse().unwrap();
    let setup = Setup {
        from: from.into(),
        route: Route::Files(folder.path().to_owned()),
    };
    let app = TestApp::with(|settings| settings.mail = Some(setup)).await;
    let postman = Postman::new(&app.state).unwrap();
    (folder, app, postman)
}

#[tokio::test]
async fn an_admin_reads_what_became_of_each_notice() {
    let (_folder, app, mut postman) = with_mail().await;
    for owner in [&app.member, &app.admin, &app.second_admin] {
        app.generate(owner, &app.acme, "ci").await;
    }
    let days = json!({ "amount": 90, "unit": "days" });
    app.set_policy(&app.admin, &app.acme, days).await;
    deliver(&app, &mut postman).await;
    app.pass(Duration::from_secs(3_600));
    app.set_policy(&app.admin, &app.acme, Value::Null).await;
    notices::announce::hand_on(&app.state.store, app.clock.now())
        .await
        .unwrap();

    let all = page(&app, "").await;
    assert_eq!((all.items.len(), all.next_cursor), (6, None));
    let (queued, sent) = all.items.split_at(3);
    assert!(
        queued
            .iter()
            .all(|notice| notice.state == NoticeState::Queued)
    );
    assert!(queued.iter().all(|notice| notice.next_attempt_at.is_some()));
    for notice in sent {
        assert_eq!(
            (notice.state, notice.kind),
            (NoticeState::Sent, NoticeKind::Announcement)
        );
        assert_eq!((notice.tokens, notice.attempts), (1, 1));
        assert!(notice.sent_at.is_some() && notice.next_attempt_at.is_none());
    }
    assert_eq!(page(&app, "state=sent").await.items, sent);
    assert_eq!(
        page(&app, "state=queued&kind=announcement").await.items,
        queued
    );
    assert_eq!(page(&app, "kind=digest").await.items, []);
    let first = page(&app, "limit=4").await;
    let rest = page(
        &app,
        &format!("limit=4&cursor={}", first.next_cursor.unwrap()),
    )
    .await;
    assert_eq!([first.items, rest.items].concat(), all.items);
    let path = format!("/api/v1/plans/{}/notices?state=lost", app.acme);
    app.get(&app.admin, &path)
        .await
        .problem(Kind::InvalidRequest);
}

#[tokio::test]
async fn a_notice_is_sent_again_and_that_is_logged() {
    let (folder, app, mut postman) = with_mail().await;
    app.generate(&app.member, &app.acme, "ci").await;
    let days = json!({ "amount": 90, "unit": "days" });
    app.set_policy(&app.admin, &app.acme, days).await;
    deliver(&app, &mut postman).await;
    let sent = &page(&app, "").await.items[0];
    let path = |plan, id| format!("/api/v1/plans/{plan}/notices/{id}/send-again");
    let own = path(&app.acme, sent.id.as_str());
    let queued: Notice = app
        .post(&app.admin, &own, json!({}))
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!((queued.state, queued.attempts), (NoticeState::Queued, 0));
    app.post(&app.admin, &own, json!({}))
        .await
        .problem(Kind::Conflict);
    let elsewhere = path(&app.cumin, sent.id.as_str());
    app.post(&app.other_admin, &elsewhere, json!({}))
        .await
        .problem(Kind::NotFound);
    deliver(&app, &mut postman).await;
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        2,
        "it is another mail"
    );
    let log = app.audit().await;
    let again: Vec<_> = log
        .iter()
        .filter(|event| event.action == "notice_sent_again")
        .collect();
    let [event] = &again[..] else {
        panic!("{again:?}");
    };
    assert_eq!(event.target.as_deref(), Some(sent.id.as_str()));
    assert_eq!(event.actor_id.as_deref(), Some(app.admin.id.as_str()));
}

#[tokio::test]
async fn a_browsers_language_and_zone_are_kept_once_and_chosen_any_time() {
    let app = TestApp::start().await;
    let sign_in = async |locale: Value| -> Session {
        let body = json!({ "email": app.member.email, "password": PASSWORD, "locale": locale });
        app.post(&Anonymous, "/api/v1/session", body)
            .await
            .expect(StatusCode::OK)
            .read()
    };
    let session = sign_in(Value::Null).await;
    assert_eq!(session.locale, None);
    let session = sign_in(json!({ "language": "de", "time_zone": "Mars/Olympus" })).await;
    assert_eq!(session.locale, None, "an unknown zone keeps nobody out");
    let session = sign_in(json!({ "language": "de", "time_zone": "Europe/Berlin" })).await;
    assert_eq!(
        session.locale.map(|locale| locale.language),
        Some(Language::De)
    );
    let session = sign_in(json!({ "language": "en", "time_zone": "Asia/Tokyo" })).await;
    assert_eq!(
        session.locale.map(|locale| locale.time_zone),
        Some("Europe/Berlin".to_owned())
    );

    let chosen = json!({ "language": "en", "time_zone": "Asia/Tokyo" });
    let kept: Locale = put(&app, chosen).await.expect(StatusCode::OK).read();
    assert_eq!(kept.time_zone, "Asia/Tokyo");
    let session: Session = app.get(&app.member, "/api/v1/session").await.read();
    assert_eq!(session.locale, Some(kept));
    let unknown = json!({ "language": "en", "time_zone": "Mars/Olympus" });
    let problem = put(&app, unknown).await.problem(Kind::ValidationFailed);
    assert_eq!(problem.errors[0].pointer, "/time_zone");
    let log = app.audit().await;
    assert_eq!(
        log.last().map(|event| event.action.as_str()),
        Some("profile_changed")
    );
}

async fn put(app: &TestApp, body: Value) -> super::callers::Answer {
    use super::callers::{call, with_json};
    let request = call(&app.member, axum::http::Method::PUT, "/api/v1/me/profile");
    app.send(with_json(request, &body)).await
}
