//! A signal that is read and written.

use core::marker::PhantomData;

use upstream::prelude::Track;

use super::{
    held::{self, Cell},
    reading,
};

/// A signal that is read and written.
pub struct RwSignal<T> {
    pub(super) cell: Cell,
    holds: PhantomData<fn() -> T>,
}

reading!(RwSignal);

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that holds `value` until its owner goes.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            cell: held::cell(Box::new(value)),
            holds: PhantomData,
        }
    }
}

impl<T: 'static> RwSignal<T> {
    pub(super) fn look(&self, tracked: bool, look: &mut dyn FnMut(&T)) {
        held::look(self.cell, tracked, &mut |held| {
            if let Some(value) = held.downcast_ref() {
                look(value);
            }
        });
    }

    /// Has whoever asks told of every change.
    pub fn track(&self) {
        self.cell.track();
    }

    /// Puts a value in place; hands it back where the signal is gone.
    pub fn try_set(&self, value: T) -> Option<T> {
        let mut value = Some(value);
        held::change(self.cell, &mut |held| {
            if let (Some(held), Some(value)) = (held.downcast_mut(), value.take()) {
                *held = value;
            }
        });
        value
    }

    /// Puts a value in place.
    pub fn set(&self, value: T) {
        if self.try_set(value).is_some() {
            super::gone();
        }
    }

    /// Changes the value; none where the signal is gone.
    pub fn try_update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut change = Some(change);
        let mut result = None;
        held::change(self.cell, &mut |held| {
            if let (Some(held), Some(change)) = (held.downcast_mut(), change.take()) {
                result = Some(change(held));
            }
        });
        result
    }

    /// Changes the value.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        if self.try_update(change).is_none() {
            super::gone();
        }
    }
}
