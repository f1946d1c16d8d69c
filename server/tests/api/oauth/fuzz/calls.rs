//! Bearer tokens, required scopes, cursors and JSON bodies.

use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
};
use serde_json::{Value, json};

use super::{CASES, Fuzz, Spread, well_formed};
use crate::{
    app::policy_path,
    callers::{Anonymous, Bearer, call, with_json},
    oauth::world::CALLBACK,
};

impl Fuzz<'_> {
    /// Tokens, and the scopes that a call needs.
    pub(super) async fn bearers(&mut self) {
        let world = self.world;
        let mut spread = Spread::default();
        let scopes = ["orders:read", "tokens:read"];
        let (_, Bearer(user)) = world
            .app
            .generate_with(&world.app.member, &world.app.acme, &scopes)
            .await;
        let pair = world.pair(&world.public).await;
        for _ in 0..2 * CASES {
            let token = self.noise.pick(&[&user, &pair.access, &pair.refresh]);
            let mut bearer = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
            if self.noise.once_in(2) {
                bearer = self.noise.header(&format!("Bearer {token}"));
            }
            let needed =
                self.noise
                    .pick(&["orders:read tokens:read,orders:read", "a\"b", "a\\b c"]);
            let needed = self.noise.header(needed);
            let path = self.noise.pick(&[
                "/verify",
                "/verify/a",
                "/api/v1/session",
                "/api/v1/me/tokens",
            ]);
            let mut request =
                call(&Anonymous, Method::GET, path).header(header::AUTHORIZATION, &bearer);
            if !self.noise.once_in(3) {
                request = request.header("x-required-scope", &needed);
            }
            let noise = (bearer, needed);
            let answer = self
                .send(request.body(Body::empty()).unwrap(), &noise)
                .await;
            well_formed(&answer);
            spread.count(&answer);
        }
        assert!(
            spread.good > 20 && spread.refused > 20,
            "{} were good",
            spread.good
        );
    }

    /// Cursors of every list, in their own list and in the others.
    pub(super) async fn cursors(&mut self) {
        let world = self.world;
        let mut spread = Spread::default();
        let admin = &world.app.admin;
        for amount in 1..3 {
            world.app.generate(admin, &world.app.acme, "listed").await;
            let period = json!({ "amount": amount, "unit": "years" });
            world.app.set_policy(admin, &world.app.acme, period).await;
        }
        let plan = format!("/api/v1/plans/{}", world.app.acme);
        let lists = [
            "/api/v1/me/tokens?section=working".to_owned(),
            format!("{}/history?", policy_path(&world.app.acme)),
            format!("{plan}/oauth-clients?"),
            format!("{plan}/users?"),
        ];
        let mut cursors = Vec::new();
        for list in &lists {
            let page: Value = world
                .app
                .get(admin, &format!("{list}&limit=1"))
                .await
                .read();
            cursors.push(page["next_cursor"].as_str().expect(list).to_owned());
        }
        for _ in 0..2 * CASES {
            let own = self.noise.below(lists.len());
            let list = if self.noise.once_in(4) {
                self.noise.pick(&lists)
            } else {
                lists[own].clone()
            };
            let cursor = self.noise.cursor(&cursors[own]);
            let limit = if self.noise.once_in(4) {
                self.noise.query("10")
            } else {
                "10".to_owned()
            };
            let path = format!("{list}&limit={limit}&cursor={cursor}");
            let request = call(admin, Method::GET, &path).body(Body::empty()).unwrap();
            let answer = self.send(request, &path).await;
            well_formed(&answer);
            spread.count(&answer);
        }
        assert!(
            spread.good > 20 && spread.refused > 20,
            "{} were good",
            spread.good
        );
    }

    /// JSON bodies with the texts in them that somebody parses.
    pub(super) async fn bodies(&mut self) {
        let world = self.world;
        let mut spread = Spread::default();
        let (acme, app) = (world.app.acme.as_str(), world.request(&world.public));
        let (token, Bearer(secret)) = world
            .app
            .generate(&world.app.admin, &world.app.acme, "a")
            .await;
        let plan = format!("/api/v1/plans/{acme}");
        let calls = [
            (
                Method::POST,
                format!("{plan}/checks"),
                json!({ "text": secret }),
            ),
            (
                Method::POST,
                format!("{plan}/checks"),
                json!({ "text": token.last_four }),
            ),
            (
                Method::POST,
                "/api/v1/me/tokens".to_owned(),
                json!({ "plan": acme, "name": "ci", "scopes": ["orders:read", "tokens:read"] }),
            ),
            (
                Method::POST,
                format!("{plan}/oauth-clients"),
                json!({ "client_name": "App", "redirect_uris": [CALLBACK], "scope": "orders:read" }),
            ),
            (
                Method::POST,
                "/api/v1/oauth/authorization".to_owned(),
                json!({ "request": app, "allow": true }),
            ),
            (
                Method::PUT,
                format!("{plan}/scopes/orders:write"),
                json!({ "sentence": "Change orders" }),
            ),
        ];
        for _ in 0..3 * CASES {
            let (method, path, right) = self.noise.pick(&calls);
            let request = if self.noise.once_in(3) {
                // The same JSON, and noise in one of its texts.
                let changed = self.in_a_text(right);
                with_json(call(&world.app.admin, method, &path), &changed)
            } else {
                let body = self.noise.change(right.to_string().as_bytes());
                call(&world.app.admin, method, &path)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Body::from(body))
                    .unwrap()
            };
            let answer = self.send(request, &path).await;
            well_formed(&answer);
            spread.count(&answer);
        }
        assert!(
            spread.good > 20 && spread.refused > 20,
            "{} were good",
            spread.good
        );
    }

    fn in_a_text(&mut self, json: Value) -> Value {
        match json {
            Value::String(text) if self.noise.once_in(2) => self.noise.text(&text).into(),
            Value::Array(all) => all.into_iter().map(|inner| self.in_a_text(inner)).collect(),
            Value::Object(all) => all
                .into_iter()
                .map(|(name, inner)| (name, self.in_a_text(inner)))
                .collect(),
            other => other,
        }
    }
}
