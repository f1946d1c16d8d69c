//! Tokens that are presented after their death: how often, since when, and what the caller was told last.

use tenure_domain::{
    id::{PlanId, TokenId},
    time::Timestamp,
    wire::auth_health::Outcome,
};

use super::{
    Tx,
    batch::{NO_INT, NO_TEXT, Rows, batches, calls},
    error::StoreError,
    statement::{Arg, args, statements},
};

static ROWS: Rows = Rows::of(
    "dead_token_calls",
    &[
        ("plan_id", "text"),
        ("token_id", "text"),
        ("outcome", "text"),
        ("calls", "bigint"),
        ("first_at", "bigint"),
        ("last_at", "bigint"),
    ],
    "on conflict (plan_id, token_id) do update set \
       outcome = case when excluded.last_at >= dead_token_calls.last_at \
                      then excluded.outcome else dead_token_calls.outcome end, \
       calls = dead_token_calls.calls + excluded.calls, \
       first_at = case when excluded.first_at < dead_token_calls.first_at \
                       then excluded.first_at else dead_token_calls.first_at end, \
       last_at = case when excluded.last_at > dead_token_calls.last_at \
                      then excluded.last_at else dead_token_calls.last_at end",
);

statements! {
    ADD = ROWS.on_sqlite(), on_postgres ROWS.on_postgres();
    OF_PLAN = "select token_id, outcome, calls, first_at, last_at from dead_token_calls \
               where plan_id = $1 and last_at >= $2 order by last_at desc, token_id limit $3";
    FORGET = "delete from dead_token_calls where last_at < $1";
}

/// The calls with a dead token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadCalls {
    /// The token's plan.
    pub plan: PlanId,
    /// The token.
    pub token: TokenId,
    /// What its callers were told last.
    pub outcome: Outcome,
    /// How often, since its death.
    pub calls: u64,
    /// The first time after its death.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
}

/// Adds up what was seen; each token comes once.
///
/// # Errors
/// When the database does not answer.
pub async fn add(tx: &mut Tx, dead: &[DeadCalls]) -> Result<(), StoreError> {
    let rows: Vec<[Arg<'_>; 6]> = dead.iter().map(row).collect();
    let none = [NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_INT, NO_INT];
    for args in batches(&rows, none) {
        tx.execute(&ADD, &args).await?;
    }
    Ok(())
}

fn row(dead: &DeadCalls) -> [Arg<'_>; 6] {
    [
        dead.plan.as_str().into(),
        dead.token.as_str().into(),
        dead.outcome.as_str().into(),
        calls(dead.calls),
        dead.first_at.into(),
        dead.last_at.into(),
    ]
}

/// The plan's dead tokens that were presented at `since` or later, the latest first.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn of_plan(
    tx: &mut Tx,
    plan: &PlanId,
    since: Timestamp,
    most: i64,
) -> Result<Vec<DeadCalls>, StoreError> {
    let args = args![plan.as_str(), since, most];
    let rows: Vec<(String, String, i64, i64, i64)> = tx.all(&OF_PLAN, args).await?;
    rows.into_iter()
        .map(|(token, outcome, calls, first_at, last_at)| {
            Ok(DeadCalls {
                plan: plan.clone(),
                token: TokenId(token),
                outcome: Outcome::parse(&outcome).ok_or(StoreError::Corrupt {
                    place: "dead_token_calls.outcome",
                })?,
                calls: calls.unsigned_abs(),
                first_at: Timestamp::from_millis(first_at),
                last_at: Timestamp::from_millis(last_at),
            })
        })
        .collect()
}

/// Forgets the tokens that nobody has presented since.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(&FORGET, args![before]).await.map(drop)
}
