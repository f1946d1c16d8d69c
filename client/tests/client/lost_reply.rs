//! The server has given a new pair, and its answer is lost on the way.

use anyhow::Result;
use tenure_client::Error;

use crate::{
    proxy::Fate,
    world::{LIFETIME, World},
};

#[tokio::test]
async fn an_answer_that_is_lost_once_is_asked_for_again() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    world.proxy.then(Fate::Lost);
    assert_eq!(world.who_am_i(&client).await?, 200);
    // The pair that was lost, and the one in its stead.
    assert_eq!(world.server.refreshes().await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_network_that_stays_away_is_an_error_and_the_next_call_heals_it() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    world.proxy.then(Fate::Lost);
    world.proxy.then(Fate::Lost);
    let error = world.who_am_i(&client).await.expect_err("both were lost");
    assert!(matches!(error, Error::Network(_)), "{error:?}");
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 3);
    Ok(())
}

#[tokio::test]
async fn ahead_of_the_end_it_heals_as_well() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME.mul_f64(0.8));
    world.proxy.then(Fate::Lost);
    world.proxy.then(Fate::Lost);
    // The old access token stopped with the refresh whose answer was lost, so this call is answered 401,
    // and that renews.
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 3);
    Ok(())
}
