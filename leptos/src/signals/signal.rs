//! A signal that is only read, wherever its value comes from.

use super::{memo::Memo, reading, rw::RwSignal, stored::StoredValue};

/// A signal that is only read.
pub struct Signal<T>(Source<T>);

enum Source<T> {
    Cell(RwSignal<T>),
    Memo(Memo<T>),
    Derived(StoredValue<Box<dyn Fn() -> T>>),
    Stored(StoredValue<T>),
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<T> {}

reading!(Signal);

impl<T: 'static> Signal<T> {
    /// What `make` makes of other signals, made anew for each who reads it.
    #[must_use]
    pub fn derive(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Source::Derived(StoredValue::new(Box::new(make))))
    }

    /// A value that never changes.
    #[must_use]
    pub fn stored(value: T) -> Self {
        Self(Source::Stored(StoredValue::new(value)))
    }

    fn look(&self, tracked: bool, look: &mut dyn FnMut(&T)) {
        match self.0 {
            Source::Cell(cell) => cell.look(tracked, look),
            Source::Memo(memo) => memo.look(tracked, look),
            Source::Derived(make) => {
                let make = || make.try_with_value(|make| make());
                let value = if tracked {
                    make()
                } else {
                    upstream::prelude::untrack(make)
                };
                if let Some(value) = &value {
                    look(value);
                }
            }
            Source::Stored(value) => {
                value.try_with_value(look);
            }
        }
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(cell: RwSignal<T>) -> Self {
        Self(Source::Cell(cell))
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self(Source::Memo(memo))
    }
}

impl<T: 'static> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::stored(value)
    }
}

impl From<&str> for Signal<String> {
    fn from(value: &str) -> Self {
        Self::stored(value.to_owned())
    }
}
