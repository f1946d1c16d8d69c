//! The server's lifetime for OAuth access tokens: what it has ended stays dead, whatever the operator sets
//! later (R7), and is not counted among what the policy ended.

use tenure_domain::{
    period::{Period, Unit},
    problem::Kind,
    time::{DAY, HOUR},
    token::{Status, status},
};
use tenure_server::{
    clock::Clock,
    ops::sweep,
    store::{
        audit::{self, Action},
        policies,
    },
    verifier::Verifier,
};

use crate::{
    serving::{refusal, started_with_lifetime},
    support::{Database, NOW, period},
};

/// A server with this lifetime, whose store is the database's own.
async fn serving(database: &mut Database, lifetime: Period) -> Verifier {
    let state = started_with_lifetime(database, &database.clock, lifetime).await;
    database.store = state.store.clone();
    state.verifier.clone()
}

pub(crate) async fn an_access_token_dies_at_the_end_of_its_lifetime(mut database: Database) {
    let verifier = serving(&mut database, period(1, Unit::Hours)).await;
    let (plan, ada) = database.tenant().await;
    let (_, own) = database.token(&plan.id, &ada.id, "own").await;
    let (_, _, pair) = database.connected(&plan, &ada).await;
    database.advance(HOUR - 1);
    assert_eq!(refusal(&verifier, &pair.access).await, None);
    database.advance(1);
    assert_eq!(
        refusal(&verifier, &pair.access).await,
        Some(Kind::TokenExpired)
    );
    assert_eq!(refusal(&verifier, &own).await, None, "it is no client's");
}

pub(crate) async fn a_longer_lifetime_brings_nothing_back(mut database: Database) {
    let verifier = serving(&mut database, period(1, Unit::Hours)).await;
    let (plan, ada) = database.tenant().await;
    let (_, _, told) = database.connected(&plan, &ada).await;
    database.advance(30);
    let (_, _, young) = database.connected(&plan, &ada).await;
    database.advance(HOUR - 30);
    assert_eq!(
        refusal(&verifier, &told.access).await,
        Some(Kind::TokenExpired)
    );

    // The operator lets them live longer, and the machine's clock is behind on top of it.
    for clock in [database.clock.clone(), Clock::mock(NOW)] {
        let state = started_with_lifetime(&database, &clock, period(7, Unit::Days)).await;
        let later = state.verifier.clone();
        assert_eq!(
            refusal(&later, &told.access).await,
            Some(Kind::TokenExpired)
        );
        assert_eq!(
            refusal(&later, &young.access).await,
            None,
            "it was never dead"
        );
    }
}

pub(crate) async fn what_was_renewed_or_ended_after_its_lifetime_is_not_brought_back_either(
    mut database: Database,
) {
    serving(&mut database, period(1, Unit::Hours)).await;
    let (plan, ada) = database.tenant().await;
    let later = async |database: &Database, text: &str| {
        let (clock, week) = (database.clock.clone(), period(7, Unit::Days));
        let state = started_with_lifetime(database, &clock, week).await;
        refusal(&state.verifier, text).await
    };
    // Nobody was told that it has expired: its client knows, and refreshes.
    let (_, grant, first) = database.connected(&plan, &ada).await;
    database.advance(HOUR);
    let (_, second) = database.present(&first.refresh).await;
    let second = second.expect("a pair");
    assert_eq!(database.kept(&first.access).await.facts.revoked, None);
    assert_eq!(
        later(&database, &first.access).await,
        Some(Kind::TokenExpired)
    );
    assert_eq!(later(&database, &second.access).await, None);
    // The same where the owner ends what has expired.
    database.advance(HOUR);
    assert!(database.disconnect(&grant).await);
    assert_eq!(database.kept(&second.access).await.facts.revoked, None);
    assert_eq!(
        later(&database, &second.access).await,
        Some(Kind::TokenExpired)
    );
}

pub(crate) async fn no_access_token_is_born_dead(mut database: Database) {
    let lifetime = period(1, Unit::Hours);
    let verifier = serving(&mut database, lifetime).await;
    let (plan, ada) = database.tenant().await;
    let client = database.client(&plan, &ada, "Board").await;
    let grant = database.grant(&client, &ada).await;
    // A machine whose clock is a day ahead tells of deaths.
    let mut tx = database.write().await;
    let known = policies::history(&mut tx, &plan.id).await.expect("read");
    let ahead = known.expect("a plan").history;
    let ahead = ahead.observed_at(NOW.saturating_add(DAY));
    let raised = policies::observe(&mut tx, &plan.id, &ahead, NOW).await;
    assert!(raised.expect("written"));
    tx.commit().await.expect("committed");
    let pair = database.begin(&grant).await;
    assert_eq!(refusal(&verifier, &pair.access).await, None);
    let created_at = database.kept(&pair.access).await.facts.created_at;
    assert_eq!(created_at, ahead.access_lifetime().dead_before);
    assert!(created_at > NOW);
}

