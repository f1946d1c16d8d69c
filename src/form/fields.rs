//! The fields of a form whatever its draft is: which have been edited, and what is wrong with them.

use leptos::prelude::{Memo, RwSignal, Signal, StoredValue};
use tenure_domain::problem::{FieldError, Problem};

use super::{focus, unique_id};
use crate::text::reasons;

/// What a form knows of its fields. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Fields(StoredValue<Parts>);

/// What it is made of.
#[derive(Clone, Copy)]
struct Parts {
    id: StoredValue<String>,
    all: &'static [&'static str],
    /// What the draft's own parse finds.
    wrong: Memo<Vec<FieldError>>,
    touched: RwSignal<Vec<&'static str>>,
    refused: RwSignal<Vec<FieldError>>,
}

fn at(errors: &[FieldError], pointer: &str) -> Option<FieldError> {
    errors.iter().find(|e| e.pointer == pointer).cloned()
}

impl Fields {
    pub(super) fn new(all: &'static [&'static str], wrong: Memo<Vec<FieldError>>) -> Self {
        Self(StoredValue::new(Parts {
            id: StoredValue::new(unique_id("form")),
            all,
            wrong,
            touched: RwSignal::new(Vec::new()),
            refused: RwSignal::new(Vec::new()),
        }))
    }

    fn parts(self) -> Parts {
        self.0.get_value()
    }

    /// The draft has changed, and the reasons of these fields may show from now on.
    pub(super) fn edited(self, judged: &[&'static str]) {
        self.touch(judged);
        self.parts().refused.set(Vec::new());
    }

    pub(super) fn reset(self) {
        self.parts().touched.set(Vec::new());
        self.parts().refused.set(Vec::new());
    }

    /// Shows every reason.
    pub(super) fn touch_all(self) {
        self.touch(self.parts().all);
    }

    fn touch(self, pointers: &[&'static str]) {
        self.parts()
            .touched
            .update(|touched| touched.extend(pointers));
    }

    pub(super) fn refuse(self, problem: &Problem) -> bool {
        let is_here = |error: &&FieldError| self.parts().all.contains(&error.pointer.as_str());
        let errors: Vec<_> = problem.errors.iter().filter(is_here).cloned().collect();
        let named_any = !errors.is_empty();
        self.parts().refused.set(errors);
        if named_any {
            self.focus_first_invalid();
        }
        named_any
    }

    pub(super) fn error(self, pointer: &'static str) -> Signal<Option<FieldError>> {
        Signal::derive(move || self.error_now(pointer))
    }

    pub(super) fn reason(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error_now(pointer).as_ref().map(reasons::of))
    }

    fn error_now(self, pointer: &str) -> Option<FieldError> {
        self.parts()
            .refused
            .with(|errors| at(errors, pointer))
            .or_else(|| {
                let own = self.parts().wrong.with(|errors| at(errors, pointer))?;
                let is_touched = self.parts().touched.with(|all| all.contains(&pointer));
                is_touched.then_some(own)
            })
    }

    pub(super) fn input_id(self, pointer: &str) -> String {
        let form = self.parts().id.get_value();
        let field = pointer.replace('/', "-");
        format!("{form}{field}")
    }

    pub(super) fn focus_first_invalid(self) {
        let invalid = |pointer: &&&str| {
            let at = |errors: &Vec<FieldError>| at(errors, pointer).is_some();
            self.parts().wrong.with_untracked(at) || self.parts().refused.with_untracked(at)
        };
        if let Some(pointer) = self.parts().all.iter().find(invalid) {
            focus(&self.input_id(pointer));
        }
    }
}
