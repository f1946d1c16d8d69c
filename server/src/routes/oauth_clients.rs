//! `/plans/{plan}/oauth-clients`: who may ask for tokens, and who may ask about them. For System Admins.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::ClientId,
    problem::Kind,
    rotation,
    time::Timestamp,
    token::Expiry,
    wire::{
        clients::{Client, EditClient, NewClient, RotateSecret},
        page::Page,
        tokens::Token,
    },
};

use super::{
    paging::{self, PageQuery},
    scopes,
    tokens::{Around, keep_deaths, view::revoker},
};
use crate::{
    address::ClientAddress,
    auth::SystemAdmin,
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{Actor, clients as op},
    state::AppState,
    store::{
        Tx, oauth_clients,
        tokens::{self, Position},
        users,
    },
};

operation_problems! {
    ReadProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired NotFound;
    WriteProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused NotFound Conflict BodyTooLarge
        UnsupportedMediaType ValidationFailed;
}

#[derive(Deserialize, Serialize)]
struct After {
    name: String,
    id: String,
}

#[derive(Deserialize, Serialize)]
struct Below {
    at: i64,
    id: String,
}

/// The plan's clients, by name
#[utoipa::path(
    get, path = "/plans/{plan}/oauth-clients", tag = "oauth-clients", operation_id = "list_oauth_clients",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of clients", body = Page<Client>), ReadProblems),
    security(("session" = [])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Client>>> {
    let (limit, after) = (page.limit()?, page.cursor::<After>()?);
    let after = after.as_ref().map(|it| (it.name.as_str(), it.id.as_str()));
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let plan = admin.member().plan();
    let found =
        oauth_clients::page(&mut tx, plan, after.unwrap_or_default(), one_more(limit)).await?;
    let next_cursor = (found.len() > limit)
        .then(|| found.get(limit.saturating_sub(1)))
        .flatten()
        .map(|last| {
            paging::encode(&After {
                name: last.facts.name.clone(),
                id: last.id.0.clone(),
            })
        });
    let mut items = Vec::with_capacity(limit);
    for client in found.into_iter().take(limit) {
        items.push(view(&mut tx, client, now).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// Registers a client
///
/// The answer holds its secret, if it has one: it is the only one that ever will.
#[utoipa::path(
    post, path = "/plans/{plan}/oauth-clients", tag = "oauth-clients",
    operation_id = "register_oauth_client",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = NewClient,
    responses(
        (status = 201, description = "The client and, this once, its secret", body = Client,
            headers(("Location" = String, description = "The client's path"))),
        WriteProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn register(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Json(asked): Json<NewClient>,
) -> ApiResult<Response> {
    let facts = asked.parse()?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    scopes::ensure_offered(&mut tx, plan, &facts.scope, "/scope").await?;
    let new = op::NewClient {
        facts,
        auth_method: asked.token_endpoint_auth_method,
        resource_server: asked.resource_server,
    };
    let actor = actor(&admin, address);
    let (client, secret) = op::register(&mut tx, &app.random, now, &actor, plan, new).await?;
    let mut client = view(&mut tx, client, now).await?;
    tx.commit().await?;
    client.client_secret = secret.map(crate::secret::Secret::reveal);
    let path = format!("/api/v1/plans/{plan}/oauth-clients/{}", client.client_id);
    let location =
        HeaderValue::try_from(path).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(client)).into_response())
}

/// A client
#[utoipa::path(
    get, path = "/plans/{plan}/oauth-clients/{client}", tag = "oauth-clients",
    operation_id = "get_oauth_client",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("client" = String, Path, description = "The client's id"),
    ),
    responses((status = 200, description = "The client", body = Client), ReadProblems),
    security(("session" = [])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    admin: SystemAdmin,
    Path((_, id)): Path<(String, ClientId)>,
) -> ApiResult<Json<Client>> {
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let client = of_plan(&mut tx, &admin, &id).await?;
    view(&mut tx, client, now).await.map(Json)
}

/// Changes a client
///
/// Its name, its addresses, and the most that it may ask for. Tokens that it holds keep what they have.
#[utoipa::path(
    put, path = "/plans/{plan}/oauth-clients/{client}", tag = "oauth-clients",
    operation_id = "change_oauth_client",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("client" = String, Path, description = "The client's id"),
    ),
    request_body = EditClient,
    responses((status = 200, description = "The client", body = Client), WriteProblems),
    security(("session" = [])),
)]
pub(crate) async fn change(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, ClientId)>,
    Json(asked): Json<EditClient>,
) -> ApiResult<Json<Client>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let client = of_plan(&mut tx, &admin, &id).await?;
    let facts = asked.parse(client.resource_server)?;
    scopes::ensure_offered(&mut tx, &client.plan, &facts.scope, "/scope").await?;
    let client = op::change(&mut tx, now, &actor(&admin, address), client, facts).await?;
    let client = view(&mut tx, client, now).await?;
    tx.commit().await?;
    Ok(Json(client))
}

