//! What a sighting is of: whose token, from where, for what, and the outcome.

use std::{hash::Hash, net::IpAddr};

use tenure_domain::{
    network::Network,
    time::{MINUTE, Timestamp},
    wire::auth_health::Outcome,
};
use uuid::Uuid;

use super::Arrival;

/// What was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource<S = Box<str>> {
    /// What a proxy guards that asks by `/verify`: the host, and the first segment of the path.
    Guarded {
        /// As it was called; empty where the proxy does not say.
        host: S,
        /// Without slashes.
        segment: S,
    },
    /// The resource server that asks by introspection: its client id. The address is then the
    /// server's, not that of whoever called it.
    ResourceServer(S),
    /// This API.
    Api,
    /// The token endpoint.
    Refresh,
    /// One of those that are not told apart. Where an address is kept with it, it is that of whoever called.
    Other,
}

impl<S: AsRef<str>> Resource<S> {
    /// Its name as it is kept: `api.example/orders`, `client:` and an id, `tenure`, `refresh`, `other`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Guarded { host, .. } if host.as_ref().is_empty() => "unnamed".to_owned(),
            Self::Guarded { host, segment } => format!("{}/{}", host.as_ref(), segment.as_ref()),
            Self::ResourceServer(client) => format!("client:{}", client.as_ref()),
            Self::Api => "tenure".to_owned(),
            Self::Refresh => "refresh".to_owned(),
            Self::Other => "other".to_owned(),
        }
    }

    /// Whether the address is that of the token's holder, as far as proxies are trusted.
    #[must_use]
    pub const fn sees_holder(&self) -> bool {
        !matches!(self, Self::ResourceServer(_))
    }
}

/// What sightings that are counted together have in common. Texts are borrowed from the call while it is
/// looked for, and owned once it is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject<S = Box<str>> {
    /// The token, if it is known.
    pub token: Option<Uuid>,
    /// In whose plan it counts: the token's, or that of the client that asked; `None` where neither is known.
    pub plan: Option<Uuid>,
    /// The client that holds the token, or presented the refresh token.
    pub client: Option<Uuid>,
    /// Where the call came from.
    pub address: Option<IpAddr>,
    /// What became of it.
    pub outcome: Outcome,
    /// The minute, by its first instant.
    pub minute: Timestamp,
    /// Of a token that works: how many tenths of its life it has behind it; 10 for one without an end.
    pub tenth: Option<u8>,
    /// The user agent, cut short.
    pub agent: S,
    /// The scopes that were lacking.
    pub scope: S,
    /// What was called.
    pub resource: Resource<S>,
}

impl<S> Subject<S> {
    /// The network that the call came from.
    #[must_use]
    pub fn network(&self) -> Option<Network> {
        self.address.map(Network::from)
    }
}

impl Subject<&str> {
    /// The same without what its caller chooses freely: the token and the address stay.
    pub(super) fn by_address(&self) -> Self {
        Self {
            agent: "",
            scope: "",
            resource: match self.resource {
                Resource::Guarded { .. } => Resource::Other,
                told_apart => told_apart,
            },
            ..self.clone()
        }
    }

    /// Whether it has nothing that its caller chooses freely.
    pub(super) fn is_by_address(&self) -> bool {
        let chosen = matches!(self.resource, Resource::Guarded { .. });
        !chosen && self.agent.is_empty() && self.scope.is_empty()
    }

    /// The same for the plan and the outcome alone.
    pub(super) fn coarse(&self) -> Self {
        Self {
            token: None,
            client: None,
            address: None,
            agent: "",
            scope: "",
            resource: Resource::Other,
            ..self.clone()
        }
    }

    pub(super) fn to_owned(&self) -> Subject {
        Subject {
            token: self.token,
            plan: self.plan,
            client: self.client,
            address: self.address,
            outcome: self.outcome,
            minute: self.minute,
            tenth: self.tenth,
            agent: self.agent.into(),
            scope: self.scope.into(),
            resource: match self.resource {
                Resource::Guarded { host, segment } => Resource::Guarded {
                    host: host.into(),
                    segment: segment.into(),
                },
                Resource::ResourceServer(client) => Resource::ResourceServer(client.into()),
                Resource::Api => Resource::Api,
                Resource::Refresh => Resource::Refresh,
                Resource::Other => Resource::Other,
            },
        }
    }
}

impl Subject {
    pub(super) fn borrowed(&self) -> Subject<&str> {
        Subject {
            token: self.token,
            plan: self.plan,
            client: self.client,
            address: self.address,
            outcome: self.outcome,
            minute: self.minute,
            tenth: self.tenth,
            agent: &self.agent,
            scope: &self.scope,
            resource: match &self.resource {
                Resource::Guarded { host, segment } => Resource::Guarded { host, segment },
                Resource::ResourceServer(client) => Resource::ResourceServer(client),
                Resource::Api => Resource::Api,
                Resource::Refresh => Resource::Refresh,
                Resource::Other => Resource::Other,
            },
        }
    }
}

/// How often, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub calls: u64,
    /// The first time.
    pub first: Timestamp,
    /// The latest.
    pub last: Timestamp,
}

impl Tally {
    pub(super) const fn once(at: Timestamp) -> Self {
        Self {
            calls: 1,
            first: at,
            last: at,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// What was seen within a minute, of one token, from one address, for one thing and with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Of what.
    pub subject: Subject,
    /// How often and when, within the minute and since the last time that it was written.
    pub tally: Tally,
}

/// A refused call, to be found by the id that its caller was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `X-Request-Id`.
    pub request: Box<str>,
    /// When.
    pub at: Timestamp,
    /// Of what.
    pub subject: Subject,
    /// Since when the token is dead, if it is.
    pub since: Option<Timestamp>,
}

impl Refusal {
    pub(super) fn of(
        arrival: &Arrival,
        subject: &Subject<&str>,
        at: Timestamp,
        since: Option<Timestamp>,
    ) -> Self {
        Self {
            request: arrival.request().into(),
            at,
            subject: subject.to_owned(),
            since,
        }
    }
}

/// The minute that an instant lies in, by its first instant.
pub(super) const fn minute_of(at: Timestamp) -> Timestamp {
    let millis = at.as_millis();
    Timestamp::from_millis(millis - millis.rem_euclid(MINUTE))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A call with the token of this number.
    pub(in crate::sightings) fn subject(token: u128, agent: &str) -> Subject<&str> {
        Subject {
            token: Some(Uuid::from_u128(token)),
            plan: Some(Uuid::from_u128(7)),
            client: None,
            address: Some([192, 0, 2, 9].into()),
            outcome: Outcome::Works,
            minute: Timestamp::from_millis(0),
            tenth: Some(10),
            agent,
            scope: "",
            resource: Resource::Guarded {
                host: "api.example",
                segment: "orders",
            },
        }
    }

    #[test]
    fn a_resource_has_a_name() {
        let name = |resource: Resource<&str>| resource.name();
        let (host, segment) = ("api.example", "orders");
        assert_eq!(
            name(Resource::Guarded { host, segment }),
            "api.example/orders"
        );
        let host = "";
        assert_eq!(name(Resource::Guarded { host, segment }), "unnamed");
        assert_eq!(name(Resource::ResourceServer("c")), "client:c");
    }
}
