//! Renewing and ending what clients hold, and deleting them: everything in one transaction (R9).

use tenure_domain::{
    period::Unit,
    refresh::Decision,
    suspicion::Rule,
    time::{DAY, HOUR, MINUTE},
    token::{Revocation, RevocationReason, Status, status},
};
use tenure_server::{
    ops::{Actor, clients},
    secret,
    store::{
        audit, oauth_clients, oauth_grants, oauth_refresh_tokens as refresh_tokens, policies,
        token_findings,
        tokens::{self, Use},
    },
};

use crate::support::{Database, period};

/// What a token was revoked for.
fn reason(revoked: Option<Revocation>) -> Option<RevocationReason> {
    revoked.map(|revocation| revocation.reason)
}

pub(crate) async fn a_refreshed_pair_takes_the_old_ones_place_at_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (client, grant, first) = database.connected(&plan, &ada).await;
    database.advance(MINUTE);
    // Whatever was done is undone where it is not committed.
    let mut tx = database.write().await;
    let (decision, lost) = database.present_in(&mut tx, &first.refresh).await;
    assert_eq!(decision, Decision::Renew);
    drop(tx);
    assert_eq!(database.kept(&first.access).await.facts.revoked, None);
    let lost = lost.expect("a pair");
    let mut tx = database.read().await;
    for (access, refresh) in [(&lost.access, &lost.refresh)] {
        let found = tokens::by_hash(&mut tx, &secret::hash(access)).await;
        assert_eq!(found.expect("read"), None);
        let found = refresh_tokens::by_hash(&mut tx, &secret::hash(refresh)).await;
        assert_eq!(found.expect("read"), None);
    }
    drop(tx);

    let (decision, second) = database.present(&first.refresh).await;
    let second = second.expect("a pair");
    assert_eq!(decision, Decision::Renew);
    let old = database.kept(&first.access).await.facts.revoked;
    let rotated = Revocation {
        at: database.clock.now(),
        reason: RevocationReason::Rotation,
        by: None,
    };
    assert_eq!(old, Some(rotated));
    let new = database.kept(&second.access).await;
    assert_eq!(new.facts.revoked, None);
    assert_eq!((&new.owner, &new.plan), (&ada.id, &plan.id));
    let held = new.held.expect("a client holds it");
    assert_eq!((held.client, held.grant), (client.id, grant.id.clone()));
    assert_eq!((new.name.as_str(), &new.scope), ("Board", &grant.scope));
    let mut tx = database.read().await;
    let live = refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    let live = live.expect("read").expect("one");
    assert_eq!(live.access_token, new.id, "the pair was written together");
    let replaced = refresh_tokens::by_hash(&mut tx, &secret::hash(&first.refresh)).await;
    let replaced = replaced.expect("read").expect("kept");
    assert_eq!(
        (replaced.successor, replaced.voided_at),
        (Some(live.id), None)
    );
    let log = audit::since(&mut tx, 0, 100).await.expect("read");
    let actions: Vec<_> = log.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        &actions[actions.len() - 2..],
        ["grant_begun", "grant_refreshed"]
    );
}

pub(crate) async fn a_grant_whose_answer_was_lost_is_healed_with_one_live_pair(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (_, grant, first) = database.connected(&plan, &ada).await;
    let (_, lost) = database.present(&first.refresh).await;
    let lost = lost.expect("a pair");
    let (decision, healed) = database.present(&first.refresh).await;
    let healed = healed.expect("a pair");
    assert_eq!(decision, Decision::Heal);
    let rotation = Some(RevocationReason::Rotation);
    for (text, revoked) in [
        (&first.access, rotation),
        (&lost.access, rotation),
        (&healed.access, None),
    ] {
        assert_eq!(reason(database.kept(text).await.facts.revoked), revoked);
    }
    let mut tx = database.read().await;
    let voided = refresh_tokens::by_hash(&mut tx, &secret::hash(&lost.refresh)).await;
    let voided = voided.expect("read").expect("kept").voided_at;
    assert_eq!(voided, Some(database.clock.now()));
    let live = refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    let live = live.expect("read").expect("one");
    let healed_refresh = refresh_tokens::by_hash(&mut tx, &secret::hash(&healed.refresh)).await;
    assert_eq!(healed_refresh.expect("read"), Some(live));
    drop(tx);
    assert_eq!(
        database
            .number("select count(*) from oauth_refresh_tokens where successor_id is null and voided_at is null")
            .await,
        1
    );
    assert_eq!(
        database
            .number("select count(*) from tokens where grant_id is not null and revoked_at is null")
            .await,
        1
    );
}

