//! Laws of the rules that find a token suspicious (R11), and of what a review changes.

use std::net::IpAddr;

use proptest::{collection::vec, option, prelude::*, sample::select};
use tenure_domain::{
    id::{FindingId, UserId},
    json::Json,
    life::LifeKind,
    network::Network,
    suspicion::{
        self, BURST, BURST_WITHIN, Denial, Evidence, Rule, Sighting, TWO_NETWORKS_WITHIN,
        dead_from_new_network, denied_scopes, refresh_reuse,
        review::{Admission, Kept, admit, suspicious_since},
        two_networks,
    },
    time::{HOUR, MINUTE, Timestamp},
    wire::{
        life::{CallDay, Caller, Finding, LifeEvent, Review},
        session::UserRef,
    },
};

use crate::round_trips::{answered, is_named};
use crate::strategies::{any_instant, ms, written_instant};

/// Addresses that often share a network, and any others.
fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        (0..3_u8, any::<u8>()).prop_map(|(net, host)| IpAddr::from([203, 0, net, host])),
        (0..3_u16, any::<u16>())
            .prop_map(|(net, host)| IpAddr::from([0x2001, 0xdb8, net, host, 0, 0, 0, 1])),
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from),
    ]
}

fn sighting(instant: impl Strategy<Value = Timestamp>) -> impl Strategy<Value = Sighting> {
    (instant, address()).prop_map(|(at, from)| Sighting { at, from })
}

/// Around the boundary of an hour.
fn near() -> impl Strategy<Value = Timestamp> {
    (select(vec![0, HOUR, 2 * HOUR]), -2..=2_i64).prop_map(|(hours, by)| ms(hours + by))
}

fn denial(instant: impl Strategy<Value = Timestamp>) -> impl Strategy<Value = Denial> {
    (instant, 0..4_u8, 0..3_u8).prop_map(|(at, resource, scope)| Denial {
        at,
        resource: format!("/{resource}"),
        scope: format!("scope-{scope}"),
    })
}

fn any_denial() -> impl Strategy<Value = Denial> {
    (any_instant(), any::<String>(), any::<String>()).prop_map(|(at, resource, scope)| Denial {
        at,
        resource,
        scope,
    })
}

/// By the definition: some call, and so many different ones at most so long before it.
fn is_burst(denials: &[Denial]) -> bool {
    denials.iter().any(|last| {
        let within = denials
            .iter()
            .filter(|call| call.at <= last.at && last.at.millis_since(call.at) <= BURST_WITHIN);
        let mut calls: Vec<_> = within.map(|call| (&call.resource, &call.scope)).collect();
        calls.sort();
        calls.dedup();
        calls.len() >= BURST
    })
}

