//! The state behind the tile: what is in force, what is being typed, and how the last try went.
//!
//! Nothing here guesses: the policy shown is always one that the server said (rule R8). What was
//! typed survives every failure, and only the person drops it. How the server is asked is in `asking`.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    period::Period,
    policy::{Seen, Terms},
    time::Timestamp,
    token::EXPIRING_WITHIN,
    wire::policies::{ExpirationPolicy, PutExpirationPolicy},
};

use super::{
    confirm_ending::Question,
    draft::{PolicyDraft, Rule},
    outlook,
};
use crate::{
    api::{ApiError, Client},
    form::focus_soon,
    state::{clock::ServerClock, remote::Remote},
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

/// What the server is asked for, exactly as it was counted, on top of which version.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) seen: Seen,
    pub(super) body: PutExpirationPolicy,
}

/// What the server has counted last for what was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// What it was asked about.
    pub of: PutExpirationPolicy,
    /// How many tokens that would end the moment it comes into force.
    pub now: u64,
    /// The milliseconds that have to pass until everybody has had their notice.
    pub notice: i64,
}

/// The tile's state. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    pub(super) client: Client,
    pub(super) plan: StoredValue<PlanId>,
    pub(super) in_force: Remote<ExpirationPolicy>,
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
    /// What the server has counted last.
    pub counted: RwSignal<Option<Counted>>,
    /// The instant to propose in *When*. It moves on before it is too early.
    pub proposal: Memo<Timestamp>,
    clock: ServerClock,
    /// What the server was last asked for, or a person is asked about.
    pub(super) asked_about: StoredValue<Option<Asked>>,
    pub(super) changes: RwSignal<u32>,
    opened_with: StoredValue<Option<PutExpirationPolicy>>,
}

impl Desk {
    /// The desk for a plan whose policy is fetched by `in_force`. Needs the page's context.
    #[must_use]
    pub fn new(plan: PlanId, in_force: Remote<ExpirationPolicy>) -> Self {
        let (clock, counted) = (expect_context(), RwSignal::new(None));
        let proposal = move |before: Option<&Timestamp>| {
            outlook::proposal(before.copied(), earliest(clock, counted))
        };
        Self {
            counted,
            proposal: Memo::new(proposal),
            clock,
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

    /// Whether uses of tokens count, by what is in force or by what is scheduled. Tracked.
    #[must_use]
    pub fn counts_uses(self) -> bool {
        self.policy().is_some_and(|policy| {
            let next = policy.scheduled.and_then(|next| next.inactivity);
            policy.inactivity.or(next).is_some()
        })
    }

    /// The period in force. Tracked.
    #[must_use]
    pub fn period(self) -> Option<Period> {
        self.terms().period
    }

    /// How many tokens what is typed would end the moment it comes into force, once it is counted. Tracked.
    #[must_use]
    pub fn ending(self) -> Option<u64> {
        let counted = self.counted.get()?;
        (self.draft.value()? == counted.of).then_some(counted.now)
    }

    /// The first instant at which everybody would have had their notice of what is typed. Tracked: it moves on
    /// with the clock.
    #[must_use]
    pub fn earliest(self) -> Timestamp {
        earliest(self.clock, self.counted)
    }

    /// Takes the proposed instant over, which is kept right from then on.
    pub fn take_proposal(self) {
        self.draft.later.set(true);
        self.draft.propose(self.proposal.get_untracked());
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
        self.counted.set(None);
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
        self.ask(Wish::Unscheduled, self.seen());
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
}

/// Until the server has said how long a notice takes, it is taken to need its seven days.
fn earliest(clock: ServerClock, counted: RwSignal<Option<Counted>>) -> Timestamp {
    let notice = counted.with(|counted| counted.as_ref().map(|counted| counted.notice));
    clock
        .now()
        .saturating_add(notice.unwrap_or(EXPIRING_WITHIN))
}
