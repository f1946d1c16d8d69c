//! `…/expiration-policy/preview` and `…/forecast`: what a policy would end before anybody activates it (R17), and
//! what the one in force will.
//!
//! Each answer is of one snapshot. The list of all that would end at once is in `ending_list`.

use axum::{
    extract::State,
    http::{HeaderMap, header::ACCEPT},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tenure_domain::{
    impact::Outlook,
    period::Period,
    policy::{History, Request, Terms, Wanted, decide},
    problem::FieldError,
    time::Timestamp,
    token::EXPIRING_WITHIN,
    wire::{
        impact::{Forecast, PolicyImpact, days},
        policies::PutExpirationPolicy,
    },
};

use super::{
    ending_list,
    policies::{load, refused},
};
use crate::{
    auth::{PolicyRead, SystemAdmin},
    error::{ApiError, ApiResult},
    extract::{Json, Query},
    openapi::operation_problems,
    ops,
    state::AppState,
    store::Tx,
};

operation_problems! {
    PreviewProblems: InvalidJson InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired PlanTierRequired OriginRefused
        BodyTooLarge UnsupportedMediaType ValidationFailed;
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired PlanTierRequired ValidationFailed;
    ForecastProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
}

/// What a policy would end
///
/// Takes what `PUT` takes, and changes nothing. The numbers are those that activating it would produce: how many
/// tokens stop working at once, within seven days, later, never, and how many have expired already and stay so.
/// With `Accept: text/csv` the answer is the list of all tokens that would stop at once.
#[utoipa::path(
    post, path = "/plans/{plan}/expiration-policy/preview", tag = "policy",
    operation_id = "preview_expiration_policy",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = PutExpirationPolicy,
    responses(
        (status = 200, description = "The impact", content(
            (PolicyImpact = "application/json"), (String = "text/csv"),
        )),
        PreviewProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn preview(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyRead>,
    headers: HeaderMap,
    Json(asked): Json<PutExpirationPolicy>,
) -> ApiResult<Response> {
    let mut tx = app.store.read().await?;
    let asked = Asked::of(&app, &mut tx, &admin, &asked).await?;
    if wants_csv(&headers) {
        drop(tx);
        return Ok(ending_list::answer(app, admin, asked.outlook));
    }
    asked
        .impact(&mut tx, &admin)
        .await
        .map(|impact| Json(impact).into_response())
}

fn wants_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/csv"))
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    period: Option<String>,
    inactivity: Option<String>,
    effective_at: Option<Timestamp>,
}

impl ListQuery {
    /// The policy that is asked about, as the other preview takes it.
    fn policy(&self) -> Result<PutExpirationPolicy, Vec<FieldError>> {
        let parse = |text: &Option<String>, pointer: &str| {
            let period = text.as_deref().map(str::parse::<Period>).transpose();
            period.map_err(|error| vec![error.at(pointer)])
        };
        let terms = Terms {
            period: parse(&self.period, "/period")?,
            inactivity: parse(&self.inactivity, "/inactivity")?,
        };
        Ok(PutExpirationPolicy::of(terms, self.effective_at))
    }
}

/// Who would lose a token at once
///
/// The list of a preview, as a file to download. Cells that a spreadsheet would take for a formula begin with an
/// apostrophe.
#[utoipa::path(
    get, path = "/plans/{plan}/expiration-policy/preview.csv", tag = "policy",
    operation_id = "list_tokens_that_would_stop",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("period" = Option<String>, Query, example = "90 days",
            description = "How long tokens shall live: an amount and a unit; without it that rule is off"),
        ("inactivity" = Option<String>, Query, example = "30 days",
            description = "How long tokens shall live that nobody uses; without it that rule is off"),
        ("effective_at" = Option<Timestamp>, Query, description = "From when on; without it at once"),
    ),
    responses(
        (status = 200, description = "name, id, kind, owner, email, created_at, last_used_at, expires_at",
            body = String, content_type = "text/csv"),
        ListProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyRead>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Response> {
    let policy = query.policy().map_err(ApiError::invalid)?;
    let mut tx = app.store.read().await?;
    let asked = Asked::of(&app, &mut tx, &admin, &policy).await?;
    drop(tx);
    Ok(ending_list::answer(app, admin, asked.outlook))
}

/// What the policy in force will end
///
/// By UTC day, for 90 days. For the plan's System Admins. Without anybody using anything: each use of a token
/// renews it where unused tokens expire.
#[utoipa::path(
    get, path = "/plans/{plan}/expiration-policy/forecast", tag = "policy",
    operation_id = "forecast_expiries",
    params(("plan" = String, Path, description = "The plan's id")),
    responses(
        (status = 200, description = "The coming expiries", body = Forecast),
        ForecastProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn forecast(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyRead>,
) -> ApiResult<Json<Forecast>> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let plan = admin.member().plan();
    let outlook = Outlook::forecast(history(&mut tx, &admin).await?, now);
    let impact = ops::impact::count(&mut tx, plan, &outlook).await?;
    Ok(Json(Forecast::of(&impact, now)))
}

/// A policy that somebody thinks of.
struct Asked {
    now: Timestamp,
    outlook: Outlook,
    /// The same at once: who could not be warned.
    at_once: Outlook,
}

impl Asked {
    /// Beside the plan's policy as it is.
    async fn of(
        app: &AppState,
        tx: &mut Tx,
        admin: &SystemAdmin<PolicyRead>,
        asked: &PutExpirationPolicy,
    ) -> ApiResult<Self> {
        let wanted = asked.parse()?;
        let now = app.clock.now();
        let history = history(tx, admin).await?;
        let membership = admin.member().membership();
        let request = Request {
            wanted,
            seen: history.seen_at(now),
            by: admin.member().user().id.clone(),
            role: membership.role,
            tier: membership.tier,
        };
        let change = decide(&history, &request, now).map_err(refused)?;
        let terms = match wanted {
            Wanted::Now(terms) | Wanted::From(_, terms) => terms,
            Wanted::Unscheduled => history.in_force_at(now).terms(),
        };
        Ok(Self {
            now,
            outlook: Outlook::of_change(&history, wanted, change, now),
            at_once: Outlook::at_once(&history, terms, now),
        })
    }

    async fn impact(self, tx: &mut Tx, admin: &SystemAdmin<PolicyRead>) -> ApiResult<PolicyImpact> {
        let (plan, outlook) = (admin.member().plan(), &self.outlook);
        let impact = ops::impact::count(tx, plan, outlook).await?;
        let first = match impact.now {
            0 => Vec::new(),
            _ => ops::impact::first(tx, plan, outlook, impact.now).await?,
        };
        let notice = match ops::impact::is_unwarned(tx, plan, &self.at_once).await? {
            true => EXPIRING_WITHIN,
            false => 0,
        };
        Ok(PolicyImpact {
            at: self.now,
            takes_effect_at: outlook.takes_effect_at(),
            now: impact.now,
            within_7_days: impact.within_7_days,
            later: impact.later,
            never: impact.never,
            already_dead: impact.already_dead,
            days: days(&impact),
            first,
            earliest_with_notice: self.now.saturating_add(notice),
        })
    }
}

async fn history(tx: &mut Tx, admin: &SystemAdmin<PolicyRead>) -> ApiResult<History> {
    Ok(load(tx, admin.member().plan()).await?.history)
}
