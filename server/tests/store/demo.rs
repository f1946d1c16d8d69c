//! The sample data.

use std::collections::BTreeSet;

use tenure_domain::{
    policy::Watermarks,
    suspicion::Rule,
    time::Timestamp,
    token::{Status, status},
};
use tenure_server::{
    demo,
    store::{
        audit::{self, Head},
        audit_walk::{Verified, verify},
        memberships, plans, policies, token_calls, token_findings,
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
    drop(tx);
    let verified = verify(&database.store, |_, _| {}).await.expect("verified");
    assert!(
        matches!(verified, Verified::Whole(Head { seq: 60.., .. })),
        "{verified:?}"
    );
}
