//! The one-time secret that lets somebody set up an empty server. Only its SHA-256 is kept.

use tenure_domain::time::Timestamp;

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    REPLACE = "insert into setup_links (id, secret_hash, created_at) values (1, $1, $2) \
               on conflict (id) do update set secret_hash = excluded.secret_hash, created_at = excluded.created_at";
    COUNT = "select count(*) as number from setup_links where secret_hash = $1";
    TAKE = "delete from setup_links where secret_hash = $1";
}

/// Makes this the one valid secret.
///
/// # Errors
/// When the database does not answer.
pub async fn replace(tx: &mut Tx, hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
    tx.execute(&REPLACE, args![hash, at]).await.map(drop)
}

/// Whether this is the valid secret, without using it up.
///
/// # Errors
/// When the database does not answer.
pub async fn is_valid(tx: &mut Tx, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(super::number(tx, &COUNT, args![hash]).await? > 0)
}

/// Uses the secret up. Says whether it was the valid one.
///
/// # Errors
/// When the database does not answer.
pub async fn take(tx: &mut Tx, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(tx.execute(&TAKE, args![hash]).await? > 0)
}
