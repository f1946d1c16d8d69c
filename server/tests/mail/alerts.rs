//! Mails about alerts: to each System Admin once when one is raised, and once when it is over.

use tenure_domain::{
    locale::Language,
    time::{HOUR, MINUTE, Timestamp},
    wire::auth_health::Outcome,
};
use tenure_server::{
    ops::alerts as op,
    store::auth_counts::{self, Count},
};

use crate::world::World;

#[tokio::test]
async fn admins_hear_of_an_alert_once_and_of_its_end_once() {
    let mut world = World::with_files().await;
    let ada = world.ada.clone();
    world.speaks(&ada, Language::En, "Europe/Berlin").await;
    let now = world.clock.now();
    let counts = [MINUTE, HOUR].map(|width| Count {
        plan: world.plan.id.0.clone(),
        width,
        start: Timestamp::from_millis(now.as_millis() - now.as_millis() % width),
        outcome: Outcome::ScopeLacking,
        resource: "api.acme.example/reports".to_owned(),
        client: String::new(),
        scope: String::new(),
        calls: 50,
    });
    let mut tx = world.app.store.write_aside().await.expect("writes");
    auth_counts::add(&mut tx, &counts).await.expect("added");
    tx.commit().await.expect("committed");
    for _ in 0..3 {
        let (store, random) = (&world.app.store, &world.app.random);
        op::watch(store, random, world.clock.now())
            .await
            .expect("looked");
    }
    assert_eq!(world.deliver().await, 1);
    let mail = world.mails().remove(0);
    for words in [
        "Subject: Alert in Acme: many calls lack a scope",
        "50 calls came within 10 minutes",
        "api.acme.example/reports",
        "/auth-health",
    ] {
        assert!(mail.contains(words), "{words}: {mail}");
    }
    world.speaks(&ada, Language::De, "Europe/Berlin").await;
    world.clock.advance(std::time::Duration::from_secs(11 * 60));
    for _ in 0..3 {
        let (store, random) = (&world.app.store, &world.app.random);
        op::watch(store, random, world.clock.now())
            .await
            .expect("looked");
    }
    assert_eq!(world.deliver().await, 1);
    let mails = world.mails();
    let over = mails.iter().find(|mail| mail.contains("ist vorbei"));
    assert!(over.is_some_and(|mail| mail.contains("50.")), "{mails:?}");
}
