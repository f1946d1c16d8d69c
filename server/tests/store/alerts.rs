//! Alerts on both engines: their rules, and raising one however many processes look.

use tenure_domain::{
    alert::{AlertKind, Rule},
    id::AlertId,
    plan::Tier,
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    wire::{alerts::Alert, auth_health::Outcome},
};
use tenure_server::{
    ops::alerts::{self as op, Place},
    random::Random,
    store::{
        Store, alerts,
        auth_counts::{self, Count},
        webhooks,
    },
};

use crate::support::{Database, NOW};

async fn refused(store: &Store, plan: &str, outcome: Outcome, calls: u64, at: Timestamp) {
    let of = ("", "api.example/orders");
    seen(store, plan, (outcome, of, calls), at).await;
}

/// Calls of a client to a resource, as what was seen is written: by the minute, the hour and the day.
async fn seen(
    store: &Store,
    plan: &str,
    (outcome, (client, resource), calls): (Outcome, (&str, &str), u64),
    at: Timestamp,
) {
    let count = |width| Count {
        plan: plan.to_owned(),
        width,
        start: Timestamp::from_millis(at.as_millis() - at.as_millis() % width),
        outcome,
        resource: resource.to_owned(),
        client: client.to_owned(),
        scope: String::new(),
        calls,
    };
    let counts = [MINUTE, HOUR, DAY].map(count);
    let mut tx = store.write_aside().await.expect("writes");
    auth_counts::add(&mut tx, &counts).await.expect("added");
    tx.commit().await.expect("committed");
}

async fn all(database: &Database, plan: &tenure_domain::id::PlanId) -> Vec<Alert> {
    let mut tx = database.read().await;
    let page = op::page(&mut tx, plan, Place::default(), 10).await;
    page.expect("read").0
}

pub(crate) async fn a_rule_is_as_it_was_set_or_as_it_is_without_that(database: Database) {
    let (plan, _) = database.tenant().await;
    let other = database.plan("Basil", Tier::Business).await;
    let mut tx = database.write().await;
    for threshold in [7, 8] {
        let rule = Rule::new(threshold, 30, false).expect("a rule");
        let kind = AlertKind::CallsRefused;
        alerts::put_rule(&mut tx, &plan.id, kind, rule)
            .await
            .expect("set");
    }
    for (plan, threshold, on) in [(&plan.id, 8, false), (&other.id, 200, true)] {
        let rules = alerts::rules(&mut tx, plan).await.expect("read");
        assert_eq!(rules.len(), AlertKind::ALL.len());
        for (kind, rule) in rules {
            if kind == AlertKind::CallsRefused {
                assert_eq!((rule.threshold, rule.on), (threshold, on));
            } else {
                assert_eq!(rule, kind.default_rule());
            }
        }
    }
}

/// However often other rules raise and clear theirs; and whatever is raised or cleared while somebody reads on, each
/// alert that was there is listed once.
pub(crate) async fn what_is_raised_is_listed_before_what_is_over(database: Database) {
    let (plan, _) = database.tenant().await;
    let mut tx = database.write().await;
    let mut raise = async |number: usize, kind, cleared: bool| {
        let at = NOW.saturating_add(i64::try_from(number).expect("small"));
        let alert = Alert {
            id: AlertId(format!("alert-{number:02}")),
            kind,
            sentence: String::new(),
            count: 1,
            threshold: 1,
            minutes: 1,
            client_id: None,
            resource: None,
            fired_at: at,
            cleared_at: None,
        };
        assert!(
            alerts::fire(&mut tx, &plan.id, &alert)
                .await
                .expect("fired")
        );
        if cleared {
            assert!(
                alerts::clear(&mut tx, &alert.id, at)
                    .await
                    .expect("cleared")
            );
        }
    };
    raise(0, AlertKind::RefreshFailing, false).await;
    raise(1, AlertKind::SuspiciousTokens, false).await;
    for number in 2..15 {
        raise(number, AlertKind::CallsRefused, true).await;
    }
    let numbers = |alerts: &[Alert]| -> Vec<usize> {
        let number = |alert: &Alert| alert.id.as_str()[6..].parse().expect("a number");
        alerts.iter().map(number).collect()
    };
    let expected: Vec<usize> = [1, 0].into_iter().chain((2..15).rev()).collect();
    for limit in [1, 2, 3, 14, 15, 50] {
        let (mut listed, mut place) = (Vec::new(), Place::default());
        loop {
            let page = op::page(&mut tx, &plan.id, place, limit).await;
            let (found, next) = page.expect("read");
            assert!(found.len() <= limit);
            listed.extend(found);
            match next {
                Some(next) => place = next,
                None => break,
            }
        }
        assert_eq!(numbers(&listed), expected, "{limit} at a time");
    }

    let page = op::page(&mut tx, &plan.id, Place::default(), 1).await;
    let (first, next) = page.expect("read");
    for alert in ["alert-00", "alert-01"] {
        let id = AlertId(alert.to_owned());
        assert!(alerts::clear(&mut tx, &id, NOW).await.expect("cleared"));
    }
    let page = op::page(&mut tx, &plan.id, next.expect("more"), 50).await;
    let (rest, _) = page.expect("read");
    let listed: Vec<usize> = [numbers(&first), numbers(&rest)].concat();
    let expected: Vec<usize> = [1].into_iter().chain((2..15).rev()).chain([0]).collect();
    assert_eq!(listed, expected);
}

