//! Every route on one screen, and the layers around them.
//!
//! From the outside in: the answer's common parts; around the API who may read it from elsewhere; panics
//! and the time limit; around the API who may call it from elsewhere. The order matters: whatever a layer
//! refuses passes the ones outside it. How much of a body is read is for those to bound who read one:
//! `/verify` is sent the length of another call's body.

use std::{any::Any, time::Duration};

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{
        HeaderValue, Method, StatusCode,
        header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER},
    },
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::any,
};
use tenure_domain::problem::Kind;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    csrf::{ConfigError, CsrfLayer, ProtectionError},
    timeout::TimeoutLayer,
};
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answer, api_page, console,
    error::ApiError,
    extract::MAX_BODY,
    oauth::{authorize, introspect, metadata, revoke, token},
    openapi::Base,
    routes::{
        alerts, audit_events, auth_health, authorization, calendars, checks, connected_apps,
        events, impact, inventory, invitations, notices, oauth_clients,
        operation::{self, Documents},
        policies, profile, scopes, session, setup, token_life, tokens, users, verify, webhook,
    },
    state::{AppState, Settings},
};

/// How long a call may take, from its head to its answer.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How long a browser may keep what it learnt of the cross-origin rules.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// What people and consoles call: JSON, by session or token.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::sign_in, session::get, session::sign_out))
        .routes(routes!(setup::create))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(tokens::rotate))
        .routes(routes!(token_life::get))
        .routes(routes!(token_life::review))
        .routes(routes!(connected_apps::list))
        .routes(routes!(connected_apps::disconnect))
        .routes(routes!(profile::put))
        .routes(routes!(events::stream))
        .routes(routes!(policies::get, policies::put))
        .routes(routes!(policies::cancel))
        .routes(routes!(policies::history))
        .routes(routes!(impact::preview))
        .routes(routes!(impact::list))
        .routes(routes!(impact::forecast))
        .routes(routes!(inventory::list))
        .routes(routes!(inventory::get))
        .routes(routes!(inventory::revoke))
        .routes(routes!(users::list))
        .routes(routes!(users::preview, users::deactivate))
        .routes(routes!(users::reactivate))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::rules))
        .routes(routes!(alerts::rule, alerts::put_rule))
        .routes(routes!(webhook::get, webhook::put, webhook::delete))
        .routes(routes!(webhook::test))
        .routes(routes!(users::change_role))
        .routes(routes!(invitations::list, invitations::invite))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(invitations::send_again))
        .routes(routes!(invitations::look_up))
        .routes(routes!(invitations::accept))
        .routes(routes!(notices::list))
        .routes(routes!(notices::send_again))
        .routes(routes!(scopes::list))
        .routes(routes!(scopes::put, scopes::delete))
        .routes(routes!(oauth_clients::list, oauth_clients::register))
        .routes(routes!(
            oauth_clients::get,
            oauth_clients::change,
            oauth_clients::delete
        ))
        .routes(routes!(oauth_clients::rotate_secret))
        .routes(routes!(oauth_clients::tokens_of))
        .routes(routes!(checks::check))
        .routes(routes!(calendars::own_file))
        .routes(routes!(
            calendars::own,
            calendars::share_own,
            calendars::unshare_own
        ))
        .routes(routes!(
            calendars::of_plan,
            calendars::share_plan,
            calendars::unshare_plan
        ))
        .routes(routes!(audit_events::list))
        .routes(routes!(audit_events::verify))
        .routes(routes!(auth_health::get))
        .routes(routes!(auth_health::behind))
        .routes(routes!(authorization::prompt, authorization::decide))
        .routes(routes!(operation::openapi))
}

/// What proxies ask before every call that they let through. There is no more around it than it needs.
fn verification() -> OpenApiRouter<AppState> {
    // One route for every method: a fallback beside GET would answer the others with an `Allow` that
    // leaves them out.
    let (schemas, paths, _get_alone) = routes!(verify::verify);
    OpenApiRouter::new()
        .routes((schemas, paths, any(verify::verify)))
        .route("/verify/", any(verify::verify))
        .route("/verify/{*path}", any(verify::verify))
}

/// What operators and developers look at.
fn operation() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(metadata::metadata))
        .routes(routes!(authorize::authorize))
        .routes(routes!(token::token))
        .routes(routes!(revoke::revoke))
        .routes(routes!(introspect::introspect))
        .routes(routes!(calendars::file))
        .routes(routes!(operation::health))
        .routes(routes!(operation::ready))
        .routes(routes!(operation::docs))
        .routes(routes!(operation::docs_style))
}

