//! What is being typed in the tile: two rules, each on or off, and from when on they shall count.
//!
//! Deliberately not here: what is in force, and asking the server.

use leptos::prelude::*;
use tenure_domain::{
    period::{Period, Unit},
    policy::Terms,
    problem::{FieldError, Problem},
    time::Timestamp,
    wire::policies::PutExpirationPolicy,
};

use crate::{
    components::date_time,
    form::{Form, PeriodDraft, focus, focus_soon, unique_id},
    text,
};

/// The pointer of the instant in a request's body.
const AT: &str = "/effective_at";

/// One of the two rules, as it is typed. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Whether it shall count.
    pub on: RwSignal<bool>,
    /// Its period.
    pub form: Form<PeriodDraft>,
    suggested: &'static str,
}

impl Rule {
    fn new(suggested: &'static str) -> Self {
        Self {
            on: RwSignal::new(false),
            form: Form::new(days(suggested)),
            suggested,
        }
    }

    /// Starts anew with this period, or off with the one that is suggested.
    fn reset(self, period: Option<Period>) {
        self.on.set(period.is_some());
        let suggested = || days(self.suggested);
        self.form
            .reset(period.map_or_else(suggested, PeriodDraft::from));
    }

    /// The period, none where it is off; nothing while what is typed is none. Tracked.
    fn value(self) -> Option<Option<Period>> {
        if self.on.get() {
            self.form.value().map(Some)
        } else {
            Some(None)
        }
    }

    /// The same, with every reason shown where what is typed is none.
    fn submit(self) -> Option<Option<Period>> {
        if self.on.get_untracked() {
            self.form.submit().map(Some)
        } else {
            Some(None)
        }
    }
}

/// A period that is neither short nor long.
fn days(amount: &str) -> PeriodDraft {
    PeriodDraft {
        amount: amount.to_owned(),
        unit: Unit::Days.as_str().to_owned(),
    }
}

/// The draft. Cheap to copy.
#[derive(Clone, Copy)]
pub struct PolicyDraft {
    /// How long tokens live.
    pub period: Rule,
    /// How long unused ones do.
    pub idle: Rule,
    /// Whether it is for later.
    pub later: RwSignal<bool>,
    /// The text of the field *Date and time*.
    pub at: RwSignal<String>,
    /// Whether that text is a proposal, which nobody has edited.
    pub is_proposed: RwSignal<bool>,
    wrong_instant: RwSignal<Option<String>>,
    at_id: StoredValue<String>,
}

impl PolicyDraft {
    /// An empty draft.
    #[must_use]
    pub fn new() -> Self {
        Self {
            period: Rule::new("90"),
            idle: Rule::new("30"),
            later: RwSignal::new(false),
            at: RwSignal::new(String::new()),
            is_proposed: RwSignal::new(false),
            wrong_instant: RwSignal::new(None),
            at_id: StoredValue::new(unique_id("at")),
        }
    }

    /// Starts anew with these terms, at once or from that instant on.
    pub fn reset(self, terms: Terms, at: Option<Timestamp>) {
        self.period.reset(terms.period);
        self.idle.reset(terms.inactivity);
        self.later.set(at.is_some());
        self.pick(at.map(date_time::local).unwrap_or_default());
    }

    /// Takes what was picked in the field *Date and time*.
    pub fn pick(self, text: String) {
        self.is_proposed.set(false);
        self.at.set(text);
        self.wrong_instant.set(None);
    }

    /// Puts a proposal in its place.
    pub fn propose(self, at: Timestamp) {
        self.pick(date_time::local(at));
        self.is_proposed.set(true);
    }

    /// The rules that are typed, whenever they shall count. Tracked.
    #[must_use]
    pub fn terms(self) -> Option<Terms> {
        Some(Terms {
            period: self.period.value()?,
            inactivity: self.idle.value()?,
        })
    }

    /// What is typed, if it can be asked for. Tracked.
    #[must_use]
    pub fn value(self) -> Option<PutExpirationPolicy> {
        let terms = self.terms()?;
        let at = match self.later.get() {
            true => Some(self.at.with(|text| date_time::instant(text))?),
            false => None,
        };
        Some(PutExpirationPolicy::of(terms, at))
    }

    /// What to ask for; otherwise shows every reason and takes the focus to the first field at fault.
    #[must_use]
    pub fn submit(self) -> Option<PutExpirationPolicy> {
        // The first last, so that the focus stays at it.
        let idle = self.idle.submit();
        self.period.submit()?;
        idle?;
        let value = untrack(|| self.value());
        if value.is_none() {
            self.refuse_instant(text::schedule::AT_MISSING.to_owned());
        }
        value
    }

    /// Lays a server's refusal beside the fields that it names. Answers whether it named any.
    #[must_use]
    pub fn refuse(self, problem: &Problem) -> bool {
        let of_idle = Problem {
            errors: problem.errors.iter().filter_map(as_period).collect(),
            ..problem.clone()
        };
        let at = of_instant(problem);
        if let Some(error) = at {
            self.refuse_instant(text::reasons::of(error));
        }
        let idle = self.idle.form.refuse(&of_idle);
        let period = self.period.form.refuse(problem);
        at.is_some() || idle || period
    }

    /// Lays what a server says of the instant beside its field while somebody types; the focus stays.
    pub fn judge_instant(self, problem: &Problem) {
        let reason = of_instant(problem).map(text::reasons::of);
        self.wrong_instant.set(reason);
    }

    /// What is wrong with the instant.
    #[must_use]
    pub fn instant_reason(self) -> Signal<Option<String>> {
        self.wrong_instant.into()
    }

    /// The element id of the field *Date and time*.
    #[must_use]
    pub fn at_id(self) -> String {
        self.at_id.get_value()
    }

    fn refuse_instant(self, reason: String) {
        self.wrong_instant.set(Some(reason));
        focus(&self.at_id());
    }

    /// Takes the focus to the first number once it is there.
    pub fn focus_first(self) {
        let rule = if self.period.on.get_untracked() {
            self.period
        } else {
            self.idle
        };
        focus_soon(rule.form.input_id(PeriodDraft::AMOUNT));
    }
}

impl Default for PolicyDraft {
    fn default() -> Self {
        Self::new()
    }
}

/// What a server says of the instant.
#[must_use]
pub fn of_instant(problem: &Problem) -> Option<&FieldError> {
    problem.errors.iter().find(|error| error.pointer == AT)
}

/// An error of the second rule as its form knows it.
fn as_period(error: &FieldError) -> Option<FieldError> {
    let part = error.pointer.strip_prefix("/inactivity")?;
    Some(FieldError {
        pointer: format!("/period{part}"),
        ..error.clone()
    })
}
