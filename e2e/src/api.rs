//! The API as programs call it: over HTTP, with a token or a session, no console in between.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, RequestBuilder, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tenure_domain::{
    id::{PlanId, TokenId},
    period::{Period, Unit},
    policy::{Seen, Terms},
    time::Timestamp,
    wire::{
        alerts::{Alert, NewWebhook},
        clients::Client as OauthClient,
        page::Page,
        policies::{ExpirationPolicy, PutExpirationPolicy, etag},
        tokens::{GeneratedToken, Token},
    },
};

/// A caller of the API.
#[derive(Clone)]
pub struct Caller {
    origin: String,
    client: Client,
    credential: Option<(header::HeaderName, String)>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: header::HeaderMap,
    /// The JSON in its body; null where it has none.
    pub body: Value,
}

impl Answer {
    /// The stable code of the problem, if it is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.body.get("code")?.as_str()
    }

    /// The status and the problem's code: `(401, Some("token_expired"))`.
    #[must_use]
    pub fn refusal(&self) -> (u16, Option<&str>) {
        (self.status, self.code())
    }

    /// The body as one of the API's shapes.
    ///
    /// # Errors
    /// When the server refused or said something else.
    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        ensure!(
            (200..300).contains(&self.status),
            "the server refused: {:?}",
            self.body
        );
        serde_json::from_value(self.body).context("the server answered in another shape")
    }
}

