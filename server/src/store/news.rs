//! The newest of the audit log, as it is told to whoever has a page open: what was done, and whose it was.
//!
//! Deliberately not here: who is told (`tenure_domain::live`), and the events themselves (`audit_log`).

use tenure_domain::{
    audit::Action,
    id::{PlanId, UserId},
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    SINCE = "select e.seq, e.plan_id, e.action, coalesce(t.owner_id, g.user_id, e.target) as owner_id \
             from audit_events e left join tokens t on t.id = e.target left join oauth_grants g on g.id = e.target \
             where e.seq > $1 order by e.seq limit $2";
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The event's place in the log.
    pub seq: i64,
    /// The plan that it concerns.
    pub plan: Option<PlanId>,
    /// What; nothing that this version knows if a newer one wrote it.
    pub action: Option<Action>,
    /// Whose token or grant it was done to; or the id of whoever or whatever else it was done to.
    pub owner: Option<UserId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    plan_id: Option<String>,
    action: String,
    owner_id: Option<String>,
}

impl From<Row> for Item {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            plan: row.plan_id.map(PlanId),
            action: Action::parse(&row.action),
            owner: row.owner_id.map(UserId),
        }
    }
}

/// What was done after the place `seq`, oldest first, at most `limit` of it.
///
/// # Errors
/// When the database does not answer.
pub async fn since(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<Row> = tx.all(&SINCE, args![seq, limit]).await?;
    Ok(rows.into_iter().map(Item::from).collect())
}
