//! The log: one line a call, and never a secret.

use std::{
    io,
    sync::{Arc, Mutex, Once},
};

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use tenure_domain::wire::tokens::GeneratedToken;
use tenure_server::{config::LogFormat, telemetry};
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

use super::app::{PASSWORD, TestApp, policy_path};
use super::callers::{Anonymous, Bearer, Cookie, call};
use super::oauth::world::{World, pair};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A place in the code asks once whether anybody listens, and remembers the answer. With one listener in the whole
/// program only the thread that comes by first is asked: a test beside these, which listens to nothing, would answer
/// for them too. So there is always a second one, which hears everything and keeps nothing.
fn somebody_always_listens() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    });
}

/// Everything that is logged, at every level, while `work` runs.
async fn logged(format: LogFormat, work: impl Future<Output = ()>) -> String {
    somebody_always_listens();
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(telemetry::layer(format, lines.clone()));
    work.with_subscriber(subscriber).await;
    lines.text()
}

#[tokio::test]
async fn a_call_is_one_line_that_names_its_route_and_its_id() {
    let app = TestApp::start().await;
    let text = logged(LogFormat::Json, async {
        let path = format!("{}?secret=hunter2", policy_path(&app.acme));
        let request = call(&app.member, Method::GET, &path).header("x-request-id", "find-me");
        app.send(request.body(Body::empty()).unwrap()).await;
    })
    .await;
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        // Libraries may say "request" too, at a level that nobody turns on outside of tests.
        .filter(|line: &Value| line["message"] == "request" && line["level"] != "TRACE")
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    let line = &lines[0];
    assert_eq!(line["id"], "find-me");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["route"], "/api/v1/plans/{plan}/expiration-policy");
    assert_eq!(line["status"], 200);
    assert!(line["ms"].is_number(), "{line}");
}

#[tokio::test]
async fn what_lay_behind_a_failure_is_in_the_log_alone() {
    let app = TestApp::start().await;
    app.state.store.close().await;
    let text = logged(LogFormat::Text, async {
        app.get(&app.member, "/api/v1/session").await;
    })
    .await;
    let line = text
        .lines()
        .find(|line| line.contains("ERROR"))
        .expect("an error");
    assert!(
        line.contains("status=503") && line.contains("cause="),
        "{line}"
    );
}

/// What clients hold and show: codes, secrets, access tokens and refresh tokens, right and wrong.
#[tokio::test]
async fn no_secret_of_a_client_reaches_the_log() {
    let mut secrets = Vec::new();
    let text = logged(LogFormat::Text, async {
        let world = World::new().await;
        for client in [&world.basic, &world.post, &world.public] {
            let code = world.code(client).await;
            let first = pair(world.exchange(client, &code).await);
            let second = pair(world.refresh(client, &first.refresh).await);
            world.exchange(client, &code).await;
            world.refresh(client, &second.refresh).await;
            world.introspect(&second.access).await;
            for path in ["/oauth/token", "/oauth/revoke", "/oauth/authorize"] {
                let query = format!("{path}?code={code}&token={}", second.access);
                world.app.get(&Anonymous, &query).await;
            }
            let given = [("token", second.refresh.as_str())];
            world.form(client, "/oauth/revoke", &given).await;
            let rotate = format!(
                "/api/v1/plans/{}/oauth-clients/{}/rotate-secret",
                world.app.acme, client.client_id
            );
            let rotated = world.app.post(&world.app.admin, &rotate, json!({})).await;
            let rotated: Value = rotated.read();
            secrets.extend(rotated["client_secret"].as_str().map(str::to_owned));
            secrets.extend(client.client_secret.clone());
            secrets.extend([
                code,
                first.access,
                first.refresh,
                second.access,
                second.refresh,
            ]);
        }
    })
    .await;
    assert!(text.lines().count() > 30, "{text}");
    assert_eq!(secrets.len(), 3 * 5 + 2 * 2);
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
}

/// A whole day of calls, each with a secret somewhere; none of them is found in the log, at any level.
#[tokio::test]
async fn no_secret_reaches_the_log() {
    let app = TestApp::start().await;
    let mut secrets = vec![
        PASSWORD.to_owned(),
        "guess-0815".to_owned(),
        app.member.cookie.clone(),
    ];
    let text = logged(LogFormat::Text, async {
        let body = |password: &str| json!({ "email": app.member.email, "password": password });
        let session = "/api/v1/session";
        app.post(&Anonymous, session, body("guess-0815")).await;
        let signed_in = app.post(&Anonymous, session, body(PASSWORD)).await;
        let cookie = Cookie(signed_in.session_cookie());
        secrets.push(cookie.0.clone());
        let setup = json!({
            "code": "guess-0815", "plan": "P", "name": "N", "email": "n@p.example", "password": PASSWORD
        });
        app.post(&Anonymous, "/api/v1/setup", setup).await;
        let (token, Bearer(secret)) = app.generate(&app.member, &app.acme, "a").await;
        secrets.push(secret.clone());
        for _ in 0..2 {
            app.get(&Bearer(secret.clone()), "/verify").await;
            app.get(&Bearer(secret.clone()), session).await;
            app.get(&Bearer(secret.clone()), "/api/v1/me/tokens").await;
            app.get(&Bearer(format!("{secret}x")), "/verify").await;
            app.get(&Anonymous, &format!("/verify/?token={secret}")).await;
            app.get(&Anonymous, &format!("/{secret}")).await;
            app.revoke(&app.member, &token).await;
        }
        let checks = format!("/api/v1/plans/{}/checks", app.acme);
        for pasted in [secret.clone(), format!("{secret}x"), "pasted-0815".to_owned()] {
            app.post(&app.member, &checks, json!({ "text": pasted })).await;
            app.post(&app.member, &checks, json!({ "txt": pasted })).await;
            app.get(&app.member, &format!("{checks}?text={pasted}")).await;
        }
        secrets.push("pasted-0815".to_owned());
        let (rotating, _) = app.generate(&app.member, &app.acme, "b").await;
        let rotate = format!("/api/v1/me/tokens/{}/rotate", rotating.id);
        let rotated = app.post(&app.member, &rotate, json!({})).await;
        let rotated: GeneratedToken = rotated.read();
        secrets.push(rotated.secret.clone());
        app.get(&Bearer(rotated.secret), "/verify").await;
        app.post(&Anonymous, session, json!({ "password": PASSWORD })).await;
        app.delete(&cookie, session).await;
        app.state.store.close().await;
        app.get(&Bearer(secret.clone()), session).await;
    })
    .await;
    assert!(text.lines().count() > 10, "{text}");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
}
