//! Every way in which a mail server may fail, and nothing is lost, told twice, or in another's way.

use std::time::Duration;

use tenure_domain::{
    notice::{NoticeKind, NoticeState},
    period::Unit,
    time::DAY,
    wire::notices::Notice,
};

use crate::{
    smtp::{Encryption, Fate, MailServer},
    world::{World, decoded, smtp},
};

const HOUR: Duration = Duration::from_secs(3_600);

/// A world whose mails go to a server without TLS, as to a relay on this machine.
async fn plain() -> (MailServer, World) {
    let server = MailServer::start(Encryption::Never, None).await;
    let url = format!("smtp://{}?tls=none", server.address);
    let world = World::with(smtp(&url, &server.certificate)).await;
    (server, world)
}

/// One announcement to Ada waits.
async fn one_waits(world: &World) {
    world.token(&world.ada, "CI").await;
    world.policy(Some((90, Unit::Days))).await;
}

async fn only(world: &World) -> Notice {
    let mut notices = world.notices().await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

#[tokio::test]
async fn mails_travel_with_starttls_and_a_password() {
    let server = MailServer::start(Encryption::Starttls, Some(("tenure", "pass word"))).await;
    let port = server.address.port();
    let url = format!("smtp://tenure:pass%20word@localhost:{port}");
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    one_waits(&world).await;
    assert_eq!(world.deliver().await, 1);
    let received = server.received();
    assert_eq!(
        (received.len(), received[0].to.as_str()),
        (1, "ada@acme.example")
    );
    assert!(received[0].encrypted && received[0].signed_in);
    assert_eq!(only(&world).await.state, NoticeState::Sent);
}

#[tokio::test]
async fn mails_travel_with_tls_from_the_start() {
    let server = MailServer::start(Encryption::FromTheStart, None).await;
    let url = format!("smtps://localhost:{}", server.address.port());
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    one_waits(&world).await;
    assert_eq!(world.deliver().await, 1);
    assert!(server.received()[0].encrypted);
}

#[tokio::test]
async fn nothing_travels_where_the_server_offers_no_tls_or_nobody_vouches_for_it() {
    let server = MailServer::start(Encryption::Never, None).await;
    let url = format!("smtp://localhost:{}", server.address.port());
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    one_waits(&world).await;
    world.deliver().await;
    let other = MailServer::start(Encryption::Starttls, None).await;
    let strange = format!("smtp://localhost:{}", other.address.port());
    let mut stranger = World::with(smtp(&strange, &server.certificate)).await;
    one_waits(&stranger).await;
    stranger.deliver().await;
    for (server, world) in [(server, world), (other, stranger)] {
        assert_eq!(server.received().len(), 0);
        let notice = only(&world).await;
        assert_eq!(notice.state, NoticeState::Queued);
        assert!(notice.reason.is_some());
    }
}

#[tokio::test]
async fn a_wrong_password_is_nobodys_bounce() {
    let server = MailServer::start(Encryption::Starttls, Some(("tenure", "right"))).await;
    let url = format!("smtp://tenure:wrong@localhost:{}", server.address.port());
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    one_waits(&world).await;
    world.deliver().await;
    let notice = only(&world).await;
    assert_eq!(
        (notice.state, server.received().len()),
        (NoticeState::Queued, 0)
    );
    let reason = notice.reason.expect("it says why");
    assert!(
        reason.contains("535") && !reason.contains("wrong@"),
        "{reason}"
    );
}

#[tokio::test]
async fn later_is_tried_again_for_days_and_then_fails() {
    let (server, mut world) = plain().await;
    one_waits(&world).await;
    server.judge(|_| Some(Fate::AtRecipient("451 4.7.1 greylisted")));
    let mut tries = 0;
    for _ in 0..5 * 24 {
        tries += world.deliver().await;
        world.pass(HOUR);
    }
    assert_eq!(only(&world).await.state, NoticeState::Queued);
    assert!((15..60).contains(&tries), "longer each time: {tries}");
    for _ in 0..12 {
        world.deliver().await;
        world.pass(HOUR);
    }
    let notices = world.notices().await;
    let notice = notices
        .iter()
        .find(|notice| notice.kind == NoticeKind::Announcement);
    let notice = notice.expect("the announcement");
    assert_eq!(notice.state, NoticeState::Failed);
    assert!(
        notice
            .reason
            .as_deref()
            .is_some_and(|reason| reason.contains("451"))
    );
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn later_and_then_taken_is_sent_once() {
    let (server, mut world) = plain().await;
    one_waits(&world).await;
    server.next([Fate::AtRecipient("450 busy"), Fate::AtEnd("452 4.3.1 full")]);
    for _ in 0..5 {
        world.deliver().await;
        world.pass(HOUR);
    }
    assert_eq!(server.received().len(), 1);
    let notice = only(&world).await;
    assert_eq!(
        (notice.state, notice.attempts, notice.reason),
        (NoticeState::Sent, 3, None)
    );
}

#[tokio::test]
async fn what_is_refused_fails_and_is_told_to_the_admin() {
    let (server, mut world) = plain().await;
    let lost = world.member("Lost").await;
    world.token(&lost, "CI").await;
    world.policy(Some((90, Unit::Days))).await;
    server.judge(|to| {
        to.starts_with("lost")
            .then_some(Fate::AtRecipient("550 5.1.1 no such user"))
    });
    assert_eq!(
        world.deliver().await,
        2,
        "the refused one and the escalation"
    );
    let notices = world.notices().await;
    let failed = notices
        .iter()
        .find(|notice| notice.state == NoticeState::Failed);
    let failed = failed.expect("one failed");
    assert!(
        failed
            .reason
            .as_deref()
            .is_some_and(|reason| reason.contains("no such user"))
    );
    let [received] = &server.received()[..] else {
        panic!("one mail");
    };
    assert_eq!(received.to, "ada@acme.example");
    assert!(received.text.contains("lost@acme.example") && received.text.contains("550"));
    for told in [
        "Lost could not be told about access tokens in Acme",
        "“CI” stops working on Thursday, 21 May 2026, 09:00 (UTC)",
    ] {
        let mail = decoded(received.text.as_bytes());
        assert!(mail.contains(told), "{told}: {mail}");
    }
    // A second bounce of the day waits for tomorrow's digest.
    let gone = world.member("Lost2").await;
    world.token(&gone, "CI").await;
    world.policy(Some((91, Unit::Days))).await;
    world.deliver().await;
    let escalations = || {
        server
            .received()
            .iter()
            .filter(|mail| mail.to.starts_with("ada"))
            .count()
    };
    assert_eq!(escalations(), 1);
    world.pass(Duration::from_millis(DAY.unsigned_abs()));
    world.deliver().await;
    assert_eq!(escalations(), 2);
}

#[tokio::test]
async fn what_was_dropped_after_data_comes_again_with_the_same_id() {
    let (server, mut world) = plain().await;
    one_waits(&world).await;
    server.next([Fate::KeptAndGone]);
    world.deliver().await;
    assert_eq!(
        only(&world).await.state,
        NoticeState::Queued,
        "nobody said that it was taken"
    );
    world.pass(HOUR);
    world.deliver().await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].message_id(), received[1].message_id());
    assert_eq!(only(&world).await.state, NoticeState::Sent);
}

