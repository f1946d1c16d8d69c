//! What the person at the console does, over the API: tokens, clients, consent.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::tenure::{EMAIL, PASSWORD, Tenure};

/// The System Admin, signed in.
pub(crate) struct Admin {
    http: reqwest::Client,
    origin: String,
    plan: String,
    cookie: String,
}

/// A token as it was generated.
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A client as it was registered.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Admin {
    pub(crate) async fn sign_in(tenure: &Tenure) -> Self {
        let http = reqwest::Client::new();
        let answer = http
            .post(format!("{}/api/v1/session", tenure.issuer()))
            .json(&json!({ "email": EMAIL, "password": PASSWORD }))
            .send()
            .await
            .expect("the server answers");
        let cookie = answer.headers().get(header::SET_COOKIE);
        let cookie = cookie
            .expect("the password is right")
            .to_str()
            .expect("it is text");
        Self {
            http,
            origin: tenure.issuer(),
            plan: tenure.plan.clone(),
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        }
    }

    /// Defines the scopes that the examples ask for.
    pub(crate) async fn define_scopes(&self) {
        for (name, sentence) in [
            ("orders:read", "See orders"),
            ("orders:write", "Place orders"),
        ] {
            let path = format!("/api/v1/plans/{}/scopes/{name}", self.plan);
            self.call(Method::PUT, &path, &json!({ "sentence": sentence }))
                .await;
        }
    }

    pub(crate) async fn generate(&self, scopes: &[&str]) -> Token {
        let body = json!({ "plan": self.plan, "name": "Automation", "scopes": scopes });
        let generated = self.call(Method::POST, "/api/v1/me/tokens", &body).await;
        Token {
            id: text(&generated["token"]["id"]),
            secret: text(&generated["secret"]),
        }
    }

    pub(crate) async fn revoke(&self, token: &Token) {
        let path = format!("/api/v1/me/tokens/{}", token.id);
        self.call(Method::DELETE, &path, &Value::Null).await;
    }

    /// Lets every token of the plan live for so many minutes.
    pub(crate) async fn let_tokens_live(&self, minutes: u32) {
        let path = format!("/api/v1/plans/{}/expiration-policy", self.plan);
        let policy = json!({ "period": { "amount": minutes, "unit": "minutes" } });
        let seen = self.call(Method::GET, &path, &Value::Null).await;
        let etag = format!("\"{}\"", seen["version"]);
        let request = self
            .request(Method::PUT, &path)
            .header(header::IF_MATCH, etag);
        let answer = request
            .json(&policy)
            .send()
            .await
            .expect("the server answers");
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
    }

    pub(crate) async fn register(&self, body: &Value) -> Client {
        let path = format!("/api/v1/plans/{}/oauth-clients", self.plan);
        let client = self.call(Method::POST, &path, body).await;
        Client {
            id: text(&client["client_id"]),
            secret: text(&client["client_secret"]),
        }
    }

    /// Answers the consent page at this address with *Allow*: where the browser would go on.
    pub(crate) async fn allow(&self, authorize: &str) -> String {
        let authorize = reqwest::Url::parse(authorize).expect("it is an address");
        let request: serde_json::Map<String, Value> = authorize
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
            .collect();
        let body = json!({ "request": request, "allow": true });
        let path = "/api/v1/oauth/authorization";
        text(&self.call(Method::POST, path, &body).await["redirect_to"])
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let mut request = self.request(method, path);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("the server answers");
        let (status, body) = (answer.status(), answer.text().await.expect("it is whole"));
        assert!(status.is_success(), "{path} answered {status}: {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.origin))
            .header(header::COOKIE, &self.cookie)
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is text").to_owned()
}
