//! The state behind the tile: what is in force, what is being typed, and how the last try went.
//!
//! Nothing here guesses: the policy shown is always one that the server said (rule R8). What was
//! typed survives every failure, and only the person drops it.

use leptos::{prelude::*, task::spawn_local};
use tenure_domain::{
    id::PlanId,
    period::Period,
    policy::{Seen, Terms, Wanted},
    problem::Kind,
    time::Timestamp,
    wire::policies::{ExpirationPolicy, PutExpirationPolicy},
};

use super::{
    confirm_ending::Question,
    draft::{PolicyDraft, Rule},
};
use crate::{
    api::{ApiError, Client, impact, policies},
    form::focus_soon,
    state::remote::Remote,
};

/// Element ids that take the focus when what had it goes away.
pub const SWITCH_ID: &str = "expiration-period";
/// The button that opens the fields on the policy in force.
pub const CHANGE_ID: &str = "change-period";
/// The sentence that says how the last try went.
pub const OUTCOME_ID: &str = "policy-outcome";

/// What a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What is typed.
    Typed,
    /// No rule.
    Off,
    /// That what is scheduled does not come.
    Unscheduled,
}

/// How the last try to change the policy went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it was asked for.
    Done(Wish),
    /// Somebody else was first; this is their policy, and what one wanted instead.
    Conflict(Box<ExpirationPolicy>, Wish),
    /// It did not work, and why.
    Failed(ApiError),
    /// The server could not be reached, so nobody knows whether what was wanted was done.
    Unreached(Wish),
    /// The server can be reached again, and what was wanted was not done.
    NotDone(Wish),
}

/// The tile's state. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    client: Client,
    plan: StoredValue<PlanId>,
    in_force: Remote<ExpirationPolicy>,
    /// What is being typed.
    pub draft: PolicyDraft,
    /// Whether the fields are open.
    pub editing: RwSignal<bool>,
    /// Whether the dialog that turns the policy off is open.
    pub turning_off: RwSignal<bool>,
    /// Whether the dialog that cancels what is scheduled is open.
    pub cancelling: RwSignal<bool>,
    /// A change is under way.
    pub saving: RwSignal<bool>,
    /// How the last try went.
    pub outcome: RwSignal<Option<Outcome>>,
    /// What a person is asked before tokens end.
    pub question: Question,
    /// The version that they saw who are asked.
    asked_about: StoredValue<Option<Seen>>,
    changes: RwSignal<u32>,
    opened_with: StoredValue<Option<PutExpirationPolicy>>,
}

impl Desk {
    /// The desk for a plan whose policy is fetched by `in_force`. Needs the page's context.
    #[must_use]
    pub fn new(plan: PlanId, in_force: Remote<ExpirationPolicy>) -> Self {
        Self {
            client: expect_context(),
            plan: StoredValue::new(plan),
            in_force,
            draft: PolicyDraft::new(),
            editing: RwSignal::new(false),
            turning_off: RwSignal::new(false),
            cancelling: RwSignal::new(false),
            saving: RwSignal::new(false),
            outcome: RwSignal::new(None),
            question: Question::new(),
            asked_about: StoredValue::new(None),
            changes: RwSignal::new(0),
            opened_with: StoredValue::new(None),
        }
    }

    /// The plan whose policy it is.
    #[must_use]
    pub fn plan(self) -> PlanId {
        self.plan.get_value()
    }

    /// The policy in force, as the server last said it. Tracked.
    #[must_use]
    pub fn policy(self) -> Option<ExpirationPolicy> {
        self.in_force.data()
    }

    /// What is in force. Tracked.
    #[must_use]
    pub fn terms(self) -> Terms {
        self.policy().map_or(Terms::OFF, |policy| policy.terms())
    }

    /// The period in force. Tracked.
    #[must_use]
    pub fn period(self) -> Option<Period> {
        self.terms().period
    }