/// Gives a client another secret
///
/// The old one works for the overlap, at most 24 hours.
#[utoipa::path(
    post, path = "/plans/{plan}/oauth-clients/{client}/rotate-secret", tag = "oauth-clients",
    operation_id = "rotate_oauth_client_secret",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("client" = String, Path, description = "The client's id"),
    ),
    request_body = RotateSecret,
    responses(
        (status = 200, description = "The client and, this once, its new secret", body = Client),
        WriteProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn rotate_secret(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, ClientId)>,
    Json(asked): Json<RotateSecret>,
) -> ApiResult<Json<Client>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let client = of_plan(&mut tx, &admin, &id).await?;
    if !client.auth_method.is_confidential() {
        return Err(ApiError::new(Kind::Conflict).detail("this client has no secret"));
    }
    let old_until = rotation::retires_at(now, asked.overlap, Expiry::Never)
        .map_err(|error| ApiError::invalid(vec![error.at("/overlap")]))?;
    let actor = actor(&admin, address);
    let (client, secret) =
        op::rotate_secret(&mut tx, &app.random, now, &actor, client, old_until).await?;
    let mut client = view(&mut tx, client, now).await?;
    tx.commit().await?;
    client.client_secret = Some(secret.reveal());
    Ok(Json(client))
}

/// Deletes a client
///
/// Everything that it holds in anybody's name ends at once.
#[utoipa::path(
    delete, path = "/plans/{plan}/oauth-clients/{client}", tag = "oauth-clients",
    operation_id = "delete_oauth_client",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("client" = String, Path, description = "The client's id"),
    ),
    responses((status = 204, description = "Deleted"), WriteProblems),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, ClientId)>,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let client = of_plan(&mut tx, &admin, &id).await?;
    op::delete(&mut tx, now, &actor(&admin, address), &client).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The access tokens that a client got, youngest first
#[utoipa::path(
    get, path = "/plans/{plan}/oauth-clients/{client}/tokens", tag = "oauth-clients",
    operation_id = "list_oauth_client_tokens",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("client" = String, Path, description = "The client's id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of tokens", body = Page<Token>), ReadProblems),
    security(("session" = [])),
)]
pub(crate) async fn tokens_of(
    State(app): State<AppState>,
    admin: SystemAdmin,
    Path((_, id)): Path<(String, ClientId)>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Token>>> {
    let (limit, below) = (page.limit()?, page.cursor::<Below>()?);
    let below = below.map_or(Position::before(Timestamp::MAX), |below| Position {
        created_at: Timestamp::from_millis(below.at),
        id: below.id,
    });
    let now = app.clock.now();
    let (mut tx, around, found) = loop {
        let mut tx = app.store.read().await?;
        let client = of_plan(&mut tx, &admin, &id).await?;
        let around = Around::load(&mut tx, &client.plan).await?;
        let found = tokens::of_client_page(&mut tx, &id, &below, one_more(limit)).await?;
        if !keep_deaths(&app, &around, &found, now).await? {
            break (tx, around, found);
        }
    };
    let next_cursor = (found.len() > limit)
        .then(|| found.get(limit.saturating_sub(1)))
        .flatten()
        .map(|last| {
            paging::encode(&Below {
                at: last.facts.created_at.as_millis(),
                id: last.id.0.clone(),
            })
        });
    let mut items = Vec::with_capacity(limit);
    for token in found.iter().take(limit) {
        let owner = users::get(&mut tx, &token.owner).await?;
        let owner = owner.ok_or_else(|| ApiError::internal("a token without an owner"))?;
        let by = revoker(&mut tx, token, &owner.reference()).await?;
        items.push(around.view(&owner, token, now, by));
    }
    Ok(Json(Page { items, next_cursor }))
}

/// The client, if it is the plan's and the admin still its System Admin.
async fn of_plan(
    tx: &mut Tx,
    admin: &SystemAdmin,
    id: &ClientId,
) -> ApiResult<oauth_clients::Client> {
    admin.membership_now(tx).await?;
    let client = oauth_clients::get(tx, id).await?;
    client
        .filter(|client| client.plan == *admin.member().plan())
        .ok_or_else(|| Kind::NotFound.into())
}

async fn view(tx: &mut Tx, client: oauth_clients::Client, now: Timestamp) -> ApiResult<Client> {
    let created_by = match &client.created_by {
        Some(by) => users::get(tx, by).await?.map(|user| user.reference()),
        None => None,
    };
    Ok(Client {
        client_id: client.id,
        client_secret: None,
        client_name: client.facts.name,
        redirect_uris: client.facts.redirect_uris,
        token_endpoint_auth_method: client.auth_method,
        scope: client.facts.scope,
        resource_server: client.resource_server,
        created_at: client.created_at,
        created_by,
        old_secret_until: client
            .old_secret
            .map(|(_, until)| until)
            .filter(|until| now < *until),
    })
}

fn actor(admin: &SystemAdmin, address: ClientAddress) -> Actor {
    Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    }
}

/// One more than fits, to see whether there are more.
fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
