//! Refused calls by the id that their callers were given, for a day.

use tenure_domain::{
    id::{ClientId, PlanId, TokenId},
    time::Timestamp,
    wire::auth_health::Outcome,
};

use super::{
    Tx,
    auth_counts::Filter,
    batch::{NO_INT, NO_TEXT, Rows, batches},
    error::StoreError,
    statement::{Arg, args, statements},
    token_callers::Behind,
};

static ROWS: Rows = Rows::of(
    "refusals",
    &[
        ("request_id", "text"),
        ("at", "bigint"),
        ("outcome", "text"),
        ("plan_id", "text"),
        ("token_id", "text"),
        ("client_id", "text"),
        ("scope", "text"),
        ("resource", "text"),
        ("since", "bigint"),
    ],
    "on conflict (request_id, at, outcome) do nothing",
);

statements! {
    INSERT = ROWS.on_sqlite(), on_postgres ROWS.on_postgres();
    BY_REQUEST = "select request_id, at, outcome, plan_id, token_id, client_id, scope, resource, since \
                  from refusals where request_id = $1 and (plan_id = $2 or plan_id is null) \
                  order by at desc, outcome limit $3";
    BEHIND = "select token_id, count(*) as number, min(at) as first_at, max(at) as last_at from refusals \
              where plan_id = $1 and at >= $2 and at < $3 and token_id is not null \
                and (cast($4 as text) is null or outcome = $4) and (cast($5 as text) is null or resource = $5) \
                and (cast($6 as text) is null or coalesce(client_id, '') = $6) \
              group by token_id order by number desc, token_id limit $7";
    FORGET = "delete from refusals where at < $1";
}

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `X-Request-Id`; whoever calls may choose it, so several calls may have the same.
    pub request: String,
    /// When.
    pub at: Timestamp,
    /// What the caller was told.
    pub outcome: Outcome,
    /// The plan of the token, or of the client that asked; `None` where neither is known.
    pub plan: Option<PlanId>,
    /// The token, if it is known.
    pub token: Option<TokenId>,
    /// The client that holds it.
    pub client: Option<ClientId>,
    /// The scopes that were lacking; empty for none.
    pub scope: String,
    /// What was called.
    pub resource: String,
    /// Since when the token is dead.
    pub since: Option<Timestamp>,
}

/// Keeps refused calls.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(tx: &mut Tx, refusals: &[Refusal]) -> Result<(), StoreError> {
    let rows: Vec<[Arg<'_>; 9]> = refusals.iter().map(values).collect();
    let none = [
        NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT,
    ];
    for args in batches(&rows, none) {
        tx.execute(&INSERT, &args).await?;
    }
    Ok(())
}

fn values(refusal: &Refusal) -> [Arg<'_>; 9] {
    [
        (&refusal.request).into(),
        refusal.at.into(),
        refusal.outcome.as_str().into(),
        refusal.plan.as_ref().map(PlanId::as_str).into(),
        refusal.token.as_ref().map(TokenId::as_str).into(),
        refusal.client.as_ref().map(ClientId::as_str).into(),
        (&refusal.scope).into(),
        (&refusal.resource).into(),
        refusal.since.into(),
    ]
}

/// The refused calls of this id that a plan may hear of, the latest first: its own, and those of which no plan is
/// known. Those of other plans are as if they were not there.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn by_request(
    tx: &mut Tx,
    request: &str,
    plan: &PlanId,
    most: i64,
) -> Result<Vec<Refusal>, StoreError> {
    let args = args![request, plan.as_str(), most];
    let rows: Vec<RefusalRow> = tx.all(&BY_REQUEST, args).await?;
    rows.into_iter().map(RefusalRow::refusal).collect()
}

/// The plan's tokens behind the refused calls of a span that are kept, those with the most first.
///
/// # Errors
/// When the database does not answer.
pub async fn behind(
    tx: &mut Tx,
    plan: &PlanId,
    [from, to]: [Timestamp; 2],
    filter: &Filter,
    most: i64,
) -> Result<Vec<Behind>, StoreError> {
    let args = args![
        plan.as_str(),
        from,
        to,
        filter.outcome.map(Outcome::as_str),
        filter.resource.as_deref(),
        filter.client.as_deref(),
        most,
    ];
    let rows: Vec<(String, i64, i64, i64)> = tx.all(&BEHIND, args).await?;
    Ok(rows.into_iter().map(Behind::of).collect())
}

/// Forgets the refused calls before this instant.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(&FORGET, args![before]).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct RefusalRow {
    request_id: String,
    at: i64,
    outcome: String,
    plan_id: Option<String>,
    token_id: Option<String>,
    client_id: Option<String>,
    scope: String,
    resource: String,
    since: Option<i64>,
}

impl RefusalRow {
    fn refusal(self) -> Result<Refusal, StoreError> {
        Ok(Refusal {
            request: self.request_id,
            at: Timestamp::from_millis(self.at),
            outcome: Outcome::parse(&self.outcome).ok_or(StoreError::Corrupt {
                place: "refusals.outcome",
            })?,
            plan: self.plan_id.map(PlanId),
            token: self.token_id.map(TokenId),
            client: self.client_id.map(ClientId),
            scope: self.scope,
            resource: self.resource,
            since: self.since.map(Timestamp::from_millis),
        })
    }
}
