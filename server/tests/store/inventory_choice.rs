//! What System Admins chose of a list of tokens is revoked; people of a list are named many at once.

use tenure_domain::{
    id::{TokenId, UserId},
    time::Timestamp,
    token::RevocationReason,
};
use tenure_server::{
    ops::{Actor, inventory::revoke},
    store::{
        audit_log::{Lead, Place, Walk},
        tokens::Token,
        users,
    },
};

use crate::{inventory::found, support::Database};

pub(crate) async fn chosen_tokens_are_revoked_at_once_and_told(database: Database) {
    let (plan, ada) = database.tenant().await;
    let grace = database.user("grace").await;
    database
        .join(&grace, &plan, tenure_domain::plan::Role::Member)
        .await;
    let mut ids = Vec::new();
    for (owner, name) in [
        (&grace, "one"),
        (&grace, "two"),
        (&ada, "own"),
        (&grace, "dead"),
    ] {
        let (token, _) = database.token(&plan.id, &owner.id, name).await;
        if name == "dead" {
            database.revoke(&token).await;
        }
        ids.push(token.id);
    }
    let (_, _, pair) = database.connected(&plan, &grace).await;
    let held = database.kept(&pair.access).await;
    ids.extend([held.id.clone(), TokenId("nobody".to_owned())]);
    let history = database.history(&plan.id).await;
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let mut tx = database.write().await;
    let sorted = revoke::sort(&mut tx, &plan.id, &history, now, &ids).await;
    let sorted = sorted.expect("read");
    let names = |tokens: &[Token]| tokens.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    let working = [&ids[0], &ids[1], &ids[2], &held.id].map(Clone::clone);
    assert_eq!(names(&sorted.working), working);
    assert_eq!(names(&sorted.ended), [ids[3].clone()]);
    assert_eq!(sorted.unknown, [TokenId("nobody".to_owned())]);
    let done = revoke::revoke(&mut tx, now, &actor, &sorted.working).await;
    done.expect("revoked");
    tx.commit().await.expect("committed");

    let mut reasons = Vec::new();
    for id in &working {
        let revoked = found(&database, id).await.facts.revoked.expect("revoked");
        assert_eq!((revoked.at, &revoked.by), (now, &Some(ada.id.clone())));
        reasons.push(revoked.reason);
    }
    let (admin, owner) = (RevocationReason::Admin, RevocationReason::Owner);
    assert_eq!(reasons, [admin, admin, owner, admin]);
    // Of her two tokens Grace hears once, of her app once; Ada did it herself.
    let notices = database.number("select count(*) from notices where kind = 'revoked'");
    assert_eq!(notices.await, 2);
    let told = database.number("select max(tokens) from notice_plans");
    assert_eq!(told.await, 2);
    let refreshable = database.number("select count(*) from oauth_grants where ended_at is null");
    assert_eq!(refreshable.await, 0, "the app fetches no next one");
    let walk = Walk {
        plan: &plan.id,
        lead: Lead::Actor(ada.id.as_str()),
        since: Timestamp::MIN,
    };
    let mut tx = database.read().await;
    let events = walk.below(&mut tx, Place::before(Timestamp::MAX), 50).await;
    let events = events.expect("read");
    let count = |action: &str| events.iter().filter(|it| it.action == action).count();
    assert_eq!((count("token_revoked"), count("grant_ended")), (3, 1));
}

pub(crate) async fn people_are_named_many_at_once(database: Database) {
    let mut people = Vec::new();
    for number in 0..35 {
        people.push(database.user(&format!("user{number}")).await.reference());
    }
    people.sort_by(|left, right| left.id.cmp(&right.id));
    let ids: Vec<_> = people.iter().map(|user| user.id.clone()).collect();
    let mut tx = database.read().await;
    for count in [0, 1, 32, 33, 35] {
        let found = users::references(&mut tx, &ids[..count]).await;
        let mut found = found.expect("read");
        found.sort_by(|left, right| left.id.cmp(&right.id));
        assert_eq!(found, people[..count]);
    }
    let nobody = UserId("nobody".to_owned());
    let found = users::references(&mut tx, &[nobody]).await;
    assert_eq!(found.expect("read"), []);
}
