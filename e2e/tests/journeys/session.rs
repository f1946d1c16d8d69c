//! A session ends in mid-edit: the console asks for signing in again, and the edit goes on.

use std::time::Duration;

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Engine, Stack};

const A_DAY: Duration = Duration::from_secs(24 * 3_600);

#[tokio::test]
async fn an_edit_outlives_the_session_that_it_began_in() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada) = (&stack.people.acme, &stack.people.ada);
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("45", "Days").await?;
    // What it would do has been counted, so that nothing but Activate finds the session over.
    page.is_counted().await?;
    stack.clock.advance(A_DAY);
    page.activate().await?;
    browser.find(Role::Dialog, "Sign in to go on").await?;
    browser
        .accessible("the dialog that asks for signing in again")
        .await?;
    SignIn(&browser).again(ada).await?;
    page.is_in_force("45 days").await?;
    let api = stack.caller().signed_in(&ada.email, &ada.password).await?;
    assert_eq!(api.policy(acme).await?.version, 1, "made once");
    browser.quiet(&["401"]).await
}

#[tokio::test]
async fn signing_in_leads_to_the_page_that_was_asked_for_and_signing_out_ends_the_session()
-> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let mia = &stack.people.mia;
    let browser = stack.browser().await?;
    browser.visit(ApiAccess::PATH).await?;
    browser.find(Role::Heading, "Sign in to Tenure").await?;
    browser.accessible("the sign-in page").await?;
    SignIn(&browser)
        .fill(&mia.email, "not the password")
        .await?;
    browser.reads("Email or password is wrong.").await?;
    browser
        .accessible("the sign-in page after a wrong password")
        .await?;
    SignIn(&browser).fill(&mia.email, &mia.password).await?;
    browser.arrives_at(ApiAccess::PATH).await?;
    Shell(&browser).sign_out(&mia.name).await?;
    browser.visit(ApiAccess::PATH).await?;
    browser.find(Role::Heading, "Sign in to Tenure").await?;
    browser.quiet(&["401"]).await
}
