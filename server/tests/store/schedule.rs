//! Versions that are scheduled: kept, replaced, cancelled, and in the log each time.

use tenure_domain::{
    period::Unit,
    policy::{ANNOUNCED_FOR, Refusal, Seen, Terms, Wanted},
    time::{DAY, Timestamp},
};
use tenure_server::{
    ops::policies::{self as ops_policies, Ask, Outcome},
    store::{audit, policies, policies::PlanPolicies},
};

use crate::support::{Database, ask, period};

fn days(amount: i64) -> Terms {
    Terms::of_period(Some(period(amount, Unit::Days)))
}

fn done(outcome: Outcome) -> PlanPolicies {
    match outcome {
        Outcome::Done(policies) => policies,
        other => panic!("it is done: {other:?}"),
    }
}

/// What the log has of policies: the action, the version, and from when on.
async fn logged(database: &Database) -> Vec<(String, i64, Option<String>)> {
    let log = audit::since(&mut database.read().await, 0, 200).await;
    let events = log.expect("read").into_iter();
    events
        .filter(|event| event.action.starts_with("policy_"))
        .map(|event| {
            let details: serde_json::Value =
                serde_json::from_str(&event.details).expect("it is JSON");
            let at = details["effective_at"].as_str().map(str::to_owned);
            (
                event.action,
                details["version"].as_i64().expect("a number"),
                at,
            )
        })
        .collect()
}

pub(crate) async fn a_scheduled_version_waits_for_its_instant(database: Database) {
    let (plan, ada) = database.tenant().await;
    let at = database.clock.now().saturating_add(7 * DAY);
    let policies = done(
        database
            .change(&plan, &ada, Wanted::From(at, days(30)))
            .await,
    );
    let now = database.clock.now();
    let wire = policies.wire(now);
    let next = wire.scheduled.clone().expect("it is scheduled");
    assert_eq!((wire.version, wire.period), (0, None));
    assert_eq!((next.version, next.effective_at), (1, at));
    assert_eq!((next.terms(), next.decided_at), (days(30), now));
    assert_eq!(next.changed_by.map(|by| by.name).as_deref(), Some("ada"));
    assert_eq!(wire.etag(), "\"0-1\"");
    // Nothing is written when its instant comes.
    let before = policies.wire(at.saturating_add(-1));
    assert_eq!(before, wire);
    for by in [0, 1] {
        let wire = policies.wire(at.saturating_add(by));
        assert_eq!((wire.version, wire.scheduled), (1, None));
        assert_eq!(wire.in_force_since, at);
    }
    let scheduled = ("policy_scheduled".to_owned(), 1, Some(at.to_string()));
    assert_eq!(logged(&database).await, [scheduled]);
}

pub(crate) async fn a_change_takes_the_place_of_what_is_scheduled(database: Database) {
    let (plan, ada) = database.tenant().await;
    let at = |days: i64| database.clock.now().saturating_add(days * DAY);
    for wanted in [
        Wanted::From(at(7), days(30)),
        // Edited, made more of, and made at once.
        Wanted::From(at(8), days(30)),
        Wanted::From(at(8), days(20)),
        Wanted::From(at(8), days(20)),
        Wanted::Now(days(90)),
        Wanted::From(at(9), days(10)),
        Wanted::Unscheduled,
        Wanted::Unscheduled,
        Wanted::From(at(9), days(5)),
        // What is in force, at once: then nothing else is to come.
        Wanted::Now(days(90)),
    ] {
        done(database.change(&plan, &ada, wanted).await);
    }
    let found = policies::history(&mut database.read().await, &plan.id).await;
    let found = found.expect("read").expect("a plan");
    let recorded: Vec<_> = found
        .recorded()
        .into_iter()
        .map(|version| {
            let by = version.cancelled.map(|it| it.by.map(|by| by.name));
            (version.version, by.flatten())
        })
        .collect();
    let ada_did = || Some("ada".to_owned());
    let expected = [
        (6, ada_did()),
        (5, ada_did()),
        (4, None),
        (3, ada_did()),
        (2, ada_did()),
        (1, ada_did()),
        (0, None),
    ];
    assert_eq!(recorded, expected, "numbers are never used twice");
    let kinds: Vec<_> = logged(&database)
        .await
        .into_iter()
        .map(|(action, version, _)| (action.trim_start_matches("policy_").to_owned(), version))
        .collect();
    let event = |action: &str, version| (action.to_owned(), version);
    let expected = [
        event("scheduled", 1),
        event("schedule_cancelled", 1),
        event("scheduled", 2),
        event("schedule_cancelled", 2),
        event("scheduled", 3),
        event("schedule_cancelled", 3),
        event("changed", 4),
        event("scheduled", 5),
        event("schedule_cancelled", 5),
        event("scheduled", 6),
        event("schedule_cancelled", 6),
    ];
    assert_eq!(kinds, expected);
    let history = database.history(&plan.id).await;
    assert_eq!(history.latest_number(), 6);
    assert_eq!(history.scheduled_at(Timestamp::MIN), None);
}

pub(crate) async fn a_change_needs_to_have_seen_what_is_scheduled(database: Database) {
    let (plan, ada) = database.tenant().await;
    let at = database.clock.now().saturating_add(7 * DAY);
    database
        .change(&plan, &ada, Wanted::From(at, days(30)))
        .await;
    let asking = async |seen: Seen, wanted| {
        let ask = Ask {
            wanted,
            ..ask(&plan, &ada, seen, None)
        };
        let mut tx = database.write().await;
        let outcome = ops_policies::change(&mut tx, database.clock.now(), &ask).await;
        let Ok(Some(Outcome::Refused(refusal, _))) = outcome else {
            return None;
        };
        Some(refusal)
    };
    let both = Seen {
        in_force: 0,
        scheduled: Some(1),
    };
    for wanted in [Wanted::Now(days(1)), Wanted::Unscheduled] {
        assert_eq!(asking(0.into(), wanted).await, Some(Refusal::Stale));
        assert_eq!(asking(1.into(), wanted).await, Some(Refusal::Stale));
        assert_eq!(asking(both, wanted).await, None);
    }
    database.advance(7 * DAY - 1);
    assert_eq!(asking(both, Wanted::Unscheduled).await, None);
    // It comes into force by the clock, and with that what they saw is no longer so.
    database.advance(1);
    assert_eq!(
        asking(both, Wanted::Unscheduled).await,
        Some(Refusal::Stale)
    );
    assert_eq!(asking(1.into(), Wanted::Now(Terms::OFF)).await, None);
}

pub(crate) async fn a_new_inactivity_rule_is_announced_first(database: Database) {
    let (plan, ada) = database.tenant().await;
    let idle = |amount| Terms {
        inactivity: Some(period(amount, Unit::Days)),
        ..days(90)
    };
    let now = database.clock.now();
    let policies = done(database.change(&plan, &ada, Wanted::Now(idle(30))).await);
    assert_eq!(policies.history.in_force_at(now).version, 0);
    let next = policies.history.scheduled_at(now).expect("announced");
    assert_eq!(next.in_force_since, now.saturating_add(ANNOUNCED_FOR));
    database.advance(ANNOUNCED_FOR);
    // The period may change at once where the rule stays.
    let now = database.clock.now();
    let shorter = Terms {
        period: Some(period(60, Unit::Days)),
        ..idle(30)
    };
    let policies = done(database.change(&plan, &ada, Wanted::Now(shorter)).await);
    let version = policies.history.in_force_at(now);
    assert_eq!((version.version, version.terms()), (2, shorter));
    assert_eq!(policies.history.scheduled_at(now), None);
}
