//! `/plans/{plan}/tokens`: every token of a plan, for its System Admins: those of people and those that clients
//! hold, dead ones too. What is listed, and in which order, `ops::inventory` works out.

mod export;
mod query;

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use tenure_domain::{
    id::{PlanId, TokenId},
    problem::Kind,
    time::Timestamp,
    token::{Status, TokenKind, status},
    wire::{
        inventory::{NamedToken, RevokeTokens, RevokedTokens},
        page::Page,
        session::UserRef,
        tokens::{ClientRef, Token},
    },
};

use self::query::ListQuery;
use super::{
    audit_events::{Form, FormQuery},
    paging::{self, PageQuery, foreign_cursor},
    tokens::{Around, keep_deaths},
};
use crate::{
    address::ClientAddress,
    auth::{AuditRead, SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{
        Actor,
        inventory::{self as op, Asked, Cursor, revoke as op_revoke},
    },
    state::AppState,
    store::{Tx, tokens, users},
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
    GetProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired NotFound;
    RevokeProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
}

/// Every token of the plan
///
/// Those of people and those that clients hold, dead ones too. A page may have fewer tokens than asked for, or
/// none, and go on: then few of those looked at passed the filter. Tokens whose id or last four characters
/// are the text come first. As CSV (by `Accept` or `format`), the answer is all tokens that pass.
#[utoipa::path(
    get, path = "/plans/{plan}/tokens", tag = "tokens", operation_id = "list_plan_tokens",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("status" = Option<Status>, Query, description = "Only those that stand so"),
        ("kind" = Option<TokenKind>, Query, description = "Only this kind"),
        ("owner" = Option<String>, Query, description = "Only this user's, by their id"),
        ("client" = Option<String>, Query, description = "Only those that this client holds, by its id"),
        ("created_after" = Option<Timestamp>, Query, description = "Only created from this instant on"),
        ("created_before" = Option<Timestamp>, Query, description = "Only created before this instant"),
        ("expires_after" = Option<Timestamp>, Query,
            description = "Only those that expire, or expired, from this instant on"),
        ("expires_before" = Option<Timestamp>, Query,
            description = "Only those that expire, or expired, before this instant"),
        ("last_used_after" = Option<Timestamp>, Query, description = "Only last used from this instant on"),
        ("last_used_before" = Option<Timestamp>, Query, description = "Only last used before this instant"),
        ("text" = Option<String>, Query,
            description = "Only with this in the name, or with this id, or these last four characters"),
        ("sort" = Option<String>, Query,
            description = "`created`, `last_used`, `name` or `expires`, and with `-` before it the last first; \
                           `-created` without it"),
        ("format" = Option<String>, Query, description = "`json` or `csv`; without it, `Accept` says which"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of tokens, or all of them", content(
            (Page<Token> = "application/json"),
            (String = "text/csv"),
        )),
        ListProblems,
    ),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(query): Query<ListQuery>,
    Query(form): Query<FormQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let asked = query.parse();
    if form.form(&headers) == Form::Csv {
        return Ok(export::answer(app, admin, asked));
    }
    let plan = admin.member().plan();
    let (limit, cursor) = (page.limit()?, page.cursor::<Cursor>()?);
    let now = app.clock.now();
    let (items, next) = read(&app, plan, &asked, (cursor.as_ref(), limit), now).await?;
    let next_cursor = next.as_ref().map(paging::encode);
    Ok(Json(Page { items, next_cursor }).into_response())
}

/// A token of the plan
#[utoipa::path(
    get, path = "/plans/{plan}/tokens/{token}", tag = "tokens", operation_id = "get_plan_token",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("token" = String, Path, description = "The token's id"),
    ),
    responses((status = 200, description = "The token", body = Token), GetProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Path((_, id)): Path<(String, TokenId)>,
) -> ApiResult<Json<Token>> {
    let (now, plan) = (app.clock.now(), admin.member().plan());
    loop {
        let mut tx = app.store.read().await?;
        let token = tokens::get(&mut tx, &id).await?;
        let token = token.filter(|token| token.plan == *plan);
        let found = [token.ok_or(Kind::NotFound)?];
        let around = Around::load(&mut tx, plan).await?;
        if keep_deaths(&app, &around, &found, now).await? {
            continue;
        }
        let shown = views(&mut tx, &around, &found, now).await?;
        let token = shown.into_iter().next();
        return token.map(Json).ok_or_else(|| Kind::NotFound.into());
    }
}

