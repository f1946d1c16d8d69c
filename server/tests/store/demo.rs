//! The sample data.

use std::collections::BTreeSet;

use tenure_domain::{
    policy::Watermarks,
    time::Timestamp,
    token::{Status, status},
};
use tenure_server::{
    demo,
    store::{
        audit::{self, Head},
        audit_walk::{Verified, verify},
        memberships, plans, policies,
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
    assert_eq!(known.history.versions().count(), 6);
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
        .filter(|status| *status != Status::Suspicious)
        .map(|status| format!("{status:?}"))
        .collect();
    assert_eq!(statuses, expected, "nothing makes a token suspicious yet");
    drop(tx);
    let verified = verify(&database.store, |_, _| {}).await.expect("verified");
    assert!(
        matches!(verified, Verified::Whole(Head { seq: 60.., .. })),
        "{verified:?}"
    );
}