pub(crate) async fn a_lifetimes_watermark_only_rises_and_is_the_plans_own(mut database: Database) {
    let verifier = serving(&mut database, period(1, Unit::Hours)).await;
    let (plan, ada) = database.tenant().await;
    let basil = database
        .plan("Basil", tenure_domain::plan::Tier::Business)
        .await;
    let (_, _, pair) = database.connected(&plan, &ada).await;
    database.advance(HOUR);
    let watermarks = async || {
        let mut tx = database.read().await;
        let head = audit::head(&mut tx).await.expect("read");
        let mut found = Vec::new();
        for plan in [&plan, &basil] {
            let known = policies::history(&mut tx, &plan.id).await.expect("read");
            let history = known.expect("a plan").history;
            found.push(history.access_lifetime().dead_before);
        }
        (head.watermarks, found[0], found[1])
    };
    let (counted, before, _) = watermarks().await;
    assert_eq!(
        refusal(&verifier, &pair.access).await,
        Some(Kind::TokenExpired)
    );
    let raised = watermarks().await;
    assert!(raised.1 > before);
    assert_eq!(raised.0, counted + 1, "others hear of it");
    assert_eq!(raised.2, before, "plans are separate");
    assert_eq!(
        refusal(&verifier, &pair.access).await,
        Some(Kind::TokenExpired)
    );
    let mut tx = database.write().await;
    let known = policies::history(&mut tx, &plan.id).await.expect("read");
    let lower = known.expect("a plan").history;
    let access = tenure_domain::policy::AccessLifetime {
        dead_before: before,
        ..*lower.access_lifetime()
    };
    let lower = lower.with_access_lifetime(access);
    let fell = policies::observe(&mut tx, &plan.id, &lower, database.clock.now()).await;
    assert!(!fell.expect("answered"));
    tx.commit().await.expect("committed");
    assert_eq!(watermarks().await, raised);
}

pub(crate) async fn a_sweep_counts_what_the_policy_ended_and_nothing_else(mut database: Database) {
    serving(&mut database, period(7, Unit::Days)).await;
    let (plan, ada) = database.tenant().await;
    let week = Some(period(10, Unit::Days));
    database.policy(&plan, &ada, week).await;
    // Of the same age: one's own, one that a rotation ends first, one that the lifetime ends first.
    database.token(&plan.id, &ada.id, "own").await;
    let (rotated, retired) = database.token(&plan.id, &ada.id, "rotated").await;
    database.rotate(&rotated, HOUR).await.expect("rotated");
    let (_, _, by_lifetime) = database.connected(&plan, &ada).await;
    let sweep = async |database: &Database| {
        let swept = sweep::sweep(&database.store, &plan.id, database.clock.now()).await;
        swept.expect("swept")
    };
    database.advance(10 * DAY - 1);
    assert_eq!(sweep(&database).await, 0);
    database.advance(1);
    assert_eq!(sweep(&database).await, 2, "its own, and the successor");
    assert_eq!(sweep(&database).await, 0, "each is recorded once");

    // A shorter policy ends what clients hold before the lifetime does, however late it is swept.
    let (_, _, by_policy) = database.connected(&plan, &ada).await;
    let day = Some(period(1, Unit::Days));
    database.policy(&plan, &ada, day).await;
    database.advance(30 * DAY);
    assert_eq!(sweep(&database).await, 1);
    let mut tx = database.read().await;
    let log = audit::since(&mut tx, 0, 200).await.expect("read");
    let recorded: Vec<_> = log
        .iter()
        .filter(|event| event.action == Action::ExpiriesRecorded.as_str())
        .map(|event| event.details.as_str())
        .collect();
    assert_eq!(
        recorded,
        [
            r#"{"expired":[{"policy_version":1,"tokens":2}]}"#,
            r#"{"expired":[{"policy_version":2,"tokens":1}]}"#,
        ]
    );
    let known = policies::history(&mut tx, &plan.id).await.expect("read");
    let history = known.expect("a plan").history;
    drop(tx);
    for (text, expected) in [
        (&retired, Status::Revoked),
        (&by_lifetime.access, Status::Expired),
        (&by_policy.access, Status::Expired),
    ] {
        let facts = database.kept(text).await.facts;
        assert_eq!(status(&facts, &history, database.clock.now()), expected);
    }
}
