//! `/plans/{plan}/checks`: paste a token, or what is known of it, and read what state it is in.
//!
//! What is pasted is neither kept nor logged: it travels in a body, and of the text of a token only its
//! hash is looked up. Members see their own tokens, System Admins those of the plan. Of refused calls without a
//! known token System Admins of any plan hear the cause: there is nothing to learn from it about any token.

use axum::extract::State;
use tenure_domain::{
    id::TokenId,
    time::Timestamp,
    token_text::{self, TextKind},
    wire::checks::{CheckToken, Checked, CheckedToken, Found, RefusedCall, next_step},
};

use super::tokens::{Around, keep_deaths, view::revoker};
use crate::{
    auth::Member,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    secret,
    state::AppState,
    store::{
        Tx, memberships, oauth_grants, oauth_refresh_tokens as refresh_tokens,
        refusals::{self, Refusal},
        tokens::{self, Token},
        users,
    },
};

operation_problems! {
    CheckProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
}

/// Tokens that are shown when several end alike.
const MOST: i64 = 20;
/// Characters of a token's end by which people know it.
const LAST: usize = 4;

/// Checks a token
///
/// Takes its text, its last four characters, or its id. Of a refresh token it tells the access token of the
/// same pair. The `X-Request-Id` of a call that was refused within the last day leads to what refused it.
#[utoipa::path(
    post, path = "/plans/{plan}/checks", tag = "tokens", operation_id = "check_token",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = CheckToken,
    responses((status = 200, description = "What was found", body = Checked), CheckProblems),
    security(("session" = [])),
)]
pub(crate) async fn check(
    State(app): State<AppState>,
    member: Member,
    Json(asked): Json<CheckToken>,
) -> ApiResult<Json<Checked>> {
    let text = asked.parse().map_err(|error| vec![error])?;
    let now = app.clock.now();
    loop {
        let mut tx = app.store.read().await?;
        let (mut candidates, misread) = find(&mut tx, &member, text).await?;
        candidates.retain(|token| sees(&member, token));
        let mut refused = Vec::new();
        if candidates.is_empty() && !misread && token_text::recognise(text).is_err() {
            drop(tx);
            // What was refused a moment ago may wait to be written.
            app.sightings.flush(&app.store, now).await?;
            tx = app.store.read().await?;
            (refused, candidates) = refusals_of(&mut tx, &member, text).await?;
        }
        let around = Around::load(&mut tx, member.plan()).await?;
        if keep_deaths(&app, &around, &candidates, now).await? {
            continue;
        }
        let found = match (candidates.is_empty(), misread) {
            _ if !refused.is_empty() => Found::Refusal,
            (false, _) => Found::Token,
            (true, true) => Found::Malformed,
            (true, false) => Found::Unknown,
        };
        let mut tokens = Vec::with_capacity(candidates.len());
        for token in candidates {
            tokens.push(checked(&mut tx, &around, &token, now).await?);
        }
        let refusals = refused.into_iter().map(refused_call).collect();
        return Ok(Json(Checked {
            found,
            tokens,
            refusals,
        }));
    }
}

/// The tokens that a text may mean, and whether it looks like a token's text and is none.
async fn find(tx: &mut Tx, member: &Member, text: &str) -> ApiResult<(Vec<Token>, bool)> {
    let hash = secret::hash(text);
    let found = match token_text::recognise(text) {
        Ok(TextKind::Access(_)) => tokens::by_hash(tx, &hash).await?.into_iter().collect(),
        Ok(TextKind::Refresh) => match refresh_tokens::by_hash(tx, &hash).await? {
            Some(refresh) => tokens::get(tx, &refresh.access_token)
                .await?
                .into_iter()
                .collect(),
            None => Vec::new(),
        },
        Err(_) if text.starts_with("tnr_") => return Ok((Vec::new(), true)),
        Err(_) if text.chars().count() == LAST => {
            tokens::by_last_four(tx, member.plan(), text, MOST).await?
        }
        Err(_) => tokens::get(tx, &TokenId(text.to_owned()))
            .await?
            .into_iter()
            .collect(),
    };
    Ok((found, false))
}

/// Whether a member may see this token.
fn sees(member: &Member, token: &Token) -> bool {
    let sees_all = member.membership().role.administers();
    token.plan == *member.plan() && (sees_all || token.owner == member.user().id)
}

/// The refused calls of this id of which the member may hear, and their tokens.
async fn refusals_of(
    tx: &mut Tx,
    member: &Member,
    request: &str,
) -> ApiResult<(Vec<Refusal>, Vec<Token>)> {
    let (mut refused, mut seen) = (Vec::new(), Vec::<Token>::new());
    for refusal in refusals::by_request(tx, request, member.plan(), MOST).await? {
        let Some(id) = &refusal.token else {
            if member.membership().role.administers() {
                refused.push(refusal);
            }
            continue;
        };
        let token = tokens::get(tx, id).await?;
        let Some(token) = token.filter(|token| sees(member, token)) else {
            continue;
        };
        if seen.iter().all(|known| known.id != token.id) {
            seen.push(token);
        }
        refused.push(refusal);
    }
    Ok((refused, seen))
}

fn refused_call(refusal: Refusal) -> RefusedCall {
    RefusedCall {
        at: refusal.at,
        outcome: refusal.outcome,
        scope: Some(refusal.scope).filter(|scope| !scope.is_empty()),
        // Of a call that is nobody's nothing is told but its cause.
        resource: refusal.plan.is_some().then_some(refusal.resource),
        since: refusal.since,
        token: refusal.token,
    }
}

async fn checked(
    tx: &mut Tx,
    around: &Around,
    token: &Token,
    now: Timestamp,
) -> ApiResult<CheckedToken> {
    let owner = users::get(tx, &token.owner).await?;
    let owner = owner.ok_or_else(|| ApiError::internal("a token without an owner"))?;
    let by = revoker(tx, token, &owner.reference()).await?;
    let refreshable = match &token.held {
        Some(held) => oauth_grants::get(tx, &held.grant)
            .await?
            .is_some_and(|grant| grant.ended_at.is_none()),
        None => false,
    };
    let owner_acts = memberships::get(tx, &token.owner, &token.plan)
        .await?
        .is_some();
    let token = around.view(&owner, token, now, by);
    Ok(CheckedToken {
        next: next_step(&token, refreshable, owner_acts),
        token,
    })
}
