//! System Admins hear of alerts on the health of their plan's authentication: when one is raised, and when it is over.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tenure_domain::{id::PlanId, notice::NoticeKind, time::Timestamp, wire::alerts::Alert};

use super::id;
use crate::store::{
    StoreError, Tx, memberships,
    notices::{self, Addressee, NewNotice},
};

/// What a notice of it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// In which plan.
    pub plan: PlanId,
    /// The alert, raised or over.
    pub alert: Alert,
}

/// Has the plan's System Admins hear of an alert that was raised or taken back just now.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(
    tx: &mut Tx,
    plan: &PlanId,
    alert: &Alert,
    now: Timestamp,
) -> Result<(), StoreError> {
    let told = Told {
        plan: plan.clone(),
        alert: alert.clone(),
    };
    let details = json!(told).to_string();
    let step = match alert.cleared_at {
        None => "raised",
        Some(_) => "over",
    };
    for admin in memberships::admins(tx, plan).await? {
        let key = format!("alert:{}:{step}:{admin}", alert.id);
        let new = NewNotice {
            id: id(now, &key),
            to: &Addressee::Owner(admin),
            kind: NoticeKind::Alert,
            key: &key,
            details: &details,
            created_at: now,
            due_at: now,
        };
        if notices::insert(tx, &new).await? {
            // It is the plan's, and tells of none of its tokens.
            notices::add_tokens(tx, &new.id, plan, 0).await?;
        }
    }
    Ok(())
}
