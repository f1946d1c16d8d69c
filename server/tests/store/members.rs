//! The people of a plan, and deactivating them: everything ends at once, nothing comes back (R10).

use serde_json::{Value, json};
use tenure_domain::{
    period::Unit,
    plan::{Role, Tier},
    problem::Kind,
    refresh::Decision,
    time::{DAY, HOUR, MINUTE},
    token::{Revocation, RevocationReason, Status, status},
};
use tenure_server::{
    clock::Clock,
    ops::{Actor, members},
    store::{
        audit::{self, Action},
        memberships, policies, sessions,
    },
};

use crate::{
    serving::{refusal, serving, started},
    support::{Database, NOW, period},
};

pub(crate) async fn members_come_in_the_order_of_their_ids(database: Database) {
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Business).await;
    let mut people = vec![ada.clone()];
    for name in ["eve", "bob", "cleo"] {
        database.advance(1);
        let user = database.user(name).await;
        database.join(&user, &plan, Role::Member).await;
        people.push(user);
    }
    let stranger = database.user("stranger").await;
    database.join(&stranger, &basil, Role::SystemAdmin).await;
    let bob = people[2].clone();
    assert!(database.deactivate(&plan, &bob, &ada).await);
    let mut tx = database.read().await;
    for limit in [1, 3, 100] {
        let mut listed: Vec<memberships::PlanMember> = Vec::new();
        loop {
            let after = listed.last().map(|member| member.user.id.0.clone());
            let after = after.unwrap_or_default();
            let page = memberships::members_page(&mut tx, &plan.id, &after, limit).await;
            let page = page.expect("a page");
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        let ids: Vec<_> = listed.iter().map(|member| &member.user.id).collect();
        let expected: Vec<_> = people.iter().map(|user| &user.id).collect();
        assert_eq!(
            ids, expected,
            "{limit} at a time, deactivated ones among them"
        );
    }
    let found = memberships::member(&mut tx, &plan.id, &bob.id).await;
    let found = found.expect("read").expect("a member");
    assert_eq!(found.email, bob.email);
    assert_eq!(
        (found.role, found.joined_at),
        (Role::Member, bob.created_at)
    );
    let by = (database.clock.now(), Some(ada.reference()));
    assert_eq!(found.deactivated, Some(by));
    let found = memberships::member(&mut tx, &plan.id, &ada.id).await;
    let found = found.expect("read").expect("a member");
    assert_eq!((found.role, found.deactivated), (Role::SystemAdmin, None));
    let none = memberships::member(&mut tx, &plan.id, &stranger.id).await;
    assert_eq!(none.expect("read"), None);
}

pub(crate) async fn a_deactivated_member_is_none_until_reactivated(database: Database) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::SystemAdmin).await;
    let standing = async || {
        let mut tx = database.read().await;
        let one = memberships::get(&mut tx, &eve.id, &plan.id).await;
        let all = memberships::of_user(&mut tx, &eve.id).await.expect("read");
        assert_eq!(all.len(), usize::from(one.expect("read").is_some()));
        let admins = memberships::count_admins(&mut tx, &plan.id).await;
        let plans = memberships::count_of_user(&mut tx, &eve.id).await;
        (all.len(), admins.expect("counted"), plans.expect("counted"))
    };
    assert_eq!(standing().await, (1, 2, 1));
    for was_active in [true, false] {
        assert_eq!(database.deactivate(&plan, &eve, &ada).await, was_active);
        assert_eq!(standing().await, (0, 1, 1));
    }
    for was_deactivated in [true, false] {
        let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
        let mut tx = database.write().await;
        let done = members::reactivate(&mut tx, now, &actor, &plan.id, &eve.id).await;
        assert_eq!(done.expect("answered"), was_deactivated);
        tx.commit().await.expect("committed");
        assert_eq!(standing().await, (1, 2, 1));
    }
    let log = audit::since(&mut database.read().await, 0, 100).await;
    let log = log.expect("read");
    let count = |action: Action| {
        let is = |event: &&audit::Logged| event.action == action.as_str();
        log.iter().filter(is).count()
    };
    assert_eq!(count(Action::UserDeactivated), 1, "once, not twice");
    assert_eq!(count(Action::UserReactivated), 1, "once, not twice");
}