#[tokio::test]
async fn after_a_day_without_a_mail_server_nothing_is_lost() {
    let (server, mut world) = plain().await;
    for number in 0..20 {
        let owner = world.member(&format!("Owner{number}")).await;
        world.token(&owner, "CI").await;
    }
    server.is_down(true);
    world.policy(Some((90, Unit::Days))).await;
    let mut tries = 0;
    for _ in 0..24 * 60 {
        tries += world.deliver().await;
        world.pass(Duration::from_secs(60));
    }
    assert_eq!(server.received().len(), 0);
    assert!(
        tries <= 24 * 60,
        "one try at a time, not one for each notice: {tries}"
    );
    let waiting = world.notices().await;
    assert!(
        waiting
            .iter()
            .all(|notice| notice.state == NoticeState::Queued)
    );
    server.is_down(false);
    for _ in 0..12 {
        world.deliver().await;
        world.pass(Duration::from_secs(60));
    }
    let mut to: Vec<_> = server.received().into_iter().map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), server.received().len()), (20, 20));
}

#[tokio::test]
async fn a_mail_that_nobody_takes_is_in_no_others_way() {
    let (server, mut world) = plain().await;
    for name in ["Poison", "Bo", "Cy"] {
        let owner = world.member(name).await;
        world.token(&owner, "CI").await;
    }
    world.policy(Some((90, Unit::Days))).await;
    server.judge(|to| to.starts_with("poison").then_some(Fate::KeptAndGone));
    world.deliver().await;
    let others = server
        .received()
        .into_iter()
        .filter(|mail| !mail.to.starts_with("poison"));
    assert_eq!(others.count(), 2);
}

#[tokio::test]
async fn a_notice_that_cannot_be_written_is_in_no_others_way() {
    let (server, mut world) = plain().await;
    one_waits(&world).await;
    let broken = tenure_server::store::notices::NewNotice {
        id: tenure_domain::id::NoticeId("0".to_owned()),
        to: &tenure_server::store::notices::Addressee::Owner(world.ada.id.clone()),
        kind: NoticeKind::Announcement,
        key: "broken",
        details: "no JSON",
        created_at: world.clock.now(),
        due_at: world.clock.now(),
    };
    let mut tx = world.app.store.write_aside().await.expect("writes");
    tenure_server::store::notices::insert(&mut tx, &broken)
        .await
        .expect("queued");
    tenure_server::store::notices::add_tokens(&mut tx, &broken.id, &world.plan.id, 1)
        .await
        .expect("counted");
    tx.commit().await.expect("committed");
    assert_eq!(world.deliver().await, 2);
    assert_eq!(server.received().len(), 1);
    for _ in 0..24 * 4 {
        world.pass(HOUR);
        world.deliver().await;
    }
    let notices = world.notices().await;
    let broken = notices.iter().find(|notice| notice.id.as_str() == "0");
    assert_eq!(broken.map(|notice| notice.state), Some(NoticeState::Failed));
}
