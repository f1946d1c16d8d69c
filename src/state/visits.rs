//! How many pages a visit has shown.

use leptos::prelude::*;

/// How many pages were shown before; a heading takes the focus from the second page on.
#[derive(Clone, Copy)]
pub struct Visits(StoredValue<u32>);

impl Default for Visits {
    fn default() -> Self {
        Self(StoredValue::new(0))
    }
}

impl Visits {
    /// Counts a page, and says whether it is the first.
    #[must_use]
    pub fn is_first(self) -> bool {
        self.0
            .try_update_value(|count| {
                *count += 1;
                *count == 1
            })
            .unwrap_or(true)
    }
}
