//! Rows on the page: those whose key stays are left as they are, and where they are if they can be.

use web_sys::Node;

use super::{State, build, dom};
use crate::view::Row;

/// Rows in their order, with the comment that stands behind the last one.
pub(crate) struct RowsState {
    rows: Vec<(String, State)>,
    end: Node,
}

impl RowsState {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        Self {
            rows: rows.into_iter().map(made).collect(),
            end: dom::comment(),
        }
    }

    pub(super) fn each_node(&self, each: &mut dyn FnMut(&Node)) {
        for (_, state) in &self.rows {
            state.each_node(each);
        }
        each(&self.end);
    }

    pub(super) fn rebuild(&mut self, rows: Vec<Row>) {
        let mut old: Vec<_> = self.rows.drain(..).map(Some).collect();
        // Where each row stood before. Most follow the one that they followed before.
        let mut stood: Vec<Option<usize>> = Vec::with_capacity(rows.len());
        let mut expected = 0;
        for row in rows {
            let is_it =
                |it: &Option<(String, State)>| it.as_ref().is_some_and(|it| it.0 == row.key);
            let at = if old.get(expected).is_some_and(is_it) {
                Some(expected)
            } else {
                old.iter().position(is_it)
            };
            let known = at.and_then(|at| {
                expected = at + 1;
                old[at].take()
            });
            stood.push(at);
            self.rows.push(known.unwrap_or_else(|| made(row)));
        }
        for (_, gone) in old.into_iter().flatten() {
            gone.unmount();
        }
        self.put_in_order(&stood);
    }

    /// From the last to the first: a row stays where it is if it stood before all that stay behind it.
    fn put_in_order(&self, stood: &[Option<usize>]) {
        let Some(parent) = self.end.parent_node() else {
            return;
        };
        let mut next = self.end.clone();
        let mut bound = usize::MAX;
        for ((_, state), at) in self.rows.iter().zip(stood).rev() {
            match at {
                Some(at) if *at < bound => bound = *at,
                _ => state.mount(&parent, Some(&next)),
            }
            next = state.first();
        }
    }
}

fn made(row: Row) -> (String, State) {
    let (key, view) = row.make();
    (key, build(view))
}
