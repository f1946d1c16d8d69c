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

/// Of the plan $1, and the plan $2, by the width $3, from $4 on and before $5, of what is filtered for.
macro_rules! seen {
    () => {
        " from auth_counts where plan_id in ($1, $2) and width = $3 and start >= $4 and start < $5 \
            and (cast($6 as text) is null or outcome = $6) and (cast($7 as text) is null or resource = $7) \
            and (cast($8 as text) is null or client_id = $8)"
    };
}

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
    POINTS = concat!("select start, outcome, cast(sum(calls) as bigint) as calls", seen!(),
                     " group by start, outcome order by start, outcome");
    KINDS = concat!("select outcome, resource, client_id, scope, cast(sum(calls) as bigint) as calls", seen!(),
                    " group by outcome, resource, client_id, scope order by calls desc limit $9");
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

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only this resource.
    pub resource: Option<String>,
    /// Only the tokens of this client; empty for user access tokens.
    pub client: Option<String>,
}

/// Of what is asked: a plan's counts, by the minute or the hour, from one instant on and before another.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The plan.
    pub plan: &'a str,
    /// Whether what is no plan's counts as well.
    pub and_nobodys: bool,
    /// A minute or an hour, in milliseconds.
    pub width: i64,
    /// From when on, and before when.
    pub span: [Timestamp; 2],
    /// Of which calls.
    pub filter: &'a Filter,
}

impl<'a> Asked<'a> {
    fn args(&self) -> [Arg<'a>; 8] {
        let [from, to] = self.span;
        let and = if self.and_nobodys { "" } else { self.plan };
        [
            self.plan.into(),
            and.into(),
            self.width.into(),
            from.into(),
            to.into(),
            self.filter.outcome.map(Outcome::as_str).into(),
            self.filter.resource.as_deref().into(),
            self.filter.client.as_deref().into(),
        ]
    }
}

/// How often each outcome was seen, by minute or hour, in the order of time.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn points(
    tx: &mut Tx,
    asked: Asked<'_>,
) -> Result<Vec<(Timestamp, Outcome, u64)>, StoreError> {
    let rows: Vec<(i64, String, i64)> = tx.all(&POINTS, &asked.args()).await?;
    rows.into_iter()
        .map(|(start, outcome, calls)| {
            let start = Timestamp::from_millis(start);
            Ok((start, parse(&outcome)?, calls.unsigned_abs()))
        })
        .collect()
}

/// What calls have in common, and how often it was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// What became of them.
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

/// What was seen, by all that is told apart but the time, the most frequent first.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn kinds(tx: &mut Tx, asked: Asked<'_>, most: i64) -> Result<Vec<Kind>, StoreError> {
    let mut args = asked.args().to_vec();
    args.push(most.into());
    let rows: Vec<(String, String, String, String, i64)> = tx.all(&KINDS, &args).await?;
    rows.into_iter()
        .map(|(outcome, resource, client, scope, calls)| {
            Ok(Kind {
                outcome: parse(&outcome)?,
                resource,
                client,
                scope,
                calls: calls.unsigned_abs(),
            })
        })
        .collect()
}

fn parse(outcome: &str) -> Result<Outcome, StoreError> {
    Outcome::parse(outcome).ok_or(StoreError::Corrupt {
        place: "auth_counts.outcome",
    })
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
