//! Grants: what a person allowed a client once, and the line of token pairs that came of it.

use tenure_domain::{
    id::{ClientId, GrantId, PlanId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason},
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

macro_rules! columns {
    () => {
        "id, plan_id, client_id, user_id, scope, created_at, ended_at"
    };
}

statements! {
    INSERT = "insert into oauth_grants (id, plan_id, client_id, user_id, scope, created_at) \
              values ($1, $2, $3, $4, $5, $6)";
    GET = concat!("select ", columns!(), " from oauth_grants where id = $1");
    LIVE_OF_USER = concat!(
        "select ", columns!(), " from oauth_grants \
         where user_id = $1 and ended_at is null order by created_at, id"
    );
    LIVE_OF_MEMBER = concat!(
        "select ", columns!(), " from oauth_grants \
         where user_id = $1 and plan_id = $2 and ended_at is null order by created_at, id"
    );
    LIVE_OF_CLIENT = concat!(
        "select ", columns!(), " from oauth_grants \
         where client_id = $1 and ended_at is null order by created_at, id"
    );
    END = "update oauth_grants set ended_at = $2, ended_by = $3, ended_reason = $4, \
             suspicious_since = coalesce(suspicious_since, $5) \
           where id = $1 and ended_at is null";
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Names it.
    pub id: GrantId,
    /// The plan that its tokens belong to.
    pub plan: PlanId,
    /// Who may act.
    pub client: ClientId,
    /// In whose name.
    pub user: UserId,
    /// What may be done.
    pub scope: Scopes,
    /// When the person allowed it.
    pub created_at: Timestamp,
    /// When it ended, if it did.
    pub ended_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: String,
    plan_id: String,
    client_id: String,
    user_id: String,
    scope: String,
    created_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<GrantRow> for Grant {
    type Error = StoreError;

    fn try_from(row: GrantRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: GrantId(row.id),
            plan: PlanId(row.plan_id),
            client: ClientId(row.client_id),
            user: UserId(row.user_id),
            scope: Scopes::parse(&row.scope).map_err(|_| StoreError::Corrupt {
                place: "oauth_grants.scope",
            })?,
            created_at: Timestamp::from_millis(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_millis),
        })
    }
}

/// Why a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What its tokens are revoked for.
    Revoked(RevocationReason),
    /// Nobody presented its refresh token for too long.
    Idle,
}

impl Ending {
    /// The ending's name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked(reason) => reason.as_str(),
            Self::Idle => "idle",
        }
    }
}

/// Adds a grant.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that id.
pub async fn insert(tx: &mut Tx, grant: &Grant) -> Result<(), StoreError> {
    let scope = grant.scope.to_string();
    let args = args![
        grant.id.as_str(),
        grant.plan.as_str(),
        grant.client.as_str(),
        grant.user.as_str(),
        &scope,
        grant.created_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The grant of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &GrantId) -> Result<Option<Grant>, StoreError> {
    let row: Option<GrantRow> = tx.optional(&GET, args![id.as_str()]).await?;
    row.map(Grant::try_from).transpose()
}

/// What a user allows whom, in every plan, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn live_of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Grant>, StoreError> {
    grants(tx.all(&LIVE_OF_USER, args![user.as_str()]).await?)
}

/// What a user allows whom in a plan, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn live_of_member(
    tx: &mut Tx,
    user: &UserId,
    plan: &PlanId,
) -> Result<Vec<Grant>, StoreError> {
    let args = args![user.as_str(), plan.as_str()];
    grants(tx.all(&LIVE_OF_MEMBER, args).await?)
}

/// Who allows something to a client, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn live_of_client(tx: &mut Tx, client: &ClientId) -> Result<Vec<Grant>, StoreError> {
    grants(tx.all(&LIVE_OF_CLIENT, args![client.as_str()]).await?)
}

/// Ends a grant; says whether it had not ended before. Its tokens are revoked by
/// [`super::tokens::revoke_of_grant`].
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    tx: &mut Tx,
    id: &GrantId,
    ending: Ending,
    at: Timestamp,
    by: Option<&UserId>,
) -> Result<bool, StoreError> {
    let suspicious = (ending == Ending::Revoked(RevocationReason::Reuse)).then_some(at);
    let by = by.map(UserId::as_str);
    let args = args![id.as_str(), at, by, ending.as_str(), suspicious];
    Ok(tx.execute(&END, args).await? > 0)
}

/// What the tokens of a grant that ended so are revoked for.
#[must_use]
pub fn revocation(ending: Ending, at: Timestamp, by: Option<UserId>) -> Revocation {
    Revocation {
        at,
        reason: match ending {
            Ending::Revoked(reason) => reason,
            // A client that has been away so long holds no token that works by the usual lifetimes.
            Ending::Idle => RevocationReason::Client,
        },
        by,
    }
}

fn grants(rows: Vec<GrantRow>) -> Result<Vec<Grant>, StoreError> {
    rows.into_iter().map(Grant::try_from).collect()
}
