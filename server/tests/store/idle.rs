//! Policies that end unused tokens, with two processes whose uses are written a moment later: at the very
//! instant, never against an acknowledged use, and for good.

use tenure_domain::{
    period::{Period, Unit},
    policy::{ANNOUNCED_FOR, Terms, Wanted},
    problem::Kind,
    time::{DAY, MINUTE, SECOND},
    token::{End, Expiry},
};
use tenure_server::{
    clock::Clock,
    store::{plans::Plan, users::User},
    verifier::{Outcome, Renewal, Used, Verified, Verifier},
};

use crate::{
    serving::{refusal, started},
    support::{Database, NOW, period},
};

const IDLE: i64 = 30 * DAY;

fn unused_for(idle: Period) -> Terms {
    Terms {
        period: None,
        inactivity: Some(idle),
    }
}

fn thirty_days() -> Terms {
    unused_for(period(30, Unit::Days))
}

/// Two processes on one database and one clock.
async fn two(database: &Database) -> (Verifier, Verifier) {
    let one = started(database, &database.clock).await.verifier.clone();
    let other = started(database, &database.clock).await.verifier.clone();
    (one, other)
}

/// Puts terms into force, and waits as an admin's call does until they are.
async fn in_force(database: &Database, plan: &Plan, by: &User, terms: Terms) {
    database.change(plan, by, Wanted::Now(terms)).await;
    database.advance(ANNOUNCED_FOR);
}

async fn works(verifier: &Verifier, text: &str) -> Verified {
    match verifier.verify(text).await.expect("an answer") {
        Outcome::Works(verified) => verified,
        Outcome::Refused(refused) => panic!("it works: {refused:?}"),
    }
}

/// A call that is done and answered.
async fn used(verifier: &Verifier, text: &str) -> Used {
    let verified = works(verifier, text).await;
    let counted = verifier.record_use(&verified, None).await;
    counted.expect("counted")
}

pub(crate) async fn an_unused_token_dies_at_its_instant_everywhere(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    in_force(&database, &plan, &ada, thirty_days()).await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    let end = token.facts.created_at.saturating_add(IDLE);
    database.advance(IDLE - 1);
    assert_eq!(works(&one, &text).await.expiry, Expiry::At(end));
    assert_eq!(works(&other, &text).await.expiry, Expiry::At(end));
    for _ in 0..2 {
        database.advance(1);
        for verifier in [&one, &other] {
            let Outcome::Refused(refused) = verifier.verify(&text).await.expect("an answer") else {
                panic!("at its end it is dead");
            };
            assert_eq!(refused.kind, Kind::TokenExpired);
            let Some(End::ExpiredByInactivity { at, policy }) = refused.end else {
                panic!("nobody used it: {refused:?}");
            };
            assert_eq!((at, policy.version), (end, 1));
        }
    }
    let history = database.history(&plan.id).await;
    assert!(history.kept().cover(&token.facts), "it was made to last");
}

pub(crate) async fn each_use_renews_a_token_on_every_process(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    in_force(&database, &plan, &ada, thirty_days()).await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    for _ in 0..3 {
        database.advance(IDLE - 1);
        let until = Expiry::At(database.clock.now().saturating_add(IDLE));
        assert_eq!(used(&one, &text).await, Used::Until(until));
        // It is on disk: the other process needs nobody's notes.
        assert_eq!(works(&other, &text).await.expiry, until);
    }
    database.advance(IDLE);
    assert_eq!(refusal(&other, &text).await, Some(Kind::TokenExpired));
}

pub(crate) async fn a_use_that_was_only_noted_costs_a_tenth_at_most(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    in_force(&database, &plan, &ada, thirty_days()).await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    // Too young for a write of its own: noted, and lost with the process.
    database.advance(IDLE / 10 - 1);
    let verified = works(&one, &text).await;
    assert_eq!(verified.renewal, Renewal::Noted);
    let recorded = Expiry::At(token.facts.created_at.saturating_add(IDLE));
    let told = one.record_use(&verified, None).await.expect("counted");
    assert_eq!(
        told,
        Used::Until(recorded),
        "no more is promised than is kept"
    );
    drop(one);
    database.advance(IDLE - IDLE / 10);
    assert_eq!(works(&other, &text).await.expiry, recorded);
    database.advance(1);
    assert_eq!(refusal(&other, &text).await, Some(Kind::TokenExpired));
}

pub(crate) async fn a_noted_use_counts_once_it_is_written(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    in_force(&database, &plan, &ada, unused_for(period(1, Unit::Minutes))).await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    works(&other, &text).await;
    database.advance(5 * SECOND);
    used(&one, &text).await;
    let until = Expiry::At(database.clock.now().saturating_add(MINUTE));
    one.flush_uses().await.expect("written");
    one.follow_changes().await.expect("followed");
    assert_eq!(works(&one, &text).await.expiry, until);
    // The other one believes its memory until that says that the token is dead; then it looks.
    other.follow_changes().await.expect("followed");
    database.advance(MINUTE - 1);
    assert_eq!(works(&other, &text).await.expiry, until);
    database.advance(1);
    assert_eq!(refusal(&other, &text).await, Some(Kind::TokenExpired));
}

