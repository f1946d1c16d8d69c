//! The first run: an empty server, one link, one System Admin. The link works once.

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, Setup};
use tenure_e2e::stack::{Engine, Person, Stack};

#[tokio::test]
async fn whoever_has_the_link_becomes_the_first_system_admin_once() -> Result<()> {
    let stack = Stack::empty(Engine::Sqlite).await?;
    let link = stack.setup_link().await?;
    let ada = Person::new("Ada Admin", "ada@acme.example");
    let browser = stack.browser().await?;
    browser.visit("/setup").await?;
    browser.reads("This address is not complete").await?;
    browser
        .accessible("the setup page without its secret")
        .await?;
    browser.visit(&link).await?;
    browser.find(Role::Button, "Set up").await?;
    assert_eq!(browser.path().await?, "/setup");
    let address: String = browser.script("return location.href", vec![]).await?;
    assert!(
        !address.contains('#'),
        "the secret stays out of the history: {address}"
    );
    browser.accessible("the setup page").await?;
    Setup(&browser).create("Acme", &ada).await?;

    // Ada is signed in and can begin.
    SecurityControl(&browser).ready().await?;
    browser.reads("Acme").await?;
    browser.reads("Ada Admin").await?;
    stack.caller().signed_in(&ada.email, &ada.password).await?;

    // A second use of the link is refused.
    let other = stack.browser().await?;
    other.visit(&link).await?;
    Setup(&other)
        .create("Evil", &Person::new("Eve", "eve@evil.example"))
        .await?;
    other
        .reads("This setup link is not valid any more.")
        .await?;
    other.accessible("the setup page with a used link").await?;
    browser.quiet(&[]).await?;
    other.quiet(&["403"]).await
}
