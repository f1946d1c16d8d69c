//! A signal that is only read, wherever its value comes from.

use core::marker::PhantomData;

use super::{
    held::{self, Cell, Derived, Guard, Place},
    memo::{Kernel, Memo},
    reading,
    rw::RwSignal,
};

/// A signal that is only read.
pub struct Signal<T> {
    source: Source,
    holds: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy)]
enum Source {
    Cell(Cell),
    Memo(Kernel),
    /// A value, or what derives one.
    Place(Place),
}

impl Source {
    #[inline(never)]
    fn read(self, tracked: bool) -> Option<Guard> {
        match self {
            Self::Cell(cell) => held::read_cell(cell, tracked),
            Self::Memo(memo) => held::read_memo(memo, tracked),
            Self::Place(place) => held::read_place(place),
        }
    }
}

reading!(Signal, copy_or_derive, with_or_derive);

impl<T> Signal<T> {
    const fn of(source: Source) -> Self {
        Self {
            source,
            holds: PhantomData,
        }
    }

    fn read(&self, tracked: bool) -> Option<Guard> {
        self.source.read(tracked)
    }
}

impl<T: 'static> Signal<T> {
    /// What `make` makes of other signals, made anew for each who reads it.
    #[must_use]
    pub fn derive(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::of(derived(Box::new(make)))
    }

    /// A value that never changes.
    #[must_use]
    pub fn stored(value: T) -> Self {
        Self::of(Source::Place(held::place(Box::new(value))))
    }
}

#[inline(never)]
fn derived<T: 'static>(make: Box<dyn held::Derive<T>>) -> Source {
    Source::Place(held::place(Box::new(Derived(make))))
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::of(Source::Cell(signal.cell))
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::of(Source::Memo(memo.memo))
    }
}

impl<T: 'static> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::stored(value)
    }
}

impl From<&str> for Signal<String> {
    #[inline(never)]
    fn from(value: &str) -> Self {
        Self::stored(value.to_owned())
    }
}
