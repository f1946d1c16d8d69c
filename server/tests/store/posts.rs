//! The outbox of posts on both engines.

use tenure_domain::{
    plan::Tier,
    time::{HOUR, MINUTE, SECOND},
};
use tenure_server::store::webhooks;

use crate::support::{Database, NOW};

pub(crate) async fn a_post_is_in_one_hand_until_its_lease_runs_out(database: Database) {
    let (plan, _) = database.tenant().await;
    let mut tx = database.write().await;
    assert!(
        webhooks::get(&mut tx, &plan.id)
            .await
            .expect("read")
            .is_none()
    );
    assert!(!webhooks::is_due(&mut tx, NOW).await.expect("read"));
    assert_eq!(
        webhooks::latest(&mut tx, &plan.id).await.expect("read"),
        None
    );
    for (url, secret) in [
        ("https://one.example/", [1; 32]),
        ("https://two.example/", [2; 32]),
    ] {
        webhooks::put(&mut tx, &plan.id, url, &secret, NOW)
            .await
            .expect("set");
    }
    let webhook = webhooks::get(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a webhook");
    assert_eq!(
        (webhook.url.as_str(), webhook.secret),
        ("https://two.example/", vec![2; 32])
    );
    webhooks::queue(&mut tx, "post-1", &plan.id, "{}", NOW)
        .await
        .expect("queued");
    let before = NOW.saturating_add(-1);
    assert!(!webhooks::is_due(&mut tx, before).await.expect("read"));
    assert!(webhooks::is_due(&mut tx, NOW).await.expect("read"));
    let until = NOW.saturating_add(30 * SECOND);
    let first = webhooks::lease(&mut tx, "me", NOW, until)
        .await
        .expect("leased");
    assert_eq!(
        first.map(|post| (post.id, post.attempts)),
        Some(("post-1".to_owned(), 1))
    );
    assert_eq!(
        webhooks::lease(&mut tx, "you", NOW, until)
            .await
            .expect("asked"),
        None
    );
    // It has run out, and somebody else takes it: the first says nothing of it any more.
    let second = webhooks::lease(&mut tx, "you", until, until.saturating_add(SECOND));
    assert_eq!(
        second.await.expect("leased").map(|post| post.attempts),
        Some(2)
    );
    assert!(
        !webhooks::taken(&mut tx, ("post-1", "me"))
            .await
            .expect("asked")
    );
    assert!(
        !webhooks::again(&mut tx, ("post-1", "me"), "no", until)
            .await
            .expect("asked")
    );
    assert!(
        !webhooks::failed(&mut tx, ("post-1", "me"), "no")
            .await
            .expect("asked")
    );
    assert!(
        webhooks::again(&mut tx, ("post-1", "you"), "busy", until)
            .await
            .expect("again")
    );
    let latest = webhooks::latest(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a post");
    assert_eq!(
        (latest.taken, latest.reason.as_deref()),
        (None, Some("busy"))
    );
    webhooks::lease(&mut tx, "you", until, until.saturating_add(SECOND))
        .await
        .expect("leased");
    assert!(
        webhooks::failed(&mut tx, ("post-1", "you"), "gone")
            .await
            .expect("failed")
    );
    let latest = webhooks::latest(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a post");
    assert_eq!((latest.taken, latest.attempts), (Some(false), 3));
    assert!(webhooks::delete(&mut tx, &plan.id).await.expect("gone"));
    assert!(
        !webhooks::delete(&mut tx, &plan.id)
            .await
            .expect("nothing is left")
    );
}

/// A plan whose receiver is slow has one post in flight, and others have theirs.
pub(crate) async fn of_a_plan_one_post_is_in_flight(database: Database) {
    let (plan, _) = database.tenant().await;
    let other = database.plan("Basil", Tier::Business).await;
    let mut tx = database.write().await;
    for (id, plan) in [("1", &plan), ("2", &plan), ("3", &other), ("4", &plan)] {
        let queued = webhooks::queue(&mut tx, id, &plan.id, "{}", NOW).await;
        queued.expect("queued");
    }
    let until = NOW.saturating_add(30 * SECOND);
    let mut taken = Vec::new();
    while let Some(post) = webhooks::lease(&mut tx, "me", NOW, until)
        .await
        .expect("asked")
    {
        taken.push(post.id);
    }
    assert_eq!(taken, ["1", "3"]);
    assert!(!webhooks::is_due(&mut tx, NOW).await.expect("read"));
    // Whichever way it ends, and when its lease runs out, the next one is taken.
    webhooks::taken(&mut tx, ("1", "me")).await.expect("taken");
    let second = webhooks::lease(&mut tx, "me", NOW, until)
        .await
        .expect("asked");
    assert_eq!(second.map(|post| post.id).as_deref(), Some("2"));
    assert!(webhooks::is_due(&mut tx, until).await.expect("read"));
    let later = until.saturating_add(SECOND);
    let again = webhooks::lease(&mut tx, "you", until, later)
        .await
        .expect("asked");
    assert_eq!(again.map(|post| post.id).as_deref(), Some("4"));
}

pub(crate) async fn one_test_of_a_plan_waits(database: Database) {
    let (plan, _) = database.tenant().await;
    let later = NOW.saturating_add(MINUTE);
    let until = NOW.saturating_add(30 * SECOND);
    let mut tx = database.write().await;
    let waiting = "select count(*) from webhook_deliveries where state in ('queued', 'leased')";
    for (id, at) in [("1", NOW), ("2", NOW), ("3", NOW)] {
        let queued = webhooks::queue_test(&mut tx, id, &plan.id, "{}", at).await;
        queued.expect("queued");
    }
    let first = webhooks::lease(&mut tx, "me", NOW, until)
        .await
        .expect("asked");
    assert_eq!(first.map(|post| post.id).as_deref(), Some("1"));
    // While it is in flight another one is not queued either.
    let queued = webhooks::queue_test(&mut tx, "4", &plan.id, "{}", NOW).await;
    queued.expect("queued");
    assert!(!webhooks::is_due(&mut tx, NOW).await.expect("read"));
    // It waits for its next try, which comes at once.
    webhooks::again(&mut tx, ("1", "me"), "busy", later)
        .await
        .expect("again");
    assert!(!webhooks::is_due(&mut tx, NOW).await.expect("read"));
    let queued = webhooks::queue_test(&mut tx, "5", &plan.id, "{}", NOW).await;
    queued.expect("queued");
    let again = webhooks::lease(&mut tx, "me", NOW, until)
        .await
        .expect("asked");
    assert_eq!(
        again.map(|post| (post.id, post.attempts)),
        Some(("1".to_owned(), 2))
    );
    webhooks::taken(&mut tx, ("1", "me")).await.expect("taken");
    tx.commit().await.expect("committed");
    assert_eq!(database.number(waiting).await, 0);
    let mut tx = database.write().await;
    let queued = webhooks::queue_test(&mut tx, "6", &plan.id, "{}", NOW).await;
    queued.expect("queued");
    tx.commit().await.expect("committed");
    assert_eq!(database.number(waiting).await, 1);
}

/// What waits stays, and of each plan the latest.
pub(crate) async fn posts_that_ended_are_forgotten(database: Database) {
    let (plan, _) = database.tenant().await;
    let other = database.plan("Basil", Tier::Business).await;
    let mut tx = database.write().await;
    let until = NOW.saturating_add(HOUR);
    let ended = [
        ("1", &plan, NOW),
        ("2", &plan, NOW.saturating_add(MINUTE)),
        ("3", &other, NOW),
        ("4", &plan, NOW.saturating_add(2 * MINUTE)),
    ];
    for (number, (id, plan, at)) in ended.into_iter().enumerate() {
        let queued = webhooks::queue(&mut tx, id, &plan.id, "{}", at).await;
        queued.expect("queued");
        webhooks::lease(&mut tx, "me", at, until)
            .await
            .expect("leased");
        let ended = match number % 2 {
            0 => webhooks::taken(&mut tx, (id, "me")).await,
            _ => webhooks::failed(&mut tx, (id, "me"), "gone").await,
        };
        assert!(ended.expect("ended"));
    }
    for (id, plan) in [("0", &plan), ("0 too", &other)] {
        let queued = webhooks::queue(&mut tx, id, &plan.id, "{}", NOW).await;
        queued.expect("queued");
    }
    for (before, forgotten) in [(NOW, 0), (NOW.saturating_add(MINUTE), 1), (until, 1)] {
        let done = webhooks::forget(&mut tx, before).await;
        assert_eq!(done.expect("forgotten"), forgotten);
    }
    tx.commit().await.expect("committed");
    let left = "select count(*) from webhook_deliveries where id in ('0', '0 too', '3', '4')";
    assert_eq!(database.number(left).await, 4);
}
