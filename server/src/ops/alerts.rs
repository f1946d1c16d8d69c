//! Watching what the verifier saw, and raising alerts (`domain::alert` says when).
//!
//! Any number of processes watch at once: an alert that is raised or taken back is a row that one of them writes,
//! and whoever writes it logs it and queues what people and programs are to hear, in the same transaction.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tenure_domain::{
    alert::{self, AlertKind, Most, Rule, Seen, Step},
    id::{AlertId, ClientId, PlanId},
    time::{MINUTE, Timestamp},
    wire::{
        alerts::{Alert, WebhookEvent, WebhookEventKind},
        auth_health::{Class, Outcome},
    },
};

use super::{Actor, notices, webhooks};
use crate::{
    random::Random,
    store::{
        Store, StoreError, Tx,
        alerts::{self, Total},
        audit::{self, Action, Event},
        oauth_clients,
    },
};

/// Looks at every plan of which something was seen within the longest window there is, or that has an alert.
///
/// # Errors
/// When the database does not answer; and when a plan cannot be looked at, once all others have been.
pub async fn watch(store: &Store, random: &Random, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = store.peek().await?;
    let since = now.saturating_add(-longest_window(&mut tx).await?);
    let plans = alerts::watched(&mut tx, since).await?;
    drop(tx);
    let mut failed = Ok(());
    for plan in plans {
        match watch_plan(store, &plan, random, now).await {
            // What keeps one plan from being looked at, a row that another version wrote, keeps no other one from it.
            Err(error) if !error.is_unavailable() => {
                tracing::debug!(%plan, %error, "a plan cannot be looked at for alerts");
                failed = Err(error);
            }
            looked => looked?,
        }
    }
    failed
}

async fn watch_plan(
    store: &Store,
    plan: &PlanId,
    random: &Random,
    now: Timestamp,
) -> Result<(), StoreError> {
    let steps = look(&mut store.read().await?, plan, random, now).await?;
    if steps.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    for step in &steps {
        take(&mut tx, plan, step, random, now).await?;
    }
    tx.commit().await
}

/// The length of the longest window there is, in milliseconds.
async fn longest_window(tx: &mut Tx) -> Result<i64, StoreError> {
    let defaults = AlertKind::ALL.map(|kind| kind.default_rule().window());
    let set = i64::try_from(alerts::longest(tx).await?).unwrap_or(i64::MAX);
    let set = set.saturating_mul(MINUTE);
    Ok(defaults.into_iter().fold(set, i64::max))
}

/// Where a page of alerts ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Place {
    /// Those that were raised when they were listed: they may be over by now, and are not listed again.
    raised: Vec<AlertId>,
    /// The last one that was over; none while raised ones are listed.
    over: Option<AlertId>,
}

/// A page of a plan's alerts, those that are raised first, and in both halves the latest; and where the next one
/// begins, nowhere after the last. However often another rule has raised and cleared its alert, one that lasts
/// is not pushed away by them.
///
/// # Errors
/// When the database does not answer, or a row is none that this version writes.
pub async fn page(
    tx: &mut Tx,
    plan: &PlanId,
    mut place: Place,
    limit: usize,
) -> Result<(Vec<Alert>, Option<Place>), StoreError> {
    let mut found = Vec::new();
    if place.over.is_none() {
        found = alerts::raised(tx, plan).await?;
        found.sort_unstable_by(|left, right| right.id.cmp(&left.id));
    }
    let read = limit.saturating_add(1).saturating_add(place.raised.len());
    let read = i64::try_from(read).unwrap_or(i64::MAX);
    found.extend(alerts::over(tx, plan, place.over.as_ref(), read).await?);
    found.retain(|alert| !place.raised.contains(&alert.id));
    let more = found.len() > limit;
    found.truncate(limit);
    for alert in &found {
        match alert.cleared_at {
            None => place.raised.push(alert.id.clone()),
            Some(_) => place.over = Some(alert.id.clone()),
        }
    }
    Ok((found, more.then_some(place)))
}

/// Sets a rule of a plan.
///
/// # Errors
/// When the database does not answer.
pub async fn set_rule(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    (kind, rule): (AlertKind, Rule),
) -> Result<(), StoreError> {
    alerts::put_rule(tx, plan, kind, rule).await?;
    let Rule {
        threshold, minutes, ..
    } = rule;
    let words = match rule.on {
        true => format!("from {threshold} on, within {minutes} minutes"),
        false => "off".to_owned(),
    };
    let event = Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::AlertRuleSet,
        target: Some(kind.as_str().to_owned()),
        details: json!({ "rule": words }),
    };
    audit::append(tx, &event).await
}

/// What is to be done about an alert.
enum Change {
    Fire(Box<Alert>),
    Clear(Box<Alert>),
}

/// What is to be done about the alerts of a plan.
async fn look(
    tx: &mut Tx,
    plan: &PlanId,
    random: &Random,
    now: Timestamp,
) -> Result<Vec<Change>, StoreError> {
    let raised = alerts::raised(tx, plan).await?;
    let (mut changes, mut windows) = (Vec::new(), Windows::new());
    for (kind, rule) in alerts::rules(tx, plan).await? {
        let open = raised.iter().find(|alert| alert.kind == kind);
        if !rule.on && open.is_none() {
            continue;
        }
        let since = rule.since(now);
        let seen = count(tx, plan, (kind, since), &mut windows).await?;
        match alert::decide(kind, rule, seen, open.map(|alert| alert.fired_at), now) {
            Step::Fire => {
                let worst = worst(kind, &alerts::totals(tx, plan, since).await?);
                let id = AlertId(random.id(now));
                let alert = describe(tx, (kind, rule), seen, worst, (id, now)).await?;
                changes.push(Change::Fire(Box::new(alert)));
            }
            Step::Clear => changes.extend(open.cloned().map(Box::new).map(Change::Clear)),
            Step::Stay => {}
        }
    }
    Ok(changes)
}

