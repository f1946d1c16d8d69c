//! The audit log as it is read: the events of one plan, newest first.
//!
//! A walk has one leading condition, which an index has in the log's order; whatever else is asked for is
//! decided event by event by whoever walks. So no question reads more than it walks over.

use tenure_domain::{id::PlanId, time::Timestamp};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

/// The events of a plan below a place and not before an instant, with the names of who and what.
macro_rules! walk {
    ($condition:literal) => {
        concat!(
            "select e.seq, e.at, e.actor_id, e.actor_address, e.action, e.target, e.details, e.hash, \
                    a.name as actor_name, coalesce(u.name, t.name, c.name, g.name, p.name) as target_name \
             from (select seq, at, actor_id, actor_address, action, target, details, hash from audit_events \
                   where plan_id = $1 and (at, seq) < ($2, $3) and at >= $4",
            $condition,
            " order by at desc, seq desc limit $5) as e \
             left join users a on a.id = e.actor_id \
             left join users u on u.id = e.target \
             left join tokens t on t.id = e.target \
             left join oauth_clients c on c.id = e.target \
             left join oauth_grants gr on gr.id = e.target \
             left join oauth_clients g on g.id = gr.client_id \
             left join plans p on p.id = e.target \
             order by e.at desc, e.seq desc"
        )
    };
}

statements! {
    PLACE = "select seq as number from audit_events where plan_id = $1 and at = $2 and seq > 0 and hash = $3";
    ALL = walk!(" and seq > 0");
    BY_TARGET = walk!(" and target = $6");
    BY_ACTOR = walk!(" and actor_id = $6");
    BY_ACTION = walk!(" and action = $6");
}

/// An event as it is read, with the names that its actor and its target have now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    seq: i64,
    at: i64,
    /// Who did it.
    pub actor_id: Option<String>,
    /// Their name.
    pub actor_name: Option<String>,
    /// From which address.
    pub actor_address: Option<String>,
    /// The action's name.
    pub action: String,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// The name of what it was done to, if it is a user, a token, an app, a grant of one, or a plan.
    pub target_name: Option<String>,
    /// More of it, as JSON.
    pub details: String,
    /// Its hash in the chain.
    pub hash: Vec<u8>,
}

impl Entry {
    /// Where it stands in the log.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place {
            at: Timestamp::from_millis(self.at),
            seq: self.seq,
        }
    }
}

/// A place in the log: events that are older, or as old and written earlier, lie below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When.
    pub at: Timestamp,
    seq: i64,
}

impl Place {
    /// Above everything that happened before this instant, and nothing else.
    #[must_use]
    pub const fn before(at: Timestamp) -> Self {
        Self { at, seq: 0 }
    }
}

/// What all events of a walk have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead<'a> {
    /// The plan alone.
    Plan,
    /// What was done to this.
    Target(&'a str),
    /// What this user did.
    Actor(&'a str),
    /// This action.
    Action(&'a str),
}

/// A walk through a plan's events, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// Whose events.
    pub plan: &'a PlanId,
    /// What they have in common.
    pub lead: Lead<'a>,
    /// None older than this.
    pub since: Timestamp,
}

impl Walk<'_> {
    /// The next events below a place, at most `limit` of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn below(
        &self,
        tx: &mut Tx,
        place: Place,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        let (plan, Place { at, seq }, since) = (self.plan.as_str(), place, self.since);
        let (statement, value) = match self.lead {
            Lead::Plan => {
                let args = args![plan, at, seq, since, limit];
                return tx.all(&ALL, args).await;
            }
            Lead::Target(target) => (&BY_TARGET, target),
            Lead::Actor(actor) => (&BY_ACTOR, actor),
            Lead::Action(action) => (&BY_ACTION, action),
        };
        let args = args![plan, at, seq, since, limit, value];
        tx.all(statement, args).await
    }
}

/// The place of the plan's event of this instant and hash, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn place(
    tx: &mut Tx,
    plan: &PlanId,
    at: Timestamp,
    hash: &[u8; 32],
) -> Result<Option<Place>, StoreError> {
    let row: Option<(i64,)> = tx.optional(&PLACE, args![plan.as_str(), at, hash]).await?;
    Ok(row.map(|(seq,)| Place { at, seq }))
}
