//! R11: when a token's use looks like somebody else's. Each rule at each boundary, and what a review changes.

use tenure_domain::{
    suspicion::{
        BURST, BURST_WITHIN, Denial, Evidence, Finding, MAX_RESOURCE, Rule, Sighting,
        TWO_NETWORKS_WITHIN, dead_from_new_network, denied_scopes, refresh_reuse,
        review::{Admission, Kept, OPEN_AT_MOST, admit, suspicious_since},
        two_networks,
    },
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    token::{Status, TokenFacts, TokenKind, status},
};

use super::{
    network::{address, network},
    time::at,
    token::history,
};

const NOON: &str = "2026-11-29T12:00:00Z";

/// So many milliseconds after noon.
fn after(millis: i64) -> Timestamp {
    at(NOON).saturating_add(millis)
}

fn seen(from: &str, millis: i64) -> Sighting {
    Sighting {
        at: after(millis),
        from: address(from),
    }
}

fn denial(resource: &str, scope: &str, millis: i64) -> Denial {
    Denial {
        at: after(millis),
        resource: resource.to_owned(),
        scope: scope.to_owned(),
    }
}

#[test]
fn the_thresholds_are_what_is_written() {
    assert_eq!((TWO_NETWORKS_WITHIN, BURST_WITHIN), (HOUR, 10 * MINUTE));
    assert_eq!((BURST, OPEN_AT_MOST), (5, 10));
}

#[test]
fn two_networks_within_an_hour_are_found_at_exactly_an_hour_and_not_a_millisecond_later() {
    let (home, same, away) = ("203.0.113.7", "203.0.113.250", "198.51.100.7");
    let (v6, same_v6, other_v6) = ("2001:db8:7::1", "2001:db8:7:9::2", "2001:db8:8::1");
    let table = [
        (home, away, 0, true),
        (home, away, 1, true),
        (home, away, HOUR - 1, true),
        (home, away, HOUR, true),
        (home, away, HOUR + 1, false),
        // What another process tells late happened earlier.
        (home, away, -HOUR + 1, true),
        (home, away, -HOUR, true),
        (home, away, -HOUR - 1, false),
        (home, same, 0, false),
        (home, same, HOUR, false),
        (v6, same_v6, 1, false),
        (v6, other_v6, HOUR, true),
        (v6, other_v6, HOUR + 1, false),
        (home, v6, 1, true),
        (home, "::ffff:203.0.113.9", 1, false),
    ];
    for (one, other, apart, expected) in table {
        let found = two_networks(&[seen(one, 0)], seen(other, apart));
        assert_eq!(found.is_some(), expected, "{one}, {other}, {apart} ms");
        let turned = two_networks(&[seen(other, apart)], seen(one, 0));
        assert_eq!(turned.is_some(), expected, "{other}, {one}, {apart} ms");
    }
    assert_eq!(two_networks(&[], seen(home, 0)), None);
}

#[test]
fn the_nearest_use_elsewhere_is_the_evidence_in_the_order_of_time() {
    let others = [
        seen("192.0.2.1", -30 * MINUTE),
        seen("198.51.100.7", -2 * MINUTE),
        seen("203.0.113.9", -MINUTE),
        seen("192.0.2.1", 50 * MINUTE),
    ];
    let call = seen("203.0.113.7", 0);
    let found = two_networks(&others, call).expect("somebody elsewhere");
    let evidence = Evidence::TwoNetworks {
        earlier: others[1],
        later: call,
    };
    assert_eq!(found.evidence, evidence);
    assert_eq!((found.rule, found.at), (Rule::TwoNetworks, after(0)));

    // A use that is told late: the one that was known is the later of both.
    let late = two_networks(&[call], seen("198.51.100.7", -MINUTE)).expect("somebody elsewhere");
    assert_eq!(late.at, after(0));
    assert_eq!(late.evidence.key(), found.evidence.key());
}

#[test]
fn a_burst_is_five_different_calls_within_ten_minutes_at_exactly_that_too() {
    let burst = |span: i64| -> Vec<Denial> {
        let paths = ["/a", "/b", "/c", "/d", "/e"];
        let at = |place: usize| if place == 0 { 0 } else { span };
        let calls = paths.iter().enumerate();
        calls
            .map(|(place, path)| denial(path, "billing:read", at(place)))
            .collect()
    };
    for (span, expected) in [
        (0, true),
        (BURST_WITHIN - 1, true),
        (BURST_WITHIN, true),
        (BURST_WITHIN + 1, false),
    ] {
        let found = denied_scopes(&burst(span));
        assert_eq!(found.map(|found| found.at), expected.then(|| after(span)));
        assert_eq!(denied_scopes(&burst(span)[1..]), None, "four are no burst");
    }
}

