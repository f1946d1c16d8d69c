//! What a person typed, on its way to a request: raw text → the domain's own parse → errors by field.
//!
//! Lives here: when a reason is shown, where a server's refusal lands, and which field gets the
//! focus. Deliberately not here: any rule of validity (the domain decides), the wording of reasons
//! (`text::reasons`), and markup.
//!
//! A field is named by its JSON pointer in the request's body, the same that a problem's
//! `errors[].pointer` has, so both sides' errors meet in the same place.

use core::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::{Memo, RwSignal, Signal, StoredValue};
use leptos::task::{spawn_local, tick};
use tenure_domain::{
    id::PlanId,
    period::{Period, Unit},
    problem::{FieldError, Problem},
    wire::tokens::NewToken,
};
use wasm_bindgen::JsCast;

use crate::reactive::memo;
use crate::text::reasons;

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
    id: StoredValue<String>,
    draft: RwSignal<D>,
    parsed: Memo<Result<D::Value, Vec<FieldError>>>,
    touched: RwSignal<Vec<&'static str>>,
    refused: RwSignal<Vec<FieldError>>,
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
        Self {
            id: StoredValue::new(unique_id("form")),
            draft,
            parsed: memo(move || draft.with(D::parse)),
            touched: RwSignal::new(Vec::new()),
            refused: RwSignal::new(Vec::new()),
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

    /// The value, while the draft is one.
    #[must_use]
    pub fn value(&self) -> Option<D::Value> {
        self.parsed.get().ok()
    }

    /// Takes what the person typed in the field at `pointer`.
    pub fn edit(&self, pointer: &'static str, change: impl FnOnce(&mut D)) {
        self.draft.update(change);
        self.touch(D::judged_with(pointer));
        self.refused.set(Vec::new());
    }

    /// Starts anew with this draft.
    pub fn reset(&self, draft: D) {
        self.draft.set(draft);
        self.touched.set(Vec::new());
        self.refused.set(Vec::new());
    }

    /// The value to send; otherwise shows every reason and takes the focus to the first field at fault.
    #[must_use]
    pub fn submit(&self) -> Option<D::Value> {
        self.touch(D::FIELDS);
        let value = self.parsed.get_untracked().ok();
        if value.is_none() {
            self.focus_first_invalid();
        }
        value
    }

    /// Lays a server's refusal beside the fields that it names, and takes the focus to the first.
    /// Answers whether it named any: if not, the page has to say it.
    #[must_use]
    pub fn refuse(&self, problem: &Problem) -> bool {
        let errors: Vec<_> = problem
            .errors
            .iter()
            .filter(|error| D::FIELDS.contains(&error.pointer.as_str()))
            .cloned()
            .collect();
        let named_any = !errors.is_empty();
        self.refused.set(errors);
        if named_any {
            self.focus_first_invalid();
        }
        named_any
    }

    /// What is wrong with the field at `pointer`, once it may be said.
    #[must_use]
    pub fn error(&self, pointer: &'static str) -> Signal<Option<FieldError>> {
        let form = *self;
        Signal::derive(move || form.error_now(pointer))
    }

    /// [`error`](Self::error) in words.
    #[must_use]
    pub fn reason(&self, pointer: &'static str) -> Signal<Option<String>> {
        let form = *self;
        Signal::derive(move || form.error_now(pointer).as_ref().map(reasons::of))
    }

    /// The element id of the field at `pointer`, the same for as long as the form lives.
    #[must_use]
    pub fn input_id(&self, pointer: &str) -> String {
        let form = self.id.get_value();
        let field = pointer.replace('/', "-");
        format!("{form}{field}")
    }

    fn touch(&self, pointers: &[&'static str]) {
        self.touched.update(|touched| touched.extend(pointers));
    }

    fn error_now(&self, pointer: &str) -> Option<FieldError> {
        let at = |errors: &Vec<FieldError>| errors.iter().find(|e| e.pointer == pointer).cloned();
        let own = || match self.parsed.get() {
            Err(errors) if self.touched.with(|all| all.contains(&pointer)) => at(&errors),
            _ => None,
        };
        self.refused.with(at).or_else(own)
    }

    fn focus_first_invalid(&self) {
        let invalid = |pointer: &&&str| {
            let at = |errors: &Vec<FieldError>| errors.iter().any(|e| e.pointer == **pointer);
            let own = self
                .parsed
                .with_untracked(|parsed| parsed.as_ref().is_err_and(at));
            own || self.refused.with_untracked(at)
        };
        if let Some(pointer) = D::FIELDS.iter().find(invalid) {
            focus(&self.input_id(pointer));
        }
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
