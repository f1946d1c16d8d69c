//! The store's filters against the domain's one deciding function, around every expiry.

use tenure_domain::{
    period::{Period, Unit},
    policy::{ANNOUNCED_FOR, History, PolicyVersion, Terms, Wanted},
    time::{DAY, HOUR, MINUTE, Timestamp},
    token::{End, Expiry, Verdict, verdict},
};
use tenure_server::{
    clock::Clock,
    ops::sweep,
    store::{
        plans::Plan,
        policies,
        tokens::{self, Position, Token, Use},
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

pub(crate) fn under(terms: Terms) -> History {
    let version = PolicyVersion {
        period: terms.period,
        inactivity: terms.inactivity,
        ..PolicyVersion::initial(Timestamp::MIN)
    };
    History::new(vec![version]).expect("a version")
}

/// Each period alone, each as an idle period alone, and pairs of both.
pub(crate) fn terms() -> Vec<Terms> {
    let all = periods();
    let rules = |period, inactivity| Terms { period, inactivity };
    let pairs = all.iter().zip(all.iter().rev());
    let mut terms: Vec<_> = pairs
        .map(|(period, idle)| rules(Some(*period), Some(*idle)))
        .collect();
    for period in all {
        terms.extend([rules(Some(period), None), rules(None, Some(period))]);
    }
    terms
}

/// Records a use of this token, which works, and returns it as it is then.
pub(crate) async fn used(database: &Database, token: &Token, at: Timestamp) -> Token {
    let mut tx = database.write().await;
    let uses = [Use {
        token: token.id.clone(),
        at,
        from: None,
    }];
    let recorded = tokens::record_uses(&mut tx, &uses).await.expect("written");
    assert_eq!(recorded, [(token.id.clone(), at)]);
    tx.commit().await.expect("committed");
    let found = tokens::get(&mut database.read().await, &token.id).await;
    found.expect("read").expect("it")
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
        let (third, _) = database.token(&plan.id, &ada.id, "used").await;
        let at = third.facts.created_at.saturating_add(40 * DAY + 7);
        made.push(used(database, &third, at).await);
    }
    made
}

/// Just before, at, and just after each expiry by either rule.
fn instants(made: &[Token], terms: Terms) -> Vec<Timestamp> {
    made.iter()
        .flat_map(|token| {
            let by_period = Expiry::of(terms.period, token.facts.created_at);
            [
                by_period,
                Expiry::of(terms.inactivity, token.facts.last_active_at()),
            ]
        })
        .filter_map(Expiry::instant)
        .flat_map(|expiry| [-1, 0, 1].map(|millis| expiry.saturating_add(millis)))
        .collect()
}

pub(crate) async fn working_and_ended_agree_with_the_domain(mut database: Database) {
    let made = tokens_of_every_instant(&mut database).await;
    let (plan, owner) = (&made[0].plan, &made[0].owner);
    for terms in terms() {
        let history = under(terms);
        for now in instants(&made, terms) {
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
            assert_eq!(ended, dead, "{terms:?} at {now}");
            assert_eq!(working, alive, "{terms:?} at {now}");
        }
    }
}

pub(crate) async fn ended_tokens_of_every_reason_come_in_pages(mut database: Database) {
    let made = tokens_of_every_instant(&mut database).await;
    let (plan, owner) = (&made[0].plan, &made[0].owner);
    let marks = under(Terms {
        period: Some(period(100, Unit::Days)),
        inactivity: Some(period(30, Unit::Days)),
    })
    .watermarks_at("2024-05-20T00:00:00Z".parse().expect("an instant"));
    let mut all = made.clone();
    all.retain(|token| token.facts.revoked.is_some() || marks.cover(&token.facts));
    all.sort_by_key(|token| std::cmp::Reverse(Position::of(token)));
    assert!(all.len() > 10 && all.len() < made.len());
    for limit in [1, 2, 5] {
        let (mut listed, mut below) = (Vec::new(), Position::before(Timestamp::MAX));
        loop {
            let mut tx = database.read().await;
            let page = tokens::ended_page(&mut tx, owner, plan, marks, &below, limit).await;
            let page = page.expect("a page");
            let Some(last) = page.last() else { break };
            below = Position::of(last);
            listed.extend(page);
        }
        assert_eq!(listed, all, "{limit} at a time");
    }
}

pub(crate) async fn counted_expiries_agree_with_the_domain(mut database: Database) {
    let made = tokens_of_every_instant(&mut database).await;
    let plan = &made[0].plan;
    for terms in terms() {
        let history = under(terms);
        for now in instants(&made, terms) {
            let marks = history.watermarks_at(now);
            let (early, idle) = (Timestamp::MIN, marks.idle_before);
            let unrevoked = || made.iter().filter(|token| token.facts.revoked.is_none());
            let is_idle = |token: &&Token| token.facts.last_active_at() < idle;
            let is_old = |token: &&Token| token.facts.created_at < marks.dead_before;
            let mut tx = database.read().await;
            let span = (early, marks.dead_before);
            let by_period = tokens::count_expired(&mut tx, plan, span, idle).await;
            let by_period = by_period.expect("counted");
            let expected = unrevoked().filter(is_old).filter(|it| !is_idle(it)).count();
            assert_eq!(by_period, number(expected), "{terms:?} at {now}");
            let unused = tokens::count_idle(&mut tx, plan, (early, idle), marks.dead_before).await;
            let unused = unused.expect("counted");
            let expected = unrevoked().filter(is_idle).filter(|it| !is_old(it)).count();
            assert_eq!(unused, number(expected), "{terms:?} at {now}");
            // What both rules have ended is looked at one by one, from either side.
            let after = Position::before(early);
            let limits = (marks.dead_before, idle);
            let doubtful = tokens::doubtful_page(&mut tx, plan, &after, limits, 100).await;
            let limits = (idle, marks.dead_before);
            let again = tokens::doubtful_idle_page(&mut tx, plan, (early, ""), limits, 100).await;
            let both = unrevoked().filter(is_idle).filter(is_old).count();
            let doubtful = doubtful.expect("read").len();
            assert_eq!((doubtful, again.expect("read").len()), (both, both));
            let is_dead =
                |token: &&Token| matches!(verdict(&token.facts, &history, now), Verdict::Dead(_));
            let dead = unrevoked().filter(is_dead).count();
            assert_eq!(by_period + unused + number(both), number(dead));
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).expect("few")
}

/// Tokens of every instant; of each instant one that works on, one that was rotated with an overlap, and
/// one that a client holds. The oldest is as old as the plan.
pub(crate) async fn tokens_of_every_kind(database: &mut Database) -> (Plan, User, Vec<Token>) {
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
    for terms in terms() {
        let history = under(terms);
        let retirements = made.iter().filter_map(|token| token.facts.retires_at);
        let retirements = retirements
            .flat_map(|at| [-1, 0, 1].map(|millis| at.saturating_add(millis)))
            .collect::<Vec<_>>();
        for now in instants(&made, terms).into_iter().chain(retirements) {
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
            assert_eq!(listed.expect("read"), names, "{terms:?} at {now}");
            let few = tokens::names_of_owner(&mut tx, whose, marks, now, 2).await;
            let first: Vec<_> = names.iter().take(2).cloned().collect();
            assert_eq!(few.expect("read"), first, "{terms:?} at {now}");
            let counted = tokens::count_of_owner(&mut tx, whose, marks, now).await;
            let expected = i64::try_from(names.len()).expect("few");
            assert_eq!(counted.expect("counted"), expected, "{terms:?} at {now}");
        }
    }
}

pub(crate) async fn recorded_expiries_agree_with_the_domain(mut database: Database) {
    let (plan, ada, mut made) = tokens_of_every_kind(&mut database).await;
    let (mut recorded, mut unused) = (0, 0);
    // Longer and shorter than a client's week and than the overlap of an hour.
    for (terms, by_the_clock) in terms().into_iter().zip([false, true].into_iter().cycle()) {
        let comes = database.clock.now().saturating_add(3 * HOUR);
        let wanted = match by_the_clock {
            true => Wanted::From(comes, terms),
            false => Wanted::Now(terms),
        };
        database.change(&plan, &ada, wanted).await;
        database.advance(ANNOUNCED_FOR);
        made.extend(tokens_of_an_instant(&database, &plan, &ada).await);
        if let Some(last) = made.last_mut() {
            *last = used(&database, last, last.facts.created_at.saturating_add(5)).await;
        }
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
                matches!(verdict, Verdict::Dead(end) if end.policy().is_some())
            };
            let expected = made.iter().filter(by_policy).count();
            assert_eq!(recorded, number(expected), "{terms:?} at {now}");
            let by_inactivity = made.iter().filter(|token| {
                let verdict = verdict(&token.facts, &history, now);
                matches!(verdict, Verdict::Dead(End::ExpiredByInactivity { .. }))
            });
            unused = by_inactivity.count();
        }
    }
    assert!(recorded > 40, "most of them expire");
    assert!(unused > 5, "of several rules");
}
