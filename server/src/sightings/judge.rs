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
//! - Most tokens are used from one network all day, and are not looked up each time ([`settled`](super::settled)).

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

use super::{Resource, Sighting, Tally, settled::Settled};
use crate::{
    ops::suspicion,
    random::Random,
    store::{Store, StoreError, Tx, policies, token_calls, tokens},
};

/// What was seen of one token.
struct Seen {
    token: Uuid,
    plan: Uuid,
    /// Calls that the token worked for, from where its holder is; those that lacked a scope are among them.
    used: Vec<Call>,
    /// Calls that lacked a scope.
    denied: Vec<Denial>,
    /// Calls that were refused because the token does not work, from where its holder is.
    refused: Vec<Call>,
}

impl Seen {
    fn token(&self) -> TokenId {
        TokenId(self.token.to_string())
    }

    fn plan(&self) -> PlanId {
        PlanId(self.plan.to_string())
    }
}

/// Judges what was seen, and keeps what is found.
///
/// # Errors
/// When the database does not answer; then it is judged again the next time.
pub(super) async fn judge(
    store: &Store,
    random: &Random,
    (settled, seen): (&mut Settled, &[Sighting]),
    now: Timestamp,
) -> Result<(), StoreError> {
    let found = find(store, settled, &by_token(seen)).await?;
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
            token,
            plan,
            used: Vec::new(),
            denied: Vec::new(),
            refused: Vec::new(),
        });
        let from = holder(&subject.resource, subject.address);
        for at in ends(tally) {
            let call = from.map(|from| Call { at, from });
            match subject.outcome.class() {
                Class::Works => of_token.used.extend(call),
                Class::Forbidden => {
                    of_token.used.extend(call);
                    of_token.denied.push(Denial {
                        at,
                        resource: subject.resource.name(),
                        scope: subject.scope.to_string(),
                    });
                }
                Class::Unauthorized => of_token.refused.extend(call),
                Class::Refreshed | Class::RefreshFailed => {}
            }
        }
    }
    tokens.into_values().collect()
}

/// The first of what is counted together, and the latest if that is another one: what lies within a rule's time of
/// one may not of the other.
fn ends(tally: &Tally) -> impl Iterator<Item = Timestamp> {
    let latest = (tally.last > tally.first).then_some(tally.last);
    std::iter::once(tally.first).chain(latest)
}

/// Where the token's holder called from. A refresh is no use of the token.
fn holder(resource: &Resource, address: Option<IpAddr>) -> Option<IpAddr> {
    address.filter(|_| resource.sees_holder() && !matches!(resource, Resource::Refresh))
}

/// What the rules find, without what is known well enough.
async fn find(
    store: &Store,
    settled: &mut Settled,
    seen: &[Seen],
) -> Result<Vec<(PlanId, TokenId, Finding)>, StoreError> {
    let mut tx = store.peek().await?;
    let mut found = Vec::new();
    let may_move = |seen: &&Seen| !settled.knows(seen.token, &seen.used);
    let unsettled: Vec<&Seen> = seen.iter().filter(may_move).collect();
    for some in unsettled.chunks(token_calls::TOKENS) {
        found.extend(networks(&mut tx, settled, some).await?);
    }
    for of_token in seen {
        let burst = readable(burst(&mut tx, of_token).await, of_token)?.flatten();
        let dead = readable(dead(&mut tx, of_token).await, of_token)?.unwrap_or_default();
        let findings = burst.into_iter().chain(dead);
        found.extend(findings.map(|it| (of_token, it)));
    }
    let mut news = Vec::with_capacity(found.len());
    for (of_token, finding) in found {
        let admission = suspicion::admission(&mut tx, &of_token.token(), &finding).await;
        if readable(admission, of_token)?.flatten().is_some() {
            news.push((of_token.plan(), of_token.token(), finding));
        }
    }
    Ok(news)
}

/// A token of which a row cannot be read (a newer version may have written it) keeps no other from being judged.
fn readable<T>(result: Result<T, StoreError>, of: &Seen) -> Result<Option<T>, StoreError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_unavailable() => Err(error),
        Err(error) => {
            tracing::warn!(token = %of.token, %error, "a token could not be judged");
            Ok(None)
        }
    }
}

/// Uses from two networks, of at most [`token_calls::TOKENS`] tokens.
async fn networks<'a>(
    tx: &mut Tx,
    settled: &mut Settled,
    seen: &[&'a Seen],
) -> Result<Vec<(&'a Seen, Finding)>, StoreError> {
    let calls = seen.iter().flat_map(|seen| &seen.used);
    let Some(earliest) = calls.map(|call| call.at).min() else {
        return Ok(Vec::new());
    };
    let since = earliest.saturating_add(-TWO_NETWORKS_WITHIN);
    let ids: Vec<TokenId> = seen.iter().map(|seen| seen.token()).collect();
    let moving = token_calls::on_the_move(tx, &ids, since).await?;
    let mut found = Vec::new();
    for (of_token, id) in seen.iter().zip(&ids) {
        if !moving.contains(id) {
            settled.add(of_token.token, &of_token.used);
            continue;
        }
        settled.remove(of_token.token);
        let others = token_calls::seen(tx, id, since).await?;
        let pairs = of_token.used.iter();
        let pairs = latest(pairs.filter_map(|call| rules::two_networks(&others, *call)));
        found.extend(pairs.map(|it| (*of_token, it)));
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
    let mut denials = token_calls::denied(tx, &seen.token(), since).await?;
    denials.extend_from_slice(&seen.denied);
    Ok(rules::denied_scopes(&denials))
}

/// Calls after the token's end, from where nobody used it: one finding of each network.
async fn dead(tx: &mut Tx, seen: &Seen) -> Result<Vec<Finding>, StoreError> {
    if seen.refused.is_empty() {
        return Ok(Vec::new());
    }
    let id = seen.token();
    let used = token_calls::seen(tx, &id, Timestamp::MIN).await?;
    let mut home: Vec<Network> = used.iter().map(Call::network).collect();
    let Some(token) = tokens::get(tx, &id).await? else {
        return Ok(Vec::new());
    };
    // That may be the address of a resource server, so by itself it says of nobody where they are at home.
    let last = token.last_used_from.as_ref().filter(|_| !home.is_empty());
    let last = last.and_then(|from| from.parse::<IpAddr>().ok());
    home.extend(last.map(Network::from));
    let is_elsewhere = |call: &&Call| !home.contains(&call.network());
    let elsewhere: Vec<&Call> = seen.refused.iter().filter(is_elsewhere).collect();
    if elsewhere.is_empty() {
        return Ok(Vec::new());
    }
    let Some(policies) = policies::history(tx, &seen.plan()).await? else {
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
