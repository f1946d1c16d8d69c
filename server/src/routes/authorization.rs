//! `/oauth/authorization`: what the consent page shows, and the person's answer.
//!
//! The request is the client's own (`oauth::authorize` checks it); the answer leads back to the client.

use axum::extract::State;
use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    problem::Kind,
    scope::Scopes,
    time::Timestamp,
    wire::{
        authorization::{
            AuthorizationDecision, AuthorizationPrompt, AuthorizationRedirect, AuthorizationRequest,
        },
        scopes::Scope,
        session::PlanRef,
        tokens::ClientRef,
    },
};

use crate::{
    address::ClientAddress,
    auth::SignedIn,
    error::{ApiError, ApiResult},
    extract::{Json, Query},
    oauth::{
        ErrorCode,
        authorize::{Asked, Refusal, check},
        token::CODE_LIFETIME,
    },
    openapi::operation_problems,
    ops::{Actor, grants},
    secret::Secret,
    state::AppState,
    store::{
        Tx,
        audit::{self, Action, Event},
        memberships,
        oauth_clients::Client,
        oauth_codes::{self, Code},
        oauth_grants, scopes,
    },
};

operation_problems! {
    PromptProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked OwnerDeactivated InsufficientScope RoleRequired;
    DecisionProblems: InvalidJson InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked OwnerDeactivated InsufficientScope RoleRequired OriginRefused
        BodyTooLarge UnsupportedMediaType ValidationFailed;
}

/// Codes are of no use after a minute; those that were used are kept a day, so that a second use is known.
const CODES_KEPT: i64 = 24 * 60 * CODE_LIFETIME;

/// Who asks, and for what
#[utoipa::path(
    get, path = "/oauth/authorization", tag = "oauth", operation_id = "get_authorization_prompt",
    params(
        ("response_type" = String, Query, description = "`code`"),
        ("client_id" = String, Query, description = "The client's id"),
        ("redirect_uri" = Option<String>, Query, description = "Where the answer shall go"),
        ("scope" = Option<String>, Query, description = "What is asked for"),
        ("state" = Option<String>, Query, description = "Comes back as it is"),
        ("code_challenge" = String, Query, description = "RFC 7636, by S256"),
        ("code_challenge_method" = String, Query, description = "`S256`"),
    ),
    responses(
        (status = 200, description = "Who asks, and for what", body = AuthorizationPrompt),
        PromptProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn prompt(
    State(app): State<AppState>,
    person: SignedIn,
    Query(request): Query<AuthorizationRequest>,
) -> ApiResult<Json<AuthorizationPrompt>> {
    let mut tx = app.store.read().await?;
    let asked = asked(&app, &mut tx, request).await?;
    let plan = plan(&mut tx, &person.user().id, &asked.client).await?;
    let scopes = worded(&mut tx, &plan.id, &asked.scope).await?;
    let allowed_before = allowed_before(&mut tx, &person.user().id, &asked).await?;
    Ok(Json(AuthorizationPrompt {
        client: ClientRef {
            id: asked.client.id,
            name: asked.client.facts.name,
        },
        plan,
        scopes,
        redirect_uri: asked.reply.redirect_uri().to_owned(),
        allowed_before,
    }))
}

/// Allows it, or denies it
///
/// The answer says where the browser goes on: to the client, with a code or an error.
#[utoipa::path(
    post, path = "/oauth/authorization", tag = "oauth", operation_id = "decide_authorization",
    request_body = AuthorizationDecision,
    responses(
        (status = 200, description = "Where to go on", body = AuthorizationRedirect),
        DecisionProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn decide(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
    Json(decision): Json<AuthorizationDecision>,
) -> ApiResult<Json<AuthorizationRedirect>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    let user = &person.user().id;
    let actor = Actor {
        user: Some(user.clone()),
        address: address.to_text(),
    };
    let asked = asked(&app, &mut tx, decision.request).await?;
    let redirect_to = if decision.allow {
        plan(&mut tx, user, &asked.client).await?;
        let code = allow(&app, &mut tx, now, &actor, user, &asked).await?;
        asked.reply.with_code(&code.reveal())
    } else {
        audit::append(&mut tx, &refused(now, &actor, &asked.client)).await?;
        asked
            .reply
            .with_error(ErrorCode::AccessDenied, "the person refused")
    };
    tx.commit().await?;
    Ok(Json(AuthorizationRedirect { redirect_to }))
}

async fn asked(app: &AppState, tx: &mut Tx, request: AuthorizationRequest) -> ApiResult<Asked> {
    match check(app, tx, request).await? {
        Ok(asked) => Ok(asked),
        Err(Refusal::Here(detail) | Refusal::There(_, _, detail)) => {
            Err(ApiError::new(Kind::InvalidRequest).detail(detail))
        }
    }
}

/// The client's plan, if the person is in it.
async fn plan(tx: &mut Tx, user: &UserId, client: &Client) -> ApiResult<PlanRef> {
    let membership = memberships::get(tx, user, &client.plan).await?;
    let membership = membership.ok_or_else(|| {
        ApiError::new(Kind::RoleRequired)
            .detail("this app belongs to a plan that you are not in; ask its System Admin")
    })?;
    Ok(PlanRef {
        id: membership.id,
        name: membership.name,
    })
}

/// The scopes with their sentences. One that the plan has removed meanwhile has its name alone.
async fn worded(tx: &mut Tx, plan: &PlanId, asked: &Scopes) -> ApiResult<Vec<Scope>> {
    let own = tenure_domain::scope::OwnScope::ALL
        .into_iter()
        .map(Scope::from);
    let known: Vec<Scope> = own.chain(scopes::of_plan(tx, plan).await?).collect();
    let word = |name: &str| {
        let found = known.iter().find(|scope| scope.name == name).cloned();
        found.unwrap_or_else(|| Scope {
            name: name.to_owned(),
            sentence: name.to_owned(),
            own: false,
        })
    };
    Ok(asked.names().map(word).collect())
}

/// Whether nobody needs to be asked. A client without a secret may be anybody who knows its id, so its
/// requests are always shown (RFC 6749, section 10.2).
async fn allowed_before(tx: &mut Tx, user: &UserId, asked: &Asked) -> ApiResult<bool> {
    if !asked.client.auth_method.is_confidential() {
        return Ok(false);
    }
    let grants = oauth_grants::live_of_member(tx, user, &asked.client.plan).await?;
    Ok(grants
        .iter()
        .any(|grant| grant.client == asked.client.id && asked.scope.within(&grant.scope)))
}

async fn allow(
    app: &AppState,
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    user: &UserId,
    asked: &Asked,
) -> ApiResult<Secret> {
    let scope = asked.scope.clone();
    let grant = grants::new_grant(&app.random, now, &asked.client, user, scope);
    oauth_grants::insert(tx, &grant).await?;
    let secret = Secret::opaque(&app.random);
    let code = Code {
        grant: grant.id.clone(),
        redirect_uri: asked.redirect_uri_sent.clone(),
        code_challenge: asked.code_challenge.clone(),
        created_at: now,
        used_at: None,
    };
    oauth_codes::forget_before(tx, now.saturating_add(-CODES_KEPT)).await?;
    oauth_codes::insert(tx, &secret.hash(), &code).await?;
    let event = grants::event(now, actor, Action::ConsentGiven, &grant);
    audit::append(tx, &event).await?;
    Ok(secret)
}

fn refused(now: Timestamp, actor: &Actor, client: &Client) -> Event {
    Event {
        at: now,
        plan: Some(client.plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::ConsentRefused,
        target: Some(client.id.0.clone()),
        details: json!({}),
    }
}
