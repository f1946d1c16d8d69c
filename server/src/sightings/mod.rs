//! What the verifier sees, kept: every check of a token, and every attempt to refresh one, by whom, for what,
//! and with which outcome.
//!
//! A check costs a look into memory ([`shards`]); what was seen is written every few seconds, in one
//! transaction beside the queue of writers ([`flush`]): counts for the plan, callers of each token, and
//! refused calls by their request's id. Whoever dies in between loses those seconds, and no answer depends on any of it.
//! Rules about what is suspicious hear of it there ([`judge`]).
//!
//! Deliberately not here: the decision over a token (that is the [`verifier`](crate::verifier)), the last use
//! of a token, on which its life may depend (that is the verifier's as well), and telling what was seen.

mod arrival;
mod flush;
mod judge;
mod rows;
mod settled;
mod shard;
mod shards;
mod subject;
mod variety;

use std::sync::Arc;

use tenure_domain::{
    id::PlanId, problem::Kind, time::Timestamp, token::Expiry, wire::auth_health::Outcome,
};
use tokio::sync::Mutex;
use uuid::Uuid;

pub use self::{
    arrival::Arrival,
    flush::{all_callers_are_kept, forget},
    shards::LeftOut,
    subject::{Refusal, Resource, Sighting, Subject, Tally},
};
use self::{flush::Limits, shards::Shards, subject::minute_of};
use crate::{
    random::Random,
    verifier::{Known, Refused, Verified},
};

/// What was seen and is not written yet. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Sightings(Arc<Inner>);

struct Inner {
    shards: Shards,
    /// For the ids of what rules find.
    random: Random,
    /// What bounds the rows that are written; held while they are.
    limits: Mutex<Limits>,
}

impl Sightings {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new(random: Random) -> Self {
        Self(Arc::new(Inner {
            shards: Shards::default(),
            random,
            limits: Mutex::default(),
        }))
    }

    /// Sees nothing from now on. What seeing costs is measured against this.
    pub fn see_nothing(&self) {
        self.0.shards.close();
    }

    /// A token was shown that works, and may be used for this.
    pub fn works(&self, arrival: &Arrival, verified: &Verified) {
        if !self.0.shards.is_open() {
            return;
        }
        let subject = Subject {
            tenth: Some(tenth(verified)),
            ..of_known(arrival, verified.known(), Outcome::Works, verified.at)
        };
        self.0.shards.note(&subject, verified.at);
    }

    /// A token was shown that works and lacks these scopes.
    pub fn lacks(&self, arrival: &Arrival, verified: &Verified, scope: &str) {
        let subject = Subject {
            scope: short(scope),
            ..of_known(
                arrival,
                verified.known(),
                Outcome::ScopeLacking,
                verified.at,
            )
        };
        self.refuse(arrival, &subject, verified.at, None);
    }

    /// A token was shown that does not work, or none.
    pub fn refused(&self, arrival: &Arrival, refused: &Refused, at: Timestamp) {
        let outcome = outcome(refused.kind);
        let since = refused.end.as_ref().map(tenure_domain::token::End::at);
        let subject = match refused.known {
            Some(known) => of_known(arrival, known, outcome, at),
            None => of_nobody(arrival, None, outcome, at),
        };
        self.refuse(arrival, &subject, at, since);
    }

    /// A resource server of this plan asked about a token that is none of the plan's: it is told what it would be
    /// told of an unknown one, and so is the plan.
    pub fn foreign(&self, arrival: &Arrival, plan: &PlanId, kind: Kind, at: Timestamp) {
        let outcome = match kind {
            Kind::TokenMalformed => Outcome::Malformed,
            _ => Outcome::Unknown,
        };
        let subject = of_nobody(arrival, Uuid::try_parse(plan.as_str()).ok(), outcome, at);
        self.refuse(arrival, &subject, at, None);
    }

    /// A client of this plan presented a refresh token; `token` is the access token of the same pair.
    pub fn refresh(
        &self,
        arrival: &Arrival,
        (plan, client): (Option<Uuid>, Option<Uuid>),
        token: Option<Uuid>,
        outcome: Outcome,
        at: Timestamp,
    ) {
        let subject = Subject {
            token,
            client,
            address: token.and(arrival.address),
            agent: token.map_or("", |_| arrival.agent()),
            ..of_nobody(arrival, plan, outcome, at)
        };
        if outcome == Outcome::Refreshed {
            if self.0.shards.is_open() {
                self.0.shards.note(&subject, at);
            }
        } else {
            self.refuse(arrival, &subject, at, None);
        }
    }

    /// How often each outcome was seen, since the start.
    #[must_use]
    pub fn totals(&self) -> Vec<(Outcome, u64)> {
        self.0.shards.totals()
    }

    /// How much was seen, since the start, that could not be kept as it was.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.0.shards.left_out()
    }

    fn refuse(
        &self,
        arrival: &Arrival,
        subject: &Subject<&str>,
        at: Timestamp,
        since: Option<Timestamp>,
    ) {
        if !self.0.shards.is_open() {
            return;
        }
        self.0.shards.note(subject, at);
        self.0
            .shards
            .note_refusal(subject, || Refusal::of(arrival, subject, at, since));
    }
}

fn of_known(arrival: &Arrival, known: Known, outcome: Outcome, at: Timestamp) -> Subject<&str> {
    Subject {
        plan: Some(known.plan),
        token: Some(known.token),
        client: known.client,
        address: arrival.address,
        outcome,
        minute: minute_of(at),
        tenth: None,
        agent: arrival.agent(),
        scope: "",
        resource: arrival.resource(),
    }
}

/// Of a call without a known token only so much is kept as somebody without a token cannot vary.
fn of_nobody(
    arrival: &Arrival,
    plan: Option<Uuid>,
    outcome: Outcome,
    at: Timestamp,
) -> Subject<&str> {
    Subject {
        plan,
        token: None,
        client: None,
        address: None,
        outcome,
        minute: minute_of(at),
        tenth: None,
        agent: "",
        scope: "",
        resource: plan.map_or(Resource::Other, |_| arrival.resource()),
    }
}

/// How many tenths of its life a token that works has behind it; 10 for one without an end.
fn tenth(verified: &Verified) -> u8 {
    let Expiry::At(end) = verified.expiry else {
        return 10;
    };
    let life = end.millis_since(verified.created_at).max(1);
    let lived = verified.at.millis_since(verified.created_at);
    let tenth = lived.saturating_mul(10) / life;
    u8::try_from(tenth.clamp(0, 9)).unwrap_or(9)
}

/// The outcome that has the code of this problem. The verifier refuses with no other.
fn outcome(kind: Kind) -> Outcome {
    Outcome::parse(kind.code()).unwrap_or(Outcome::Unknown)
}

/// What callers may send and is kept, is kept up to here.
const LONGEST: usize = 80;

fn short(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}
