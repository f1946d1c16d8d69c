//! A client in another language, with another library, goes the whole way. The journeys use the same script
//! with a person at the consent page; here the consent is given over the API.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    people::{Admin, Client},
    program::needed,
    tenure::Tenure,
};

const REDIRECT_URI: &str = "https://app.example/callback";

/// The script at work.
struct Script {
    process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Script {
    fn start(tenure: &Tenure, app: &Client, api: &Client) -> Self {
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../e2e/tests/clients/oauth.mjs"
        );
        let mut process = Command::new(needed("TENURE_NODE"))
            .arg(script)
            .env("TENURE_OAUTH4WEBAPI", needed("TENURE_OAUTH4WEBAPI"))
            .env("TENURE_ISSUER", tenure.issuer())
            .env("TENURE_CLIENT_ID", &app.id)
            .env("TENURE_CLIENT_SECRET", &app.secret)
            .env("TENURE_REDIRECT_URI", REDIRECT_URI)
            .env("TENURE_SCOPE", "tokens:read")
            .env("TENURE_API_ID", &api.id)
            .env("TENURE_API_SECRET", &api.secret)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let output = process.stdout.take().expect("it is piped");
        Self {
            input: process.stdin.take(),
            output: BufReader::new(output).lines(),
            process,
        }
    }

    fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("it is piped");
        writeln!(input, "{line}").expect("it reads");
    }

    /// What it did next, which must be this.
    fn step(&mut self, name: &str) -> Value {
        let line = self.output.next().expect("it goes on").expect("it is text");
        let step: Value = serde_json::from_str(&line).expect("it writes JSON");
        assert_eq!(step["step"], name, "{line}");
        step
    }

    /// Whether it ends well once it is told nothing more.
    fn ends_well(mut self) -> bool {
        drop(self.input.take());
        self.process.wait().expect("it ends").success()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The server, the person, and the script at the point where the consent page would open.
async fn begun() -> (Tenure, Admin, Script, String) {
    let tenure = Tenure::start().await;
    let admin = Admin::sign_in(&tenure).await;
    let app = admin
        .register(&json!({
            "client_name": "App",
            "redirect_uris": [REDIRECT_URI],
            "scope": "tokens:read policy:read",
        }))
        .await;
    let api = admin
        .register(&json!({ "client_name": "API", "resource_server": true }))
        .await;
    let mut script = Script::start(&tenure, &app, &api);
    assert_eq!(script.step("discovered")["issuer"], tenure.issuer());
    let url = script.step("authorize")["url"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (tenure, admin, script, url)
}

// The script's lines are awaited by blocking, while the server works in other threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_the_whole_way() {
    let (tenure, admin, mut script, url) = begun().await;
    script.tell(&admin.allow(&url).await);
    let first = script.step("exchanged");
    // The library makes names of the scheme lower case (RFC 6750 lets them be written either way).
    assert_eq!(first["token_type"], "bearer");
    assert_eq!(first["scope"], "tokens:read");
    assert_eq!(first["expires_in"], 7 * 24 * 60 * 60);

    script.tell("refresh");
    let second = script.step("refreshed");
    assert_ne!(second["access_token"], first["access_token"]);
    assert_ne!(second["refresh_token"], first["refresh_token"]);

    script.tell("introspect");
    let said = script.step("introspected");
    assert_eq!(said["active"], true);
    assert_eq!(
        (&said["sub"], &said["plan"]),
        (&json!(tenure.user), &json!(tenure.plan))
    );
    assert_eq!(said["scope"], "tokens:read");

    script.tell("revoke");
    script.step("revoked");
    script.tell("introspect");
    assert_eq!(
        script.step("introspected"),
        json!({ "step": "introspected", "active": false })
    );
    script.tell("refresh");
    assert_eq!(script.step("failed")["error"], "invalid_grant");
    assert!(!script.ends_well());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_refuses_an_answer_that_another_server_or_nobody_asked_for() {
    for (right, wrong) in [("state=", "state=x"), ("iss=", "iss=x")] {
        let (_tenure, admin, mut script, url) = begun().await;
        let back = admin.allow(&url).await;
        assert!(back.contains(right), "{back}");
        script.tell(&back.replace(right, wrong));
        script.step("failed");
        assert!(!script.ends_well());
    }
}
