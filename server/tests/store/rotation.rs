//! Rotating a user's token: the old one works beside the new one for a while, and then never again.

use tenure_domain::{
    problem::Kind,
    time::{HOUR, MINUTE},
    token::{Revocation, RevocationReason},
};
use tenure_server::{
    clock::Clock,
    store::{audit, tokens},
};

use crate::{
    serving::{refusal, serving, started},
    support::{Database, NOW},
};

pub(crate) async fn a_rotated_token_works_until_its_overlap_has_passed(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (old, text) = database.token(&plan.id, &ada.id, "Board sync").await;
    assert_eq!(
        refusal(&verifier, &text).await,
        None,
        "and it is kept in memory"
    );
    let (new, successor) = database.rotate(&old, HOUR).await.expect("rotated");
    assert_eq!((&new.name, &new.scope), (&old.name, &old.scope));
    database.advance(HOUR - 1);
    assert_eq!(
        refusal(&verifier, &text).await,
        None,
        "a millisecond before"
    );
    database.advance(1);
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &successor).await, None);
    let settled = Revocation {
        at: NOW.saturating_add(HOUR),
        reason: RevocationReason::Rotation,
        by: None,
    };
    let kept = database.kept(&text).await.facts.revoked;
    assert_eq!(
        kept,
        Some(settled),
        "it was made to last before it was told"
    );
}

pub(crate) async fn without_an_overlap_a_rotated_token_stops_at_once(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (old, text) = database.token(&plan.id, &ada.id, "t").await;
    assert_eq!(refusal(&verifier, &text).await, None);
    let (_, successor) = database.rotate(&old, 0).await.expect("rotated");
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &successor).await, None);
    let revoked = Revocation {
        at: NOW,
        reason: RevocationReason::Rotation,
        by: Some(ada.id.clone()),
    };
    assert_eq!(database.kept(&text).await.facts.revoked, Some(revoked));
}

pub(crate) async fn a_token_is_rotated_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    for first in [0, HOUR] {
        let (old, _) = database.token(&plan.id, &ada.id, "t").await;
        database.rotate(&old, first).await.expect("rotated");
        for again in [0, MINUTE, 2 * HOUR] {
            let before = audit::head(&mut database.read().await).await.expect("read");
            assert!(
                database.rotate(&old, again).await.is_none(),
                "{first}, {again}"
            );
            let after = audit::head(&mut database.read().await).await.expect("read");
            assert_eq!(after, before, "nothing happened");
        }
    }
    let (revoked, _) = database.token(&plan.id, &ada.id, "t").await;
    database.revoke(&revoked).await;
    for overlap in [0, HOUR] {
        assert!(database.rotate(&revoked, overlap).await.is_none());
    }
}

pub(crate) async fn a_retirement_is_never_changed(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    let mut tx = database.write().await;
    for (at, first) in [(5, true), (9, false), (1, false)] {
        let retired = tokens::retire(&mut tx, &token.id, NOW.saturating_add(at)).await;
        assert_eq!(retired.expect("answered"), first);
    }
    tx.commit().await.expect("committed");
    let kept = database.kept(&text).await.facts.retires_at;
    assert_eq!(kept, Some(NOW.saturating_add(5)));
    let (revoked, _) = database.token(&plan.id, &ada.id, "t").await;
    database.revoke(&revoked).await;
    let mut tx = database.write().await;
    let retired = tokens::retire(&mut tx, &revoked.id, NOW).await;
    assert!(!retired.expect("answered"), "it is dead already");
}

pub(crate) async fn a_retired_token_stays_dead_after_a_restart_with_the_clock_set_back(
    mut database: Database,
) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (old, text) = database.token(&plan.id, &ada.id, "t").await;
    let (untold, other) = database.token(&plan.id, &ada.id, "untold").await;
    let (_, successor) = database.rotate(&old, HOUR).await.expect("rotated");
    database.rotate(&untold, HOUR).await.expect("rotated");
    database.advance(HOUR);
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));

    let earlier = Clock::mock(NOW);
    let restarted = started(&database, &earlier).await.verifier.clone();
    assert!(
        earlier.now() < NOW.saturating_add(HOUR),
        "the overlap has not passed"
    );
    assert_eq!(refusal(&restarted, &text).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&restarted, &successor).await, None);
    assert_eq!(
        refusal(&restarted, &other).await,
        None,
        "nobody was told of this one"
    );
}
