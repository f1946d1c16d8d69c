//! Invitations into plans, and the secrets of their links, of which only the SHA-256 is kept.

use tenure_domain::{
    id::{InvitationId, PlanId, UserId},
    invitation::{LinkFacts, State},
    plan::Role,
    time::Timestamp,
    wire::{
        invitations::{self as wire, InvitationMail},
        session::UserRef,
    },
};

use super::{
    Tx,
    error::StoreError,
    memberships::parse_role,
    notices::ledger::parse_state,
    statement::{args, statements},
};

macro_rules! select {
    ($from:literal) => {
        concat!(
            "select i.id, i.plan_id, p.name as plan_name, i.email, i.name, i.role, i.state, i.round, i.invited_by, \
               u.name as invited_by_name, i.created_at, i.expires_at, n.state as mail_state, \
               n.reason as mail_reason from ",
            $from,
            " join plans p on p.id = i.plan_id join users u on u.id = i.invited_by \
              left join notices n on n.dedupe_key = 'invitation:' || i.id || ':' || i.round "
        )
    };
}

statements! {
    INSERT = "insert into invitations (id, plan_id, email, name, role, state, round, invited_by, created_at, expires_at) \
              values ($1, $2, $3, $4, $5, 'pending', 0, $6, $7, $8)";
    GET = concat!(select!("invitations i"), "where i.id = $1");
    PENDING = concat!(
        select!("invitations i"),
        "where i.plan_id = $1 and i.state = 'pending' and i.id < $2 order by i.id desc limit $3"
    );
    PENDING_OF_EMAIL = concat!(
        select!("invitations i"),
        "where i.plan_id = $1 and i.state = 'pending' and i.email = $2"
    );
    PENDING_BY = "select id from invitations where plan_id = $1 and state = 'pending' and invited_by = $2 order by id";
    BY_LINK = "select invitation_id, round from invitation_links where secret_hash = $1";
    ADD_LINK = "insert into invitation_links (secret_hash, invitation_id, round, created_at) values ($1, $2, $3, $4)";
    OFFER_AGAIN = "update invitations set round = round + 1, invited_by = $2, expires_at = $3 \
                   where id = $1 and state = 'pending'";
    WITHDRAW = "update invitations set state = 'withdrawn', ended_at = $2 where id = $1 and state = 'pending'";
    ACCEPT = "update invitations set state = 'accepted', ended_at = $2, user_id = $3 \
              where id = $1 and state = 'pending'";
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Names it.
    pub id: InvitationId,
    /// Into which plan.
    pub plan: PlanId,
    /// The plan's name.
    pub plan_name: String,
    /// Where its mails go, in lower case.
    pub email: String,
    /// What whoever invited them calls them.
    pub name: Option<String>,
    /// What they will be in the plan.
    pub role: Role,
    /// What became of it.
    pub state: State,
    /// How often it was sent again.
    pub round: i64,
    /// Who sent it last.
    pub invited_by: UserRef,
    /// When they were first invited.
    pub created_at: Timestamp,
    /// From when on its links open nothing.
    pub expires_at: Timestamp,
    /// The latest round's mail; `None` between the invitation and its notice.
    pub mail: Option<InvitationMail>,
}

impl Invitation {
    /// What decides whether a link that was sent in this round opens it.
    #[must_use]
    pub const fn facts(&self, link_round: i64) -> LinkFacts {
        LinkFacts {
            state: self.state,
            round: self.round,
            link_round,
            expires_at: self.expires_at,
        }
    }

    /// What may be told once: the mail of this round.
    #[must_use]
    pub fn key(&self) -> String {
        format!("invitation:{}:{}", self.id, self.round)
    }

    /// The invitation as System Admins of its plan see it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it has no mail.
    pub fn view(self) -> Result<wire::Invitation, StoreError> {
        let mail = self.mail.ok_or(StoreError::Corrupt { place: "notices" })?;
        Ok(wire::Invitation {
            id: self.id,
            email: self.email,
            name: self.name,
            role: self.role,
            invited_by: self.invited_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
            mail,
        })
    }
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: String,
    plan_id: String,
    plan_name: String,
    email: String,
    name: Option<String>,
    role: String,
    state: String,
    round: i64,
    invited_by: String,
    invited_by_name: String,
    created_at: i64,
    expires_at: i64,
    mail_state: Option<String>,
    mail_reason: Option<String>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        let mut states = State::ALL.into_iter();
        let state = states.find(|state| state.as_str() == row.state);
        let mail_state = row.mail_state.as_deref().map(parse_state).transpose()?;
        Ok(Self {
            id: InvitationId(row.id),
            plan: PlanId(row.plan_id),
            plan_name: row.plan_name,
            email: row.email,
            name: row.name,
            role: parse_role(&row.role)?,
            state: state.ok_or(StoreError::Corrupt {
                place: "invitations.state",
            })?,
            round: row.round,
            invited_by: UserRef {
                id: UserId(row.invited_by),
                name: row.invited_by_name,
            },
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            mail: mail_state.map(|state| InvitationMail {
                state,
                reason: row.mail_reason,
            }),
        })
    }
}

