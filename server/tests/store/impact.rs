//! What a policy change would end, as it is counted, against the tokens themselves and the one deciding function.

use tenure_domain::{
    impact::{Edge, Impact, Outlook},
    period::Unit,
    plan::{Role, Tier},
    policy::{AccessLifetime, Terms, Wanted, next_change},
    time::{DAY, HOUR, Timestamp},
    token::{TokenFacts, TokenKind, Verdict, verdict},
    wire::impact::EndingToken,
};
use tenure_server::{
    ops::{
        effects, impact,
        policies::{self as op_policies, Ask, Outcome},
    },
    store::{
        oauth_clients::Client,
        oauth_grants::Grant,
        plans::Plan,
        policies, token_counts,
        tokens::{self, Token},
        users::User,
    },
};

use crate::{
    chances::{Chances, Place},
    support::{Database, ask, period},
};

/// The days and numbers of the table against the tokens, in both directions.
const WRONG_COUNTS: &str = "select count(*) from ( \
    select plan_id, kind, created_at - created_at % 86400000 as day, count(*) as tokens from tokens \
    where revoked_at is null and retires_at is null group by plan_id, kind, created_at - created_at % 86400000 \
  ) as found full join (select * from token_counts where tokens > 0) as kept \
    on kept.plan_id = found.plan_id and kept.kind = found.kind and kept.day = found.day \
       and kept.tokens = found.tokens \
  where kept.plan_id is null or found.plan_id is null";

async fn assert_counts_are_right(database: &Database, after: &str) {
    assert_eq!(database.number(WRONG_COUNTS).await, 0, "after {after}");
}

pub(crate) async fn every_writer_keeps_the_counts(database: Database) {
    let (plan, ada) = database.tenant().await;
    let bob = database.user("bob").await;
    database.join(&bob, &plan, Role::Member).await;
    let mut own = Vec::new();
    for number in 0..6 {
        own.push(
            database
                .token(&plan.id, &ada.id, &number.to_string())
                .await
                .0,
        );
        database.token(&plan.id, &bob.id, "bob's").await;
        database.advance(7 * HOUR);
    }
    assert_counts_are_right(&database, "generating").await;
    let (_, grant, pair) = database.connected(&plan, &ada).await;
    let (client, _, _) = database.connected(&plan, &bob).await;
    database.advance(20 * HOUR);
    database.present(&pair.refresh).await;
    assert_counts_are_right(&database, "a refresh").await;
    database.present(&pair.refresh).await;
    assert_counts_are_right(&database, "a refresh that came twice").await;
    database.disconnect(&grant).await;
    assert_counts_are_right(&database, "the end of a grant").await;
    database.revoke(&own[0]).await;
    database.rotate(&own[1], 0).await;
    database.rotate(&own[2], HOUR).await;
    assert_counts_are_right(&database, "rotations").await;
    database.advance(2 * HOUR);
    database.deactivate(&plan, &bob, &ada).await;
    assert_counts_are_right(&database, "a deactivation").await;
    let (now, actor) = (
        database.clock.now(),
        tenure_server::ops::Actor::user(ada.id.clone()),
    );
    let mut tx = database.write().await;
    let deleted = tenure_server::ops::clients::delete(&mut tx, now, &actor, &client).await;
    deleted.expect("deleted");
    tx.commit().await.expect("committed");
    assert_counts_are_right(&database, "a deleted client").await;
    let kept = "select sum(tokens) from token_counts";
    let sum = match database.engine {
        tenure_server::store::Engine::Sqlite => kept,
        tenure_server::store::Engine::Postgres => {
            "select cast(sum(tokens) as bigint) from token_counts"
        }
    };
    // Of six, one was revoked and two rotated, each of which has a successor.
    assert_eq!(database.number(sum).await, 5);
    for odd in [
        "update tokens set created_at = created_at + 86400000",
        "update tokens set revoked_at = null, revoked_by = null, revoked_reason = null",
        "update tokens set retires_at = null",
        "delete from tokens where kind = 'user_access'",
    ] {
        database.raw(odd).await.expect("written");
        assert_counts_are_right(&database, odd).await;
    }
}

