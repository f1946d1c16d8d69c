//! The store's filters against the domain's one deciding function, around every expiry.

use tenure_domain::{
    period::{Period, Unit},
    policy::{History, PolicyVersion},
    time::{DAY, HOUR, MINUTE, Timestamp},
    token::{End, Expiry, Verdict, verdict},
};
use tenure_server::{
    clock::Clock,
    ops::sweep,
    store::{
        plans::Plan,
        policies,
        tokens::{self, Position, Token},
        users::User,
    },
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
            let marks = history.watermarks_at(now);
            let after = Position::before(Timestamp::MIN);
            let working = tokens::working_page(&mut tx, owner, plan, marks, &after, 100).await;
            let mut working = working.expect("a page");
            let below = Position::before(Timestamp::MAX);
            let ended = tokens::ended_page(&mut tx, owner, plan, marks, &below, 100).await;
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
            let marks = history.watermarks_at(now);
            let mut tx = database.read().await;
            let span = (Timestamp::MIN, marks.dead_before);
            let counted =
                tokens::count_expired(&mut tx, &made[0].plan, span, marks.idle_before).await;
            assert_eq!(
                counted.expect("counted"),
                i64::try_from(expired).expect("few"),
                "{period} at {now}"
            );
        }
    }
}

/// Tokens of every instant; of each instant one that works on, one that was rotated with an overlap, and
/// one that a client holds. The oldest is as old as the plan.
async fn tokens_of_every_kind(database: &mut Database) -> (Plan, User, Vec<Token>) {
    database.clock = Clock::mock("2023-12-01T00:00:00Z".parse().expect("an instant"));
    let (plan, ada) = database.tenant().await;
    let mut made = Vec::new();
    for created in CREATED {
        database.clock.set(created.parse().expect("an instant"));
        made.extend(tokens_of_an_instant(database, &plan, &ada).await);
    }
    (plan, ada, made)
}

async fn tokens_of_an_instant(database: &Database, plan: &Plan, ada: &User) -> [Token; 4] {
    let (token, _) = database.token(&plan.id, &ada.id, "own").await;
    let (rotated, text) = database.token(&plan.id, &ada.id, "rotated").await;
    let (successor, _) = database.rotate(&rotated, HOUR).await.expect("rotated");
    let (_, _, pair) = database.connected(plan, ada).await;
    let (retiring, held) = (
        database.kept(&text).await,
        database.kept(&pair.access).await,
    );
    [token, successor, retiring, held]
}

pub(crate) async fn ones_own_working_tokens_agree_with_the_domain(mut database: Database) {
    let (plan, ada, mut made) = tokens_of_every_kind(&mut database).await;
    made.retain(|token| token.held.is_none());
    made.sort_by_key(Position::of);
    let whose = (&plan.id, &ada.id);
    for period in periods() {
        let history = under(period);
        let retirements = made.iter().filter_map(|token| token.facts.retires_at);
        let retirements = retirements
            .flat_map(|at| [-1, 0, 1].map(|millis| at.saturating_add(millis)))
            .collect::<Vec<_>>();
        for now in instants(&made, period).into_iter().chain(retirements) {
            let works = |token: &&Token| {
                // A token of the future is none of the present's dead, in the list either.
                !matches!(verdict(&token.facts, &history, now), Verdict::Dead(_))
            };
            let names: Vec<_> = made
                .iter()
                .filter(works)
                .map(|it| it.name.clone())
                .collect();
            let mut tx = database.read().await;
            let marks = history.watermarks_at(now);
            let listed = tokens::names_of_owner(&mut tx, whose, marks, now, 100).await;
            assert_eq!(listed.expect("read"), names, "{period} at {now}");
            let few = tokens::names_of_owner(&mut tx, whose, marks, now, 2).await;
            let first: Vec<_> = names.iter().take(2).cloned().collect();
            assert_eq!(few.expect("read"), first, "{period} at {now}");
            let counted = tokens::count_of_owner(&mut tx, whose, marks, now).await;
            let expected = i64::try_from(names.len()).expect("few");
            assert_eq!(counted.expect("counted"), expected, "{period} at {now}");
        }
    }
}

pub(crate) async fn recorded_expiries_agree_with_the_domain(mut database: Database) {
    let (plan, ada, mut made) = tokens_of_every_kind(&mut database).await;
    let mut recorded = 0;
    // Longer and shorter than a client's week and than the overlap of an hour.
    for period in periods() {
        database.policy(&plan, &ada, Some(period)).await;
        made.extend(tokens_of_an_instant(&database, &plan, &ada).await);
        for step in [MINUTE, HOUR, 2 * DAY, 40 * DAY] {
            database.advance(step);
            let now = database.clock.now();
            let swept = sweep::sweep(&database.store, &plan.id, now).await;
            recorded += swept.expect("swept");
            let mut tx = database.read().await;
            let known = policies::history(&mut tx, &plan.id).await.expect("read");
            let history = known.expect("a plan").history;
            let by_policy = |token: &&Token| {
                let verdict = verdict(&token.facts, &history, now);
                matches!(verdict, Verdict::Dead(End::ExpiredByPeriod { .. }))
            };
            let expected = made.iter().filter(by_policy).count();
            assert_eq!(
                recorded,
                i64::try_from(expected).expect("few"),
                "{period} at {now}"
            );
        }
    }
    assert!(recorded > 20, "most of them expire");
}
