//! Lists whose rows are made, moved and taken away as their keys come and go.

#![expect(
    unreachable_pub,
    reason = "the macro leaves the function that it wraps as it is"
)]

use crate::upstream::prelude::Owner;

use super::{AnyView, IntoAny, IntoView, What, owned::under};

/// A row: what tells it from the others, and what makes it.
pub(crate) struct Row {
    pub(crate) key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
    /// What owns the list: a row lives on when the others are made anew.
    owner: Owner,
}

impl Row {
    pub(crate) fn make(self) -> (String, AnyView) {
        (self.key, under(&self.owner, self.view))
    }
}

struct Rows(Vec<Row>);

impl IntoAny for Rows {
    fn into_any(self) -> AnyView {
        AnyView::of(What::Rows(self.0))
    }
}

/// Shows a row for each item. A row stays as it is for as long as its key is there; no two have the same.
#[crate::upstream::prelude::component]
pub fn For<I, T, K, V>(
    /// All items.
    each: impl Fn() -> I + Send + 'static,
    /// What tells an item from the others.
    key: impl Fn(&T) -> K + Send + 'static,
    /// The row of an item.
    children: impl Fn(T) -> V + Clone + Send + 'static,
) -> impl IntoView
where
    I: IntoIterator<Item = T> + 'static,
    T: Send + 'static,
    K: Into<String> + 'static,
    V: IntoAny + 'static,
{
    let owner = Owner::current().unwrap_or_default();
    let row = move |item: T| {
        let children = children.clone();
        Row {
            key: key(&item).into(),
            view: Box::new(move || children(item).into_any()),
            owner: owner.clone(),
        }
    };
    move || Rows(each().into_iter().map(&row).collect())
}
