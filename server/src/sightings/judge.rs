//! Where the rules about suspicion (`tenure_domain::suspicion`) hear of what was seen.
//!
//! Every few seconds [`flush`](super::Sightings::flush) hands over what was seen since the last time, once its counts
//! are committed: so of two processes that see a token in two networks at the same moment, at least one reads what
//! the other has written ([`token_calls`]). A rule that finds something has it kept in a transaction of its own, in
//! the queue of writers, because the audit log tells of it.
//!
//! - Sightings without a `token` are of calls without a known one; those whose memory ran out as well.
//! - Where `resource.sees_holder()` says no, the address is a resource server's, not that of a token's holder.
//! - What was seen may come again after a failure. The same evidence is kept once, so that changes nothing.

use std::{collections::BTreeMap, net::IpAddr};

use tenure_domain::{
    id::{PlanId, TokenId},
    network::Network,
    suspicion::{
        self as rules, BURST_WITHIN, Denial, Finding, Sighting as Call, TWO_NETWORKS_WITHIN,
    },
    time::Timestamp,
    token::{Verdict, verdict},
    wire::auth_health::Class,
};
use uuid::Uuid;

use super::{Resource, Sighting};
use crate::{
    ops::suspicion,
    random::Random,
    store::{Store, StoreError, Tx, policies, token_calls, tokens},
};

/// What was seen of one token.
struct Seen {
    token: TokenId,
    plan: PlanId,
    /// Calls that the token worked for, from where its holder is; those that lacked a scope are among them.
    used: Vec<Call>,
    /// Calls that lacked a scope.
    denied: Vec<Denial>,
    /// Calls that were refused because the token does not work, from where its holder is.
    refused: Vec<Call>,
}

/// Judges what was seen, and keeps what is found.
///
/// # Errors
/// When the database does not answer; then it is judged again the next time.
pub(super) async fn judge(
    store: &Store,
    random: &Random,
    seen: &[Sighting],
    now: Timestamp,
) -> Result<(), StoreError> {
    let found = find(store, &by_token(seen)).await?;
    if found.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    for (plan, token, finding) in &found {
        suspicion::keep(&mut tx, random, now, (plan, token), finding).await?;
    }
    tx.commit().await
}

fn by_token(seen: &[Sighting]) -> Vec<Seen> {
    let mut tokens: BTreeMap<Uuid, Seen> = BTreeMap::new();
    for Sighting { subject, tally } in seen {
        let (Some(token), Some(plan)) = (subject.token, subject.plan) else {
            continue;
        };
        let of_token = tokens.entry(token).or_insert_with(|| Seen {
            token: TokenId(token.to_string()),
            plan: PlanId(plan.to_string()),
            used: Vec::new(),
            denied: Vec::new(),
            refused: Vec::new(),
        });
        let at_last = |from| Call {
            at: tally.last,
            from,
        };
        let call = holder(&subject.resource, subject.address).map(at_last);
        match subject.outcome.class() {
            Class::Works => of_token.used.extend(call),
            Class::Forbidden => {
                of_token.used.extend(call);
                of_token.denied.push(Denial {
                    at: tally.last,
                    resource: subject.resource.name(),
                    scope: subject.scope.to_string(),
                });
            }
            Class::Unauthorized => of_token.refused.extend(call),
            Class::Refreshed | Class::RefreshFailed => {}
        }
    }
    tokens.into_values().collect()
}

/// Where the token's holder called from. A refresh is no use of the token.
fn holder(resource: &Resource, address: Option<IpAddr>) -> Option<IpAddr> {
    address.filter(|_| resource.sees_holder() && !matches!(resource, Resource::Refresh))
}

type Found = (PlanId, TokenId, Finding);

