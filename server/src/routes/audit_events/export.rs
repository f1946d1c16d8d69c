//! The whole of what a filter passes, as a file that is written while it is read: the log is never in memory.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream};
use tenure_domain::{id::PlanId, wire::audit::AuditEvent};

use super::{
    query::{Filter, Form},
    view::view,
};
use crate::{
    auth::{AuditRead, SystemAdmin, while_allowed},
    csv,
    state::AppState,
    store::{
        StoreError,
        audit_log::{Entry, Place},
    },
};

/// Events that are read at a time.
const STRIDE: i64 = 500;

/// What has been written so far of an export.
struct Export {
    app: AppState,
    plan: PlanId,
    filter: Filter,
    form: Form,
    /// Where the next events are; nowhere once all are written.
    place: Option<Place>,
}

/// The answer: a file to keep.
pub(super) fn answer(
    app: AppState,
    admin: SystemAdmin<AuditRead>,
    filter: Filter,
    form: Form,
) -> Response {
    let (media_type, name) = match form {
        Form::Csv => (
            "text/csv; charset=utf-8; header=present",
            "audit-events.csv",
        ),
        Form::Json | Form::Ndjson => ("application/x-ndjson", "audit-events.ndjson"),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition =
        HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let place = Some(filter.beginning());
    let export = Export {
        app: app.clone(),
        plan: admin.member().plan().clone(),
        filter,
        form,
        place,
    };
    (headers, while_allowed(app, admin, written(export))).into_response()
}

/// The file, part by part. A part that cannot be read ends it before its end, which the caller notices.
fn written(export: Export) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    let heading = match export.form {
        Form::Csv => csv::line([
            "id", "at", "action", "sentence", "actor_id", "actor", "address", "target", "details",
        ]),
        Form::Json | Form::Ndjson => String::new(),
    };
    let heading =
        stream::iter([Ok::<_, Infallible>(Bytes::from(heading)).map_err(|never| match never {})]);
    let events = stream::try_unfold(export, |mut export| async move {
        let part = export.part().await;
        if let Err(error) = &part {
            tracing::error!(%error, "an export of the audit log was cut off");
        }
        Ok(part?.map(|part| (part, export)))
    });
    stream::StreamExt::chain(heading, events)
}

impl Export {
    async fn part(&mut self) -> Result<Option<Bytes>, StoreError> {
        let Some(place) = self.place else {
            return Ok(None);
        };
        let mut tx = self.app.store.peek().await?;
        let walk = self.filter.walk(&self.plan);
        let entries = walk.below(&mut tx, place, STRIDE).await?;
        self.place = entries.last().map(Entry::place);
        let events = entries
            .iter()
            .map(view)
            .filter(|event| self.filter.passes(event));
        let text: String = events.map(|event| self.line(&event)).collect();
        Ok(self.place.map(|_| Bytes::from(text)))
    }

    fn line(&self, event: &AuditEvent) -> String {
        match self.form {
            Form::Csv => csv_line(event),
            // An event is plain data: it can always be written.
            Form::Json | Form::Ndjson => serde_json::to_string(event).unwrap_or_default() + "\n",
        }
    }
}

fn csv_line(event: &AuditEvent) -> String {
    let actor = event.actor.as_ref();
    let details = serde_json::to_string(&event.details).unwrap_or_default();
    csv::line([
        &event.id,
        &event.at.to_string(),
        &event.action,
        &event.sentence,
        actor.map_or("", |actor| actor.id.as_str()),
        actor.map_or("", |actor| &actor.name),
        event.address.as_deref().unwrap_or_default(),
        event.target.as_deref().unwrap_or_default(),
        &details,
    ])
}
