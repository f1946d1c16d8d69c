//! Who is in which plan, and what they are there.

use tenure_domain::{
    id::{PlanId, UserId},
    plan::Role,
    time::Timestamp,
    wire::session::Membership,
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
               where m.user_id = $1 order by p.name, p.id";
    GET = "select p.id, p.name, p.tier, m.role from memberships m join plans p on p.id = m.plan_id \
           where m.user_id = $1 and m.plan_id = $2";
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

fn parse_role(text: &str) -> Result<Role, StoreError> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "memberships.role",
        })
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

/// The plans that a user is in, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Membership>, StoreError> {
    let rows: Vec<MembershipRow> = tx.all(&OF_USER, args![user.as_str()]).await?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// What a user is in a plan, if they are in it.
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
