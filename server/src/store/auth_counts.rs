//! How many checks of tokens a plan saw, by minute, hour and day, with their outcomes. Where no plan is known, it is
//! the empty text.

use std::collections::{BTreeMap, HashMap};

use tenure_domain::{
    time::{DAY, HOUR, MINUTE, Timestamp},
    wire::auth_health::Outcome,
};

use super::{
    Tx,
    batch::{NO_INT, NO_TEXT, Rows, batches, calls},
    error::StoreError,
    statement::{Arg, args, statements},
};

/// Of the plan $1, by the width $2, from $3 on and before $4, of what is filtered for: one range of the table's own
/// order. Of two plans at once it would be two, and sorted.
macro_rules! seen {
    ($condition:literal) => {
        concat!(
            " from auth_counts where plan_id = $1 and width = $2 and start >= $3 and start < $4 and ",
            $condition,
            " and (cast($5 as text) is null or outcome = $5)"
        )
    };
    () => {
        seen!(
            "(cast($6 as text) is null or resource = $6) and (cast($7 as text) is null or client_id = $7)"
        )
    };
}

/// The chart of a resource or of a client. Of all rows in the span most are others', so the condition is as plain as
/// can be.
macro_rules! points {
    ($condition:literal) => {
        concat!(
            "select start, outcome, cast(sum(calls) as bigint) as calls",
            seen!($condition),
            " group by start, outcome order by start, outcome"
        )
    };
}

static ROWS: Rows = Rows::of(
    "auth_counts",
    &[
        ("plan_id", "text"),
        ("width", "bigint"),
        ("start", "bigint"),
        ("outcome", "text"),
        ("resource", "text"),
        ("client_id", "text"),
        ("scope", "text"),
        ("calls", "bigint"),
    ],
    "on conflict (plan_id, width, start, outcome, resource, client_id, scope) do update set \
       calls = auth_counts.calls + excluded.calls",
);

statements! {
    ADD = ROWS.on_sqlite(), on_postgres ROWS.on_postgres();
    ADD_AGE = "insert into auth_ages (plan_id, start, tenth, calls) values ($1, $2, $3, $4) \
               on conflict (plan_id, start, tenth) do update set calls = auth_ages.calls + excluded.calls";
    ADD_TOTAL = "insert into auth_totals (plan_id, width, start, outcome, calls) values ($1, $2, $3, $4, $5) \
                 on conflict (plan_id, width, start, outcome) do update set \
                   calls = auth_totals.calls + excluded.calls";
    TOTALS = "select start, outcome, calls from auth_totals \
              where plan_id = $1 and width = $2 and start >= $3 and start < $4 \
                and (cast($5 as text) is null or outcome = $5) order by start, outcome";
    POINTS_OF_RESOURCE = points!("resource = $6 and (cast($7 as text) is null or client_id = $7)");
    POINTS_OF_CLIENT = points!("client_id = $7 and cast($6 as text) is null");
    KINDS = concat!("select outcome, resource, client_id, scope, cast(sum(calls) as bigint) as calls", seen!(),
                    " group by outcome, resource, client_id, scope order by calls desc limit $8");
    AGES = "select tenth, cast(sum(calls) as bigint) as calls from auth_ages \
            where plan_id = $1 and start >= $2 and start < $3 group by tenth order by tenth";
    FORGET = "delete from auth_counts where width = $1 and start < $2";
    FORGET_TOTALS = "delete from auth_totals where width = $1 and start < $2";
    FORGET_AGES = "delete from auth_ages where start < $1";
}

/// How often something was seen within a minute, an hour or a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The plan; empty where none is known.
    pub plan: String,
    /// A minute, an hour or a UTC day, in milliseconds.
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
    add_totals(tx, counts).await
}

/// By the minute and the hour, whatever was called and by whose tokens.
async fn add_totals(tx: &mut Tx, counts: &[Count]) -> Result<(), StoreError> {
    let mut totals: BTreeMap<_, u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.width < DAY) {
        let total = (&count.plan, count.width, count.start, count.outcome);
        *totals.entry(total).or_default() += count.calls;
    }
    for ((plan, width, start, outcome), number) in totals {
        let args = args![plan, width, start, outcome.as_str(), calls(number)];
        tx.execute(&ADD_TOTAL, args).await?;
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

/// Of what is asked: a plan's counts, by minute, hour or day, from one instant on and before another.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The plan.
    pub plan: &'a str,
    /// Whether what is no plan's counts as well.
    pub and_nobodys: bool,
    /// A minute, an hour or a day, in milliseconds.
    pub width: i64,
    /// From when on, and before when.
    pub span: [Timestamp; 2],
    /// Of which calls.
    pub filter: &'a Filter,
}

