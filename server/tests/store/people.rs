//! Plans, users, memberships, sessions and the setup link.

use tenure_domain::{
    id::{PlanId, UserId},
    plan::{Role, Tier},
};
use tenure_server::store::{
    StoreError, memberships, plans,
    sessions::{self, LIFETIME},
    setup_links, users,
};

use crate::support::{Database, NOW, is_conflict};

pub(crate) async fn plans_are_found_by_id_and_name(database: Database) {
    let acme = database.plan("Acme", Tier::Enterprise).await;
    database.advance(1);
    let basil = database.plan("Basil", Tier::Pro).await;
    let mut tx = database.read().await;
    assert_eq!(
        plans::get(&mut tx, &acme.id).await.expect("read"),
        Some(acme.clone())
    );
    assert_eq!(
        plans::by_name(&mut tx, "Basil").await.expect("read"),
        Some(basil.clone())
    );
    assert_eq!(plans::by_name(&mut tx, "basil").await.expect("read"), None);
    assert_eq!(
        plans::get(&mut tx, &PlanId("none".into()))
            .await
            .expect("read"),
        None
    );
    assert_eq!(plans::all(&mut tx).await.expect("read"), [acme, basil]);
    assert_eq!(plans::count(&mut tx).await.expect("counted"), 2);
}

pub(crate) async fn plans_have_different_names(database: Database) {
    let mut plan = database.plan("Acme", Tier::Pro).await;
    plan.id = PlanId(database.random.id(NOW));
    let again = plans::insert(&mut database.write().await, &plan).await;
    assert!(is_conflict(&again), "{again:?}");
}

pub(crate) async fn users_are_found_by_id_and_address(database: Database) {
    let ada = database.user("ada").await;
    let mut tx = database.write().await;
    users::set_password_hash(&mut tx, &ada.id, "another")
        .await
        .expect("written");
    let found = users::by_email(&mut tx, "  ADA@Acme.example ")
        .await
        .expect("read");
    let found = found.expect("a user, however the address is written");
    assert_eq!(
        (found.id, found.name, found.email),
        (ada.id.clone(), ada.name, ada.email)
    );
    assert_eq!(found.created_at, ada.created_at);
    assert_eq!(found.password_hash, "another");
    let found = users::get(&mut tx, &ada.id)
        .await
        .expect("read")
        .expect("a user");
    assert_eq!(found.reference().name, "ada");
    assert!(
        users::by_email(&mut tx, "eve@acme.example")
            .await
            .expect("read")
            .is_none()
    );
}

pub(crate) async fn users_have_different_addresses(database: Database) {
    let mut ada = database.user("ada").await;
    ada.id = UserId(database.random.id(NOW));
    let again = users::insert(&mut database.write().await, &ada).await;
    assert!(is_conflict(&again), "{again:?}");
}

pub(crate) async fn memberships_come_by_plan_name(database: Database) {
    let user = database.user("ada").await;
    let mut names = Vec::new();
    for (name, role) in [
        ("banana", Role::Member),
        ("Zebra", Role::SystemAdmin),
        ("Apple", Role::Member),
    ] {
        let plan = database.plan(name, Tier::Business).await;
        let mut tx = database.write().await;
        memberships::insert(&mut tx, &user.id, &plan.id, role, NOW)
            .await
            .expect("joined");
        tx.commit().await.expect("committed");
        names.push((plan.id, role));
    }
    let mut tx = database.write().await;
    let found = memberships::of_user(&mut tx, &user.id).await.expect("read");
    let found: Vec<_> = found.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(
        found,
        ["Apple", "Zebra", "banana"],
        "by name, byte by byte on both engines"
    );
    let (zebra, role) = &names[1];
    let found = memberships::get(&mut tx, &user.id, zebra)
        .await
        .expect("read");
    assert_eq!(
        found.map(|plan| (plan.role, plan.tier)),
        Some((*role, Tier::Business))
    );
    let stranger = UserId("stranger".into());
    assert_eq!(
        memberships::get(&mut tx, &stranger, zebra)
            .await
            .expect("read"),
        None
    );
    let again = memberships::insert(&mut tx, &user.id, zebra, Role::Member, NOW).await;
    assert!(is_conflict(&again), "{again:?}");
    drop(tx);
    let stranger = memberships::insert(
        &mut database.write().await,
        &stranger,
        zebra,
        Role::Member,
        NOW,
    )
    .await;
    assert!(
        matches!(stranger, Err(StoreError::Database(_))),
        "foreign keys hold: {stranger:?}"
    );
}

pub(crate) async fn sessions_end_at_their_instant(database: Database) {
    let ada = database.user("ada").await;
    let mut tx = database.write().await;
    let session = sessions::insert(&mut tx, &[1; 32], &ada.id, NOW)
        .await
        .expect("begun");
    let end = NOW.saturating_add(LIFETIME);
    assert_eq!(session.expires_at, end);
    for (at, alive) in [(-1, true), (0, false), (1, false)] {
        let now = end.saturating_add(at);
        let found = sessions::by_hash(&mut tx, &[1; 32], now)
            .await
            .expect("read");
        assert_eq!(
            found.as_ref(),
            alive.then_some(&session),
            "{at} ms after its end"
        );
    }
    assert_eq!(
        sessions::by_hash(&mut tx, &[2; 32], NOW)
            .await
            .expect("read"),
        None
    );
}

pub(crate) async fn sessions_end_when_they_are_told_to(database: Database) {
    let ada = database.user("ada").await;
    let mut tx = database.write().await;
    for (number, begun) in [(1, 0), (2, 1), (3, 2), (4, 3)] {
        let begun = NOW.saturating_add(begun);
        sessions::insert(&mut tx, &[number; 32], &ada.id, begun)
            .await
            .expect("begun");
    }
    assert!(sessions::delete(&mut tx, &[4; 32]).await.expect("ended"));
    assert!(
        !sessions::delete(&mut tx, &[4; 32])
            .await
            .expect("nothing to end")
    );
    // The second ends at this very instant, so two have ended by it.
    let now = NOW.saturating_add(LIFETIME + 1);
    assert_eq!(
        sessions::delete_expired(&mut tx, now).await.expect("ended"),
        2
    );
    assert_eq!(
        sessions::delete_of_user(&mut tx, &ada.id)
            .await
            .expect("ended"),
        1
    );
}

pub(crate) async fn a_setup_link_works_once(database: Database) {
    let mut tx = database.write().await;
    setup_links::replace(&mut tx, &[1; 32], NOW)
        .await
        .expect("made");
    setup_links::replace(&mut tx, &[2; 32], NOW)
        .await
        .expect("made");
    assert!(
        !setup_links::is_valid(&mut tx, &[1; 32])
            .await
            .expect("read"),
        "it was replaced"
    );
    assert!(
        setup_links::is_valid(&mut tx, &[2; 32])
            .await
            .expect("read")
    );
    assert!(
        !setup_links::take(&mut tx, &[1; 32])
            .await
            .expect("not taken")
    );
    assert!(setup_links::take(&mut tx, &[2; 32]).await.expect("taken"));
    assert!(!setup_links::take(&mut tx, &[2; 32]).await.expect("used up"));
}
