//! The clients that ask about tokens: a resource server that asks about a token in memory is not itself
//! looked up in the database.
//!
//! Deliberately not here: whether a client is who it says. Its secrets are judged at each call, because
//! an old one stops working by the clock alone.

use std::sync::Arc;

use tenure_domain::id::ClientId;

use super::Verifier;
use crate::store::{
    StoreError,
    oauth_clients::{self, Client},
};

impl Verifier {
    /// The client of this id as it is now, from memory if that may be trusted.
    ///
    /// # Errors
    /// When the database is needed and does not answer.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let cache = &self.0.cache;
        if self.remembers()
            && let Some(client) = cache.client(id)
        {
            return Ok(Some(client));
        }
        let seen = cache.generation();
        let found = oauth_clients::get(&mut self.0.store.peek().await?, id).await?;
        let found = found.map(Arc::new);
        if let Some(client) = &found {
            cache.keep_client(seen, client);
        }
        Ok(found)
    }
}
