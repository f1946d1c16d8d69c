//! The server goes away in mid-edit and comes back: nothing typed is lost, nothing needs a reload.

use anyhow::Result;
use tenure_e2e::screens::{SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

const OFFLINE: &str = "Tenure cannot be reached.";

#[tokio::test]
async fn an_edit_outlives_a_restart_of_the_server() -> Result<()> {
    let mut stack = Stack::start(Engine::Sqlite).await?;
    let acme = stack.people.acme.clone();
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(&acme), &stack.people.ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("45", "Days").await?;

    // The server stops. Pressing Activate says what has happened, and keeps what is typed.
    stack.stop().await?;
    page.activate().await?;
    browser.reads(OFFLINE).await?;
    browser
        .accessible("Security & Control without a server")
        .await?;
    assert_eq!(page.typed().await?, ("45".to_owned(), "days".to_owned()));

    // It comes back at the same address with the same data. The page notices by itself.
    stack.go_on().await?;
    browser.reads_no_more(OFFLINE).await?;
    assert_eq!(page.typed().await?, ("45".to_owned(), "days".to_owned()));
    page.activate().await?;
    page.is_in_force("45 days").await?;
    let ada = stack
        .caller()
        .signed_in(&stack.people.ada.email, &stack.people.ada.password)
        .await?;
    assert_eq!(ada.policy(&acme).await?.version, 1, "made once");
    browser
        .quiet(&[
            "ERR_CONNECTION_REFUSED",
            "ERR_CONNECTION_RESET",
            "ERR_EMPTY_RESPONSE",
        ])
        .await
}
