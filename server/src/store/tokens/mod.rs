//! Tokens: one by one here, by the SHA-256 of their text or by id; those of an owner ([`owned`]), of a
//! client ([`held`]) and of a plan ([`plan`], [`ending`], [`strands`]) beside it. No expiry is kept: it is derived (R2).

macro_rules! columns {
    () => {
        "id, plan_id, owner_id, name, kind, scope, client_id, grant_id, last_four, created_at, retires_at, \
         last_used_at, last_used_from, revoked_at, revoked_by, revoked_reason, suspicious_since"
    };
}

pub(in crate::store) mod ending;
pub(in crate::store) mod held;
pub(in crate::store) mod owned;
pub(in crate::store) mod plan;
mod row;
pub(in crate::store) mod strands;

use tenure_domain::{
    id::{ClientId, GrantId, PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, TokenFacts, TokenKind},
};

use super::{
    Change, Tx,
    error::StoreError,
    statement::{Arg, args, statements},
};

pub use ending::{Ending, ending_page, latest_ending, retiring_page};
pub use held::{hashes_of_grant, last_use_of_grant, of_client_page, revoke_of_grant};
pub use owned::{
    count_of_owner, ended_page, last_active_of_owner, names_of_owner, revoke_of_owner, revoked_at,
    settle_of_owner, working_page,
};
pub use plan::{
    Span, by_last_four, count, count_expired, count_idle, doubtful_idle_page, doubtful_page, hour,
    timed_idle_page, timed_page, working_of_plan,
};
use row::{DecisiveRow, TokenRow, parse_hash};
pub use strands::{Behind, Bounds, Strand, name_key};

/// Hashes that [`by_hashes`] takes at once.
pub const HASHES: usize = 32;
/// Uses that one statement records.
const USES: usize = 16;

statements! {
    INSERT = "insert into tokens \
              (id, plan_id, owner_id, name, kind, scope, client_id, grant_id, secret_hash, last_four, created_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_HASH = concat!("select ", columns!(), " from tokens where secret_hash = $1");
    BY_HASHES = "select secret_hash, id, plan_id, owner_id, kind, scope, client_id, created_at, retires_at, \
           revoked_at, revoked_by, revoked_reason \
         from tokens where secret_hash in (\
           $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
           $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
    OF_OWNER = concat!("select ", columns!(), " from tokens where owner_id = $1 and id = $2");
    HASH = "select secret_hash from tokens where id = $1";
    REVOKE = "update tokens set revoked_at = $2, revoked_by = $3, revoked_reason = $4 \
              where id = $1 and revoked_at is null returning secret_hash";
    RETIRE = "update tokens set retires_at = $2 where id = $1 and retires_at is null and revoked_at is null \
              returning secret_hash";
    BY_ID = concat!("select ", columns!(), " from tokens where id = $1");
    RECORD_USES = "update tokens set last_used_at = uses.column2, last_used_from = uses.column3 \
         from (values \
           (cast($1 as text), cast($2 as bigint), cast($3 as text)), \
           ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18), \
           ($19, $20, $21), ($22, $23, $24), ($25, $26, $27), ($28, $29, $30), ($31, $32, $33), \
           ($34, $35, $36), ($37, $38, $39), ($40, $41, $42), ($43, $44, $45), ($46, $47, $48)) as uses \
         where tokens.id = uses.column1 \
           and (tokens.last_used_at is null or tokens.last_used_at < uses.column2) \
           and tokens.last_active_at >= (select max(idle_before) from policy_versions \
                                         where policy_versions.plan_id = tokens.plan_id) \
         returning id, last_active_at";
    LAST_ACTIVE = "select last_active_at as instant from tokens where id = $1";
}

/// A token as it is kept, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it.
    pub id: TokenId,
    /// The plan whose policy it obeys.
    pub plan: PlanId,
    /// Whose it is.
    pub owner: UserId,
    /// What the owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scope: Scopes,
    /// An OAuth access token: who holds it, and by which consent.
    pub held: Option<Held>,
    /// What its text ends with.
    pub last_four: String,
    /// What decides whether it works.
    pub facts: TokenFacts,
    /// The address of its latest use.
    pub last_used_from: Option<String>,
}

/// By whom an OAuth access token is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The client.
    pub client: ClientId,
    /// The consent that it came of.
    pub grant: GrantId,
}

/// A place in a list: the creation instant and the id of the token there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When that token was created.
    pub created_at: Timestamp,
    /// Its id; empty for the place before every token of that instant.
    pub id: String,
}

impl Position {
    /// The place before every token created at `instant` or later.
    #[must_use]
    pub const fn before(instant: Timestamp) -> Self {
        Self {
            created_at: instant,
            id: String::new(),
        }
    }

    /// The place of this token in a list by last activity.
    #[must_use]
    pub fn of_activity(token: &Token) -> Self {
        Self {
            created_at: token.facts.last_active_at(),
            id: token.id.0.clone(),
        }
    }

    /// The place of this token.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self {
            created_at: token.facts.created_at,
            id: token.id.0.clone(),
        }
    }
}

/// A use of a token that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which token.
    pub token: TokenId,
    /// When.
    pub at: Timestamp,
    /// From which address, if that is known.
    pub from: Option<String>,
}

