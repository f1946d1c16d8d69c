//! Sessions of people who signed in. Only the SHA-256 of the cookie's secret is kept.

use tenure_domain::{
    id::UserId,
    time::{HOUR, Timestamp},
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

/// How long a session lives at most, in milliseconds, however much it is used.
pub const LIFETIME: i64 = 12 * HOUR;

statements! {
    INSERT = "insert into sessions (secret_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)";
    BY_HASH = "select user_id, created_at, expires_at from sessions where secret_hash = $1 and expires_at > $2";
    DELETE = "delete from sessions where secret_hash = $1";
    DELETE_EXPIRED = "delete from sessions where expires_at <= $1";
    DELETE_OF_USER = "delete from sessions where user_id = $1";
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub user: UserId,
    /// When they did.
    pub created_at: Timestamp,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    user_id: String,
    created_at: i64,
    expires_at: i64,
}

/// Begins a session at `now`; it ends after [`LIFETIME`].
///
/// # Errors
/// When the database does not answer.
pub async fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    user: &UserId,
    now: Timestamp,
) -> Result<Session, StoreError> {
    let expires_at = now.saturating_add(LIFETIME);
    tx.execute(&INSERT, args![hash, user.as_str(), now, expires_at])
        .await?;
    Ok(Session {
        user: user.clone(),
        created_at: now,
        expires_at,
    })
}

/// The session of this secret, if it has not ended at `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn by_hash(
    tx: &mut Tx,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let row: Option<SessionRow> = tx.optional(&BY_HASH, args![hash, now]).await?;
    Ok(row.map(|row| Session {
        user: UserId(row.user_id),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }))
}

/// Ends a session. Says whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(tx: &mut Tx, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE, args![hash]).await? > 0)
}

/// Forgets the sessions that have ended at `now`. Says how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&DELETE_EXPIRED, args![now]).await
}

/// Ends every session of a user: their password was changed by somebody else.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64, StoreError> {
    tx.execute(&DELETE_OF_USER, args![user.as_str()]).await
}
