//! What a rule saw, in one sentence for people and programs, as `why` says it of a token's end.

use super::{BURST_WITHIN, Denial, Evidence, Sighting};
use crate::time::{MINUTE, SECOND, Timestamp};

impl Evidence {
    /// The sentence. `instant` writes an instant so that it can follow "on".
    #[must_use]
    pub fn sentence(&self, instant: &dyn Fn(Timestamp) -> String) -> String {
        match self {
            Self::RefreshReuse { at, from, .. } => {
                let at = instant(*at);
                let from = from.map_or_else(String::new, |from| format!(" from {from}"));
                format!(
                    "A refresh token that its app had replaced already was used again on {at}{from}: somebody else may hold a copy."
                )
            }
            Self::TwoNetworks { earlier, later } => two_networks(earlier, later, instant),
            Self::DeniedScopes { calls } => denied_scopes(calls, instant),
            Self::DeadFromNewNetwork { call, ended_at } => {
                let (network, from) = (call.network(), call.from);
                let (at, ended) = (instant(call.at), instant(*ended_at));
                format!(
                    "It was presented from {from} on {at}, after its end on {ended}: nobody in {network} used it while it worked."
                )
            }
        }
    }
}

fn two_networks(
    earlier: &Sighting,
    later: &Sighting,
    instant: &dyn Fn(Timestamp) -> String,
) -> String {
    let apart = span(later.at.millis_since(earlier.at));
    let (one, at) = (earlier.from, instant(earlier.at));
    let (other, networks) = (later.from, (earlier.network(), later.network()));
    format!(
        "It was used from {one} on {at} and {apart} from {other}: two networks, {} and {}, within an hour.",
        networks.0, networks.1
    )
}

fn denied_scopes(calls: &[Denial], instant: &dyn Fn(Timestamp) -> String) -> String {
    let mut scopes: Vec<&str> = calls.iter().map(|call| call.scope.as_str()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let until = calls
        .last()
        .map_or_else(String::new, |last| instant(last.at));
    let minutes = BURST_WITHIN.div_euclid(MINUTE);
    format!(
        "{} different calls that its scope does not allow were refused within {minutes} minutes, the last on {until}; they wanted {}.",
        calls.len(),
        scopes.join(", ")
    )
}

/// How much later, in the largest whole unit.
fn span(millis: i64) -> String {
    let (minutes, seconds) = (millis.div_euclid(MINUTE), millis.div_euclid(SECOND));
    match (minutes, seconds) {
        (0, 0) => "at the same moment".to_owned(),
        (0, 1) => "1 second later".to_owned(),
        (0, seconds) => format!("{seconds} seconds later"),
        (1, _) => "1 minute later".to_owned(),
        (minutes, _) => format!("{minutes} minutes later"),
    }
}
