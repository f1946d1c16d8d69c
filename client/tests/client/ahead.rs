//! A pair is renewed ahead of its end, and a 401 renews it once more; a 403 never does.

use std::time::Duration;

use anyhow::Result;
use tenure_client::Error;

use crate::{
    proxy::Fate,
    world::{LIFETIME, World},
};

const INSTANT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn it_is_renewed_at_80_percent_of_its_lifetime() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME.mul_f64(0.8) - INSTANT);
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 0);
    world.advance(INSTANT);
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    // The next one counts from its own beginning.
    world.advance(LIFETIME.mul_f64(0.8) - INSTANT);
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_403_is_passed_on_and_renews_nothing() -> Result<()> {
    let (world, client) = World::start().await?;
    let path = format!("/api/v1/plans/{}/users", world.server.plan);
    let answer = client.call(world.get(&path)).await?;
    assert_eq!(answer.status().as_u16(), 403);
    assert_eq!(world.server.refreshes().await?, 0);
    Ok(())
}

#[tokio::test]
async fn while_the_server_cannot_renew_the_old_pair_serves_as_long_as_it_can() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME.mul_f64(0.8));
    world.proxy.then(Fate::Refused(503));
    assert_eq!(world.who_am_i(&client).await?, 200);
    // The next call does not ask again: the server is let alone for a while.
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 0);
    world.advance(LIFETIME.mul_f64(0.05));
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test]
async fn after_its_end_a_server_that_cannot_renew_is_waited_for() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    world.proxy.then(Fate::Refused(429));
    let error = world
        .who_am_i(&client)
        .await
        .expect_err("there is no token");
    assert!(
        matches!(error, Error::Unavailable { status: 429, retry_after: Some(wait) }
            if wait == Duration::from_secs(7)),
        "{error:?}"
    );
    assert!(error.is_passing());
    assert_eq!(world.who_am_i(&client).await?, 200);
    Ok(())
}
