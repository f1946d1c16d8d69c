//! Notices that nobody takes or that have nothing left to tell, and what somebody else ended.

use tenure_domain::{
    notice::{NoticeKind, NoticeState},
    period::Unit,
    plan::Role,
    time::DAY,
    token::RevocationReason,
};
use tenure_server::{
    ops::{Actor, clients, grants, members},
    store::{notices::ledger::Filter, oauth_grants::Ending},
};

use crate::{
    mails::{again, all, deliver, hand_on, ledger, mails, plan_ahead, postman},
    support::{Database, period},
};

pub(crate) async fn what_somebody_else_ended_is_told(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    let bo = database.user("bo").await;
    database.join(&bo, &plan, Role::Member).await;
    let (client, grant, _) = database.connected(&plan, &bo).await;
    let admin = Actor::user(ada.id.clone());
    let mut tx = database.write().await;
    let now = database.clock.now();
    let reuse = Ending::Revoked(RevocationReason::Reuse);
    grants::end(&mut tx, now, &Actor::OPERATOR, &grant, reuse)
        .await
        .expect("ended");
    tx.commit().await.expect("committed");
    database.token(&plan.id, &bo.id, "Deploy").await;
    let (_, own, _) = database.connected(&plan, &bo).await;
    let mut tx = database.write().await;
    let now = database.clock.now();
    let owner = Ending::Revoked(RevocationReason::Owner);
    grants::end(&mut tx, now, &Actor::user(bo.id.clone()), &own, owner)
        .await
        .expect("ended");
    clients::delete(&mut tx, now, &admin, &client)
        .await
        .expect("deleted");
    members::deactivate(&mut tx, now, &admin, &plan.id, &bo.id)
        .await
        .expect("deactivated");
    tx.commit().await.expect("committed");
    let told = all(&database, &plan).await;
    assert!(
        told.iter()
            .all(|notice| notice.owner.id.as_ref() == Some(&bo.id))
    );
    assert_eq!(told.len(), 2, "the reuse and the deactivation: {told:?}");
    assert_eq!(deliver(&mut postman).await, 2);
    let mails = mails(folder.path()).join("");
    assert!(
        mails.contains("deactivated you in Acme") && mails.contains("Deploy"),
        "{mails}"
    );
    assert!(mails.contains("used a second time"), "{mails}");
}

pub(crate) async fn what_fails_is_told_to_the_admins_once_and_can_be_sent_again(
    mut database: Database,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    let lost = database.user("lost").await;
    database.join(&lost, &plan, Role::Member).await;
    database
        .raw("update users set email = 'no address' where name = 'lost'")
        .await
        .expect("changed");
    for owner in [&ada, &lost] {
        database.token(&plan.id, &owner.id, "CI").await;
    }
    database
        .policy(&plan, &ada, Some(period(90, Unit::Days)))
        .await;
    hand_on(&database).await;
    deliver(&mut postman).await;
    let only = |state, kind| Filter {
        state: Some(state),
        kind,
    };
    let [failed] = &ledger(&database, &plan, only(NoticeState::Failed, None)).await[..] else {
        panic!("one failed");
    };
    assert_eq!(failed.owner.id.as_ref(), Some(&lost.id));
    assert!(
        failed
            .reason
            .as_deref()
            .is_some_and(|reason| reason.contains("no address"))
    );
    let escalations = only(NoticeState::Sent, Some(NoticeKind::Escalation));
    let told = ledger(&database, &plan, escalations).await;
    assert_eq!((told.len(), &told[0].owner.id), (1, &Some(ada.id.clone())));

    again(&database, &plan, &ada, failed).await;
    // It fails again: the admin knows.
    assert_eq!(deliver(&mut postman).await, 1);
    database.advance(DAY);
    assert_eq!(deliver(&mut postman).await, 0);
    again(&database, &plan, &ada, failed).await;
    database
        .raw("update users set email = 'lost@acme.example' where name = 'lost'")
        .await
        .expect("changed");
    assert_eq!(deliver(&mut postman).await, 1);
    assert_eq!(
        ledger(&database, &plan, only(NoticeState::Failed, None)).await,
        []
    );
    assert_eq!(
        ledger(&database, &plan, escalations).await.len(),
        1,
        "an admin hears of it once"
    );
    let again = mails(folder.path());
    let again = again
        .iter()
        .find(|mail| mail.contains("lost@acme.example"))
        .expect("a mail");
    assert!(
        again.contains(&format!("Message-ID: <{}.2@acme.example>", failed.id)),
        "{again}"
    );
}

pub(crate) async fn a_digest_without_anything_left_is_suppressed_and_may_come_again(
    mut database: Database,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(90, Unit::Days)))
        .await;
    hand_on(&database).await;
    deliver(&mut postman).await;
    let (token, _) = database.token(&plan.id, &ada.id, "CI").await;
    let (other, _) = database.token(&plan.id, &ada.id, "other").await;
    database.advance(83 * DAY);
    assert_eq!(plan_ahead(&database).await, 1);
    database.revoke(&token).await;
    database.policy(&plan, &ada, None).await;
    assert_eq!(deliver(&mut postman).await, 1);
    let digests = Filter {
        state: None,
        kind: Some(NoticeKind::Digest),
    };
    let [digest] = &ledger(&database, &plan, digests).await[..] else {
        panic!("one digest");
    };
    assert_eq!(digest.state, NoticeState::Suppressed);
    // The same expiry comes back: it was not told, so it is told now.
    hand_on(&database).await;
    database
        .policy(&plan, &ada, Some(period(90, Unit::Days)))
        .await;
    hand_on(&database).await;
    deliver(&mut postman).await;
    let found = mails(folder.path()).join("");
    assert!(
        found.contains(&other.last_four) && !found.contains(&token.last_four),
        "{found}"
    );
}
