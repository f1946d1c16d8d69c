//! Who may not: a member, and the admin of a plan that has not bought it. In the page and by the API.

use anyhow::Result;
use tenure_domain::period::{Period, Unit};
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn a_member_cannot_reach_the_page_nor_change_the_policy() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, mia) = (&stack.people.acme, &stack.people.mia);
    let browser = stack.browser().await?;
    SignIn(&browser).enter(mia).await?;
    browser.find(Role::Link, "Personal Settings").await?;
    assert!(
        !browser.shows(Role::Link, "Security & Control").await?,
        "it is not offered"
    );

    browser.visit(&SecurityControl::path(acme)).await?;
    browser
        .find(Role::Heading, "This page is for System Admins")
        .await?;
    assert!(!browser.shows(Role::Switch, "Expiration period").await?);
    browser
        .accessible("the page for whoever may not see it")
        .await?;

    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let period = Some(Period::new(1, Unit::Minutes)?);
    assert_eq!(
        member.put_policy(acme, period, 0.into()).await?.refusal(),
        (403, Some("role_required"))
    );
    let token = stack
        .caller()
        .with_token(&member.generate(acme, "ci-runner").await?.secret);
    assert_eq!(
        token.put_policy(acme, period, 0.into()).await?.status,
        403,
        "nor by a token"
    );
    assert_eq!(member.policy(acme).await?.version, 0, "nothing has changed");
    browser.quiet(&["403"]).await
}

#[tokio::test]
async fn the_admin_of_a_pro_plan_sees_a_locked_tile_that_says_why() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (basil, bea) = (&stack.people.basil, &stack.people.bea);
    let browser = stack.browser().await?;
    SignIn(&browser).enter(bea).await?;
    Shell(&browser).go("Security & Control").await?;
    browser.arrives_at(&SecurityControl::path(basil)).await?;
    browser
        .reads("Expiration periods come with the Business and Enterprise plans.")
        .await?;
    assert!(!browser.shows(Role::Button, "Activate").await?);
    browser.accessible("the locked tile").await?;

    let admin = stack.caller().signed_in(&bea.email, &bea.password).await?;
    let period = Some(Period::new(1, Unit::Minutes)?);
    assert_eq!(
        admin.put_policy(basil, period, 0.into()).await?.refusal(),
        (403, Some("plan_tier_required"))
    );
    assert_eq!(admin.policy(basil).await?.version, 0, "nothing has changed");
    browser.quiet(&[]).await
}

#[tokio::test]
async fn another_plans_address_says_nothing_about_that_plan() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let browser = stack.browser().await?;
    SignIn(&browser).enter(&people.ada).await?;
    browser.visit(&SecurityControl::path(&people.basil)).await?;
    browser
        .find(Role::Heading, "You are not in this plan")
        .await?;
    assert!(!browser.text().await?.contains("Basil"));
    browser.visit("/no/such/page").await?;
    browser.find(Role::Heading, "There is no page here").await?;
    browser.accessible("the page for unknown addresses").await?;
    browser.quiet(&["403", "404"]).await
}
