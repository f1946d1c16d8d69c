//! A signal that is read and written.

use core::marker::PhantomData;

use crate::upstream::prelude::Track;

use super::{
    held::{self, Cell, Guard},
    reading,
    tracking::is_tracked,
};

/// A signal that is read and written.
pub struct RwSignal<T> {
    pub(super) cell: Cell,
    holds: PhantomData<fn() -> T>,
}

reading!(RwSignal, copy, with);

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that holds `value` until its owner goes.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            cell: held::cell(Box::new(value)),
            holds: PhantomData,
        }
    }

    /// Puts a value in place; answers whether the signal is still there.
    fn put(&self, value: T) -> bool {
        held::set(self.cell, Box::new(value))
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
        held::read_cell(self.cell, tracked)
    }

    /// Has whoever asks told of every change.
    pub fn track(&self) {
        if is_tracked() {
            self.cell.track();
        }
    }

    /// Changes the value; none where the signal is gone.
    pub fn try_update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut change = Some(change);
        let mut result = None;
        held::change(self.cell, &mut |held| {
            if let (Some(held), Some(change)) = (held::typed_mut(held), change.take()) {
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