pub(crate) async fn a_replay_ends_the_grant_and_marks_it_suspicious(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (_, grant, first) = database.connected(&plan, &ada).await;
    let (_, second) = database.present(&first.refresh).await;
    let second = second.expect("a pair");
    // The client got its answer: it uses what it was given.
    let mut tx = database.write().await;
    let used = Use {
        token: database.kept(&second.access).await.id,
        at: database.clock.now(),
        from: None,
    };
    tokens::record_uses(&mut tx, &[used])
        .await
        .expect("recorded");
    tx.commit().await.expect("committed");
    database.advance(MINUTE);
    let (decision, none) = database.present(&first.refresh).await;
    assert_eq!(decision, Decision::Replay);
    assert!(none.is_none());
    let now = database.clock.now();
    let newest = database.kept(&second.access).await;
    assert_eq!(reason(newest.facts.revoked), Some(RevocationReason::Reuse));
    assert_eq!(newest.facts.suspicious_since, Some(now));
    let older = database.kept(&first.access).await.facts;
    assert_eq!(reason(older.revoked), Some(RevocationReason::Rotation));
    let mut tx = database.read().await;
    let ended = oauth_grants::get(&mut tx, &grant.id).await.expect("read");
    assert_eq!(ended.and_then(|grant| grant.ended_at), Some(now));
    // The evidence is the replaced refresh token, and it is kept of the token that it ended.
    let found = token_findings::of_token(&mut tx, &newest.id).await;
    let [found] = &found.expect("read")[..] else {
        panic!("one finding");
    };
    let presented = refresh_tokens::by_hash(&mut tx, &secret::hash(&first.refresh)).await;
    let presented = presented.expect("read").expect("kept");
    assert_eq!(found.kept.key, presented.id);
    assert_eq!(
        (found.kept.rule, found.kept.first_at),
        (Rule::RefreshReuse, now)
    );
    drop(tx);
    let marked = "select suspicious_since from oauth_grants where ended_reason = 'reuse'";
    assert_eq!(database.number(marked).await, now.as_millis());
    // Whoever holds the newest refresh token gets nothing by it any more.
    let (decision, none) = database.present(&second.refresh).await;
    assert_eq!((decision, none.is_none()), (Decision::Ended, true));
}

pub(crate) async fn a_voided_refresh_token_is_a_replay(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (_, _, first) = database.connected(&plan, &ada).await;
    let (_, lost) = database.present(&first.refresh).await;
    let (_, healed) = database.present(&first.refresh).await;
    let (decision, _) = database.present(&lost.expect("a pair").refresh).await;
    assert_eq!(decision, Decision::Replay);
    let healed = database.kept(&healed.expect("a pair").access).await;
    assert_eq!(reason(healed.facts.revoked), Some(RevocationReason::Reuse));
}

pub(crate) async fn a_grant_that_nobody_renews_ends_after_ninety_days(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (_, _, first) = database.connected(&plan, &ada).await;
    database.advance(90 * DAY - 1);
    let (decision, second) = database.present(&first.refresh).await;
    assert_eq!(decision, Decision::Renew, "a millisecond before");
    let second = second.expect("a pair");
    database.advance(90 * DAY);
    let (decision, _) = database.present(&second.refresh).await;
    assert_eq!(decision, Decision::TooOld, "at the very instant");
    // Its access token had expired long before, and nobody revokes what has expired.
    assert_eq!(database.kept(&second.access).await.facts.revoked, None);
    let ended = "select count(*) from oauth_grants where ended_reason = 'idle'";
    assert_eq!(database.number(ended).await, 1);
}

pub(crate) async fn what_has_expired_is_not_revoked_by_a_renewal_and_stays_dead(
    database: Database,
) {
    let (plan, ada) = database.tenant().await;
    let week = Some(period(1, Unit::Days));
    database.policy(&plan, &ada, week).await;
    let (_, _, first) = database.connected(&plan, &ada).await;
    database.advance(DAY);
    let (_, second) = database.present(&first.refresh).await;
    let second = second.expect("a pair");
    let old = database.kept(&first.access).await;
    assert_eq!(old.facts.revoked, None, "it has expired");
    // With the clock set back, it is dead all the same.
    let earlier = old.facts.created_at.saturating_add(HOUR);
    let mut tx = database.read().await;
    let known = policies::history(&mut tx, &plan.id).await.expect("read");
    let history = known.expect("a plan").history;
    assert_eq!(status(&old.facts, &history, earlier), Status::Expired);
    let new = database.kept(&second.access).await;
    assert_eq!(
        status(&new.facts, &history, database.clock.now()),
        Status::Expiring
    );
}