impl Caller {
    /// A caller whom nobody knows.
    #[must_use]
    pub fn stranger(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            client: Client::new(),
            credential: None,
        }
    }

    /// The same caller with a token.
    #[must_use]
    pub fn with_token(&self, secret: &str) -> Self {
        Self {
            credential: Some((header::AUTHORIZATION, format!("Bearer {secret}"))),
            ..self.clone()
        }
    }

    /// The same caller at another address of this machine.
    ///
    /// # Errors
    /// When there can be no such caller.
    pub fn from(&self, address: Ipv4Addr) -> Result<Self> {
        let client = Client::builder().local_address(IpAddr::V4(address)).build();
        Ok(Self {
            client: client?,
            ..self.clone()
        })
    }

    /// The same caller, signed in.
    ///
    /// # Errors
    /// When email and password do not belong together.
    pub async fn signed_in(&self, email: &str, password: &str) -> Result<Self> {
        let body = json!({ "email": email, "password": password });
        let answer = self
            .call(Method::POST, "/api/v1/session", |request| {
                request.json(&body)
            })
            .await?;
        let cookie = answer
            .headers
            .get(header::SET_COOKIE)
            .with_context(|| format!("{:?}", answer.body))?;
        let pair = cookie
            .to_str()?
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            credential: Some((header::COOKIE, pair)),
            ..self.clone()
        })
    }

    /// Asks as a gateway does: is this token good?
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn verify(&self) -> Result<Answer> {
        self.call(Method::GET, "/verify", |request| request).await
    }

    /// Who am I?
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn session(&self) -> Result<Answer> {
        self.call(Method::GET, "/api/v1/session", |request| request)
            .await
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn sign_out(&self) -> Result<Answer> {
        self.call(Method::DELETE, "/api/v1/session", |request| request)
            .await
    }

    /// The policy in force.
    ///
    /// # Errors
    /// When the caller may not read it.
    pub async fn policy(&self, plan: &PlanId) -> Result<ExpirationPolicy> {
        self.call(Method::GET, &policy_of(plan), |request| request)
            .await?
            .read()
    }

    /// Asks for a policy; `seen` is the version that the caller saw.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn put_policy(
        &self,
        plan: &PlanId,
        period: Option<Period>,
        seen: Seen,
    ) -> Result<Answer> {
        let body = PutExpirationPolicy::new(period);
        let put =
            |request: RequestBuilder| request.header(header::IF_MATCH, etag(seen)).json(&body);
        self.call(Method::PUT, &policy_of(plan), put).await
    }

    /// Puts a policy in force, whatever is.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn activate(
        &self,
        plan: &PlanId,
        amount: i64,
        unit: Unit,
    ) -> Result<ExpirationPolicy> {
        let seen = self.policy(plan).await?.seen();
        self.put_policy(plan, Some(Period::new(amount, unit)?), seen)
            .await?
            .read()
    }

    /// Schedules a policy for this instant.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn schedule(
        &self,
        plan: &PlanId,
        amount: i64,
        unit: Unit,
        at: Timestamp,
    ) -> Result<ExpirationPolicy> {
        let seen = self.policy(plan).await?.seen();
        let terms = Terms::of_period(Some(Period::new(amount, unit)?));
        let body = PutExpirationPolicy::of(terms, Some(at));
        let put =
            |request: RequestBuilder| request.header(header::IF_MATCH, etag(seen)).json(&body);
        self.call(Method::PUT, &policy_of(plan), put).await?.read()
    }

    /// Generates a token of the caller's own.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn generate(&self, plan: &PlanId, name: &str) -> Result<GeneratedToken> {
        let body = json!({ "plan": plan, "name": name });
        self.call(Method::POST, "/api/v1/me/tokens", |request| {
            request.json(&body)
        })
        .await?
        .read()
    }

    /// The caller's own token of this name, dead or alive.
    ///
    /// # Errors
    /// When there is none among the first 200.
    pub async fn token_named(&self, name: &str) -> Result<Token> {
        let path = "/api/v1/me/tokens?limit=200";
        let answer = self.call(Method::GET, path, |request| request).await?;
        let tokens = answer.read::<Page<Token>>()?.items;
        let mut tokens = tokens.into_iter();
        let found = tokens.find(|token| token.name == name);
        found.with_context(|| format!("there is no token named {name}"))
    }

    /// Registers an OAuth client; the answer holds its secret.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn register_client(&self, plan: &PlanId, client: &Value) -> Result<OauthClient> {
        let path = format!("/api/v1/plans/{plan}/oauth-clients");
        self.call(Method::POST, &path, |request| request.json(client))
            .await?
            .read()
    }

    /// Has a plan's alerts posted to this address; the answer holds the secret that signs.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn set_webhook(&self, plan: &PlanId, url: &str) -> Result<NewWebhook> {
        let (path, body) = (
            format!("/api/v1/plans/{plan}/webhook"),
            json!({ "url": url }),
        );
        self.call(Method::PUT, &path, |request| request.json(&body))
            .await?
            .read()
    }

    /// The latest alerts of a plan, the latest first.
    ///
    /// # Errors
    /// When the caller may not read them.
    pub async fn alerts(&self, plan: &PlanId) -> Result<Vec<Alert>> {
        let path = format!("/api/v1/plans/{plan}/alerts");
        let answer = self.call(Method::GET, &path, |request| request).await?;
        Ok(answer.read::<Page<Alert>>()?.items)
    }

    /// Revokes a token of the caller's own.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn revoke(&self, token: &TokenId) -> Result<Answer> {
        self.call(
            Method::DELETE,
            &format!("/api/v1/me/tokens/{token}"),
            |request| request,
        )
        .await
    }

    /// What is at a path that answers with text.
    ///
    /// # Errors
    /// When nothing is.
    pub async fn read(&self, path: &str) -> Result<String> {
        let answer = self.client.get(format!("{}{path}", self.origin)).send();
        Ok(answer.await?.error_for_status()?.text().await?)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer> {
        let mut request = shape(
            self.client
                .request(method, format!("{}{path}", self.origin)),
        );
        if let Some((name, value)) = &self.credential {
            request = request.header(name, value);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{path} does not answer"))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await?;
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body)?
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

fn policy_of(plan: &PlanId) -> String {
    format!("/api/v1/plans/{plan}/expiration-policy")
}
