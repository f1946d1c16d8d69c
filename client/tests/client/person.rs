//! The person at the console, whose part is played over the API: registers a client, gives their consent,
//! takes it back.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, Url, header};
use serde_json::{Value, json};

use crate::server::{EMAIL, PASSWORD, Server};

/// Where an authorization's answer goes. Nobody listens there: the tests read it from the answer.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// Somebody who has signed in.
pub(crate) struct Person {
    http: reqwest::Client,
    origin: String,
    plan: String,
    cookie: String,
}

/// A client as the server registered it.
pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Person {
    pub(crate) async fn sign_in(server: &Server) -> Result<Self> {
        let http = reqwest::Client::new();
        let answer = http
            .post(format!("{}/api/v1/session", server.origin))
            .json(&json!({ "email": EMAIL, "password": PASSWORD }))
            .send()
            .await?
            .error_for_status()?;
        let cookie = answer
            .headers()
            .get(header::SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok()?.split(';').next())
            .context("no cookie came")?
            .to_owned();
        Ok(Self {
            http,
            origin: server.origin.clone(),
            plan: server.plan.clone(),
            cookie,
        })
    }

    /// Registers a client that authorizes people.
    pub(crate) async fn register_app(&self) -> Result<Registered> {
        let scope = "tokens:read policy:read";
        self.register(
            &json!({ "client_name": "App", "redirect_uris": [REDIRECT_URI], "scope": scope }),
        )
        .await
    }

    /// Registers a client that only introspects.
    pub(crate) async fn register_resource_server(&self) -> Result<Registered> {
        self.register(&json!({ "client_name": "API", "resource_server": true }))
            .await
    }

    async fn register(&self, body: &Value) -> Result<Registered> {
        let path = format!("/api/v1/plans/{}/oauth-clients", self.plan);
        let client = self.call(Method::POST, &path, body).await?;
        let text = |name: &str| client[name].as_str().map(str::to_owned);
        Ok(Registered {
            id: text("client_id").context("no client_id")?,
            secret: text("client_secret").context("no client_secret")?,
        })
    }

    /// Answers the consent page at this address with *Allow*: where the browser would go on.
    pub(crate) async fn allow(&self, authorize: &Url) -> Result<Url> {
        let request: serde_json::Map<String, Value> = authorize
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
            .collect();
        let body = json!({ "request": request, "allow": true });
        let answer = self
            .call(Method::POST, "/api/v1/oauth/authorization", &body)
            .await?;
        let address = answer["redirect_to"].as_str().context("no redirect_to")?;
        Ok(address.parse()?)
    }

    /// Takes back every consent that this person gave.
    pub(crate) async fn disconnect_all(&self) -> Result<()> {
        let path = "/api/v1/me/connected-apps";
        let apps = self.call(Method::GET, path, &Value::Null).await?;
        let apps = apps["items"].as_array().context("no items")?;
        ensure!(!apps.is_empty(), "nothing is connected");
        for app in apps {
            let id = app["client"]["id"].as_str().context("no id")?;
            self.call(Method::DELETE, &format!("{path}/{id}"), &Value::Null)
                .await?;
        }
        Ok(())
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.origin))
            .header(header::COOKIE, &self.cookie);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        ensure!(
            status.is_success(),
            "{path} answered {status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }
}
