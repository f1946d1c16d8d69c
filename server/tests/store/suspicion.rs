//! What rules found of tokens, kept and reviewed, and the calls that they go by (R11).

use tenure_domain::{
    id::{FindingId, NoticeId, TokenId},
    notice::{Due, NoticeKind},
    plan::Tier,
    suspicion::{
        Denial, Finding, Rule, Sighting,
        review::{Kept, OPEN_AT_MOST, suspicious_since},
        two_networks,
    },
    time::{DAY, HOUR, MINUTE, Timestamp},
    token::{Status, status},
    wire::{auth_health::Outcome, life::CallDay},
};
use tenure_server::{
    ops::{Actor, suspicion},
    random::Random,
    store::{
        Store,
        notices::{self, Addressee, NewNotice, ledger},
        refusals::{self, Refusal},
        token_callers::{self, Call, Caller},
        token_calls, token_findings,
        tokens::{self, Token},
    },
};

use crate::support::{Database, NOW};

/// It was used here and there within a minute, and the second use was now.
fn networks(here: &str, there: &str, now: Timestamp) -> Finding {
    let seen = |from: &str, at| Sighting {
        at,
        from: from.parse().expect("an address"),
    };
    let found = two_networks(&[seen(here, now.saturating_add(-MINUTE))], seen(there, now));
    found.expect("two networks")
}

async fn keep(store: &Store, random: &Random, token: &Token, found: &Finding) {
    let mut tx = store.write().await.expect("writes");
    let whose = (&token.plan, &token.id);
    suspicion::keep(&mut tx, random, found.at, whose, found)
        .await
        .expect("kept");
    tx.commit().await.expect("committed");
}

async fn findings(database: &Database, token: &TokenId) -> Vec<token_findings::Finding> {
    let found = token_findings::of_token(&mut database.read().await, token).await;
    found.expect("read")
}

/// The token as it is kept now; what colours it is what the domain says of its findings.
async fn kept(database: &Database, id: &TokenId) -> Token {
    let token = tokens::get(&mut database.read().await, id).await;
    let token = token.expect("read").expect("a token");
    let found = findings(database, id).await;
    let found: Vec<Kept> = found.into_iter().map(|finding| finding.kept).collect();
    assert_eq!(token.facts.suspicious_since, suspicious_since(&found));
    token
}

async fn review(database: &Database, token: &Token, by: &Actor, ids: &[FindingId]) -> bool {
    let mut tx = database.write().await;
    let now = database.clock.now();
    let reviewed = suspicion::review(&mut tx, now, by, token, ids).await;
    tx.commit().await.expect("committed");
    reviewed.expect("reviewed")
}