/// What the rules find, without what is known well enough.
async fn find(store: &Store, seen: &[Seen]) -> Result<Vec<Found>, StoreError> {
    let mut tx = store.peek().await?;
    let mut found = Vec::new();
    let used: Vec<&Seen> = seen.iter().filter(|seen| !seen.used.is_empty()).collect();
    for some in used.chunks(token_calls::TOKENS) {
        found.extend(networks(&mut tx, some).await?);
    }
    for of_token in seen {
        let burst = burst(&mut tx, of_token).await?;
        let findings = burst.into_iter().chain(dead(&mut tx, of_token).await?);
        found.extend(findings.map(|it| (of_token.plan.clone(), of_token.token.clone(), it)));
    }
    let mut news = Vec::with_capacity(found.len());
    for (plan, token, finding) in found {
        if suspicion::admission(&mut tx, &token, &finding)
            .await?
            .is_some()
        {
            news.push((plan, token, finding));
        }
    }
    Ok(news)
}

/// Uses from two networks, of at most [`token_calls::TOKENS`] tokens.
async fn networks(tx: &mut Tx, seen: &[&Seen]) -> Result<Vec<Found>, StoreError> {
    let calls = seen.iter().flat_map(|seen| &seen.used);
    let Some(earliest) = calls.map(|call| call.at).min() else {
        return Ok(Vec::new());
    };
    let since = earliest.saturating_add(-TWO_NETWORKS_WITHIN);
    let ids: Vec<TokenId> = seen.iter().map(|seen| seen.token.clone()).collect();
    let moving = token_calls::on_the_move(tx, &ids, since).await?;
    let mut found: Vec<Found> = Vec::new();
    for of_token in seen.iter().filter(|seen| moving.contains(&seen.token)) {
        let others = token_calls::seen(tx, &of_token.token, since).await?;
        let pairs = of_token.used.iter();
        let pairs = latest(pairs.filter_map(|call| rules::two_networks(&others, *call)));
        found.extend(pairs.map(|it| (of_token.plan.clone(), of_token.token.clone(), it)));
    }
    Ok(found)
}

/// The same evidence once, by the latest call.
fn latest(found: impl Iterator<Item = Finding>) -> impl Iterator<Item = Finding> {
    let mut latest: BTreeMap<String, Finding> = BTreeMap::new();
    for finding in found {
        let known = latest
            .entry(finding.evidence.key())
            .or_insert_with(|| finding.clone());
        if known.at < finding.at {
            *known = finding;
        }
    }
    latest.into_values()
}

/// Many different calls that lacked a scope: those just seen, and those of the minutes before.
async fn burst(tx: &mut Tx, seen: &Seen) -> Result<Option<Finding>, StoreError> {
    let Some(earliest) = seen.denied.iter().map(|denial| denial.at).min() else {
        return Ok(None);
    };
    let since = earliest.saturating_add(-BURST_WITHIN);
    let mut denials = token_calls::denied(tx, &seen.token, since).await?;
    denials.extend_from_slice(&seen.denied);
    Ok(rules::denied_scopes(&denials))
}

/// Calls after the token's end, from where nobody used it: one finding of each network.
async fn dead(tx: &mut Tx, seen: &Seen) -> Result<Vec<Finding>, StoreError> {
    if seen.refused.is_empty() {
        return Ok(Vec::new());
    }
    let used = token_calls::seen(tx, &seen.token, Timestamp::MIN).await?;
    let mut home: Vec<Network> = used.iter().map(Call::network).collect();
    let Some(token) = tokens::get(tx, &seen.token).await? else {
        return Ok(Vec::new());
    };
    let last = token.last_used_from.as_ref();
    let last = last.and_then(|from| from.parse::<IpAddr>().ok());
    home.extend(last.map(Network::from));
    let is_elsewhere = |call: &&Call| !home.contains(&call.network());
    let elsewhere: Vec<&Call> = seen.refused.iter().filter(is_elsewhere).collect();
    if elsewhere.is_empty() {
        return Ok(Vec::new());
    }
    let Some(policies) = policies::history(tx, &seen.plan).await? else {
        return Ok(Vec::new());
    };
    let found = elsewhere.into_iter().filter_map(|call| {
        match verdict(&token.facts, &policies.history, call.at) {
            Verdict::Dead(end) => rules::dead_from_new_network(&home, *call, end.at()),
            Verdict::Works(_) | Verdict::NotYet => None,
        }
    });
    Ok(latest(found).collect())
}
