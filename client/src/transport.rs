//! The way from the crate `oauth2` to the network.

use std::{fmt, pin::Pin, time::Duration};

use oauth2::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{self, HeaderMap, StatusCode, header::RETRY_AFTER},
};

/// How long a token endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends what `oauth2` asks for over a [`reqwest::Client`], which should follow no redirects: a token
/// endpoint has none to give, and a secret should not be led astray.
#[derive(Clone, Debug)]
pub struct Transport(pub reqwest::Client);

/// Why there was no answer that `oauth2` could read.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The network failed, or nobody answered in time.
    Network(reqwest::Error),
    /// The server cannot answer at the moment (429 or 5xx), whatever its body says.
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The answer cannot be put into `oauth2`'s shape.
    Http(http::Error),
}

impl Transport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut request = reqwest::Request::try_from(request).map_err(TransportError::Network)?;
        *request.timeout_mut() = Some(PATIENCE);
        let answer = self
            .0
            .execute(request)
            .await
            .map_err(TransportError::Network)?;
        let status = answer.status();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            return Err(TransportError::Unavailable {
                status: status.as_u16(),
                retry_after: retry_after(answer.headers()),
            });
        }
        let mut response = http::Response::builder().status(status);
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let body = answer.bytes().await.map_err(TransportError::Network)?;
        response.body(body.into()).map_err(TransportError::Http)
    }
}

/// Seconds; the other form of RFC 9110, section 10.2.3, a date, is none that Tenure sends.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse();
    seconds.ok().map(Duration::from_secs)
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(_) => f.write_str("the server could not be reached"),
            Self::Unavailable { status, .. } => write!(f, "the server answered {status}"),
            Self::Http(_) => f.write_str("the answer cannot be read"),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Network(error) => Some(error),
            Self::Http(error) => Some(error),
            Self::Unavailable { .. } => None,
        }
    }
}