#[test]
fn calls_differ_by_resource_or_scope_and_repeating_one_is_no_burst() {
    let same: Vec<Denial> = (0..100).map(|n| denial("/a", "read", n)).collect();
    assert_eq!(denied_scopes(&same), None);
    let four = ["read", "write", "delete", "admin"].map(|scope| denial("/a", scope, 0));
    assert_eq!(denied_scopes(&[&same[..], &four[1..]].concat()), None);
    let fifth = denial("/b", "read", 1);
    let found = denied_scopes(&[&same[..], &four[..], &[fifth]].concat()).expect("a burst");
    let Evidence::DeniedScopes { calls } = &found.evidence else {
        panic!("{found:?}");
    };
    assert_eq!(calls.len(), BURST);
    let latest = calls.iter().find(|call| call.is("/a", "read"));
    assert_eq!(
        latest.map(|call| call.at),
        Some(after(99)),
        "the latest of each"
    );
    assert_eq!((found.at, found.rule), (after(99), Rule::DeniedScopes));
    assert_eq!(found.evidence.key(), "admin delete read write");
}

trait Is {
    fn is(&self, resource: &str, scope: &str) -> bool;
}

impl Is for Denial {
    fn is(&self, resource: &str, scope: &str) -> bool {
        (self.resource.as_str(), self.scope.as_str()) == (resource, scope)
    }
}

#[test]
fn an_earlier_burst_is_found_though_a_single_refusal_came_after_it() {
    let mut calls: Vec<Denial> = (0..5)
        .map(|n| denial(&format!("/{n}"), "read", n))
        .collect();
    calls.push(denial("/later", "read", HOUR));
    assert_eq!(denied_scopes(&calls).map(|found| found.at), Some(after(4)));
}

#[test]
fn what_a_caller_wrote_is_kept_as_far_as_there_is_room() {
    let long = "é".repeat(10_000);
    let calls: Vec<Denial> = (0..5)
        .map(|n| denial(&format!("{n}{long}"), "read", n))
        .collect();
    let found = denied_scopes(&calls).expect("a burst");
    let Evidence::DeniedScopes { calls } = found.evidence else {
        panic!("another rule");
    };
    assert!(
        calls
            .iter()
            .all(|call| call.resource.chars().count() == MAX_RESOURCE)
    );
}

#[test]
fn a_dead_token_from_a_new_network_is_found_from_its_end_on() {
    let home = [network("203.0.113.0/24"), network("2001:db8:7::/48")];
    let table = [
        (&home[..], "198.51.100.7", 0, true),
        (&home[..], "198.51.100.7", 1, true),
        (&home[..], "198.51.100.7", -1, false),
        (&home[..], "203.0.113.250", 1, false),
        (&home[..], "2001:db8:7:1::1", 1, false),
        (&home[..], "2001:db8:8::1", 1, true),
        (&home[..1], "2001:db8:7:1::1", 1, true),
        // Nobody is known to have used it: no network is newer than another one.
        (&[], "198.51.100.7", 1, false),
    ];
    for (known, from, millis, expected) in table {
        let found = dead_from_new_network(known, seen(from, millis), after(0));
        assert_eq!(
            found.is_some(),
            expected,
            "{from} {millis} ms after the end"
        );
    }
}

fn each_rule() -> [Finding; 4] {
    let paths: Vec<Denial> = (0..5)
        .map(|n| {
            denial(
                &format!("/{n}"),
                ["read", "write"][usize::from(n > 2)],
                n * SECOND,
            )
        })
        .collect();
    [
        refresh_reuse("r1", Some(address("198.51.100.7")), after(0)),
        two_networks(&[seen("203.0.113.7", 0)], seen("198.51.100.7", 3 * MINUTE)).expect("found"),
        denied_scopes(&paths).expect("found"),
        dead_from_new_network(
            &[network("203.0.113.0/24")],
            seen("198.51.100.7", HOUR),
            after(0),
        )
        .expect("found"),
    ]
}

