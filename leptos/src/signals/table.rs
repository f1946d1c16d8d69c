//! Where the values of all signals are.
//!
//! A signal is a number. Leptos' own is a place in a table and how often that place was given away; such a pair is
//! copied into every closure that uses the signal, and a console is mostly closures. Numbers are never given twice,
//! so none can come to mean another signal.

use core::{
    any::Any,
    cell::{Cell, RefCell},
    num::NonZeroU32,
};
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::upstream::{
    prelude::{ArcMemo, ArcRwSignal},
    reactive::owner::{ArcStoredValue, ArenaItem},
};

use super::memo::Kept;

/// A value of any type.
pub(super) type Held = Box<dyn Any>;

/// What has a number.
#[derive(Clone)]
pub(super) enum Entry {
    /// A value that is read and written.
    Signal(ArcRwSignal<Held>),
    /// A value made of signals.
    Memo(ArcMemo<Kept>),
    /// A value that nobody is told of.
    Stored(ArcStoredValue<Held>),
}

/// The number of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Number(NonZeroU32);

thread_local! {
    static LAST: Cell<NonZeroU32> = const { Cell::new(NonZeroU32::MIN) };
    static TABLE: RefCell<HashMap<Number, Entry, FxBuildHasher>> =
        const { RefCell::new(HashMap::with_hasher(FxBuildHasher)) };
}

/// Keeps `entry` until the owner goes.
#[inline(never)]
pub(super) fn keep(entry: Entry) -> Number {
    let number = Number(LAST.get().saturating_add(1));
    LAST.set(number.0);
    TABLE.with_borrow_mut(|table| table.insert(number, entry));
    ArenaItem::<_>::new(Owned(number));
    number
}

/// The entry; none once its owner is gone.
#[inline(never)]
pub(super) fn find(number: Number) -> Option<Entry> {
    TABLE.with_borrow(|table| table.get(&number).cloned())
}

/// What the owner holds of an entry.
struct Owned(Number);

impl Drop for Owned {
    fn drop(&mut self) {
        // What the entry held may own others: it goes once the table is free again.
        let gone = TABLE.try_with(|table| table.borrow_mut().remove(&self.0));
        drop(gone);
    }
}
