//! Asking the server for a change of the policy, and what becomes of it. The state is the desk's.

use leptos::prelude::*;
use tenure_domain::{
    policy::{Seen, Wanted},
    problem::Kind,
    wire::policies::{ExpirationPolicy, PutExpirationPolicy},
};

use super::desk::{Asked, Desk, OUTCOME_ID, Outcome, Wish};
use crate::{
    api::{ApiError, impact, policies},
    form::focus_soon,
};

impl Desk {
    /// The connection came back: looks whether a change that got no answer was made all the same.
    pub fn back_online(self) {
        let Some(Outcome::Unreached(wish)) = self.outcome.get_untracked() else {
            return;
        };
        policies::get(self.client, &self.plan()).then(move |answer| {
            // By now the page may be gone, or the person may have done something else.
            let outcome = self.outcome.try_get_untracked().flatten();
            if let (Ok(policy), Some(Outcome::Unreached(_))) = (answer, outcome) {
                self.compare(policy, wish);
            }
        });
    }

    /// Tells how a change went that got no answer, by the policy that is in force since.
    fn compare(self, policy: ExpirationPolicy, wish: Wish) {
        if Some(policy.seen()) == self.seen() {
            self.end_with(Outcome::NotDone(wish));
        } else if is_so(
            &policy,
            self.asked().and_then(|asked| wanted(wish, &asked.body)),
        ) {
            self.accept(policy, wish);
        } else {
            self.end_with(Outcome::Conflict(Box::new(policy), wish));
        }
    }

    fn asked(self) -> Option<Asked> {
        self.asked_about.get_value()
    }

    fn remember(self, asked: &Asked) {
        self.asked_about.set_value(Some(asked.clone()));
    }

    pub(super) fn seen(self) -> Option<Seen> {
        untrack(|| self.policy()).map(|policy| policy.seen())
    }

    /// They were asked, and typed the number.
    pub fn confirmed(self) {
        let number = self.question.number.get_untracked();
        if let Some(asked) = self.asked() {
            self.send(Wish::Typed, asked, Some(number));
        }
    }

    /// Nothing ends that nobody was asked about: the server counts first what Activate would end.
    pub(super) fn ask(self, wish: Wish, seen: Option<Seen>) {
        let Some(seen) = seen.filter(|_| !self.saving.get_untracked()) else {
            return;
        };
        let Some(body) = self.body(wish) else {
            return;
        };
        let asked = Asked { seen, body };
        if wish == Wish::Typed {
            self.count(asked, None);
        } else {
            self.send(wish, asked, None);
        }
    }

    /// Has counted what this would end, and asks about it or does it. `refused` is why it was not done with
    /// the number that was counted before.
    fn count(self, asked: Asked, refused: Option<(u64, ApiError)>) {
        self.remember(&asked);
        self.saving.set(true);
        impact::preview(self.client, &self.plan(), &asked.body).then(move |counted| {
            // The page may be gone by now, and its signals with it.
            if self.saving.try_set(false).is_some() {
                return;
            }
            match (counted, refused) {
                // It ends no more than it did: asking anew would go on for ever.
                (Ok(impact), Some((before, error))) if impact.now <= before => {
                    self.question.open.set(false);
                    self.fail(error, Wish::Typed);
                }
                (Ok(impact), _) if impact.now > 0 => {
                    self.question.ask(impact.now, asked.body.effective_at);
                }
                (Ok(_), _) => self.send(Wish::Typed, asked, Some(0)),
                (Err(error), _) => self.fail(error, Wish::Typed),
            }
        });
    }

    /// What to ask the server for, if it is a policy.
    fn body(self, wish: Wish) -> Option<PutExpirationPolicy> {
        match wish {
            Wish::Typed => self.draft.submit(),
            Wish::Off | Wish::Unscheduled => Some(PutExpirationPolicy::new(None)),
        }
    }

