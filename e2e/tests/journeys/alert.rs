//! An integration whose refresh is broken: one alert and one signed post, however long it goes on failing, and both
//! are taken back once it is mended.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tenure_domain::wire::clients::Client;
use tenure_e2e::browser::{Browser, Name, Role};
use tenure_e2e::other_client::{Callback, OtherClient};
use tenure_e2e::receiver::Receiver;
use tenure_e2e::screens::{AuthHealth, SignIn};
use tenure_e2e::stack::{Engine, Stack};

use crate::oauth::registered;

const SAYS: &str = "5 attempts to refresh tokens failed within 15 minutes, 5 of them by Night robot, \
                    and 1 succeeded.";
/// The rule's window, in minutes.
const WINDOW: u64 = 15;

#[tokio::test]
async fn a_broken_refresh_is_one_alert_and_one_signed_post_and_clears_on_sqlite() -> Result<()> {
    a_broken_refresh_is_one_alert_and_one_signed_post_and_clears(Engine::Sqlite).await
}

#[tokio::test]
async fn a_broken_refresh_is_one_alert_and_one_signed_post_and_clears_on_postgres() -> Result<()> {
    a_broken_refresh_is_one_alert_and_one_signed_post_and_clears(Engine::Postgres).await
}

async fn a_broken_refresh_is_one_alert_and_one_signed_post_and_clears(
    engine: Engine,
) -> Result<()> {
    let stack = Stack::start(engine).await?;
    let (acme, ada, mia) = (&stack.people.acme, &stack.people.ada, &stack.people.mia);
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    let receiver = Receiver::listen().await?;
    let webhook = admin.set_webhook(acme, receiver.url()).await?;
    let callback = Callback::listen().await?;
    let (app, api) = registered(&stack, &callback, "tokens:read").await?;
    let (adas, mias) = (stack.browser().await?, stack.browser().await?);
    SignIn(&adas).enter_at(&AuthHealth::path(acme), ada).await?;
    let health = AuthHealth(&adas);
    health.is_calm().await?;

    // The integration works, until Mia disconnects it. Nobody tells it, so it goes on trying.
    SignIn(&mias)
        .enter_at("/settings/connected-apps", mia)
        .await?;
    let mut robot = allowed(&stack, &mias, &callback, (&app, &api)).await?;
    robot.tell("refresh").await?;
    robot.step("refreshed").await?;
    disconnect(&mias).await?;
    fails(&mut robot, 4).await?;
    stack.watch().await?;
    ensure!(admin.alerts(acme).await?.is_empty(), "four are not enough");
    fails(&mut robot, 1).await?;
    stack.watch().await?;

    // One alert, on the page that Ada has open, and one post that the receiver believes.
    health.alert_is(SAYS, "Raised").await?;
    let fired = receiver.post(1).await?;
    let event = fired.checked(&webhook.secret, stack.clock.now())?;
    let alerts = admin.alerts(acme).await?;
    assert_eq!(event["type"], "alert.fired");
    assert_eq!(event["plan"], acme.as_str());
    assert_eq!(event["data"], json!(alerts[0]));
    assert_eq!(event["data"]["client_id"], app.client_id.as_str());
    adas.accessible("a raised alert").await?;

    // It fails for hours, and that stays the one alert.
    for _ in 0..8 * WINDOW / 5 {
        stack.clock.advance(Duration::from_secs(5 * 60));
        fails(&mut robot, 3).await?;
        stack.watch().await?;
    }
    assert_eq!(admin.alerts(acme).await?, alerts);
    assert_eq!(
        adas.rows()
            .await?
            .iter()
            .filter(|row| row.contains("Raised"))
            .count(),
        1
    );

    // Mia connects it again. It renews as it should, a whole window goes by, and nothing is wrong any more.
    let mut mended = allowed(&stack, &mias, &callback, (&app, &api)).await?;
    mended.tell("refresh").await?;
    mended.step("refreshed").await?;
    stack.clock.advance(Duration::from_secs(WINDOW * 60));
    stack.watch().await?;
    health.alert_is(SAYS, "Over").await?;
    let cleared = receiver.post(2).await?;
    let event = cleared.checked(&webhook.secret, stack.clock.now())?;
    assert_eq!(event["type"], "alert.cleared");
    assert_eq!(event["data"]["id"], json!(alerts[0].id));
    assert_eq!(event["data"]["cleared_at"], json!(stack.clock.now()));
    assert_ne!(cleared.id, fired.id);
    // Posts leave in the order in which they were decided: there was none in between.
    assert_eq!(receiver.posts().len(), 2);
    assert_eq!(admin.alerts(acme).await?.len(), 1);
    adas.quiet(&[]).await?;
    mias.quiet(&[]).await
}

/// The integration with its first pair, which Mia has allowed it.
async fn allowed(
    stack: &Stack,
    mias: &Browser,
    callback: &Callback,
    (app, api): (&Client, &Client),
) -> Result<OtherClient> {
    let mut robot = OtherClient::start(stack.origin(), callback, app, api)?;
    robot.step("discovered").await?;
    let asks = robot.step("authorize").await?;
    let address = asks["url"].as_str().context("an address")?;
    mias.visit(stack.path_of(address)).await?;
    mias.press(Role::Button, "Allow").await?;
    robot.tell(&callback.answer().await?).await?;
    robot.step("exchanged").await?;
    Ok(robot)
}

/// It tries to renew so often, and is refused.
async fn fails(robot: &mut OtherClient, times: usize) -> Result<()> {
    for _ in 0..times {
        robot.tell("try").await?;
        let refused = robot.step("refused").await?;
        assert_eq!(refused["error"], "invalid_grant");
    }
    Ok(())
}

async fn disconnect(mias: &Browser) -> Result<()> {
    let robot = || Name::Has("Night robot".to_owned());
    mias.visit("/settings/connected-apps").await?;
    let row = mias.find(Role::Row, robot()).await?;
    let button = Name::Has("Disconnect".to_owned());
    mias.press_in(&row, Role::Button, button).await?;
    let dialog = mias.find(Role::Dialog, robot()).await?;
    mias.press_in(&dialog, Role::Button, "Disconnect").await?;
    mias.gone(Role::Dialog, robot()).await?;
    mias.gone(Role::Row, robot()).await
}
