//! The notices of a plan as its System Admins see them, newest first.

use tenure_domain::{
    id::{NoticeId, PlanId, UserId},
    notice::{About, NoticeKind, NoticeState},
    time::Timestamp,
    wire::notices::{Notice, Recipient},
};

use super::{Tx, outbox::parse_kind};
use crate::store::{
    error::StoreError,
    statement::{args, statements},
};

macro_rules! columns {
    () => {
        "select n.id, u.id as owner_id, coalesce(u.name, i.name, i.email) as owner_name, \
           coalesce(u.email, i.email) as owner_email, n.kind, n.state, n.reason, n.attempts, p.tokens, \
           n.created_at, n.due_at, n.sent_at, n.details \
         from notice_plans p join notices n on n.id = p.notice_id left join users u on u.id = n.owner_id \
           left join invitations i on i.id = n.invitation_id "
    };
}

statements! {
    // A leased notice still waits to be sent, as people see it.
    PAGE = concat!(
        columns!(),
        "where p.plan_id = $1 and p.notice_id < $2 \
           and (n.state = $3 or $3 = '' or (n.state = 'leased' and $3 = 'queued')) \
           and (n.kind = $4 or $4 = '') \
         order by p.notice_id desc limit $5"
    );
    GET = concat!(columns!(), "where p.plan_id = $1 and p.notice_id = $2");
    ESCALATED = concat!(
        columns!(),
        "join notice_escalations e on e.failed_id = n.id \
         where p.plan_id = $1 and e.notice_id = $2 order by n.id limit $3"
    );
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: String,
    owner_id: Option<String>,
    owner_name: String,
    owner_email: String,
    kind: String,
    state: String,
    reason: Option<String>,
    attempts: i64,
    tokens: i64,
    created_at: i64,
    due_at: i64,
    sent_at: Option<i64>,
    details: String,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self, StoreError> {
        let state = parse_state(&row.state)?;
        let waits = state == NoticeState::Queued;
        Ok(Self {
            id: NoticeId(row.id),
            owner: Recipient {
                id: row.owner_id.map(UserId),
                name: row.owner_name,
                email: row.owner_email,
            },
            kind: parse_kind(&row.kind)?,
            about: about(&row.details),
            state,
            reason: row.reason,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            tokens: u32::try_from(row.tokens).unwrap_or(u32::MAX),
            created_at: Timestamp::from_millis(row.created_at),
            next_attempt_at: waits.then_some(Timestamp::from_millis(row.due_at)),
            sent_at: row.sent_at.map(Timestamp::from_millis),
        })
    }
}

/// What an announcement tells of, as it keeps it (`ops::notices::announce`).
fn about(details: &str) -> Option<About> {
    #[derive(serde::Deserialize)]
    struct Details {
        what: String,
    }
    let details: Details = serde_json::from_str(details).ok()?;
    match details.what.as_str() {
        "in_force" => Some(About::Changed),
        "scheduled" => Some(About::Scheduled),
        "cancelled" => Some(About::Cancelled),
        _ => None,
    }
}

pub(in crate::store) fn parse_state(text: &str) -> Result<NoticeState, StoreError> {
    match text {
        "queued" | "leased" => Ok(NoticeState::Queued),
        "sent" => Ok(NoticeState::Sent),
        "failed" => Ok(NoticeState::Failed),
        "suppressed" => Ok(NoticeState::Suppressed),
        _ => Err(StoreError::Corrupt {
            place: "notices.state",
        }),
    }
}

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Those of this state alone.
    pub state: Option<NoticeState>,
    /// Those of this kind alone.
    pub kind: Option<NoticeKind>,
}

/// The notices of a plan below this id, newest first; from the newest on without one.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    tx: &mut Tx,
    plan: &PlanId,
    below: Option<&NoticeId>,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Notice>, StoreError> {
    // Ids are of lower-case hexadecimal digits and dashes.
    let below = below.map_or("~", NoticeId::as_str);
    let args = args![
        plan.as_str(),
        below,
        filter.state.map_or("", NoticeState::as_str),
        filter.kind.map_or("", NoticeKind::as_str),
        limit
    ];
    notices(tx.all(&PAGE, args).await?)
}

/// A notice of a plan.
///
/// # Errors
/// When the database does not answer.
pub async fn get(
    tx: &mut Tx,
    plan: &PlanId,
    notice: &NoticeId,
) -> Result<Option<Notice>, StoreError> {
    let args = args![plan.as_str(), notice.as_str()];
    let row: Option<NoticeRow> = tx.optional(&GET, args).await?;
    row.map(Notice::try_from).transpose()
}

/// The failed notices of a plan that an escalation tells of, oldest first, at most `limit` of them: each with
/// what was decided, as JSON.
///
/// # Errors
/// When the database does not answer.
pub async fn escalated(
    tx: &mut Tx,
    plan: &PlanId,
    escalation: &NoticeId,
    limit: i64,
) -> Result<Vec<(Notice, String)>, StoreError> {
    let args = args![plan.as_str(), escalation.as_str(), limit];
    let rows: Vec<NoticeRow> = tx.all(&ESCALATED, args).await?;
    let with_details = |row: NoticeRow| {
        let details = row.details.clone();
        Notice::try_from(row).map(|notice| (notice, details))
    };
    rows.into_iter().map(with_details).collect()
}

fn notices(rows: Vec<NoticeRow>) -> Result<Vec<Notice>, StoreError> {
    rows.into_iter().map(Notice::try_from).collect()
}
