//! The link by which an empty server gets its first System Admin.

use crate::{
    clock::Clock,
    random::Random,
    secret::Secret,
    store::{Store, StoreError, setup_links, users},
};

/// Makes a one-time secret while nobody can sign in; earlier ones are worth nothing from then on.
/// `None` when there is a user.
///
/// # Errors
/// When the database does not answer.
pub async fn offer(
    store: &Store,
    clock: &Clock,
    random: &Random,
) -> Result<Option<Secret>, StoreError> {
    let mut tx = store.write().await?;
    if users::count(&mut tx).await? > 0 {
        return Ok(None);
    }
    let secret = Secret::opaque(random);
    setup_links::replace(&mut tx, &secret.hash(), clock.now()).await?;
    tx.commit().await?;
    Ok(Some(secret))
}
