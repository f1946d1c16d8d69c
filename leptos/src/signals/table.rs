//! Where the values of all signals are.
//!
//! A signal is a number. Leptos' own is a place in a table and how often that place was given away; such a pair is
//! copied into every closure that uses the signal, and a console is mostly closures. Numbers are never given twice,
//! so none can come to mean another signal.

use core::{
    any::Any,
    cell::{Cell, RefCell},
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
#[derive(Clone, Copy)]
pub(super) struct Number(u32);

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
    static TABLE: RefCell<HashMap<u32, Entry, FxBuildHasher>> =
        const { RefCell::new(HashMap::with_hasher(FxBuildHasher)) };
}

/// Keeps `entry` until the owner goes.
#[inline(never)]
pub(super) fn keep(entry: Entry) -> Number {
    let number = LAST.get() + 1;
    LAST.set(number);
    TABLE.with_borrow_mut(|table| table.insert(number, entry));
    ArenaItem::<_>::new(Owned(number));
    Number(number)
}

/// The entry; none once its owner is gone.
#[inline(never)]
pub(super) fn find(number: Number) -> Option<Entry> {
    TABLE.with_borrow(|table| table.get(&number.0).cloned())
}

/// What the owner holds of an entry.
struct Owned(u32);

impl Drop for Owned {
    fn drop(&mut self) {
        // What the entry held may own others: it goes once the table is free again.
        let gone = TABLE.try_with(|table| table.borrow_mut().remove(&self.0));
        drop(gone);
    }
}
