//! Lists of a plan's tokens against the domain's one deciding function, in every order and however the strands
//! are walked.

use tenure_domain::{
    id::{ClientId, TokenId, UserId},
    period::Unit,
    policy::{AccessLifetime, History, PolicyVersion, Terms},
    time::{DAY, HOUR, Timestamp},
    token::{EXPIRING_WITHIN, IN_USE_WITHIN, Status, TokenKind, ends_by, status, told_expiry},
};
use tenure_server::{
    ops::inventory::{self, Asked, Filter, Reach, Sort},
    store::{
        plans::Plan,
        tokens::{self, Bounds, Token},
        users::User,
    },
};

use crate::{
    filters::{terms, tokens_of_every_kind, under, used},
    support::{Database, period},
};

/// However far a page may look, the list is the same.
pub(crate) const REACHES: [Reach; 3] = [
    Reach {
        most_read: 4_000,
        few: 1_500,
    },
    Reach {
        most_read: 4_000,
        few: 0,
    },
    Reach {
        most_read: 3,
        few: 2,
    },
];

struct World {
    plan: Plan,
    ada: User,
    all: Vec<Token>,
}

/// Tokens of every kind and fate, some of them used and some suspicious.
async fn world(database: &mut Database) -> World {
    let (plan, ada, made) = tokens_of_every_kind(database).await;
    let grace = database.user("grace").await;
    let (others, _) = database.token(&plan.id, &grace.id, "Übrig = own").await;
    let mut all = vec![others];
    for (number, token) in made.into_iter().enumerate() {
        let created = token.facts.created_at;
        let token = match number % 5 {
            0 => used(database, &token, created.saturating_add(9 * DAY)).await,
            1 => used(database, &token, created.saturating_add(HOUR / 2)).await,
            2 => {
                let sql = "update tokens set suspicious_since = created_at where id = ";
                let id = &token.id;
                database.raw(format!("{sql}'{id}'")).await.expect("written");
                found(database, id).await
            }
            3 if token.held.is_none() => database.revoke(&token).await,
            _ => token,
        };
        all.push(token);
    }
    let mut read = Vec::new();
    for token in all {
        read.push(found(database, &token.id).await);
    }
    World {
        plan,
        ada,
        all: read,
    }
}

pub(crate) async fn found(database: &Database, id: &TokenId) -> Token {
    let token = tokens::get(&mut database.read().await, id).await;
    token.expect("read").expect("it")
}

/// Just before, at, and just after each instant at which a status changes.
fn instants(all: &[Token], history: &History) -> Vec<Timestamp> {
    let mut instants: Vec<_> = all
        .iter()
        .flat_map(|token| {
            let facts = &token.facts;
            let expiry = told_expiry(facts, history, facts.created_at).instant();
            let soon = expiry.map(|at| at.saturating_add(-EXPIRING_WITHIN));
            // In use up to and with the last instant of three days.
            let idle = facts
                .last_used_at
                .map(|at| at.saturating_add(IN_USE_WITHIN));
            [expiry, soon, idle, facts.retires_at]
        })
        .flatten()
        .flat_map(|at| [-1, 0, 1].map(|millis| at.saturating_add(millis)))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    instants
}

