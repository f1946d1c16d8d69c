//! Refused calls and callers lead to the tokens behind what was seen.

use tenure_domain::{plan::Tier, time::MINUTE, wire::auth_health::Outcome};
use tenure_server::store::{
    auth_counts::Filter,
    refusals,
    token_callers::{self, Behind},
    tokens::Token,
};

use crate::{
    sightings::{aside, caller, refusal},
    support::{Database, NOW},
};

/// A plan finds its own refused calls by their id, and those without any plan; no other plan's.
pub(crate) async fn a_refused_call_is_found_by_its_own_plan(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let elsewhere = database.plan("Basil", Tier::Pro).await;
    let (own, nobodys) = (refusal("r-1", Some(&token), NOW), refusal("r-1", None, NOW));
    let again = refusal("r-1", Some(&token), NOW.saturating_add(1));
    let mut tx = aside(&database).await;
    let all = [own.clone(), nobodys.clone(), own.clone(), again.clone()];
    refusals::insert(&mut tx, &all).await.expect("kept");
    let found = refusals::by_request(&mut tx, "r-1", &plan.id, 10).await;
    assert_eq!(found.expect("read"), [again.clone(), nobodys.clone(), own]);
    let found = refusals::by_request(&mut tx, "r-1", &plan.id, 1).await;
    assert_eq!(found.expect("read"), [again]);
    let found = refusals::by_request(&mut tx, "r-1", &elsewhere.id, 10).await;
    assert_eq!(found.expect("read"), [nobodys]);
    let found = refusals::by_request(&mut tx, "r-2", &plan.id, 10).await;
    assert_eq!(found.expect("read"), []);
}

/// From a span to the tokens behind it: by the instant among refused calls, by the day among callers.
pub(crate) async fn the_tokens_behind_a_span_are_found(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, _) = database.token(&plan.id, &ada.id, "one").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    let later = NOW.saturating_add(MINUTE);
    let mut tx = aside(&database).await;
    let all = [
        refusal("r-1", Some(&one), NOW),
        refusal("r-2", Some(&one), later),
        refusal("r-3", Some(&other), later),
        refusal("r-4", None, NOW),
    ];
    refusals::insert(&mut tx, &all).await.expect("kept");
    let all = [
        caller(&one, "192.0.2.1", 5, NOW),
        caller(&other, "192.0.2.1", 3, later),
    ];
    token_callers::add(&mut tx, &all).await.expect("added");
    let behind = |token: &Token, calls, first_at, last_at| Behind {
        token: token.id.clone(),
        calls,
        first_at,
        last_at,
    };
    let of = |outcome| Filter {
        outcome,
        ..Filter::default()
    };
    let revoked = of(Some(Outcome::Revoked));
    let whole = [NOW, later.saturating_add(1)];
    let found = refusals::behind(&mut tx, &plan.id, whole, &revoked, 10).await;
    let wanted = [behind(&one, 2, NOW, later), behind(&other, 1, later, later)];
    assert_eq!(found.expect("read"), wanted);
    let found = refusals::behind(&mut tx, &plan.id, [NOW, later], &revoked, 10).await;
    assert_eq!(found.expect("read"), [behind(&one, 1, NOW, NOW)]);
    for (filter, wanted) in [
        (of(None), [5, 3]),
        (of(Some(Outcome::Works)), [4, 2]),
        (revoked, [1, 1]),
        (of(Some(Outcome::ScopeLacking)), [0, 0]),
        (of(Some(Outcome::RefreshEnded)), [0, 0]),
        (of(Some(Outcome::Refreshed)), [0, 0]),
        (
            Filter {
                resource: Some("elsewhere".to_owned()),
                ..Filter::default()
            },
            [0, 0],
        ),
        (
            Filter {
                client: Some(String::new()),
                ..Filter::default()
            },
            [5, 3],
        ),
        (
            Filter {
                client: Some("app".to_owned()),
                ..Filter::default()
            },
            [0, 0],
        ),
    ] {
        let found = token_callers::behind(&mut tx, &plan.id, whole, &filter, 10).await;
        let mut found: Vec<u64> = found.expect("read").iter().map(|it| it.calls).collect();
        found.resize(2, 0);
        assert_eq!(found, wanted, "{filter:?}");
    }
}