/// An invitation that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation<'a> {
    /// Names it.
    pub id: &'a InvitationId,
    /// Into which plan.
    pub plan: &'a PlanId,
    /// Where its mail goes, in lower case.
    pub email: &'a str,
    /// What they are called, where it is known.
    pub name: Option<&'a str>,
    /// What they will be in the plan.
    pub role: Role,
    /// Who invites them.
    pub invited_by: &'a UserId,
    /// When.
    pub created_at: Timestamp,
    /// From when on its links open nothing.
    pub expires_at: Timestamp,
}

/// Keeps an invitation, which is pending.
///
/// # Errors
/// [`StoreError::Conflict`] when the address has a pending one in this plan.
pub async fn insert(tx: &mut Tx, new: &NewInvitation<'_>) -> Result<(), StoreError> {
    let args = args![
        new.id.as_str(),
        new.plan.as_str(),
        new.email,
        new.name,
        new.role.as_str(),
        new.invited_by.as_str(),
        new.created_at,
        new.expires_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The invitation of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &InvitationId) -> Result<Option<Invitation>, StoreError> {
    let row: Option<InvitationRow> = tx.optional(&GET, args![id.as_str()]).await?;
    row.map(Invitation::try_from).transpose()
}

/// The pending invitations of a plan below this id, newest first; from the newest on without one.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(
    tx: &mut Tx,
    plan: &PlanId,
    below: Option<&InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    // Ids are of lower-case hexadecimal digits and dashes.
    let below = below.map_or("~", InvitationId::as_str);
    let args = args![plan.as_str(), below, limit];
    let rows: Vec<InvitationRow> = tx.all(&PENDING, args).await?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// The pending invitation of this address into a plan.
///
/// # Errors
/// When the database does not answer.
pub async fn pending_of(
    tx: &mut Tx,
    plan: &PlanId,
    email: &str,
) -> Result<Option<Invitation>, StoreError> {
    let args = args![plan.as_str(), email];
    let row: Option<InvitationRow> = tx.optional(&PENDING_OF_EMAIL, args).await?;
    row.map(Invitation::try_from).transpose()
}

/// The pending invitations into a plan that this user sent last.
///
/// # Errors
/// When the database does not answer.
pub async fn pending_by(
    tx: &mut Tx,
    plan: &PlanId,
    by: &UserId,
) -> Result<Vec<InvitationId>, StoreError> {
    let rows: Vec<(String,)> = tx
        .all(&PENDING_BY, args![plan.as_str(), by.as_str()])
        .await?;
    Ok(rows.into_iter().map(|(id,)| InvitationId(id)).collect())
}

/// The invitation of the link with this secret, and the round that the link was sent in.
///
/// # Errors
/// When the database does not answer.
pub async fn by_link(
    tx: &mut Tx,
    hash: &[u8; 32],
) -> Result<Option<(Invitation, i64)>, StoreError> {
    let row: Option<(String, i64)> = tx.optional(&BY_LINK, args![hash]).await?;
    let Some((id, round)) = row else {
        return Ok(None);
    };
    let invitation = get(tx, &InvitationId(id)).await?;
    Ok(invitation.map(|invitation| (invitation, round)))
}

/// Adds the secret of a link that is about to be sent in this round.
///
/// # Errors
/// When the database does not answer.
pub async fn add_link(
    tx: &mut Tx,
    (invitation, round): (&InvitationId, i64),
    hash: &[u8; 32],
    at: Timestamp,
) -> Result<(), StoreError> {
    let args = args![hash, invitation.as_str(), round, at];
    tx.execute(&ADD_LINK, args).await.map(drop)
}

/// Begins another round; says whether the invitation is pending.
///
/// # Errors
/// When the database does not answer.
pub async fn offer_again(
    tx: &mut Tx,
    invitation: &InvitationId,
    by: &UserId,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let args = args![invitation.as_str(), by.as_str(), expires_at];
    Ok(tx.execute(&OFFER_AGAIN, args).await? > 0)
}

/// Takes an invitation back; says whether it was pending.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw(
    tx: &mut Tx,
    invitation: &InvitationId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let args = args![invitation.as_str(), at];
    Ok(tx.execute(&WITHDRAW, args).await? > 0)
}

/// This user accepted; says whether the invitation was pending.
///
/// # Errors
/// When the database does not answer.
pub async fn accept(
    tx: &mut Tx,
    invitation: &InvitationId,
    at: Timestamp,
    user: &UserId,
) -> Result<bool, StoreError> {
    let args = args![invitation.as_str(), at, user.as_str()];
    Ok(tx.execute(&ACCEPT, args).await? > 0)
}
