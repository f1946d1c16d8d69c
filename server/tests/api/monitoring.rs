//! What Prometheus reads, and that the examples for it name nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tenure_domain::{problem::Kind, suspicion, wire::auth_health::Outcome};
use tenure_server::{
    monitoring,
    ops::{alerts, suspicion as op},
    store::webhooks,
};

use super::app::TestApp;
use super::callers::{Bearer, send};

/// The numbers of a scrape: each line as it is written, without comments.
async fn scrape(app: &TestApp) -> Vec<String> {
    let router = monitoring::router(app.state.clone());
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = send(&router, request).await.expect(StatusCode::OK);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let text = answer.text();
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn names(lines: &[String]) -> BTreeSet<&str> {
    lines
        .iter()
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect()
}

#[tokio::test]
async fn what_was_seen_is_scraped() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    for _ in 0..3 {
        app.ask(&secret, "/orders").await.expect(StatusCode::OK);
    }
    app.revoke(&app.member, &token).await;
    app.ask(&secret, "/orders")
        .await
        .problem(Kind::TokenRevoked);
    // Written or not, it was seen.
    app.state
        .sightings
        .flush(&app.state.store, app.clock.now())
        .await
        .unwrap();
    app.ask(&Bearer("nonsense".to_owned()), "/")
        .await
        .problem(Kind::TokenMalformed);
    let lines = scrape(&app).await;
    for line in [
        "tenure_token_checks_total{outcome=\"works\"} 3",
        "tenure_token_checks_total{outcome=\"token_revoked\"} 1",
        "tenure_token_checks_total{outcome=\"token_malformed\"} 1",
        "tenure_token_checks_total{outcome=\"token_expired\"} 0",
        "tenure_token_refreshes_total{outcome=\"refreshed\"} 0",
        "tenure_database_up 1",
    ] {
        assert!(
            lines.iter().any(|it| it == line),
            "{line} is not in {lines:#?}"
        );
    }
    for secret in [app.acme.as_str(), token.id.as_str(), secret.0.as_str()] {
        assert!(lines.iter().all(|line| !line.contains(secret)), "{secret}");
    }
    app.state.store.close().await;
    let lines = scrape(&app).await;
    assert!(
        lines.iter().any(|line| line == "tenure_database_up 0"),
        "{lines:#?}"
    );
}

/// What rules find, alerts, and posts: counted where it was written, once it is.
#[tokio::test]
async fn what_wants_attention_is_scraped() {
    let app = TestApp::start().await;
    let first = scrape(&app).await;
    for line in [
        "tenure_findings_total{rule=\"refresh_reuse\"} 0",
        "tenure_findings_total{rule=\"two_networks\"} 0",
        "tenure_alerts_raised_total{kind=\"suspicious_tokens\"} 0",
        "tenure_webhook_posts_total{became=\"taken\"} 0",
        "tenure_webhook_posts_total{became=\"later\"} 0",
        "tenure_webhook_posts_total{became=\"failed\"} 0",
    ] {
        assert!(first.iter().any(|it| it == line), "{line}: {first:#?}");
    }
    let (token, _) = app.generate(&app.member, &app.acme, "ci").await;
    let (store, now) = (&app.state.store, app.clock.now());
    let found = suspicion::refresh_reuse("r", None, now);
    for committed in [false, true, true] {
        let mut tx = store.write().await.unwrap();
        let whose = (&app.acme, &token.id);
        let kept = op::keep(&mut tx, &app.state.random, now, whose, &found).await;
        kept.unwrap();
        if committed {
            tx.commit().await.unwrap();
        }
    }
    alerts::watch(store, &app.state.random, now).await.unwrap();
    let mut tx = store.write_aside().await.unwrap();
    for id in ["1", "2", "3"] {
        webhooks::queue(&mut tx, id, &app.acme, "{}", now)
            .await
            .unwrap();
        let leased = webhooks::lease(&mut tx, "me", now, now.saturating_add(1)).await;
        assert_eq!(leased.unwrap().unwrap().id, id);
        let became = match id {
            "1" => webhooks::taken(&mut tx, (id, "me")).await,
            "2" => webhooks::failed(&mut tx, (id, "me"), "gone").await,
            _ => webhooks::again(&mut tx, (id, "me"), "busy", now).await,
        };
        assert!(became.unwrap());
        assert!(!webhooks::taken(&mut tx, (id, "me")).await.unwrap());
    }
    tx.commit().await.unwrap();
    let lines = scrape(&app).await;
    for line in [
        "tenure_findings_total{rule=\"refresh_reuse\"} 1",
        "tenure_alerts_raised_total{kind=\"suspicious_tokens\"} 1",
        "tenure_webhook_posts_total{became=\"taken\"} 1",
        "tenure_webhook_posts_total{became=\"later\"} 1",
        "tenure_webhook_posts_total{became=\"failed\"} 1",
    ] {
        assert!(lines.iter().any(|it| it == line), "{line}: {lines:#?}");
    }
}

/// Every metric and every outcome that the examples name exists.
#[tokio::test]
async fn the_examples_name_what_there_is() {
    let app = TestApp::start().await;
    let lines = scrape(&app).await;
    let known = names(&lines);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operating");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (dashboard, alerts) = (read("dashboard.json"), read("alerts.yml"));
    serde_json::from_str::<serde_json::Value>(&dashboard).expect("JSON");
    let mut named = BTreeSet::new();
    for text in [&dashboard, &alerts] {
        let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        named.extend(words.filter(|word| word.starts_with("tenure_")));
    }
    assert_eq!(named, known, "the examples and the metrics have parted");
    let outcomes = alerts.split("outcome").skip(1).flat_map(|rest| {
        let rest = rest.trim_start_matches(['!', '=', '~', '"']);
        rest.split('"').next().unwrap_or_default().split('|')
    });
    for outcome in outcomes {
        assert!(Outcome::parse(outcome).is_some(), "{outcome} is no outcome");
    }
}
