//! What Prometheus reads, and that the examples for it name nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tenure_domain::{problem::Kind, wire::auth_health::Outcome};
use tenure_server::monitoring;

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