pub(crate) async fn deactivating_ends_everything_in_this_plan_and_nothing_elsewhere(
    mut database: Database,
) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Business).await;
    let eve = database.user("eve").await;
    for plan in [&plan, &basil] {
        database.join(&eve, plan, Role::Member).await;
    }
    let (_, own) = database.token(&plan.id, &eve.id, "own").await;
    let (client, _, held) = database.connected(&plan, &eve).await;
    let (_, elsewhere) = database.token(&basil.id, &eve.id, "elsewhere").await;
    let (_, _, held_elsewhere) = database.connected(&basil, &eve).await;
    let (_, others) = database.token(&plan.id, &ada.id, "somebody else's").await;
    let others_app = database.begin(&database.grant(&client, &ada).await).await;
    let untouched = [
        &elsewhere,
        &held_elsewhere.access,
        &others,
        &others_app.access,
    ];
    database.advance(MINUTE);

    // Without the commit, nothing has ended.
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let mut tx = database.write().await;
    let done = members::deactivate(&mut tx, now, &actor, &plan.id, &eve.id).await;
    assert!(done.expect("answered"));
    drop(tx);
    for text in [&own, &held.access] {
        assert_eq!(refusal(&verifier, text).await, None);
    }

    assert!(database.deactivate(&plan, &eve, &ada).await);
    let expected = Revocation {
        at: now,
        reason: RevocationReason::Deactivation,
        by: Some(ada.id.clone()),
    };
    for text in [&own, &held.access] {
        let kind = refusal(&verifier, text).await;
        assert_eq!(kind, Some(Kind::OwnerDeactivated));
        assert_eq!(
            database.kept(text).await.facts.revoked,
            Some(expected.clone())
        );
    }
    for text in untouched {
        assert_eq!(refusal(&verifier, text).await, None);
    }
    let (decision, _) = database.present(&held.refresh).await;
    assert_eq!(decision, Decision::Ended);
    let (decision, _) = database.present(&held_elsewhere.refresh).await;
    assert_eq!(decision, Decision::Renew);

    let mut tx = database.write().await;
    let done = members::reactivate(&mut tx, now, &actor, &plan.id, &eve.id).await;
    assert!(done.expect("answered"));
    tx.commit().await.expect("committed");
    for text in [&own, &held.access] {
        let kind = refusal(&verifier, text).await;
        assert_eq!(kind, Some(Kind::OwnerDeactivated), "nothing comes back");
    }
    let (decision, _) = database.present(&held.refresh).await;
    assert_eq!(decision, Decision::Ended, "nothing comes back");
    let (_, new) = database.token(&plan.id, &eve.id, "new").await;
    assert_eq!(refusal(&verifier, &new).await, None);
}

pub(crate) async fn deactivating_writes_how_much_ended(database: Database) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::Member).await;
    for name in ["a", "b"] {
        database.token(&plan.id, &eve.id, name).await;
    }
    let (revoked, _) = database.token(&plan.id, &eve.id, "c").await;
    database.revoke(&revoked).await;
    database.connected(&plan, &eve).await;
    database.deactivate(&plan, &eve, &ada).await;
    let log = audit::since(&mut database.read().await, 0, 100).await;
    let log = log.expect("read");
    let last = log.last().expect("an event");
    assert_eq!(last.action, Action::UserDeactivated.as_str());
    assert_eq!(last.target.as_deref(), Some(eve.id.as_str()));
    assert_eq!(last.actor_id.as_deref(), Some(ada.id.as_str()));
    let details: Value = serde_json::from_str(&last.details).expect("JSON");
    assert_eq!(details, json!({ "grants_ended": 1, "tokens_revoked": 2 }));
    let ended = &log[log.len() - 2];
    assert_eq!(ended.action, Action::GrantEnded.as_str());
}

pub(crate) async fn what_has_ended_keeps_its_own_reason_and_stays_dead(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::Member).await;
    let week = Some(period(7, Unit::Days));
    database.policy(&plan, &ada, week).await;
    let (_, expired) = database.token(&plan.id, &eve.id, "expired").await;
    database.advance(6 * DAY);
    let (token, retired) = database.token(&plan.id, &eve.id, "rotated").await;
    let (_, successor) = database.rotate(&token, HOUR).await.expect("rotated");
    let retires_at = database.clock.now().saturating_add(HOUR);
    database.advance(DAY);
    // Nobody has been told yet that the first has expired and the second has retired.
    assert!(database.deactivate(&plan, &eve, &ada).await);
    assert_eq!(database.kept(&expired).await.facts.revoked, None);
    let rotated = Revocation {
        at: retires_at,
        reason: RevocationReason::Rotation,
        by: None,
    };
    assert_eq!(database.kept(&retired).await.facts.revoked, Some(rotated));
    let deactivated = database.kept(&successor).await.facts.revoked;
    let reason = deactivated.map(|revocation| revocation.reason);
    assert_eq!(reason, Some(RevocationReason::Deactivation));
    for (text, kind) in [
        (&expired, Kind::TokenExpired),
        (&retired, Kind::TokenRevoked),
        (&successor, Kind::OwnerDeactivated),
    ] {
        assert_eq!(refusal(&verifier, text).await, Some(kind));
    }

    // Nor does a clock that was set back bring it to life.
    let mut tx = database.read().await;
    let known = policies::history(&mut tx, &plan.id).await.expect("read");
    let history = known.expect("a plan").history;
    let facts = database.kept(&expired).await.facts;
    assert_eq!(status(&facts, &history, NOW), Status::Expired);
    let restarted = started(&database, &Clock::mock(NOW)).await.verifier.clone();
    assert_eq!(
        refusal(&restarted, &expired).await,
        Some(Kind::TokenExpired)
    );
    assert_eq!(
        refusal(&restarted, &retired).await,
        Some(Kind::TokenRevoked)
    );
}

pub(crate) async fn sessions_end_with_the_last_plan(database: Database) {
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Business).await;
    let eve = database.user("eve").await;
    for plan in [&plan, &basil] {
        database.join(&eve, plan, Role::Member).await;
    }
    let mut tx = database.write().await;
    sessions::insert(&mut tx, &[1; 32], &eve.id, NOW)
        .await
        .expect("begun");
    sessions::insert(&mut tx, &[2; 32], &ada.id, NOW)
        .await
        .expect("begun");
    tx.commit().await.expect("committed");
    for (plan, remains) in [(&plan, true), (&basil, false)] {
        assert!(database.deactivate(plan, &eve, &ada).await);
        let mut tx = database.read().await;
        let session = sessions::by_hash(&mut tx, &[1; 32], NOW).await;
        assert_eq!(session.expect("read").is_some(), remains);
        let others = sessions::by_hash(&mut tx, &[2; 32], NOW).await;
        assert!(others.expect("read").is_some());
    }
}