#[test]
fn each_rule_says_in_one_sentence_what_it_saw() {
    let clock = |at: Timestamp| at.to_string().chars().skip(11).take(5).collect();
    let said = each_rule().map(|found| found.evidence.sentence(&clock));
    assert_eq!(
        said,
        [
            "A refresh token that its app had replaced already was used again on 12:00 from 198.51.100.7: somebody else may hold a copy.",
            "It was used from 203.0.113.7 on 12:00 and 3 minutes later from 198.51.100.7: two networks, 203.0.113.0/24 and 198.51.100.0/24, within an hour.",
            "5 different calls that its scope does not allow were refused within 10 minutes, the last on 12:00; they wanted read, write.",
            "It was presented from 198.51.100.7 on 13:00, after its end on 12:00: nobody in 198.51.100.0/24 used it while it worked.",
        ]
    );
    let unknown = refresh_reuse("r1", None, after(0))
        .evidence
        .sentence(&clock);
    assert!(
        unknown.contains("used again on 12:00: somebody"),
        "{unknown}"
    );
    for (apart, words) in [
        (0, "at the same moment"),
        (999, "at the same moment"),
        (SECOND, "1 second later"),
        (MINUTE - 1, "59 seconds later"),
        (MINUTE, "1 minute later"),
        (HOUR, "60 minutes later"),
    ] {
        let found = two_networks(&[seen("203.0.113.7", 0)], seen("198.51.100.7", apart));
        let said = found.expect("found").evidence.sentence(&clock);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn each_rule_keeps_its_name_and_the_same_evidence_has_the_same_key() {
    let rules = each_rule().map(|found| found.rule);
    assert_eq!(rules, Rule::ALL);
    assert_eq!(
        Rule::ALL.map(Rule::as_str),
        [
            "refresh_reuse",
            "two_networks",
            "denied_scopes",
            "dead_from_new_network"
        ]
    );
    let keys = each_rule().map(|found| found.evidence.key());
    assert_eq!(
        keys,
        [
            "r1",
            "198.51.100.0/24 203.0.113.0/24",
            "read write",
            "198.51.100.0/24"
        ]
    );
}

fn kept(found: &Finding, reviewed_at: Option<Timestamp>) -> Kept {
    Kept {
        rule: found.rule,
        key: found.evidence.key(),
        first_at: found.at,
        reviewed_at,
    }
}

#[test]
fn a_review_answers_the_evidence_that_it_saw_and_no_other() {
    let networks = |one: &str, other: &str, millis| {
        two_networks(&[seen(one, millis)], seen(other, millis)).expect("two networks")
    };
    let found = networks("203.0.113.7", "198.51.100.7", 0);
    assert_eq!(admit(&[], &found), Admission::New);
    for reviewed_at in [None, Some(after(HOUR))] {
        let known = [kept(&found, reviewed_at)];
        let again = networks("198.51.100.99", "203.0.113.1", 2 * HOUR);
        assert_eq!(admit(&known, &again), Admission::Again);
        let elsewhere = networks("203.0.113.7", "192.0.2.1", 2 * HOUR);
        assert_eq!(admit(&known, &elsewhere), Admission::New);
    }
    // The same words by another rule are other evidence.
    let dead = &each_rule()[3];
    let known = [Kept {
        key: dead.evidence.key(),
        ..kept(&found, None)
    }];
    assert_eq!(admit(&known, dead), Admission::New);
}

#[test]
fn whoever_calls_from_everywhere_makes_so_many_findings_of_a_rule_and_no_more() {
    let elsewhere = |n: usize| {
        let from = format!("198.51.{n}.7");
        two_networks(&[seen("203.0.113.7", 0)], seen(&from, 0)).expect("two networks")
    };
    let mut known: Vec<Kept> = (0..OPEN_AT_MOST)
        .map(|n| kept(&elsewhere(n), None))
        .collect();
    assert_eq!(admit(&known, &elsewhere(200)), Admission::Enough);
    assert_eq!(admit(&known, &elsewhere(0)), Admission::Again);
    assert_eq!(
        admit(&known, &each_rule()[0]),
        Admission::New,
        "another rule"
    );
    known[3].reviewed_at = Some(after(1));
    assert_eq!(admit(&known, &elsewhere(200)), Admission::New);
}

#[test]
fn a_token_is_yellow_from_the_first_finding_that_waits_until_all_are_reviewed() {
    let [reuse, networks, burst, _] = each_rule();
    let (open, reviewed) = (None, Some(after(DAY)));
    let table = [
        (vec![], None),
        (vec![kept(&networks, open)], Some(networks.at)),
        (vec![kept(&networks, reviewed)], None),
        (
            vec![kept(&networks, open), kept(&burst, open)],
            Some(burst.at),
        ),
        (
            vec![kept(&networks, open), kept(&burst, reviewed)],
            Some(networks.at),
        ),
        (
            vec![kept(&networks, reviewed), kept(&burst, open)],
            Some(burst.at),
        ),
        (
            vec![kept(&networks, reviewed), kept(&burst, reviewed)],
            None,
        ),
        (
            vec![kept(&networks, reviewed), kept(&reuse, open)],
            Some(reuse.at),
        ),
    ];
    for (findings, expected) in table {
        let since = suspicious_since(&findings);
        assert_eq!(since, expected, "{findings:?}");
        let token = TokenFacts {
            suspicious_since: since,
            ..TokenFacts::created(TokenKind::UserAccess, after(-DAY))
        };
        let yellow = status(&token, &history(&[]), after(DAY)) == Status::Suspicious;
        assert_eq!(yellow, expected.is_some(), "{findings:?}");
    }
}