pub(crate) async fn a_finding_colours_the_token_until_it_is_reviewed(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (store, random) = (&database.store, &database.random);
    let actor = Actor::user(ada.id.clone());
    let first = networks("203.0.113.7", "198.51.100.7", NOW);
    keep(store, random, &token, &first).await;
    let yellow = kept(&database, &token.id).await;
    assert_eq!(yellow.facts.suspicious_since, Some(NOW));
    let history = database.history(&plan.id).await;
    assert_eq!(status(&yellow.facts, &history, NOW), Status::Suspicious);
    let [found] = &findings(&database, &token.id).await[..] else {
        panic!("one finding");
    };
    assert_eq!(found.evidence, first.evidence);
    assert_eq!((found.kept.rule, found.last_at), (Rule::TwoNetworks, NOW));

    // The same again, the other way round, is noted once in a while.
    for (later, last_at) in [(9 * MINUTE, NOW), (HOUR, NOW.saturating_add(HOUR))] {
        let again = networks("198.51.100.9", "203.0.113.1", NOW.saturating_add(later));
        keep(store, random, &token, &again).await;
        let [found] = &findings(&database, &token.id).await[..] else {
            panic!("one finding");
        };
        assert_eq!(found.last_at, last_at);
    }
    let elsewhere = networks("203.0.113.7", "192.0.2.1", NOW.saturating_add(2 * HOUR));
    keep(store, random, &token, &elsewhere).await;
    let all = findings(&database, &token.id).await;
    let ids: Vec<_> = all.iter().map(|found| found.id.clone()).collect();
    assert_eq!(ids.len(), 2, "the latest first");

    assert!(review(&database, &token, &actor, &ids[1..]).await);
    let yellow = kept(&database, &token.id).await.facts;
    assert_eq!(yellow.suspicious_since, Some(elsewhere.at), "one waits");
    assert!(!review(&database, &token, &actor, &ids[1..]).await, "once");
    database.advance(DAY);
    assert!(review(&database, &token, &actor, &ids).await);
    let all = findings(&database, &token.id).await;
    let reviews = all.iter().map(|found| {
        let review = found.review.clone().expect("reviewed");
        (review.at, review.by)
    });
    let by = ada.reference();
    let expected = [(NOW.saturating_add(DAY), by.clone()), (NOW, by)];
    assert_eq!(reviews.collect::<Vec<_>>(), expected);

    let again = networks("203.0.113.7", "198.51.100.7", NOW.saturating_add(2 * DAY));
    keep(store, random, &token, &again).await;
    assert_eq!(
        kept(&database, &token.id).await.facts.suspicious_since,
        None
    );
    let new = networks("203.0.113.7", "203.0.114.1", NOW.saturating_add(2 * DAY));
    keep(store, random, &token, &new).await;
    let yellow = kept(&database, &token.id).await.facts;
    assert_eq!(yellow.suspicious_since, Some(new.at));
}

pub(crate) async fn what_two_processes_find_is_kept_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let other = database.another_process().await;
    let found = networks("203.0.113.7", "198.51.100.7", NOW);
    let turned = networks("198.51.100.7", "203.0.113.7", NOW);
    let random = Random::seeded(9);
    tokio::join!(
        keep(&database.store, &database.random, &token, &found),
        keep(&other, &random, &token, &turned),
    );
    assert_eq!(findings(&database, &token.id).await.len(), 1);
    let logged = "select count(*) from audit_events where action = 'token_suspected'";
    assert_eq!(database.number(logged).await, 1);
    other.close().await;
}

pub(crate) async fn whoever_calls_from_everywhere_does_not_fill_the_database(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (store, random) = (&database.store, &database.random);
    for n in 0..OPEN_AT_MOST + 5 {
        let there = format!("198.51.{n}.7");
        keep(store, random, &token, &networks("203.0.113.7", &there, NOW)).await;
    }
    let found = findings(&database, &token.id).await;
    assert_eq!(found.len(), OPEN_AT_MOST);
}

/// Whichever is first, what waits colours the token.
pub(crate) async fn a_review_and_a_finding_do_not_lose_each_other(database: Database) {
    let (plan, ada) = database.tenant().await;
    let other = database.another_process().await;
    let (random, actor) = (Random::seeded(9), Actor::user(ada.id.clone()));
    for _ in 0..5 {
        let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
        let first = networks("203.0.113.7", "198.51.100.7", NOW);
        keep(&database.store, &database.random, &token, &first).await;
        let ids = [findings(&database, &token.id).await[0].id.clone()];
        let second = networks("203.0.113.7", "192.0.2.1", NOW.saturating_add(1));
        tokio::join!(
            review(&database, &token, &actor, &ids),
            keep(&other, &random, &token, &second),
        );
        let yellow = kept(&database, &token.id).await.facts;
        assert_eq!(yellow.suspicious_since, Some(second.at));
    }
    other.close().await;
}

fn call(address: &str, network: &str, resource: &str) -> Call {
    Call {
        address: address.to_owned(),
        network: network.to_owned(),
        agent: "curl/8".to_owned(),
        resource: resource.to_owned(),
    }
}

