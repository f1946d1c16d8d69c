//! The audit log: everything that a person or the policy did (R19), each event chained to the one before.
//!
//! It is also how processes learn of each other's changes: whatever changes is an event here.

use std::fmt;

use serde_json::Value;
use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
};

use super::{
    Tx,
    audit_chain::{self, Columns, GENESIS, Hash},
    error::StoreError,
    statement::{args, statements},
};

statements! {
    LOCK_HEAD = "update audit_head set seq = seq where id = 1 returning seq, hash, watermarks";
    HEAD = "select seq, hash, watermarks from audit_head where id = 1";
    MOVE_HEAD = "update audit_head set seq = $1, hash = $2 where id = 1";
    INSERT = "insert into audit_events \
              (seq, at, plan_id, actor_id, actor_address, action, target, details, prev_hash, hash) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SINCE = "select seq, at, plan_id, actor_id, actor_address, action, target, details, prev_hash, hash \
             from audit_events where seq > $1 order by seq limit $2";
    NEWEST = "select max(at) as instant from audit_events";
}

/// Events that are read at a time when the chain is walked.
const STRIDE: i64 = 1_000;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident, $text:literal;)+) => {
        /// What was done. The names are in the log for good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// The action's name in the log.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

actions! {
    /// The first System Admin set the server up. The target is their user id.
    ServerSetUp, "server_set_up";
    /// A plan was made. The target is its id.
    PlanCreated, "plan_created";
    /// A user was added. The target is their id.
    UserCreated, "user_created";
    /// A user was put into a plan. The target is their id.
    MembershipCreated, "membership_created";
    /// A user got another password. The target is their id.
    PasswordReset, "password_reset";
    /// A user chose another language or time zone. The target is their id.
    ProfileChanged, "profile_changed";
    /// Somebody signed in. The target is their id.
    SignedIn, "signed_in";
    /// Somebody tried to sign in and was refused. The target is the user's id, if there is one.
    SignInRefused, "sign_in_refused";
    /// Somebody signed out. The target is their id.
    SignedOut, "signed_out";
    /// A token was generated. The target is its id.
    TokenGenerated, "token_generated";
    /// A token was revoked. The target is its id.
    TokenRevoked, "token_revoked";
    /// A token was rotated. The target is its id; its successor is in the details.
    TokenRotated, "token_rotated";
    /// An OAuth client was registered. The target is its id.
    ClientRegistered, "client_registered";
    /// An OAuth client was changed. The target is its id.
    ClientChanged, "client_changed";
    /// An OAuth client got another secret. The target is its id.
    ClientSecretRotated, "client_secret_rotated";
    /// An OAuth client was deleted, and everything that it held ended. The target is its id.
    ClientDeleted, "client_deleted";
    /// A scope was defined or worded anew. The target is its name.
    ScopeDefined, "scope_defined";
    /// A scope was removed. The target is its name.
    ScopeRemoved, "scope_removed";
    /// A person allowed a client something. The target is the grant's id.
    ConsentGiven, "consent_given";
    /// A person refused a client. The target is the client's id.
    ConsentRefused, "consent_refused";
    /// A client got the first tokens of a grant. The target is the grant's id.
    GrantBegun, "grant_begun";
    /// A client got new tokens for old ones. The target is the grant's id.
    GrantRefreshed, "grant_refreshed";
    /// A grant ended, and its tokens with it. The target is its id.
    GrantEnded, "grant_ended";
    /// A user was deactivated in a plan, and everything that acts for them there ended. The target is
    /// their id.
    UserDeactivated, "user_deactivated";
    /// A user was reactivated in a plan. The target is their id.
    UserReactivated, "user_reactivated";
    /// A plan's expiration policy was changed. The target is the plan's id.
    PolicyChanged, "policy_changed";
    /// Somebody had a notice sent again. The target is the notice's id.
    NoticeSentAgain, "notice_sent_again";
    /// A version of the policy was scheduled. The target is the plan's id.
    PolicyScheduled, "policy_scheduled";
    /// A scheduled version was cancelled, or another one took its place. The target is the plan's id.
    PolicyScheduleCancelled, "policy_schedule_cancelled";
    /// The policy ended tokens. The target is the plan's id.
    ExpiriesRecorded, "expiries_recorded";
}

/// An event that is to be logged.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// The plan that it concerns.
    pub plan: Option<PlanId>,
    /// Who did it; nobody when the policy or an operator did.
    pub actor: Option<UserId>,
    /// From which address.
    pub actor_address: Option<String>,
    /// What was done.
    pub action: Action,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// More of it: a JSON object, without secrets.
    pub details: Value,
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Logged {
    /// Counts the events, from 1 and without a gap.
    pub seq: i64,
    /// When it happened, in UTC milliseconds.
    pub at: i64,
    /// The plan that it concerns.
    pub plan_id: Option<String>,
    /// Who did it.
    pub actor_id: Option<String>,
    /// From which address.
    pub actor_address: Option<String>,
    /// The [`Action`]'s name.
    pub action: String,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// More of it, as JSON.
    pub details: String,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl Logged {
    fn columns(&self) -> Columns<'_> {
        Columns {
            seq: self.seq,
            at: self.at,
            plan_id: self.plan_id.as_deref(),
            actor_id: self.actor_id.as_deref(),
            actor_address: self.actor_address.as_deref(),
            action: &self.action,
            target: self.target.as_deref(),
            details: &self.details,
        }
    }
}

/// The end of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The newest event's number; 0 when there is none.
    pub seq: i64,
    /// The newest event's hash.
    pub hash: Hash,
    /// How often a plan's watermark was raised other than by an event.
    pub watermarks: i64,
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    seq: i64,
    hash: Vec<u8>,
    watermarks: i64,
}

