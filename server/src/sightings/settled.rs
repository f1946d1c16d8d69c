//! Tokens that need not be looked up again to see that they are used from one network.
//!
//! Of two processes that see a token in two networks within an hour, one finds it although each looks a token up only
//! every few minutes: whoever sees it in a network for the first time in that while looks, and then the other network's calls
//! of those minutes are written, or their writer looks later. So a while may be any that is shorter than the hour.

use std::collections::HashMap;

use tenure_domain::{
    network::Network,
    suspicion::{Sighting as Call, TWO_NETWORKS_WITHIN},
    time::{MINUTE, Timestamp},
};
use uuid::Uuid;

/// For how long, in milliseconds.
const WHILE: i64 = 10 * MINUTE;
const _: () = assert!(WHILE < TWO_NETWORKS_WITHIN);
/// Tokens that are kept; others are looked up each time.
const MOST: usize = 16_384;

/// What was looked up lately, of tokens that were used from one network alone within the hour before.
#[derive(Default)]
pub(super) struct Settled {
    span: i64,
    tokens: HashMap<Uuid, Network>,
}

impl Settled {
    /// Whether all these calls are from the network that the token was found to be used from alone.
    pub(super) fn knows(&self, token: Uuid, used: &[Call]) -> bool {
        let network = self.tokens.get(&token);
        used.iter()
            .all(|call| network == Some(&call.network()) && span(call.at) == self.span)
    }

    /// The token was found to be used from one network alone, that of these calls.
    pub(super) fn add(&mut self, token: Uuid, used: &[Call]) {
        let Some(latest) = used.iter().max_by_key(|call| call.at) else {
            return;
        };
        if span(latest.at) != self.span {
            self.span = span(latest.at);
            self.tokens.clear();
        }
        if self.tokens.len() < MOST || self.tokens.contains_key(&token) {
            self.tokens.insert(token, latest.network());
        }
    }

    /// The token was used from several networks.
    pub(super) fn remove(&mut self, token: Uuid) {
        self.tokens.remove(&token);
    }
}

fn span(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(WHILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(at: i64, network: u8) -> Call {
        Call {
            at: Timestamp::from_millis(at),
            from: [192, 0, network, 1].into(),
        }
    }

    #[test]
    fn a_token_is_settled_in_its_network_for_a_while() {
        let (mut settled, token) = (Settled::default(), Uuid::from_u128(1));
        assert!(!settled.knows(token, &[call(WHILE, 2)]));
        settled.add(token, &[call(WHILE, 2)]);
        for (used, knows) in [
            (vec![call(2 * WHILE - 1, 2)], true),
            (vec![], true),
            (vec![call(WHILE, 2), call(WHILE, 3)], false),
            (vec![call(2 * WHILE, 2)], false),
        ] {
            assert_eq!(settled.knows(token, &used), knows, "{used:?}");
        }
        settled.remove(token);
        assert!(!settled.knows(token, &[call(WHILE, 2)]), "removed");
        settled.add(token, &[call(WHILE, 2)]);
        settled.add(Uuid::from_u128(2), &[call(2 * WHILE, 2)]);
        assert!(!settled.knows(token, &[call(WHILE, 2)]), "forgotten");
    }

    #[test]
    fn the_memory_has_an_end() {
        let mut settled = Settled::default();
        for token in 0..20_000 {
            settled.add(Uuid::from_u128(token), &[call(1, 2)]);
        }
        assert_eq!(settled.tokens.len(), MOST);
    }
}
