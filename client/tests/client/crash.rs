//! The program ends between the server's answer and the first use of the pair in it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::Result;
use tenure_client::{Error, FileStore, Pair, PairStore};
use tokio::sync::oneshot;

use crate::{
    proxy::Fate,
    world::{LIFETIME, World},
};

/// A file on a disk that can be full.
struct FullDisk {
    file: FileStore,
    full: Arc<AtomicBool>,
}

impl PairStore for FullDisk {
    fn load(&self) -> io::Result<Option<Pair>> {
        self.file.load()
    }

    fn save(&self, pair: &Pair) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.save(pair)
    }
}

#[tokio::test]
async fn a_pair_that_was_kept_and_never_used_is_there_after_a_crash() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    let received = client.access_token().await?;
    drop(client);
    let restarted = world.client().await?;
    assert_eq!(restarted.access_token().await?.secret(), received.secret());
    assert_eq!(world.who_am_i(&restarted).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_pair_that_could_not_be_kept_is_not_used_and_a_crash_then_loses_nothing() -> Result<()> {
    let (world, client) = World::start().await?;
    drop(client);
    let full = Arc::new(AtomicBool::new(true));
    let disk = FullDisk {
        file: FileStore::open(world.file())?,
        full: Arc::clone(&full),
    };
    let client = world.client_with(disk).await?;
    world.advance(LIFETIME);
    for _ in 0..2 {
        let error = world.who_am_i(&client).await.expect_err("it is not kept");
        assert!(matches!(error, Error::Store(_)), "{error:?}");
    }
    assert_eq!(
        world.server.refreshes().await?,
        1,
        "it is not asked for again"
    );
    drop(client);
    // The pair on disk is the old one, whose successor nobody used: the server heals it.
    let restarted = world.client().await?;
    assert_eq!(world.who_am_i(&restarted).await?, 200);
    assert_eq!(world.server.refreshes().await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_pair_that_could_not_be_kept_is_kept_and_used_when_there_is_room_again() -> Result<()> {
    let (world, client) = World::start().await?;
    drop(client);
    let full = Arc::new(AtomicBool::new(true));
    let disk = FullDisk {
        file: FileStore::open(world.file())?,
        full: Arc::clone(&full),
    };
    let client = world.client_with(disk).await?;
    world.advance(LIFETIME);
    world.who_am_i(&client).await.expect_err("it is not kept");
    full.store(false, Ordering::SeqCst);
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_caller_who_gives_up_in_the_middle_of_a_refresh_loses_nothing() -> Result<()> {
    let (world, client) = World::start().await?;
    world.advance(LIFETIME);
    let (answered, has_answered) = oneshot::channel();
    let (go, may_go) = oneshot::channel();
    world.proxy.then(Fate::Held(answered, may_go));
    let caller = tokio::spawn({
        let client = client.clone();
        async move { client.access_token().await }
    });
    has_answered.await?;
    caller.abort();
    assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    go.send(()).expect("the proxy waits for it");
    assert_eq!(world.who_am_i(&client).await?, 200);
    assert_eq!(world.server.refreshes().await?, 1);
    Ok(())
}