/// Of two processes that look at the same time one raises the alert, and one takes it back.
pub(crate) async fn an_alert_is_raised_once_and_taken_back_once(database: Database) {
    let (plan, _) = database.tenant().await;
    let quiet = database.plan("Basil", Tier::Business).await;
    let mut tx = database.write().await;
    webhooks::put(
        &mut tx,
        &plan.id,
        "https://receiver.example/",
        &[7; 32],
        NOW,
    )
    .await
    .expect("set");
    tx.commit().await.expect("committed");
    let stores = [database.store.clone(), database.another_process().await];
    refused(&stores[0], plan.id.as_str(), Outcome::ScopeLacking, 49, NOW).await;
    let look = async |now: Timestamp| {
        let (one, other) = (Random::seeded(2), Random::seeded(3));
        let (first, second) = tokio::join!(
            op::watch(&stores[0], &one, now),
            op::watch(&stores[1], &other, now)
        );
        first.and(second).expect("looked");
    };
    look(NOW).await;
    assert_eq!(all(&database, &plan.id).await, []);
    refused(&stores[1], plan.id.as_str(), Outcome::ScopeLacking, 1, NOW).await;
    for after in [0, 1, 5] {
        look(NOW.saturating_add(after * SECOND)).await;
    }
    let found = all(&database, &plan.id).await;
    let [alert] = found.as_slice() else {
        panic!("one alert: {found:?}");
    };
    assert_eq!((alert.kind, alert.count), (AlertKind::ScopesLacking, 50));
    assert_eq!(alert.resource.as_deref(), Some("api.example/orders"));
    assert_eq!((alert.fired_at, alert.cleared_at), (NOW, None));
    let later = NOW.saturating_add(11 * MINUTE);
    look(later).await;
    look(later).await;
    let found = all(&database, &plan.id).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].cleared_at, Some(later));
    assert_eq!(all(&database, &quiet.id).await, []);
    // What was decided once is posted once.
    let mut posts = Vec::new();
    let mut tx = database.store.write_aside().await.expect("writes");
    while let Some(post) = webhooks::lease(&mut tx, "me", later, later.saturating_add(SECOND))
        .await
        .expect("leased")
    {
        posts.push(post.body);
        webhooks::taken(&mut tx, (&post.id, "me"))
            .await
            .expect("taken");
    }
    let kinds: Vec<bool> = posts
        .iter()
        .map(|body| body.contains("alert.fired"))
        .collect();
    assert_eq!(kinds, [true, false], "{posts:?}");
}

/// Whatever the causes were, what concerns one client, or one resource, is its sum.
pub(crate) async fn an_alert_names_what_most_of_it_concerned(database: Database) {
    let (plan, _) = database.tenant().await;
    let (causes, orders) = (
        [
            Outcome::RefreshUnknown,
            Outcome::RefreshEnded,
            Outcome::RefreshReplayed,
        ],
        "api.example/orders",
    );
    let refusals = [Outcome::Expired, Outcome::Revoked, Outcome::Unknown];
    let rule = Rule::new(10, 10, true).expect("a rule");
    let mut tx = database.write().await;
    let set = alerts::put_rule(&mut tx, &plan.id, AlertKind::CallsRefused, rule).await;
    set.expect("set");
    tx.commit().await.expect("committed");
    let (store, id) = (&database.store, plan.id.as_str());
    for outcome in causes {
        seen(store, id, (outcome, ("a", "refresh"), 4), NOW).await;
    }
    seen(store, id, (causes[0], ("b", "refresh"), 5), NOW).await;
    for (outcome, client) in refusals.into_iter().zip(["a", "b", "c"]) {
        seen(store, id, (outcome, (client, orders), 4), NOW).await;
    }
    seen(store, id, (refusals[0], ("d", "api.example/bills"), 5), NOW).await;
    let watched = op::watch(store, &database.random, NOW).await;
    watched.expect("looked");
    let found = all(&database, &plan.id).await;
    let of = |kind| {
        found
            .iter()
            .find(|alert| alert.kind == kind)
            .expect("raised")
    };
    let refreshes = of(AlertKind::RefreshFailing);
    assert_eq!(refreshes.client_id.as_deref(), Some("a"), "12 of 17");
    let calls = of(AlertKind::CallsRefused);
    let says = "17 calls with tokens that do not work came within 10 minutes, 12 of them to api.example/orders.";
    assert_eq!(calls.sentence, says);
    assert_eq!(calls.resource.as_deref(), Some(orders));
}

