//! The main job with the keyboard alone: Tab, Space, arrows and Enter, from signing in to the end.

use anyhow::{Result, bail};
use tenure_e2e::browser::{Browser, Role};
use tenure_e2e::screens::SecurityControl;
use tenure_e2e::stack::{Engine, Stack};
use thirtyfour::Key;

#[tokio::test]
async fn an_admin_activates_a_period_without_a_mouse() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada) = (&stack.people.acme, &stack.people.ada);
    let browser = stack.browser().await?;
    browser.visit(&SecurityControl::path(acme)).await?;
    browser.find(Role::Heading, "Sign in to Tenure").await?;
    tab_to(&browser, "Email").await?;
    browser.keys(ada.email.as_str()).await?;
    tab_to(&browser, "Password").await?;
    browser.keys(ada.password.as_str()).await?;
    browser.keys(Key::Enter).await?;

    SecurityControl(&browser).ready().await?;
    tab_to(&browser, "Expiration period").await?;
    browser.keys(" ").await?;
    tab_to(&browser, "Duration").await?;
    browser.keys("1").await?;
    tab_to(&browser, "Unit").await?;
    // The first letter or the arrows choose; the field says what it is.
    for _ in 0..5 {
        browser.keys(Key::Up).await?;
    }
    assert_eq!(browser.value(Role::Select, "Unit").await?, "minutes");
    tab_to(&browser, "Activate").await?;
    browser.keys(" ").await?;
    SecurityControl(&browser).is_in_force("1 minute").await?;
    browser.quiet(&[]).await
}

/// Presses Tab until the focus is there. Whoever tabs that far without arriving is in a trap.
async fn tab_to(browser: &Browser, name: &str) -> Result<()> {
    let mut passed = vec![browser.focus().await?];
    while passed.last().is_none_or(|last| last != name) {
        if passed.len() > 30 {
            bail!("Tab does not lead to \"{name}\" but to {passed:?}");
        }
        browser.keys(Key::Tab).await?;
        passed.push(browser.focus().await?);
    }
    Ok(())
}
