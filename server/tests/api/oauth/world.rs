//! A server with clients of every kind, and what a client does.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tenure_domain::wire::{authorization::AuthorizationRedirect, clients::Client};
use tenure_server::Settings;
use url::{Url, form_urlencoded};

use crate::{
    app::TestApp,
    callers::{Anonymous, Answer, Person, call},
};

/// Where the clients get their answers.
pub(crate) const CALLBACK: &str = "https://app.example/callback?kept=1";
/// The example of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct World {
    pub(crate) app: TestApp,
    /// Confidential, by HTTP basic authentication.
    pub(crate) basic: Client,
    /// Confidential, with its secret in the body.
    pub(crate) post: Client,
    /// Without a secret.
    pub(crate) public: Client,
    /// Asks whether tokens are good.
    pub(crate) api: Client,
}

/// A pair of tokens, as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) body: Value,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let app = TestApp::with(change).await;
        let scope = json!({ "sentence": "See your orders" });
        let path = format!("/api/v1/plans/{}/scopes/orders:read", app.acme);
        let request = call(&app.admin, Method::PUT, &path);
        app.send(crate::callers::with_json(request, &scope))
            .await
            .expect(StatusCode::OK);
        let register = async |method: &str| {
            let body = json!({
                "client_name": format!("App by {method}"),
                "redirect_uris": [CALLBACK],
                "token_endpoint_auth_method": method,
                "scope": "orders:read tokens:read",
            });
            register(&app, body).await
        };
        let api = json!({ "client_name": "Orders API", "resource_server": true });
        Self {
            basic: register("client_secret_basic").await,
            post: register("client_secret_post").await,
            public: register("none").await,
            api: self::register(&app, api).await,
            app,
        }
    }

    /// The right request of this client.
    pub(crate) fn request(&self, client: &Client) -> BTreeMap<&'static str, String> {
        [
            ("response_type", "code"),
            ("client_id", client.client_id.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "orders:read"),
            ("state", "a b&c=d"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
    }

    /// What `/oauth/authorize` answers.
    pub(crate) async fn authorize(&self, request: &BTreeMap<&str, String>) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(request)
            .finish();
        self.app
            .get(&Anonymous, &format!("/oauth/authorize?{query}"))
            .await
    }

    /// What the person's answer on the consent page leads to.
    pub(crate) async fn decide(
        &self,
        person: &Person,
        request: &BTreeMap<&str, String>,
        allow: bool,
    ) -> Answer {
        let body = json!({ "request": request, "allow": allow });
        self.app
            .post(person, "/api/v1/oauth/authorization", body)
            .await
    }

    /// The code that the member gives this client.
    pub(crate) async fn code(&self, client: &Client) -> String {
        let answer = self
            .decide(&self.app.member, &self.request(client), true)
            .await;
        let redirect: AuthorizationRedirect = answer.expect(StatusCode::OK).read();
        parameter(&redirect.redirect_to, "code").expect("a code")
    }

    /// Calls an endpoint with a form, as this client.
    pub(crate) async fn form(&self, client: &Client, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        let mut request = call(&Anonymous, Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let secret = client.client_secret.clone().unwrap_or_default();
        match client.token_endpoint_auth_method.as_str() {
            "client_secret_basic" => {
                let credentials = STANDARD.encode(format!("{}:{secret}", client.client_id));
                request = request.header(header::AUTHORIZATION, format!("Basic {credentials}"));
            }
            "client_secret_post" => {
                form.append_pair("client_id", client.client_id.as_str());
                form.append_pair("client_secret", &secret);
            }
            _ => {
                form.append_pair("client_id", client.client_id.as_str());
            }
        }
        self.app
            .send(request.body(Body::from(form.finish())).unwrap())
            .await
    }

    pub(crate) async fn exchange(&self, client: &Client, code: &str) -> Answer {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.form(client, "/oauth/token", &pairs).await
    }

    pub(crate) async fn refresh(&self, client: &Client, token: &str) -> Answer {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.form(client, "/oauth/token", &pairs).await
    }

    /// The first pair that the member lets this client have.
    pub(crate) async fn pair(&self, client: &Client) -> Pair {
        let code = self.code(client).await;
        pair(self.exchange(client, &code).await)
    }

    /// What the resource server is told of a token.
    pub(crate) async fn introspect(&self, token: &str) -> Value {
        let answer = self
            .form(&self.api, "/oauth/introspect", &[("token", token)])
            .await;
        answer.expect(StatusCode::OK).read()
    }

    pub(crate) async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await["active"] == true
    }
}

pub(crate) async fn register(app: &TestApp, body: Value) -> Client {
    let path = format!("/api/v1/plans/{}/oauth-clients", app.acme);
    app.post(&app.admin, &path, body)
        .await
        .expect(StatusCode::CREATED)
        .read()
}

/// The pair in an answer.
#[track_caller]
pub(crate) fn pair(answer: Answer) -> Pair {
    let answer = answer.expect(StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body: Value = answer.read();
    let field = |name: &str| body[name].as_str().expect("text").to_owned();
    Pair {
        access: field("access_token"),
        refresh: field("refresh_token"),
        body,
    }
}

/// The error in an answer of the token, revocation or introspection endpoint.
#[track_caller]
pub(crate) fn error(answer: &Answer, status: u16) -> String {
    let body: Value = answer.read();
    assert_eq!(answer.status.as_u16(), status, "{}: {body}", answer.call);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.header("x-request-id").is_empty());
    assert!(body["error_description"].is_string(), "{body}");
    assert!(
        body.get("code").is_none(),
        "it is no problem document: {body}"
    );
    body["error"].as_str().expect("an error").to_owned()
}

/// A parameter in the query of an address.
pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).expect("an address");
    let mut found = url.query_pairs().filter(|(key, _)| key == name);
    let value = found.next().map(|(_, value)| value.into_owned());
    assert!(found.next().is_none(), "{name} came twice: {address}");
    value
}