/// What a plan of chance is asked about.
struct World {
    plan: Plan,
    ada: User,
    client: Client,
    grant: Grant,
}

impl World {
    async fn settle(database: &Database, number: u64) -> Self {
        let plan = database
            .plan(&format!("Plan {number}"), Tier::Business)
            .await;
        let ada = database.user(&format!("ada{number}")).await;
        database.join(&ada, &plan, Role::SystemAdmin).await;
        let client = database.client(&plan, &ada, "Board").await;
        let grant = database.grant(&client, &ada).await;
        Self {
            plan,
            ada,
            client,
            grant,
        }
    }

    fn place<'a>(&'a self, database: &'a Database) -> Place<'a> {
        Place {
            store: &database.store,
            random: &database.random,
            plan: &self.plan.id,
            owner: &self.ada.id,
            client: &self.client.id,
            grant: &self.grant.id,
        }
    }
}

pub(crate) async fn an_impact_is_counted_as_the_verdicts_say(database: Database) {
    let mut chances = Chances::seeded(17);
    for round in 0..6 {
        let world = World::settle(&database, round).await;
        database.advance(chances.up_to(DAY));
        let now = database.clock.now();
        let mut made: Vec<Token> = Vec::new();
        for _ in 0..40 {
            made.push(chances.token(&world.place(&database), now).await.0);
        }
        if chances.one_in(2) {
            let first = chances.wanted(now);
            database.change(&world.plan, &world.ada, first).await;
        }
        for _ in 0..8 {
            let outlook = outlook(&database, &world, &mut chances).await;
            let facts: Vec<_> = made.iter().map(|token| token.facts.clone()).collect();
            agrees(&database, &world.plan, &outlook, &facts).await;
        }
    }
}

/// The outlook of a change, on a server of some lifetime.
async fn outlook(database: &Database, world: &World, chances: &mut Chances) -> Outlook {
    let access = AccessLifetime {
        period: Some(chances.period()),
        dead_before: chances.before(database.clock.now().saturating_add(-30 * DAY)),
    };
    let history = database.history(&world.plan.id).await;
    let history = history.with_access_lifetime(access);
    let now = database.clock.now();
    let wanted = chances.wanted(now);
    let change = next_change(&history, wanted, None, now).expect("it can be counted");
    Outlook::of_change(&history, wanted, change, now)
}

async fn agrees(database: &Database, plan: &Plan, outlook: &Outlook, tokens: &[TokenFacts]) {
    let mut expected = Impact::default();
    for token in tokens {
        expected.count_token(outlook, token);
    }
    let tx = &mut database.read().await;
    let counted = impact::count(tx, &plan.id, outlook).await.expect("counted");
    assert_eq!(counted, expected);
    let at_once = impact::ended_at_once(tx, &plan.id, outlook).await;
    assert_eq!(at_once.expect("counted"), expected.now);
    let unwarned = impact::is_unwarned(tx, &plan.id, outlook).await;
    let expected_unwarned = tokens.iter().any(|it| outlook.is_unwarned(it));
    assert_eq!(unwarned.expect("found"), expected_unwarned);
    let first = impact::first(tx, &plan.id, outlook, expected.now).await;
    let first = first.expect("listed");
    assert_eq!(first.len() as u64, expected.now.min(50));
    let activity = |token: &EndingToken| token.last_used_at.unwrap_or(token.created_at);
    assert!(first.iter().rev().map(activity).is_sorted());
    let mut listed = listed(database, plan, outlook).await;
    listed.sort();
    let ending = tokens.iter().filter(|token| outlook.ends_at_once(token));
    let mut expected: Vec<_> = ending
        .filter(|token| token.retires_at.is_none())
        .map(|token| token.created_at)
        .collect();
    expected.sort();
    assert_eq!(listed, expected, "the pages have each of them once");
}

