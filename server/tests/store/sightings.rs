//! What was seen of tokens, as it is kept: counts add up, callers and refused calls are found, and all of it is
//! forgotten in time.

use std::time::Duration;

use tenure_domain::{
    impact::day_of,
    time::{DAY, HOUR, MINUTE, Timestamp},
    wire::auth_health::Outcome,
};
use tenure_server::{
    sightings,
    store::{
        Tx,
        auth_counts::{self, Asked, Count, Filter, Kind},
        dead_token_calls::{self, DeadCalls},
        refusals::{self, Refusal},
        token_callers::{self, Call, Caller},
        tokens::Token,
    },
};

use crate::support::{Database, NOW};

fn count(plan: &str, width: i64, resource: usize, calls: u64) -> Count {
    Count {
        plan: plan.to_owned(),
        width,
        start: counts_start(width),
        outcome: Outcome::Works,
        resource: format!("api.example/{resource}"),
        client: String::new(),
        scope: String::new(),
        calls,
    }
}

fn counts_start(width: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() - NOW.as_millis() % width)
}

fn kind(resource: usize, calls: u64) -> Kind {
    Kind {
        outcome: Outcome::Works,
        resource: format!("api.example/{resource}"),
        client: String::new(),
        scope: String::new(),
        calls,
    }
}

fn asked<'a>(plan: &'a str, width: i64, span: [Timestamp; 2], filter: &'a Filter) -> Asked<'a> {
    Asked {
        plan,
        and_nobodys: false,
        width,
        span,
        filter,
    }
}

pub(crate) fn caller(token: &Token, address: &str, calls: u64, at: Timestamp) -> Caller {
    Caller {
        token: token.id.clone(),
        plan: token.plan.clone(),
        day: day_of(at),
        call: Call {
            address: address.to_owned(),
            network: "192.0.2.0/24".to_owned(),
            agent: "curl/8".to_owned(),
            resource: "api.example/orders".to_owned(),
        },
        calls,
        refused: 1,
        denied: 0,
        first_at: at,
        last_at: at,
    }
}

fn dead(token: &Token, outcome: Outcome, calls: u64, at: Timestamp) -> DeadCalls {
    DeadCalls {
        plan: token.plan.clone(),
        token: token.id.clone(),
        outcome,
        calls,
        first_at: at,
        last_at: at,
    }
}

pub(crate) fn refusal(request: &str, token: Option<&Token>, at: Timestamp) -> Refusal {
    Refusal {
        request: request.to_owned(),
        at,
        outcome: token.map_or(Outcome::Malformed, |_| Outcome::Revoked),
        plan: token.map(|token| token.plan.clone()),
        token: token.map(|token| token.id.clone()),
        client: None,
        scope: String::new(),
        resource: "other".to_owned(),
        since: token.map(|_| NOW),
    }
}

pub(crate) async fn aside(database: &Database) -> Tx {
    database.store.write_aside().await.expect("writes")
}

/// Of two processes that count the same, both count; more than one statement's rows are all written.
pub(crate) async fn counts_of_several_processes_add_up(database: Database) {
    let (plan, _) = database.tenant().await;
    let counts: Vec<Count> = [MINUTE, HOUR]
        .into_iter()
        .flat_map(|width| (0..11).map(move |resource| (width, resource)))
        .map(|(width, resource)| count(plan.id.as_str(), width, resource, 2))
        .collect();
    let hour = Timestamp::from_millis(NOW.as_millis() - NOW.as_millis() % HOUR);
    for store in [database.store.clone(), database.another_process().await] {
        let mut tx = store.write_aside().await.expect("writes");
        auth_counts::add(&mut tx, &counts).await.expect("added");
        let ages = [(plan.id.0.clone(), hour, 3, 5)];
        auth_counts::add_ages(&mut tx, &ages).await.expect("added");
        tx.commit().await.expect("committed");
    }
    let mut tx = database.read().await;
    let span = [hour, hour.saturating_add(HOUR)];
    for width in [MINUTE, HOUR] {
        let filter = Filter::default();
        let asked = asked(&plan.id.0, width, span, &filter);
        let mut found = auth_counts::kinds(&mut tx, asked, 100).await.expect("read");
        found.sort();
        let mut wanted: Vec<Kind> = (0..11).map(|resource| kind(resource, 4)).collect();
        wanted.sort();
        assert_eq!(found, wanted);
        let points = auth_counts::points(&mut tx, asked).await.expect("read");
        assert_eq!(points, [(counts_start(width), Outcome::Works, 44)]);
    }
    let ages = auth_counts::ages(&mut tx, plan.id.as_str(), span).await;
    assert_eq!(ages.expect("read"), [(3, 10)]);
}