    /// Asks for it, if no more tokens end at once than these.
    fn send(self, wish: Wish, asked: Asked, ends_at_most: Option<u64>) {
        self.remember(&asked);
        let Asked { seen, body } = asked.clone();
        let body = PutExpirationPolicy {
            ends_at_most,
            ..body
        };
        self.saving.set(true);
        let plan = self.plan();
        let call = match wish {
            Wish::Unscheduled => policies::cancel(self.client, &plan, seen),
            Wish::Typed | Wish::Off => policies::put(self.client, &plan, &body, seen),
        };
        call.then(move |answer| {
            // The page may be gone by now, and its signals with it.
            if self.saving.try_set(false).is_none() {
                self.take(answer, wish, asked, ends_at_most);
            }
        });
    }

    fn take(
        self,
        answer: Result<ExpirationPolicy, ApiError>,
        wish: Wish,
        asked: Asked,
        ends_at_most: Option<u64>,
    ) {
        self.turning_off.set(false);
        self.cancelling.set(false);
        let answer = match (answer, ends_at_most) {
            (Err(error), Some(before)) if error.kind() == Some(Kind::MoreWouldEnd) => {
                // Counted anew, and asked anew.
                return self.count(asked, Some((before, error)));
            }
            (answer, _) => answer,
        };
        let wanted = wanted(wish, &asked.body);
        self.question.open.set(false);
        match answer {
            Ok(policy) => {
                // Whoever typed on while it was sent keeps the fields and what is in them.
                let typed = untrack(|| self.draft.value());
                let typed_on = wish == Wish::Typed && typed.as_ref() != Some(&asked.body);
                self.accept(policy, wish);
                self.editing.set(typed_on);
            }
            Err(error) => match conflict(&error) {
                // Somebody was first with the very same, or it was oneself and the answer got lost.
                Some(theirs) if is_so(&theirs, wanted) => self.accept(theirs, wish),
                Some(theirs) => self.end_with(Outcome::Conflict(Box::new(theirs), wish)),
                None => self.fail(error, wish),
            },
        }
    }

    fn fail(self, error: ApiError, wish: Wish) {
        let beside_a_field = match &error {
            ApiError::Problem(problem) => self.draft.refuse(problem),
            ApiError::Offline | ApiError::Unreadable(_) => false,
        };
        if beside_a_field {
            self.outcome.set(None);
        } else if error == ApiError::Offline {
            self.end_with(Outcome::Unreached(wish));
        } else {
            self.end_with(Outcome::Failed(error));
        }
    }

    pub(super) fn accept(self, policy: ExpirationPolicy, wish: Wish) {
        self.in_force.set(policy);
        self.editing.set(false);
        self.end_with(Outcome::Done(wish));
    }

    fn end_with(self, outcome: Outcome) {
        if let Outcome::Conflict(theirs, _) = &outcome {
            self.in_force.set((**theirs).clone());
        }
        if matches!(outcome, Outcome::Done(_) | Outcome::Conflict(..)) {
            self.changes.update(|count| *count += 1);
        }
        self.outcome.set(Some(outcome));
        focus_soon(OUTCOME_ID.to_owned());
    }
}

/// What somebody wants who asks for this.
fn wanted(wish: Wish, body: &PutExpirationPolicy) -> Option<Wanted> {
    match wish {
        Wish::Typed | Wish::Off => body.parse().ok(),
        Wish::Unscheduled => Some(Wanted::Unscheduled),
    }
}

/// Whether a policy is what somebody wanted.
fn is_so(policy: &ExpirationPolicy, wanted: Option<Wanted>) -> bool {
    let scheduled = policy.scheduled.as_ref();
    match wanted {
        Some(Wanted::Now(terms)) => policy.terms() == terms && scheduled.is_none(),
        Some(Wanted::From(at, terms)) => {
            scheduled.is_some_and(|next| next.terms() == terms && next.effective_at == at)
        }
        Some(Wanted::Unscheduled) => scheduled.is_none(),
        None => false,
    }
}

/// The policy that is in force instead, where a change was refused as stale.
fn conflict(error: &ApiError) -> Option<ExpirationPolicy> {
    match error {
        ApiError::Problem(problem) => problem.current.as_deref().cloned(),
        ApiError::Offline | ApiError::Unreadable(_) => None,
    }
}
