//! Notices: mails about tokens, from the transaction that decides them to what became of each (R16).
//!
//! Here: deciding that one is to go out, and what it tells. [`outbox`]: who sends which, and what came of
//! it. [`ledger`]: lists for people. [`announcements`]: changes of a policy, one row at any number of owners.

pub mod announcements;
pub mod ledger;
pub mod outbox;

use tenure_domain::{
    id::{InvitationId, NoticeId, PlanId, TokenId, UserId},
    notice::{Due, NoticeKind},
    time::Timestamp,
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    INSERT = "insert into notices \
              (id, owner_id, invitation_id, kind, dedupe_key, details, state, attempts, resent, created_at, \
                queued_at, due_at) \
              values ($1, $2, $3, $4, $5, $6, 'queued', 0, 0, $7, $7, $8) on conflict (dedupe_key) do nothing";
    // Nobody has begun to send it, and while this transaction lasts nobody will.
    OPEN = "update notices set due_at = due_at where dedupe_key = $1 and state = 'queued' and attempts = 0 \
            returning id";
    ADD_TOKENS = "insert into notice_plans (plan_id, notice_id, tokens) values ($1, $2, $3) \
                  on conflict (plan_id, notice_id) do update set tokens = notice_plans.tokens + excluded.tokens";
    TELL = "insert into notice_tokens (plan_id, kind, expires_at, token_id, notice_id) \
            values ($1, $2, $3, $4, $5) on conflict (plan_id, kind, expires_at, token_id) do nothing";
    UNTELL = "delete from notice_tokens where notice_id = $1 and token_id = $2";
    UNTELL_ALL = "delete from notice_tokens where notice_id = $1";
    TOLD = "select expires_at, token_id from notice_tokens \
            where plan_id = $1 and kind = $2 and expires_at >= $3 and expires_at <= $4";
    TELLS = "select plan_id, expires_at, token_id from notice_tokens where notice_id = $1 \
             order by expires_at, token_id limit $2";
    DISCARD_EMPTY = "delete from notices where id = $1 and state = 'queued' \
                       and not exists (select 1 from notice_plans p where p.notice_id = notices.id)";
    ESCALATE = "insert into notice_escalations (failed_id, admin_id, notice_id) values ($1, $2, $3) \
                on conflict (failed_id, admin_id) do nothing";
    PLANS_OF = "select plan_id from notice_plans where notice_id = $1 order by plan_id";
}

/// To whom a notice goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// A user: the owner of what it tells of, or a System Admin.
    Owner(UserId),
    /// Whom this invitation is for, who may be no user yet.
    Invited(InvitationId),
}

impl Addressee {
    const fn columns(&self) -> (Option<&UserId>, Option<&InvitationId>) {
        match self {
            Self::Owner(user) => (Some(user), None),
            Self::Invited(invitation) => (None, Some(invitation)),
        }
    }
}

/// A notice that is to go out.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// Names it.
    pub id: NoticeId,
    /// To whom.
    pub to: &'a Addressee,
    /// What it tells.
    pub kind: NoticeKind,
    /// What may be told once.
    pub key: &'a str,
    /// What was decided, as JSON.
    pub details: &'a str,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Not to be sent before then.
    pub due_at: Timestamp,
}

/// Queues a notice; says whether there was none of its key.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(tx: &mut Tx, new: &NewNotice<'_>) -> Result<bool, StoreError> {
    let (owner, invitation) = new.to.columns();
    let args = args![
        new.id.as_str(),
        owner.map(UserId::as_str),
        invitation.map(InvitationId::as_str),
        new.kind.as_str(),
        new.key,
        new.details,
        new.created_at,
        new.due_at
    ];
    Ok(tx.execute(&INSERT, args).await? > 0)
}

/// The notice of this key, if nobody has begun to send it: more may be told in it. Nobody begins while
/// this transaction lasts.
///
/// # Errors
/// When the database does not answer.
pub async fn open(tx: &mut Tx, key: &str) -> Result<Option<NoticeId>, StoreError> {
    let row: Option<(String,)> = tx.optional(&OPEN, args![key]).await?;
    Ok(row.map(|(id,)| NoticeId(id)))
}

