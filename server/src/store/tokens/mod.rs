//! Tokens, by the SHA-256 of their text and by their owner. No expiry is kept: it is derived (R2).
//!
//! The lists take the instant below which every token of the plan is dead, which `domain` computed
//! from the policy: in SQL, too, a token is expired when and only when it was created before it.

use tenure_domain::{
    id::{ClientId, GrantId, PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};

mod row;

use row::{DecisiveRow, TokenRow, parse_hash};

use super::{
    Change, Tx,
    error::StoreError,
    statement::{Arg, args, statements},
};

/// Hashes that [`by_hashes`] takes at once.
pub const HASHES: usize = 32;
/// Uses that one statement records.
const USES: usize = 16;

macro_rules! columns {
    () => {
        "id, plan_id, owner_id, name, kind, scope, client_id, grant_id, last_four, created_at, retires_at, \
         last_used_at, last_used_from, revoked_at, revoked_by, revoked_reason, suspicious_since"
    };
}

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
    REVOKE_OF_GRANT = "update tokens set revoked_at = $2, revoked_by = $3, revoked_reason = $4, \
                         suspicious_since = coalesce(suspicious_since, $5) \
                       where grant_id = $1 and revoked_at is null and created_at >= $6 returning secret_hash";
    REVOKE_OF_OWNER = "update tokens set revoked_at = $3, revoked_by = $4, revoked_reason = $5 \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $6";
    SETTLE_OF_OWNER = "update tokens set revoked_at = retires_at, revoked_reason = 'rotation' \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $3 and retires_at <= $4";
    RETIRE = "update tokens set retires_at = $2 where id = $1 and retires_at is null and revoked_at is null \
              returning secret_hash";
    OF_GRANT_HASHES = "select secret_hash from tokens where grant_id = $1";
    NEWEST_OF_GRANT = concat!(
        "select ", columns!(), " from tokens where grant_id = $1 order by created_at desc, id desc limit 1"
    );
    LAST_USE_OF_GRANT = "select max(last_used_at) as instant from tokens where grant_id = $1";
    BY_ID = concat!("select ", columns!(), " from tokens where id = $1");
    BY_LAST_FOUR = concat!(
        "select ", columns!(), " from tokens where plan_id = $1 and last_four = $2 \
         order by created_at desc, id desc limit $3"
    );
    OF_CLIENT_PAGE = concat!(
        "select ", columns!(), " from tokens where client_id = $1 and (created_at, id) < ($2, $3) \
         order by created_at desc, id desc limit $4"
    );
    NAMES_OF_OWNER = "select name from tokens where owner_id = $1 and plan_id = $2 and revoked_at is null \
                        and kind = 'user_access' and created_at >= $3 and (retires_at is null or retires_at > $4) \
                      order by created_at, id limit $5";
    COUNT_OF_OWNER = "select count(*) as number from tokens where owner_id = $1 and plan_id = $2 \
                        and revoked_at is null and kind = 'user_access' and created_at >= $3 \
                        and (retires_at is null or retires_at > $4)";
    WORKING_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
           and revoked_at is null and (created_at, id) > ($3, $4) \
         order by created_at, id limit $5"
    );
    // Each half walks its own index from its position on, so neither looks at more than a page.
    ENDED_PAGE = concat!(
        "select * from (select ", columns!(), " from tokens \
           where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
             and revoked_at is null and (created_at, id) < ($3, $4) \
           order by created_at desc, id desc limit $7) as expired \
         union all \
         select * from (select ", columns!(), " from tokens \
           where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
             and revoked_at is not null and (created_at, id) < ($5, $6) \
           order by created_at desc, id desc limit $7) as revoked \
         order by created_at desc, id desc limit $7"
    );
    RECORD_USES = "update tokens set last_used_at = uses.column2, last_used_from = uses.column3 \
         from (values \
           (cast($1 as text), cast($2 as bigint), cast($3 as text)), \
           ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18), \
           ($19, $20, $21), ($22, $23, $24), ($25, $26, $27), ($28, $29, $30), ($31, $32, $33), \
           ($34, $35, $36), ($37, $38, $39), ($40, $41, $42), ($43, $44, $45), ($46, $47, $48)) as uses \
         where tokens.id = uses.column1 \
           and (tokens.last_used_at is null or tokens.last_used_at < uses.column2)";
    COUNT_EXPIRED = "select count(*) as number from tokens \
                     where plan_id = $1 and revoked_at is null and created_at >= $2 and created_at < $3 \
                       and kind = 'user_access' and retires_at is null";
    DOUBTFUL_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and (created_at, id) > ($2, $3) and created_at < $4 \
           and (kind = 'oauth_access' or retires_at is not null) \
         order by created_at, id limit $5"
    );
    COUNT = "select count(*) as number from tokens where plan_id = $1";
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

/// Revokes what a grant's tokens of those created from `alive_from` on still are; older ones have expired
/// and stay so. Marks them suspicious where the grant's end is. Says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_grant(
    tx: &mut Tx,
    grant: &GrantId,
    revocation: &Revocation,
    alive_from: Timestamp,
) -> Result<usize, StoreError> {
    let suspicious = (revocation.reason == RevocationReason::Reuse).then_some(revocation.at);
    let args = args![
        grant.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str(),
        suspicious,
        alive_from
    ];
    let rows: Vec<(Vec<u8>,)> = tx.all(&REVOKE_OF_GRANT, args).await?;
    for (hash,) in &rows {
        tx.changes(Change::Token(parse_hash(hash)?));
    }
    Ok(rows.len())
}

