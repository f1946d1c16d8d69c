//! Whether a token works, asked of the verifier: at the very next call, across restarts, and when
//! the database is gone.

use std::{net::IpAddr, time::Duration};

use tenure_domain::{
    period::Unit,
    policy::History,
    problem::Kind,
    scope::Scopes,
    time::{HOUR, MINUTE},
    token::Expiry,
};
use tenure_server::{
    clock::Clock,
    ops::{Actor, tokens},
    secret,
    store::{self, audit, policies},
    verifier::Outcome,
};

use crate::{
    serving::{refusal, serving, started},
    support::{Database, NOW, period},
};

pub(crate) async fn a_typo_is_never_looked_up(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    for place in [9, 30, text.len() - 1] {
        let mut typo = text.clone().into_bytes();
        typo[place] = if typo[place] == b'x' { b'y' } else { b'x' };
        let typo = String::from_utf8(typo).expect("ASCII");
        assert_eq!(
            refusal(&verifier, &typo).await,
            Some(Kind::TokenMalformed),
            "{typo}"
        );
    }
    for text in ["", "tnr_pat_", &text[1..], &text[..text.len() - 1]] {
        assert_eq!(
            refusal(&verifier, text).await,
            Some(Kind::TokenMalformed),
            "{text}"
        );
    }
    assert_eq!(verifier.lookups(), 0);
    assert_eq!(refusal(&verifier, &text).await, None);
    assert_eq!(verifier.lookups(), 1);
    assert_eq!(refusal(&verifier, &text).await, None);
    assert_eq!(verifier.lookups(), 1, "the second time it is remembered");
}

pub(crate) async fn an_unknown_token_is_looked_up_and_refused(mut database: Database) {
    let verifier = serving(&mut database).await;
    let secret = secret::Secret::token(
        tenure_domain::token::TokenKind::UserAccess,
        &database.random,
    );
    let text = secret.reveal();
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenUnknown));
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenUnknown));
    assert_eq!(
        verifier.lookups(),
        2,
        "it may be generated at any time, so it is not remembered"
    );
}

pub(crate) async fn a_revocation_counts_at_the_very_next_call(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    assert_eq!(refusal(&verifier, &text).await, None);
    database.revoke(&token).await;
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
}

pub(crate) async fn a_policy_counts_at_the_very_next_call(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    database.advance(HOUR);
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &text).await, None);
    database
        .policy(&plan, &ada, Some(period(1, Unit::Minutes)))
        .await;
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenExpired));
    database
        .policy(&plan, &ada, Some(period(10, Unit::Years)))
        .await;
    assert_eq!(
        refusal(&verifier, &text).await,
        Some(Kind::TokenExpired),
        "it stays dead"
    );
    database.policy(&plan, &ada, None).await;
    assert_eq!(
        refusal(&verifier, &text).await,
        Some(Kind::TokenExpired),
        "it stays dead"
    );
    let (_, new) = database.token(&plan.id, &ada.id, "new").await;
    assert_eq!(refusal(&verifier, &new).await, None);
}

pub(crate) async fn a_token_dies_at_its_expiry(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(1, Unit::Minutes)))
        .await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    let expiry = token.facts.created_at.saturating_add(MINUTE);
    database.advance(MINUTE - 1);
    let Outcome::Works(verified) = verifier.verify(&text).await.expect("an answer") else {
        panic!("a millisecond before its expiry it works");
    };
    assert_eq!(verified.expiry, Expiry::At(expiry));
    database.advance(1);
    let Outcome::Refused(refused) = verifier.verify(&text).await.expect("an answer") else {
        panic!("at its expiry it is expired");
    };
    assert_eq!(refused.kind, Kind::TokenExpired);
    assert_eq!(refused.end.map(|end| end.at()), Some(expiry));
    // It was made to last before it was answered.
    let mut tx = database.read().await;
    let kept = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    assert!(kept.history.kept().dead_before > token.facts.created_at);
}

pub(crate) async fn what_is_told_to_be_dead_stays_dead_after_a_restart_with_the_clock_set_back(
    mut database: Database,
) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(1, Unit::Hours)))
        .await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    let (_, young) = {
        database.advance(30 * MINUTE);
        database.token(&plan.id, &ada.id, "young").await
    };
    database.advance(30 * MINUTE);
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenExpired));

    // The machine comes back with a clock that is an hour behind, before the token's expiry.
    let earlier = Clock::mock(NOW);
    let restarted = started(&database, &earlier).await.verifier.clone();
    assert_eq!(refusal(&restarted, &text).await, Some(Kind::TokenExpired));
    assert_eq!(
        refusal(&restarted, &young).await,
        None,
        "this one was never dead"
    );
    let newest = audit::newest(&mut database.read().await)
        .await
        .expect("read")
        .expect("events");
    assert!(
        earlier.now() >= newest,
        "no reading lies before what was acknowledged"
    );
}

