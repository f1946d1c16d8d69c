//! A signal that is only read, wherever its value comes from.

use core::marker::PhantomData;

use super::{
    held::{self, Derived, Guard},
    memo::Memo,
    reading,
    rw::RwSignal,
    table::Number,
};

/// A signal that is only read.
pub struct Signal<T> {
    number: Number,
    holds: PhantomData<fn() -> T>,
}

reading!(Signal, copy_or_derive, with_or_derive);

impl<T> Signal<T> {
    const fn of(number: Number) -> Self {
        Self {
            number,
            holds: PhantomData,
        }
    }

    fn read(&self, tracked: bool) -> Option<Guard> {
        held::read(self.number, tracked)
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
        Self::of(held::stored(Box::new(value)))
    }
}

#[inline(never)]
fn derived<T: 'static>(make: Box<dyn held::Derive<T>>) -> Number {
    held::stored(Box::new(Derived(make)))
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::of(signal.number)
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::of(memo.number)
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
