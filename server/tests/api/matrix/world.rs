//! A server with people, clients and tokens of every fate, and the call that a row means.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use tenure_domain::{plan::Role, scope::OwnScope};
use tenure_server::{secret::Secret, store::sessions};
use url::form_urlencoded;

use super::rows::Row;
use crate::{
    app::{PASSWORD, TestApp},
    callers::{Bearer, Caller, Cookie, Person, call, with_json},
    oauth::world::{CALLBACK, CHALLENGE, World as Clients},
};

pub(super) struct World {
    /// The server, and clients of every kind. The member lets `basic` act in their name.
    pub(super) clients: Clients,
    /// The session of somebody who signed in 12 hours ago.
    pub(super) outlived: Cookie,
    /// The member's, without scopes.
    pub(super) good: Bearer,
    /// The member's, with every scope of Tenure's own.
    pub(super) of_member: Bearer,
    /// The admin's, with every scope of Tenure's own.
    pub(super) of_admin: Bearer,
    /// The same of another plan's admin, in their plan.
    pub(super) of_other: Bearer,
    pub(super) expired: Bearer,
    pub(super) revoked: Bearer,
    /// Of somebody who was deactivated.
    pub(super) deactivated: Bearer,
    pub(super) refresh: Bearer,
    /// A token of the member's.
    token: String,
    /// A member to be deactivated.
    user: Person,
}

impl World {
    pub(super) async fn new() -> Self {
        let clients = Clients::new().await;
        let app = &clients.app;
        let outlived = outlived(app).await;
        let (_, expired) = app.generate(&app.member, &app.acme, "expired").await;
        app.pass(Duration::from_secs(120));
        let (_, good) = app.generate(&app.member, &app.acme, "good").await;
        let (token, revoked) = app.generate(&app.member, &app.acme, "revoked").await;
        app.revoke(&app.member, &token).await;
        let minute = json!({ "amount": 1, "unit": "minutes" });
        app.set_policy(&app.admin, &app.acme, minute).await;
        let every: Vec<_> = OwnScope::ALL.map(OwnScope::as_str).to_vec();
        let dora = app.another_person("dora", &app.acme, Role::Member).await;
        let (_, deactivated) = app.generate(&dora, &app.acme, "deactivated").await;
        app.deactivate(&app.admin, &app.acme, &dora).await;
        let (to_be_ended, _) = app.generate(&app.member, &app.acme, "to be ended").await;
        Self {
            outlived,
            expired,
            good,
            revoked,
            deactivated,
            of_member: app.generate_with(&app.member, &app.acme, &every).await.1,
            of_admin: app.generate_with(&app.admin, &app.acme, &every).await.1,
            of_other: app
                .generate_with(&app.other_admin, &app.cumin, &every)
                .await
                .1,
            refresh: Bearer(clients.pair(&clients.basic).await.refresh),
            token: to_be_ended.id.0,
            user: app.another_person("quinn", &app.acme, Role::Member).await,
            clients,
        }
    }

    pub(super) fn request(&self, row: &Row, caller: &dyn Caller) -> Request<Body> {
        let app = &self.clients.app;
        let mut path = row
            .route
            .replace("{plan}", app.acme.as_str())
            .replace("{token}", &self.token)
            .replace("{client}", self.clients.basic.client_id.as_str())
            .replace("{notice}", "nowhere")
            .replace("{kind}", "scopes_lacking")
            .replace("{invitation}", "nowhere")
            .replace("{user}", self.user.id.as_str())
            .replace("{scope}", "orders:read");
        if row.method == "GET" && row.route.contains("/oauth/authoriz") {
            let pairs = self.authorization();
            let mut query = form_urlencoded::Serializer::new(String::new());
            for (name, value) in pairs.as_object().unwrap() {
                query.append_pair(name, value.as_str().unwrap());
            }
            path = format!("{path}?{}", query.finish());
        }
        let method: Method = row.method.parse().unwrap();
        // The first version of a policy; of what else is changed, whatever is there.
        let is_policy = row.route.contains("/expiration-policy");
        let seen = if is_policy { "\"0\"" } else { "*" };
        let request = call(&caller, method, &path).header(header::IF_MATCH, seen);
        match self.body(row) {
            Some(body) => with_json(request, &body),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    fn body(&self, row: &Row) -> Option<Value> {
        let app = &self.clients.app;
        let plan = |rest: &str| row.route == format!("/api/v1/plans/{{plan}}/{rest}");
        match (row.method, row.route) {
            ("GET" | "DELETE", _) => None,
            (_, "/api/v1/setup") => Some(json!({
                "code": "worth nothing", "plan": "Dill", "name": "Eve",
                "email": "eve@dill.example", "password": "long enough"
            })),
            (_, "/api/v1/invitations/look-up") => Some(json!({ "code": "worth nothing" })),
            (_, "/api/v1/invitations/accept") => Some(json!({
                "code": "worth nothing", "name": "Eve", "password": "long enough"
            })),
            (_, "/api/v1/session") => {
                Some(json!({ "email": app.member.email, "password": PASSWORD }))
            }
            (_, "/api/v1/me/profile") => {
                Some(json!({ "language": "de", "time_zone": "Europe/Berlin" }))
            }
            (_, "/api/v1/me/tokens") => Some(json!({ "plan": app.acme, "name": "new" })),
            (_, "/api/v1/oauth/authorization") => {
                Some(json!({ "request": self.authorization(), "allow": true }))
            }
            _ if plan("expiration-policy") || plan("expiration-policy/preview") => {
                Some(json!({ "period": null }))
            }
            _ if plan("users/{user}/role") => Some(json!({ "role": "system_admin" })),
            _ if plan("invitations") => {
                Some(json!({ "email": "eve@acme.example", "role": "member" }))
            }
            _ if plan("scopes/{scope}") => Some(json!({ "sentence": "See your orders" })),
            _ if plan("oauth-clients") || plan("oauth-clients/{client}") => {
                Some(json!({ "client_name": "Board", "redirect_uris": [CALLBACK] }))
            }
            _ if plan("tokens/revoke") => Some(json!({ "tokens": [self.token] })),
            _ if plan("tokens/{token}/reviewed") => Some(json!({ "findings": ["nowhere"] })),
            _ if plan("alert-rules/{kind}") => {
                Some(json!({ "threshold": 9, "minutes": 9, "on": true }))
            }
            _ if plan("webhook") => Some(json!({ "url": "https://alerts.acme.example/" })),
            _ if plan("checks") => Some(json!({ "text": self.token })),
            _ => Some(json!({})),
        }
    }

    /// A right authorization request.
    fn authorization(&self) -> Value {
        json!({
            "response_type": "code",
            "client_id": self.clients.basic.client_id,
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        })
    }
}

/// A session of the member that has just ended.
async fn outlived(app: &TestApp) -> Cookie {
    let secret = Secret::opaque(&app.state.random);
    let begun = app.clock.now().saturating_add(-sessions::LIFETIME);
    let mut tx = app.state.store.write().await.unwrap();
    let made = sessions::insert(&mut tx, &secret.hash(), &app.member.id, begun).await;
    assert_eq!(made.unwrap().expires_at, app.clock.now());
    tx.commit().await.unwrap();
    Cookie(secret.reveal())
}

/// Well formed, and never issued.
pub(super) fn unknown_token() -> String {
    tenure_domain::token_text::compose(tenure_domain::token::TokenKind::UserAccess, &[7; 32])
}
