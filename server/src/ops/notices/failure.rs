//! What no mail server will take for an owner, or for somebody who is invited, is told to the System Admins of the plans that it concerns.

use tenure_domain::{
    notice::{NoticeKind, NoticeState},
    time::Timestamp,
};

use super::collecting;
use crate::store::{
    StoreError, Tx, memberships,
    notices::{
        self, Addressee,
        outbox::{self, Leased},
    },
    users,
};

/// The notice failed, for this reason. One digest per System Admin and day tells of all that did; what
/// fails to reach an admin is not told to themselves.
///
/// # Errors
/// When the database does not answer.
pub async fn fail(
    tx: &mut Tx,
    notice: &Leased,
    holder: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let held = (&notice.id, holder);
    if !outbox::ended(tx, held, NoticeState::Failed, reason).await?
        || notice.kind == NoticeKind::Escalation
    {
        return Ok(());
    }
    let unreached = match &notice.to {
        Addressee::Owner(owner) => Some(owner),
        Addressee::Invited(_) => None,
    };
    for plan in notices::plans_of(tx, &notice.id).await? {
        for admin in memberships::admins(tx, &plan).await? {
            let admin = users::get(tx, &admin).await?;
            // Nobody reads in a mail that no mail reaches them.
            let Some(admin) = admin.filter(|admin| Some(&admin.id) != unreached) else {
                continue;
            };
            let tells = collecting(tx, &admin, NoticeKind::Escalation, now).await?;
            if notices::escalate(tx, &notice.id, &admin.id, &tells).await? {
                notices::add_tokens(tx, &tells, &plan, 1).await?;
            } else {
                notices::discard_empty(tx, &tells).await?;
            }
        }
    }
    Ok(())
}
