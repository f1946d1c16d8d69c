//! The browser's Back with a half-typed period: it asks first, and goes back only when told to.

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Engine, Stack};

const PROFILE: &str = "/settings/profile";

#[tokio::test]
async fn going_back_asks_before_a_typed_period_is_lost() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada) = (&stack.people.acme, &stack.people.ada);
    let browser = stack.browser().await?;
    SignIn(&browser).enter_at(PROFILE, ada).await?;
    browser.arrives_at(PROFILE).await?;
    Shell(&browser).go("Security & Control").await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("45", "Days").await?;

    browser.back().await?;
    browser
        .find(Role::Dialog, "Leave without activating?")
        .await?;
    browser.accessible("the question before leaving").await?;
    browser.arrives_at(&SecurityControl::path(acme)).await?;
    browser.press(Role::Button, "Stay").await?;
    assert_eq!(page.typed().await?, ("45".to_owned(), "days".to_owned()));

    browser.back().await?;
    browser.press(Role::Button, "Leave").await?;
    browser.arrives_at(PROFILE).await?;
    browser.find(Role::Heading, "Personal Settings").await?;
    browser.quiet(&[]).await
}
