//! Who is in which plan, and what they are there.

use tenure_domain::{
    id::{PlanId, UserId},
    plan::Role,
    time::Timestamp,
    wire::session::{Membership, UserRef},
};

use super::{
    Tx,
    error::StoreError,
    plans::parse_tier,
    statement::{args, statements},
};

statements! {
    INSERT = "insert into memberships (user_id, plan_id, role, created_at) values ($1, $2, $3, $4)";
    OF_USER = "select p.id, p.name, p.tier, m.role from memberships m join plans p on p.id = m.plan_id \
               where m.user_id = $1 and m.deactivated_at is null order by p.name, p.id";
    GET = "select p.id, p.name, p.tier, m.role from memberships m join plans p on p.id = m.plan_id \
           where m.user_id = $1 and m.plan_id = $2 and m.deactivated_at is null";
    COUNT_OF_USER = "select count(*) as number from memberships where user_id = $1";
    MEMBERS = "select u.id, u.name, u.email, m.role, m.created_at, m.deactivated_at, m.deactivated_by, \
                 d.name as deactivated_by_name, u.last_seen_at \
               from memberships m join users u on u.id = m.user_id left join users d on d.id = m.deactivated_by \
               where m.plan_id = $1 and m.user_id > $2 order by m.user_id limit $3";
    MEMBER = "select u.id, u.name, u.email, m.role, m.created_at, m.deactivated_at, m.deactivated_by, \
                d.name as deactivated_by_name, u.last_seen_at \
              from memberships m join users u on u.id = m.user_id left join users d on d.id = m.deactivated_by \
              where m.plan_id = $1 and m.user_id = $2";
    COUNT_ADMINS = "select count(*) as number from memberships \
                    where plan_id = $1 and role = 'system_admin' and deactivated_at is null";
    ADMINS = "select user_id from memberships where plan_id = $1 and role = 'system_admin' \
                and deactivated_at is null order by user_id";
    DEACTIVATE = "update memberships set deactivated_at = $3, deactivated_by = $4 \
                  where plan_id = $1 and user_id = $2 and deactivated_at is null";
    SET_ROLE = "update memberships set role = $3 where plan_id = $1 and user_id = $2 and role <> $3";
    REACTIVATE = "update memberships set deactivated_at = null, deactivated_by = null \
                  where plan_id = $1 and user_id = $2 and deactivated_at is not null";
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    id: String,
    name: String,
    tier: String,
    role: String,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StoreError;

    fn try_from(row: MembershipRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PlanId(row.id),
            name: row.name,
            tier: parse_tier(&row.tier)?,
            role: parse_role(&row.role)?,
        })
    }
}

pub(super) fn parse_role(text: &str) -> Result<Role, StoreError> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "memberships.role",
        })
}

/// Somebody in a plan, deactivated or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanMember {
    /// Who.
    pub user: UserRef,
    /// Where they sign in.
    pub email: String,
    /// What they are in the plan.
    pub role: Role,
    /// Since when they are in it.
    pub joined_at: Timestamp,
    /// Since when they are deactivated, and by whom.
    pub deactivated: Option<(Timestamp, Option<UserRef>)>,
    /// Their last call by a session, in whatever plan; noted to within some minutes.
    pub last_seen_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: String,
    name: String,
    email: String,
    role: String,
    created_at: i64,
    deactivated_at: Option<i64>,
    deactivated_by: Option<String>,
    deactivated_by_name: Option<String>,
    last_seen_at: Option<i64>,
}

impl TryFrom<MemberRow> for PlanMember {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        let by = row.deactivated_by.zip(row.deactivated_by_name);
        let by = by.map(|(id, name)| UserRef {
            id: UserId(id),
            name,
        });
        Ok(Self {
            user: UserRef {
                id: UserId(row.id),
                name: row.name,
            },
            email: row.email,
            role: parse_role(&row.role)?,
            joined_at: Timestamp::from_millis(row.created_at),
            last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
            deactivated: row
                .deactivated_at
                .map(|at| (Timestamp::from_millis(at), by)),
        })
    }
}

