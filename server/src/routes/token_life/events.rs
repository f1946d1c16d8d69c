//! What happened to a token, put together from all that tells of it. What each is called is in
//! `tenure_domain::life`.

use serde_json::Value;
use tenure_domain::{
    audit::Action,
    id::UserId,
    life::{Happening, moves},
    time::Timestamp,
    wire::{
        life::{LifeEvent, Review},
        notices::Notice,
        tokens::Token,
    },
};

use super::callers::Callers;
use crate::{
    sightings::all_callers_are_kept,
    store::{
        StoreError, Tx,
        audit_log::{Entry, Lead, Place, Walk},
        notices::ledger,
        policies::PlanPolicies,
        token_findings::Finding,
        tokens,
    },
};

/// Entries of the log that are looked through, the latest.
const ENTRIES: i64 = 200;
/// Mails that are told of, the first.
const NOTICES: i64 = 100;

/// What is known of a token beside the token itself.
pub(super) struct Known<'a> {
    callers: &'a Callers,
    found: &'a [Finding],
    log: Vec<Entry>,
    notices: Vec<Notice>,
}

impl<'a> Known<'a> {
    pub(super) async fn load(
        tx: &mut Tx,
        token: &tokens::Token,
        callers: &'a Callers,
        found: &'a [Finding],
    ) -> Result<Self, StoreError> {
        let walk = Walk {
            plan: &token.plan,
            lead: Lead::Target(token.id.as_str()),
            since: Timestamp::MIN,
        };
        Ok(Self {
            callers,
            found,
            log: walk
                .below(tx, Place::before(Timestamp::MAX), ENTRIES)
                .await?,
            notices: ledger::of_token(tx, &token.plan, &token.id, NOTICES).await?,
        })
    }

    /// What happened, oldest first.
    pub(super) fn events(
        &self,
        token: &tokens::Token,
        shown: &Token,
        policies: &PlanPolicies,
        now: Timestamp,
    ) -> Vec<LifeEvent> {
        let mut all = vec![self.created(shown)];
        all.extend(self.uses(shown, now));
        all.extend(moved(token, shown, policies, now));
        all.extend(self.notices.iter().map(noticed));
        all.extend(self.log.iter().filter_map(rotated));
        all.extend(self.reviews());
        let suspected = self.found.iter().map(|found| {
            let sentence = found.evidence.sentence(&text);
            (found.kept.first_at, Happening::Suspected(sentence))
        });
        all.extend(suspected);
        let ended = shown.end.as_ref();
        all.extend(ended.map(|end| (end.at, Happening::Ended(shown.why.clone()))));
        all.sort_by_key(|(at, happening)| (*at, happening.kind()));
        let told = all.into_iter().map(|(at, happening)| LifeEvent {
            at,
            kind: happening.kind(),
            sentence: happening.sentence(&text),
        });
        told.collect()
    }

    fn created(&self, shown: &Token) -> (Timestamp, Happening) {
        let generated = self
            .log
            .iter()
            .find(|entry| is(entry, Action::TokenGenerated));
        let happening = Happening::Created {
            owner: shown.owner.name.clone(),
            app: shown.client.as_ref().map(|client| client.name.clone()),
            from: generated.and_then(|entry| entry.actor_address.clone()),
        };
        (shown.created_at, happening)
    }

    /// The last use, and the first where it is sure that no earlier one is forgotten.
    fn uses(
        &self,
        shown: &Token,
        now: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Happening)> + use<> {
        let Callers {
            shown: callers,
            kept,
        } = self.callers;
        let callers = callers.iter();
        let callers = callers.filter(|_| all_callers_are_kept(shown.created_at, *kept, now));
        let used = callers.filter(|it| it.calls > it.refused);
        let first = used.min_by_key(|caller| caller.first_at);
        let first = first.filter(|first| shown.last_used_at > Some(first.first_at));
        let first = first.map(|first| {
            let from = Some(first.address.clone()).filter(|from| !from.is_empty());
            (first.first_at, Happening::FirstUsed(from))
        });
        let last = shown.last_used_at;
        let last = last.map(|at| (at, Happening::LastUsed(shown.last_used_from.clone())));
        first.into_iter().chain(last)
    }

    /// Each review once, however many findings it was of.
    fn reviews(&self) -> Vec<(Timestamp, Happening)> {
        let mut reviews: Vec<&Review> = Vec::new();
        for review in self.found.iter().filter_map(|found| found.review.as_ref()) {
            if !reviews.contains(&review) {
                reviews.push(review);
            }
        }
        let told = reviews.into_iter();
        told.map(|review| (review.at, Happening::Reviewed(review.by.name.clone())))
            .collect()
    }
}

fn moved<'a>(
    token: &tokens::Token,
    shown: &Token,
    policies: &'a PlanPolicies,
    now: Timestamp,
) -> impl Iterator<Item = (Timestamp, Happening)> + use<'a> {
    let ended_at = shown.end.as_ref().map(|end| end.at);
    let name = |id: &UserId| {
        policies
            .user(id)
            .map_or_else(|| id.0.clone(), |user| user.name)
    };
    let moves = moves(&token.facts, &policies.history, ended_at, now);
    moves.into_iter().map(move |change| {
        let sentence = change.sentence(&text, &name);
        (change.version.in_force_since, Happening::Moved(sentence))
    })
}

fn noticed(notice: &Notice) -> (Timestamp, Happening) {
    let happening = Happening::Noticed {
        kind: notice.kind,
        state: notice.state,
        to: notice.owner.name.clone(),
    };
    (notice.sent_at.unwrap_or(notice.created_at), happening)
}

fn rotated(entry: &Entry) -> Option<(Timestamp, Happening)> {
    if !is(entry, Action::TokenRotated) {
        return None;
    }
    let at = entry.place().at;
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let until = details.get("old_works_until")?.as_str()?.parse().ok();
    Some((at, Happening::Rotated(until.filter(|until| *until > at))))
}

fn is(entry: &Entry, action: Action) -> bool {
    entry.action == action.as_str()
}

fn text(at: Timestamp) -> String {
    at.to_string()
}
