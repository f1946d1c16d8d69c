//! Refresh tokens, by the SHA-256 of their text. What becomes of one is decided in `domain::refresh`.

use tenure_domain::{
    id::{GrantId, TokenId},
    time::Timestamp,
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

macro_rules! columns {
    () => {
        "id, grant_id, access_token_id, issued_at, successor_id, voided_at"
    };
}

statements! {
    INSERT = "insert into oauth_refresh_tokens (id, grant_id, secret_hash, access_token_id, issued_at) \
              values ($1, $2, $3, $4, $5)";
    BY_HASH = concat!("select ", columns!(), " from oauth_refresh_tokens where secret_hash = $1");
    GET = concat!("select ", columns!(), " from oauth_refresh_tokens where id = $1");
    LIVE_OF_GRANT = concat!(
        "select ", columns!(), " from oauth_refresh_tokens \
         where grant_id = $1 and successor_id is null and voided_at is null limit 1"
    );
    REPLACE = "update oauth_refresh_tokens set successor_id = $2 where id = $1";
    VOID = "update oauth_refresh_tokens set voided_at = $2 where id = $1 and voided_at is null";
}

/// A refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Names it.
    pub id: String,
    /// The grant that it renews.
    pub grant: GrantId,
    /// The access token of the same pair.
    pub access_token: TokenId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The one that took its place, if one did.
    pub successor: Option<String>,
    /// When the grant went on without it, if it did.
    pub voided_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct RefreshRow {
    id: String,
    grant_id: String,
    access_token_id: String,
    issued_at: i64,
    successor_id: Option<String>,
    voided_at: Option<i64>,
}

impl From<RefreshRow> for RefreshToken {
    fn from(row: RefreshRow) -> Self {
        Self {
            id: row.id,
            grant: GrantId(row.grant_id),
            access_token: TokenId(row.access_token_id),
            issued_at: Timestamp::from_millis(row.issued_at),
            successor: row.successor_id,
            voided_at: row.voided_at.map(Timestamp::from_millis),
        }
    }
}

/// Adds a refresh token that was just issued.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that id or hash.
pub async fn insert(tx: &mut Tx, token: &RefreshToken, hash: &[u8; 32]) -> Result<(), StoreError> {
    let args = args![
        &token.id,
        token.grant.as_str(),
        hash,
        token.access_token.as_str(),
        token.issued_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The refresh token whose text has this SHA-256.
///
/// # Errors
/// When the database does not answer.
pub async fn by_hash(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<RefreshToken>, StoreError> {
    let row: Option<RefreshRow> = tx.optional(&BY_HASH, args![hash]).await?;
    Ok(row.map(RefreshToken::from))
}

/// The refresh token of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &str) -> Result<Option<RefreshToken>, StoreError> {
    let row: Option<RefreshRow> = tx.optional(&GET, args![id]).await?;
    Ok(row.map(RefreshToken::from))
}

/// The refresh token of a grant that is neither replaced nor voided.
///
/// # Errors
/// When the database does not answer.
pub async fn live_of_grant(
    tx: &mut Tx,
    grant: &GrantId,
) -> Result<Option<RefreshToken>, StoreError> {
    let row: Option<RefreshRow> = tx.optional(&LIVE_OF_GRANT, args![grant.as_str()]).await?;
    Ok(row.map(RefreshToken::from))
}

/// Notes which one took its place.
///
/// # Errors
/// When the database does not answer.
pub async fn replace(tx: &mut Tx, id: &str, successor: &str) -> Result<(), StoreError> {
    tx.execute(&REPLACE, args![id, successor]).await.map(drop)
}

/// Notes that the grant goes on without it.
///
/// # Errors
/// When the database does not answer.
pub async fn void(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(&VOID, args![id, at]).await.map(drop)
}