async fn take(
    tx: &mut Tx,
    plan: &PlanId,
    change: &Change,
    random: &Random,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (action, kind, alert) = match change {
        Change::Fire(alert) => {
            if !alerts::fire(tx, plan, alert).await? {
                return Ok(());
            }
            let alert = (**alert).clone();
            (Action::AlertRaised, WebhookEventKind::Fired, alert)
        }
        Change::Clear(alert) => {
            if !alerts::clear(tx, &alert.id, now).await? {
                return Ok(());
            }
            let alert = Alert {
                cleared_at: Some(now),
                ..(**alert).clone()
            };
            (Action::AlertCleared, WebhookEventKind::Cleared, alert)
        }
    };
    tracing::info!(%plan, kind = alert.kind.as_str(), what = ?kind, "an alert changed");
    log(tx, plan, &alert, action, now).await?;
    notices::alert::tell(tx, plan, &alert, now).await?;
    let event = WebhookEvent {
        kind,
        timestamp: now,
        plan: plan.0.clone(),
        data: Some(alert),
    };
    webhooks::queue(tx, plan, &event, random, now)
        .await
        .map(drop)
}

async fn log(
    tx: &mut Tx,
    plan: &PlanId,
    alert: &Alert,
    action: Action,
    now: Timestamp,
) -> Result<(), StoreError> {
    let event = Event {
        at: now,
        plan: Some(plan.clone()),
        actor: None,
        actor_address: None,
        action,
        target: Some(alert.kind.as_str().to_owned()),
        details: json!({ "alert": alert.id, "sentence": alert.sentence }),
    };
    audit::append(tx, &event).await
}

/// Whom or what most of what a rule of this kind counts concerned, whatever the causes were, and how much that was:
/// a client where refreshing fails, else what was called.
fn worst(kind: AlertKind, seen: &[Total]) -> (String, u64) {
    let mut sums = BTreeMap::<_, u64>::new();
    for total in seen.iter().filter(|total| counts(kind, total.outcome)) {
        let name = match kind {
            AlertKind::RefreshFailing => &total.client,
            _ => &total.resource,
        };
        let sum = sums.entry(name).or_default();
        *sum = sum.saturating_add(total.calls);
    }
    let worst = sums.into_iter().max_by_key(|(_, calls)| *calls);
    worst.map_or_else(Default::default, |(name, calls)| (name.clone(), calls))
}

/// How often each outcome was seen since when: rules with the same window share what was read.
type Windows = BTreeMap<Timestamp, Vec<(Outcome, u64)>>;

/// How much a rule of this kind counts since then.
async fn count(
    tx: &mut Tx,
    plan: &PlanId,
    (kind, since): (AlertKind, Timestamp),
    windows: &mut Windows,
) -> Result<Seen, StoreError> {
    if kind == AlertKind::SuspiciousTokens {
        let count = alerts::suspicious(tx, plan, since).await?;
        return Ok(Seen { count, well: 0 });
    }
    let seen = match windows.entry(since) {
        Entry::Occupied(read) => read.into_mut(),
        Entry::Vacant(none) => none.insert(alerts::seen(tx, plan, since).await?),
    };
    let sum = |of: &dyn Fn(Outcome) -> bool| {
        let of = seen.iter().filter(|(outcome, _)| of(*outcome));
        of.fold(0_u64, |sum, (_, calls)| sum.saturating_add(*calls))
    };
    Ok(Seen {
        count: sum(&|outcome| counts(kind, outcome)),
        well: sum(&|outcome| outcome == Outcome::Refreshed),
    })
}

/// Whether a rule of this kind counts such an outcome.
fn counts(kind: AlertKind, outcome: Outcome) -> bool {
    let class = match kind {
        AlertKind::RefreshFailing => Class::RefreshFailed,
        AlertKind::CallsRefused => Class::Unauthorized,
        AlertKind::ScopesLacking => Class::Forbidden,
        AlertKind::SuspiciousTokens => return false,
    };
    outcome.class() == class
}

async fn describe(
    tx: &mut Tx,
    (kind, rule): (AlertKind, Rule),
    seen: Seen,
    (worst, of_worst): (String, u64),
    (id, now): (AlertId, Timestamp),
) -> Result<Alert, StoreError> {
    let (client, resource) = match kind {
        AlertKind::RefreshFailing => (worst, String::new()),
        _ => (String::new(), worst),
    };
    let name = match kind {
        AlertKind::RefreshFailing => oauth_clients::name(tx, &ClientId(client.clone())).await?,
        _ => Some(resource.clone()),
    };
    let most = Most {
        name: name.unwrap_or_default(),
        count: of_worst,
    };
    let known = |text: String| (!text.is_empty()).then_some(text);
    Ok(Alert {
        id,
        kind,
        sentence: alert::sentence(kind, rule, seen, Some(&most)),
        count: seen.count,
        threshold: rule.threshold,
        minutes: rule.minutes,
        client_id: known(client),
        resource: known(resource),
        fired_at: now,
        cleared_at: None,
    })
}
