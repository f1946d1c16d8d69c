//! A program that alerts are posted to.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::{net::TcpListener, sync::Notify};

/// A post as the receiver got it.
#[derive(Clone)]
pub(super) struct Post {
    headers: HeaderMap,
    body: String,
}

/// A program that takes posts, and answers each as it is told.
#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) url: String,
    posts: Arc<Mutex<Vec<Post>>>,
    answers: Arc<Mutex<Vec<StatusCode>>>,
    arrived: Arc<Notify>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            posts: Arc::default(),
            answers: Arc::default(),
            arrived: Arc::default(),
        };
        let routes = Router::new()
            .route("/hook", post(take))
            .with_state(receiver.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        receiver
    }

    /// Answers so, one after the other, before it takes everything.
    pub(super) fn will_answer(&self, answers: &[StatusCode]) {
        *self.answers.lock().unwrap() = answers.iter().rev().copied().collect();
    }

    /// Waits for the next post.
    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    pub(super) fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let body = String::from_utf8(body.to_vec()).unwrap();
    receiver.posts.lock().unwrap().push(Post { headers, body });
    receiver.arrived.notify_one();
    let answer = receiver.answers.lock().unwrap().pop();
    answer.unwrap_or(StatusCode::NO_CONTENT)
}

impl Post {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Checks the signature as a receiver does, by the text that it was given.
    pub(super) fn verify(&self, secret: &str) -> Value {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let (id, second) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{second}.{}", self.body).as_bytes());
        let signature = self
            .header("webhook-signature")
            .strip_prefix("v1,")
            .unwrap();
        mac.verify_slice(&STANDARD.decode(signature).unwrap())
            .expect("the signature is right");
        serde_json::from_str(&self.body).unwrap()
    }
}
