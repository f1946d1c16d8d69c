//! What a call brings along besides its token: where it came from, with which program, and for what.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header::USER_AGENT, request::Parts},
};
use tenure_domain::id::ClientId;

use super::{Resource, short};
use crate::{address::ClientAddress, answer::TokenNote, state::AppState};

/// What the call that is guarded was for, as forward-auth proxies say it.
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_URI: HeaderName = HeaderName::from_static("x-forwarded-uri");

/// What a call brings along. Header values share the call's own bytes.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where it came from.
    pub address: Option<IpAddr>,
    agent: Option<HeaderValue>,
    request: HeaderValue,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    Guarded {
        host: Option<HeaderValue>,
        uri: Option<HeaderValue>,
    },
    ResourceServer(ClientId),
    Api,
    Refresh,
}

impl Arrival {
    /// A call that a proxy asks about, as sample data have it: as part of this request.
    #[must_use]
    pub(crate) fn sample(
        (address, agent): (IpAddr, &'static str),
        (host, uri): (&'static str, &'static str),
        request: &str,
    ) -> Self {
        let request = HeaderValue::from_str(request);
        Self {
            address: Some(address),
            agent: Some(HeaderValue::from_static(agent)),
            request: request.unwrap_or(HeaderValue::from_static("")),
            target: Target::Guarded {
                host: Some(HeaderValue::from_static(host)),
                uri: Some(HeaderValue::from_static(uri)),
            },
        }
    }

    /// The same call, which asks whether what this request's headers name may be called.
    #[must_use]
    pub(crate) fn for_guarded(self, headers: &HeaderMap) -> Self {
        Self {
            target: Target::Guarded {
                host: headers.get(FORWARDED_HOST).cloned(),
                uri: headers.get(FORWARDED_URI).cloned(),
            },
            ..self
        }
    }

    /// The same call, by which this resource server asks about a token.
    #[must_use]
    pub(crate) fn by_resource_server(self, client: &ClientId) -> Self {
        Self {
            target: Target::ResourceServer(client.clone()),
            ..self
        }
    }

    /// The same call, which is for the next pair of tokens.
    #[must_use]
    pub(crate) fn for_refresh(self) -> Self {
        Self {
            target: Target::Refresh,
            ..self
        }
    }

    /// The user agent, cut short.
    pub(super) fn agent(&self) -> &str {
        self.agent.as_ref().map_or("", text)
    }

    /// The request's id, as its caller is told it.
    pub(super) fn request(&self) -> &str {
        text(&self.request)
    }

    /// What was called.
    pub(super) fn resource(&self) -> Resource<&str> {
        match &self.target {
            Target::Guarded { host, uri } => Resource::Guarded {
                host: host.as_ref().map_or("", text),
                segment: uri.as_ref().map_or("", |uri| first_segment(plain(uri))),
            },
            Target::ResourceServer(client) => Resource::ResourceServer(client.as_str()),
            Target::Api => Resource::Api,
            Target::Refresh => Resource::Refresh,
        }
    }
}

impl FromRequestParts<AppState> for Arrival {
    type Rejection = Infallible;

    /// A call of this API, until it is said to be another one.
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let request = parts.extensions.get::<TokenNote>();
        let request = request.and_then(TokenNote::request);
        Ok(Self {
            address,
            agent: parts.headers.get(USER_AGENT).cloned(),
            request: request.unwrap_or(HeaderValue::from_static("")),
            target: Target::Api,
        })
    }
}

fn text(value: &HeaderValue) -> &str {
    short(plain(value))
}

/// What is not plain text is not kept.
fn plain(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("?")
}

/// The first segment of a path, without what may be secret: the rest of the path, and the query.
fn first_segment(uri: &str) -> &str {
    let path = uri.trim_start_matches('/');
    let end = path.find(['/', '?', '#']).unwrap_or(path.len());
    short(path.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_first_segment_is_kept() {
        for (uri, segment) in [
            ("/orders/7?key=secret", "orders"),
            ("/orders", "orders"),
            ("/?key=secret", ""),
            ("/orders?key=secret", "orders"),
            ("//orders#x", "orders"),
            ("", ""),
        ] {
            assert_eq!(first_segment(uri), segment, "{uri}");
        }
        assert_eq!(first_segment(&"a".repeat(500)).len(), super::super::LONGEST);
    }
}