pub(crate) async fn what_was_used_before_the_rule_counts_is_not_ended_by_it(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    let (_, unused) = database.token(&plan.id, &ada.id, "unused").await;
    database.advance(2 * IDLE);
    one.follow_changes().await.expect("followed");
    // Nothing counts uses yet, so this one is noted alone.
    assert_eq!(works(&one, &text).await.renewal, Renewal::None);
    used(&one, &text).await;
    database
        .change(&plan, &ada, Wanted::Now(thirty_days()))
        .await;
    // While it is announced, every process hears of it and writes what it has noted.
    one.follow_changes().await.expect("followed");
    assert_eq!(refusal(&other, &text).await, None);
    assert_eq!(refusal(&other, &unused).await, None, "announced");
    database.advance(ANNOUNCED_FOR);
    assert_eq!(refusal(&other, &unused).await, Some(Kind::TokenExpired));
    assert_eq!(refusal(&other, &text).await, None);
    assert_eq!(refusal(&one, &text).await, None);
}

pub(crate) async fn of_a_use_and_a_death_the_first_on_disk_stands(database: Database) {
    let (plan, ada) = database.tenant().await;
    in_force(&database, &plan, &ada, thirty_days()).await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    // A process whose clock is a second behind has found that the token works, and is about to say so.
    let behind = Clock::mock(NOW.saturating_add(ANNOUNCED_FOR + IDLE - SECOND));
    let late = started(&database, &behind).await.verifier.clone();
    let verified = works(&late, &text).await;
    assert!(matches!(verified.renewal, Renewal::Written(_)));
    database.advance(IDLE);
    let other = started(&database, &database.clock).await.verifier.clone();
    assert_eq!(refusal(&other, &text).await, Some(Kind::TokenExpired));
    let Used::Refused(refused) = late.record_use(&verified, None).await.expect("answered") else {
        panic!("somebody was told that it is dead");
    };
    assert_eq!(refused.kind, Kind::TokenExpired);
    let kept = database.kept(&text).await.facts;
    assert_eq!(kept.last_used_at, None, "a use of a dead token is none");
    assert_eq!(kept.created_at, token.facts.created_at);
    assert_eq!(refusal(&late, &text).await, Some(Kind::TokenExpired));
}

pub(crate) async fn a_use_and_a_death_at_the_same_moment_agree(database: Database) {
    let (plan, ada) = database.tenant().await;
    in_force(&database, &plan, &ada, unused_for(period(1, Unit::Minutes))).await;
    let behind = Clock::mock(database.clock.now());
    let late = started(&database, &behind).await.verifier.clone();
    let other = started(&database, &database.clock).await.verifier.clone();
    for round in 0..20 {
        let (_, text) = database.token(&plan.id, &ada.id, "t").await;
        // For the one it works for another millisecond, for the other it has just ended.
        behind.set(database.clock.now().saturating_add(MINUTE - 1));
        database.advance(MINUTE);
        let verified = works(&late, &text).await;
        let use_first = async { late.record_use(&verified, None).await.expect("answered") };
        let tell_first = async { refusal(&other, &text).await };
        let (used, told) = match round % 2 {
            0 => tokio::join!(use_first, tell_first),
            _ => {
                let (told, used) = tokio::join!(tell_first, use_first);
                (used, told)
            }
        };
        let is_dead = matches!(used, Used::Refused(_));
        assert_eq!(told, is_dead.then_some(Kind::TokenExpired), "{used:?}");
        for verifier in [&late, &other] {
            verifier.follow_changes().await.expect("followed");
            assert_eq!(refusal(verifier, &text).await, told, "and so it stays");
        }
    }
}

pub(crate) async fn the_unused_stay_dead_when_the_rule_goes_and_the_clock_is_set_back(
    database: Database,
) {
    let (plan, ada) = database.tenant().await;
    let (one, _) = two(&database).await;
    in_force(&database, &plan, &ada, thirty_days()).await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    database.advance(10 * DAY);
    let (_, young) = database.token(&plan.id, &ada.id, "young").await;
    database.advance(IDLE - 10 * DAY);
    assert_eq!(refusal(&one, &text).await, Some(Kind::TokenExpired));
    database.change(&plan, &ada, Wanted::Now(Terms::OFF)).await;
    for clock in [database.clock.clone(), Clock::mock(NOW)] {
        let restarted = started(&database, &clock).await.verifier.clone();
        assert_eq!(refusal(&restarted, &text).await, Some(Kind::TokenExpired));
        assert_eq!(refusal(&restarted, &young).await, None, "it was never dead");
        let verified = works(&restarted, &young).await;
        assert_eq!(verified.renewal, Renewal::None);
    }
}

pub(crate) async fn a_scheduled_version_comes_into_force_everywhere_by_the_clock(
    database: Database,
) {
    let (plan, ada) = database.tenant().await;
    let (one, other) = two(&database).await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    let (_, active) = database.token(&plan.id, &ada.id, "active").await;
    database.advance(40 * DAY);
    let comes = database.clock.now().saturating_add(7 * DAY);
    let scheduled = Wanted::From(comes, thirty_days());
    database.change(&plan, &ada, scheduled).await;
    for verifier in [&one, &other] {
        verifier.follow_changes().await.expect("followed");
        assert_eq!(works(verifier, &text).await.expiry, Expiry::At(comes));
    }
    let until = Expiry::At(database.clock.now().saturating_add(IDLE));
    assert_eq!(used(&one, &active).await, Used::Until(until));
    database.advance(7 * DAY - 1);
    for verifier in [&one, &other] {
        assert_eq!(refusal(verifier, &text).await, None);
    }
    database.advance(1);
    for verifier in [&one, &other] {
        assert_eq!(refusal(verifier, &text).await, Some(Kind::TokenExpired));
        assert_eq!(refusal(verifier, &active).await, None);
    }
    let history = database.history(&plan.id).await;
    let now = database.clock.now();
    assert_eq!(history.in_force_at(now).version, 1);
    assert!(
        history
            .watermarks_at(NOW)
            .exceed(tenure_domain::policy::Watermarks::NONE),
        "a clock that is behind brings nothing back"
    );
}
