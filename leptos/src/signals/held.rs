//! What every signal holds, and what is done with it whatever it is.

use core::any::Any;

use crate::upstream::prelude::{
    LocalStorage, Read, ReadUntracked, ReadValue, RwSignal, Set, StoredValue, Write,
};

use super::{
    memo::Kernel,
    tracking::{is_tracked, untrack},
};

/// A value of any type.
pub(super) type Held = Box<dyn Any + Send + Sync>;

/// A signal of any type.
pub(super) type Cell = RwSignal<Held>;

/// A value of any type that nobody is told of.
pub(super) type Place = StoredValue<Box<dyn Any>, LocalStorage>;

/// Holds a value of any type while it is read.
pub(super) enum Guard {
    Cell(<Cell as ReadUntracked>::Value),
    Memo(<Kernel as ReadUntracked>::Value),
    Place(<Place as ReadValue>::Value),
}

/// What makes a value anew for each who reads it.
pub(super) struct Derived<T>(pub(super) Box<dyn Derive<T>>);

/// A trait of its own in place of `Fn`, so that its table has this one function.
pub(super) trait Derive<T> {
    fn derive(&self) -> T;
}

impl<T, F: Fn() -> T> Derive<T> for F {
    fn derive(&self) -> T {
        self()
    }
}

impl Guard {
    #[inline(never)]
    fn value(&self) -> &dyn Any {
        match self {
            Self::Cell(guard) => &***guard,
            Self::Memo(guard) => guard.value(),
            Self::Place(guard) => &***guard,
        }
    }
}

#[inline(never)]
pub(super) fn cell(value: Held) -> Cell {
    RwSignal::new(value)
}

#[inline(never)]
pub(super) fn place(value: Box<dyn Any>) -> Place {
    Place::new_local(value)
}

/// Looks into a signal; none where it is gone.
#[inline(never)]
pub(super) fn read_cell(cell: Cell, tracked: bool) -> Option<Guard> {
    let guard = if tracked && is_tracked() {
        cell.try_read()
    } else {
        cell.try_read_untracked()
    };
    guard.map(Guard::Cell)
}

/// Looks into a memo; none where it is gone.
#[inline(never)]
pub(super) fn read_memo(memo: Kernel, tracked: bool) -> Option<Guard> {
    let guard = if tracked && is_tracked() {
        memo.try_read()
    } else {
        memo.try_read_untracked()
    };
    guard.map(Guard::Memo)
}

/// Looks into a place; none where it is gone.
#[inline(never)]
pub(super) fn read_place(place: Place) -> Option<Guard> {
    place.try_read_value().map(Guard::Place)
}

/// Puts another value of the same type into a signal, unless it is gone; answers whether it is there.
#[inline(never)]
pub(super) fn set(cell: Cell, value: Held) -> bool {
    cell.try_set(value).is_none()
}

/// Changes the value and tells who reads it, unless the signal is gone.
#[inline(never)]
pub(super) fn change(cell: Cell, change: &mut dyn FnMut(&mut dyn Any)) {
    if let Some(mut guard) = cell.try_write() {
        change(&mut **guard);
    }
}

/// The value as what it is.
#[inline(never)]
pub(super) fn typed<T: 'static>(value: &dyn Any) -> Option<&T> {
    value.downcast_ref()
}

/// The value as what it is, to be changed.
#[inline(never)]
pub(super) fn typed_mut<T: 'static>(value: &mut dyn Any) -> Option<&mut T> {
    value.downcast_mut()
}

/// What is held, as what it is.
#[inline(never)]
fn look<T: 'static>(guard: &Option<Guard>) -> Option<&T> {
    guard.as_ref()?.value().downcast_ref()
}

/// A copy of what is held.
#[expect(clippy::needless_pass_by_value, reason = "the guard goes here")]
#[inline(never)]
pub(super) fn copy<T: Clone + 'static>(guard: Option<Guard>) -> Option<T> {
    look::<T>(&guard).cloned()
}

/// A copy of what is held, or what is made anew of other signals.
#[expect(clippy::needless_pass_by_value, reason = "the guard goes here")]
#[inline(never)]
pub(super) fn copy_or_derive<T: Clone + 'static>(guard: Option<Guard>, tracked: bool) -> Option<T> {
    match look::<T>(&guard) {
        Some(value) => Some(value.clone()),
        None => derived(&guard, tracked),
    }
}

/// Hands over what is held.
#[expect(clippy::needless_pass_by_value, reason = "the guard goes here")]
pub(super) fn with<T: 'static, R>(guard: Option<Guard>, read: impl FnOnce(&T) -> R) -> Option<R> {
    look(&guard).map(read)
}

/// Hands over what is held, or what is made anew of other signals.
#[expect(clippy::needless_pass_by_value, reason = "the guard goes here")]
pub(super) fn with_or_derive<T: 'static, R>(
    guard: Option<Guard>,
    tracked: bool,
    read: impl FnOnce(&T) -> R,
) -> Option<R> {
    let made;
    let value = match look(&guard) {
        Some(value) => value,
        None => {
            made = derived(&guard, tracked)?;
            &made
        }
    };
    Some(read(value))
}

#[inline(never)]
fn derived<T: 'static>(guard: &Option<Guard>, tracked: bool) -> Option<T> {
    let maker: &Derived<T> = look(guard)?;
    Some(if tracked {
        maker.0.derive()
    } else {
        untrack(|| maker.0.derive())
    })
}