/// Revokes tokens of the plan, or says which it would
///
/// At most 200, all in one transaction. They stop working at once, for good; each is in the audit log, and
/// owners hear of what somebody else revoked. Of an OAuth access token, the consent that it came of ends, or
/// its client would fetch the next one. Tokens that have ended stay as they are and are told apart.
#[utoipa::path(
    post, path = "/plans/{plan}/tokens/revoke", tag = "tokens", operation_id = "revoke_plan_tokens",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = RevokeTokens,
    responses(
        (status = 200, description = "What was revoked, or would be", body = RevokedTokens),
        RevokeProblems,
    ),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    address: ClientAddress,
    Json(asked): Json<RevokeTokens>,
) -> ApiResult<Json<RevokedTokens>> {
    let ids = asked.parse().map_err(|error| vec![error])?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let around = Around::load(&mut tx, plan).await?;
    let history = &around.policies.history;
    let sorted = op_revoke::sort(&mut tx, plan, history, now, &ids).await?;
    if !asked.preview {
        let actor = Actor {
            user: Some(admin.member().user().id.clone()),
            address: address.to_text(),
        };
        op_revoke::revoke(&mut tx, now, &actor, &sorted.working).await?;
    }
    let answer = RevokedTokens {
        revoked: named(&mut tx, &around, &sorted.working, now).await?,
        ended: named(&mut tx, &around, &sorted.ended, now).await?,
        unknown: sorted.unknown,
    };
    tx.commit().await?;
    Ok(Json(answer))
}

/// A page of tokens as they stand at `now`, and where the next one begins.
async fn read(
    app: &AppState,
    plan: &PlanId,
    asked: &Asked,
    (cursor, limit): (Option<&Cursor>, usize),
    now: Timestamp,
) -> ApiResult<(Vec<Token>, Option<Cursor>)> {
    loop {
        let mut tx = app.store.read().await?;
        let around = Around::load(&mut tx, plan).await?;
        let judged = (&around.policies.history, now);
        let listed = op::page(&mut tx, plan, asked, judged, cursor, limit).await?;
        let listed = listed.ok_or_else(foreign_cursor)?;
        // Listed again: the policy may be another one by now, under which those tokens still live.
        if keep_deaths(app, &around, &listed.tokens, now).await? {
            continue;
        }
        let shown = views(&mut tx, &around, &listed.tokens, now).await?;
        return Ok((shown, listed.next));
    }
}

/// Tokens as the API shows them.
async fn views(
    tx: &mut Tx,
    around: &Around,
    found: &[tokens::Token],
    now: Timestamp,
) -> ApiResult<Vec<Token>> {
    let people = People::of(tx, found).await?;
    let view = |token: &tokens::Token| {
        let by = token.facts.revoked.as_ref().and_then(|it| it.by.as_ref());
        let by = by.and_then(|by| people.find(by)).cloned();
        let owner = people.owner(token)?;
        Ok(around.of(owner, now).view(token, by))
    };
    found.iter().map(view).collect()
}

async fn named(
    tx: &mut Tx,
    around: &Around,
    found: &[tokens::Token],
    now: Timestamp,
) -> ApiResult<Vec<NamedToken>> {
    let people = People::of(tx, found).await?;
    let named = |token: &tokens::Token| {
        Ok(NamedToken {
            id: token.id.clone(),
            name: token.name.clone(),
            last_four: token.last_four.clone(),
            owner: people.owner(token)?.clone(),
            client: token.held.as_ref().map(|held| ClientRef {
                id: held.client.clone(),
                name: token.name.clone(),
            }),
            status: status(&token.facts, &around.policies.history, now),
        })
    };
    found.iter().map(named).collect()
}

/// The owners of tokens, and who revoked them.
struct People(Vec<UserRef>);

impl People {
    async fn of(tx: &mut Tx, tokens: &[tokens::Token]) -> ApiResult<Self> {
        let owners = tokens.iter().map(|token| &token.owner);
        let revoked = tokens.iter().filter_map(|it| it.facts.revoked.as_ref());
        let mut ids: Vec<_> = owners
            .chain(revoked.filter_map(|it| it.by.as_ref()))
            .cloned()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(users::references(tx, &ids).await?))
    }

    fn find(&self, id: &tenure_domain::id::UserId) -> Option<&UserRef> {
        self.0.iter().find(|user| user.id == *id)
    }

    fn owner(&self, token: &tokens::Token) -> ApiResult<&UserRef> {
        let owner = self.find(&token.owner);
        owner.ok_or_else(|| ApiError::internal("a token without an owner"))
    }
}