/// So many calls, of which so many were refused, between two instants of a day.
fn caller(token: &Token, call: Call, (calls, refused): (u64, u64), from: i64, to: i64) -> Caller {
    Caller {
        plan: token.plan.clone(),
        token: token.id.clone(),
        day: NOW.saturating_add(from).start_of_day(),
        call,
        calls,
        refused,
        denied: 0,
        first_at: NOW.saturating_add(from),
        last_at: NOW.saturating_add(to),
    }
}

trait Day {
    fn start_of_day(self) -> Timestamp;
}

impl Day for Timestamp {
    fn start_of_day(self) -> Timestamp {
        let millis = self.as_millis();
        Timestamp::from_millis(millis - millis.rem_euclid(DAY))
    }
}

const HOME: &str = "203.0.113.0/24";
const AWAY: &str = "198.51.100.0/24";

async fn add(database: &Database, callers: &[Caller]) {
    let mut tx = database.write().await;
    token_callers::add(&mut tx, callers).await.expect("added");
    tx.commit().await.expect("committed");
}

pub(crate) async fn calls_are_summed_by_caller_and_by_day(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    let home = call("203.0.113.7", HOME, "api/orders");
    let away = call("198.51.100.7", AWAY, "api/orders");
    add(
        &database,
        &[
            caller(&token, home.clone(), (3, 0), -2 * DAY, -2 * DAY + HOUR),
            caller(&token, home.clone(), (4, 1), -DAY, -DAY),
            caller(&token, away.clone(), (9, 9), -DAY, HOUR - DAY),
            caller(&other, home.clone(), (100, 0), 0, 0),
        ],
    )
    .await;
    let mut tx = database.read().await;
    let summed = token_calls::summed(&mut tx, &token.id, 10)
        .await
        .expect("read");
    let told: Vec<_> = summed
        .iter()
        .map(|it| (&it.call, it.calls, it.refused, it.first_at, it.last_at))
        .collect();
    let at = |millis| NOW.saturating_add(millis);
    assert_eq!(
        told,
        [
            (&away, 9, 9, at(-DAY), at(HOUR - DAY)),
            (&home, 7, 1, at(-2 * DAY), at(-DAY)),
        ]
    );
    let one = token_calls::summed(&mut tx, &token.id, 1)
        .await
        .expect("read");
    assert_eq!(one, summed[..1]);
    let days = token_calls::by_day(&mut tx, &token.id, 10)
        .await
        .expect("read");
    let day = |millis, calls, refused| CallDay {
        day: at(millis).start_of_day(),
        calls,
        refused,
        denied: 0,
    };
    assert_eq!(days, [day(-DAY, 13, 10), day(-2 * DAY, 3, 0)]);
}

pub(crate) async fn a_token_on_the_move_is_seen_in_two_networks(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (here, _) = database.token(&plan.id, &ada.id, "here").await;
    let (moves, _) = database.token(&plan.id, &ada.id, "moves").await;
    let (asked, _) = database.token(&plan.id, &ada.id, "asked").await;
    let (dead, _) = database.token(&plan.id, &ada.id, "dead").await;
    let home = || call("203.0.113.7", HOME, "api/orders");
    let away = || call("198.51.100.7", AWAY, "tenure");
    add(
        &database,
        &[
            caller(&here, home(), (1, 0), 0, 0),
            caller(&here, call("203.0.113.8", HOME, "tenure"), (1, 0), 0, 0),
            caller(&moves, home(), (2, 0), -MINUTE, -1),
            caller(&moves, away(), (1, 0), 0, 0),
            caller(&asked, home(), (1, 0), 0, 0),
            // A resource server's address is not the holder's, and a refresh is no use.
            caller(&asked, call("198.51.100.7", AWAY, "client:x"), (1, 0), 0, 0),
            caller(&asked, call("198.51.100.8", AWAY, "refresh"), (1, 0), 0, 0),
            caller(&dead, home(), (1, 0), 0, 0),
            caller(&dead, away(), (5, 5), 0, 0),
        ],
    )
    .await;
    let ids = [&here, &moves, &asked, &dead].map(|token| token.id.clone());
    let mut tx = database.read().await;
    let found = token_calls::on_the_move(&mut tx, &ids, NOW.saturating_add(-HOUR)).await;
    assert_eq!(found.expect("read"), std::slice::from_ref(&moves.id));
    let late = token_calls::on_the_move(&mut tx, &ids, NOW.saturating_add(1)).await;
    assert_eq!(late.expect("read"), []);
    let seen = token_calls::seen(&mut tx, &moves.id, NOW.saturating_add(-HOUR)).await;
    let sighting = |from: &str, millis| Sighting {
        at: NOW.saturating_add(millis),
        from: from.parse().expect("an address"),
    };
    let (one, other) = ("198.51.100.7", "203.0.113.7");
    assert_eq!(
        seen.expect("read"),
        [
            sighting(one, 0),
            sighting(one, 0),
            sighting(other, -1),
            sighting(other, -MINUTE)
        ]
    );
}

