//! What mails say: in both parts, both languages, with what people typed in its place and nowhere else.

use std::time::Duration;

use tenure_domain::{locale::Language, period::Unit};

use crate::world::World;

const DAYS: fn(u64) -> Duration = |days| Duration::from_secs(days * 86_400);

#[tokio::test]
async fn both_parts_say_the_same_in_the_readers_language_and_zone() {
    let mut world = World::with_files().await;
    world
        .speaks(&world.ada, Language::De, "Europe/Berlin")
        .await;
    let bo = world.member("Bo").await;
    world.speaks(&bo, Language::En, "America/New_York").await;
    world.policy(Some((90, Unit::Days))).await;
    for owner in [&world.ada, &bo] {
        world.token(owner, "Nightly backup").await;
    }
    world.pass(DAYS(82));
    world.plan_ahead().await;
    assert_eq!(world.deliver().await, 2);
    let mails = world.mails();
    let to = |name: &str| {
        mails
            .iter()
            .find(|mail| mail.contains(name))
            .expect("a mail")
    };
    let german = to("ada@acme.example");
    let twice = |mail: &str, words: &str| mail.matches(words).count() >= 2;
    for words in [
        "Guten Tag, Ada,",
        "Donnerstag, 21. Mai 2026, 11:00 Uhr (UTC+2)",
        "09:00 Uhr UTC",
        "Nightly backup",
        "Zuletzt benutzt",
        "Dieses Token ersetzen",
    ] {
        assert!(twice(german, words), "{words}: {german}");
    }
    let english = to("bo@acme.example");
    for words in [
        "Hello Bo,",
        "Thursday, 21 May 2026, 05:00 (UTC-4)",
        "09:00 UTC",
        "https://tenure.example/settings/api-access?token=",
        "Language and time zone: https://tenure.example/settings/profile",
    ] {
        assert!(twice(english, words), "{words}: {english}");
    }
    assert!(
        english.contains("Thursday, 21 May 2026, 05:00 (UTC-4), 09:00 UTC\r\n"),
        "on one line: {english}"
    );
    assert!(!english.contains("Created"), "the sentence says it");
    assert!(english.contains("Content-Type: multipart/alternative"));
    assert!(english.contains("Auto-Submitted: auto-generated"));
}

#[tokio::test]
async fn names_inject_no_headers_and_no_markup() {
    let mut world = World::with_files().await;
    let name = "x\r\nBcc: all@acme.example\r\n\r\n<script>alert(1)</script>";
    world.policy(Some((90, Unit::Days))).await;
    world.token(&world.ada, name).await;
    world.pass(DAYS(82));
    world.plan_ahead().await;
    world.deliver().await;
    let mail = world.mails().remove(0);
    let (headers, body) = mail.split_once("\r\n\r\n").expect("headers and a body");
    assert!(
        !headers
            .lines()
            .any(|line| line.to_lowercase().starts_with("bcc:")),
        "{headers}"
    );
    let html = body
        .split_once("<!doctype html>")
        .expect("a part of HTML")
        .1;
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
}

#[tokio::test]
async fn most_urgent_comes_first_and_many_are_counted() {
    let mut world = World::with_files().await;
    world.policy(Some((90, Unit::Days))).await;
    for number in 0..60 {
        world
            .token(&world.ada, &format!("token number {number:02}"))
            .await;
        world.pass(Duration::from_secs(600));
    }
    world.pass(DAYS(82));
    world.plan_ahead().await;
    world.deliver().await;
    let mail = world.mails().remove(0);
    let place = |words: &str| {
        mail.find(words)
            .unwrap_or_else(|| panic!("{words}: {mail}"))
    };
    assert!(place("token number 00") < place("token number 01"));
    assert!(!mail.contains("token number 55"));
    assert!(mail.contains("and 10 more, in the console"), "{mail}");
    assert!(
        mail.contains("60 of your access tokens stop working soon"),
        "{mail}"
    );
}

#[tokio::test]
async fn a_repeat_takes_its_files_place() {
    let mut world = World::with_files().await;
    world.token(&world.ada, "CI").await;
    world.policy(Some((90, Unit::Days))).await;
    world.deliver().await;
    world.app.store.write_aside().await.expect("writes");
    assert_eq!(world.mails().len(), 1);
    let leftover = std::fs::read_dir(world.folder.path().join("mail")).expect("a folder");
    let names: Vec<_> = leftover
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert!(
        names
            .iter()
            .all(|name| name.to_string_lossy().ends_with(".eml")),
        "{names:?}"
    );
}