pub(crate) async fn a_grant_ends_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (_, grant, pair) = database.connected(&plan, &ada).await;
    assert!(database.disconnect(&grant).await);
    let revoked = database.kept(&pair.access).await.facts.revoked;
    let expected = Revocation {
        at: database.clock.now(),
        reason: RevocationReason::Owner,
        by: Some(ada.id.clone()),
    };
    assert_eq!(revoked.as_ref(), Some(&expected));
    database.advance(MINUTE);
    let before = audit::head(&mut database.read().await).await.expect("read");
    assert!(!database.disconnect(&grant).await);
    assert_eq!(database.kept(&pair.access).await.facts.revoked, revoked);
    let after = audit::head(&mut database.read().await).await.expect("read");
    assert_eq!(after, before, "nothing is logged");
    let (decision, _) = database.present(&pair.refresh).await;
    assert_eq!(decision, Decision::Ended);
}

pub(crate) async fn a_deleted_client_loses_everything_at_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    let (client, _, mine) = database.connected(&plan, &ada).await;
    let hers = database.begin(&database.grant(&client, &eve).await).await;
    let (_, _, others) = database.connected(&plan, &eve).await;
    let (own, _) = database.token(&plan.id, &ada.id, "own").await;
    database.advance(MINUTE);
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let mut tx = database.write().await;
    let ended = clients::delete(&mut tx, now, &actor, &client).await;
    assert_eq!(ended.expect("deleted"), 2);
    drop(tx);
    assert_eq!(database.kept(&mine.access).await.facts.revoked, None);
    let mut tx = database.write().await;
    let ended = clients::delete(&mut tx, now, &actor, &client).await;
    assert_eq!(ended.expect("deleted"), 2);
    tx.commit().await.expect("committed");
    for text in [&mine.access, &hers.access] {
        let revoked = database.kept(text).await.facts.revoked;
        assert_eq!(reason(revoked), Some(RevocationReason::Client));
    }
    assert_eq!(database.kept(&others.access).await.facts.revoked, None);
    let mut tx = database.read().await;
    let own = tokens::get(&mut tx, &own.id).await.expect("read");
    assert_eq!(own.and_then(|token| token.facts.revoked), None);
    let gone = oauth_clients::get(&mut tx, &client.id).await.expect("read");
    assert!(gone.is_none());
}

pub(crate) async fn a_clients_secret_is_rotated_with_an_overlap_or_without(database: Database) {
    let (plan, ada) = database.tenant().await;
    let client = database.client(&plan, &ada, "Board").await;
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let mut tx = database.write().await;
    let until = now.saturating_add(HOUR);
    let first = client.secret_hash.expect("a secret");
    let rotated =
        clients::rotate_secret(&mut tx, &database.random, now, &actor, client, until).await;
    let (client, secret) = rotated.expect("rotated");
    let kept = oauth_clients::get(&mut tx, &client.id).await.expect("read");
    assert!(kept.as_ref() == Some(&client));
    assert_eq!(client.old_secret, Some((first, until)));
    assert_eq!(client.secret_hash, Some(secret.hash()));
    // Without an overlap, nothing works but the new one.
    let rotated = clients::rotate_secret(&mut tx, &database.random, now, &actor, client, now).await;
    let (client, secret) = rotated.expect("rotated");
    let kept = oauth_clients::get(&mut tx, &client.id).await.expect("read");
    assert!(kept.as_ref() == Some(&client));
    assert_eq!(client.old_secret, None);
    assert_eq!(client.secret_hash, Some(secret.hash()));
}

pub(crate) async fn a_changed_client_is_in_the_log(database: Database) {
    let (plan, ada) = database.tenant().await;
    let client = database.client(&plan, &ada, "Board").await;
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let mut facts = client.facts.clone();
    facts.name = "Board 2".to_owned();
    let mut tx = database.write().await;
    let changed = clients::change(&mut tx, now, &actor, client, facts).await;
    let changed = changed.expect("changed");
    let kept = oauth_clients::get(&mut tx, &changed.id)
        .await
        .expect("read");
    assert!(kept.as_ref() == Some(&changed) && changed.facts.name == "Board 2");
    let log = audit::since(&mut tx, 0, 100).await.expect("read");
    let last = log.last().expect("an event");
    assert_eq!(last.action, "client_changed");
    assert_eq!(last.target.as_deref(), Some(changed.id.as_str()));
    assert_eq!(last.actor_id.as_deref(), Some(ada.id.as_str()));
    assert!(last.details.contains("Board 2"), "{}", last.details);
}
