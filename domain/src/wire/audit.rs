//! `/api/v1/plans/{plan}/audit-events`: who did what in a plan, and whether the log is as it was written.

use serde::{Deserialize, Serialize};

use super::session::UserRef;
use crate::{
    json::{Json, from_json},
    time::Timestamp,
};

/// Something that somebody, or the policy, did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its hash in the chain, in hexadecimal digits: it changes if anything of this event, or of any before
    /// it, does.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What was done, as a word for programs. More of them may come.
    pub action: String,
    /// What happened, in one English sentence, with the names that people and things have now.
    pub sentence: String,
    /// Who did it; null where the policy, a client or an operator did.
    pub actor: Option<UserRef>,
    /// From which address.
    pub address: Option<String>,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// What else was written down, by the action.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub details: Json,
}

from_json!(AuditEvent {
    id,
    at,
    action,
    sentence,
    actor,
    address,
    target,
    details
});

/// What a walk along the log's chain found. Plans share the chain: of the others it tells nothing but whether
/// the whole holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditVerification {
    /// Whether every event of the server is as it was written.
    pub whole: bool,
    /// How many events of this plan are, from its first one on, up to the place where the chain breaks.
    pub events: u32,
    /// When the first of them happened.
    pub since: Option<Timestamp>,
    /// When the last of them happened. Where the chain breaks, nothing later can be relied on.
    pub until: Option<Timestamp>,
}

from_json!(AuditVerification {
    whole,
    events,
    since,
    until
});
