//! Mails to people who are invited: in whose language, with what link, and when there is nothing left to tell.

use std::time::Duration;

use tenure_domain::{locale::Language, notice::NoticeState, period::Unit, plan::Role};
use tenure_server::{
    ops::{
        Actor,
        invitations::{self, Invited},
    },
    store::{invitations::Invitation, users::User},
};

use crate::{
    smtp::{Encryption, Fate, MailServer},
    world::{World, decoded, smtp},
};

async fn invite(
    world: &World,
    by: &User,
    email: &str,
    name: Option<&str>,
    role: Role,
) -> Invitation {
    let mut tx = world.app.store.write().await.expect("writes");
    let (now, actor) = (world.clock.now(), Actor::user(by.id.clone()));
    let (random, plan) = (&world.app.random, &world.plan.id);
    let invited = Invited { email, name, role };
    let made = invitations::invite(&mut tx, random, now, (&actor, &by.id), plan, invited).await;
    tx.commit().await.expect("committed");
    made.expect("invited")
}

#[tokio::test]
async fn both_parts_say_the_same_in_the_language_of_whoever_invites() {
    let mut world = World::with_files().await;
    let ada = world.ada.clone();
    world.speaks(&ada, Language::De, "Europe/Berlin").await;
    invite(&world, &ada, "eve@acme.example", Some("Eve"), Role::Member).await;
    assert_eq!(world.deliver().await, 1);
    let german = world.mails().remove(0);
    // Lines of the text are broken where they are long.
    let twice = |mail: &str, words: &str| {
        let flat: Vec<&str> = mail.split_whitespace().collect();
        assert!(
            flat.join(" ").matches(words).count() >= 2,
            "{words}: {mail}"
        );
    };
    for words in [
        "Guten Tag, Eve,",
        "Ada lädt Sie in den Plan Acme in Tenure ein, als Mitglied.",
        "eigene Zugriffstoken",
        "Freitag, 27. Februar 2026, 10:00 Uhr (UTC+1)",
        "https://tenure.example/invitation#",
        "Einladung annehmen",
        "eve@acme.example",
    ] {
        twice(&german, words);
    }
    world.speaks(&ada, Language::En, "America/New_York").await;
    invite(&world, &ada, "bo@acme.example", None, Role::SystemAdmin).await;
    assert_eq!(world.deliver().await, 1);
    let mails = world.mails();
    let english = mails.iter().find(|mail| mail.contains("bo@acme.example"));
    for words in [
        "Hello,",
        "Ada invites you to the plan Acme in Tenure, as a System Admin.",
        "how long its access tokens live",
        "Friday, 27 February 2026, 04:00 (UTC-5)",
        "https://tenure.example/invitation#",
        "Accept the invitation",
        "nothing happens without you",
    ] {
        twice(english.expect("a mail"), words);
    }
    let english = english.expect("a mail");
    assert!(
        english.contains("Subject: Ada invites you to Acme"),
        "{english}"
    );
    assert!(english.contains("Auto-Submitted: auto-generated"));
    let code = |mail: &str| {
        let rest = mail.split_once("/invitation#").expect("a link").1;
        rest.split_whitespace().next().expect("a secret").to_owned()
    };
    assert_ne!(code(&german), code(english));
}

/// Who has an account has said what mails are to be in.
#[tokio::test]
async fn somebody_with_an_account_reads_their_own_language() {
    let mut world = World::with_files().await;
    let ada = world.ada.clone();
    let bo = world.member("Bo").await;
    world.speaks(&bo, Language::De, "Europe/Berlin").await;
    invite(&world, &ada, &bo.email, None, Role::Member).await;
    world.deliver().await;
    let mail = world.mails().remove(0);
    assert!(mail.contains("Guten Tag,"), "{mail}");
}

/// What people are called stays text, in the mail and in its headers.
#[tokio::test]
async fn names_inject_no_headers_and_no_markup() {
    let mut world = World::with_files().await;
    let ada = world.ada.clone();
    let name = "<b>Eve</b>\r\nBcc: all@acme.example";
    invite(&world, &ada, "eve@acme.example", Some(name), Role::Member).await;
    world.deliver().await;
    let mail = world.mails().remove(0);
    let (headers, body) = mail.split_once("\r\n\r\n").expect("headers and a body");
    assert!(
        !headers.lines().any(|line| line.starts_with("Bcc:")),
        "{headers}"
    );
    let html = body
        .split_once("<!doctype html>")
        .expect("a part of HTML")
        .1;
    assert!(!html.contains("<b>Eve"), "{html}");
}

