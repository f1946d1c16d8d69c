//! Access tokens that clients hold: by grant and by client.

use tenure_domain::{
    id::{ClientId, GrantId, UserId},
    policy::Watermarks,
    time::Timestamp,
    token::{Revocation, RevocationReason},
};

use super::{Position, Token, row::parse_hash, tokens};
use crate::store::{
    Change, Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    REVOKE_OF_GRANT = "update tokens set revoked_at = $2, revoked_by = $3, revoked_reason = $4, \
                         suspicious_since = coalesce(suspicious_since, $5) \
                       where grant_id = $1 and revoked_at is null and created_at >= $6 and last_active_at >= $7 \
                       returning secret_hash";
    OF_GRANT_HASHES = "select secret_hash from tokens where grant_id = $1";
    LAST_USE_OF_GRANT = "select max(last_used_at) as instant from tokens where grant_id = $1";
    OF_CLIENT_PAGE = concat!(
        "select ", columns!(), " from tokens where client_id = $1 and (created_at, id) < ($2, $3) \
         order by created_at desc, id desc limit $4"
    );
}

/// Revokes what a grant's tokens of those that lie above `alive_from` still are; the others have expired
/// and stay so. Marks them suspicious where the grant's end is. Says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_grant(
    tx: &mut Tx,
    grant: &GrantId,
    revocation: &Revocation,
    alive_from: Watermarks,
) -> Result<usize, StoreError> {
    let suspicious = (revocation.reason == RevocationReason::Reuse).then_some(revocation.at);
    let args = args![
        grant.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str(),
        suspicious,
        alive_from.dead_before,
        alive_from.idle_before
    ];
    let rows: Vec<(Vec<u8>,)> = tx.all(&REVOKE_OF_GRANT, args).await?;
    for (hash,) in &rows {
        tx.changes(Change::Token(parse_hash(hash)?));
    }
    Ok(rows.len())
}

/// The SHA-256 of the texts of a grant's tokens, by which caches know them.
///
/// # Errors
/// When the database does not answer.
pub async fn hashes_of_grant(tx: &mut Tx, grant: &GrantId) -> Result<Vec<[u8; 32]>, StoreError> {
    let rows: Vec<(Vec<u8>,)> = tx.all(&OF_GRANT_HASHES, args![grant.as_str()]).await?;
    rows.into_iter().map(|(hash,)| parse_hash(&hash)).collect()
}

/// The latest use of any of a grant's access tokens.
///
/// # Errors
/// When the database does not answer.
pub async fn last_use_of_grant(
    tx: &mut Tx,
    grant: &GrantId,
) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Option<i64>,)> = tx
        .optional(&LAST_USE_OF_GRANT, args![grant.as_str()])
        .await?;
    Ok(row
        .and_then(|(instant,)| instant)
        .map(Timestamp::from_millis))
}

/// The tokens that a client got, dead or alive, below this position, youngest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_client_page(
    tx: &mut Tx,
    client: &ClientId,
    below: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![client.as_str(), below.created_at, &below.id, limit];
    tokens(tx.all(&OF_CLIENT_PAGE, args).await?)
}
