//! Calendars of expiries: `/calendars/{file}` for calendar programs, which know a secret address and nothing
//! else, and making and taking away such addresses.
//!
//! An address opens nothing once whoever made it is deactivated, or no System Admin of the plan any more.

use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use tenure_domain::{
    id::UserId,
    problem::Kind,
    wire::calendars::{CalendarAddress, NewCalendarAddress},
};

use crate::{
    address::ClientAddress,
    auth::{Acting, People, SystemAdmin, TokensRead},
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    ics,
    openapi::operation_problems,
    ops::{
        Actor,
        calendars::{self as op, Here},
    },
    secret::{self, Secret},
    state::AppState,
    store::{
        Tx,
        calendars::{self, Subscription},
        memberships,
    },
};

operation_problems! {
    FileProblems: NotFound RateLimited;
    ReadProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope;
    OwnProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope OriginRefused;
    PlanProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused;
}

/// What the address of every calendar ends with.
const ENDING: &str = ".ics";

/// A calendar, for whoever knows its address
///
/// An iCalendar document (RFC 5545). The address is a secret: it needs no session and no token.
#[utoipa::path(
    get, path = "/calendars/{file}", tag = "calendars", operation_id = "read_calendar",
    params(("file" = String, Path, description = "The secret, and `.ics`")),
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar", body = String,
            headers(("ETag" = String, description = "Changes with the calendar"))),
        (status = 304, description = "It is what the caller has"),
        FileProblems,
    ),
    security(()),
)]
pub(crate) async fn file(
    State(app): State<AppState>,
    address: ClientAddress,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let hash = secret::hash(file.strip_suffix(ENDING).unwrap_or_default());
    let mut tx = app.store.read().await?;
    let Some(subscription) = calendars::find(&mut tx, &hash).await? else {
        app.guesses.count(address).map_err(ApiError::too_many)?;
        return Err(Kind::NotFound.into());
    };
    let here = here(&app);
    let (name, moments) = match &subscription.plan {
        None => {
            let user = &subscription.user;
            if memberships::of_user(&mut tx, user).await?.is_empty() {
                return Err(Kind::NotFound.into());
            }
            (
                OWN.to_owned(),
                op::of_person(&mut tx, user, |_| true, here).await?,
            )
        }
        Some(plan) => {
            let member = memberships::get(&mut tx, &subscription.user, plan).await?;
            let admin = member.filter(|member| member.role.administers());
            let admin = admin.ok_or(Kind::NotFound)?;
            let name = format!("Tokens of {}", admin.name);
            (name, op::of_plan(&mut tx, plan, here).await?)
        }
    };
    Ok(answer(&ics::document(&name, &moments), &headers))
}

/// The name of a person's own calendar.
const OWN: &str = "My tokens";

/// One's own calendar
///
/// The same as at the secret address, for somebody who is signed in, or a program in its own plan.
#[utoipa::path(
    get, path = "/me/expiries.ics", tag = "calendars", operation_id = "read_my_calendar",
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar", body = String),
        (status = 304, description = "It is what the caller has"),
        ReadProblems,
    ),
    security(("session" = []), ("token" = ["tokens:read"])),
)]
pub(crate) async fn own_file(
    State(app): State<AppState>,
    caller: Acting<TokensRead>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut tx = app.store.read().await?;
    let user = &caller.user().id;
    let moments = op::of_person(&mut tx, user, |plan| caller.reaches(plan), here(&app)).await?;
    Ok(answer(&ics::document(OWN, &moments), &headers))
}

/// Whether one's calendar has a secret address
#[utoipa::path(
    get, path = "/me/calendar", tag = "calendars", operation_id = "get_my_calendar_address",
    responses((status = 200, description = "Since when", body = CalendarAddress), OwnProblems),
    security(("session" = [])),
)]
pub(crate) async fn own(
    State(app): State<AppState>,
    caller: Acting<People>,
) -> ApiResult<Json<CalendarAddress>> {
    since(&mut app.store.peek().await?, &of_caller(&caller)).await
}

/// Makes a secret address for one's calendar
///
/// In place of the one that it had. It is shown this once.
#[utoipa::path(
    post, path = "/me/calendar", tag = "calendars", operation_id = "make_my_calendar_address",
    responses((status = 201, description = "The address", body = NewCalendarAddress), OwnProblems),
    security(("session" = [])),
)]
pub(crate) async fn share_own(
    State(app): State<AppState>,
    caller: Acting<People>,
    address: ClientAddress,
) -> ApiResult<Response> {
    let of = of_caller(&caller);
    let tx = app.store.write().await?;
    share(&app, tx, address, &of).await
}