#[tokio::test]
async fn an_invitation_that_has_expired_in_the_queue_is_not_sent() {
    let mut world = World::with_files().await;
    let ada = world.ada.clone();
    invite(&world, &ada, "eve@acme.example", None, Role::Member).await;
    world.pass(Duration::from_secs(7 * 86_400));
    assert_eq!(world.deliver().await, 1);
    assert_eq!(world.mails().len(), 0);
    let [notice] = &world.notices().await[..] else {
        panic!("one notice")
    };
    assert_eq!(notice.state, NoticeState::Suppressed);
}

/// It fails where everybody who asks sees it, and the plan's System Admins hear of it in the day's digest.
#[tokio::test]
async fn an_address_that_no_server_takes_is_shown_and_told_to_the_admins() {
    let server = MailServer::start(Encryption::Never, None).await;
    server.judge(|to| {
        to.starts_with("eve")
            .then_some(Fate::AtRecipient("550 5.1.1 no such user"))
    });
    let url = format!("smtp://{}?tls=none", server.address);
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    let ada = world.ada.clone();
    let made = invite(&world, &ada, "eve@acme.example", None, Role::Member).await;
    assert_eq!(
        world.deliver().await,
        2,
        "the refused one and the escalation"
    );
    let mut tx = world.app.store.read().await.expect("reads");
    let found = tenure_server::store::invitations::get(&mut tx, &made.id).await;
    let mail = found.expect("read").expect("kept").mail.expect("a mail");
    assert_eq!(mail.state, NoticeState::Failed);
    assert!(mail.reason.is_some());
    drop(tx);
    let [received] = &server.received()[..] else {
        panic!("one mail");
    };
    assert_eq!(received.to, "ada@acme.example");
    let mail = decoded(received.text.as_bytes());
    for told in [
        "eve@acme.example did not get the invitation to Acme",
        "no such user",
        "an invitation",
        "Whoever was invited knows nothing of it",
    ] {
        assert!(mail.contains(told), "{told}: {mail}");
    }
    assert!(!mail.contains("their tokens"), "they have none: {mail}");

    // It is told once. With the next round that fails it is told again, tomorrow.
    world.pass(Duration::from_secs(86_400));
    assert_eq!(world.deliver().await, 0);
}

/// What reached nobody of a day is one mail, whatever it was.
#[tokio::test]
async fn an_invitation_and_a_notice_that_fail_are_told_together() {
    let server = MailServer::start(Encryption::Never, None).await;
    server.judge(|to| {
        (!to.starts_with("ada")).then_some(Fate::AtRecipient("550 5.1.1 no such user"))
    });
    let url = format!("smtp://{}?tls=none", server.address);
    let mut world = World::with(smtp(&url, &server.certificate)).await;
    let (ada, lost) = (world.ada.clone(), world.member("Lost").await);
    invite(&world, &ada, "first@acme.example", None, Role::Member).await;
    world.deliver().await;
    assert_eq!(server.received().len(), 1, "today's mail");
    world.token(&lost, "CI").await;
    world.policy(Some((90, Unit::Days))).await;
    invite(&world, &ada, "eve@acme.example", Some("Eve"), Role::Member).await;
    world.deliver().await;
    world.pass(Duration::from_secs(86_400));
    world.deliver().await;
    let [_, received] = &server.received()[..] else {
        panic!("another mail, tomorrow");
    };
    let mail = decoded(received.text.as_bytes());
    for told in [
        "2 mails about Acme reached nobody",
        "so they do not know what happens to their tokens",
        "Whoever was invited knows nothing of it",
        "lost@acme.example",
        "eve@acme.example",
    ] {
        assert!(mail.contains(told), "{told}: {mail}");
    }
    assert!(!mail.contains("first@acme.example"), "{mail}");
}
