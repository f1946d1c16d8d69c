//! Everything that a test of the client needs: the server, a proxy in front of its token endpoint, a person
//! who gave their consent, and a client that holds the pair of it.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use oauth2::{
    AuthorizationCode, CsrfToken, EndpointNotSet, EndpointSet, PkceCodeChallenge, RedirectUrl,
    basic::BasicClient,
};
use reqwest::{Method, Request};
use tempfile::TempDir;
use tenure_client::{Client, Clock, FileStore, Jitter, Pair, Registration, Transport};
use tenure_domain::time::Timestamp;
use tenure_server::clock::Clock as ServerClock;

use crate::{
    person::{Person, REDIRECT_URI, Registered},
    proxy::Proxy,
    server::Server,
};

/// How long the access tokens live: the server's default.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// 2026-02-20T09:00:00Z.
const START: i64 = 1_771_578_000_000;

/// The crate `oauth2`, told of the endpoints that a code needs.
pub(crate) type Authorizing =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A clock of the mock kind, as the server and the client each have one of their own.
#[derive(Clone)]
pub(crate) struct TestClock(pub(crate) ServerClock);

impl TestClock {
    fn start() -> Self {
        Self(ServerClock::mock(Timestamp::from_millis(START)))
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.0.now().as_millis()).expect("it is after 1970");
        UNIX_EPOCH + Duration::from_millis(millis)
    }
}

/// No spread: renewals are due at 80 % to the instant.
struct NoJitter;

impl Jitter for NoJitter {
    fn fraction(&self) -> f64 {
        0.0
    }
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
    pub(crate) person: Person,
    pub(crate) app: Registered,
    pub(crate) server_clock: ServerClock,
    pub(crate) client_clock: TestClock,
    folder: TempDir,
}

impl World {
    /// Everything, and the client with the first pair of a consent.
    pub(crate) async fn start() -> Result<(Self, Client)> {
        let (server_clock, client_clock) = (TestClock::start().0, TestClock::start());
        let server = Server::start(server_clock.clone()).await?;
        let proxy = Proxy::start(&server.origin).await?;
        let person = Person::sign_in(&server).await?;
        let app = person.register_app().await?;
        let world = Self {
            server,
            proxy,
            person,
            app,
            server_clock,
            client_clock,
            folder: tempfile::tempdir()?,
        };
        let client = world.client().await?;
        client.adopt(world.consent().await?).await?;
        Ok((world, client))
    }

    /// Lets time pass for both sides.
    pub(crate) fn advance(&self, by: Duration) {
        self.server_clock.advance(by);
        self.client_clock.0.advance(by);
    }

    /// Where the client keeps its pair.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("tokens.json")
    }

    /// The client as the program finds it when it starts.
    pub(crate) async fn client(&self) -> Result<Client> {
        self.client_with(FileStore::open(self.file())?).await
    }

    /// The client with another place for its pair.
    pub(crate) async fn client_with(&self, store: impl tenure_client::PairStore) -> Result<Client> {
        let registration =
            Registration::new(&format!("{}/oauth/token", self.proxy.origin), &self.app.id)?
                .with_secret(&self.app.secret);
        let client = Client::builder(registration, store)
            .clock(self.client_clock.clone())
            .jitter(NoJitter);
        Ok(client.open().await?)
    }

    /// The pair of a new consent, by the code flow.
    pub(crate) async fn consent(&self) -> Result<Pair> {
        let oauth = self.authorizing()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (authorize, _) = oauth
            .authorize_url(CsrfToken::new_random)
            .set_pkce_challenge(challenge)
            .url();
        let back = self.person.allow(&authorize).await?;
        let code = back
            .query_pairs()
            .find_map(|(name, value)| (name == "code").then(|| value.into_owned()))
            .context("no code came back")?;
        let answer = oauth
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(verifier)
            .request_async(&Transport(reqwest::Client::new()))
            .await?;
        Pair::from_answer(&answer, self.client_clock.now()).context("no refresh token came")
    }

    fn authorizing(&self) -> Result<Authorizing> {
        let at = |path: &str| format!("{}{path}", self.server.origin);
        Ok(BasicClient::new(oauth2::ClientId::new(self.app.id.clone()))
            .set_client_secret(oauth2::ClientSecret::new(self.app.secret.clone()))
            .set_auth_uri(oauth2::AuthUrl::new(at("/oauth/authorize"))?)
            .set_token_uri(oauth2::TokenUrl::new(at("/oauth/token"))?)
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned())?))
    }

    /// Asks who the token is, which any token may: the status.
    pub(crate) async fn who_am_i(&self, client: &Client) -> Result<u16, tenure_client::Error> {
        let answer = client.call(self.get("/api/v1/session")).await?;
        Ok(answer.status().as_u16())
    }

    /// A request to the server's API, past the proxy.
    pub(crate) fn get(&self, path: &str) -> Request {
        let url = format!("{}{path}", self.server.origin);
        Request::new(Method::GET, url.parse().expect("it is a URL"))
    }
}
