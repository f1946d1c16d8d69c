//! The people of a plan, a page at a time, all or those that are looked for.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tenure_domain::{
    plan::Role,
    problem::Kind,
    wire::{page::Page, users::PlanUser},
};

use super::{ReadProblems, view::Around};
use crate::{
    auth::{SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Query},
    routes::paging::{self, PageQuery},
    state::AppState,
    store::memberships::{self, PlanMember},
};

/// The most characters of a text that is looked for.
const MAX_TEXT: usize = 100;
/// People that are read from the store at a time where only some are looked for.
const STRIDE: usize = 500;
/// The most people that one page looks at; a page may so be short, or empty, and yet have a next one.
const LOOKED_AT: usize = 2_000;

#[derive(Deserialize, Serialize)]
struct After {
    id: String,
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

/// What a list is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Narrowed {
    text: Option<String>,
    role: Option<Role>,
    state: Option<Standing>,
}

impl Narrowed {
    /// The text as it is compared.
    fn normal(self) -> ApiResult<Self> {
        let text = self.text.unwrap_or_default().trim().to_lowercase();
        if text.chars().count() > MAX_TEXT {
            return Err(ApiError::new(Kind::InvalidRequest)
                .detail(format!("text must have at most {MAX_TEXT} characters")));
        }
        Ok(Self {
            text: Some(text).filter(|text| !text.is_empty()),
            ..self
        })
    }

    const fn is_nothing(&self) -> bool {
        matches!((&self.text, self.role, self.state), (None, None, None))
    }

    fn admits(&self, member: &PlanMember) -> bool {
        let has = |text: &String| {
            member.user.name.to_lowercase().contains(text) || member.email.contains(text)
        };
        let standing = match member.deactivated {
            None => Standing::Active,
            Some(_) => Standing::Deactivated,
        };
        self.text.as_ref().is_none_or(has)
            && self.role.is_none_or(|role| role == member.role)
            && self.state.is_none_or(|state| state == standing)
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
    Query(narrowed): Query<Narrowed>,
) -> ApiResult<Json<Page<PlanUser>>> {
    let narrowed = narrowed.normal()?;
    let (limit, after) = (page.limit()?, page.cursor::<After>()?);
    let mut after = after.map(|after| after.id).unwrap_or_default();
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let plan = admin.member().plan();
    let around = Around::load(&mut tx, plan, now).await?;
    let stride = match narrowed.is_nothing() {
        true => limit.saturating_add(1),
        false => STRIDE,
    };
    let mut items = Vec::with_capacity(limit);
    let mut looked_at = 0;
    let more = 'looking: loop {
        let fetched = i64::try_from(stride).unwrap_or(i64::MAX);
        let found = memberships::members_page(&mut tx, plan, &after, fetched).await?;
        let is_last = found.len() < stride;
        for member in found {
            if items.len() == limit || looked_at == LOOKED_AT {
                break 'looking true;
            }
            looked_at += 1;
            after.clone_from(&member.user.id.0);
            if narrowed.admits(&member) {
                items.push(around.view(&mut tx, member).await?);
            }
        }
        if is_last {
            break false;
        }
    };
    let next_cursor = more.then(|| paging::encode(&After { id: after }));
    Ok(Json(Page { items, next_cursor }))
}