/// The creations of what the pages list, three at a time.
async fn listed(database: &Database, plan: &Plan, outlook: &Outlook) -> Vec<Timestamp> {
    let mut found = Vec::new();
    for kind in TokenKind::ALL {
        let edges = outlook.at_the_change(kind);
        let mut after = tokens::Position::before(Timestamp::MIN);
        loop {
            let tx = &mut database.read().await;
            let page = tokens::ending_page(tx, (&plan.id, kind), edges, &after, 3).await;
            let page = page.expect("listed");
            let Some(last) = page.last() else { break };
            after = tokens::Position::of(&last.token);
            found.extend(page.iter().map(|it| it.token.facts.created_at));
        }
    }
    found
}

pub(crate) async fn what_dies_at_once_is_named_with_its_owner(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (old, _) = database.token(&plan.id, &ada.id, "old").await;
    database.advance(2 * DAY);
    let (used, _) = database.token(&plan.id, &ada.id, "used").await;
    database.advance(2 * DAY);
    let now = database.clock.now();
    let mut tx = database.write().await;
    let of_old = tokens::Use {
        token: old.id.clone(),
        at: now,
        from: None,
    };
    tokens::record_uses(&mut tx, &[of_old]).await.expect("used");
    tx.commit().await.expect("committed");
    let before = database.history(&plan.id).await;
    let wanted = Wanted::Now(Terms::of_period(Some(period(1, Unit::Days))));
    let change = next_change(&before, wanted, None, now).expect("it can be counted");
    let outlook = Outlook::of_change(&before, wanted, change, now);
    let tx = &mut database.read().await;
    let first = impact::first(tx, &plan.id, &outlook, 2)
        .await
        .expect("listed");
    let names: Vec<_> = first.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["old", "used"], "the most recently used first");
    assert_eq!(first[0].last_used_at, Some(now));
    assert_eq!(first[1].id, used.id);
    assert_eq!(first[1].owner.email, "ada@acme.example");
    assert!(matches!(
        verdict(&used.facts, &before, now),
        Verdict::Works(_)
    ));
    // Of many, the same are first: those in the order of their last activity.
    let edges = outlook.at_the_change(TokenKind::UserAccess);
    let many = (&plan.id, TokenKind::UserAccess);
    let many = tokens::latest_ending(tx, many, edges, 1_000_000, 50).await;
    let names: Vec<_> = many
        .expect("listed")
        .into_iter()
        .map(|it| it.token.name)
        .collect();
    assert_eq!(names, ["old", "used"]);
}

pub(crate) async fn a_version_says_how_many_it_ended_whenever_it_is_counted(database: Database) {
    let (plan, ada) = database.tenant().await;
    for name in ["first", "second", "third"] {
        database.token(&plan.id, &ada.id, name).await;
        database.advance(DAY);
    }
    let days = |days| Terms::of_period(Some(period(days, Unit::Days)));
    // Two are older than a day and a half: it is counted where it is decided.
    let hours = Terms::of_period(Some(period(36, Unit::Hours)));
    database.change(&plan, &ada, Wanted::Now(hours)).await;
    assert_eq!(ended(&database, &plan).await, [Some(2), None]);
    // In half a day, what is left is a day and a half old, and ends before this comes.
    let (young, _) = database.token(&plan.id, &ada.id, "young").await;
    database.token(&plan.id, &ada.id, "rotated").await;
    let at = database.clock.now().saturating_add(DAY);
    database
        .change(&plan, &ada, Wanted::From(at, days(1)))
        .await;
    assert_eq!(ended(&database, &plan).await, [None, Some(2), None]);
    database.advance(DAY - 1);
    assert_eq!(record(&database, &plan).await, 0, "it has not come yet");
    // Counted long after: what has ended since is not counted with it.
    database.token(&plan.id, &ada.id, "later").await;
    database.advance(10 * DAY);
    assert_eq!(record(&database, &plan).await, 1);
    assert_eq!(record(&database, &plan).await, 0, "once");
    assert_eq!(ended(&database, &plan).await, [Some(2), Some(2), None]);
    drop(young);
    database.change(&plan, &ada, Wanted::Now(Terms::OFF)).await;
    assert_eq!(
        ended(&database, &plan).await,
        [Some(0), Some(2), Some(2), None]
    );
}

