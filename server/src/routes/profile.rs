//! `/me/profile`: the language and the time zone of one's mails.

use axum::extract::State;
use tenure_domain::locale::{Locale, zone_unknown};

use crate::{
    address::ClientAddress,
    auth::SignedIn,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::{Actor, people},
    state::AppState,
    zone::Zone,
};

operation_problems! {
    PutProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope OriginRefused BodyTooLarge UnsupportedMediaType ValidationFailed;
}

/// Chooses the language and the time zone of one's mails
#[utoipa::path(
    put, path = "/me/profile", tag = "session", operation_id = "put_profile",
    request_body = Locale,
    responses((status = 200, description = "What is kept", body = Locale), PutProblems),
    security(("session" = [])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
    Json(asked): Json<Locale>,
) -> ApiResult<Json<Locale>> {
    if Zone::named(&asked.time_zone).is_none() {
        return Err(ApiError::invalid(vec![zone_unknown("/time_zone")]));
    }
    let user = &person.user().id;
    let mut tx = app.store.write().await?;
    let actor = Actor {
        user: Some(user.clone()),
        address: address.to_text(),
    };
    people::set_locale(&mut tx, app.clock.now(), &actor, user, &asked).await?;
    tx.commit().await?;
    Ok(Json(asked))
}
