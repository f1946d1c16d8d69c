//! How many checks of tokens a plan saw, by minute and by hour, with their outcomes. Where no plan is known, it is
//! the empty text.

use tenure_domain::{
    time::{HOUR, MINUTE, Timestamp},
    wire::auth_health::Outcome,
};

use super::{
    Tx,
    batch::{NO_INT, NO_TEXT, batches, calls},
    error::StoreError,
    statement::{Arg, args, statements},
};

statements! {
    ADD = "insert into auth_counts (plan_id, width, start, outcome, resource, client_id, scope, calls) \
         select column1, column2, column3, column4, column5, column6, column7, column8 from (values \
           (cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as text), cast($8 as bigint)), \
           ($9, $10, $11, $12, $13, $14, $15, $16), ($17, $18, $19, $20, $21, $22, $23, $24), \
           ($25, $26, $27, $28, $29, $30, $31, $32), ($33, $34, $35, $36, $37, $38, $39, $40), \
           ($41, $42, $43, $44, $45, $46, $47, $48), ($49, $50, $51, $52, $53, $54, $55, $56), \
           ($57, $58, $59, $60, $61, $62, $63, $64)) as seen \
         where column1 is not null \
         on conflict (plan_id, width, start, outcome, resource, client_id, scope) do update set \
           calls = auth_counts.calls + excluded.calls";
    ADD_AGE = "insert into auth_ages (plan_id, start, tenth, calls) values ($1, $2, $3, $4) \
               on conflict (plan_id, start, tenth) do update set calls = auth_ages.calls + excluded.calls";
    OF_PLAN = "select start, outcome, resource, client_id, scope, calls from auth_counts \
               where plan_id = $1 and width = $2 and start >= $3 and start < $4";
    AGES = "select tenth, cast(sum(calls) as bigint) as calls from auth_ages \
            where plan_id = $1 and start >= $2 and start < $3 group by tenth order by tenth";
    FORGET = "delete from auth_counts where width = $1 and start < $2";
    FORGET_AGES = "delete from auth_ages where start < $1";
}

/// How often something was seen within a minute or an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The plan; empty where none is known.
    pub plan: String,
    /// A minute or an hour, in milliseconds.
    pub width: i64,
    /// Its first instant.
    pub start: Timestamp,
    /// What became of the calls.
    pub outcome: Outcome,
    /// What was called.
    pub resource: String,
    /// The client that held the token; empty for none.
    pub client: String,
    /// The scope that was lacking; empty for none.
    pub scope: String,
    /// How often.
    pub calls: u64,
}

/// Adds up what was seen; what is told apart comes once.
///
/// # Errors
/// When the database does not answer.
pub async fn add(tx: &mut Tx, counts: &[Count]) -> Result<(), StoreError> {
    let rows: Vec<[Arg<'_>; 8]> = counts.iter().map(row).collect();
    let none = [
        NO_TEXT, NO_INT, NO_INT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT,
    ];
    for args in batches(&rows, none) {
        tx.execute(&ADD, &args).await?;
    }
    Ok(())
}

fn row(count: &Count) -> [Arg<'_>; 8] {
    [
        (&count.plan).into(),
        count.width.into(),
        count.start.into(),
        count.outcome.as_str().into(),
        (&count.resource).into(),
        (&count.client).into(),
        (&count.scope).into(),
        calls(count.calls),
    ]
}

/// Adds up calls of a plan, by hour and tenth of the token's life.
///
/// # Errors
/// When the database does not answer.
pub async fn add_ages(
    tx: &mut Tx,
    ages: &[(String, Timestamp, u8, u64)],
) -> Result<(), StoreError> {
    for (plan, hour, tenth, number) in ages {
        let args = [
            plan.into(),
            (*hour).into(),
            i64::from(*tenth).into(),
            calls(*number),
        ];
        tx.execute(&ADD_AGE, &args).await?;
    }
    Ok(())
}

/// What a plan saw from one instant on and before another, by the minute or the hour.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn of_plan(
    tx: &mut Tx,
    plan: &str,
    width: i64,
    [from, to]: [Timestamp; 2],
) -> Result<Vec<Count>, StoreError> {
    let args = args![plan, width, from, to];
    let rows: Vec<(i64, String, String, String, String, i64)> = tx.all(&OF_PLAN, args).await?;
    rows.into_iter()
        .map(|(start, outcome, resource, client, scope, calls)| {
            Ok(Count {
                plan: plan.to_owned(),
                width,
                start: Timestamp::from_millis(start),
                outcome: Outcome::parse(&outcome).ok_or(StoreError::Corrupt {
                    place: "auth_counts.outcome",
                })?,
                resource,
                client,
                scope,
                calls: calls.unsigned_abs(),
            })
        })
        .collect()
}

/// Calls of a plan by tenth of the token's life, of the hours that begin from one instant on and before another.
///
/// # Errors
/// When the database does not answer.
pub async fn ages(
    tx: &mut Tx,
    plan: &str,
    [from, to]: [Timestamp; 2],
) -> Result<Vec<(u8, u64)>, StoreError> {
    let rows: Vec<(i64, i64)> = tx.all(&AGES, args![plan, from, to]).await?;
    rows.into_iter()
        .map(|(tenth, calls)| {
            let tenth = u8::try_from(tenth).map_err(|_| StoreError::Corrupt {
                place: "auth_ages.tenth",
            })?;
            Ok((tenth, calls.unsigned_abs()))
        })
        .collect()
}

/// Forgets the minutes, and the hours, that began before these instants.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(
    tx: &mut Tx,
    minutes_before: Timestamp,
    hours_before: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(&FORGET, args![MINUTE, minutes_before]).await?;
    tx.execute(&FORGET, args![HOUR, hours_before]).await?;
    tx.execute(&FORGET_AGES, args![hours_before])
        .await
        .map(drop)
}
