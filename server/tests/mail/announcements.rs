//! What announcements say: the old rule and the new one, what does not come, and for which tokens.

use std::time::Duration;

use tenure_domain::{
    locale::Language,
    notice::{About, NoticeKind},
    period::Unit,
    policy::{Terms, Wanted},
    time::DAY,
};

use crate::world::{World, of};

const DAYS: fn(u64) -> Duration = |days| Duration::from_secs(days * 86_400);

fn period(days: i64) -> Terms {
    Terms::of_period(Some(of((days, Unit::Days))))
}

/// Schedules these terms, so many days ahead.
async fn schedule(world: &World, days: i64, terms: Terms) {
    let comes = world.clock.now().saturating_add(days * DAY);
    world.change(Wanted::From(comes, terms)).await;
}

/// The newest mail's words, however its lines are broken.
fn latest(world: &World) -> String {
    let mails = world.mails();
    let mail = mails.last().expect("a mail");
    mail.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(mail: &str, words: &str) {
    assert!(mail.contains(words), "{words}: {mail}");
}

#[tokio::test]
async fn what_takes_the_place_of_something_announced_says_so() {
    let mut world = World::with_files().await;
    world.token(&world.ada, "CI").await;
    schedule(&world, 20, period(90)).await;
    world.deliver().await;
    let mail = latest(&world);
    says(
        &mail,
        "Until then: Access tokens do not stop working by themselves.",
    );
    says(
        &mail,
        "From then on: Access tokens stop working 90 days after they are created.",
    );
    assert!(!mail.contains("replaces"), "nothing was announced: {mail}");
    world.pass(DAYS(1));
    schedule(&world, 30, period(60)).await;
    world.deliver().await;
    let mail = latest(&world);
    says(
        &mail,
        "This replaces the change that was announced for Thursday, 12 March 2026, 09:00 (UTC)",
    );
    says(&mail, "Before: Thursday, 21 May 2026, 09:00 (UTC)");
    says(
        &mail,
        "From then on: Access tokens stop working 60 days after they are created.",
    );
    world.pass(DAYS(1));
    world.change(Wanted::Unscheduled).await;
    world.deliver().await;
    let mail = latest(&world);
    says(
        &mail,
        "It would have been: Access tokens stop working 60 days after they are created.",
    );
    says(
        &mail,
        "It stays: Access tokens do not stop working by themselves.",
    );
    says(&mail, "No longer stop working by themselves (1)");
    let mut about: Vec<_> = world.notices().await;
    about.retain(|notice| notice.kind == NoticeKind::Announcement);
    let about: Vec<_> = about.iter().map(|notice| notice.about).collect();
    let expected = [About::Cancelled, About::Scheduled, About::Scheduled];
    assert_eq!(about, expected.map(Some), "newest first");
}

#[tokio::test]
async fn tokens_whose_end_stays_are_counted_and_not_alarming() {
    let mut world = World::with_files().await;
    world.policy(Some((30, Unit::Days))).await;
    world.token(&world.ada, "first").await;
    world.pass(DAYS(25));
    world.token(&world.ada, "second").await;
    // It comes when the first has ended; it ends the second earlier.
    schedule(&world, 6, period(10)).await;
    world.deliver().await;
    let mail = latest(&world);
    let place = |words: &str| {
        mail.find(words)
            .unwrap_or_else(|| panic!("{words}: {mail}"))
    };
    let changed = place("Stop working later (1)");
    let anyway = place("Not changed by this, and stop working within seven days (1)");
    assert!(changed < place("* second") && place("* second") < anyway);
    assert!(anyway < place("* first"), "{mail}");
    // The cancellation is only about the second.
    world.pass(DAYS(1));
    world.change(Wanted::Unscheduled).await;
    world.deliver().await;
    let mail = latest(&world);
    says(&mail, "Stop working later (1)");
    says(
        &mail,
        "Not changed by this, and stop working within seven days (1)",
    );
}

#[tokio::test]
async fn somebody_whom_nothing_changes_for_reads_that() {
    let mut world = World::with_files().await;
    world
        .speaks(&world.ada, Language::De, "Europe/Berlin")
        .await;
    world.policy(Some((30, Unit::Days))).await;
    world.deliver().await;
    world.token(&world.ada, "CI").await;
    world.pass(DAYS(1));
    schedule(&world, 60, period(90)).await;
    world.deliver().await;
    let mail = latest(&world);
    says(
        &mail,
        "Bis dahin: Zugriffstoken enden 30 Tage nach ihrer Erzeugung.",
    );
    says(
        &mail,
        "Ab dann: Zugriffstoken enden 90 Tage nach ihrer Erzeugung.",
    );
    says(&mail, "Für Ihr Zugriffstoken dort ändert sich nichts.");
    assert!(!mail.contains("* CI"), "{mail}");
}
