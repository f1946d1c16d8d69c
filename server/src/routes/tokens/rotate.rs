//! `/me/tokens/{token}/rotate`: a new secret now, while the old one works for a chosen overlap.

use axum::{extract::State, response::Response};
use tenure_domain::{
    id::TokenId,
    problem::Kind,
    rotation,
    token::{Verdict, verdict},
    wire::tokens::{GeneratedToken, RotateToken},
};

use super::{Around, actor, created, keep_death, own};
use crate::{
    address::ClientAddress,
    auth::{Acting, TokensWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    openapi::operation_problems,
    ops::tokens as op,
    state::AppState,
};

operation_problems! {
    RotateProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused NotFound Conflict BodyTooLarge
        UnsupportedMediaType ValidationFailed;
}

/// Rotates a token
///
/// A new token of the same name and scopes takes its place, and lives from now on. The old one works for
/// the overlap, at most 24 hours and never beyond its own expiry. One that has ended, or is being rotated
/// already, cannot be rotated: generate a new one.
#[utoipa::path(
    post, path = "/me/tokens/{token}/rotate", tag = "tokens", operation_id = "rotate_token",
    params(("token" = String, Path, description = "The token's id")),
    request_body = RotateToken,
    responses(
        (status = 201, description = "The new token and, this once, its secret", body = GeneratedToken,
            headers(("Location" = String, description = "The new token's path"))),
        RotateProblems,
    ),
    security(("session" = []), ("token" = ["tokens:write"])),
)]
pub(crate) async fn rotate(
    State(app): State<AppState>,
    caller: Acting<TokensWrite>,
    address: ClientAddress,
    Path(id): Path<TokenId>,
    Json(asked): Json<RotateToken>,
) -> ApiResult<Response> {
    let overlap = asked.parse().map_err(|error| vec![error])?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = caller.user();
    let old = own(&mut tx, &caller, &id).await?;
    if !caller.may_give(&old.scope) {
        return Err(ApiError::new(Kind::InsufficientScope)
            .detail("a token can give another one no scope that it lacks itself"));
    }
    let around = Around::load(&mut tx, &old.plan).await?;
    let expiry = match verdict(&old.facts, &around.policies.history, now) {
        Verdict::Works(expiry) => expiry,
        Verdict::Dead(end) => {
            keep_death(&mut tx, &around, &old, &end, now).await?;
            tx.commit().await?;
            return Err(over("this token has ended; generate a new one"));
        }
        Verdict::NotYet => around.expiry(&old, now),
    };
    let retires_at = rotation::retires_at(now, overlap, expiry)
        .map_err(|error| ApiError::invalid(vec![error.at("/overlap")]))?;
    let actor = actor(user, address);
    let rotated = op::rotate(&mut tx, &app.random, now, &actor, &old, retires_at).await?;
    let Some((token, secret)) = rotated else {
        return Err(over(
            "this token is being rotated already; generate a new one",
        ));
    };
    tx.commit().await?;
    created(around.view(user, &token, now, None), secret)
}

fn over(detail: &str) -> ApiError {
    ApiError::new(Kind::Conflict).detail(detail)
}