    /// How often the policy was seen to change. Tracked: the list of versions follows it.
    #[must_use]
    pub fn changes(self) -> u32 {
        self.changes.get()
    }

    /// The switch of the period was moved. On opens the fields; off asks, or closes them. The server
    /// hears nothing.
    pub fn slide(self, on: bool) {
        self.slide_rule(self.draft.period, self.draft.idle, on);
    }

    /// The switch of the other rule was moved.
    pub fn slide_unused(self, on: bool) {
        self.slide_rule(self.draft.idle, self.draft.period, on);
    }

    fn slide_rule(self, rule: Rule, other: Rule, on: bool) {
        let opens = !self.editing.get_untracked();
        if opens {
            self.edit();
        }
        if on || other.on.get_untracked() {
            rule.on.set(on);
            if opens && on {
                // A suggestion alone is nothing that leaving would lose.
                self.opened_with.set_value(untrack(|| self.draft.value()));
            }
        } else if untrack(|| self.terms()).is_off() {
            self.cancel();
        } else {
            self.turning_off.set(true);
            if !self.has_typed() {
                self.editing.set(false);
            }
        }
    }

    /// Opens the fields, with the policy in force or a suggestion.
    pub fn edit(self) {
        let terms = untrack(|| self.terms());
        self.open_with(terms, None);
    }

    /// Opens the fields on what is scheduled.
    pub fn edit_schedule(self) {
        if let Some(next) = untrack(|| self.policy()).and_then(|policy| policy.scheduled) {
            self.open_with(next.terms(), Some(next.effective_at));
            self.draft.focus_first();
        }
    }

    fn open_with(self, terms: Terms, at: Option<Timestamp>) {
        self.draft.reset(terms, at);
        self.opened_with.set_value(untrack(|| self.draft.value()));
        self.outcome.set(None);
        self.editing.set(true);
    }

    /// Opens the fields in place of the button that had the focus.
    pub fn change(self) {
        self.edit();
        self.draft.focus_first();
    }

    /// Whether the fields hold something that leaving the page would lose.
    #[must_use]
    pub fn has_typed(self) -> bool {
        self.editing.get_untracked()
            && untrack(|| self.draft.value()) != self.opened_with.get_value()
    }

    /// Closes the fields and drops what was typed, unless it is being sent.
    pub fn cancel(self) {
        if self.saving.get_untracked() {
            return;
        }
        self.editing.set(false);
        self.outcome.set(None);
        let opener = if untrack(|| self.terms()).is_off() {
            SWITCH_ID
        } else {
            CHANGE_ID
        };
        focus_soon(opener.to_owned());
    }

    /// The scheduled instant has passed: the policy is another one by now.
    pub fn came_into_force(self) {
        self.in_force.reload();
        self.changes.update(|count| *count += 1);
    }

    /// Asks the server for what is typed, if it is a policy.
    pub fn activate(self) {
        self.ask(Wish::Typed, self.seen());
    }

    /// The form was submitted, by its button or by Enter in a field.
    pub fn submit(self) {
        let in_conflict = self
            .outcome
            .with_untracked(|outcome| matches!(outcome, Some(Outcome::Conflict(..))));
        if self.editing.get_untracked() && !in_conflict {
            self.activate();
        }
    }

    /// Asks the server to turn the policy off.
    pub fn turn_off(self) {
        self.ask(Wish::Off, self.seen());
    }

    /// Asks the server to cancel what is scheduled.
    pub fn cancel_schedule(self) {
        self.send(Wish::Unscheduled, self.seen(), None);
    }

    /// Ends a conflict by taking the other's policy.
    pub fn use_theirs(self) {
        if let Some(Outcome::Conflict(theirs, _)) = self.outcome.get_untracked() {
            self.accept(*theirs, Wish::Typed);
        }
    }

