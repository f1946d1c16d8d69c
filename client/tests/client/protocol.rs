//! The server's whole OAuth, as an independent crate speaks it: found by its metadata, then authorization,
//! exchange, refresh, introspection and revocation.

use anyhow::{Context as _, Result, ensure};
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    IntrospectionUrl, PkceCodeChallenge, RedirectUrl, RevocationUrl, Scope,
    TokenIntrospectionResponse as _, TokenResponse as _, TokenUrl, basic::BasicClient,
};
use reqwest::Url;
use serde_json::Value;
use tenure_client::{Transport, TransportError};

use crate::{
    person::{REDIRECT_URI, Registered},
    world::World,
};

/// The metadata of RFC 8414, found where section 3 says.
struct Metadata(Value);

impl Metadata {
    async fn find(issuer: &str) -> Result<Self> {
        let at = format!("{issuer}/.well-known/oauth-authorization-server");
        let body = reqwest::get(at).await?.error_for_status()?.bytes().await?;
        let metadata: Value = serde_json::from_slice(&body)?;
        // Section 3.3.
        ensure!(metadata["issuer"] == issuer, "{metadata}");
        Ok(Self(metadata))
    }

    fn endpoint(&self, name: &str) -> Result<String> {
        let endpoint = self.0[format!("{name}_endpoint")].as_str();
        Ok(endpoint.context(name.to_owned())?.to_owned())
    }
}

/// What came back with the browser.
fn parameter(back: &Url, name: &str) -> Result<String> {
    let found = back.query_pairs().find(|(key, _)| key == name);
    Ok(found
        .with_context(|| format!("no {name} in {back}"))?
        .1
        .into_owned())
}

/// The crate revokes over TLS alone, which a proxy ends in front of a server; here [`TlsEnd`] does.
fn over_tls(endpoint: &str) -> String {
    endpoint.replacen("http://", "https://", 1)
}

/// Takes the place of such a proxy, but for the encryption.
struct TlsEnd(Transport);

impl<'c> AsyncHttpClient<'c> for TlsEnd {
    type Error = TransportError;
    type Future = <Transport as AsyncHttpClient<'c>>::Future;

    fn call(&'c self, mut request: HttpRequest) -> Self::Future {
        let plain = request.uri().to_string().replacen("https://", "http://", 1);
        *request.uri_mut() = plain.parse().expect("it was a URI before");
        self.0.call(request)
    }
}

/// The endpoints at which a client says who it is, for this one.
macro_rules! client {
    ($metadata:expr, $registered:expr) => {{
        let (metadata, registered): (&Metadata, &Registered) = (&$metadata, &$registered);
        BasicClient::new(ClientId::new(registered.id.clone()))
            .set_client_secret(ClientSecret::new(registered.secret.clone()))
            .set_auth_uri(AuthUrl::new(metadata.endpoint("authorization")?)?)
            .set_token_uri(TokenUrl::new(metadata.endpoint("token")?)?)
            .set_introspection_url(IntrospectionUrl::new(metadata.endpoint("introspection")?)?)
            .set_revocation_url(RevocationUrl::new(over_tls(
                &metadata.endpoint("revocation")?,
            ))?)
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned())?)
    }};
}

#[tokio::test]
async fn an_independent_client_finds_and_uses_every_endpoint() -> Result<()> {
    let (world, _client) = World::start().await?;
    let transport = Transport(reqwest::Client::new());
    let metadata = Metadata::find(&world.server.origin).await?;
    let app = client!(metadata, world.app);
    let api = client!(metadata, world.person.register_resource_server().await?);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (authorize, state) = app
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("policy:read".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let back = world.person.allow(&authorize).await?;
    assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
    assert_eq!(parameter(&back, "state")?, *state.secret());
    assert_eq!(parameter(&back, "iss")?, world.server.origin);

    let code = AuthorizationCode::new(parameter(&back, "code")?);
    let first = app
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request_async(&transport)
        .await?;
    assert_eq!(first.scopes().map(Vec::len), Some(1));
    let said = api
        .introspect(first.access_token())
        .request_async(&transport)
        .await?;
    assert!(said.active());
    assert_eq!(
        said.client_id().map(|id| id.as_str()),
        Some(world.app.id.as_str())
    );
    assert_eq!(said.scopes(), first.scopes());

    let refresh = first.refresh_token().context("no refresh token")?;
    let second = app
        .exchange_refresh_token(refresh)
        .request_async(&transport)
        .await?;
    for (token, works) in [(first.access_token(), false), (second.access_token(), true)] {
        let said = api.introspect(token).request_async(&transport).await?;
        assert_eq!(said.active(), works);
    }

    let given_back = second.access_token().clone();
    app.revoke_token(given_back.clone().into())?
        .request_async(&TlsEnd(transport.clone()))
        .await?;
    let said = api
        .introspect(&given_back)
        .request_async(&transport)
        .await?;
    assert!(!said.active());
    Ok(())
}