/// The callers of a token add up by day, and the latest stay.
pub(crate) async fn callers_add_up_and_the_latest_stay(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    let later = NOW.saturating_add(MINUTE);
    let mut tx = aside(&database).await;
    let seen = [
        caller(&token, "192.0.2.1", 2, later),
        caller(&other, "192.0.2.1", 1, NOW),
    ];
    token_callers::add(&mut tx, &seen).await.expect("added");
    let seen = [
        caller(&token, "192.0.2.1", 3, NOW),
        caller(&token, "192.0.2.2", 1, NOW),
    ];
    let mut written = token_callers::add(&mut tx, &seen).await.expect("added");
    written.sort();
    // For both, the first time: that of the one that was there before is the earlier of the two.
    assert_eq!(written, [(token.id.clone(), NOW), (token.id.clone(), NOW)]);
    tx.commit().await.expect("committed");

    let mut tx = aside(&database).await;
    let all = token_callers::of_token(&mut tx, &token.id, NOW, 10).await;
    let mut first = caller(&token, "192.0.2.1", 5, NOW);
    (first.refused, first.last_at) = (2, later);
    assert_eq!(
        all.expect("read"),
        [first.clone(), caller(&token, "192.0.2.2", 1, NOW)]
    );
    let since = token_callers::of_token(&mut tx, &token.id, later, 10).await;
    assert_eq!(since.expect("read"), [first.clone()]);
    token_callers::keep_latest(&mut tx, &token.id, 1)
        .await
        .expect("kept");
    let latest = token_callers::of_token(&mut tx, &token.id, NOW, 10).await;
    assert_eq!(latest.expect("read"), [first]);
    let others = token_callers::of_token(&mut tx, &other.id, NOW, 10).await;
    assert_eq!(others.expect("read").len(), 1);
}

/// Dead tokens that are presented add up, and tell what their callers heard last.
pub(crate) async fn calls_with_dead_tokens_add_up(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let later = NOW.saturating_add(MINUTE);
    let mut tx = aside(&database).await;
    for seen in [
        dead(&token, Outcome::Expired, 3, later),
        dead(&token, Outcome::Revoked, 2, NOW),
    ] {
        dead_token_calls::add(&mut tx, &[seen])
            .await
            .expect("added");
    }
    let found = dead_token_calls::of_plan(&mut tx, &plan.id, later, 10).await;
    let wanted = DeadCalls {
        first_at: NOW,
        ..dead(&token, Outcome::Expired, 5, later)
    };
    assert_eq!(found.expect("read"), [wanted]);
    let after = later.saturating_add(1);
    let found = dead_token_calls::of_plan(&mut tx, &plan.id, after, 10).await;
    assert_eq!(found.expect("read"), []);
}

/// What is filtered for is found, and what is nobody's where it is asked for.
pub(crate) async fn counts_are_filtered(database: Database) {
    let (plan, _) = database.tenant().await;
    let id = plan.id.as_str();
    let mut counts = [
        count(id, MINUTE, 1, 1),
        count(id, MINUTE, 2, 2),
        count("", MINUTE, 3, 4),
    ];
    counts[1].client = "app".to_owned();
    counts[1].outcome = Outcome::Revoked;
    let mut tx = aside(&database).await;
    auth_counts::add(&mut tx, &counts).await.expect("added");
    tx.commit().await.expect("committed");
    let resource = Some("api.example/1".to_owned());
    let filters = [
        (Filter::default(), 7),
        (
            Filter {
                outcome: Some(Outcome::Revoked),
                ..Filter::default()
            },
            2,
        ),
        (
            Filter {
                resource,
                ..Filter::default()
            },
            1,
        ),
        (
            Filter {
                client: Some("app".to_owned()),
                ..Filter::default()
            },
            2,
        ),
        (
            Filter {
                client: Some(String::new()),
                ..Filter::default()
            },
            5,
        ),
    ];
    let span = [counts_start(MINUTE), NOW.saturating_add(1)];
    let mut tx = database.read().await;
    for (filter, calls) in filters {
        let asked = Asked {
            and_nobodys: true,
            ..asked(id, MINUTE, span, &filter)
        };
        let kinds = auth_counts::kinds(&mut tx, asked, 10).await.expect("read");
        assert_eq!(
            kinds.iter().map(|kind| kind.calls).sum::<u64>(),
            calls,
            "{filter:?}"
        );
        let points = auth_counts::points(&mut tx, asked).await.expect("read");
        assert_eq!(points.iter().map(|(_, _, calls)| calls).sum::<u64>(), calls);
    }
    let none = Filter::default();
    let own = auth_counts::kinds(&mut tx, asked(id, MINUTE, span, &none), 1).await;
    assert_eq!(own.expect("read").len(), 1);
}

