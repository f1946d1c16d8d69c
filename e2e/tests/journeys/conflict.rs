//! Two System Admins at once: nobody overwrites what they did not see, and nobody's input is lost.

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn the_second_of_two_admins_sees_the_others_change_and_keeps_their_own_input() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let acme = &stack.people.acme;
    let (adas, bens) = (stack.browser().await?, stack.browser().await?);
    SignIn(&adas)
        .enter_at(&SecurityControl::path(acme), &stack.people.ada)
        .await?;
    SignIn(&bens)
        .enter_at(&SecurityControl::path(acme), &stack.people.ben)
        .await?;

    // Both see that no period is in force, and both begin to type.
    let (ada, ben) = (SecurityControl(&adas), SecurityControl(&bens));
    ada.ready().await?;
    ben.ready().await?;
    ada.slide().await?;
    ada.type_period("90", "Days").await?;
    ben.slide().await?;
    ben.type_period("6", "Months").await?;

    // Ada is first.
    ada.activate().await?;
    ada.is_in_force("90 days").await?;

    // Ben is told what Ada did before he sends anything, and what he typed stands as he typed it.
    bens.reads("Somebody changed this while you were editing")
        .await?;
    bens.reads("In force now 90 days Ada Admin set it on")
        .await?;
    bens.reads("Yours 6 months").await?;
    assert_eq!(ben.typed().await?, ("6".to_owned(), "months".to_owned()));
    let api = stack
        .caller()
        .signed_in(&stack.people.ben.email, &stack.people.ben.password)
        .await?;
    assert_eq!(
        api.policy(acme).await?.version,
        1,
        "his change was not made"
    );

    // He decides with open eyes.
    bens.press(Role::Button, "Apply mine on top").await?;
    ben.is_in_force("6 months").await?;
    let policy = api.policy(acme).await?;
    assert_eq!(policy.version, 2);
    assert_eq!(
        policy.changed_by.map(|by| by.name).as_deref(),
        Some("Ben Builder")
    );
    adas.quiet(&[]).await?;
    bens.quiet(&[]).await
}

#[tokio::test]
async fn the_second_of_two_admins_can_take_the_others_change() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ben) = (&stack.people.acme, &stack.people.ben);
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ben)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("6", "Months").await?;
    let ada = stack
        .caller()
        .signed_in(&stack.people.ada.email, &stack.people.ada.password)
        .await?;
    ada.activate(acme, 90, tenure_domain::period::Unit::Days)
        .await?;
    browser.press(Role::Button, "Use theirs").await?;
    page.is_in_force("90 days").await?;
    assert_eq!(ada.policy(acme).await?.version, 1);
    browser.quiet(&[]).await
}

/// Where no news come through, the second one sends what is stale by then, and the server refuses it.
#[tokio::test]
async fn a_stale_change_is_refused_and_what_was_typed_is_kept() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, people) = (&stack.people.acme, &stack.people);
    let (adas, bens) = (stack.browser().await?, stack.browser().await?);
    bens.hears_no_news().await?;
    SignIn(&adas)
        .enter_at(&SecurityControl::path(acme), &people.ada)
        .await?;
    SignIn(&bens)
        .enter_at(&SecurityControl::path(acme), &people.ben)
        .await?;
    let (ada, ben) = (SecurityControl(&adas), SecurityControl(&bens));
    ada.ready().await?;
    ben.ready().await?;
    ben.slide().await?;
    ben.type_period("6", "Months").await?;
    ada.put_in_force("90", "Days", "90 days").await?;
    assert!(
        !bens.text().await?.contains("Somebody changed this"),
        "nobody told him"
    );

    // He presses Activate on what he saw. Nothing is changed, and nothing that he typed is gone.
    ben.activate().await?;
    bens.reads("Somebody changed this while you were editing")
        .await?;
    bens.reads("In force now 90 days Ada Admin set it on")
        .await?;
    bens.reads("Yours 6 months").await?;
    assert_eq!(ben.typed().await?, ("6".to_owned(), "months".to_owned()));
    let api = stack
        .caller()
        .signed_in(&people.ben.email, &people.ben.password)
        .await?;
    assert_eq!(api.policy(acme).await?.version, 1, "hers is in force");
    bens.accessible("a conflict").await?;

    // Now he has seen hers, and his may follow it.
    bens.press(Role::Button, "Apply mine on top").await?;
    ben.is_in_force("6 months").await?;
    assert_eq!(api.policy(acme).await?.version, 2);
    adas.quiet(&[]).await?;
    // The server said 412 once: that is what this is about.
    bens.quiet(&["412", "/api/v1/events"]).await
}
