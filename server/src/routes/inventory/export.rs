//! All tokens that a filter passes, as a file that is written while it is read: the list is never in memory.

use axum::{
    body::Bytes,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tenure_domain::{id::PlanId, time::Timestamp, wire::tokens::Token};

use super::read;
use crate::{
    auth::{AuditRead, SystemAdmin, while_allowed},
    csv,
    error::ApiResult,
    ops::inventory::{Asked, Cursor},
    state::AppState,
};

/// Tokens that are read at a time.
const STRIDE: usize = 500;

/// What has been written so far of an export.
struct Export {
    app: AppState,
    plan: PlanId,
    asked: Asked,
    next: Next,
}

enum Next {
    Heading,
    Page(Option<Cursor>),
    Nothing,
}

/// The answer: a file to keep.
pub(super) fn answer(app: AppState, admin: SystemAdmin<AuditRead>, asked: Asked) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"tokens.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    let export = Export {
        app: app.clone(),
        plan: admin.member().plan().clone(),
        asked,
        next: Next::Heading,
    };
    let parts = stream::try_unfold(export, |mut export| async move {
        match export.part().await {
            Ok(part) => Ok(part.map(|part| (part, export))),
            // The connection is closed, so that nobody takes the beginning for the whole.
            Err(error) => {
                tracing::error!(?error, "an export of tokens was cut off");
                Err(std::io::Error::other("cut off"))
            }
        }
    });
    (headers, while_allowed(app, admin, parts)).into_response()
}

impl Export {
    async fn part(&mut self) -> ApiResult<Option<Bytes>> {
        let cursor = match &self.next {
            Next::Nothing => return Ok(None),
            Next::Heading => {
                self.next = Next::Page(None);
                return Ok(Some(heading().into()));
            }
            Next::Page(cursor) => cursor.as_ref(),
        };
        let now = self.app.clock.now();
        let page = (cursor, STRIDE);
        let (tokens, next) = read(&self.app, &self.plan, &self.asked, page, now).await?;
        self.next = next.map_or(Next::Nothing, |next| Next::Page(Some(next)));
        let lines: String = tokens.iter().map(line).collect();
        Ok(Some(lines.into()))
    }
}

fn heading() -> String {
    csv::line([
        "id",
        "name",
        "last_four",
        "kind",
        "owner_id",
        "owner",
        "client",
        "status",
        "created_at",
        "last_used_at",
        "last_used_from",
        "expires_at",
        "ended_at",
        "why",
    ])
}

fn line(token: &Token) -> String {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let client = token.client.as_ref();
    csv::line([
        token.id.as_str(),
        &token.name,
        &token.last_four,
        token.kind.as_str(),
        token.owner.id.as_str(),
        &token.owner.name,
        client.map_or("", |client| &client.name),
        token.status.as_str(),
        &token.created_at.to_string(),
        &instant(token.last_used_at),
        token.last_used_from.as_deref().unwrap_or_default(),
        &instant(token.expires_at),
        &instant(token.end.as_ref().map(|end| end.at)),
        &token.why,
    ])
}