/// Takes the secret address of one's calendar away
///
/// Whoever has it finds nothing there.
#[utoipa::path(
    delete, path = "/me/calendar", tag = "calendars", operation_id = "delete_my_calendar_address",
    responses((status = 204, description = "There is none"), OwnProblems),
    security(("session" = [])),
)]
pub(crate) async fn unshare_own(
    State(app): State<AppState>,
    caller: Acting<People>,
    address: ClientAddress,
) -> ApiResult<StatusCode> {
    let of = of_caller(&caller);
    let tx = app.store.write().await?;
    unshare(&app, tx, address, &of).await
}

/// Whether the plan's calendar has a secret address
///
/// Each System Admin has one of their own.
#[utoipa::path(
    get, path = "/plans/{plan}/calendar", tag = "calendars", operation_id = "get_plan_calendar_address",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 200, description = "Since when", body = CalendarAddress), PlanProblems),
    security(("session" = [])),
)]
pub(crate) async fn of_plan(
    State(app): State<AppState>,
    admin: SystemAdmin,
) -> ApiResult<Json<CalendarAddress>> {
    since(&mut app.store.peek().await?, &of_admin(&admin)).await
}

/// Makes a secret address for the plan's calendar
///
/// In place of the one that this System Admin had. It is shown this once.
#[utoipa::path(
    post, path = "/plans/{plan}/calendar", tag = "calendars", operation_id = "make_plan_calendar_address",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 201, description = "The address", body = NewCalendarAddress), PlanProblems),
    security(("session" = [])),
)]
pub(crate) async fn share_plan(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
) -> ApiResult<Response> {
    let mut tx = app.store.write().await?;
    admin.membership_now(&mut tx).await?;
    share(&app, tx, address, &of_admin(&admin)).await
}

/// Takes the secret address of the plan's calendar away
///
/// Whoever has it finds nothing there.
#[utoipa::path(
    delete, path = "/plans/{plan}/calendar", tag = "calendars", operation_id = "delete_plan_calendar_address",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 204, description = "There is none"), PlanProblems),
    security(("session" = [])),
)]
pub(crate) async fn unshare_plan(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    admin.membership_now(&mut tx).await?;
    unshare(&app, tx, address, &of_admin(&admin)).await
}

async fn since(tx: &mut Tx, of: &Subscription) -> ApiResult<Json<CalendarAddress>> {
    let created_at = calendars::since(tx, of).await?;
    Ok(Json(CalendarAddress { created_at }))
}

async fn share(
    app: &AppState,
    mut tx: Tx,
    address: ClientAddress,
    of: &Subscription,
) -> ApiResult<Response> {
    let (now, secret) = (app.clock.now(), Secret::opaque(&app.random));
    op::share(&mut tx, now, &actor(&of.user, address), of, &secret.hash()).await?;
    tx.commit().await?;
    let (url, secret) = (&app.settings.public_url, secret.reveal());
    let made = NewCalendarAddress {
        address: format!("{url}/calendars/{secret}{ENDING}"),
        created_at: now,
    };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

async fn unshare(
    app: &AppState,
    mut tx: Tx,
    address: ClientAddress,
    of: &Subscription,
) -> ApiResult<StatusCode> {
    op::unshare(&mut tx, app.clock.now(), &actor(&of.user, address), of).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn of_caller(caller: &Acting<People>) -> Subscription {
    Subscription {
        user: caller.user().id.clone(),
        plan: None,
    }
}

fn of_admin(admin: &SystemAdmin) -> Subscription {
    Subscription {
        user: admin.member().user().id.clone(),
        plan: Some(admin.member().plan().clone()),
    }
}

fn actor(user: &UserId, address: ClientAddress) -> Actor {
    Actor {
        user: Some(user.clone()),
        address: address.to_text(),
    }
}

fn here(app: &AppState) -> Here<'_> {
    Here {
        public_url: &app.settings.public_url,
        now: app.clock.now(),
    }
}

/// The document, or that it is what the caller has already (RFC 9110, section 13.1.2).
fn answer(document: &str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(document)));
    let has = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let has_it = has.is_some_and(|has| {
        let mut tags = has
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"));
        tags.any(|one| one == tag || one == "*")
    });
    // Base64 and quotes: a header can hold them.
    let tag = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""));
    let common = [
        (ETAG, tag),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    if has_it {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let media_type = [(CONTENT_TYPE, "text/calendar; charset=utf-8")];
    (common, media_type, document.to_owned()).into_response()
}
