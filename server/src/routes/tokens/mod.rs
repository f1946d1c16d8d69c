//! `/me/tokens`: a user's own tokens. What a token may and when it ends is not decided here.

mod list;
mod view;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tenure_domain::{
    id::{PlanId, TokenId},
    problem::Kind,
    token::{End, Verdict, verdict},
    wire::{
        page::Page,
        session::PlanRef,
        tokens::{GeneratedToken, NewToken, Section, Token},
    },
};

use self::{list::Asked, view::Surroundings};
use super::paging::PageQuery;
use crate::{
    address::ClientAddress,
    auth::SignedIn,
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{Actor, observe::observe, tokens as op},
    state::AppState,
    store::{Tx, memberships, plans, policies, tokens, users::User},
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope;
    CreateProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
    RevokeProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope OriginRefused NotFound;
}

#[derive(Debug, Deserialize)]
pub(crate) struct SectionQuery {
    section: Option<Section>,
}

/// One's own tokens
///
/// Of every plan that one is in: those that work, soonest expiry first, then those that have ended,
/// youngest first. `section` asks for one of the two alone.
#[utoipa::path(
    get, path = "/me/tokens", tag = "tokens", operation_id = "list_my_tokens",
    params(
        ("section" = Option<Section>, Query, description = "Only those that work, or have ended"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of tokens", body = Page<Token>), ListProblems),
    security(("session" = [])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    person: SignedIn,
    Query(SectionQuery { section }): Query<SectionQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Token>>> {
    let now = app.clock.now();
    let asked = Asked {
        section,
        cursor: page.cursor()?,
        limit: page.limit()?,
    };
    loop {
        let mut tx = app.store.read().await?;
        let listed = list::list(&mut tx, person.user(), &asked, now).await?;
        drop(tx);
        if listed.to_observe.is_empty() {
            return Ok(Json(listed.page));
        }
        for plan in listed.to_observe {
            observe(&app.store, &plan, now).await?;
        }
        // Listed again: the policy may be another one by now, under which those tokens still live.
    }
}

/// Generates a token
///
/// The answer holds its secret: it is the only one that ever will.
#[utoipa::path(
    post, path = "/me/tokens", tag = "tokens", operation_id = "generate_token",
    request_body = NewToken,
    responses(
        (status = 201, description = "The token and, this once, its secret", body = GeneratedToken,
            headers(("Location" = String, description = "The token's path"))),
        CreateProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
    Json(asked): Json<NewToken>,
) -> ApiResult<Response> {
    let name = asked.parse()?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = person.user();
    let membership = memberships::get(&mut tx, &user.id, &asked.plan).await?;
    let membership = membership.ok_or(Kind::RoleRequired)?;
    let whose = (&membership.id, &user.id);
    let actor = actor(user, address);
    let (token, secret) = op::generate(&mut tx, &app.random, now, &actor, whose, &name).await?;
    let around = Around::load(&mut tx, &membership.id).await?;
    tx.commit().await?;
    let token = around.view(user, &token, now);
    let location = HeaderValue::try_from(format!("/api/v1/me/tokens/{}", token.id))
        .map_err(|error| ApiError::internal(error.to_string()))?;
    let secret = secret.reveal();
    let body = Json(GeneratedToken { token, secret });
    Ok((StatusCode::CREATED, [(LOCATION, location)], body).into_response())
}

/// Revokes a token
///
/// It stops working at once, for good. A token that has ended already stays as it is, and the answer
/// is the same.
#[utoipa::path(
    delete, path = "/me/tokens/{token}", tag = "tokens", operation_id = "revoke_token",
    params(("token" = String, Path, description = "The token's id")),
    responses((status = 200, description = "The token as it ended", body = Token), RevokeProblems),
    security(("session" = [])),
)]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
    Path(id): Path<TokenId>,
) -> ApiResult<Json<Token>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = person.user();
    let token = tokens::get_of_owner(&mut tx, &user.id, &id).await?;
    let token = token.ok_or(Kind::NotFound)?;
    let around = Around::load(&mut tx, &token.plan).await?;
    let history = &around.policies.history;
    if let Verdict::Dead(end) = verdict(&token.facts, history, now) {
        if matches!(end, End::ExpiredByPeriod { .. }) {
            let lasting = history.current().observed_at(now);
            policies::observe(&mut tx, &token.plan, &lasting).await?;
            tx.commit().await?;
        }
        return Ok(Json(around.view(user, &token, now)));
    }
    let token = op::revoke_by_owner(&mut tx, now, &actor(user, address), token).await?;
    tx.commit().await?;
    Ok(Json(around.view(user, &token, now)))
}

fn actor(user: &User, address: ClientAddress) -> Actor {
    Actor {
        user: Some(user.id.clone()),
        address: address.to_text(),
    }
}

/// A token's plan and its policies, as they are needed to show the token.
pub(super) struct Around {
    plan: PlanRef,
    policies: policies::PlanPolicies,
}

impl Around {
    /// Loads them.
    pub(super) async fn load(tx: &mut Tx, plan: &PlanId) -> ApiResult<Self> {
        let found = plans::get(tx, plan).await?;
        let policies = policies::history(tx, plan).await?;
        match (found, policies) {
            (Some(plan), Some(policies)) => Ok(Self {
                plan: PlanRef {
                    id: plan.id,
                    name: plan.name,
                },
                policies,
            }),
            _ => Err(ApiError::internal("a token without a plan")),
        }
    }

    /// The token as the API shows it.
    pub(super) fn view(
        &self,
        owner: &User,
        token: &tokens::Token,
        now: tenure_domain::time::Timestamp,
    ) -> Token {
        let around = Surroundings {
            plan: &self.plan,
            owner: &owner.reference(),
            policies: &self.policies,
            now,
        };
        around.view(token)
    }
}
