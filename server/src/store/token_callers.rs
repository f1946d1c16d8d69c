//! Who called with a token, by UTC day: from where, with which program, for what, how often.
//!
//! Rules about what is suspicious read it by token, within the transaction that has just added what was seen
//! ([`sightings::judge`](crate::sightings::judge)).

use tenure_domain::{id::TokenId, time::Timestamp};

use super::{
    Tx,
    batch::{NO_INT, NO_TEXT, batches, calls},
    error::StoreError,
    statement::{Arg, args, statements},
};

statements! {
    ADD = "insert into token_callers \
           (token_id, day, address, network, agent, resource, calls, refused, denied, first_at, last_at) \
         select column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, column11 \
         from (values \
           (cast($1 as text), cast($2 as bigint), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as bigint), cast($8 as bigint), cast($9 as bigint), cast($10 as bigint), cast($11 as bigint)), \
           ($12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22), \
           ($23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33), \
           ($34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44), \
           ($45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55), \
           ($56, $57, $58, $59, $60, $61, $62, $63, $64, $65, $66), \
           ($67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77), \
           ($78, $79, $80, $81, $82, $83, $84, $85, $86, $87, $88)) as seen \
         where column1 is not null \
         on conflict (token_id, day, address, agent, resource) do update set \
           calls = token_callers.calls + excluded.calls, \
           refused = token_callers.refused + excluded.refused, \
           denied = token_callers.denied + excluded.denied, \
           first_at = case when excluded.first_at < token_callers.first_at \
                           then excluded.first_at else token_callers.first_at end, \
           last_at = case when excluded.last_at > token_callers.last_at \
                          then excluded.last_at else token_callers.last_at end \
         returning token_id, first_at";
    KEEP_LATEST = "delete from token_callers where token_id = $1 and last_at < \
                   (select min(last_at) from (select last_at from token_callers where token_id = $1 \
                                              order by last_at desc limit $2) as latest)";
    OF_TOKEN = "select day, address, network, agent, resource, calls, refused, denied, first_at, last_at \
                from token_callers where token_id = $1 and last_at >= $2 order by last_at desc limit $3";
    FORGET = "delete from token_callers where day < $1";
}

/// By what callers of a token are told apart, within a day. What is not known is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where it came from, as far as proxies are trusted.
    pub address: String,
    /// The network that it lies in: `198.51.100.0/24`.
    pub network: String,
    /// The user agent, cut short.
    pub agent: String,
    /// What was called: `api.example/orders`, `client:` and the resource server that asked by introspection
    /// (whose address it is then), `tenure` for this API, `refresh` for the token endpoint.
    pub resource: String,
}

/// A caller of a token on a UTC day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The token.
    pub token: TokenId,
    /// The day, by its first instant.
    pub day: Timestamp,
    /// Who.
    pub call: Call,
    /// How often.
    pub calls: u64,
    /// Of those: refused because the token is dead, or its refresh token was.
    pub refused: u64,
    /// Of those: refused because the token lacks a scope.
    pub denied: u64,
    /// The first time on that day.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
}

/// Adds up what was seen; each caller comes once. Returns, for each, the token and the first time on that day,
/// in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn add(tx: &mut Tx, callers: &[Caller]) -> Result<Vec<(TokenId, Timestamp)>, StoreError> {
    let rows: Vec<[Arg<'_>; 11]> = callers.iter().map(row).collect();
    let none = [
        NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_INT, NO_INT, NO_INT, NO_INT,
    ];
    let mut written = Vec::with_capacity(callers.len());
    for args in batches(&rows, none) {
        let rows: Vec<(String, i64)> = tx.all(&ADD, &args).await?;
        written.extend(
            rows.into_iter()
                .map(|(token, at)| (TokenId(token), Timestamp::from_millis(at))),
        );
    }
    Ok(written)
}

fn row(caller: &Caller) -> [Arg<'_>; 11] {
    let Call {
        address,
        network,
        agent,
        resource,
    } = &caller.call;
    [
        caller.token.as_str().into(),
        caller.day.into(),
        address.into(),
        network.into(),
        agent.into(),
        resource.into(),
        calls(caller.calls),
        calls(caller.refused),
        calls(caller.denied),
        caller.first_at.into(),
        caller.last_at.into(),
    ]
}

/// Forgets a token's callers but so many of the latest.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_latest(tx: &mut Tx, token: &TokenId, callers: i64) -> Result<(), StoreError> {
    let args = args![token.as_str(), callers];
    tx.execute(&KEEP_LATEST, args).await.map(drop)
}

/// The callers of a token that were seen at `since` or later, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_token(
    tx: &mut Tx,
    token: &TokenId,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Caller>, StoreError> {
    let args = args![token.as_str(), since, most];
    let rows: Vec<CallerRow> = tx.all(&OF_TOKEN, args).await?;
    Ok(rows.into_iter().map(|row| row.of(token)).collect())
}

/// Forgets the callers of the days before this one.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(&FORGET, args![before]).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct CallerRow {
    day: i64,
    address: String,
    network: String,
    agent: String,
    resource: String,
    calls: i64,
    refused: i64,
    denied: i64,
    first_at: i64,
    last_at: i64,
}

impl CallerRow {
    fn of(self, token: &TokenId) -> Caller {
        Caller {
            token: token.clone(),
            day: Timestamp::from_millis(self.day),
            call: Call {
                address: self.address,
                network: self.network,
                agent: self.agent,
                resource: self.resource,
            },
            calls: self.calls.unsigned_abs(),
            refused: self.refused.unsigned_abs(),
            denied: self.denied.unsigned_abs(),
            first_at: Timestamp::from_millis(self.first_at),
            last_at: Timestamp::from_millis(self.last_at),
        }
    }
}
