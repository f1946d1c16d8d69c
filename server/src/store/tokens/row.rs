//! From the rows of the table to tokens. What does not fit is corrupt, and named.

use tenure_domain::{
    id::{ClientId, GrantId, PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};

use super::{Decisive, Held, Token};
use crate::store::error::StoreError;

#[derive(sqlx::FromRow)]
pub(super) struct TokenRow {
    id: String,
    plan_id: String,
    owner_id: String,
    name: String,
    kind: String,
    scope: String,
    client_id: Option<String>,
    grant_id: Option<String>,
    last_four: String,
    created_at: i64,
    retires_at: Option<i64>,
    last_used_at: Option<i64>,
    last_used_from: Option<String>,
    revoked_at: Option<i64>,
    revoked_by: Option<String>,
    revoked_reason: Option<String>,
    suspicious_since: Option<i64>,
}

impl TryFrom<TokenRow> for Token {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let revoked = revocation(row.revoked_at, row.revoked_by, row.revoked_reason)?;
        Ok(Self {
            id: TokenId(row.id),
            plan: PlanId(row.plan_id),
            owner: UserId(row.owner_id),
            name: row.name,
            scope: parse_scope(&row.scope)?,
            held: row.client_id.zip(row.grant_id).map(|(client, grant)| Held {
                client: ClientId(client),
                grant: GrantId(grant),
            }),
            last_four: row.last_four,
            facts: TokenFacts {
                kind: parse_kind(&row.kind)?,
                created_at: Timestamp::from_millis(row.created_at),
                retires_at: row.retires_at.map(Timestamp::from_millis),
                last_used_at: row.last_used_at.map(Timestamp::from_millis),
                revoked,
                suspicious_since: row.suspicious_since.map(Timestamp::from_millis),
            },
            last_used_from: row.last_used_from,
        })
    }
}

/// The columns of `BY_HASHES` by their place: this is the one row that is read so often that looking
/// its columns up by name would be felt.
pub(super) type DecisiveRow = (
    Vec<u8>,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

impl TryFrom<DecisiveRow> for Decisive {
    type Error = StoreError;

    fn try_from(row: DecisiveRow) -> Result<Self, StoreError> {
        let (hash, id, plan, owner, kind, scope, client, created_at, retires_at, at, by, reason) =
            row;
        Ok(Self {
            hash: parse_hash(&hash)?,
            id: TokenId(id),
            plan: PlanId(plan),
            owner: UserId(owner),
            kind: parse_kind(&kind)?,
            scope: parse_scope(&scope)?,
            client: client.map(ClientId),
            created_at: Timestamp::from_millis(created_at),
            retires_at: retires_at.map(Timestamp::from_millis),
            revoked: revocation(at, by, reason)?,
        })
    }
}

/// A revocation is there as a whole or not at all.
fn revocation(
    at: Option<i64>,
    by: Option<String>,
    reason: Option<String>,
) -> Result<Option<Revocation>, StoreError> {
    match (at, reason) {
        (None, None) => Ok(None),
        (Some(at), Some(reason)) => Ok(Some(Revocation {
            at: Timestamp::from_millis(at),
            reason: parse_reason(&reason)?,
            by: by.map(UserId),
        })),
        _ => Err(StoreError::Corrupt {
            place: "tokens.revoked_at",
        }),
    }
}

fn parse_kind(text: &str) -> Result<TokenKind, StoreError> {
    TokenKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "tokens.kind",
        })
}

fn parse_scope(text: &str) -> Result<Scopes, StoreError> {
    Scopes::parse(text).map_err(|_| StoreError::Corrupt {
        place: "tokens.scope",
    })
}

fn parse_reason(text: &str) -> Result<RevocationReason, StoreError> {
    RevocationReason::ALL
        .into_iter()
        .find(|reason| reason.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "tokens.revoked_reason",
        })
}

pub(super) fn parse_hash(hash: &[u8]) -> Result<[u8; 32], StoreError> {
    hash.try_into().map_err(|_| StoreError::Corrupt {
        place: "tokens.secret_hash",
    })
}
