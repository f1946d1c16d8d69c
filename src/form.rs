//! What a person typed, on its way to a request: raw text → the domain's own parse → errors by field.
//!
//! Lives here: when a reason is shown, where a server's refusal lands, and which field gets the
//! focus. Deliberately not here: any rule of validity (the domain decides), the wording of reasons
//! (`text::reasons`), and markup.
//!
//! A field is named by its JSON pointer in the request's body, the same that a problem's
//! `errors[].pointer` has, so both sides' errors meet in the same place.

mod fields;

use core::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::{RwSignal, Signal, untrack};
use leptos::task::{spawn_local, tick};
use tenure_domain::{
    id::PlanId,
    period::{Period, Unit},
    problem::{FieldError, Problem},
    wire::tokens::NewToken,
};
use wasm_bindgen::JsCast;

use self::fields::Fields;
use crate::reactive::memo;

/// Raw text that becomes a value, or reasons why not.
pub trait Draft: Clone + PartialEq + Send + Sync + 'static {
    /// What it becomes.
    type Value: Clone + PartialEq + Send + Sync + 'static;
    /// The fields' JSON pointers, in the order of the page.
    const FIELDS: &'static [&'static str];

    /// The value.
    ///
    /// # Errors
    /// Every reason, each with its field's pointer.
    fn parse(&self) -> Result<Self::Value, Vec<FieldError>>;

    /// The fields whose reasons may show once the field at `pointer` has been edited. Without more
    /// ado, itself.
    #[must_use]
    fn judged_with(pointer: &'static str) -> &'static [&'static str] {
        let place = Self::FIELDS.iter().position(|field| *field == pointer);
        place
            .and_then(|place| Self::FIELDS.get(place..=place))
            .unwrap_or_default()
    }
}

/// A period as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodDraft {
    /// The text of the field *Duration*.
    pub amount: String,
    /// The value of the select *Unit*: a unit's name on the wire.
    pub unit: String,
}

impl PeriodDraft {
    /// The pointer of the amount.
    pub const AMOUNT: &'static str = "/period/amount";
    /// The pointer of the unit.
    pub const UNIT: &'static str = "/period/unit";

    /// The unit that is chosen.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        self.unit.parse().ok()
    }
}

impl From<Period> for PeriodDraft {
    fn from(period: Period) -> Self {
        Self {
            amount: period.amount().to_string(),
            unit: period.unit().as_str().to_owned(),
        }
    }
}

impl Draft for PeriodDraft {
    type Value = Period;
    const FIELDS: &'static [&'static str] = &[Self::AMOUNT, Self::UNIT];

    fn parse(&self) -> Result<Period, Vec<FieldError>> {
        Period::parse(&self.amount, &self.unit).map_err(|error| vec![error.at("/period")])
    }

    /// Number and unit make one period: editing either may make the number wrong.
    fn judged_with(_: &'static str) -> &'static [&'static str] {
        Self::FIELDS
    }
}

/// A new token as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenDraft {
    /// The text of the field *Name*.
    pub name: String,
    /// The id of the plan that is chosen.
    pub plan: String,
    /// The names of the scopes that are checked.
    pub scopes: Vec<String>,
}

impl TokenDraft {
    /// The pointer of the name.
    pub const NAME: &'static str = "/name";
    /// The pointer of the plan.
    pub const PLAN: &'static str = "/plan";
    /// The pointer of the scopes.
    pub const SCOPES: &'static str = "/scopes";
}

impl Draft for TokenDraft {
    type Value = NewToken;
    const FIELDS: &'static [&'static str] = &[Self::NAME, Self::PLAN, Self::SCOPES];

    fn parse(&self) -> Result<NewToken, Vec<FieldError>> {
        let request = NewToken {
            plan: PlanId(self.plan.clone()),
            name: self.name.clone(),
            scopes: self.scopes.clone(),
        };
        let (name, _) = request.parse()?;
        Ok(NewToken { name, ..request })
    }
}

/// A draft that is being edited, and what is wrong with it.
///
/// A field is called wrong once the person has edited it, and every field once they have tried to
/// send; from then on the reasons follow what they type. A server's refusal shows until the draft
/// changes.
pub struct Form<D: Draft> {
    draft: RwSignal<D>,
    fields: Fields,
}

impl<D: Draft> Clone for Form<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Draft> Copy for Form<D> {}

impl<D: Draft> Form<D> {
    /// A form that starts with this draft and shows no reasons yet.
    #[must_use]
    pub fn new(draft: D) -> Self {
        let draft = RwSignal::new(draft);
        let wrong = memo(move || draft.with(D::parse).err().unwrap_or_default());
        Self {
            draft,
            fields: Fields::new(D::FIELDS, wrong),
        }
    }

    /// The draft.
    #[must_use]
    pub fn draft(&self) -> Signal<D> {
        self.draft.into()
    }

    /// A part of the draft.
    pub fn part<T>(&self, read: impl Fn(&D) -> T + Send + Sync + 'static) -> Signal<T>
    where
        T: Send + Sync + 'static,
    {
        let draft = self.draft;
        Signal::derive(move || draft.with(&read))
    }

    /// The value, while the draft is one. Tracked: who reads it hears of every change of the draft.
    #[must_use]
    pub fn value(&self) -> Option<D::Value> {
        self.draft.with(D::parse).ok()
    }

    /// Takes what the person typed in the field at `pointer`.
    pub fn edit(&self, pointer: &'static str, change: impl FnOnce(&mut D)) {
        self.draft.update(change);
        self.fields.edited(D::judged_with(pointer));
    }

    /// Starts anew with this draft.
    pub fn reset(&self, draft: D) {
        self.draft.set(draft);
        self.fields.reset();
    }

    /// The value to send; otherwise shows every reason and takes the focus to the first field at fault.
    #[must_use]
    pub fn submit(&self) -> Option<D::Value> {
        self.fields.touch_all();
        let value = untrack(|| self.value());
        if value.is_none() {
            self.fields.focus_first_invalid();
        }
        value
    }

    /// Lays a server's refusal beside the fields that it names, and takes the focus to the first.
    /// Answers whether it named any: if not, the page has to say it.
    #[must_use]
    pub fn refuse(&self, problem: &Problem) -> bool {
        self.fields.refuse(problem)
    }

    /// What is wrong with the field at `pointer`, once it may be said.
    #[must_use]
    pub fn error(&self, pointer: &'static str) -> Signal<Option<FieldError>> {
        self.fields.error(pointer)
    }

    /// [`error`](Self::error) in words.
    #[must_use]
    pub fn reason(&self, pointer: &'static str) -> Signal<Option<String>> {
        self.fields.reason(pointer)
    }

    /// The element id of the field at `pointer`, the same for as long as the form lives.
    #[must_use]
    pub fn input_id(&self, pointer: &str) -> String {
        self.fields.input_id(pointer)
    }
}

/// An element id that no other element of this page has.
#[must_use]
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{number}")
}

/// Takes the focus to the element with this id once all that has just changed is on the page.
pub fn focus_soon(id: String) {
    spawn_local(async move {
        tick().await;
        focus(&id);
    });
}

/// Takes the focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    let element = leptos::prelude::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A failing focus means the element cannot take it; there is nowhere better to go.
        let _ = element.focus();
    }
}
