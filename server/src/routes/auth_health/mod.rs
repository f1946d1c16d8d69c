//! `/plans/{plan}/auth-health`: what the verifier saw of a plan's tokens, and the tokens behind it.
//!
//! What this process has seen and not written yet is written first, so that nobody is told less than they were
//! refused. Deliberately not here: seeing (that is [`sightings`](crate::sightings)), and what is suspicious.

mod seen;
mod tokens;

pub(crate) use tokens::{__path_behind, behind};

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Deserialize;
use tenure_domain::{
    id::ClientId,
    time::HOUR,
    wire::{
        auth_health::{
            AgeCalls, AuthHealth, Calls, Class, ClientCalls, Outcome, OutcomeCalls, Point,
            ResourceCalls, ScopeCalls, Window,
        },
        tokens::ClientRef,
    },
};

use crate::{
    auth::{AuditRead, SystemAdmin},
    error::ApiResult,
    extract::{Json, Query},
    openapi::operation_problems,
    state::AppState,
    store::{
        Tx,
        auth_counts::{self, Asked, Filter, Kind},
        dead_token_calls, oauth_clients, plans,
        token_callers::Behind,
    },
};

operation_problems! {
    HealthProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
}

/// Combinations of outcome, resource, client and scope that are summed up, at most.
const KINDS: usize = 5_000;
/// Resources, clients and scopes that are told.
const MOST: usize = 50;
/// Dead tokens that are told.
const DEAD: i64 = 20;

#[derive(Deserialize)]
pub(crate) struct HealthQuery {
    #[serde(default)]
    window: Window,
}

/// Of which calls.
#[derive(Deserialize)]
pub(crate) struct FilterQuery {
    outcome: Option<Outcome>,
    resource: Option<String>,
    client: Option<String>,
}

impl From<FilterQuery> for Filter {
    fn from(query: FilterQuery) -> Self {
        Self {
            outcome: query.outcome,
            resource: query.resource,
            client: query.client,
        }
    }
}

/// What the verifier saw of the plan's tokens
///
/// Calls by outcome, resource, client and lacking scope, by the minute for a day and by the hour for 90 days.
#[utoipa::path(
    get, path = "/plans/{plan}/auth-health", tag = "audit", operation_id = "get_auth_health",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("window" = Option<Window>, Query,
            description = "How far back: `hour`, `day` (without it), `week` or `90d`"),
        ("outcome" = Option<Outcome>, Query, description = "Only calls with this outcome"),
        ("resource" = Option<String>, Query, description = "Only calls of this resource"),
        ("client" = Option<String>, Query,
            description = "Only with tokens of this client; empty for user access tokens"),
    ),
    responses((status = 200, description = "What was seen", body = AuthHealth), HealthProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(HealthQuery { window }): Query<HealthQuery>,
    Query(filter): Query<FilterQuery>,
) -> ApiResult<Json<AuthHealth>> {
    let now = app.clock.now();
    app.sightings.flush(&app.store, now).await?;
    let (plan, filter) = (admin.member().plan(), Filter::from(filter));
    let [from, to] = window.span(now);
    let mut tx = app.store.read().await?;
    // Where there is no other plan, nobody learns of another one's.
    let unattributed = plans::all(&mut tx).await?.len() == 1;
    let asked = Asked {
        plan: plan.as_str(),
        and_nobodys: unattributed,
        width: window.step(),
        span: [from, to],
        filter: &filter,
    };
    let kinds = auth_counts::kinds_in_parts(&mut tx, asked, KINDS).await?;
    let ages = [from.saturating_add(1 - HOUR), to];
    let ages = auth_counts::ages(&mut tx, plan.as_str(), ages).await?;
    let health = AuthHealth {
        window,
        from,
        to,
        step: window.step(),
        unattributed,
        points: points(&mut tx, asked).await?,
        outcomes: outcomes(&kinds),
        resources: resources(&mut tx, &kinds).await?,
        clients: clients(&mut tx, &kinds).await?,
        scopes: scopes(&kinds),
        ages: ages
            .into_iter()
            .map(|(tenth, calls)| AgeCalls {
                tenth: tenth.into(),
                calls,
            })
            .collect(),
        dead: Vec::new(),
    };
    let dead = dead_token_calls::of_plan(&mut tx, plan, from, DEAD).await?;
    drop(tx);
    let dead = dead.into_iter().map(|dead| Behind {
        token: dead.token,
        calls: dead.calls,
        first_at: dead.first_at,
        last_at: dead.last_at,
    });
    let dead = seen::tokens(&app, plan, dead.collect(), now).await?;
    Ok(Json(AuthHealth { dead, ..health }))
}

