//! The people of a plan, a page at a time, all or those that are looked for.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::UserId,
    plan::Role,
    wire::{page::Page, users::PlanUser},
};

use super::{ReadProblems, view::Around};
use crate::{
    auth::{SystemAdmin, UsersWrite},
    error::ApiResult,
    extract::{Json, Query},
    routes::{
        paging::{self, PageQuery},
        people::{Filling, PeopleQuery},
    },
    state::AppState,
    store::memberships::{self, PlanMember},
};

#[derive(Deserialize, Serialize)]
struct After {
    id: UserId,
}

/// Whether somebody can act in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// They can.
    Active,
    /// They are deactivated.
    Deactivated,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StandingQuery {
    state: Option<Standing>,
}

impl StandingQuery {
    fn admits(&self, member: &PlanMember) -> bool {
        let standing = match member.deactivated {
            None => Standing::Active,
            Some(_) => Standing::Deactivated,
        };
        self.state.is_none_or(|state| state == standing)
    }
}

/// The people of the plan
///
/// Those who are invited and have not answered are in a list of their own. Where only some are looked for, a
/// page looks at no more than 2 000 people: it may be short, or empty, and yet have a `next_cursor`.
#[utoipa::path(
    get, path = "/plans/{plan}/users", tag = "users", operation_id = "list_users",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("text" = Option<String>, Query, max_length = 100,
            description = "Those whose name or email contains it, in whatever case"),
        ("role" = Option<Role>, Query, description = "Those of this role alone"),
        ("state" = Option<Standing>, Query, description = "Those who are, or are not, deactivated"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of users", body = Page<PlanUser>), ReadProblems),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    Query(page): Query<PageQuery>,
    Query(people): Query<PeopleQuery>,
    Query(standing): Query<StandingQuery>,
) -> ApiResult<Json<Page<PlanUser>>> {
    let people = people.normal()?;
    let (limit, after) = (page.limit()?, page.cursor::<After>()?);
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let plan = admin.member().plan();
    let around = Around::load(&mut tx, plan, now).await?;
    let is_narrowed = !people.is_nothing() || standing.state.is_some();
    let mut page = Filling::behind(after.map(|after| after.id), limit, is_narrowed);
    let passes = |member: &PlanMember| {
        people.admits(&member.user.name, &member.email, member.role) && standing.admits(member)
    };
    let more = loop {
        let after = page.last.as_ref().map_or("", UserId::as_str);
        let stride = i64::try_from(page.stride()).unwrap_or(i64::MAX);
        let found = memberships::members_page(&mut tx, plan, after, stride).await?;
        if let Some(more) = page.take(found, |member| &member.user.id, passes) {
            break more;
        }
    };
    let mut items = Vec::with_capacity(page.items.len());
    for member in page.items {
        items.push(around.view(&mut tx, member).await?);
    }
    let last = page.last.filter(|_| more);
    let next_cursor = last.map(|id| paging::encode(&After { id }));
    Ok(Json(Page { items, next_cursor }))
}