fn finding() -> impl Strategy<Value = suspicion::Finding> {
    prop_oneof![
        (0..9_u8, option::of(address()), near()).prop_map(|(id, from, at)| refresh_reuse(
            &id.to_string(),
            from,
            at
        )),
        (sighting(near()), sighting(near())).prop_filter_map("two networks", |(one, other)| {
            two_networks(&[one], other)
        }),
        sighting(near()).prop_filter_map("a new network", |call| {
            let home = Network::from(IpAddr::from([192, 0, 2, 1]));
            dead_from_new_network(&[home], call, Timestamp::MIN)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn two_uses_are_found_by_their_networks_and_distance_whichever_is_told_first(
        one in sighting(near()),
        other in sighting(near()),
    ) {
        let distance = (one.at.as_millis() - other.at.as_millis()).abs();
        let expected = one.network() != other.network() && distance <= TWO_NETWORKS_WITHIN;
        let (found, turned) = (two_networks(&[one], other), two_networks(&[other], one));
        prop_assert_eq!(found.is_some(), expected);
        let key = |found: &Option<suspicion::Finding>| found.as_ref().map(|found| (found.evidence.key(), found.at));
        prop_assert_eq!(key(&found), key(&turned));
    }

    #[test]
    fn more_uses_hide_nothing(
        others in vec(sighting(near()), 0..8),
        call in sighting(near()),
    ) {
        let by_one = others.iter().any(|other| two_networks(&[*other], call).is_some());
        prop_assert_eq!(two_networks(&others, call).is_some(), by_one);
    }

    #[test]
    fn a_burst_is_found_exactly_where_there_is_one(
        denials in vec(denial((-2..=2_i64, 0..3_i64).prop_map(|(by, tens)| ms(tens * 5 * MINUTE + by))), 0..12),
    ) {
        let found = denied_scopes(&denials);
        prop_assert_eq!(found.is_some(), is_burst(&denials));
        if let Some(suspicion::Finding { evidence: Evidence::DeniedScopes { calls }, .. }) = found {
            prop_assert!(is_burst(&calls), "the evidence alone is a burst");
            prop_assert!(calls.is_sorted_by_key(|call| call.at));
        }
    }

    #[test]
    fn no_rule_panics_at_any_instant(
        others in vec(sighting(any_instant()), 0..4),
        call in sighting(any_instant()),
        denials in vec(any_denial(), 0..8),
        ended_at in any_instant(),
    ) {
        let known: Vec<Network> = others.iter().map(Sighting::network).collect();
        let found = [
            two_networks(&others, call),
            denied_scopes(&denials),
            dead_from_new_network(&known, call, ended_at),
            Some(refresh_reuse("r", Some(call.from), call.at)),
        ];
        for found in found.into_iter().flatten() {
            prop_assert!(!found.evidence.sentence(&|at| at.to_string()).is_empty());
            prop_assert_eq!(found.evidence.rule(), found.rule);
        }
    }

    #[test]
    fn evidence_is_read_back_as_it_was_written(
        one in sighting(written_instant()),
        from in option::of(address()),
        at in written_instant(),
        calls in vec((written_instant(), any::<String>(), any::<String>()), 0..3),
    ) {
        let calls = calls.into_iter().map(|(at, resource, scope)| Denial { at, resource, scope });
        for evidence in [
            Evidence::RefreshReuse { at, from, refresh_token: "r".to_owned() },
            Evidence::TwoNetworks { earlier: one, later: one },
            Evidence::DeniedScopes { calls: calls.collect() },
            Evidence::DeadFromNewNetwork { call: one, ended_at: at },
        ] {
            let json = serde_json::to_value(&evidence).expect("it can be written");
            prop_assert_eq!(&json["rule"], evidence.rule().as_str());
            let read: Evidence = serde_json::from_value(json).expect("it can be read");
            prop_assert_eq!(read, evidence);
        }
    }

    #[test]
    fn a_tokens_page_is_read_as_it_was_written(
        (at, later) in (written_instant(), written_instant()),
        (text, name) in (any::<String>(), any::<String>()),
        (calls, after_end) in (0..1_u64 << 50, any::<bool>()),
        rule in select(&Rule::ALL[..]),
        reviewed in any::<bool>(),
    ) {
        let id = || UserId(name.clone());
        let review = || Review { at: later, by: UserRef { id: id(), name: text.clone() } };
        answered(&Finding {
            id: FindingId(text.clone()),
            rule,
            sentence: text.clone(),
            evidence: Json::Object(vec![("rule".to_owned(), Json::Text(name.clone()))]),
            first_at: at,
            last_at: later,
            reviewed: reviewed.then(review),
        });
        answered(&LifeEvent { at, kind: LifeKind::Suspected, sentence: text.clone() });
        answered(&CallDay { day: at, calls, refused: 1, denied: 0 });
        answered(&Caller {
            address: name.clone(),
            network: text.clone(),
            agent: text.clone(),
            resource: name.clone(),
            calls,
            refused: 0,
            denied: calls,
            first_at: at,
            last_at: later,
            after_end,
        });
        is_named(&rule, rule.as_str());
    }

    #[test]
    fn a_network_is_read_back_and_has_its_address(address in address()) {
        let network = Network::from(address);
        prop_assert!(network.contains(address));
        prop_assert_eq!(network.to_string().parse(), Ok(network));
        let json = serde_json::to_value(network).expect("it can be written");
        prop_assert_eq!(serde_json::from_value::<Network>(json).expect("it can be read"), network);
    }

    #[test]
    fn what_was_reviewed_never_colours_again_and_what_is_new_always_does(
        seen in vec((finding(), any::<bool>()), 0..24),
    ) {
        let mut known: Vec<Kept> = Vec::new();
        for (found, reviewed) in seen {
            let before = suspicious_since(&known);
            match admit(&known, &found) {
                Admission::New => {
                    known.push(Kept {
                        rule: found.rule,
                        key: found.evidence.key(),
                        first_at: found.at,
                        reviewed_at: None,
                    });
                    prop_assert_eq!(suspicious_since(&known), Some(before.map_or(found.at, |at| at.min(found.at))));
                }
                Admission::Again => prop_assert!(known.iter().any(|kept| kept.key == found.evidence.key())),
                Admission::Enough => prop_assert!(before.is_some(), "it is yellow anyway"),
            }
            if reviewed {
                for kept in &mut known {
                    kept.reviewed_at.get_or_insert(ms(3 * HOUR));
                }
                prop_assert_eq!(suspicious_since(&known), None);
            }
        }
    }
}
