//! `/plans/{plan}/invitations`: asking people into a plan by mail. What whoever got the mail does with it is in
//! [`answer`].

mod answer;

pub(crate) use self::answer::{__path_accept, __path_look_up, accept, look_up};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tenure_domain::{
    account::parse_email,
    id::{InvitationId, PlanId},
    plan::Role,
    problem::{FieldError, Kind},
    wire::{
        invitations::{Invitation, NewInvitation},
        page::Page,
        tokens::parse_name,
    },
};

use super::{
    paging::{self, PageQuery},
    people::{Filling, PeopleQuery},
};
use crate::{
    address::ClientAddress,
    auth::{SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{
        Actor,
        invitations::{self as op, Invited},
    },
    state::AppState,
    store::{
        Tx,
        invitations::{self, Invitation as Kept},
        memberships,
        users::{self, normal_email},
    },
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
    InviteProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused Conflict BodyTooLarge UnsupportedMediaType ValidationFailed;
    ChangeProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound Conflict;
}

#[derive(Deserialize, Serialize)]
struct Below {
    id: InvitationId,
}

/// The invitations that nobody has answered, newest first
///
/// Expired ones are among them until they are withdrawn: they can be sent again. Where only some are looked for, a
/// page looks at no more than 2 000 of them: it may be short, or empty, and yet have a `next_cursor`.
#[utoipa::path(
    get, path = "/plans/{plan}/invitations", tag = "users", operation_id = "list_invitations",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("text" = Option<String>, Query, max_length = 100,
            description = "Those whose name or email contains it, in whatever case"),
        ("role" = Option<Role>, Query, description = "Those who will be this alone"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of invitations", body = Page<Invitation>),
        ListProblems,
    ),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    Query(page): Query<PageQuery>,
    Query(people): Query<PeopleQuery>,
) -> ApiResult<Json<Page<Invitation>>> {
    let people = people.normal()?;
    let (limit, below) = (page.limit()?, page.cursor::<Below>()?);
    let mut tx = app.store.read().await?;
    let plan = admin.member().plan();
    let mut page = Filling::behind(below.map(|below| below.id), limit, !people.is_nothing());
    let passes = |invited: &Kept| {
        let name = invited.name.as_deref().unwrap_or_default();
        people.admits(name, &invited.email, invited.role)
    };
    let more = loop {
        let stride = i64::try_from(page.stride()).unwrap_or(i64::MAX);
        let found = invitations::pending(&mut tx, plan, page.last.as_ref(), stride).await?;
        if let Some(more) = page.take(found, |invited| &invited.id, passes) {
            break more;
        }
    };
    let last = page.last.filter(|_| more);
    let next_cursor = last.map(|id| paging::encode(&Below { id }));
    let items: Result<Vec<_>, _> = page.items.into_iter().map(Kept::view).collect();
    Ok(Json(Page {
        items: items?,
        next_cursor,
    }))
}

/// Invites somebody into the plan
///
/// They get a mail with a link that works once and for seven days. By it they make an account, or sign in with the
/// one that they have under this address, and are in the plan. No token may do this: whoever makes System Admins has
/// signed in.
#[utoipa::path(
    post, path = "/plans/{plan}/invitations", tag = "users", operation_id = "invite",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = NewInvitation,
    responses(
        (status = 201, description = "Invited; the mail is queued", body = Invitation),
        InviteProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn invite(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Json(asked): Json<NewInvitation>,
) -> ApiResult<Response> {
    let asked = parse(&asked)?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    is_new(&mut tx, plan, &asked.email).await?;
    let invited = Invited {
        email: &asked.email,
        name: asked.name.as_deref(),
        role: asked.role,
    };
    let actor = actor(&admin, address);
    let by = (&actor, &admin.member().user().id);
    let made = op::invite(&mut tx, &app.random, now, by, plan, invited).await?;
    let made = made.view()?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Sends an invitation again
///
/// In a new mail with a new link, good for seven days; the links that were sent before open nothing any more.
#[utoipa::path(
    post, path = "/plans/{plan}/invitations/{invitation}/send-again", tag = "users",
    operation_id = "send_invitation_again",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("invitation" = String, Path, description = "The invitation's id"),
    ),
    responses(
        (status = 200, description = "The invitation; the mail is queued", body = Invitation),
        ChangeProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn send_again(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, InvitationId)>,
) -> ApiResult<Json<Invitation>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    of_plan(&mut tx, admin.member().plan(), &id).await?;
    let actor = actor(&admin, address);
    let by = (&actor, &admin.member().user().id);
    let sent = op::send_again(&mut tx, now, by, &id).await?;
    let sent = sent.ok_or_else(answered)?.view()?;
    tx.commit().await?;
    Ok(Json(sent))
}

/// Withdraws an invitation
///
/// Its links open nothing any more.
#[utoipa::path(
    delete, path = "/plans/{plan}/invitations/{invitation}", tag = "users",
    operation_id = "withdraw_invitation",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("invitation" = String, Path, description = "The invitation's id"),
    ),
    responses((status = 204, description = "Withdrawn"), ChangeProblems),
    security(("session" = [])),
)]
pub(crate) async fn withdraw(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, InvitationId)>,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    of_plan(&mut tx, admin.member().plan(), &id).await?;
    if !op::withdraw(&mut tx, now, &actor(&admin, address), &id).await? {
        return Err(answered());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The request with its values trimmed, or every one that is not valid.
fn parse(asked: &NewInvitation) -> Result<NewInvitation, Vec<FieldError>> {
    let email = parse_email(&asked.email).map_err(|error| error.at("/email"));
    let name = asked.name.as_deref().map(parse_name).transpose();
    let name = name.map_err(|error| error.at("/name"));
    match (email, name) {
        (Ok(email), Ok(name)) => Ok(NewInvitation {
            email: normal_email(&email),
            name,
            role: asked.role,
        }),
        (email, name) => Err([email.err(), name.err()].into_iter().flatten().collect()),
    }
}

/// Whether this address has neither a place in the plan nor an invitation into it.
async fn is_new(tx: &mut Tx, plan: &PlanId, email: &str) -> ApiResult<()> {
    if let Some(user) = users::by_email(tx, email).await? {
        match memberships::member(tx, plan, &user.id).await? {
            Some(member) if member.deactivated.is_some() => {
                return Err(taken(
                    "deactivated",
                    "they are in the plan and deactivated; reactivate them",
                ));
            }
            Some(_) => return Err(taken("member", "they are in the plan already")),
            None => {}
        }
    }
    match invitations::pending_of(tx, plan, email).await? {
        Some(_) => Err(taken(
            "invited",
            "they are invited already; send the invitation again, or withdraw it first",
        )),
        None => Ok(()),
    }
}

fn taken(code: &str, detail: &str) -> ApiError {
    ApiError::new(Kind::Conflict)
        .detail(detail)
        .errors(vec![FieldError {
            pointer: "/email".to_owned(),
            code: code.to_owned(),
            detail: detail.to_owned(),
        }])
}

fn answered() -> ApiError {
    ApiError::new(Kind::Conflict).detail("this invitation was accepted or withdrawn")
}

/// The invitation, if it is one into this plan.
async fn of_plan(tx: &mut Tx, plan: &PlanId, id: &InvitationId) -> ApiResult<Kept> {
    let found = invitations::get(tx, id).await?;
    found
        .filter(|found| found.plan == *plan)
        .ok_or_else(|| Kind::NotFound.into())
}

fn actor(admin: &SystemAdmin, address: ClientAddress) -> Actor {
    Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    }
}
