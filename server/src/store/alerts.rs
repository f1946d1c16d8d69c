//! Alerts on the health of a plan's authentication: their rules, what these count, and the alerts themselves.

use tenure_domain::{
    alert::{AlertKind, Rule},
    id::{AlertId, PlanId},
    time::{HOUR, MINUTE, Timestamp},
    wire::{alerts::Alert, auth_health::Outcome},
};

use super::{
    Happened, Tx,
    error::StoreError,
    number,
    statement::{args, statements},
};

macro_rules! columns {
    () => {
        "id, kind, sentence, count, threshold, minutes, client_id, resource, fired_at, cleared_at"
    };
}

/// What a plan saw from the minute $3 on: minutes up to the first whole hour $4, and hours from there, which are the
/// same and fewer.
macro_rules! seen {
    ($table:literal, $columns:literal) => {
        concat!(
            "select ",
            $columns,
            ", cast(sum(calls) as bigint) as calls from (\
               select ",
            $columns,
            ", calls from ",
            $table,
            " \
               where plan_id = $1 and width = $2 and start >= $3 and start < $4 \
               union all select ",
            $columns,
            ", calls from ",
            $table,
            " \
               where plan_id = $1 and width = $5 and start >= $4) as seen \
             group by ",
            $columns
        )
    };
}

statements! {
    RULES = "select kind, threshold, minutes, is_on from alert_rules where plan_id = $1";
    PUT_RULE = "insert into alert_rules (plan_id, kind, threshold, minutes, is_on) values ($1, $2, $3, $4, $5) \
                on conflict (plan_id, kind) do update set threshold = excluded.threshold, \
                  minutes = excluded.minutes, is_on = excluded.is_on";
    LONGEST = "select coalesce(max(minutes), 0) as number from alert_rules where is_on = 1";
    WATCHED = "select plan_id from auth_totals where width = $1 and start >= $2 and plan_id <> '' \
               union select plan_id from tokens where suspicious_since >= $3 \
               union select plan_id from alerts where cleared_at is null";
    SEEN = seen!("auth_totals", "outcome");
    COUNTS = seen!("auth_counts", "outcome, client_id, resource");
    SUSPICIOUS = "select count(*) as number from tokens where plan_id = $1 and suspicious_since >= $2";
    RAISED = concat!(
        "select ", columns!(), " from alerts where plan_id = $1 and cleared_at is null"
    );
    FIRE = "insert into alerts (id, plan_id, kind, threshold, minutes, count, sentence, client_id, resource, fired_at) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
            on conflict (plan_id, kind) where cleared_at is null do nothing";
    CLEAR = "update alerts set cleared_at = $2 where id = $1 and cleared_at is null";
    OVER = concat!(
        "select ", columns!(), " from alerts where plan_id = $1 and id < $2 and cleared_at is not null \
         order by id desc limit $3"
    );
}

/// What was seen of one outcome, client and resource within a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// What became of the calls.
    pub outcome: Outcome,
    /// The client that held the token; empty for none.
    pub client: String,
    /// What was called.
    pub resource: String,
    /// How often.
    pub calls: u64,
}

#[derive(sqlx::FromRow)]
struct AlertRow {
    id: String,
    kind: String,
    sentence: String,
    count: i64,
    threshold: i64,
    minutes: i64,
    client_id: Option<String>,
    resource: Option<String>,
    fired_at: i64,
    cleared_at: Option<i64>,
}

impl TryFrom<AlertRow> for Alert {
    type Error = StoreError;

    fn try_from(row: AlertRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AlertId(row.id),
            kind: parse_kind(&row.kind)?,
            sentence: row.sentence,
            count: row.count.unsigned_abs(),
            threshold: small(row.threshold)?,
            minutes: small(row.minutes)?,
            client_id: row.client_id,
            resource: row.resource,
            fired_at: Timestamp::from_millis(row.fired_at),
            cleared_at: row.cleared_at.map(Timestamp::from_millis),
        })
    }
}

fn parse_kind(text: &str) -> Result<AlertKind, StoreError> {
    AlertKind::parse(text).ok_or(StoreError::Corrupt {
        place: "alerts.kind",
    })
}

fn small(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Corrupt {
        place: "alert_rules.threshold",
    })
}

/// The rules of a plan, one of each kind: as somebody set it, or as it is without that.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn rules(tx: &mut Tx, plan: &PlanId) -> Result<Vec<(AlertKind, Rule)>, StoreError> {
    let rows: Vec<(String, i64, i64, i64)> = tx.all(&RULES, args![plan.as_str()]).await?;
    let mut rules: Vec<_> = AlertKind::ALL
        .into_iter()
        .map(|kind| (kind, kind.default_rule()))
        .collect();
    for (kind, threshold, minutes, on) in rows {
        let kind = parse_kind(&kind)?;
        let rule = Rule::new(small(threshold)?, small(minutes)?, on != 0);
        let rule = rule.map_err(|_| StoreError::Corrupt {
            place: "alert_rules.threshold",
        })?;
        for (_, known) in rules.iter_mut().filter(|(one, _)| *one == kind) {
            *known = rule;
        }
    }
    Ok(rules)
}

