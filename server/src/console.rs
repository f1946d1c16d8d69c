//! The console's files, which the binary carries.
//!
//! Files whose name holds a hash of their content may be kept for ever; all others are asked for anew,
//! which costs a 304. A path that names no file is a page of the console, whose router has a 404 page of
//! its own; a missing file, and anything below the API's prefixes, is a problem.

use std::sync::OnceLock;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, Uri, header::CACHE_CONTROL},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use memory_serve::CacheControl;
use tenure_domain::problem::Kind;
use tower::ServiceExt;

use crate::error::ApiError;

/// First segments that programs use: never a page.
const PROGRAMS: [&str; 7] = [
    "api",
    "oauth",
    ".well-known",
    "verify",
    "healthz",
    "readyz",
    "metrics",
];
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Every file, and the fallback for everything that no other route has taken.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    files()
        .clone()
        .layer(from_fn(keep_hashed))
        .fallback(fallback)
        .with_state(())
}

/// Decompressed once a process: the library leaks what it serves.
fn files() -> &'static Router {
    static FILES: OnceLock<Router> = OnceLock::new();
    FILES.get_or_init(|| {
        #[expect(
            unused_qualifications,
            reason = "the library's build script writes it so"
        )]
        let files = memory_serve::load!();
        files
            .index_file(Some("/index.html"))
            .html_cache_control(CacheControl::NoCache)
            .cache_control(CacheControl::NoCache)
            .into_router()
    })
}

async fn keep_hashed(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if hashed && !response.status().is_client_error() {
        response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    response
}

async fn fallback(mut request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !is_page(request.uri().path()) {
        return ApiError::new(Kind::NotFound).into_response();
    }
    *request.uri_mut() = Uri::from_static("/index.html");
    match files().clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Whether a path can be one of the console's pages: no file, and nothing that programs ask for.
fn is_page(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    !PROGRAMS.contains(&first) && !last.contains('.')
}

/// Whether the name holds a hash, as in `console-0f1e2d3c4b5a6978_bg.wasm`. The bundler writes 64 bits
/// without leading zeros.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('-').is_some_and(|(_, rest)| {
        let hash = rest.split(['.', '_']).next().unwrap_or_default();
        // 64 bits in hexadecimal, written without leading zeros.
        hash.len() >= 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};

    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("/console-0f1e2d3c4b5a6978_bg.wasm"));
        assert!(is_hashed("/style/base-f1e2d3c4b5a6978.css"));
        assert!(is_hashed("/layout-bd60ba3d200fe6d.css"));
        for path in [
            "/boot.js",
            "/index.html",
            "/a-b.css",
            "/security-control",
            "/",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[tokio::test]
    async fn a_hashed_file_may_be_kept_and_a_missing_one_not() {
        let files: Router = Router::new()
            .route("/a-0f1e2d3c4b5a6978.js", get(|| async { "" }))
            .route("/boot.js", get(|| async { "" }))
            .layer(from_fn(keep_hashed))
            .fallback(fallback);
        let kept = async |path: &'static str| {
            let mut request = Request::new(Body::empty());
            *request.uri_mut() = Uri::from_static(path);
            let response = files.clone().oneshot(request).await.unwrap();
            response.headers().get(CACHE_CONTROL).cloned()
        };
        assert_eq!(kept("/a-0f1e2d3c4b5a6978.js").await, Some(FOR_EVER));
        assert_eq!(kept("/boot.js").await, None);
        assert_eq!(kept("/b-0f1e2d3c4b5a6978.js").await, None);
    }

    #[test]
    fn pages_are_told_from_files_and_from_the_api() {
        for path in [
            "/",
            "/sign-in",
            "/plans/0193/security-control",
            "/no/such/page",
        ] {
            assert!(is_page(path), "{path}");
        }
        for path in [
            "/x.js",
            "/a/b.wasm",
            "/api",
            "/api/v1/x",
            "/oauth/token",
            "/verify/x",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