impl<'a> Asked<'a> {
    /// Whose counts are asked for.
    fn plans(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let nobodys = self.and_nobodys.then_some("");
        std::iter::once(self.plan).chain(nobodys)
    }

    fn args(&self, plan: &'a str) -> [Arg<'a>; 7] {
        let [from, to] = self.span;
        [
            plan.into(),
            self.width.into(),
            from.into(),
            to.into(),
            self.filter.outcome.map(Outcome::as_str).into(),
            self.filter.resource.as_deref().into(),
            self.filter.client.as_deref().into(),
        ]
    }

    /// The same span in parts: what it has of whole wider steps by those, its ends by its own.
    fn parts(self) -> impl Iterator<Item = Self> {
        let [from, to] = self.span.map(Timestamp::as_millis);
        let wider = if self.width == MINUTE { HOUR } else { DAY };
        let first = from.saturating_add((-from).rem_euclid(wider)).min(to);
        let last = to.saturating_sub(to.rem_euclid(wider)).max(first);
        [
            (self.width, from, first),
            (wider, first, last),
            (self.width, last, to),
        ]
        .into_iter()
        .filter(|(_, from, to)| from < to)
        .map(move |(width, from, to)| Self {
            width,
            span: [from, to].map(Timestamp::from_millis),
            ..self
        })
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
    let mut points = BTreeMap::new();
    for plan in asked.plans() {
        let args = asked.args(plan);
        let filter = asked.filter;
        let rows: Vec<(i64, String, i64)> = match (&filter.resource, &filter.client) {
            (None, None) => tx.all(&TOTALS, args.get(..5).unwrap_or_default()).await?,
            (Some(_), _) => tx.all(&POINTS_OF_RESOURCE, &args).await?,
            (None, Some(_)) => tx.all(&POINTS_OF_CLIENT, &args).await?,
        };
        for (start, outcome, calls) in rows {
            let point = (Timestamp::from_millis(start), parse(&outcome)?);
            *points.entry(point).or_default() += calls.unsigned_abs();
        }
    }
    let point = |((start, outcome), calls)| (start, outcome, calls);
    Ok(points.into_iter().map(point).collect())
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
pub async fn kinds(tx: &mut Tx, asked: Asked<'_>, most: usize) -> Result<Vec<Kind>, StoreError> {
    sum_up(tx, std::iter::once(asked), most).await
}

/// The same, where what the span has of whole hours (of minutes) or whole days (of hours) is summed up from those:
/// they are fewer.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn kinds_in_parts(
    tx: &mut Tx,
    asked: Asked<'_>,
    most: usize,
) -> Result<Vec<Kind>, StoreError> {
    sum_up(tx, asked.parts(), most).await
}

async fn sum_up(
    tx: &mut Tx,
    parts: impl Iterator<Item = Asked<'_>>,
    most: usize,
) -> Result<Vec<Kind>, StoreError> {
    let mut sums: HashMap<_, u64> = HashMap::new();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    for part in parts {
        for plan in part.plans() {
            let mut args = part.args(plan).to_vec();
            args.push(limit.into());
            let rows: Vec<(String, String, String, String, i64)> = tx.all(&KINDS, &args).await?;
            for (outcome, resource, client, scope, calls) in rows {
                let kind = (outcome, resource, client, scope);
                *sums.entry(kind).or_default() += calls.unsigned_abs();
            }
        }
    }
    let kind = |((outcome, resource, client, scope), calls): ((String, _, _, _), u64)| {
        Ok(Kind {
            outcome: parse(&outcome)?,
            resource,
            client,
            scope,
            calls,
        })
    };
    let kinds: Result<Vec<Kind>, StoreError> = sums.into_iter().map(kind).collect();
    let mut kinds = kinds?;
    kinds.sort_unstable_by(|left, right| {
        let by_calls = right.calls.cmp(&left.calls);
        by_calls.then_with(|| left.cmp(right))
    });
    kinds.truncate(most);
    Ok(kinds)
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

/// Forgets the minutes that began before one instant, and the hours and days that began before another.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(
    tx: &mut Tx,
    minutes_before: Timestamp,
    others_before: Timestamp,
) -> Result<(), StoreError> {
    let widths = [
        (MINUTE, minutes_before),
        (HOUR, others_before),
        (DAY, others_before),
    ];
    for (width, before) in widths {
        tx.execute(&FORGET, args![width, before]).await?;
        tx.execute(&FORGET_TOTALS, args![width, before]).await?;
    }
    tx.execute(&FORGET_AGES, args![others_before])
        .await
        .map(drop)
}
