//! Whether the server is alive and can serve, and what it offers: its API's document and a page of it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{Html, IntoResponse},
};

use crate::{api_page, error::ApiResult, openapi::operation_problems, state::AppState};

operation_problems! {
    NoProblems: Internal;
}

/// Alive?
///
/// Says nothing of the database: a server that is alive need not be restarted.
#[utoipa::path(
    get, path = "/healthz", tag = "operation", operation_id = "health",
    responses((status = 200, description = "Alive", content_type = "text/plain"), NoProblems),
    security(()),
)]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Ready?
///
/// Whether calls can be served: the database answers and has its schema.
#[utoipa::path(
    get, path = "/readyz", tag = "operation", operation_id = "readiness",
    responses((status = 200, description = "Ready", content_type = "text/plain"), NoProblems),
    security(()),
)]
pub(crate) async fn ready(State(app): State<AppState>) -> ApiResult<&'static str> {
    app.store.ping().await?;
    Ok("ok\n")
}

/// The document and the page made from it, written once at start.
#[derive(Clone)]
pub(crate) struct Documents {
    pub(crate) json: Arc<str>,
    pub(crate) page: Arc<str>,
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"), NoProblems),
    security(()),
)]
pub(crate) async fn openapi(Extension(documents): Extension<Documents>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json")],
        documents.json.to_string(),
    )
}

/// The API as a page to read
#[utoipa::path(
    get, path = "/api/docs", tag = "operation", operation_id = "docs",
    responses((status = 200, description = "A page", content_type = "text/html"), NoProblems),
    security(()),
)]
pub(crate) async fn docs(Extension(documents): Extension<Documents>) -> impl IntoResponse {
    Html(documents.page.to_string())
}

/// That page's style sheet
#[utoipa::path(
    get, path = "/api/docs.css", tag = "operation", operation_id = "docs_style",
    responses((status = 200, description = "A style sheet", content_type = "text/css"), NoProblems),
    security(()),
)]
pub(crate) async fn docs_style() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, "no-cache")];
    (headers, api_page::STYLE)
}