async fn points(tx: &mut Tx, asked: Asked<'_>) -> ApiResult<Vec<Point>> {
    let mut points = BTreeMap::new();
    for (at, outcome, calls) in auth_counts::points(tx, asked).await? {
        let point: &mut Calls = points.entry(at).or_default();
        point.add(outcome.class(), calls);
    }
    Ok(points
        .into_iter()
        .map(|(at, calls)| Point { at, calls })
        .collect())
}

fn outcomes(kinds: &[Kind]) -> Vec<OutcomeCalls> {
    let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
    for kind in kinds {
        *outcomes.entry(kind.outcome).or_default() += kind.calls;
    }
    most_frequent(outcomes, |calls| *calls)
        .map(|(outcome, calls)| OutcomeCalls {
            outcome,
            class: outcome.class(),
            calls,
        })
        .collect()
}

async fn resources(tx: &mut Tx, kinds: &[Kind]) -> ApiResult<Vec<ResourceCalls>> {
    let mut found = Vec::new();
    for (resource, calls) in most_frequent(by(kinds, |kind| &kind.resource), Calls::total) {
        let name = match resource.strip_prefix("client:") {
            Some(client) => oauth_clients::name(tx, &ClientId(client.to_owned())).await?,
            None => None,
        };
        found.push(ResourceCalls {
            resource: resource.to_owned(),
            name,
            calls,
        });
    }
    Ok(found)
}

async fn clients(tx: &mut Tx, kinds: &[Kind]) -> ApiResult<Vec<ClientCalls>> {
    let mut found = Vec::new();
    for (client, calls) in most_frequent(by(kinds, |kind| &kind.client), Calls::total) {
        let client = match client {
            "" => None,
            id => {
                let id = ClientId(id.to_owned());
                let name = oauth_clients::name(tx, &id).await?;
                name.map(|name| ClientRef { id, name })
            }
        };
        found.push(ClientCalls { client, calls });
    }
    Ok(found)
}

fn scopes(kinds: &[Kind]) -> Vec<ScopeCalls> {
    let forbidden = kinds
        .iter()
        .filter(|kind| kind.outcome.class() == Class::Forbidden);
    let mut scopes: BTreeMap<&str, u64> = BTreeMap::new();
    for kind in forbidden {
        *scopes.entry(&kind.scope).or_default() += kind.calls;
    }
    most_frequent(scopes, |calls| *calls)
        .map(|(scope, calls)| ScopeCalls {
            scope: scope.to_owned(),
            calls,
        })
        .collect()
}

/// Sums up by something that calls have in common.
fn by(kinds: &[Kind], what: impl Fn(&Kind) -> &str) -> BTreeMap<&str, Calls> {
    let mut sums: BTreeMap<&str, Calls> = BTreeMap::new();
    for kind in kinds {
        let sum = sums.entry(what(kind)).or_default();
        sum.add(kind.outcome.class(), kind.calls);
    }
    sums
}

/// The [`MOST`] with the most calls, those first.
fn most_frequent<K: Ord, V>(
    sums: BTreeMap<K, V>,
    calls: impl Fn(&V) -> u64,
) -> impl Iterator<Item = (K, V)> {
    let mut sums: Vec<_> = sums.into_iter().collect();
    // In the order of their names where they are equal.
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(calls(sum)));
    sums.into_iter().take(MOST)
}
