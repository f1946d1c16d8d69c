//! What is kept of the calls with a token, as its own page and the rules about suspicion ask for it. Who writes it
//! is [`token_callers`](super::token_callers) and [`refusals`](super::refusals).

use std::net::IpAddr;

use tenure_domain::{
    id::TokenId,
    suspicion::{Denial, Sighting},
    time::Timestamp,
    wire::life::CallDay,
};

use super::{
    Tx,
    error::StoreError,
    statement::{Arg, args, statements},
    token_callers::Call,
};

/// Tokens that [`on_the_move`] takes at once.
pub const TOKENS: usize = 32;
/// Addresses of a token, and refusals, that a rule looks at: the latest.
const MOST: i64 = 200;

/// Calls with a token that worked, from where its holder is: neither those that only refreshed it, nor those of which a
/// resource server asked.
macro_rules! holders {
    () => {
        "calls > refused and network <> '' and resource <> 'refresh' and resource not like 'client:%'"
    };
}

statements! {
    SUMMED = "select address, network, agent, resource, \
                cast(sum(calls) as bigint) as calls, cast(sum(refused) as bigint) as refused, \
                cast(sum(denied) as bigint) as denied, min(first_at) as first_at, max(last_at) as last_at, count(*) as days \
              from token_callers where token_id = $1 group by address, network, agent, resource \
              order by max(last_at) desc, address, agent, resource limit $2";
    BY_DAY = "select day, cast(sum(calls) as bigint) as calls, cast(sum(refused) as bigint) as refused, \
                cast(sum(denied) as bigint) as denied \
              from token_callers where token_id = $1 group by day order by day desc limit $2";
    ON_THE_MOVE = concat!(
        "select token_id from token_callers where token_id in \
           ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
            $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32) \
         and last_at >= $33 and ",
        holders!(), " group by token_id having min(network) <> max(network)"
    );
    SEEN = concat!(
        "select address, min(first_at) as first_at, max(last_at) as last_at from token_callers \
         where token_id = $1 and last_at >= $2 and ", holders!(),
        " group by address order by max(last_at) desc limit $3"
    );
    DENIED = "select at, resource, scope from refusals \
              where token_id = $1 and at >= $2 and outcome = 'insufficient_scope' order by at desc limit $3";
}

/// All calls of one caller with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// By what the caller is told apart.
    pub call: Call,
    /// How often.
    pub calls: u64,
    /// Of those: refused because the token is dead.
    pub refused: u64,
    /// Of those: refused because the token lacks a scope.
    pub denied: u64,
    /// The first time that is kept.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
    /// On how many days.
    pub days: u64,
}

#[derive(sqlx::FromRow)]
struct SummedRow {
    address: String,
    network: String,
    agent: String,
    resource: String,
    calls: i64,
    refused: i64,
    denied: i64,
    first_at: i64,
    last_at: i64,
    days: i64,
}

impl From<SummedRow> for Summed {
    fn from(row: SummedRow) -> Self {
        Self {
            call: Call {
                address: row.address,
                network: row.network,
                agent: row.agent,
                resource: row.resource,
            },
            calls: row.calls.unsigned_abs(),
            refused: row.refused.unsigned_abs(),
            denied: row.denied.unsigned_abs(),
            first_at: Timestamp::from_millis(row.first_at),
            last_at: Timestamp::from_millis(row.last_at),
            days: row.days.unsigned_abs(),
        }
    }
}

/// Who called with a token, the latest first, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn summed(tx: &mut Tx, token: &TokenId, limit: i64) -> Result<Vec<Summed>, StoreError> {
    let rows: Vec<SummedRow> = tx.all(&SUMMED, args![token.as_str(), limit]).await?;
    Ok(rows.into_iter().map(Summed::from).collect())
}

/// The calls with a token by UTC day, the latest first: days on which there were any, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn by_day(tx: &mut Tx, token: &TokenId, limit: i64) -> Result<Vec<CallDay>, StoreError> {
    let rows: Vec<(i64, i64, i64, i64)> = tx.all(&BY_DAY, args![token.as_str(), limit]).await?;
    let days = rows
        .into_iter()
        .map(|(day, calls, refused, denied)| CallDay {
            day: Timestamp::from_millis(day),
            calls: calls.unsigned_abs(),
            refused: refused.unsigned_abs(),
            denied: denied.unsigned_abs(),
        });
    Ok(days.collect())
}

/// Those of the tokens, at most [`TOKENS`], that were used from more than one network at `since` or later. A day's
/// calls of one caller are one row, so some of them may have been earlier.
///
/// # Errors
/// When the database does not answer.
pub async fn on_the_move(
    tx: &mut Tx,
    tokens: &[TokenId],
    since: Timestamp,
) -> Result<Vec<TokenId>, StoreError> {
    // The last token fills the places that are left.
    let filled = tokens.iter().chain(tokens.last().into_iter().cycle());
    let mut args: Vec<Arg<'_>> = filled
        .take(TOKENS)
        .map(|token| token.as_str().into())
        .collect();
    args.push(since.into());
    let rows: Vec<(String,)> = tx.all(&ON_THE_MOVE, &args).await?;
    Ok(rows.into_iter().map(|(token,)| TokenId(token)).collect())
}

/// The uses of a token from each address that was seen at `since` or later: its first and its latest, the latest
/// address first.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(
    tx: &mut Tx,
    token: &TokenId,
    since: Timestamp,
) -> Result<Vec<Sighting>, StoreError> {
    let args = args![token.as_str(), since, MOST];
    let rows: Vec<(String, i64, i64)> = tx.all(&SEEN, args).await?;
    let known = rows.into_iter().filter_map(|(address, first, last)| {
        let from: IpAddr = address.parse().ok()?;
        Some([last, first].map(|at| Sighting {
            at: Timestamp::from_millis(at),
            from,
        }))
    });
    Ok(known.flatten().collect())
}

/// The calls with a token that were refused for want of a scope at `since` or later, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn denied(
    tx: &mut Tx,
    token: &TokenId,
    since: Timestamp,
) -> Result<Vec<Denial>, StoreError> {
    let args = args![token.as_str(), since, MOST];
    let rows: Vec<(i64, String, String)> = tx.all(&DENIED, args).await?;
    let denials = rows.into_iter().map(|(at, resource, scope)| Denial {
        at: Timestamp::from_millis(at),
        resource,
        scope,
    });
    Ok(denials.collect())
}
