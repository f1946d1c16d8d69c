//! `/api/v1/plans/{plan}/tokens/{token}/life` and `…/reviewed`: a token's own page, for System Admins.

use serde::{Deserialize, Serialize};

use super::{session::UserRef, tokens::Token};
use crate::{
    id::FindingId,
    json::{Json, from_json},
    life::LifeKind,
    problem::FieldError,
    suspicion::Rule,
    time::Timestamp,
};

/// The most findings that one review names.
pub const MAX_REVIEWED: usize = 100;

/// Everything that is known of a token's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenLife {
    /// The token.
    pub token: Token,
    /// Since when it is suspicious; null while no finding waits for a review.
    pub suspicious_since: Option<Timestamp>,
    /// What the rules found, those that wait for a review first, then newest first.
    pub findings: Vec<Finding>,
    /// What happened to it, oldest first.
    pub events: Vec<LifeEvent>,
    /// Calls by UTC day, oldest first: the last 90 days on which there were any.
    pub days: Vec<CallDay>,
    /// Who called with it, the latest first, at most 100 of them.
    pub callers: Vec<Caller>,
}

from_json!(TokenLife {
    token,
    suspicious_since,
    findings,
    events,
    days,
    callers
});

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The finding's id.
    pub id: FindingId,
    /// By which rule.
    pub rule: Rule,
    /// What it saw, in one English sentence with instants in UTC as in `why`.
    pub sentence: String,
    /// What it saw, by the rule.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::suspicion::Evidence))]
    pub evidence: Json,
    /// When the rule held first.
    pub first_at: Timestamp,
    /// When the same was seen last.
    pub last_at: Timestamp,
    /// Who reviewed it; null while it waits.
    pub reviewed: Option<Review>,
}

from_json!(Finding {
    id,
    rule,
    sentence,
    evidence,
    first_at,
    last_at,
    reviewed
});

/// A review of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// When.
    pub at: Timestamp,
    /// By which System Admin.
    pub by: UserRef,
}

from_json!(Review { at, by });

/// Something that happened to a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LifeEvent {
    /// When.
    pub at: Timestamp,
    /// What sort of thing.
    pub kind: LifeKind,
    /// What, in one English sentence with instants in UTC as in `why`.
    pub sentence: String,
}

from_json!(LifeEvent { at, kind, sentence });

/// The calls with a token on one UTC day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallDay {
    /// The first instant of the day.
    pub day: Timestamp,
    /// All of them.
    pub calls: u64,
    /// Of those: refused because the token does not work.
    pub refused: u64,
    /// Of those: refused because the token lacks a scope.
    pub denied: u64,
}

from_json!(CallDay {
    day,
    calls,
    refused,
    denied
});

/// Who called with a token, as far as calls tell: all calls from one address, by one program, for one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Caller {
    /// The address; empty where there was none.
    pub address: String,
    /// The network that the address lies in: an IPv4 /24 or an IPv6 /48.
    pub network: String,
    /// What the program calls itself.
    pub agent: String,
    /// What it called.
    pub resource: String,
    /// How often.
    pub calls: u64,
    /// Of those: refused because the token does not work.
    pub refused: u64,
    /// Of those: refused because the token lacks a scope.
    pub denied: u64,
    /// When first, as far as is kept.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
    /// Whether it was refused after the token's end: somebody still relies on it, or tries it.
    pub after_end: bool,
}

from_json! {
    Caller {
        address, network, agent, resource, calls, refused, denied, first_at, last_at, after_end,
    }
}

/// Says which findings a System Admin has reviewed: those that they saw. What was found meanwhile stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviewFindings {
    /// Their ids: 1 to 100.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub findings: Vec<FindingId>,
}

impl ReviewFindings {
    /// The findings, in a number that can be.
    ///
    /// # Errors
    /// When there is none, or too many.
    pub fn parse(&self) -> Result<&[FindingId], FieldError> {
        let error = |code: &str, detail: &str| FieldError {
            pointer: "/findings".to_owned(),
            code: code.to_owned(),
            detail: detail.to_owned(),
        };
        match self.findings.len() {
            0 => Err(error(
                "findings_missing",
                "name the findings that you have reviewed",
            )),
            1..=MAX_REVIEWED => Ok(&self.findings),
            _ => Err(error(
                "findings_too_many",
                "a review names at most 100 findings",
            )),
        }
    }
}