/// A span is summed up from whole days and hours, and its ends from narrower steps.
pub(crate) async fn a_span_is_summed_up_from_the_widest_steps(database: Database) {
    let (plan, _) = database.tenant().await;
    let id = plan.id.as_str();
    let day = day_of(NOW);
    let at = |width: i64, hours: i64, resource| Count {
        start: day.saturating_add(hours * HOUR),
        ..count(id, width, resource, 1)
    };
    // The same calls by hour and by day, under other names: so it shows which of them were read.
    let mut counts: Vec<Count> = (0..72)
        .map(|hour| at(HOUR, hour, usize::try_from(hour).expect("small")))
        .collect();
    counts.extend((0..3).map(|number| at(DAY, 24 * number, 100)));
    counts.extend((0..3).map(|hour| at(MINUTE, hour, 200)));
    let mut tx = aside(&database).await;
    auth_counts::add(&mut tx, &counts).await.expect("added");
    tx.commit().await.expect("committed");

    let mut tx = database.read().await;
    let filter = Filter::default();
    let mut read = async |width, from: i64, to: i64| {
        let span = [from, to].map(|minutes| day.saturating_add(minutes * MINUTE));
        let asked = asked(id, width, span, &filter);
        let kinds = auth_counts::kinds_in_parts(&mut tx, asked, 100).await;
        let mut kinds = kinds.expect("read");
        kinds.sort();
        kinds
    };
    let wanted = [22, 23, 48, 49].map(|hour| kind(hour, 1));
    let [late, later, early, earlier] = wanted;
    let mut wanted = vec![kind(100, 1), late, later, early, earlier];
    wanted.sort();
    assert_eq!(read(HOUR, 22 * 60, 50 * 60).await, wanted);
    assert_eq!(read(HOUR, 0, 48 * 60).await, [kind(100, 2)]);
    assert_eq!(read(HOUR, 5 * 60, 6 * 60).await, [kind(5, 1)]);
    assert_eq!(read(MINUTE, 0, 2 * 60 + 1).await, {
        let mut wanted = vec![kind(0, 1), kind(1, 1), kind(200, 1)];
        wanted.sort();
        wanted
    });
    assert_eq!(read(MINUTE, 1, 59).await, []);
}

/// Minutes and refused calls are kept for a day, everything else for 90.
pub(crate) async fn what_was_seen_is_forgotten_in_time(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let id = plan.id.as_str();
    let mut tx = aside(&database).await;
    let counts = [count(id, MINUTE, 1, 1), count(id, HOUR, 1, 1)];
    auth_counts::add(&mut tx, &counts).await.expect("added");
    let hour = counts[1].start;
    let ages = [(plan.id.0.clone(), hour, 10, 1)];
    auth_counts::add_ages(&mut tx, &ages).await.expect("added");
    token_callers::add(&mut tx, &[caller(&token, "", 1, NOW)])
        .await
        .expect("added");
    let seen = [dead(&token, Outcome::Revoked, 1, NOW)];
    dead_token_calls::add(&mut tx, &seen).await.expect("added");
    let kept = [refusal("r-1", Some(&token), NOW)];
    refusals::insert(&mut tx, &kept).await.expect("kept");
    tx.commit().await.expect("committed");

    let left = async || {
        let mut tx = database.read().await;
        let span = [hour, NOW.saturating_add(1)];
        let filter = Filter::default();
        let mut counted = Vec::new();
        for width in [MINUTE, HOUR] {
            let points = auth_counts::points(&mut tx, asked(id, width, span, &filter)).await;
            counted.push(points.expect("read").len());
        }
        let ages = auth_counts::ages(&mut tx, id, span).await.expect("read");
        let callers = token_callers::of_token(&mut tx, &token.id, NOW, 1)
            .await
            .expect("read");
        let dead = dead_token_calls::of_plan(&mut tx, &plan.id, NOW, 1)
            .await
            .expect("read");
        let refused = refusals::by_request(&mut tx, "r-1", &plan.id, 1)
            .await
            .expect("read");
        [
            counted[0],
            refused.len(),
            counted[1],
            ages.len(),
            callers.len(),
            dead.len(),
        ]
    };
    let day = Duration::from_millis(DAY.unsigned_abs());
    let minute = Duration::from_millis(MINUTE.unsigned_abs());
    for (passed, wanted) in [
        (day - minute, [1, 1, 1, 1, 1, 1]),
        (minute * 2, [0, 0, 1, 1, 1, 1]),
        (day * 88, [0, 0, 1, 1, 1, 1]),
        (day * 2, [0, 0, 0, 0, 0, 0]),
    ] {
        database.clock.advance(passed);
        sightings::forget(&database.store, database.clock.now())
            .await
            .expect("forgotten");
        assert_eq!(left().await, wanted, "{passed:?}");
    }
}