    /// Ends a conflict by asking again, on top of the other's change.
    pub fn apply_mine(self) {
        if let Some(Outcome::Conflict(theirs, wish)) = self.outcome.get_untracked() {
            self.ask(wish, Some(theirs.seen()));
        }
    }

    /// The connection came back: looks whether a change that got no answer was made all the same.
    pub fn back_online(self) {
        let Some(Outcome::Unreached(wish)) = self.outcome.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let plan = self.plan.get_value();
            let answer = policies::get(self.client, &plan).await;
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
        } else if is_so(&policy, self.wanted(wish)) {
            self.accept(policy, wish);
        } else {
            self.end_with(Outcome::Conflict(Box::new(policy), wish));
        }
    }

    fn wanted(self, wish: Wish) -> Option<Wanted> {
        match wish {
            Wish::Typed => untrack(|| self.draft.value())?.parse().ok(),
            Wish::Off => Some(Wanted::Now(Terms::OFF)),
            Wish::Unscheduled => Some(Wanted::Unscheduled),
        }
    }

    fn seen(self) -> Option<Seen> {
        untrack(|| self.policy()).map(|policy| policy.seen())
    }

    /// They were asked, and typed the number.
    pub fn confirmed(self) {
        let number = self.question.number.get_untracked();
        self.send(Wish::Typed, self.asked_about.get_value(), Some(number));
    }

    /// Nothing ends that nobody was asked about: the server counts first what Activate would end.
    fn ask(self, wish: Wish, seen: Option<Seen>) {
        let Some(seen) = seen.filter(|_| !self.saving.get_untracked()) else {
            return;
        };
        let Some(body) = self.body(wish) else {
            return;
        };
        if wish != Wish::Typed {
            return self.send(wish, Some(seen), None);
        }
        self.asked_about.set_value(Some(seen));
        self.saving.set(true);
        spawn_local(async move {
            let plan = self.plan.get_value();
            let counted = impact::preview(self.client, &plan, &body).await;
            // The page may be gone by now, and its signals with it.
            if self.saving.try_set(false).is_some() {
                return;
            }
            match counted {
                Ok(impact) if impact.now > 0 => self.question.ask(impact.now),
                Ok(_) => self.send(wish, Some(seen), Some(0)),
                Err(error) => self.fail(error, wish),
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
    fn send(self, wish: Wish, seen: Option<Seen>, ends_at_most: Option<u64>) {
        let (Some(seen), Some(body)) = (seen, self.body(wish)) else {
            return;
        };
        let (sent, wanted) = (body.clone(), self.wanted(wish));
        let body = PutExpirationPolicy {
            ends_at_most,
            ..body
        };
        self.saving.set(true);
        spawn_local(async move {
            let plan = self.plan.get_value();
            let answer = match wish {
                Wish::Unscheduled => policies::cancel(self.client, &plan, seen).await,
                Wish::Typed | Wish::Off => policies::put(self.client, &plan, &body, seen).await,
            };
            // The page may be gone by now, and its signals with it.
            if self.saving.try_set(false).is_none() {
                self.take(answer, wish, &sent, wanted);
            }
        });
    }

    fn take(
        self,
        answer: Result<ExpirationPolicy, ApiError>,
        wish: Wish,
        sent: &PutExpirationPolicy,
        wanted: Option<Wanted>,
    ) {
        self.turning_off.set(false);
        self.cancelling.set(false);
        if answer.as_ref().err().and_then(ApiError::kind) == Some(Kind::MoreWouldEnd) {
            // Counted anew, and asked anew.
            return self.ask(wish, self.asked_about.get_value());
        }
        self.question.open.set(false);
        match answer {
            Ok(policy) => {
                // Whoever typed on while it was sent keeps the fields and what is in them.
                let typed = untrack(|| self.draft.value());
                let typed_on = wish == Wish::Typed && typed.as_ref() != Some(sent);
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

    fn accept(self, policy: ExpirationPolicy, wish: Wish) {
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