/// Every page of a list.
async fn listed(
    database: &Database,
    world: &World,
    asked: &Asked,
    judged: (&History, Timestamp),
    limit: usize,
) -> Vec<Token> {
    let (mut all, mut cursor) = (Vec::new(), None);
    for _ in 0..1_000 {
        let mut tx = database.read().await;
        let plan = &world.plan.id;
        let page = inventory::page(&mut tx, plan, asked, judged, cursor.as_ref(), limit).await;
        let page = page.expect("read").expect("its own cursor");
        assert!(page.tokens.len() <= limit, "{asked:?}");
        all.extend(page.tokens);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
    panic!("{asked:?} does not end");
}

/// What the list's order is made of.
fn key(token: &Token, sort: Sort, (history, now): (&History, Timestamp)) -> (i64, String) {
    let facts = &token.facts;
    let instant = match sort {
        Sort::Created => Some(facts.created_at),
        Sort::LastUsed => Some(facts.last_used_at.unwrap_or(Timestamp::MIN)),
        Sort::Name => return (0, token.name.to_ascii_lowercase()),
        Sort::Expires => ends_by(facts, history, now).0.instant(),
    };
    let millis = instant.map_or(i64::MAX, Timestamp::as_millis);
    (millis, String::new())
}

async fn assert_listed(
    database: &Database,
    world: &World,
    asked: &Asked,
    (history, now): (&History, Timestamp),
    limit: usize,
    passes: &(dyn Fn(&Token) -> bool + Sync),
) {
    let place = format!("{asked:?} at {now}, {limit} at a time");
    let found = listed(database, world, asked, (history, now), limit).await;
    let mut keys: Vec<_> = found
        .iter()
        .map(|token| key(token, asked.sort, (history, now)))
        .collect();
    if asked.descending {
        keys.reverse();
    }
    assert!(keys.is_sorted(), "{place}: {keys:?}");
    let ids = |tokens: &mut dyn Iterator<Item = &Token>| {
        let mut ids: Vec<_> = tokens.map(|token| token.id.0.clone()).collect();
        ids.sort_unstable();
        ids
    };
    let expected = ids(&mut world.all.iter().filter(|token| passes(token)));
    assert_eq!(ids(&mut found.iter()), expected, "{place}");
}

pub(crate) const SORTS: [Sort; 4] = [Sort::Created, Sort::LastUsed, Sort::Name, Sort::Expires];

/// Policies alone, with the server's lifetime for clients, and with a scheduled version.
fn histories() -> Vec<History> {
    let mut histories: Vec<_> = terms().into_iter().step_by(2).map(under).collect();
    let lifetime = AccessLifetime {
        period: Some(period(7, Unit::Days)),
        dead_before: Timestamp::MIN,
    };
    histories.push(under(Terms::OFF).with_access_lifetime(lifetime));
    let first = PolicyVersion::initial(Timestamp::MIN);
    let comes = "2024-03-10T00:00:00Z".parse().expect("an instant");
    let month = PolicyVersion {
        version: 1,
        period: Some(period(1, Unit::Months)),
        decided_at: "2024-02-10T00:00:00Z".parse().expect("an instant"),
        in_force_since: comes,
        ..PolicyVersion::initial(Timestamp::MIN)
    };
    let scheduled = History::new(vec![first, month]).expect("versions");
    histories.push(scheduled.with_access_lifetime(lifetime));
    histories
}

pub(crate) async fn every_list_has_what_the_domain_says_in_its_order(mut database: Database) {
    let world = world(&mut database).await;
    let mut turn = 0;
    let mut seen = Vec::new();
    for history in histories() {
        // Other instants under each policy.
        for now in instants(&world.all, &history)
            .into_iter()
            .skip(turn % 3)
            .step_by(3)
        {
            for wanted in Status::ALL {
                let filter = Filter {
                    status: Some(wanted),
                    ..narrowed(&world, turn)
                };
                // Each status meets every order and every reach.
                let round = turn / Status::ALL.len();
                let asked = Asked {
                    sort: SORTS[(round + turn) % 4],
                    descending: (round / 12).is_multiple_of(2),
                    reach: REACHES[(round + turn) % 3],
                    filter,
                };
                let judged = (&history, now);
                let passes = |token: &Token| {
                    let filter = &asked.filter;
                    let client = token.held.as_ref().map(|held| &held.client);
                    status(&token.facts, &history, now) == wanted
                        && filter.kind.is_none_or(|kind| token.facts.kind == kind)
                        && filter.owner.as_ref().is_none_or(|it| token.owner == *it)
                        && filter.client.as_ref().is_none_or(|it| client == Some(it))
                };
                let limit = [2, 7, 100][(round / 3 + turn) % 3];
                assert_listed(&database, &world, &asked, judged, limit, &passes).await;
                if world.all.iter().any(passes) {
                    seen.push((wanted, asked.sort));
                }
                turn += 1;
            }
        }
    }
    for wanted in Status::ALL {
        for sort in SORTS {
            assert!(seen.contains(&(wanted, sort)), "no {wanted:?} by {sort:?}");
        }
    }
}

/// Every so often, only some of the tokens.
fn narrowed(world: &World, turn: usize) -> Filter {
    let held = world.all.iter().find_map(|token| token.held.as_ref());
    let owner = |id: &UserId| Filter {
        owner: Some(id.clone()),
        ..Filter::default()
    };
    match turn % 13 {
        1 => owner(&world.ada.id),
        2 => Filter {
            kind: Some(TokenKind::UserAccess),
            ..owner(&world.ada.id)
        },
        4 => Filter {
            kind: Some(TokenKind::OauthAccess),
            ..Filter::default()
        },
        6 => Filter {
            client: held.map(|held| held.client.clone()),
            ..Filter::default()
        },
        9 => Filter {
            client: Some(ClientId("none".to_owned())),
            ..Filter::default()
        },
        11 => Filter {
            kind: Some(TokenKind::UserAccess),
            ..Filter::default()
        },
        _ => Filter::default(),
    }
}

pub(crate) async fn what_lies_between_instants_is_listed(mut database: Database) {
    let world = world(&mut database).await;
    let mut turn = 0;
    for history in histories() {
        let now = "2024-03-02T12:00:00Z".parse().expect("an instant");
        let judged = (&history, now);
        for token in &world.all {
            let expiry = told_expiry(&token.facts, &history, now).instant();
            let edges = [
                Some(token.facts.created_at),
                token.facts.last_used_at,
                expiry,
            ];
            for (what, edge) in edges.into_iter().enumerate() {
                let Some(edge) = edge else { continue };
                let edge = edge.saturating_add([-1, 0, 1][turn % 3]);
                let bounds = match turn / 3 % 2 {
                    0 => Bounds {
                        from: edge,
                        ..Bounds::ALL
                    },
                    _ => Bounds {
                        before: edge,
                        ..Bounds::ALL
                    },
                };
                let mut filter = Filter::default();
                match what {
                    0 => filter.created = bounds,
                    1 => filter.last_used = Some(bounds),
                    _ => filter.expires = Some(bounds),
                }
                let asked = Asked {
                    filter,
                    sort: SORTS[turn % 4],
                    descending: turn % 5 < 2,
                    reach: REACHES[turn / 2 % 3],
                };
                let passes = |token: &Token| {
                    let at = match what {
                        0 => Some(token.facts.created_at),
                        1 => token.facts.last_used_at,
                        _ => told_expiry(&token.facts, &history, now).instant(),
                    };
                    at.is_some_and(|at| bounds.from <= at && at < bounds.before)
                };
                assert_listed(&database, &world, &asked, judged, 9, &passes).await;
                turn += 1;
            }
        }
    }
}

pub(crate) async fn a_text_is_found_in_names_and_means_ids_and_last_characters(
    mut database: Database,
) {
    let world = world(&mut database).await;
    let (history, now) = (under(Terms::OFF), database.clock.now());
    let judged = (&history, now);
    let some = &world.all[5];
    for text in [
        "OWN",
        "übrig",
        "Übrig",
        "rot",
        "%",
        "_",
        "",
        &some.id.0,
        &some.last_four,
    ] {
        let asked = Asked {
            filter: Filter {
                text: Some(text.to_owned()),
                ..Filter::default()
            },
            sort: Sort::Name,
            descending: true,
            reach: Reach::default(),
        };
        let found = listed(&database, &world, &asked, judged, 30).await;
        let lower = text.to_ascii_lowercase();
        let is_named = |token: &&Token| token.name.to_ascii_lowercase().contains(&lower);
        let is_meant = |token: &&Token| text == token.id.0 || text == token.last_four;
        let expected = world.all.iter().filter(|it| is_named(it) || is_meant(it));
        assert_eq!(found.len(), expected.count(), "{text}");
        assert!(
            found.iter().all(|it| is_named(&it) || is_meant(&it)),
            "{text}"
        );
        if world.all.iter().any(|token| is_meant(&token)) {
            assert!(is_meant(&&found[0]), "what is meant comes first");
        }
    }
    let others = Asked {
        filter: Filter {
            text: Some(some.id.0.clone()),
            ..Filter::default()
        },
        ..Asked::default()
    };
    let basil = database
        .plan("Basil", tenure_domain::plan::Tier::Business)
        .await;
    let mut tx = database.read().await;
    let page = inventory::page(&mut tx, &basil.id, &others, judged, None, 9).await;
    assert_eq!(page.expect("read").expect("a page").tokens, []);
}
