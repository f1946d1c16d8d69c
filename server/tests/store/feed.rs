//! What another process refreshes, revokes, rotates or ends is heard of, and nothing else is forgotten.

use tenure_domain::{
    plan::Role,
    problem::Kind,
    time::{HOUR, MINUTE},
};
use tenure_server::{
    store::{
        audit::{self, Action},
        news::{self, Item},
    },
    verifier::Verifier,
};

use crate::{
    serving::{refusal, serving},
    support::Database,
};

/// From here on, what the test does is done by another process: the verifier hears nothing by itself.
async fn elsewhere(database: &mut Database) {
    database.store = database.another_process().await;
}

/// These tokens are known to the verifier and work, and the log is known up to here.
async fn remember(verifier: &Verifier, texts: &[&String]) -> u64 {
    verifier.follow_changes().await.expect("followed");
    for text in texts {
        assert_eq!(refusal(verifier, text).await, None);
    }
    verifier.lookups()
}

pub(crate) async fn a_refresh_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, own) = database.token(&plan.id, &ada.id, "own").await;
    let (_, _, first) = database.connected(&plan, &ada).await;
    let lookups = remember(&verifier, &[&own, &first.access]).await;
    elsewhere(&mut database).await;
    let (_, second) = database.present(&first.refresh).await;
    let kind = refusal(&verifier, &first.access).await;
    assert_eq!(kind, None, "nobody told this process yet");
    verifier.follow_changes().await.expect("followed");
    let kind = refusal(&verifier, &first.access).await;
    assert_eq!(kind, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &own).await, None);
    assert_eq!(
        verifier.lookups(),
        lookups + 1,
        "only the old one was forgotten"
    );
    let second = second.expect("a pair");
    assert_eq!(refusal(&verifier, &second.access).await, None);
}

pub(crate) async fn a_grant_that_ends_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, own) = database.token(&plan.id, &ada.id, "own").await;
    let (_, grant, pair) = database.connected(&plan, &ada).await;
    let lookups = remember(&verifier, &[&own, &pair.access]).await;
    elsewhere(&mut database).await;
    assert!(database.disconnect(&grant).await);
    verifier.follow_changes().await.expect("followed");
    let kind = refusal(&verifier, &pair.access).await;
    assert_eq!(kind, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &own).await, None);
    assert_eq!(
        verifier.lookups(),
        lookups + 1,
        "only that one was forgotten"
    );
}

pub(crate) async fn a_replay_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (_, _, first) = database.connected(&plan, &ada).await;
    let (_, second) = database.present(&first.refresh).await;
    let (_, third) = database.present(&second.expect("a pair").refresh).await;
    let third = third.expect("a pair");
    remember(&verifier, &[&third.access]).await;
    elsewhere(&mut database).await;
    database.present(&first.refresh).await;
    verifier.follow_changes().await.expect("followed");
    let kind = refusal(&verifier, &third.access).await;
    assert_eq!(kind, Some(Kind::TokenRevoked));
}

pub(crate) async fn a_rotation_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let (at_once, first) = database.token(&plan.id, &ada.id, "at once").await;
    let (with_overlap, second) = database.token(&plan.id, &ada.id, "with overlap").await;
    let (_, other) = database.token(&plan.id, &ada.id, "other").await;
    let lookups = remember(&verifier, &[&first, &second, &other]).await;
    elsewhere(&mut database).await;
    database.rotate(&at_once, 0).await.expect("rotated");
    database.rotate(&with_overlap, HOUR).await.expect("rotated");
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &first).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &second).await, None);
    assert_eq!(refusal(&verifier, &other).await, None);
    assert_eq!(
        verifier.lookups(),
        lookups + 2,
        "only the rotated ones were forgotten"
    );
    database.advance(HOUR);
    verifier.follow_changes().await.expect("followed");
    assert_eq!(refusal(&verifier, &second).await, Some(Kind::TokenRevoked));
    assert_eq!(refusal(&verifier, &other).await, None);
}

pub(crate) async fn a_deactivation_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::Member).await;
    let (_, own) = database.token(&plan.id, &eve.id, "own").await;
    let (_, _, pair) = database.connected(&plan, &eve).await;
    let (_, others) = database.token(&plan.id, &ada.id, "others").await;
    remember(&verifier, &[&own, &pair.access, &others]).await;
    elsewhere(&mut database).await;
    database.advance(MINUTE / 120);
    assert!(database.deactivate(&plan, &eve, &ada).await);
    verifier.follow_changes().await.expect("followed");
    for text in [&own, &pair.access] {
        let kind = refusal(&verifier, text).await;
        assert_eq!(kind, Some(Kind::OwnerDeactivated));
    }
    assert_eq!(refusal(&verifier, &others).await, None);
}

pub(crate) async fn the_news_say_whose_each_thing_was(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, _) = database.token(&plan.id, &ada.id, "build").await;
    let (_, grant, _) = database.connected(&plan, &ada).await;
    let mut log_end = database.store.log_end();
    log_end.mark_unchanged();
    let mut tx = database.read().await;
    let before = audit::head(&mut tx).await.expect("a head").seq;
    drop(tx);
    database.revoke(&token).await;
    assert!(log_end.has_changed().expect("a store"));
    assert_eq!(*log_end.borrow_and_update(), before + 1);
    assert!(database.disconnect(&grant).await);
    let eve = database.user("eve").await;
    let mut tx = database.read().await;
    let all = news::since(&mut tx, before, 100).await.expect("read");
    let of = |item: &Item| (item.action, item.plan.clone(), item.owner.clone());
    let expected = [
        (
            Some(Action::TokenRevoked),
            Some(plan.id.clone()),
            Some(ada.id.clone()),
        ),
        (Some(Action::GrantEnded), Some(plan.id), Some(ada.id)),
        (Some(Action::UserCreated), None, Some(eve.id)),
    ];
    assert_eq!(all.iter().map(of).collect::<Vec<_>>(), expected);
    let seqs: Vec<_> = all.iter().map(|item| item.seq).collect();
    assert_eq!(seqs, [before + 1, before + 2, before + 3]);
    let next = news::since(&mut tx, before + 1, 1).await.expect("read");
    assert_eq!(next, all[1..2]);
}
