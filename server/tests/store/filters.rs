//! The store's filters against the domain's one deciding function, around every expiry.

use tenure_domain::{
    period::{Period, Unit},
    policy::{History, PolicyVersion},
    time::{DAY, Timestamp},
    token::{Expiry, Verdict, verdict},
};
use tenure_server::{
    clock::Clock,
    store::tokens::{self, Position, Token},
};

use crate::support::{Database, period};

/// Creation instants at which calendars are difficult, and their neighbours.
const CREATED: [&str; 6] = [
    "2024-01-31T00:00:00.000Z",
    "2024-01-31T23:59:59.999Z",
    "2024-02-01T00:00:00.000Z",
    "2024-02-29T12:00:00.000Z",
    "2024-03-01T00:00:00.000Z",
    "2024-03-31T08:15:00.001Z",
];

fn periods() -> [Period; 5] {
    [
        period(1, Unit::Minutes),
        period(36, Unit::Hours),
        period(30, Unit::Days),
        period(1, Unit::Months),
        period(1, Unit::Years),
    ]
}

fn under(period: Period) -> History {
    let version = PolicyVersion {
        period: Some(period),
        ..PolicyVersion::initial(Timestamp::MIN)
    };
    History::new(vec![version]).expect("a version")
}

async fn tokens_of_every_instant(database: &mut Database) -> Vec<Token> {
    database.clock = Clock::mock("2023-12-01T00:00:00Z".parse().expect("an instant"));
    let (plan, ada) = database.tenant().await;
    let mut made = Vec::new();
    for (number, created) in CREATED.iter().enumerate() {
        database.clock.set(created.parse().expect("an instant"));
        let (token, _) = database.token(&plan.id, &ada.id, created).await;
        made.push(token);
        let (other, _) = database.token(&plan.id, &ada.id, "revoked").await;
        if number % 2 == 0 {
            database.advance(DAY);
        }
        made.push(database.revoke(&other).await);
    }
    made
}

/// Just before, at, and just after each expiry.
fn instants(made: &[Token], period: Period) -> Vec<Timestamp> {
    made.iter()
        .filter_map(|token| Expiry::of(Some(period), token.facts.created_at).instant())
        .flat_map(|expiry| [-1, 0, 1].map(|millis| expiry.saturating_add(millis)))
        .collect()
}

pub(crate) async fn working_and_ended_agree_with_the_domain(mut database: Database) {
    let made = tokens_of_every_instant(&mut database).await;
    let (plan, owner) = (&made[0].plan, &made[0].owner);
    for period in periods() {
        let history = under(period);
        for now in instants(&made, period) {
            let mut tx = database.read().await;
            let dead_before = history.current().dead_before_at(now);
            let after = Position::before(dead_before);
            let working = tokens::working_page(&mut tx, owner, plan, &after, 100).await;
            let mut working = working.expect("a page");
            let below = Position::before(Timestamp::MAX);
            let ended = tokens::ended_page(&mut tx, owner, plan, dead_before, &below, 100).await;
            let mut ended = ended.expect("a page");
            let is_dead =
                |token: &&Token| matches!(verdict(&token.facts, &history, now), Verdict::Dead(_));
            let mut dead: Vec<_> = made.iter().filter(is_dead).cloned().collect();
            let mut alive: Vec<_> = made
                .iter()
                .filter(|token| !is_dead(token))
                .cloned()
                .collect();
            for list in [&mut working, &mut ended, &mut dead, &mut alive] {
                list.sort_by_key(Position::of);
            }
            assert_eq!(ended, dead, "{period} at {now}");
            assert_eq!(working, alive, "{period} at {now}");
        }
    }
}

pub(crate) async fn counted_expiries_agree_with_the_domain(mut database: Database) {
    let made = tokens_of_every_instant(&mut database).await;
    for period in periods() {
        let history = under(period);
        for now in instants(&made, period) {
            let expired = made
                .iter()
                .filter(|token| token.facts.revoked.is_none())
                .filter(|token| matches!(verdict(&token.facts, &history, now), Verdict::Dead(_)))
                .count();
            let before = history.current().dead_before_at(now);
            let mut tx = database.read().await;
            let counted =
                tokens::count_expired(&mut tx, &made[0].plan, Timestamp::MIN, before).await;
            assert_eq!(
                counted.expect("counted"),
                i64::try_from(expired).expect("few"),
                "{period} at {now}"
            );
        }
    }
}
