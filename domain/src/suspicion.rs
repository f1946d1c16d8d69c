//! When a token's use looks like somebody else's (R11): four written rules, each with its evidence.
//!
//! A rule sees what was called, from where and when, and gives a [`Finding`] or nothing. It accuses nobody:
//! it says what was seen, and a System Admin decides. Deliberately not here: how calls are gathered, and the
//! console's words beside the one sentence ([`Evidence::sentence`]). What a review changes is in [`review`].

pub mod review;
mod sentence;

use core::{cmp::Reverse, net::IpAddr};

use serde::{Deserialize, Serialize};

use crate::{
    json::from_json,
    network::Network,
    time::{HOUR, MINUTE, Timestamp},
};

/// Uses from two networks are one finding when they lie at most this many milliseconds apart.
pub const TWO_NETWORKS_WITHIN: i64 = HOUR;
/// So many different calls, refused for want of a scope, are a burst.
pub const BURST: usize = 5;
/// The calls of a burst lie at most this many milliseconds apart, the first from the last.
pub const BURST_WITHIN: i64 = 10 * MINUTE;
/// The most characters that a finding keeps of what a caller wanted to reach.
pub const MAX_RESOURCE: usize = 200;

/// Which rule found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A refresh token that had been replaced was used again (RFC 9700, section 4.14.2).
    RefreshReuse,
    /// It was used from two networks within [`TWO_NETWORKS_WITHIN`].
    TwoNetworks,
    /// At least [`BURST`] different calls were refused for scope within [`BURST_WITHIN`].
    DeniedScopes,
    /// It was presented after its end, from a network that never used it while it lived.
    DeadFromNewNetwork,
}

from_json! {
    Rule:
    "refresh_reuse" => RefreshReuse,
    "two_networks" => TwoNetworks,
    "denied_scopes" => DeniedScopes,
    "dead_from_new_network" => DeadFromNewNetwork,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 4] = [
        Self::RefreshReuse,
        Self::TwoNetworks,
        Self::DeniedScopes,
        Self::DeadFromNewNetwork,
    ];

    /// The rule's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefreshReuse => "refresh_reuse",
            Self::TwoNetworks => "two_networks",
            Self::DeniedScopes => "denied_scopes",
            Self::DeadFromNewNetwork => "dead_from_new_network",
        }
    }
}

/// A call with a token, as far as the rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sighting {
    /// When.
    pub at: Timestamp,
    /// From which address.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub from: IpAddr,
}

impl Sighting {
    /// The network that it came from.
    #[must_use]
    pub fn network(&self) -> Network {
        self.from.into()
    }
}

/// A call that was refused for want of a scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Denial {
    /// When.
    pub at: Timestamp,
    /// What was to be reached. It is the caller's word, so nothing may rely on it.
    pub resource: String,
    /// The scope that would have opened it.
    pub scope: String,
}

impl Denial {
    fn is_as(&self, other: &Self) -> bool {
        (&self.resource, &self.scope) == (&other.resource, &other.scope)
    }

    fn shortened(&self) -> Self {
        Self {
            resource: self.resource.chars().take(MAX_RESOURCE).collect(),
            ..self.clone()
        }
    }
}

/// What a rule saw.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Evidence {
    /// A replaced refresh token came again.
    RefreshReuse {
        /// When.
        at: Timestamp,
        /// From which address, if that is known.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        from: Option<IpAddr>,
        /// The id of the refresh token.
        refresh_token: String,
    },
    /// Two uses from two networks, in the order of time.
    TwoNetworks {
        /// The earlier use.
        earlier: Sighting,
        /// The later use.
        later: Sighting,
    },
    /// Different calls that were refused, the latest of each, in the order of time.
    DeniedScopes {
        /// Each of them.
        calls: Vec<Denial>,
    },
    /// A call after the token's end.
    DeadFromNewNetwork {
        /// The call.
        call: Sighting,
        /// Since when the token did not work.
        ended_at: Timestamp,
    },
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// What it saw.
    pub evidence: Evidence,
    /// The instant of the call with which the rule held.
    pub at: Timestamp,
}