/// What the versions ended, newest first.
async fn ended(database: &Database, plan: &Plan) -> Vec<Option<u64>> {
    let found = policies::history(&mut database.read().await, &plan.id).await;
    let recorded = found.expect("read").expect("a plan").recorded();
    recorded.iter().map(|version| version.ended).collect()
}

async fn record(database: &Database, plan: &Plan) -> usize {
    let now = database.clock.now();
    let recorded = effects::record(&database.store, &plan.id, now).await;
    recorded.expect("recorded")
}

pub(crate) async fn no_more_tokens_end_than_somebody_allowed(database: Database) {
    let (plan, ada) = database.tenant().await;
    database.token(&plan.id, &ada.id, "first").await;
    database.token(&plan.id, &ada.id, "second").await;
    database.advance(2 * DAY);
    let try_with = async |most| {
        let mut tx = database.write().await;
        let ask = Ask {
            ends_at_most: Some(most),
            ..ask(&plan, &ada, 0, Some(period(1, Unit::Days)))
        };
        let outcome = op_policies::change(&mut tx, database.clock.now(), &ask).await;
        tx.commit().await.expect("committed");
        outcome.expect("answered").expect("a plan")
    };
    for too_few in [0, 1] {
        let refused = try_with(too_few).await;
        assert!(matches!(refused, Outcome::Exceeded(2)), "{refused:?}");
    }
    assert_eq!(ended(&database, &plan).await, [None], "nothing has changed");
    assert!(matches!(try_with(2).await, Outcome::Done(_)));
    assert_eq!(ended(&database, &plan).await, [Some(2), None]);
}

pub(crate) async fn whatever_lies_between_two_edges_is_counted(database: Database) {
    let world = World::settle(&database, 0).await;
    let now = database.clock.now();
    let mut chances = Chances::seeded(5);
    let mut made = Vec::new();
    for _ in 0..60 {
        let (token, _) = chances.token(&world.place(&database), now).await;
        made.push(token.facts);
    }
    made.retain(|token| token.revoked.is_none() && token.retires_at.is_none());
    let hour = |hours: i64| {
        let ago = now.saturating_add(-hours * HOUR);
        ago.saturating_add(-ago.as_millis().rem_euclid(HOUR))
    };
    let odd = |hours: i64| hour(hours).saturating_add(1_234_567);
    let never = Timestamp::MIN;
    let edges = [
        [(never, never), (odd(900), never)],
        [(odd(900), never), (hour(24), odd(700))],
        [(hour(2_000), hour(1_500)), (hour(2_000), hour(300))],
        [(odd(2_000), odd(1_500)), (odd(2_000), odd(300))],
        [(odd(1_900), odd(1_100)), (odd(900), odd(200))],
        [(odd(1_900), hour(1_000)), (hour(1_000), hour(100))],
        [(odd(1), odd(1)), (odd(1), odd(1))],
    ];
    let tx = &mut database.read().await;
    for [from, to] in edges {
        let [from, to] = [from, to].map(|(created, active)| Edge { created, active });
        for kind in TokenKind::ALL {
            let of_kind = made.iter().filter(|token| token.kind == kind);
            let found = of_kind.filter(|token| !from.is_above(token) && to.is_above(token));
            let counts = token_counts::of_kind(tx, &world.plan.id, kind).await;
            let counts = counts.expect("counted");
            let (expected, about) = (found.count() as u64, format!("{kind:?} {from:?} {to:?}"));
            let number = counts.between(tx, [from, to]).await.expect("counted");
            assert_eq!(number, expected, "{about}");
            let any = counts.any_between(tx, [from, to]).await.expect("found");
            assert_eq!(any, expected > 0, "{about}");
        }
    }
}
