//! A value that is kept for as long as its owner, and that nobody is told of.

use core::{any::Any, marker::PhantomData};

use upstream::prelude::{LocalStorage, UpdateValue, WithValue};

type Place = upstream::prelude::StoredValue<Box<dyn Any>, LocalStorage>;

/// A value that is kept. The second parameter is Leptos' and means nothing here: a browser has one thread.
pub struct StoredValue<T, S = ()> {
    place: Place,
    holds: PhantomData<fn() -> (T, S)>,
}

impl<T, S> Clone for StoredValue<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for StoredValue<T, S> {}

fn place(value: Box<dyn Any>) -> Place {
    Place::new_local(value)
}

fn reach(place: Place, reach: &mut dyn FnMut(&mut dyn Any)) {
    place.try_update_value(|held| reach(&mut **held));
}

fn look(place: Place, look: &mut dyn FnMut(&dyn Any)) {
    place.try_with_value(|held| look(&**held));
}

impl<T: 'static> StoredValue<T> {
    /// Keeps `value` until the owner goes.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            place: place(Box::new(value)),
            holds: PhantomData,
        }
    }
}

impl<T: 'static> StoredValue<T, LocalStorage> {
    /// Keeps `value`, which stays on this thread, until the owner goes.
    #[must_use]
    pub fn new_local(value: T) -> Self {
        Self {
            place: place(Box::new(value)),
            holds: PhantomData,
        }
    }
}

impl<T: 'static, S> StoredValue<T, S> {
    /// Hands the value to `read`; none where it is gone.
    pub fn try_with_value<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        let mut read = Some(read);
        let mut result = None;
        look(self.place, &mut |held| {
            if let (Some(held), Some(read)) = (held.downcast_ref(), read.take()) {
                result = Some(read(held));
            }
        });
        result
    }

    /// Hands the value to `read`.
    pub fn with_value<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.try_with_value(read).unwrap_or_else(|| super::gone())
    }

    /// Changes the value; none where it is gone.
    pub fn try_update_value<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut change = Some(change);
        let mut result = None;
        reach(self.place, &mut |held| {
            if let (Some(held), Some(change)) = (held.downcast_mut(), change.take()) {
                result = Some(change(held));
            }
        });
        result
    }

    /// Changes the value.
    pub fn update_value<R>(&self, change: impl FnOnce(&mut T) -> R) {
        if self.try_update_value(change).is_none() {
            super::gone();
        }
    }

    /// Puts a value in place; hands it back where there is none any more.
    pub fn try_set_value(&self, value: T) -> Option<T> {
        let mut value = Some(value);
        self.try_update_value(|held| {
            if let Some(value) = value.take() {
                *held = value;
            }
        });
        value
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
        self.try_with_value(T::clone)
    }

    /// The value.
    #[must_use]
    pub fn get_value(&self) -> T {
        self.with_value(T::clone)
    }
}
