//! What a process tells Prometheus, on a listener of its own that is off unless it is configured.
//!
//! Each scrape reads what is counted anyway; nothing is added to the path of a call. No plan is named: who may
//! scrape may not be who may see a plan. What a plan's System Admins see is in `routes::auth_health`.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use tenure_domain::wire::auth_health::Class;

use crate::{sightings::LeftOut, state::AppState, store::Happened};

const BUILD: &str = "tenure_build_info";
const DATABASE: &str = "tenure_database_up";
const CHECKS: &str = "tenure_token_checks_total";
const REFRESHES: &str = "tenure_token_refreshes_total";
const LOOKUPS: &str = "tenure_token_lookups_total";
const LEFT_OUT: &str = "tenure_sightings_left_out_total";
const FINDINGS: &str = "tenure_findings_total";
const ALERTS: &str = "tenure_alerts_raised_total";
const POSTS: &str = "tenure_webhook_posts_total";

/// The text format of Prometheus, version 0.0.4.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

#[derive(Clone)]
struct Exporter {
    app: AppState,
    recorder: Arc<PrometheusRecorder>,
}

/// `/metrics` of this process.
pub fn router(app: AppState) -> Router {
    let recorder = Arc::new(PrometheusBuilder::new().build_recorder());
    with_local_recorder(&*recorder, describe);
    Router::new()
        .route("/metrics", get(scrape))
        .with_state(Exporter { app, recorder })
}

fn describe() {
    describe_gauge!(BUILD, "Which version runs; always 1");
    describe_gauge!(DATABASE, "Whether the database answers: 1 or 0");
    describe_counter!(CHECKS, "Checks of tokens, by outcome");
    describe_counter!(REFRESHES, "Refresh tokens that were presented, by outcome");
    describe_counter!(LOOKUPS, "Tokens that were looked up in the database");
    describe_counter!(
        LEFT_OUT,
        "Calls of which some details are not kept (details), or nothing is (calls)"
    );
    describe_counter!(FINDINGS, "What rules of suspicion found of tokens, by rule");
    describe_counter!(ALERTS, "Alerts that were raised, by kind");
    describe_counter!(POSTS, "Posts of alerts that were tried, by what came of it");
}

async fn scrape(State(Exporter { app, recorder }): State<Exporter>) -> impl IntoResponse {
    let up = app.store.ping().await.is_ok();
    with_local_recorder(&*recorder, || record(&app, up));
    ([(CONTENT_TYPE, TEXT)], recorder.handle().render())
}

fn record(app: &AppState, up: bool) {
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!(DATABASE).set(if up { 1.0 } else { 0.0 });
    for (outcome, calls) in app.sightings.totals() {
        let name = match outcome.class() {
            Class::Works | Class::Unauthorized | Class::Forbidden => CHECKS,
            Class::Refreshed | Class::RefreshFailed => REFRESHES,
        };
        counter!(name, "outcome" => outcome.as_str()).absolute(calls);
    }
    counter!(LOOKUPS).absolute(app.verifier.lookups());
    let LeftOut { details, calls } = app.sightings.left_out();
    counter!(LEFT_OUT, "what" => "details").absolute(details);
    counter!(LEFT_OUT, "what" => "calls").absolute(calls);
    for (happened, times) in app.store.happened() {
        let counter = match happened {
            Happened::Found(rule) => counter!(FINDINGS, "rule" => rule.as_str()),
            Happened::Raised(kind) => counter!(ALERTS, "kind" => kind.as_str()),
            Happened::Posted(posted) => counter!(POSTS, "became" => posted.as_str()),
        };
        counter.absolute(times);
    }
}