impl Evidence {
    /// The rule that looks at such evidence.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::RefreshReuse { .. } => Rule::RefreshReuse,
            Self::TwoNetworks { .. } => Rule::TwoNetworks,
            Self::DeniedScopes { .. } => Rule::DeniedScopes,
            Self::DeadFromNewNetwork { .. } => Rule::DeadFromNewNetwork,
        }
    }

    /// What makes it the same evidence when it is seen again, by this process or another one: the refresh
    /// token, the two networks whichever came first, the scopes that were missing, the new network.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::RefreshReuse { refresh_token, .. } => refresh_token.clone(),
            Self::TwoNetworks { earlier, later } => {
                let (one, other) = (earlier.network(), later.network());
                format!("{} {}", one.min(other), one.max(other))
            }
            Self::DeniedScopes { calls } => {
                let mut scopes: Vec<&str> = calls.iter().map(|call| call.scope.as_str()).collect();
                scopes.sort_unstable();
                scopes.dedup();
                scopes.join(" ")
            }
            Self::DeadFromNewNetwork { call, .. } => call.network().to_string(),
        }
    }

    fn found(self, at: Timestamp) -> Finding {
        Finding {
            rule: self.rule(),
            evidence: self,
            at,
        }
    }
}

/// A replaced refresh token was used again, so that `domain::refresh` took it for a replay.
#[must_use]
pub fn refresh_reuse(refresh_token: &str, from: Option<IpAddr>, at: Timestamp) -> Finding {
    let refresh_token = refresh_token.to_owned();
    Evidence::RefreshReuse {
        at,
        from,
        refresh_token,
    }
    .found(at)
}

/// Whether `call` and one of the `others` are uses from two networks within [`TWO_NETWORKS_WITHIN`], at
/// exactly that distance too. Of several, the one that lies nearest in time is the evidence.
///
/// Replicas see calls in any order: an other one may also be the later.
#[must_use]
pub fn two_networks(others: &[Sighting], call: Sighting) -> Option<Finding> {
    let apart = |other: &Sighting| {
        let (earlier, later) = (other.at.min(call.at), other.at.max(call.at));
        later.millis_since(earlier)
    };
    let elsewhere = others
        .iter()
        .filter(|other| other.network() != call.network() && apart(other) <= TWO_NETWORKS_WITHIN);
    let other = *elsewhere.min_by_key(|other| apart(other))?;
    let (earlier, later) = if other.at <= call.at {
        (other, call)
    } else {
        (call, other)
    };
    Some(Evidence::TwoNetworks { earlier, later }.found(later.at))
}

/// Whether at least [`BURST`] different calls were refused for scope within [`BURST_WITHIN`], the first of
/// them from the last, at exactly that distance too. Of several bursts, the latest is the evidence.
///
/// Two refusals are of different calls when the resource or the scope differs. An integration that tries
/// one call over and over is broken, and no probe.
#[must_use]
pub fn denied_scopes(denials: &[Denial]) -> Option<Finding> {
    let mut latest_first: Vec<&Denial> = denials.iter().collect();
    latest_first.sort_by_key(|call| (Reverse(call.at), &call.resource, &call.scope));
    let mut ends = latest_first.iter();
    core::iter::from_fn(|| {
        let rest = ends.as_slice();
        ends.next().map(|_| rest)
    })
    .find_map(burst)
}

/// The burst that ends with the first of these, which are in falling order of time.
fn burst(latest_first: &[&Denial]) -> Option<Finding> {
    let last = latest_first.first()?.at;
    let recent = latest_first
        .iter()
        .take_while(|call| last.millis_since(call.at) <= BURST_WITHIN);
    let mut calls: Vec<&Denial> = Vec::with_capacity(BURST);
    for call in recent {
        if calls.len() < BURST && !calls.iter().any(|known| known.is_as(call)) {
            calls.push(call);
        }
    }
    if calls.len() < BURST {
        return None;
    }
    let calls = calls.into_iter().rev().map(Denial::shortened).collect();
    Some(Evidence::DeniedScopes { calls }.found(last))
}

/// Whether a call at or after the token's end came from a network that is not among those that used it
/// while it lived.
///
/// A token that nobody is known to have used has no network that another one could be compared with.
#[must_use]
pub fn dead_from_new_network(
    used_from: &[Network],
    call: Sighting,
    ended_at: Timestamp,
) -> Option<Finding> {
    let known = used_from.is_empty() || used_from.contains(&call.network());
    (!known && call.at >= ended_at)
        .then(|| Evidence::DeadFromNewNetwork { call, ended_at }.found(call.at))
}
