//! No surprise: an admin reads who will be cut off, and nobody is before the number is typed.

use std::time::Duration;

use anyhow::Result;
use tenure_e2e::api::Caller;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

const TWO_DAYS: Duration = Duration::from_secs(2 * 86_400);

#[tokio::test]
async fn whoever_would_cut_off_three_tokens_must_type_three() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let acme = &people.acme;

    // Three old tokens of two people, and a young one.
    let mut old = Vec::new();
    for (owner, name) in [
        (&people.mia, "nightly-export"),
        (&people.mia, "sheet-backup"),
        (&people.ben, "build-agent"),
    ] {
        let owner = stack
            .caller()
            .signed_in(&owner.email, &owner.password)
            .await?;
        old.push(
            stack
                .caller()
                .with_token(&owner.generate(acme, name).await?.secret),
        );
    }
    stack.clock.advance(TWO_DAYS);
    let mia = stack
        .caller()
        .signed_in(&people.mia.email, &people.mia.password)
        .await?;
    let young = mia.generate(acme, "ci-runner").await?;
    let young = stack.caller().with_token(&young.secret);

    // Ada reads whose they are, by name.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), &people.ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("1", "Days").await?;
    browser.reads("3 stop working at once").await?;
    browser.reads("1 stop within 7 days").await?;
    let named = page.would_stop().await?;
    assert_eq!(named.len(), 3, "{named:?}");
    for (name, owner) in [
        ("nightly-export", "Mia Member"),
        ("sheet-backup", "Mia Member"),
        ("build-agent", "Ben Builder"),
    ] {
        let is_it = |row: &String| row.contains(name) && row.contains(owner);
        assert!(named.iter().any(is_it), "{name} is not in {named:?}");
    }
    // A period under seven days says that nobody can be told ahead.
    browser
        .reads("Shorter than 7 days: no notice can be sent ahead")
        .await?;

    // 2 is not the number: nothing happens, and the page says what to do.
    page.activate().await?;
    page.answer(3, "2").await?;
    browser.reads("Type the number 3, or cancel.").await?;
    let ada = stack
        .caller()
        .signed_in(&people.ada.email, &people.ada.password)
        .await?;
    assert_eq!(ada.policy(acme).await?.version, 0);
    for token in old.iter().chain([&young]) {
        assert_eq!(token.verify().await?.status, 200);
    }

    // 3 is. The very next call of each of the three is refused, and no other.
    page.answer(3, "3").await?;
    page.is_in_force("1 day").await?;
    for token in &old {
        is_expired(token).await?;
    }
    assert_eq!(young.verify().await?.status, 200);

    // What was foretold is what the history says that it did.
    page.open_history(acme).await?;
    browser
        .row_reads("Ada Admin", &["1 day", "Ended 3 tokens at once"])
        .await?;
    assert!(
        !browser
            .shows(Role::Dialog, "Activate and stop 3 tokens?")
            .await?
    );
    browser.quiet(&[]).await
}

async fn is_expired(token: &Caller) -> Result<()> {
    assert_eq!(
        token.verify().await?.refusal(),
        (401, Some("token_expired"))
    );
    Ok(())
}
