//! Plans: the tenants.

use tenure_domain::{id::PlanId, plan::Tier, policy::Watermarks, time::Timestamp};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
    tokens::Position,
};

statements! {
    INSERT = "insert into plans (id, name, tier, created_at, expiries_recorded_before) values ($1, $2, $3, $4, $5)";
    GET = "select id, name, tier, created_at from plans where id = $1";
    BY_NAME = "select id, name, tier, created_at from plans where name = $1";
    ALL = "select id, name, tier, created_at from plans order by id";
    COUNT = "select count(*) as number from plans";
    TOLD_BEFORE = "select expiries_told_at, expiries_told_id, idle_told_at, idle_told_id from plans where id = $1";
    TELL_EXPIRIES = "update plans set expiries_told_at = $2, expiries_told_id = $3 \
                     where id = $1 and (expiries_told_at, expiries_told_id) < ($2, $3)";
    TELL_IDLE = "update plans set idle_told_at = $2, idle_told_id = $3 \
                 where id = $1 and (idle_told_at, idle_told_id) < ($2, $3)";
    RECORDED_BEFORE = "select expiries_recorded_before, idle_recorded_before from plans where id = $1";
    RECORD_BEFORE = "update plans set expiries_recorded_before = $2, idle_recorded_before = $3 \
                     where id = $1 and expiries_recorded_before <= $2 and idle_recorded_before <= $3";
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Names it.
    pub id: PlanId,
    /// What people call it; no two plans have the same name.
    pub name: String,
    /// What it has bought.
    pub tier: Tier,
    /// When it was made.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    id: String,
    name: String,
    tier: String,
    created_at: i64,
}

impl TryFrom<PlanRow> for Plan {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PlanId(row.id),
            name: row.name,
            tier: parse_tier(&row.tier)?,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// The tier of this name.
pub(super) fn parse_tier(text: &str) -> Result<Tier, StoreError> {
    Tier::ALL
        .into_iter()
        .find(|tier| tier.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "plans.tier",
        })
}

/// Adds a plan. Its first policy version is added by [`super::policies::insert_first`].
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that name.
pub async fn insert(tx: &mut Tx, plan: &Plan) -> Result<(), StoreError> {
    let args = args![
        plan.id.as_str(),
        &plan.name,
        plan.tier.as_str(),
        plan.created_at,
        Timestamp::MIN
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The plan of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &PlanId) -> Result<Option<Plan>, StoreError> {
    let row: Option<PlanRow> = tx.optional(&GET, args![id.as_str()]).await?;
    row.map(Plan::try_from).transpose()
}

/// The plan of this name.
///
/// # Errors
/// When the database does not answer.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Plan>, StoreError> {
    let row: Option<PlanRow> = tx.optional(&BY_NAME, args![name]).await?;
    row.map(Plan::try_from).transpose()
}

/// Every plan, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn all(tx: &mut Tx) -> Result<Vec<Plan>, StoreError> {
    let rows: Vec<PlanRow> = tx.all(&ALL, args![]).await?;
    rows.into_iter().map(Plan::try_from).collect()
}

/// How many plans there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    super::number(tx, &COUNT, args![]).await
}

/// The watermarks below which the audit log knows of every expiry in the plan.
///
/// # Errors
/// When the database does not answer.
pub async fn expiries_recorded_before(tx: &mut Tx, id: &PlanId) -> Result<Watermarks, StoreError> {
    let row: Option<(i64, i64)> = tx.optional(&RECORDED_BEFORE, args![id.as_str()]).await?;
    Ok(row.map_or(Watermarks::NONE, |(dead, idle)| Watermarks {
        dead_before: Timestamp::from_millis(dead),
        idle_before: Timestamp::from_millis(idle),
    }))
}

/// Notes that the audit log knows of every expiry below these watermarks. Only raises.
///
/// # Errors
/// When the database does not answer.
pub async fn record_expiries_before(
    tx: &mut Tx,
    id: &PlanId,
    marks: Watermarks,
) -> Result<(), StoreError> {
    let args = args![id.as_str(), marks.dead_before, marks.idle_before];
    tx.execute(&RECORD_BEFORE, args).await.map(drop)
}

/// The places below which every token has its expiry told to its owner: by creation, and by last activity.
///
/// # Errors
/// When the database does not answer.
pub async fn told_before(tx: &mut Tx, plan: &PlanId) -> Result<(Position, Position), StoreError> {
    let row: Option<(i64, String, i64, String)> =
        tx.optional(&TOLD_BEFORE, args![plan.as_str()]).await?;
    let place = |at, id| Position {
        created_at: Timestamp::from_millis(at),
        id,
    };
    let nowhere = || place(i64::MIN, String::new());
    Ok(row.map_or_else(
        || (nowhere(), nowhere()),
        |(at, id, idle_at, idle_id)| (place(at, id), place(idle_at, idle_id)),
    ))
}

/// Every token created up to this place has its expiry told. The place only rises.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_expiries_before(
    tx: &mut Tx,
    plan: &PlanId,
    reached: &Position,
) -> Result<(), StoreError> {
    let args = args![plan.as_str(), reached.created_at, &reached.id];
    tx.execute(&TELL_EXPIRIES, args).await.map(drop)
}

/// Every token last active up to this place has its expiry told. The place only rises.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_idle_before(
    tx: &mut Tx,
    plan: &PlanId,
    reached: &Position,
) -> Result<(), StoreError> {
    let args = args![plan.as_str(), reached.created_at, &reached.id];
    tx.execute(&TELL_IDLE, args).await.map(drop)
}
