//! A signal that is read and written.

use core::marker::PhantomData;

use super::{
    held::{self, Guard},
    reading,
    table::Number,
};

/// A signal that is read and written.
pub struct RwSignal<T> {
    pub(super) number: Number,
    holds: PhantomData<fn() -> T>,
}

reading!(RwSignal, copy, with);

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that holds `value` until its owner goes.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            number: held::signal(Box::new(value)),
            holds: PhantomData,
        }
    }

    /// Puts a value in place; answers whether the signal is still there.
    fn put(&self, value: T) -> bool {
        held::set(self.number, Box::new(value))
    }

    /// Puts a value in place. Answers something where the signal is gone.
    pub fn try_set(&self, value: T) -> Option<()> {
        (!self.put(value)).then_some(())
    }

    /// Puts a value in place.
    pub fn set(&self, value: T) {
        if !self.put(value) {
            super::gone();
        }
    }
}

impl<T: 'static> RwSignal<T> {
    fn read(&self, tracked: bool) -> Option<Guard> {
        held::read(self.number, tracked)
    }

    /// Has whoever asks told of every change.
    pub fn track(&self) {
        held::track(self.number);
    }

    /// Changes the value; none where the signal is gone.
    pub fn try_update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        held::update(self.number, change)
    }

    /// Changes the value.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        if self.try_update(change).is_none() {
            super::gone();
        }
    }
}
