//! Tokens that were seen, as the API shows tokens.

use tenure_domain::{id::PlanId, time::Timestamp, wire::auth_health::SeenToken};

use super::super::tokens::{Around, keep_deaths, view::revoker};
use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
    store::{token_callers::Behind, tokens, users},
};

/// The tokens as they stand, in the order in which they come.
pub(super) async fn tokens(
    app: &AppState,
    plan: &PlanId,
    seen: Vec<Behind>,
    now: Timestamp,
) -> ApiResult<Vec<SeenToken>> {
    loop {
        let mut tx = app.store.read().await?;
        let around = Around::load(&mut tx, plan).await?;
        let mut found = Vec::with_capacity(seen.len());
        for Behind { token, .. } in &seen {
            let token = tokens::get(&mut tx, token).await?;
            found.push(token.ok_or_else(|| ApiError::internal("a token that was seen is gone"))?);
        }
        if keep_deaths(app, &around, &found, now).await? {
            continue;
        }
        let mut shown = Vec::with_capacity(found.len());
        for (token, seen) in found.into_iter().zip(&seen) {
            let owner = users::get(&mut tx, &token.owner).await?;
            let owner = owner.ok_or_else(|| ApiError::internal("a token without an owner"))?;
            let by = revoker(&mut tx, &token, &owner.reference()).await?;
            shown.push(SeenToken {
                token: around.view(&owner, &token, now, by),
                calls: seen.calls,
                first_at: seen.first_at,
                last_at: seen.last_at,
            });
        }
        return Ok(shown);
    }
}