/// Sets a rule of a plan.
///
/// # Errors
/// When the database does not answer.
pub async fn put_rule(
    tx: &mut Tx,
    plan: &PlanId,
    kind: AlertKind,
    rule: Rule,
) -> Result<(), StoreError> {
    let (threshold, minutes) = (i64::from(rule.threshold), i64::from(rule.minutes));
    let args = args![
        plan.as_str(),
        kind.as_str(),
        threshold,
        minutes,
        i64::from(rule.on)
    ];
    tx.execute(&PUT_RULE, args).await.map(drop)
}

/// The length of the longest window that somebody has set of a rule that is on, in minutes; 0 where nobody has.
///
/// # Errors
/// When the database does not answer.
pub async fn longest(tx: &mut Tx) -> Result<u64, StoreError> {
    Ok(number(tx, &LONGEST, args![]).await?.unsigned_abs())
}

/// The plans of which something was seen since then, or since up to an hour before, or which have an alert.
///
/// # Errors
/// When the database does not answer.
pub async fn watched(tx: &mut Tx, since: Timestamp) -> Result<Vec<PlanId>, StoreError> {
    let millis = since.as_millis();
    let hour = millis.saturating_sub(millis.rem_euclid(HOUR));
    let rows: Vec<(String,)> = tx.all(&WATCHED, args![HOUR, hour, since]).await?;
    Ok(rows.into_iter().map(|(plan,)| PlanId(plan)).collect())
}

/// How often a plan saw each outcome in the minutes from this one on.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn seen(
    tx: &mut Tx,
    plan: &PlanId,
    since: Timestamp,
) -> Result<Vec<(Outcome, u64)>, StoreError> {
    let whole = first_whole_hour(since);
    let args = args![plan.as_str(), MINUTE, since, whole, HOUR];
    let rows: Vec<(String, i64)> = tx.all(&SEEN, args).await?;
    rows.into_iter()
        .map(|(outcome, calls)| Ok((parse_outcome(&outcome)?, calls.unsigned_abs())))
        .collect()
}

/// What a plan saw in the minutes from this one on.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn totals(
    tx: &mut Tx,
    plan: &PlanId,
    since: Timestamp,
) -> Result<Vec<Total>, StoreError> {
    let whole = first_whole_hour(since);
    let args = args![plan.as_str(), MINUTE, since, whole, HOUR];
    let rows: Vec<(String, String, String, i64)> = tx.all(&COUNTS, args).await?;
    rows.into_iter()
        .map(|(outcome, client, resource, calls)| {
            Ok(Total {
                outcome: parse_outcome(&outcome)?,
                client,
                resource,
                calls: calls.unsigned_abs(),
            })
        })
        .collect()
}

fn first_whole_hour(since: Timestamp) -> Timestamp {
    let before = since.as_millis().wrapping_neg().rem_euclid(HOUR);
    since.saturating_add(before)
}

fn parse_outcome(text: &str) -> Result<Outcome, StoreError> {
    Outcome::parse(text).ok_or(StoreError::Corrupt {
        place: "auth_counts.outcome",
    })
}

/// How many tokens of a plan have become suspicious since then, and are.
///
/// # Errors
/// When the database does not answer.
pub async fn suspicious(tx: &mut Tx, plan: &PlanId, since: Timestamp) -> Result<u64, StoreError> {
    let count = number(tx, &SUSPICIOUS, args![plan.as_str(), since]).await?;
    Ok(count.unsigned_abs())
}

/// The alerts of a plan that are raised, at most one of each kind.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn raised(tx: &mut Tx, plan: &PlanId) -> Result<Vec<Alert>, StoreError> {
    let rows: Vec<AlertRow> = tx.all(&RAISED, args![plan.as_str()]).await?;
    rows.into_iter().map(Alert::try_from).collect()
}

/// Raises an alert, unless one of its kind is raised in the plan; says whether it did.
///
/// # Errors
/// When the database does not answer.
pub async fn fire(tx: &mut Tx, plan: &PlanId, alert: &Alert) -> Result<bool, StoreError> {
    let count = i64::try_from(alert.count).unwrap_or(i64::MAX);
    let args = args![
        alert.id.as_str(),
        plan.as_str(),
        alert.kind.as_str(),
        i64::from(alert.threshold),
        i64::from(alert.minutes),
        count,
        &alert.sentence,
        alert.client_id.as_deref(),
        alert.resource.as_deref(),
        alert.fired_at
    ];
    let raised = tx.execute(&FIRE, args).await? > 0;
    if raised {
        tx.happened(Happened::Raised(alert.kind));
    }
    Ok(raised)
}

/// Takes an alert back, unless it was; says whether it did.
///
/// # Errors
/// When the database does not answer.
pub async fn clear(tx: &mut Tx, alert: &AlertId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&CLEAR, args![alert.as_str(), now]).await? > 0)
}

/// The alerts of a plan that are over, the latest first, before this one or from the latest on.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn over(
    tx: &mut Tx,
    plan: &PlanId,
    below: Option<&AlertId>,
    limit: i64,
) -> Result<Vec<Alert>, StoreError> {
    // Above every id.
    let below = below.map_or("~", AlertId::as_str);
    let rows: Vec<AlertRow> = tx.all(&OVER, args![plan.as_str(), below, limit]).await?;
    rows.into_iter().map(Alert::try_from).collect()
}
