//! `/me/tokens`: a user's own tokens. What a token may and when it ends is not decided here.

mod list;
mod rotate;
pub(crate) mod view;

pub(crate) use rotate::{__path_rotate, rotate};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tenure_domain::{
    id::{PlanId, TokenId},
    problem::Kind,
    time::Timestamp,
    token::{End, Expiry, Verdict, effective_expiry, verdict},
    wire::{
        page::Page,
        session::{PlanRef, UserRef},
        tokens::{GeneratedToken, NewToken, Section, Token},
    },
};

use self::{
    list::Asked,
    view::{Surroundings, revoker},
};
use super::{paging::PageQuery, scopes};
use crate::{
    address::ClientAddress,
    auth::{Access, Acting, TokensRead, TokensWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{
        Actor,
        observe::{is_kept, observe},
        tokens as op,
    },
    secret::Secret,
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
/// Those that one generated oneself, of every plan that one is in (a program: of its own plan): those that work, soonest expiry first, then those that have ended,
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
    security(("session" = []), ("token" = ["tokens:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Acting<TokensRead>,
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
        let listed = list::list(&mut tx, &caller, &asked, now).await?;
        drop(tx);
        if listed.to_observe.is_empty() && listed.to_settle.is_empty() {
            return Ok(Json(listed.page));
        }
        for plan in listed.to_observe {
            observe(&app.store, &plan, now).await?;
        }
        let mut tx = app.store.write().await?;
        for (token, retired) in &listed.to_settle {
            op::settle(&mut tx, token, retired).await?;
        }
        tx.commit().await?;
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
    security(("session" = []), ("token" = ["tokens:write"])),
)]
pub(crate) async fn create(
    State(app): State<AppState>,
    caller: Acting<TokensWrite>,
    address: ClientAddress,
    Json(asked): Json<NewToken>,
) -> ApiResult<Response> {
    let (name, scope) = asked.parse()?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = caller.user();
    let membership = memberships::get(&mut tx, &user.id, &asked.plan).await?;
    let membership = membership.filter(|membership| caller.reaches(&membership.id));
    let membership = membership.ok_or(Kind::RoleRequired)?;
    if !caller.may_give(&scope) {
        return Err(ApiError::new(Kind::InsufficientScope)
            .detail("a token can give another one no scope that it lacks itself"));
    }
    scopes::ensure_offered(&mut tx, &membership.id, &scope, "/scopes").await?;
    let whose = (&membership.id, &user.id);
    let (actor, what) = (actor(user, address), (name.as_str(), &scope));
    let (token, secret) = op::generate(&mut tx, &app.random, now, &actor, whose, what).await?;
    let around = Around::load(&mut tx, &membership.id).await?;
    tx.commit().await?;
    created(around.view(user, &token, now, None), secret)
}

/// The answer that holds a new token's secret, the only one that ever will.
fn created(token: Token, secret: Secret) -> ApiResult<Response> {
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
    security(("session" = []), ("token" = ["tokens:write"])),
)]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    caller: Acting<TokensWrite>,
    address: ClientAddress,
    Path(id): Path<TokenId>,
) -> ApiResult<Json<Token>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = caller.user();
    let token = own(&mut tx, &caller, &id).await?;
    let around = Around::load(&mut tx, &token.plan).await?;
    if let Verdict::Dead(end) = verdict(&token.facts, &around.policies.history, now) {
        keep_death(&mut tx, &around, &token, &end, now).await?;
        tx.commit().await?;
        let by = revoker(&mut app.store.peek().await?, &token, &user.reference()).await?;
        return Ok(Json(around.view(user, &token, now, by)));
    }
    let token = op::revoke_by_owner(&mut tx, now, &actor(user, address), token).await?;
    tx.commit().await?;
    Ok(Json(around.view(user, &token, now, Some(user.reference()))))
}

/// A user access token of the caller, within their reach. What clients hold is ended elsewhere.
async fn own<A: Access>(tx: &mut Tx, caller: &Acting<A>, id: &TokenId) -> ApiResult<tokens::Token> {
    let token = tokens::get_of_owner(tx, &caller.user().id, id).await?;
    token
        .filter(|token| caller.reaches(&token.plan) && token.held.is_none())
        .ok_or_else(|| Kind::NotFound.into())
}

/// Makes a death last before anybody hears of it (R7).
async fn keep_death(
    tx: &mut Tx,
    around: &Around,
    token: &tokens::Token,
    end: &End,
    now: Timestamp,
) -> ApiResult<()> {
    match end {
        End::Revoked(retired) => op::settle(tx, &token.id, retired).await?,
        _ => {
            let lasting = around.policies.history.clone().observed_at(now);
            policies::observe(tx, &token.plan, &lasting, now).await?;
        }
    }
    Ok(())
}

/// Makes those deaths of a plan's tokens last that are not kept yet, before anybody hears of them (R7).
/// Says whether there were any: then the tokens are to be read again.
pub(super) async fn keep_deaths(
    app: &AppState,
    around: &Around,
    found: &[tokens::Token],
    now: Timestamp,
) -> ApiResult<bool> {
    let policies = &around.policies;
    let unkept = |token: &tokens::Token| match verdict(&token.facts, &policies.history, now) {
        Verdict::Dead(end @ End::Revoked(_)) => token.facts.revoked.is_none().then_some(end),
        Verdict::Dead(end) => (!is_kept(policies, &token.facts)).then_some(end),
        Verdict::Works(_) | Verdict::NotYet => None,
    };
    let deaths: Vec<_> = found
        .iter()
        .filter_map(|token| Some((token, unkept(token)?)))
        .collect();
    if deaths.is_empty() {
        return Ok(false);
    }
    let mut tx = app.store.write().await?;
    // Read again under the writer's lock: the version in force may be another one by now.
    let around = Around::load(&mut tx, &around.plan.id).await?;
    for (token, end) in &deaths {
        keep_death(&mut tx, &around, token, end, now).await?;
    }
    tx.commit().await?;
    Ok(true)
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
    pub(super) policies: policies::PlanPolicies,
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

    /// When the token ends by itself.
    fn expiry(&self, token: &tokens::Token, now: Timestamp) -> Expiry {
        effective_expiry(&token.facts, &self.policies.history, now)
    }

    /// The token as the API shows it; `by` is whoever revoked it.
    pub(super) fn view(
        &self,
        owner: &User,
        token: &tokens::Token,
        now: Timestamp,
        by: Option<UserRef>,
    ) -> Token {
        self.of(&owner.reference(), now).view(token, by)
    }

    /// What surrounds the tokens of an owner.
    pub(super) fn of<'a>(&'a self, owner: &'a UserRef, now: Timestamp) -> Surroundings<'a> {
        Surroundings {
            plan: &self.plan,
            owner,
            policies: &self.policies,
            now,
        }
    }
}
