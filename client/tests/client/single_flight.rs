//! Any number of callers cause one refresh.

use anyhow::Result;
use tenure_client::Client;
use tokio::task::JoinSet;

use crate::world::{LIFETIME, World};

const CALLERS: usize = 32;

/// All at once, each in a task of its own: what the API answered to each.
async fn all_call(world: &World, client: &Client) -> Result<Vec<u16>> {
    let mut calls = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, request) = (client.clone(), world.get("/api/v1/session"));
        calls.spawn(async move { client.call(request).await.map(|answer| answer.status()) });
    }
    let mut statuses = Vec::new();
    while let Some(status) = calls.join_next().await {
        statuses.push(status??.as_u16());
    }
    Ok(statuses)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_callers_who_are_answered_401_cause_one_refresh() -> Result<()> {
    let (world, client) = World::start().await?;
    // Only the server knows that the time has passed: every call is answered 401 first.
    world.server_clock.advance(LIFETIME);
    assert_eq!(all_call(&world, &client).await?, [200; CALLERS]);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_callers_of_a_pair_that_is_due_cause_one_refresh() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    assert_eq!(all_call(&world, &client).await?, [200; CALLERS]);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_callers_hear_of_one_failure_together() -> Result<()> {
    let (world, client) = World::start().await?;
    world.person.disconnect_all().await?;
    let mut calls = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, request) = (client.clone(), world.get("/api/v1/session"));
        calls.spawn(async move { client.call(request).await });
    }
    while let Some(outcome) = calls.join_next().await {
        let error = outcome?.expect_err("nothing can be called with it");
        assert!(
            error
                .to_string()
                .starts_with("only a new consent can help: "),
            "{error}"
        );
    }
    Ok(())
}