/// Revokes a user's own tokens in a plan, of those created from `alive_from` on; older ones have expired
/// and stay so. Says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    revocation: &Revocation,
    alive_from: Timestamp,
) -> Result<u64, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str(),
        alive_from
    ];
    let revoked = tx.execute(&REVOKE_OF_OWNER, args).await?;
    tx.changes(Change::Tokens);
    Ok(revoked)
}

/// Makes the rotation of those of a user's own tokens in a plan last whose overlap has passed by `now`, of
/// those created from `alive_from` on; older ones have expired and stay so.
///
/// # Errors
/// When the database does not answer.
pub async fn settle_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    alive_from: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![owner.as_str(), plan.as_str(), alive_from, now];
    if tx.execute(&SETTLE_OF_OWNER, args).await? > 0 {
        tx.changes(Change::Tokens);
    }
    Ok(())
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

/// The SHA-256 of the texts of a grant's tokens, by which caches know them.
///
/// # Errors
/// When the database does not answer.
pub async fn hashes_of_grant(tx: &mut Tx, grant: &GrantId) -> Result<Vec<[u8; 32]>, StoreError> {
    let rows: Vec<(Vec<u8>,)> = tx.all(&OF_GRANT_HASHES, args![grant.as_str()]).await?;
    rows.into_iter().map(|(hash,)| parse_hash(&hash)).collect()
}

/// The access token that a grant's client got last.
///
/// # Errors
/// When the database does not answer.
pub async fn newest_of_grant(tx: &mut Tx, grant: &GrantId) -> Result<Option<Token>, StoreError> {
    let row: Option<TokenRow> = tx.optional(&NEWEST_OF_GRANT, args![grant.as_str()]).await?;
    row.map(Token::try_from).transpose()
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

/// The token of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &TokenId) -> Result<Option<Token>, StoreError> {
    let row: Option<TokenRow> = tx.optional(&BY_ID, args![id.as_str()]).await?;
    row.map(Token::try_from).transpose()
}

/// The tokens of a plan whose texts end so, youngest first, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn by_last_four(
    tx: &mut Tx,
    plan: &PlanId,
    last_four: &str,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), last_four, limit];
    tokens(tx.all(&BY_LAST_FOUR, args).await?)
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

/// The names of a user's own tokens in a plan that work at `now`, soonest expiry first, where every
/// token created before `dead_before` is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn names_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    dead_before: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let args = args![owner.as_str(), plan.as_str(), dead_before, now, limit];
    let rows: Vec<(String,)> = tx.all(&NAMES_OF_OWNER, args).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// How many of a user's own tokens in a plan work at `now`, where every token created before
/// `dead_before` is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn count_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    dead_before: Timestamp,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let args = args![owner.as_str(), plan.as_str(), dead_before, now];
    super::number(tx, &COUNT_OF_OWNER, args).await
}

/// A user's tokens in a plan that are not revoked, after this position, oldest (soonest expiry) first.
///
/// From [`Position::before`] the instant below which the plan's tokens are dead, these are the ones
/// that work.
///
/// # Errors
/// When the database does not answer.
pub async fn working_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    after: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        after.created_at,
        &after.id,
        limit
    ];
    tokens(tx.all(&WORKING_PAGE, args).await?)
}

/// A user's tokens in a plan that were revoked, or created before `dead_before`; those below this
/// position, youngest first.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    dead_before: Timestamp,
    below: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    // What was not revoked has ended if it lies below the watermark as well.
    let watermark = Position::before(dead_before);
    let expired = below.min(&watermark);
    let args = args![
        owner.as_str(),
        plan.as_str(),
        expired.created_at,
        &expired.id,
        below.created_at,
        &below.id,
        limit
    ];
    tokens(tx.all(&ENDED_PAGE, args).await?)
}

/// Records the latest uses. An earlier use than the recorded one changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn record_uses(tx: &mut Tx, uses: &[Use]) -> Result<(), StoreError> {
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
        tx.execute(&RECORD_USES, &args).await?;
    }
    Ok(())
}

/// How many tokens of a plan, created from `from` on and before `before`, were not revoked, of those that
/// only the policy ends. The others are on [`doubtful_page`].
///
/// # Errors
/// When the database does not answer.
pub async fn count_expired(
    tx: &mut Tx,
    plan: &PlanId,
    from: Timestamp,
    before: Timestamp,
) -> Result<i64, StoreError> {
    super::number(tx, &COUNT_EXPIRED, args![plan.as_str(), from, before]).await
}

/// Tokens of a plan, created before `before`, after this position, that were not revoked and that something
/// else than the policy may have ended first: the server's lifetime, or a rotation. Oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn doubtful_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), after.created_at, &after.id, before, limit];
    tokens(tx.all(&DOUBTFUL_PAGE, args).await?)
}

/// How many tokens a plan has, dead or alive.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx, plan: &PlanId) -> Result<i64, StoreError> {
    super::number(tx, &COUNT, args![plan.as_str()]).await
}
