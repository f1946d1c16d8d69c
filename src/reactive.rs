//! Leptos' reactive parts, in one copy each.
//!
//! Leptos compiles its machinery anew for every closure that it is given. Boxed, the closures are all
//! of one type, and so is the machinery. docs/decisions/ has what that saves.

use leptos::prelude::*;

/// Runs now, and again whenever a signal that it read has changed.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// A view that is made anew whenever a signal that it reads has changed.
pub fn dynamic<V: IntoAny>(view: impl FnMut() -> V + Send + 'static) -> AnyView {
    view.into_any()
}

/// A value made of signals, made anew when one of them has changed; what depends on it hears only of
/// another value.
pub fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| value())
}

/// Keeps the parts of something that there is once, for as long as the console is open: so their place is never
/// given back, and whoever uses it carries a pointer instead of all of them.
pub fn lasting<T>(parts: T) -> &'static T {
    Box::leak(Box::new(parts))
}

/// A row of a list.
pub struct Row {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Row {
    /// A row that stays as it is for as long as `key` does. No two rows of a list have the same.
    pub fn new<V: IntoAny>(key: String, view: impl FnOnce() -> V + Send + 'static) -> Self {
        Self {
            key,
            view: Box::new(move || view().into_any()),
        }
    }
}

/// A list whose rows are made, moved and taken away as their keys come and go.
pub fn rows(all: impl Fn() -> Vec<Row> + Send + 'static) -> AnyView {
    boxed_rows(Box::new(all))
}

fn boxed_rows(all: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    view! { <For each=all key=|row| row.key.clone() children=|row| (row.view)()/> }.into_any()
}