pub(crate) async fn what_was_refused_for_scope_is_found_by_token(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    let refusal = |request: &str, token: &Token, outcome, millis: i64| Refusal {
        request: request.to_owned(),
        at: NOW.saturating_add(millis),
        outcome,
        plan: Some(plan.id.clone()),
        token: Some(token.id.clone()),
        client: None,
        scope: "orders:write".to_owned(),
        resource: format!("api/{request}"),
        since: None,
    };
    let mut tx = database.write().await;
    refusals::insert(
        &mut tx,
        &[
            refusal("late", &token, Outcome::ScopeLacking, 0),
            refusal("then", &token, Outcome::ScopeLacking, -MINUTE),
            refusal("long ago", &token, Outcome::ScopeLacking, -HOUR),
            refusal("dead", &token, Outcome::Expired, 0),
            refusal("theirs", &other, Outcome::ScopeLacking, 0),
        ],
    )
    .await
    .expect("kept");
    let denied = token_calls::denied(&mut tx, &token.id, NOW.saturating_add(-MINUTE)).await;
    let denial = |request: &str, millis| Denial {
        at: NOW.saturating_add(millis),
        resource: format!("api/{request}"),
        scope: "orders:write".to_owned(),
    };
    assert_eq!(
        denied.expect("read"),
        [denial("late", 0), denial("then", -MINUTE)]
    );
}

pub(crate) async fn the_mails_about_a_token_are_found(database: Database) {
    let (plan, ada) = database.tenant().await;
    let cumin = database.plan("Cumin", Tier::Business).await;
    let (token, _) = database.token(&plan.id, &ada.id, "ci").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    let mut tx = database.write().await;
    for (id, about) in [("n1", &token), ("n2", &other)] {
        let id = NoticeId(id.to_owned());
        let new = NewNotice {
            id: id.clone(),
            to: &Addressee::Owner(ada.id.clone()),
            kind: NoticeKind::Digest,
            key: id.as_str(),
            details: "{}",
            created_at: NOW,
            due_at: NOW,
        };
        notices::insert(&mut tx, &new).await.expect("queued");
        notices::add_tokens(&mut tx, &id, &plan.id, 1)
            .await
            .expect("counted");
        let due = Due {
            expiry: NOW.saturating_add(DAY),
            token: about.id.clone(),
        };
        let told = notices::tell(&mut tx, (&id, NoticeKind::Digest), &plan.id, &due).await;
        assert!(told.expect("told"));
    }
    let found = ledger::of_token(&mut tx, &plan.id, &token.id, 10).await;
    let found: Vec<_> = found.expect("read").into_iter().map(|it| it.id.0).collect();
    assert_eq!(found, ["n1"]);
    let theirs = ledger::of_token(&mut tx, &cumin.id, &token.id, 10).await;
    assert_eq!(theirs.expect("read"), []);
}