/// Puts a user into a plan.
///
/// # Errors
/// [`StoreError::Conflict`] when they are in it already.
pub async fn insert(
    tx: &mut Tx,
    user: &UserId,
    plan: &PlanId,
    role: Role,
    at: Timestamp,
) -> Result<(), StoreError> {
    let args = args![user.as_str(), plan.as_str(), role.as_str(), at];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The plans that a user is in and not deactivated in, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Membership>, StoreError> {
    let rows: Vec<MembershipRow> = tx.all(&OF_USER, args![user.as_str()]).await?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// What a user is in a plan, if they are in it and not deactivated.
///
/// # Errors
/// When the database does not answer.
pub async fn get(
    tx: &mut Tx,
    user: &UserId,
    plan: &PlanId,
) -> Result<Option<Membership>, StoreError> {
    let args = args![user.as_str(), plan.as_str()];
    let row: Option<MembershipRow> = tx.optional(&GET, args).await?;
    row.map(Membership::try_from).transpose()
}

/// In how many plans a user is, deactivated or not.
///
/// # Errors
/// When the database does not answer.
pub async fn count_of_user(tx: &mut Tx, user: &UserId) -> Result<i64, StoreError> {
    super::number(tx, &COUNT_OF_USER, args![user.as_str()]).await
}

/// The people of a plan after this user id, deactivated ones among them, in the order of their ids.
///
/// # Errors
/// When the database does not answer.
pub async fn members_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &str,
    limit: i64,
) -> Result<Vec<PlanMember>, StoreError> {
    let rows: Vec<MemberRow> = tx.all(&MEMBERS, args![plan.as_str(), after, limit]).await?;
    rows.into_iter().map(PlanMember::try_from).collect()
}

/// Somebody in a plan, deactivated or not.
///
/// # Errors
/// When the database does not answer.
pub async fn member(
    tx: &mut Tx,
    plan: &PlanId,
    user: &UserId,
) -> Result<Option<PlanMember>, StoreError> {
    let args = args![plan.as_str(), user.as_str()];
    let row: Option<MemberRow> = tx.optional(&MEMBER, args).await?;
    row.map(PlanMember::try_from).transpose()
}

/// How many System Admins a plan has that are not deactivated.
///
/// # Errors
/// When the database does not answer.
pub async fn count_admins(tx: &mut Tx, plan: &PlanId) -> Result<i64, StoreError> {
    super::number(tx, &COUNT_ADMINS, args![plan.as_str()]).await
}

/// The System Admins of a plan that are not deactivated.
///
/// # Errors
/// When the database does not answer.
pub async fn admins(tx: &mut Tx, plan: &PlanId) -> Result<Vec<UserId>, StoreError> {
    let rows: Vec<(String,)> = tx.all(&ADMINS, args![plan.as_str()]).await?;
    Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
}

/// Deactivates somebody in a plan; says whether they were not before.
///
/// # Errors
/// When the database does not answer.
pub async fn deactivate(
    tx: &mut Tx,
    plan: &PlanId,
    user: &UserId,
    at: Timestamp,
    by: Option<&UserId>,
) -> Result<bool, StoreError> {
    let by = by.map(UserId::as_str);
    let args = args![plan.as_str(), user.as_str(), at, by];
    Ok(tx.execute(&DEACTIVATE, args).await? > 0)
}

/// Makes somebody something else in a plan; says whether they were not that before.
///
/// # Errors
/// When the database does not answer.
pub async fn set_role(
    tx: &mut Tx,
    plan: &PlanId,
    user: &UserId,
    role: Role,
) -> Result<bool, StoreError> {
    let args = args![plan.as_str(), user.as_str(), role.as_str()];
    Ok(tx.execute(&SET_ROLE, args).await? > 0)
}

/// Lets somebody act in a plan again; says whether they were deactivated.
///
/// # Errors
/// When the database does not answer.
pub async fn reactivate(tx: &mut Tx, plan: &PlanId, user: &UserId) -> Result<bool, StoreError> {
    let args = args![plan.as_str(), user.as_str()];
    Ok(tx.execute(&REACTIVATE, args).await? > 0)
}
