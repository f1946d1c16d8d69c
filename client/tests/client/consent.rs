//! When no refresh can help any more.

use anyhow::Result;
use tenure_client::{Client, Error, MemoryStore, Registration};

use crate::{
    proxy::Fate,
    world::{LIFETIME, World},
};

#[tokio::test]
async fn a_revoked_grant_stops_the_client_until_there_is_a_new_consent() -> Result<()> {
    let (world, client) = World::start().await?;
    world.person.disconnect_all().await?;
    let error = world.who_am_i(&client).await.expect_err("it was revoked");
    assert!(matches!(error, Error::ConsentNeeded { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "only a new consent can help: the authorization has ended; authorize again"
    );

    // It has stopped: were the server asked again, this fate would befall the question.
    world.proxy.then(Fate::Refused(503));
    let again = world.who_am_i(&client).await.expect_err("it has stopped");
    assert!(matches!(again, Error::ConsentNeeded { .. }), "{again:?}");

    client.adopt(world.consent().await?).await?;
    assert_eq!(world.who_am_i(&client).await?, 200);
    Ok(())
}

#[tokio::test]
async fn a_pair_that_somebody_else_used_as_well_needs_a_new_consent() -> Result<()> {
    let (world, client) = World::start().await?;
    // A copy of the pair, as a restored backup is.
    let copy = world.file().with_extension("copy");
    std::fs::copy(world.file(), &copy)?;
    world.advance(LIFETIME);
    assert_eq!(world.who_am_i(&client).await?, 200);
    let thief = world
        .client_with(tenure_client::FileStore::open(copy)?)
        .await?;
    for client in [&thief, &client] {
        let error = world.who_am_i(client).await.expect_err("it was used twice");
        assert!(matches!(error, Error::ConsentNeeded { .. }), "{error:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_client_whose_secret_is_wrong_is_told_so_and_keeps_its_pair() -> Result<()> {
    let (world, client) = World::start().await?;
    drop(client);
    world.advance(LIFETIME);
    let endpoint = format!("{}/oauth/token", world.server.origin);
    let registration = Registration::new(&endpoint, &world.app.id)?.with_secret("wrong");
    let store = tenure_client::FileStore::open(world.file())?;
    let misled = Client::builder(registration, store)
        .clock(world.client_clock.clone())
        .open()
        .await?;
    let error = world.who_am_i(&misled).await.expect_err("who is it?");
    assert!(
        matches!(&error, Error::Refused { code, .. } if code == "invalid_client"),
        "{error:?}"
    );
    drop(misled);
    assert_eq!(world.who_am_i(&world.client().await?).await?, 200);
    Ok(())
}

#[tokio::test]
async fn without_a_pair_nothing_is_sent() -> Result<()> {
    let (world, _client) = World::start().await?;
    let fresh = world.client_with(MemoryStore::default()).await?;
    let error = world.who_am_i(&fresh).await.expect_err("there is no pair");
    assert!(matches!(error, Error::NoPair), "{error:?}");
    Ok(())
}
