//! Uses on which a token's life depends: written before they are answered, those of many callers together.
//!
//! They are written in the queue of writers, as are the watermarks that say what nobody used for too long.
//! So of a use and of the word that the token is dead, whichever comes first in the database stands, and
//! the other one's teller learns of it before answering.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use tenure_domain::{id::TokenId, time::Timestamp};
use uuid::Uuid;

use super::together::{Asked, Together};
use crate::store::{
    Store, StoreError, Tx,
    tokens::{self, Use},
};

/// Uses that are written in one transaction.
const CHUNK: usize = 200;

/// A use that is to be written.
#[derive(Clone, Copy)]
pub(super) struct Called {
    pub(super) token: Uuid,
    pub(super) at: Timestamp,
    pub(super) from: Option<IpAddr>,
}

impl Called {
    /// The use as the store takes it.
    pub(super) fn record(&self) -> Use {
        Use {
            token: TokenId(self.token.to_string()),
            at: self.at,
            from: self.from.map(|address| address.to_string()),
        }
    }
}

/// When the token was last active by now: not before the use, unless it was told to be dead before that.
type Answer = Result<Timestamp, StoreError>;

/// Writes them.
pub(super) struct Recorder {
    store: Store,
    together: Together<Called, Answer>,
}

impl Recorder {
    pub(super) fn new(store: Store) -> Arc<Self> {
        Arc::new(Self {
            store,
            together: Together::default(),
        })
    }

    /// Writes a use; it is committed when this returns. Says when the token was last active by then.
    pub(super) async fn record(self: &Arc<Self>, used: Called) -> Answer {
        let (answered, begin) = self.together.ask(used);
        if begin {
            tokio::spawn(Arc::clone(self).answer_all());
        }
        answered.await.unwrap_or(Err(StoreError::interrupted()))
    }

    async fn answer_all(self: Arc<Self>) {
        let _last = self.together.resting();
        while let Some(asked) = self.together.next(CHUNK) {
            let written = self.write(&asked).await.map_err(Arc::new);
            for (used, answer) in asked {
                // Whoever has gone away needs no answer.
                let _ = answer.send(match &written {
                    Ok(active) => active.get(&used.token).copied().ok_or(UNKNOWN),
                    Err(error) => Err(StoreError::Shared(Arc::clone(error))),
                });
            }
        }
    }

    async fn write(
        &self,
        asked: &[Asked<Called, Answer>],
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
        // The latest of each token, in one order everywhere.
        let mut latest: BTreeMap<Uuid, Called> = BTreeMap::new();
        for (used, _) in asked {
            let known = latest.entry(used.token).or_insert(*used);
            if known.at < used.at {
                *known = *used;
            }
        }
        let mut tx = self.store.write().await?;
        let uses: Vec<Use> = latest.values().map(Called::record).collect();
        tokens::record_uses(&mut tx, &uses).await?;
        let active = active(&mut tx, latest.into_keys()).await?;
        tx.commit().await?;
        Ok(active)
    }
}

/// A token that works is never deleted.
const UNKNOWN: StoreError = StoreError::Corrupt { place: "tokens.id" };

async fn active(
    tx: &mut Tx,
    tokens: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
    let mut active = BTreeMap::new();
    for token in tokens {
        let id = TokenId(token.to_string());
        if let Some(at) = tokens::last_active(tx, &id).await? {
            active.insert(token, at);
        }
    }
    Ok(active)
}