pub(crate) async fn a_token_from_a_machine_whose_clock_is_ahead_works(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let ahead = NOW.saturating_add(400);
    let mut tx = database.write().await;
    let actor = Actor::user(ada.id.clone());
    let made = tokens::generate(
        &mut tx,
        &database.random,
        ahead,
        &actor,
        (&plan.id, &ada.id),
        ("t", &Scopes::default()),
    )
    .await;
    tx.commit().await.expect("committed");
    let (token, secret) = made.expect("a token");
    let Outcome::Works(verified) = verifier.verify(&secret.reveal()).await.expect("an answer")
    else {
        panic!("it was generated, so it is at least that late");
    };
    assert_eq!(verified.at, token.facts.created_at);
}

pub(crate) async fn what_another_process_changes_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    let (_, other) = database.token(&plan.id, &ada.id, "other").await;
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &text).await, None);
    assert_eq!(refusal(&verifier, &other).await, None);
    let lookups = verifier.lookups();

    database.store = database.another_process().await;
    database.revoke(&token).await;
    assert_eq!(
        refusal(&verifier, &text).await,
        None,
        "nobody told this process yet"
    );
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &other).await, None);
    assert_eq!(
        verifier.lookups(),
        lookups + 1,
        "only the revoked one was forgotten"
    );

    // A raised watermark is no event, and is heard of all the same.
    let mut tx = database.write().await;
    let known = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    let mut raised = known.history.in_force_at(NOW).clone();
    raised.dead_before = NOW.saturating_add(1);
    let raised = History::new(vec![raised]).expect("a version");
    policies::observe(&mut tx, &plan.id, &raised, NOW)
        .await
        .expect("raised");
    tx.commit().await.expect("committed");
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &other).await, Some(Kind::TokenExpired));
}

pub(crate) async fn without_news_the_memory_is_not_trusted(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    assert_eq!(refusal(&verifier, &text).await, None);
    database.store = database.another_process().await;
    database.revoke(&token).await;
    database.clock.advance(Duration::from_millis(1_000));
    assert_eq!(
        refusal(&verifier, &text).await,
        None,
        "for a second the memory is trusted"
    );
    database.clock.advance(Duration::from_millis(1));
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
}

pub(crate) async fn a_store_that_is_down_lets_nobody_in(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, text) = database.token(&plan.id, &ada.id, "t").await;
    assert_eq!(refusal(&verifier, &text).await, None);
    database.store.close().await;
    database.clock.advance(Duration::from_millis(1_001));
    let failed = verifier.verify(&text).await.expect_err("nobody is let in");
    assert!(failed.is_unavailable(), "{failed:?}");
    assert!(verifier.follow_changes().await.is_err());
}

pub(crate) async fn uses_are_written_together(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "t").await;
    let from: IpAddr = [203, 0, 113, 7].into();
    for _ in 0..3 {
        database.advance(10);
        let Outcome::Works(used) = verifier.verify(&text).await.expect("an answer") else {
            panic!("it works");
        };
        let counted = verifier.record_use(&used, Some(from)).await;
        counted.expect("counted");
    }
    let hash = secret::hash(&text);
    let found = store::tokens::by_hash(&mut database.read().await, &hash).await;
    assert_eq!(
        found.expect("read").expect("it").facts.last_used_at,
        None,
        "not a write per call"
    );
    verifier.flush_uses().await.expect("written");
    let found = store::tokens::by_hash(&mut database.read().await, &hash)
        .await
        .expect("read");
    let found = found.expect("it");
    assert_eq!(
        found.facts.last_used_at,
        Some(token.facts.created_at.saturating_add(30))
    );
    assert_eq!(found.last_used_from.as_deref(), Some("203.0.113.7"));
    let head = audit::head(&mut database.read().await)
        .await
        .expect("a head");
    verifier.flush_uses().await.expect("nothing to write");
    assert_eq!(
        audit::head(&mut database.read().await)
            .await
            .expect("a head"),
        head
    );
    // A refused token was not used.
    database.revoke(&token).await;
    database.advance(10);
    assert_eq!(refusal(&verifier, &text).await, Some(Kind::TokenRevoked));
    verifier.flush_uses().await.expect("nothing to write");
    let after = store::tokens::by_hash(&mut database.read().await, &hash)
        .await
        .expect("read");
    assert_eq!(
        after.expect("it").facts.last_used_at,
        found.facts.last_used_at
    );
}
