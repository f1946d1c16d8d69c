//! What is asked of the audit log: which events, from where on, and in which form.

use axum::http::{HeaderMap, header::ACCEPT};
use serde::{Deserialize, Serialize};
use tenure_domain::{
    audit::Action, id::PlanId, problem::Kind, time::Timestamp, wire::audit::AuditEvent,
};

use crate::{
    cli::audit::unhex,
    error::{ApiError, ApiResult},
    routes::paging::foreign_cursor,
    store::{
        Tx,
        audit_log::{self, Lead, Place, Walk},
    },
};

/// Which events.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Filter {
    action: Option<String>,
    actor: Option<String>,
    target: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    text: Option<String>,
}

impl Filter {
    /// This filter, if there can be events that pass it; in lower case where case does not matter.
    pub(super) fn parse(mut self) -> ApiResult<Self> {
        let known = |name: &String| Action::parse(name).is_some();
        if !self.action.as_ref().is_none_or(known) {
            return Err(ApiError::new(Kind::InvalidRequest).detail("there is no such action"));
        }
        let text = self.text.map(|text| text.trim().to_lowercase());
        self.text = text.filter(|text| !text.is_empty());
        Ok(self)
    }

    /// The walk that passes every event which passes this filter, and as few others as an index can tell.
    pub(super) fn walk<'a>(&'a self, plan: &'a PlanId) -> Walk<'a> {
        let lead = match self {
            Self {
                target: Some(target),
                ..
            } => Lead::Target(target),
            Self {
                actor: Some(actor), ..
            } => Lead::Actor(actor),
            Self {
                action: Some(action),
                ..
            } => Lead::Action(action),
            _ => Lead::Plan,
        };
        Walk {
            plan,
            lead,
            since: self.since.unwrap_or(Timestamp::MIN),
        }
    }

    /// The place from which the walk begins.
    pub(super) fn beginning(&self) -> Place {
        Place::before(self.until.unwrap_or(Timestamp::MAX))
    }

    /// Whether every event of the walk passes.
    pub(super) fn is_the_walk(&self) -> bool {
        let conditions = [&self.target, &self.actor, &self.action];
        self.text.is_none() && conditions.into_iter().flatten().count() <= 1
    }

    /// Whether this event passes.
    pub(super) fn passes(&self, event: &AuditEvent) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_ref().is_none_or(|wanted| found == Some(wanted))
        };
        is(&self.action, Some(&event.action))
            && is(&self.target, event.target.as_deref())
            && is(
                &self.actor,
                event.actor.as_ref().map(|actor| actor.id.as_str()),
            )
            && self.text.as_ref().is_none_or(|text| says(event, text))
    }
}

/// Whether a text is in what can be read of an event.
fn says(event: &AuditEvent, text: &str) -> bool {
    let details = serde_json::to_string(&event.details).unwrap_or_default();
    let others = [&event.address, &event.target].map(|it| it.as_deref().unwrap_or_default());
    let all = [event.sentence.as_str(), &event.action, &details]
        .into_iter()
        .chain(others);
    all.into_iter().any(|it| it.to_lowercase().contains(text))
}

/// Where a page ended: an event by its instant and its hash. It tells nothing of other plans.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Cursor {
    at: Timestamp,
    id: String,
}

impl Cursor {
    /// The cursor below this event.
    pub(super) fn below(event: &AuditEvent) -> Self {
        Self {
            at: event.at,
            id: event.id.clone(),
        }
    }

    /// Its place in the plan's log.
    pub(super) async fn place(&self, tx: &mut Tx, plan: &PlanId) -> ApiResult<Place> {
        let hash = unhex(&self.id).ok_or_else(foreign_cursor)?;
        let place = audit_log::place(tx, plan, self.at, &hash).await?;
        place.ok_or_else(foreign_cursor)
    }
}

/// In which form the events are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// A page of them.
    Json,
    /// All of them, for a spreadsheet.
    Csv,
    /// All of them, for a program: an object a line.
    Ndjson,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct FormQuery {
    format: Option<Form>,
}

impl FormQuery {
    /// The form that is asked for in the query, which a link can, or in `Accept`.
    pub(in crate::routes) fn form(self, headers: &HeaderMap) -> Form {
        let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        let accepts = |name: &str| {
            accepted.is_some_and(|accepted| {
                let mut all = accepted.split(',');
                all.any(|one| one.split(';').next().is_some_and(|one| one.trim() == name))
            })
        };
        match self.format {
            Some(form) => form,
            None if accepts("text/csv") => Form::Csv,
            None if accepts("application/x-ndjson") => Form::Ndjson,
            None => Form::Json,
        }
    }
}
