//! What every signal holds, and what is done with it whatever it is.

use core::any::Any;

use crate::upstream::prelude::{
    ArcMemo, ArcRwSignal, Read, ReadUntracked, ReadValue, Set, SetValue, Track, UpdateValue, Write,
};
use crate::upstream::reactive::owner::ArcStoredValue;

use super::{
    memo::Kept,
    table::{Entry, Held, Number, find, keep},
    tracking::{is_tracked, untrack},
};

/// Holds a value of any type while it is read.
pub(super) enum Guard {
    Held(<ArcRwSignal<Held> as ReadUntracked>::Value),
    Kept(<ArcMemo<Kept> as ReadUntracked>::Value),
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

/// A value that is read and written.
#[inline(never)]
pub(super) fn signal(value: Held) -> Number {
    keep(Entry::Signal(ArcRwSignal::new(value)))
}

/// A value that nobody is told of.
#[inline(never)]
pub(super) fn stored(value: Held) -> Number {
    keep(Entry::Stored(ArcStoredValue::new(value)))
}

/// Looks at a value; none where it is gone.
#[inline(never)]
pub(super) fn read(number: Number, tracked: bool) -> Option<Guard> {
    let tracked = tracked && is_tracked();
    match find(number)? {
        Entry::Signal(signal) if tracked => signal.try_read().map(Guard::Held),
        Entry::Signal(signal) => signal.try_read_untracked().map(Guard::Held),
        Entry::Memo(memo) if tracked => memo.try_read().map(Guard::Kept),
        Entry::Memo(memo) => memo.try_read_untracked().map(Guard::Kept),
        Entry::Stored(stored) => stored.try_read_value().map(Guard::Held),
    }
}

/// Has whoever asks told of every change.
#[inline(never)]
pub(super) fn track(number: Number) {
    if is_tracked()
        && let Some(Entry::Signal(signal)) = find(number)
    {
        signal.track();
    }
}

/// Puts another value of the same type in place, unless it is gone; answers whether it is there.
#[inline(never)]
pub(super) fn set(number: Number, value: Held) -> bool {
    match find(number) {
        Some(Entry::Signal(signal)) => signal.try_set(value).is_none(),
        Some(Entry::Stored(stored)) => stored.try_set_value(value).is_none(),
        _ => false,
    }
}

/// Changes the value and tells who reads it, unless it is gone.
#[inline(never)]
pub(super) fn change(number: Number, change: &mut dyn FnMut(&mut dyn Any)) {
    match find(number) {
        Some(Entry::Signal(signal)) => {
            if let Some(mut guard) = signal.try_write() {
                change(&mut **guard);
            }
        }
        Some(Entry::Stored(stored)) => {
            stored.try_update_value(|held| change(&mut **held));
        }
        _ => {}
    }
}

/// Changes the value that is a `T`; none where it is gone.
pub(super) fn update<T: 'static, R>(number: Number, by: impl FnOnce(&mut T) -> R) -> Option<R> {
    let mut by = Some(by);
    let mut result = None;
    change(number, &mut |held| {
        if let (Some(held), Some(by)) = (typed_mut(held), by.take()) {
            result = Some(by(held));
        }
    });
    result
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
fn look<T: 'static>(guard: &Option<Guard>) -> Option<&T> {
    typed(seen(guard)?)
}

/// What is held.
#[inline(never)]
fn seen(guard: &Option<Guard>) -> Option<&dyn Any> {
    Some(match guard.as_ref()? {
        Guard::Held(guard) => &***guard,
        Guard::Kept(guard) => guard.value(),
    })
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
