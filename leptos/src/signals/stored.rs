//! A value that is kept for as long as its owner, and that nobody is told of.

use core::marker::PhantomData;

use crate::upstream::prelude::LocalStorage;

use super::{held, table::Number};

/// A value that is kept. The second parameter is Leptos' and means nothing here: a browser has one thread.
pub struct StoredValue<T, S = ()> {
    number: Number,
    holds: PhantomData<fn() -> (T, S)>,
}

impl<T, S> Clone for StoredValue<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for StoredValue<T, S> {}

impl<T: 'static> StoredValue<T> {
    /// Keeps `value` until the owner goes.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            number: held::stored(Box::new(value)),
            holds: PhantomData,
        }
    }
}

impl<T: 'static> StoredValue<T, LocalStorage> {
    /// Keeps `value`, which stays on this thread, until the owner goes.
    #[must_use]
    pub fn new_local(value: T) -> Self {
        Self {
            number: held::stored(Box::new(value)),
            holds: PhantomData,
        }
    }
}

impl<T: 'static, S> StoredValue<T, S> {
    /// Hands the value to `read`; none where it is gone.
    pub fn try_with_value<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        held::with(held::read(self.number, false), read)
    }

    /// Hands the value to `read`.
    pub fn with_value<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.try_with_value(read).unwrap_or_else(|| super::gone())
    }

    /// Changes the value; none where it is gone.
    pub fn try_update_value<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        held::update(self.number, change)
    }

    /// Changes the value.
    pub fn update_value<R>(&self, change: impl FnOnce(&mut T) -> R) {
        if self.try_update_value(change).is_none() {
            super::gone();
        }
    }

    /// Puts a value in place; answers something where there is none any more.
    pub fn try_set_value(&self, value: T) -> Option<()> {
        (!held::set(self.number, Box::new(value))).then_some(())
    }

    /// Puts a value in place.
    pub fn set_value(&self, value: T) {
        if self.try_set_value(value).is_some() {
            super::gone();
        }
    }
}

impl<T: Clone + 'static, S> StoredValue<T, S> {
    /// The value; none where it is gone.
    #[must_use]
    pub fn try_get_value(&self) -> Option<T> {
        held::copy(held::read(self.number, false))
    }

    /// The value.
    #[must_use]
    pub fn get_value(&self) -> T {
        self.try_get_value().unwrap_or_else(|| super::gone())
    }
}
