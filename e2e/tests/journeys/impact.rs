//! No surprise: who would cut off three tokens sees which, and types 3.

use std::time::Duration;

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn who_would_cut_off_three_tokens_sees_which_and_types_three() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada, mia) = (&stack.people.acme, &stack.people.ada, &stack.people.mia);
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let names = ["nightly-export", "invoice-sync", "old-laptop"];
    let mut tokens = Vec::new();
    for name in names {
        let made = member.generate(acme, name).await?;
        tokens.push(stack.caller().with_token(&made.secret));
    }
    stack.clock.advance(Duration::from_secs(120));

    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("1", "Minutes").await?;
    browser.reads("3 stop working at once").await?;
    for name in names {
        browser.reads(name).await?;
    }
    browser.find(Role::Link, "All 3 as CSV").await?;
    browser.accessible("the impact of a period").await?;

    // Another number than the one that is stated does nothing.
    page.activate().await?;
    let dialog = browser
        .find(Role::Dialog, "Activate and stop 3 tokens?")
        .await?;
    let field = "Number of tokens that stop working";
    browser.fill(Role::TextField, field, "2").await?;
    browser.press_in(&dialog, Role::Button, "Activate").await?;
    browser.reads("Type the number 3, or cancel.").await?;
    browser.accessible("the dialog before tokens end").await?;
    for token in &tokens {
        assert_eq!(token.verify().await?.status, 200);
    }
    browser.fill(Role::TextField, field, "3").await?;
    browser.press_in(&dialog, Role::Button, "Activate").await?;
    page.is_in_force("1 minute").await?;
    for token in &tokens {
        let refusal = token.verify().await?;
        assert_eq!(refusal.refusal(), (401, Some("token_expired")));
    }

    // The history says who did it, and what it ended.
    browser.press(Role::Link, "Policy history").await?;
    browser.reads("Ended 3 tokens at once").await?;
    browser.reads("Ada Admin").await?;
    browser.accessible("the policy's history").await?;
    browser.quiet(&[]).await
}