const HEADLESS: StoreError = StoreError::Corrupt {
    place: "audit_head",
};

impl TryFrom<Option<HeadRow>> for Head {
    type Error = StoreError;

    fn try_from(row: Option<HeadRow>) -> Result<Self, StoreError> {
        let row = row.ok_or(HEADLESS)?;
        Ok(Self {
            seq: row.seq,
            hash: row.hash.try_into().map_err(|_| HEADLESS)?,
            watermarks: row.watermarks,
        })
    }
}

/// Takes the end of the chain for this writer alone, until it commits.
pub(super) async fn lock_head(tx: &mut Tx) -> Result<Head, StoreError> {
    tx.optional::<HeadRow>(&LOCK_HEAD, args![])
        .await?
        .try_into()
}

/// The end of the chain.
///
/// # Errors
/// When the database does not answer.
pub async fn head(tx: &mut Tx) -> Result<Head, StoreError> {
    tx.optional::<HeadRow>(&HEAD, args![]).await?.try_into()
}

/// Adds an event to the end of the chain.
///
/// # Errors
/// When the database does not answer, or `tx` was begun to read.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let head = *tx.head().ok_or(HEADLESS)?;
    let details = event.details.to_string();
    let columns = Columns {
        seq: head.seq + 1,
        at: event.at.as_millis(),
        plan_id: event.plan.as_ref().map(PlanId::as_str),
        actor_id: event.actor.as_ref().map(UserId::as_str),
        actor_address: event.actor_address.as_deref(),
        action: event.action.as_str(),
        target: event.target.as_deref(),
        details: &details,
    };
    let hash = audit_chain::hash(&head.hash, &columns);
    let args = args![
        columns.seq,
        columns.at,
        columns.plan_id,
        columns.actor_id,
        columns.actor_address,
        columns.action,
        columns.target,
        columns.details,
        &head.hash,
        &hash
    ];
    tx.execute(&INSERT, args).await?;
    tx.execute(&MOVE_HEAD, args![columns.seq, &hash]).await?;
    tx.set_head(Head {
        seq: columns.seq,
        hash,
        ..head
    });
    Ok(())
}

/// The events after `seq`, oldest first, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn since(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Logged>, StoreError> {
    tx.all(&SINCE, args![seq, limit]).await
}

/// The latest instant in the log: nothing that was acknowledged happened later.
///
/// # Errors
/// When the database does not answer.
pub async fn newest(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Option<i64>,)> = tx.optional(&NEWEST, args![]).await?;
    Ok(row
        .and_then(|(instant,)| instant)
        .map(Timestamp::from_millis))
}

/// What a walk over the whole chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every event is as it was written.
    Whole {
        /// How many there are.
        events: i64,
    },
    /// Somebody tampered with the log.
    Broken {
        /// The first event that is not as it was written, or that is missing.
        seq: i64,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It does not name the hash of the event before it.
    Unchained,
    /// It is not what was hashed.
    Altered,
    /// It comes after what was written last, or differs from it.
    BeyondTheEnd,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the event is missing",
            Self::Unchained => "the event does not follow the one before it",
            Self::Altered => "the event was altered",
            Self::BeyondTheEnd => "the event was added after the end of the log",
        })
    }
}

/// Walks the chain from its first event to its end.
///
/// It finds any event that was changed, removed, added or moved, and a log that was cut short.
/// Somebody who rewrites the whole log and its end leaves no trace: keep the hash that a run prints
/// elsewhere to catch that.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(tx: &mut Tx) -> Result<Verified, StoreError> {
    let end = head(tx).await?;
    let mut last = Link {
        seq: 0,
        hash: GENESIS,
    };
    loop {
        let events = since(tx, last.seq, STRIDE).await?;
        if events.is_empty() {
            return Ok(last.compared_with(&end));
        }
        for event in &events {
            match last.follow(event) {
                Ok(next) => last = next,
                Err((seq, fault)) => return Ok(Verified::Broken { seq, fault }),
            }
        }
    }
}

/// The walker's place in the chain.
struct Link {
    seq: i64,
    hash: Hash,
}

impl Link {
    fn follow(&self, event: &Logged) -> Result<Self, (i64, Fault)> {
        let expected = self.seq + 1;
        if event.seq != expected {
            return Err((expected, Fault::Missing));
        }
        if event.prev_hash != self.hash {
            return Err((expected, Fault::Unchained));
        }
        let hash = audit_chain::hash(&self.hash, &event.columns());
        if event.hash != hash {
            return Err((expected, Fault::Altered));
        }
        Ok(Self {
            seq: expected,
            hash,
        })
    }

    fn compared_with(&self, end: &Head) -> Verified {
        let broken = |seq, fault| Verified::Broken { seq, fault };
        if self.seq < end.seq {
            broken(self.seq + 1, Fault::Missing)
        } else if self.seq > end.seq {
            broken(end.seq + 1, Fault::BeyondTheEnd)
        } else if self.hash != end.hash {
            broken(self.seq, Fault::Altered)
        } else {
            Verified::Whole { events: self.seq }
        }
    }
}
