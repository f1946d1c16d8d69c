//! An app asks, a person allows it, and the app goes its whole way: with a client that shares no code with
//! the server, and a real browser at the consent page.

use anyhow::Result;
use serde_json::json;
use tenure_domain::wire::clients::Client;
use tenure_e2e::browser::{Name, Role};
use tenure_e2e::other_client::{Callback, OtherClient};
use tenure_e2e::screens::SignIn;
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn a_person_allows_an_app_which_renews_and_is_disconnected() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (callback, mut app) = begun(&stack, "tokens:read").await?;
    let address = app.step("authorize").await?["url"]
        .as_str()
        .unwrap_or_default()
        .to_owned();

    // The app's address leads to the consent page by way of the sign-in.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(stack.path_of(&address), &stack.people.mia)
        .await?;
    browser
        .find(Role::Heading, Name::Has("Night robot".to_owned()))
        .await?;
    browser.reads("See your access tokens").await?;
    browser.accessible("the consent page").await?;
    browser.press(Role::Button, "Allow").await?;
    app.tell(&callback.answer().await?).await?;
    let first = app.step("exchanged").await?;
    assert_eq!(first["scope"], "tokens:read");

    app.tell("refresh").await?;
    let second = app.step("refreshed").await?;
    app.tell("introspect").await?;
    let told = app.step("introspected").await?;
    assert_eq!(told["active"], true);
    let of =
        |pair: &serde_json::Value| pair["access_token"].as_str().unwrap_or_default().to_owned();
    let old = stack.caller().with_token(&of(&first));
    assert_eq!(old.verify().await?.refusal(), (401, Some("token_revoked")));
    let new = stack.caller().with_token(&of(&second));
    assert_eq!(new.verify().await?.status, 200);

    // The person sees the app, and ends what it may do.
    browser.visit("/settings/connected-apps").await?;
    let row = browser
        .find(Role::Row, Name::Has("Night robot".to_owned()))
        .await?;
    browser
        .press_in(&row, Role::Button, Name::Has("Disconnect".to_owned()))
        .await?;
    let dialog = browser
        .find(Role::Dialog, Name::Has("Night robot".to_owned()))
        .await?;
    browser
        .press_in(&dialog, Role::Button, "Disconnect")
        .await?;
    // Behind a modal dialog the row counts as gone, while the server is still being asked.
    browser
        .gone(Role::Dialog, Name::Has("Night robot".to_owned()))
        .await?;
    browser
        .gone(Role::Row, Name::Has("Night robot".to_owned()))
        .await?;
    assert_eq!(new.verify().await?.refusal(), (401, Some("token_revoked")));
    app.tell("introspect").await?;
    assert_eq!(app.step("introspected").await?["active"], false);
    browser.quiet(&[]).await
}

#[tokio::test]
async fn a_person_denies_an_app_and_it_is_told() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (callback, mut app) = begun(&stack, "tokens:read policy:read").await?;
    let address = app.step("authorize").await?["url"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(stack.path_of(&address), &stack.people.mia)
        .await?;
    browser.press(Role::Button, "Deny").await?;
    app.tell(&callback.answer().await?).await?;
    let failed = app.step("failed").await?;
    assert_eq!(failed["error"], "access_denied");
    browser.quiet(&[]).await
}

/// An app and an API that a System Admin has registered, and the app at work.
async fn begun(stack: &Stack, scope: &str) -> Result<(Callback, OtherClient)> {
    let callback = Callback::listen().await?;
    let (app, api) = registered(stack, &callback, scope).await?;
    let mut other = OtherClient::start(stack.origin(), &callback, &app, &api)?;
    other.step("discovered").await?;
    Ok((callback, other))
}

/// An app and an API that a System Admin has registered.
pub(crate) async fn registered(
    stack: &Stack,
    callback: &Callback,
    scope: &str,
) -> Result<(Client, Client)> {
    let ada = &stack.people.ada;
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    let app = json!({
        "client_name": "Night robot",
        "redirect_uris": [callback.address()],
        "scope": scope,
    });
    let app = admin.register_client(&stack.people.acme, &app).await?;
    let api = json!({ "client_name": "API", "resource_server": true });
    let api = admin.register_client(&stack.people.acme, &api).await?;
    Ok((app, api))
}