/// What decides over a token, and the hash by which it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisive {
    /// The SHA-256 of its text.
    pub hash: [u8; 32],
    /// Names it.
    pub id: TokenId,
    /// The plan whose policy it obeys.
    pub plan: PlanId,
    /// Whose it is.
    pub owner: UserId,
    /// What it is for.
    pub kind: TokenKind,
    /// What it may be used for.
    pub scope: Scopes,
    /// The client that holds it, if one does.
    pub client: Option<ClientId>,
    /// When it was generated.
    pub created_at: Timestamp,
    /// Rotated: until when it works beside its successor.
    pub retires_at: Option<Timestamp>,
    /// Who revoked it, and when.
    pub revoked: Option<Revocation>,
}

fn tokens(rows: Vec<TokenRow>) -> Result<Vec<Token>, StoreError> {
    rows.into_iter().map(Token::try_from).collect()
}

/// Adds a token that was just generated. Uses and a revocation come later, by their own functions.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that id or hash.
pub async fn insert(tx: &mut Tx, token: &Token, hash: &[u8; 32]) -> Result<(), StoreError> {
    let scope = token.scope.to_string();
    let args = args![
        token.id.as_str(),
        token.plan.as_str(),
        token.owner.as_str(),
        &token.name,
        token.facts.kind.as_str(),
        &scope,
        token.held.as_ref().map(|held| held.client.as_str()),
        token.held.as_ref().map(|held| held.grant.as_str()),
        hash,
        &token.last_four,
        token.facts.created_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The token whose text has this SHA-256.
///
/// # Errors
/// When the database does not answer.
pub async fn by_hash(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
    let row: Option<TokenRow> = tx.optional(&BY_HASH, args![hash]).await?;
    row.map(Token::try_from).transpose()
}

/// What decides over the tokens whose texts have these SHA-256, at most [`HASHES`] of them. Those
/// that are unknown are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn by_hashes(tx: &mut Tx, hashes: &[[u8; 32]]) -> Result<Vec<Decisive>, StoreError> {
    // The last hash fills the places that are left.
    let filled = hashes.iter().chain(hashes.last().into_iter().cycle());
    let args: Vec<Arg<'_>> = filled.take(HASHES).map(Arg::from).collect();
    let rows: Vec<DecisiveRow> = tx.all(&BY_HASHES, &args).await?;
    rows.into_iter().map(Decisive::try_from).collect()
}

/// The token of this id, if it belongs to that user.
///
/// # Errors
/// When the database does not answer.
pub async fn get_of_owner(
    tx: &mut Tx,
    owner: &UserId,
    id: &TokenId,
) -> Result<Option<Token>, StoreError> {
    let args = args![owner.as_str(), id.as_str()];
    let row: Option<TokenRow> = tx.optional(&OF_OWNER, args).await?;
    row.map(Token::try_from).transpose()
}

/// The SHA-256 of a token's text, by which caches know it.
///
/// # Errors
/// When the database does not answer.
pub async fn hash(tx: &mut Tx, id: &TokenId) -> Result<Option<[u8; 32]>, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.optional(&HASH, args![id.as_str()]).await?;
    row.map(|(hash,)| parse_hash(&hash)).transpose()
}

/// Revokes a token; says whether it was not revoked before. A revocation is never changed.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(
    tx: &mut Tx,
    id: &TokenId,
    revocation: &Revocation,
) -> Result<bool, StoreError> {
    let args = args![
        id.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str()
    ];
    let row: Option<(Vec<u8>,)> = tx.optional(&REVOKE, args).await?;
    let Some((hash,)) = row else {
        return Ok(false);
    };
    tx.changes(Change::Token(parse_hash(&hash)?));
    Ok(true)
}

/// Lets a rotated token work until `at`; says whether it was neither revoked nor rotated before.
///
/// # Errors
/// When the database does not answer.
pub async fn retire(tx: &mut Tx, id: &TokenId, at: Timestamp) -> Result<bool, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.optional(&RETIRE, args![id.as_str(), at]).await?;
    let Some((hash,)) = row else {
        return Ok(false);
    };
    tx.changes(Change::Token(parse_hash(&hash)?));
    Ok(true)
}

/// The token of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &TokenId) -> Result<Option<Token>, StoreError> {
    let row: Option<TokenRow> = tx.optional(&BY_ID, args![id.as_str()]).await?;
    row.map(Token::try_from).transpose()
}

/// When the token of this id was last active, as far as that is recorded.
///
/// # Errors
/// When the database does not answer.
pub async fn last_active(tx: &mut Tx, id: &TokenId) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(i64,)> = tx.optional(&LAST_ACTIVE, args![id.as_str()]).await?;
    Ok(row.map(|(instant,)| Timestamp::from_millis(instant)))
}

/// Records the latest uses, and says which are the latest now. An earlier use than the recorded one
/// changes nothing, and neither does one of a token that was told to be dead for not being used (R7).
///
/// # Errors
/// When the database does not answer.
pub async fn record_uses(
    tx: &mut Tx,
    uses: &[Use],
) -> Result<Vec<(TokenId, Timestamp)>, StoreError> {
    let mut recorded = Vec::with_capacity(uses.len());
    for chunk in uses.chunks(USES) {
        // The last use fills the places that are left.
        let filled = chunk
            .iter()
            .chain(chunk.last().into_iter().cycle())
            .take(USES);
        let args: Vec<Arg<'_>> = filled
            .flat_map(|one| {
                [
                    Arg::from(one.token.as_str()),
                    Arg::from(one.at),
                    Arg::from(one.from.as_deref()),
                ]
            })
            .collect();
        let rows: Vec<(String, i64)> = tx.all(&RECORD_USES, &args).await?;
        let rows = rows.into_iter();
        recorded.extend(rows.map(|(id, at)| (TokenId(id), Timestamp::from_millis(at))));
    }
    Ok(recorded)
}