/// A rule that another version wrote keeps no other plan from being looked at.
pub(crate) async fn a_plan_that_cannot_be_read_keeps_no_other_one_waiting(database: Database) {
    let (plan, _) = database.tenant().await;
    let other = database.plan("Basil", Tier::Business).await;
    for plan in [&plan, &other] {
        refused(
            &database.store,
            plan.id.as_str(),
            Outcome::Expired,
            500,
            NOW,
        )
        .await;
    }
    for unknown in [&plan, &other] {
        let rule = "insert into alert_rules (plan_id, kind, threshold, minutes, is_on) values";
        let sql = format!("{rule} ('{}', 'of_tomorrow', 1, 1, 1)", unknown.id);
        database.raw(sql).await.expect("written");
        let watched = op::watch(&database.store, &database.random, NOW).await;
        assert!(watched.is_err_and(|error| !error.is_unavailable()));
        let sql = "delete from alert_rules where kind = 'of_tomorrow'";
        database.raw(sql).await.expect("gone");
    }
    for plan in [&plan, &other] {
        assert_eq!(all(&database, &plan.id).await.len(), 1);
    }
    database.store.close().await;
    let watched = op::watch(&database.store, &database.random, NOW).await;
    assert!(watched.is_err_and(|error| error.is_unavailable()));
}

/// A window of a day is summed up from hours, and counts to the minute all the same.
pub(crate) async fn a_long_window_counts_to_the_minute(database: Database) {
    let (plan, _) = database.tenant().await;
    let (store, id) = (&database.store, plan.id.as_str());
    let rule = Rule::new(1_000_000, 24 * 60, true).expect("a rule");
    let first = rule.since(NOW);
    let mut tx = database.write().await;
    assert_eq!(alerts::longest(&mut tx).await.expect("read"), 0);
    let set = alerts::put_rule(&mut tx, &plan.id, AlertKind::CallsRefused, rule).await;
    set.expect("set");
    assert_eq!(alerts::longest(&mut tx).await.expect("read"), 24 * 60);
    tx.commit().await.expect("committed");
    assert_ne!(first.as_millis() % HOUR, 0, "it begins within an hour");
    // In the minute before it, in its first one, at the first hour, later, and now.
    let hour = first.as_millis() + HOUR - first.as_millis() % HOUR;
    let hour = Timestamp::from_millis(hour);
    let calls = [
        (first.saturating_add(-1), 1),
        (first, 10),
        (hour.saturating_add(-1), 100),
        (hour, 1_000),
        (hour.saturating_add(9 * HOUR), 10_000),
        (NOW, 100_000),
    ];
    for (at, calls) in calls {
        refused(store, id, Outcome::Expired, calls, at).await;
    }
    let mut tx = database.read().await;
    let seen = alerts::seen(&mut tx, &plan.id, first).await.expect("read");
    assert_eq!(seen, [(Outcome::Expired, 111_110)]);
    let totals = alerts::totals(&mut tx, &plan.id, first).await;
    let totals: Vec<_> = totals.expect("read").iter().map(|it| it.calls).collect();
    assert_eq!(totals, [111_110]);
    let short = alerts::seen(&mut tx, &plan.id, NOW.saturating_add(-MINUTE)).await;
    assert_eq!(short.expect("read"), [(Outcome::Expired, 100_000)]);
    // Whose calls were seen a day ago is looked at while somebody's window is that long.
    let watched = async |tx: &mut _, since| alerts::watched(tx, since).await.expect("read");
    assert_eq!(
        watched(&mut tx, first).await,
        std::slice::from_ref(&plan.id)
    );
    let other = database.plan("Basil", Tier::Business).await;
    let long_ago = NOW.saturating_add(-20 * HOUR);
    refused(store, other.id.as_str(), Outcome::Expired, 1, long_ago).await;
    let mut tx = database.read().await;
    assert_eq!(
        watched(&mut tx, NOW.saturating_add(-HOUR)).await,
        std::slice::from_ref(&plan.id)
    );
    let mut both = watched(&mut tx, first).await;
    both.sort_unstable();
    let mut expected = [plan.id.clone(), other.id.clone()];
    expected.sort_unstable();
    assert_eq!(both, expected);
}
