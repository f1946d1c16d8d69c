//! Authorization codes: what a client exchanges for its first pair of tokens, once and soon.

use tenure_domain::{id::GrantId, time::Timestamp};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    INSERT = "insert into oauth_codes (secret_hash, grant_id, redirect_uri, code_challenge, created_at) \
              values ($1, $2, $3, $4, $5)";
    GET = "select grant_id, redirect_uri, code_challenge, created_at, used_at from oauth_codes \
           where secret_hash = $1";
    USE = "update oauth_codes set used_at = $2 where secret_hash = $1 and used_at is null";
    FORGET = "delete from oauth_codes where created_at < $1";
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What the person allowed.
    pub grant: GrantId,
    /// The `redirect_uri` of its request, empty where that had none.
    pub redirect_uri: String,
    /// What its client must prove to know (RFC 7636, section 4.2).
    pub code_challenge: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was exchanged, if it was.
    pub used_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    grant_id: String,
    redirect_uri: String,
    code_challenge: String,
    created_at: i64,
    used_at: Option<i64>,
}

/// Adds a code.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that hash.
pub async fn insert(tx: &mut Tx, hash: &[u8; 32], code: &Code) -> Result<(), StoreError> {
    let args = args![
        hash,
        code.grant.as_str(),
        &code.redirect_uri,
        &code.code_challenge,
        code.created_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The code whose text has this SHA-256.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Code>, StoreError> {
    let row: Option<CodeRow> = tx.optional(&GET, args![hash]).await?;
    Ok(row.map(|row| Code {
        grant: GrantId(row.grant_id),
        redirect_uri: row.redirect_uri,
        code_challenge: row.code_challenge,
        created_at: Timestamp::from_millis(row.created_at),
        used_at: row.used_at.map(Timestamp::from_millis),
    }))
}

/// Notes that a code was exchanged; says whether it had not been before.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_used(tx: &mut Tx, hash: &[u8; 32], at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&USE, args![hash, at]).await? > 0)
}

/// Forgets the codes made before an instant; says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_before(tx: &mut Tx, instant: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, args![instant]).await
}
