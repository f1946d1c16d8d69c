//! The sample data.

use std::collections::BTreeSet;

use tenure_domain::{
    alert::AlertKind,
    id::PlanId,
    notice::{NoticeKind, NoticeState},
    policy::Watermarks,
    suspicion::Rule,
    time::{DAY, Timestamp},
    token::{Status, status},
    wire::auth_health::Outcome,
};
use tenure_server::{
    demo,
    ops::alerts::{self as op, Place},
    store::{
        Tx, alerts,
        audit::{self, Head},
        audit_walk::{Verified, verify},
        memberships,
        notices::ledger::{self, Filter},
        plans, policies, token_calls, token_findings,
        tokens::{self, Position},
        users,
    },
};

use crate::support::{Database, NOW};

pub(crate) async fn sample_data_has_tokens_of_every_status(database: Database) {
    let filled = demo::fill(&database.url, NOW, &database.random)
        .await
        .expect("filled");
    assert!(filled);
    let events = audit::head(&mut database.read().await)
        .await
        .expect("read")
        .seq;
    let again = demo::fill(&database.url, NOW, &database.random)
        .await
        .expect("left alone");
    assert!(again, "the accounts are there");

    let mut tx = database.read().await;
    let head = audit::head(&mut tx).await.expect("read");
    assert_eq!(head.seq, events, "only an empty database is filled");
    for (email, _) in demo::ACCOUNTS {
        assert!(
            users::by_email(&mut tx, email)
                .await
                .expect("read")
                .is_some(),
            "{email}"
        );
    }
    let member = users::by_email(&mut tx, "member@acme.example")
        .await
        .expect("read");
    let member = member.expect("the member").id;
    let plans_of_member = memberships::of_user(&mut tx, &member).await.expect("read");
    let names: Vec<_> = plans_of_member
        .iter()
        .map(|plan| plan.name.as_str())
        .collect();
    assert_eq!(names, ["Acme", "Basil"]);

    let acme = plans::by_name(&mut tx, "Acme")
        .await
        .expect("read")
        .expect("Acme");
    let known = policies::history(&mut tx, &acme.id)
        .await
        .expect("read")
        .expect("a plan");
    assert_eq!(known.history.versions().count(), 7);
    assert!(known.history.scheduled_at(NOW).is_some(), "one is to come");
    let after = Position::before(Timestamp::MIN);
    let none = Watermarks::NONE;
    let mut all = tokens::working_page(&mut tx, &member, &acme.id, none, &after, 100)
        .await
        .expect("read");
    let below = Position::before(Timestamp::MAX);
    let revoked = tokens::ended_page(&mut tx, &member, &acme.id, none, &below, 100).await;
    all.extend(revoked.expect("read"));
    let statuses: BTreeSet<_> = all
        .iter()
        .map(|token| format!("{:?}", status(&token.facts, &known.history, NOW)))
        .collect();
    let expected: BTreeSet<_> = Status::ALL
        .into_iter()
        .map(|status| format!("{status:?}"))
        .collect();
    assert_eq!(statuses, expected);
    let sync = all.iter().find(|token| token.name == "Nightly sync");
    let sync = sync.expect("the one that somebody copied").id.clone();
    let found = token_findings::of_token(&mut tx, &sync).await;
    let rules: Vec<_> = found.expect("read").iter().map(|it| it.kept.rule).collect();
    assert_eq!(rules, [Rule::TwoNetworks]);
    let callers = token_calls::summed(&mut tx, &sync, 10).await.expect("read");
    assert_eq!(callers.len(), 2, "its own program, and the other one");
    let feed = all.iter().find(|token| token.name == "Calendar feed");
    let feed = feed.expect("the one that has expired").id.clone();
    let callers = token_calls::summed(&mut tx, &feed, 10).await.expect("read");
    assert!(callers[0].refused > 0, "it is still called with");
    wanted_attention(&mut tx, &acme.id).await;
    reached_nobody(&mut tx, &acme.id).await;
    drop(tx);
    let verified = verify(&database.store, |_, _| {}).await.expect("verified");
    assert!(
        matches!(verified, Verified::Whole(Head { seq: 60.., .. })),
        "{verified:?}"
    );
}

/// What went wrong in the last day is over, but for the token that somebody has a copy of.
async fn wanted_attention(tx: &mut Tx, acme: &PlanId) {
    let page = op::page(tx, acme, Place::default(), 10).await;
    let (alerts, _) = page.expect("read");
    let told: Vec<_> = alerts
        .iter()
        .map(|alert| (alert.kind, alert.cleared_at.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            (AlertKind::SuspiciousTokens, false),
            (AlertKind::CallsRefused, true),
            (AlertKind::RefreshFailing, true),
        ]
    );
    let begun = NOW.saturating_add(-DAY);
    let totals = alerts::totals(tx, acme, begun).await.expect("read");
    let calls = |outcome| {
        let of_outcome = totals.iter().filter(|total| total.outcome == outcome);
        of_outcome.map(|total| total.calls).sum::<u64>()
    };
    assert_eq!(calls(Outcome::RefreshEnded), 9);
    assert!(calls(Outcome::ScopeLacking) > 0);
    let (works, expired) = (calls(Outcome::Works), calls(Outcome::Expired));
    assert!(expired > 500 && works > 5 * expired, "{works}, {expired}");
}

/// A mail that failed, and an invitation; both were told to the System Admins. None waits.
async fn reached_nobody(tx: &mut Tx, acme: &PlanId) {
    let all = ledger::page(tx, acme, None, Filter::default(), 200).await;
    let all = all.expect("read");
    let failed = all
        .iter()
        .filter(|notice| notice.state == NoticeState::Failed);
    let failed: BTreeSet<_> = failed.map(|notice| notice.owner.email.as_str()).collect();
    let unreached = BTreeSet::from(["yuki@acme.example", "jonas@acme.exmaple"]);
    assert_eq!(failed, unreached);
    let escalations = all
        .iter()
        .filter(|notice| notice.kind == NoticeKind::Escalation);
    assert_eq!(escalations.count(), 4, "two System Admins, two days");
    assert!(all.iter().all(|notice| notice.state != NoticeState::Queued));
}
