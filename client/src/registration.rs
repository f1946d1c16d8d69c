//! Who the program is to the server, and how it asks for the next pair.

use std::{fmt, time::SystemTime};

use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError,
    TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse},
    url::ParseError,
};

use crate::{
    error::Error,
    pair::Pair,
    transport::{Transport, TransportError},
};

type WithTokenEndpoint =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A client as it is registered, and the token endpoint that it asks.
#[derive(Clone)]
pub struct Registration(WithTokenEndpoint);

impl Registration {
    /// A public client (`token_endpoint_auth_method` is `none`); `token_endpoint` as the server's metadata
    /// says it.
    ///
    /// # Errors
    /// When `token_endpoint` is no URL.
    pub fn new(token_endpoint: &str, client_id: &str) -> Result<Self, ParseError> {
        let endpoint = TokenUrl::new(token_endpoint.to_owned())?;
        let client = BasicClient::new(ClientId::new(client_id.to_owned()));
        Ok(Self(client.set_token_uri(endpoint)))
    }

    /// A client that sends its secret by HTTP basic authentication (`client_secret_basic`).
    #[must_use]
    pub fn with_secret(self, secret: &str) -> Self {
        self.authenticated(secret, AuthType::BasicAuth)
    }

    /// A client that sends its secret in the form (`client_secret_post`).
    #[must_use]
    pub fn with_posted_secret(self, secret: &str) -> Self {
        self.authenticated(secret, AuthType::RequestBody)
    }

    fn authenticated(self, secret: &str, how: AuthType) -> Self {
        let secret = ClientSecret::new(secret.to_owned());
        Self(self.0.set_client_secret(secret).set_auth_type(how))
    }

    /// The pair after `old`.
    ///
    /// An answer that was lost is asked for once more, with the same refresh token: nobody has used the pair
    /// that was in it, so the server gives another one in its stead.
    pub(crate) async fn next(
        &self,
        old: &Pair,
        transport: &Transport,
        asked_at: SystemTime,
    ) -> Result<Pair, Error> {
        let answer = match self.refresh(old.refresh_token(), transport).await {
            Err(Error::Network(error)) if !error.is_connect() => {
                self.refresh(old.refresh_token(), transport).await
            }
            answer => answer,
        };
        Ok(old.next(&answer?, asked_at))
    }

    async fn refresh(
        &self,
        token: &RefreshToken,
        transport: &Transport,
    ) -> Result<BasicTokenResponse, Error> {
        let request = self.0.exchange_refresh_token(token);
        request.request_async(transport).await.map_err(meaning)
    }
}

/// What the caller can do about it.
fn meaning(error: RequestTokenError<TransportError, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(refusal) => refused(&refusal),
        RequestTokenError::Request(TransportError::Network(error)) => error.into(),
        RequestTokenError::Request(TransportError::Unavailable {
            status,
            retry_after,
        }) => Error::Unavailable {
            status,
            retry_after,
        },
        RequestTokenError::Request(TransportError::Http(error)) => {
            Error::Unreadable(error.to_string())
        }
        // The body is not quoted: there may be a token in it.
        RequestTokenError::Parse(error, _) => Error::Unreadable(error.to_string()),
        RequestTokenError::Other(what) => Error::Unreadable(what),
    }
}

fn refused(refusal: &BasicErrorResponse) -> Error {
    let said = refusal.error_description().cloned();
    match refusal.error() {
        BasicErrorResponseType::InvalidGrant => Error::ConsentNeeded {
            reason: said.unwrap_or_else(|| "the refresh token is not accepted".to_owned()),
        },
        code => Error::Refused {
            code: code.as_ref().to_owned(),
            description: said.unwrap_or_default(),
        },
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("client_id", self.0.client_id())
            .field("token_endpoint", self.0.token_uri())
            .finish_non_exhaustive()
    }
}