/// The OpenAPI 3.1 document of every route.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    OpenApiRouter::with_openapi(Base::openapi())
        .nest("/api/v1", api())
        .merge(verification())
        .merge(operation())
        .into_openapi()
}

/// Everything that the server answers.
///
/// # Errors
/// When an allowed origin is none.
pub fn router(app: AppState) -> Result<Router, ConfigError> {
    let document = document();
    let documents = Extension(Documents {
        json: document.to_json().unwrap_or_default().into(),
        page: api_page::render(&document).into(),
    });
    let api = Router::new().nest("/api/v1", api().into());
    let api = bounded(
        guarded(api.layer(documents.clone()), &app.settings)?,
        TIME_LIMIT,
    );
    // For the API alone: the layer answers every `OPTIONS` itself, and `/verify` must refuse bad tokens.
    let api = match app.settings.allowed_origins.as_slice() {
        [] => api,
        origins => api.layer(cors(origins)),
    };
    let others = Router::from(operation())
        .merge(console::router())
        .layer(documents)
        .merge(verification());
    Ok(answered(api.merge(bounded(others, TIME_LIMIT)), app))
}

/// What is around every route.
fn answered(router: Router<AppState>, app: AppState) -> Router {
    router
        .layer(from_fn_with_state(app.clone(), answer::layer))
        .with_state(app)
}

/// Routes whose calls end: by a panic, or after a time. Their bodies do as well.
fn bounded(router: Router<AppState>, time_limit: Duration) -> Router<AppState> {
    // Together: a router keeps what each of its layers makes in a box of its own.
    router.layer((
        CatchPanicLayer::custom(panicked),
        TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time_limit),
        DefaultBodyLimit::max(MAX_BODY),
    ))
}

/// Refuses what a page of another site does with somebody's session, and lets consoles that are hosted
/// elsewhere do it.
fn guarded(api: Router<AppState>, settings: &Settings) -> Result<Router<AppState>, ConfigError> {
    let mut csrf = CsrfLayer::new().add_trusted_origin(&settings.public_url)?;
    for origin in &settings.allowed_origins {
        csrf = csrf.add_trusted_origin(origin)?;
    }
    let refuse = |_: ProtectionError| ApiError::new(Kind::OriginRefused).into_response();
    Ok(api.layer(csrf.with_rejection_response(refuse)))
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH, answer::REQUEST_ID])
        .expose_headers([
            ETAG,
            LOCATION,
            RETRY_AFTER,
            answer::REQUEST_ID,
            answer::SERVER_TIME,
        ])
        .max_age(PREFLIGHT_AGE)
}

/// A bug. The caller learns nothing of it; the log gets the panic's message.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    ApiError::internal(format!("panic: {message}")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request, routing::get};
    use http_body_util::BodyExt as _;
    use tenure_domain::{problem::Problem, time::Timestamp};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{App, clock::Clock, random::Random};

    /// What is answered when this happens in a handler.
    async fn answer_to<F: Future<Output = ()> + Send + 'static>(
        handler: impl Fn() -> F + Clone + Send + Sync + 'static,
        time_limit: Duration,
    ) -> (StatusCode, Problem) {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            database_url: format!("sqlite://{}/tenure.db", folder.path().display()),
            public_url: "http://tenure.test".to_owned(),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            trusted_proxies: Vec::new(),
            access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
            refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
            webhook_private: false,
            mail: None,
        };
        let clock = Clock::mock(Timestamp::from_millis(0));
        let app = App::build(settings, clock, Random::seeded(1))
            .await
            .unwrap();
        let router = Router::new().route("/", get(handler));
        let request = Request::new(Body::empty());
        let response = answered(bounded(router, time_limit), app.state)
            .oneshot(request)
            .await
            .unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_nothing_is_told_of_it() {
        let (status, problem) =
            answer_to(|| async { panic!("the secret cause") }, TIME_LIMIT).await;
        assert_eq!(
            (status.as_u16(), problem.kind()),
            (500, Some(Kind::Internal))
        );
        assert!(
            !serde_json::to_string(&problem)
                .unwrap()
                .contains("secret cause")
        );
        assert!(!problem.reference.is_empty());
    }

    #[tokio::test]
    async fn a_call_that_takes_too_long_is_given_up() {
        let (status, problem) = answer_to(std::future::pending::<()>, Duration::ZERO).await;
        assert_eq!(
            (status.as_u16(), problem.kind()),
            (503, Some(Kind::Unavailable))
        );
    }
}
