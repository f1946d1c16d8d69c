//! Calls with a pair that is kept alive.

use std::{fmt, sync::Arc, time::Duration};

use oauth2::AccessToken;
use reqwest::{
    Request, Response, StatusCode,
    header::{AUTHORIZATION, HeaderValue},
    redirect,
};

use crate::{
    clock::{Clock, Jitter, RandomJitter, SystemClock},
    error::Error,
    pair::Pair,
    registration::Registration,
    state::{Held, Shared},
    store::PairStore,
    transport::Transport,
};

/// How long a call may take that goes through the client that a [`Builder`] makes by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// Holds a pair and calls with it. Cheap to clone; clones share the pair and its refreshes.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

/// What a [`Client`] is made of.
pub struct Builder {
    registration: Registration,
    store: Arc<dyn PairStore>,
    http: Option<reqwest::Client>,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
}

impl Builder {
    /// Calls and refreshes over this client, for one that knows a proxy or other certificates. It should
    /// follow no redirects and have a time limit, as the one has that is made without this.
    #[must_use]
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Another clock than the machine's: for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Another spread of renewals: for tests.
    #[must_use]
    pub fn jitter(mut self, jitter: impl Jitter) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// The client, with the pair that the store has kept, if it has one.
    ///
    /// # Errors
    /// When the store cannot be read, or no HTTP client be made.
    pub async fn open(self) -> Result<Client, Error> {
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .redirect(redirect::Policy::none())
                .timeout(PATIENCE)
                .build()?,
        };
        let shared = Shared::new(
            self.registration,
            Transport(http),
            self.store,
            self.clock,
            self.jitter,
        );
        shared.load().await?;
        Ok(Client(Arc::new(shared)))
    }
}

impl Client {
    /// A client for this registration that keeps its pair in this store.
    #[must_use]
    pub fn builder(registration: Registration, store: impl PairStore) -> Builder {
        Builder {
            registration,
            store: Arc::new(store),
            http: None,
            clock: Arc::new(SystemClock),
            jitter: Arc::new(RandomJitter),
        }
    }

    /// Sends the request with the bearer token attached, and once more with the next one if the answer is
    /// a 401: the policy, or somebody, may have ended the token before its time. A 403 is never tried
    /// again, since no other token of this authorization may do more. Whatever the API then answers is
    /// returned as it is.
    ///
    /// A request whose body is a stream cannot be sent twice, so its 401 is returned.
    ///
    /// # Errors
    /// When there is no token to call with, or the network fails. Unless it is [`Error::Network`], the API
    /// has done nothing of what was asked.
    pub async fn call(&self, request: Request) -> Result<Response, Error> {
        let again = request.try_clone();
        let held = self.0.usable().await?;
        let answer = self.send(request, &held).await?;
        match again {
            Some(again) if answer.status() == StatusCode::UNAUTHORIZED => {
                let next = self.0.after(&held).await?;
                self.send(again, &next).await
            }
            _ => Ok(answer),
        }
    }

    /// An access token to call with by other means; it is renewed first when that is due.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn access_token(&self) -> Result<AccessToken, Error> {
        let held = self.0.usable().await?;
        Ok(held.pair.access_token().clone())
    }

    /// The access token after this one, for whoever was answered 401 with it. Any number of callers with
    /// the same one cause one refresh.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn access_token_after(&self, refused: &AccessToken) -> Result<AccessToken, Error> {
        let held = self.0.usable().await?;
        if held.pair.access_token().secret() != refused.secret() {
            return Ok(held.pair.access_token().clone());
        }
        let next = self.0.after(&held).await?;
        Ok(next.pair.access_token().clone())
    }

    /// Takes the pair of a new consent in the place of whatever was held, and keeps it.
    ///
    /// # Errors
    /// When it cannot be kept; then what was held before still is.
    pub async fn adopt(&self, pair: Pair) -> Result<(), Error> {
        self.0.adopt(pair).await
    }

    async fn send(&self, mut request: Request, held: &Held) -> Result<Response, Error> {
        let bearer = format!("Bearer {}", held.pair.access_token().secret());
        let mut bearer = HeaderValue::try_from(bearer)
            .map_err(|_| Error::Unreadable("the access token is not text".to_owned()))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        Ok(self.0.transport.0.execute(request).await?)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.registration).finish()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.registration).finish()
    }
}