/// Counts tokens of a plan that a notice tells of.
///
/// # Errors
/// When the database does not answer.
pub async fn add_tokens(
    tx: &mut Tx,
    notice: &NoticeId,
    plan: &PlanId,
    tokens: i64,
) -> Result<(), StoreError> {
    let args = args![plan.as_str(), notice.as_str(), tokens];
    tx.execute(&ADD_TOKENS, args).await.map(drop)
}

/// Has a notice tell of a token's expiry, if none told of it before; says whether that was so.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(
    tx: &mut Tx,
    (notice, kind): (&NoticeId, NoticeKind),
    plan: &PlanId,
    due: &Due,
) -> Result<bool, StoreError> {
    let args = args![
        plan.as_str(),
        kind.as_str(),
        due.expiry,
        due.token.as_str(),
        notice.as_str()
    ];
    Ok(tx.execute(&TELL, args).await? > 0)
}

/// Takes a token out of a notice: it may be told of again.
///
/// # Errors
/// When the database does not answer.
pub async fn untell(tx: &mut Tx, notice: &NoticeId, token: &TokenId) -> Result<(), StoreError> {
    tx.execute(&UNTELL, args![notice.as_str(), token.as_str()])
        .await
        .map(drop)
}

/// Takes every token out of a notice.
///
/// # Errors
/// When the database does not answer.
pub async fn untell_all(tx: &mut Tx, notice: &NoticeId) -> Result<(), StoreError> {
    tx.execute(&UNTELL_ALL, args![notice.as_str()])
        .await
        .map(drop)
}

/// What notices of this kind have told of a plan's tokens that expire from `from` to `until`.
///
/// # Errors
/// When the database does not answer.
pub async fn told(
    tx: &mut Tx,
    plan: &PlanId,
    kind: NoticeKind,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Due>, StoreError> {
    let args = args![plan.as_str(), kind.as_str(), from, until];
    let rows: Vec<(i64, String)> = tx.all(&TOLD, args).await?;
    Ok(rows
        .into_iter()
        .map(|(expiry, token)| due(expiry, token))
        .collect())
}

/// What a notice tells, soonest expiry first: the plan and the token, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn tells(
    tx: &mut Tx,
    notice: &NoticeId,
    limit: i64,
) -> Result<Vec<(PlanId, Due)>, StoreError> {
    let args = args![notice.as_str(), limit];
    let rows: Vec<(String, i64, String)> = tx.all(&TELLS, args).await?;
    Ok(rows
        .into_iter()
        .map(|(plan, expiry, token)| (PlanId(plan), due(expiry, token)))
        .collect())
}

/// Forgets a notice that tells of nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn discard_empty(tx: &mut Tx, notice: &NoticeId) -> Result<(), StoreError> {
    tx.execute(&DISCARD_EMPTY, args![notice.as_str()])
        .await
        .map(drop)
}

/// Has the notice `tells` tell a System Admin that another one failed; says whether none did before.
///
/// # Errors
/// When the database does not answer.
pub async fn escalate(
    tx: &mut Tx,
    failed: &NoticeId,
    admin: &UserId,
    tells: &NoticeId,
) -> Result<bool, StoreError> {
    let args = args![failed.as_str(), admin.as_str(), tells.as_str()];
    Ok(tx.execute(&ESCALATE, args).await? > 0)
}

/// The plans that a notice concerns.
///
/// # Errors
/// When the database does not answer.
pub async fn plans_of(tx: &mut Tx, notice: &NoticeId) -> Result<Vec<PlanId>, StoreError> {
    let rows: Vec<(String,)> = tx.all(&PLANS_OF, args![notice.as_str()]).await?;
    Ok(rows.into_iter().map(|(plan,)| PlanId(plan)).collect())
}

const fn due(expiry: i64, token: String) -> Due {
    Due {
        expiry: Timestamp::from_millis(expiry),
        token: TokenId(token),
    }
}
