//! Forms, Basic credentials and authorization requests.

use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tenure_domain::wire::clients::{AuthMethod, Client};
use url::{Url, form_urlencoded};

use super::{CASES, Fuzz, Spread, refusal, well_formed};
use crate::{
    callers::{Anonymous, call},
    oauth::world::{CALLBACK, Pair, VERIFIER, error},
};

/// A pair of tokens is used so often before there is a new one: noise ends grants.
const PER_PAIR: usize = 10;
const FORM: &str = "application/x-www-form-urlencoded";

impl Fuzz<'_> {
    /// Form bodies, their content types, and the ways in which a client says who it is.
    pub(super) async fn forms(&mut self) {
        let world = self.world;
        let mut spread = Spread::default();
        let clients = [&world.basic, &world.post, &world.public, &world.api];
        let mut code = String::new();
        let mut pair = world.pair(&world.basic).await;
        let mut holder = &world.basic;
        for case in 0..3 * CASES {
            if case % PER_PAIR == 0 {
                holder = self.noise.pick(&clients[..3]);
                pair = world.pair(holder).await;
                code = world.code(holder).await;
            }
            let path = self
                .noise
                .pick(&["/oauth/token", "/oauth/revoke", "/oauth/introspect"]);
            let client = match path {
                _ if self.noise.once_in(4) => self.noise.pick(&clients),
                "/oauth/introspect" => &world.api,
                _ => holder,
            };
            // Noise in one part alone comes further than noise in each.
            let disturbed = self.noise.below(4);
            let mut form = right(client, path, &pair, &code, self.noise.below(3));
            if disturbed == 0 || disturbed == 3 {
                form = match self.noise.once_in(8) {
                    true => self.noise.bytes(300),
                    false => self.noise.change(&form),
                };
            }
            let kind = match disturbed {
                1 | 3 => self.noise.header(FORM),
                2 => {
                    HeaderValue::from_static("Application/X-WWW-Form-Urlencoded ;charset=\"utf-8\"")
                }
                _ => HeaderValue::from_static(FORM),
            };
            let mut request =
                call(&Anonymous, Method::POST, path).header(header::CONTENT_TYPE, kind);
            if client.token_endpoint_auth_method == AuthMethod::ClientSecretBasic {
                let value = match disturbed {
                    2 | 3 => self.noise.basic(&credentials(client)),
                    _ => HeaderValue::try_from(format!(
                        "Basic {}",
                        STANDARD.encode(credentials(client))
                    ))
                    .unwrap(),
                };
                request = request.header(header::AUTHORIZATION, value);
            }
            if self.noise.once_in(10) {
                request = request.header(header::AUTHORIZATION, self.noise.basic("a:b"));
            }
            let shown = String::from_utf8_lossy(&form).into_owned();
            let answer = self
                .send(request.body(Body::from(form)).unwrap(), &shown)
                .await;
            spread.count(&answer);
            match answer.status.as_u16() {
                200 => {}
                status @ (400 | 401 | 403) => drop(error(&answer, status)),
                status => panic!("{status} to {shown:.2000}"),
            }
        }
        assert!(
            spread.good > 20 && spread.refused > 20,
            "{} were good",
            spread.good
        );
    }

    /// Authorization requests: of browsers, of programs, and of the consent page.
    pub(super) async fn requests(&mut self) {
        let world = self.world;
        let mut spread = Spread::default();
        for _ in 0..CASES {
            let client = self.noise.pick(&[&world.basic, &world.public]);
            let right = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(world.request(client))
                .finish();
            let query = self.noise.query(&right);
            let accept = self.noise.header("text/html");
            let path = format!("/oauth/authorize?{query}");
            let request = call(&Anonymous, Method::GET, &path).header(header::ACCEPT, accept);
            let answer = self
                .send(request.body(Body::empty()).unwrap(), &query)
                .await;
            spread.count(&answer);
            if answer.status == 303 {
                let here = Url::parse("http://tenure.test").unwrap();
                let to = here.join(answer.header("location")).expect("an address");
                let is_page = to.origin() == here.origin() && to.path() == "/authorize";
                let is_client = to
                    .as_str()
                    .starts_with("https://app.example/callback?kept=1&error=");
                assert!(is_page || is_client, "{query} leads to {to}");
            } else {
                refusal(&answer);
            }
            let prompt = format!("/api/v1/oauth/authorization?{query}");
            let request = call(&world.app.member, Method::GET, &prompt);
            let answer = self
                .send(request.body(Body::empty()).unwrap(), &query)
                .await;
            well_formed(&answer);
            spread.count(&answer);
        }
        assert!(spread.good > 5 && spread.elsewhere > 20 && spread.refused > 20);
    }
}

/// A right form of this client, of the several that an endpoint takes.
fn right(client: &Client, path: &str, pair: &Pair, code: &str, which: usize) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match (path, which) {
        ("/oauth/token", 0) => form
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", CALLBACK)
            .append_pair("code_verifier", VERIFIER),
        ("/oauth/token", _) => form
            .append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", &pair.refresh)
            .append_pair("scope", "orders:read"),
        (_, 0) => form
            .append_pair("token", &pair.refresh)
            .append_pair("token_type_hint", "refresh_token"),
        _ => form.append_pair("token", &pair.access),
    };
    let method = client.token_endpoint_auth_method;
    if method != AuthMethod::ClientSecretBasic {
        form.append_pair("client_id", client.client_id.as_str());
    }
    if method == AuthMethod::ClientSecretPost {
        let secret = client.client_secret.as_deref().unwrap_or_default();
        form.append_pair("client_secret", secret);
    }
    form.finish().into_bytes()
}

fn credentials(client: &Client) -> String {
    let secret = client.client_secret.as_deref().unwrap_or_default();
    format!("{}:{secret}", client.client_id)
}
