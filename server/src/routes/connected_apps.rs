//! `/me/connected-apps`: the clients that may act in one's name, and ending that.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode};
use tenure_domain::{
    id::ClientId,
    problem::Kind,
    time::Timestamp,
    token::{RevocationReason, Verdict, verdict},
    wire::{
        connected_apps::{ConnectedApp, ConnectedApps},
        session::PlanRef,
        tokens::ClientRef,
    },
};

use crate::{
    address::ClientAddress,
    auth::SignedIn,
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    openapi::operation_problems,
    ops::{Actor, grants},
    state::AppState,
    store::{
        Tx, oauth_clients,
        oauth_grants::{self, Ending, Grant},
        oauth_refresh_tokens as refresh_tokens, plans, policies, tokens,
    },
};

operation_problems! {
    ListProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope;
    DisconnectProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope OriginRefused NotFound;
}

/// The apps that may act in one's name, by name
///
/// An app that one allowed and that has fetched no tokens yet is not among them.
#[utoipa::path(
    get, path = "/me/connected-apps", tag = "tokens", operation_id = "list_connected_apps",
    responses((status = 200, description = "Every app", body = ConnectedApps), ListProblems),
    security(("session" = [])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    person: SignedIn,
) -> ApiResult<Json<ConnectedApps>> {
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let mut apps: BTreeMap<ClientId, ConnectedApp> = BTreeMap::new();
    for grant in oauth_grants::live_of_user(&mut tx, &person.user().id).await? {
        let Some(found) = of_grant(&mut tx, &grant, now).await? else {
            continue;
        };
        match apps.get_mut(&grant.client) {
            // Allowed more than once, on two machines for instance: it is one app all the same.
            Some(app) => join(app, &found),
            None => drop(apps.insert(grant.client, found)),
        }
    }
    let mut items: Vec<ConnectedApp> = apps.into_values().collect();
    items.sort_by(|left, right| left.client.name.cmp(&right.client.name));
    Ok(Json(ConnectedApps { items }))
}

/// Disconnects an app
///
/// Everything that it holds in one's name ends at once.
#[utoipa::path(
    delete, path = "/me/connected-apps/{client}", tag = "tokens", operation_id = "disconnect_app",
    params(("client" = String, Path, description = "The client's id")),
    responses((status = 204, description = "Disconnected"), DisconnectProblems),
    security(("session" = [])),
)]
pub(crate) async fn disconnect(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
    Path(client): Path<ClientId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = &person.user().id;
    let actor = Actor {
        user: Some(user.clone()),
        address: address.to_text(),
    };
    let mut held = oauth_grants::live_of_user(&mut tx, user).await?;
    held.retain(|grant| grant.client == client);
    if held.is_empty() {
        return Err(Kind::NotFound.into());
    }
    for grant in &held {
        let ending = Ending::Revoked(RevocationReason::Owner);
        grants::end(&mut tx, now, &actor, grant, ending).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The app of one grant; `None` while it has fetched no tokens.
async fn of_grant(tx: &mut Tx, grant: &Grant, now: Timestamp) -> ApiResult<Option<ConnectedApp>> {
    let Some(live) = refresh_tokens::live_of_grant(tx, &grant.id).await? else {
        return Ok(None);
    };
    let token = tokens::get(tx, &live.access_token).await?;
    let token = token.ok_or_else(|| ApiError::internal("a pair without an access token"))?;
    let policies = policies::history(tx, &grant.plan).await?;
    let plan = plans::get(tx, &grant.plan).await?;
    let (Some(policies), Some(plan)) = (policies, plan) else {
        return Err(ApiError::internal("a grant without a plan"));
    };
    let name = oauth_clients::name(tx, &grant.client).await?;
    let expires_at = match verdict(&token.facts, &policies.history, now) {
        Verdict::Works(expiry) => expiry.instant(),
        Verdict::Dead(_) | Verdict::NotYet => None,
    };
    Ok(Some(ConnectedApp {
        client: ClientRef {
            id: grant.client.clone(),
            name: name.unwrap_or_default(),
        },
        plan: PlanRef {
            id: plan.id,
            name: plan.name,
        },
        scope: grant.scope.clone(),
        since: grant.created_at,
        last_used_at: tokens::last_use_of_grant(tx, &grant.id).await?,
        expires_at,
    }))
}

fn join(app: &mut ConnectedApp, other: &ConnectedApp) {
    app.scope = app.scope.and(&other.scope);
    app.since = app.since.min(other.since);
    app.last_used_at = app.last_used_at.max(other.last_used_at);
    app.expires_at = app.expires_at.max(other.expires_at);
}
