//! Who called with a token, by UTC day: from where, with which program, for what, how often.
//!
//! Rules about what is suspicious read it by token, within the transaction that has just added what was seen
//! ([`sightings`](crate::sightings)).

use tenure_domain::{
    id::{PlanId, TokenId},
    impact::day_of,
    time::Timestamp,
    wire::auth_health::{Class, Outcome},
};

use super::{
    Tx,
    auth_counts::Filter,
    batch::{NO_INT, NO_TEXT, Rows, batches, calls},
    error::StoreError,
    statement::{Arg, args, statements},
};

/// The calls of a class of outcomes, or all.
macro_rules! of_class {
    () => {
        "case cast($7 as text) when 'works' then calls - refused - denied when 'forbidden' then denied \
         when 'unauthorized' then case when resource = 'refresh' then 0 else refused end \
         when 'refresh_failed' then case when resource = 'refresh' then refused else 0 end \
         else calls end"
    };
}

static ROWS: Rows = Rows::of(
    "token_callers",
    &[
        ("token_id", "text"),
        ("plan_id", "text"),
        ("day", "bigint"),
        ("address", "text"),
        ("network", "text"),
        ("agent", "text"),
        ("resource", "text"),
        ("calls", "bigint"),
        ("refused", "bigint"),
        ("denied", "bigint"),
        ("first_at", "bigint"),
        ("last_at", "bigint"),
    ],
    "on conflict (token_id, day, address, agent, resource) do update set \
       calls = token_callers.calls + excluded.calls, \
       refused = token_callers.refused + excluded.refused, \
       denied = token_callers.denied + excluded.denied, \
       first_at = case when excluded.first_at < token_callers.first_at \
                       then excluded.first_at else token_callers.first_at end, \
       last_at = case when excluded.last_at > token_callers.last_at \
                      then excluded.last_at else token_callers.last_at end \
     returning token_id, first_at",
);

statements! {
    ADD = ROWS.on_sqlite(), on_postgres ROWS.on_postgres();
    KEEP_LATEST = "delete from token_callers where token_id = $1 and last_at < \
                   (select min(last_at) from (select last_at from token_callers where token_id = $1 \
                                              order by last_at desc limit $2) as latest)";
    OF_TOKEN = "select plan_id, day, address, network, agent, resource, calls, refused, denied, first_at, last_at \
                from token_callers where token_id = $1 and last_at >= $2 order by last_at desc limit $3";
    BEHIND = concat!("select token_id, cast(sum(", of_class!(), ") as bigint) as number, \
                        min(first_at) as first_at, max(last_at) as last_at \
                      from token_callers \
                      where plan_id = $1 and day >= $2 and day < $3 and last_at >= $4 and first_at < $3 \
                        and (cast($5 as text) is null or resource = $5) \
                        and (cast($6 as text) is null or exists \
                             (select 1 from tokens where tokens.id = token_callers.token_id \
                                                         and coalesce(client_id, '') = $6)) \
                        and ", of_class!(), " > 0 \
                      group by token_id order by number desc, token_id limit $8");
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
    /// Its plan.
    pub plan: PlanId,
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
    let rows: Vec<[Arg<'_>; 12]> = callers.iter().map(row).collect();
    let none = [
        NO_TEXT, NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_INT, NO_INT,
        NO_INT, NO_INT,
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

fn row(caller: &Caller) -> [Arg<'_>; 12] {
    let Call {
        address,
        network,
        agent,
        resource,
    } = &caller.call;
    [
        caller.token.as_str().into(),
        caller.plan.as_str().into(),
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

/// A token behind what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The token.
    pub token: TokenId,
    /// How often it was seen so.
    pub calls: u64,
    /// The first time.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
}

impl Behind {
    pub(in crate::store) fn of((token, calls, first_at, last_at): (String, i64, i64, i64)) -> Self {
        Self {
            token: TokenId(token),
            calls: calls.unsigned_abs(),
            first_at: Timestamp::from_millis(first_at),
            last_at: Timestamp::from_millis(last_at),
        }
    }
}

/// The plan's tokens that were seen on the days of a span, of the class of the filter's outcome, those with the
/// most calls first. Calls are those of the whole days.
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
    let class = match filter.outcome.map(Outcome::class) {
        Some(Class::Works) => "works",
        Some(Class::Unauthorized) => "unauthorized",
        Some(Class::Forbidden) => "forbidden",
        Some(Class::RefreshFailed) => "refresh_failed",
        // A token that was refreshed has no part in it any more.
        Some(Class::Refreshed) => return Ok(Vec::new()),
        None => "",
    };
    let args = args![
        plan.as_str(),
        day_of(from),
        to,
        from,
        filter.resource.as_deref(),
        filter.client.as_deref(),
        class,
        most,
    ];
    let rows: Vec<(String, i64, i64, i64)> = tx.all(&BEHIND, args).await?;
    Ok(rows.into_iter().map(Behind::of).collect())
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
    plan_id: String,
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
            plan: PlanId(self.plan_id),
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
