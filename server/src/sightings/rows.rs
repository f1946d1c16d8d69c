//! What was seen, as the rows that are written of it.

use std::{collections::BTreeMap, net::IpAddr};

use tenure_domain::{
    id::{ClientId, PlanId, TokenId},
    impact::day_of,
    time::{DAY, HOUR, MINUTE, Timestamp},
    wire::auth_health::Class,
};
use uuid::Uuid;

use super::{
    flush::Limits,
    subject::{Refusal, Sighting, Tally},
    variety::Kind,
};
use crate::store::{
    auth_counts::Count,
    dead_token_calls::DeadCalls,
    refusals,
    token_callers::{Call, Caller},
};

/// A refused call.
pub(super) fn refusal(refusal: &Refusal) -> refusals::Refusal {
    let subject = &refusal.subject;
    refusals::Refusal {
        request: refusal.request.to_string(),
        at: refusal.at,
        outcome: subject.outcome,
        plan: subject.plan.map(|plan| PlanId(plan.to_string())),
        token: subject.token.map(|token| TokenId(token.to_string())),
        client: subject.client.map(|client| ClientId(client.to_string())),
        scope: subject.scope.to_string(),
        resource: subject.resource.name(),
        since: refusal.since,
    }
}

/// By minute, hour and day, so that nothing has to be summed up later.
pub(super) fn counts(limits: &mut Limits, seen: &[Sighting]) -> Vec<Count> {
    let mut counts = BTreeMap::new();
    for Sighting { subject, tally } in seen {
        let kind = Kind {
            outcome: subject.outcome,
            resource: subject.resource.name(),
            client: text(subject.client),
            scope: subject.scope.to_string(),
        };
        let minute = subject.minute.as_millis();
        let of_day = limits.day.bound(subject.plan, minute, kind.clone());
        let of_hour = limits.hour.bound(subject.plan, minute, kind);
        for (width, kind) in [(MINUTE, &of_hour), (HOUR, &of_hour), (DAY, &of_day)] {
            let start = minute - minute.rem_euclid(width);
            let key = (subject.plan, width, start, kind.clone());
            *counts.entry(key).or_insert(0) += tally.calls;
        }
    }
    let count = |((plan, width, start, kind), calls): ((_, _, _, Kind), u64)| Count {
        plan: text(plan),
        width,
        start: Timestamp::from_millis(start),
        outcome: kind.outcome,
        resource: kind.resource,
        client: kind.client,
        scope: kind.scope,
        calls,
    };
    counts.into_iter().map(count).collect()
}

/// Calls by hour and by how much of its life the token had behind it.
pub(super) fn ages(seen: &[Sighting]) -> Vec<(String, Timestamp, u8, u64)> {
    let mut ages = BTreeMap::new();
    for Sighting { subject, tally } in seen {
        if let (Some(plan), Some(tenth)) = (subject.plan, subject.tenth) {
            let minute = subject.minute.as_millis();
            let key = (plan, minute - minute.rem_euclid(HOUR), tenth);
            *ages.entry(key).or_insert(0) += tally.calls;
        }
    }
    ages.into_iter()
        .map(|((plan, hour, tenth), calls)| {
            (plan.to_string(), Timestamp::from_millis(hour), tenth, calls)
        })
        .collect()
}

type Place<'a> = (Uuid, Timestamp, Option<IpAddr>, &'a str, String);

/// Who called with each token.
pub(super) fn callers(seen: &[Sighting]) -> Vec<Caller> {
    let mut callers: BTreeMap<Place<'_>, Caller> = BTreeMap::new();
    for Sighting { subject, tally } in seen {
        // Of a refresh that succeeded the next pair's token has the calls.
        let (Some(token), Some(plan)) = (subject.token, subject.plan) else {
            continue;
        };
        if subject.outcome.class() == Class::Refreshed {
            continue;
        }
        let day = day_of(subject.minute);
        let resource = subject.resource.name();
        let place = (
            token,
            day,
            subject.address,
            &*subject.agent,
            resource.clone(),
        );
        let caller = callers.entry(place).or_insert_with(|| Caller {
            token: TokenId(token.to_string()),
            plan: PlanId(plan.to_string()),
            day,
            call: Call {
                address: text(subject.address),
                network: text(subject.network()),
                agent: subject.agent.to_string(),
                resource,
            },
            calls: 0,
            refused: 0,
            denied: 0,
            first_at: tally.first,
            last_at: tally.last,
        });
        count_in(caller, subject.outcome.class(), tally);
    }
    callers.into_values().collect()
}

fn count_in(caller: &mut Caller, class: Class, tally: &Tally) {
    caller.calls += tally.calls;
    match class {
        Class::Unauthorized | Class::RefreshFailed => caller.refused += tally.calls,
        Class::Forbidden => caller.denied += tally.calls,
        Class::Works | Class::Refreshed => {}
    }
    caller.first_at = caller.first_at.min(tally.first);
    caller.last_at = caller.last_at.max(tally.last);
}

/// What was presented after its death.
pub(super) fn dead(seen: &[Sighting]) -> Vec<DeadCalls> {
    let mut dead: BTreeMap<(Uuid, Uuid), DeadCalls> = BTreeMap::new();
    for Sighting { subject, tally } in seen {
        let (Some(plan), Some(token), Class::Unauthorized) =
            (subject.plan, subject.token, subject.outcome.class())
        else {
            continue;
        };
        let calls = dead.entry((plan, token)).or_insert_with(|| DeadCalls {
            plan: PlanId(plan.to_string()),
            token: TokenId(token.to_string()),
            outcome: subject.outcome,
            calls: 0,
            first_at: tally.first,
            last_at: tally.last,
        });
        calls.calls += tally.calls;
        calls.first_at = calls.first_at.min(tally.first);
        if tally.last >= calls.last_at {
            (calls.last_at, calls.outcome) = (tally.last, subject.outcome);
        }
    }
    dead.into_values().collect()
}

/// An id or address as text; empty where there is none.
fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
