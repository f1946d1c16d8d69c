//! The API of the guide that asks Tenure by introspection, and how long it believes an answer.

use std::process::Command;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tenure_domain::time::{MINUTE, Timestamp};
use tenure_server::clock::Clock;

use crate::{
    people::{Admin, Token},
    program::{Program, needed},
    tenure::Tenure,
};

struct World {
    tenure: Tenure,
    admin: Admin,
    origin: String,
    _program: Program,
}

impl World {
    /// An API that believes an answer for so many seconds, and a Tenure whose clock shows `now`.
    async fn start(cache_seconds: u32, now: Timestamp) -> Self {
        let tenure = Tenure::at(now).await;
        let admin = Admin::sign_in(&tenure).await;
        admin.define_scopes().await;
        let api = admin
            .register(&json!({ "client_name": "API", "resource_server": true }))
            .await;
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../docs/integrating/resource-server.mjs"
        );
        let mut command = Command::new(needed("TENURE_NODE"));
        command
            .arg(script)
            .env("TENURE_ISSUER", tenure.issuer())
            .env("TENURE_CLIENT_ID", api.id)
            .env("TENURE_CLIENT_SECRET", api.secret)
            .env("CACHE_SECONDS", cache_seconds.to_string());
        let (program, line) = Program::start(&mut command, "listens on ");
        let (_, origin) = line.split_once("listens on ").expect("it says where");
        Self {
            tenure,
            admin,
            origin: origin.to_owned(),
            _program: program,
        }
    }

    async fn call(&self, method: Method, secret: &str) -> Response {
        reqwest::Client::new()
            .request(method, format!("{}/orders/1", self.origin))
            .bearer_auth(secret)
            .send()
            .await
            .expect("the API answers")
    }

    async fn status(&self, token: &Token) -> u16 {
        self.call(Method::GET, &token.secret)
            .await
            .status()
            .as_u16()
    }
}

fn now() -> Timestamp {
    Clock::system().now()
}

fn challenge(answer: &Response) -> &str {
    let value = answer.headers().get("www-authenticate");
    value.map_or("", |value| value.to_str().unwrap_or("?"))
}

#[tokio::test]
async fn it_answers_200_401_and_403_as_they_should_be() {
    let world = World::start(0, now()).await;
    let token = world.admin.generate(&["orders:read"]).await;
    let good = world.call(Method::GET, &token.secret).await;
    assert_eq!(good.status(), 200);
    let caller: Value = serde_json::from_str(&good.text().await.unwrap()).unwrap();
    assert_eq!(
        caller,
        json!({ "sub": world.tenure.user, "plan": world.tenure.plan })
    );

    let lacks = world.call(Method::POST, &token.secret).await;
    assert_eq!(lacks.status(), 403);
    assert_eq!(
        challenge(&lacks),
        "Bearer error=\"insufficient_scope\", scope=\"orders:write\""
    );

    world.admin.revoke(&token).await;
    let revoked = world.call(Method::GET, &token.secret).await;
    assert_eq!(
        (revoked.status().as_u16(), challenge(&revoked)),
        (401, "Bearer error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn an_answer_is_believed_for_as_long_as_was_said() {
    let world = World::start(3600, now()).await;
    let token = world.admin.generate(&["orders:read"]).await;
    assert_eq!(world.status(&token).await, 200);
    world.admin.revoke(&token).await;
    // This is what a cache costs, and why it should keep answers for seconds.
    assert_eq!(world.status(&token).await, 200);
}

#[tokio::test]
async fn never_beyond_the_tokens_end() {
    // Tenure's clock is an hour behind the API's: tokens that still work there for half an hour have
    // ended by the API's own clock.
    let world = World::start(3600, now().saturating_add(-60 * MINUTE)).await;
    world.admin.let_tokens_live(30).await;
    let token = world.admin.generate(&["orders:read"]).await;
    assert_eq!(world.status(&token).await, 200);
    world.admin.revoke(&token).await;
    assert_eq!(world.status(&token).await, 401);
}

#[tokio::test]
async fn while_tenure_does_not_answer_nobody_is_let_in() {
    let world = World::start(0, now()).await;
    let token = world.admin.generate(&["orders:read"]).await;
    assert_eq!(world.status(&token).await, 200);
    world.tenure.stop().await;
    assert_eq!(world.status(&token).await, 503);
}
