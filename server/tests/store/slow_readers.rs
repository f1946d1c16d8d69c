//! Whoever is slow to return from the database puts no policy back that was changed meanwhile, wherever
//! they were held up. The same of tokens is tested where the verifier looks them up.

use tenure_domain::{period::Unit, problem::Kind, time::HOUR};
use tenure_server::{
    store::{plans::Plan, users::User},
    verifier::Verifier,
};

use crate::{
    serving::{refusal, serving},
    steps::go_on,
    support::{Database, period},
};

pub(crate) async fn a_slow_reader_does_not_put_back_a_policy_that_was_changed_meanwhile(
    mut database: Database,
) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    // What a reader has in its hands where it is held up depends on the database's own threads, so
    // they are held up again and again until one was with what is out of date by then.
    for _ in 0..1_000 {
        if held_up_everywhere(&database, &verifier, &plan, &ada).await {
            return;
        }
    }
    panic!("no reader was held up with what it had read in its hands");
}

/// Holds readers of a policy up at each place where they wait, while it is changed. Says whether one
/// of them had read it before.
async fn held_up_everywhere(
    database: &Database,
    verifier: &Verifier,
    plan: &Plan,
    ada: &User,
) -> bool {
    let mut outdated = false;
    for times in 1.. {
        database
            .policy(plan, ada, Some(period(10, Unit::Years)))
            .await;
        let (_, text) = database.token(&plan.id, &ada.id, "t").await;
        database.advance(HOUR);
        verifier.follow_changes().await.expect("followed");
        assert_eq!(refusal(verifier, &text).await, None);
        // The token stays in memory, and the policies are forgotten: they are what is read.
        database.policy(plan, ada, None).await;
        let mut reading = Box::pin(refusal(verifier, &text));
        let done = go_on(reading.as_mut(), times).await;
        database
            .policy(plan, ada, Some(period(1, Unit::Minutes)))
            .await;
        let whole = done.is_some();
        let read = match done {
            Some(read) => read,
            None => reading.await,
        };
        outdated |= read.is_none() && !whole;
        assert_eq!(
            refusal(verifier, &text).await,
            Some(Kind::TokenExpired),
            "held up after {times} steps, a reader put the old policy back"
        );
        if whole {
            break;
        }
    }
    outdated
}
