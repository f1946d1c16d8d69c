//! Whether somebody is told of changes to what is read now.
//!
//! Leptos takes away who would be told and puts them back, around each component: some 30 bytes of program each
//! time. Here it is a count, of which every read takes notice; what runs on its own account begins anew.

use core::cell::Cell;

thread_local! {
    /// How many calls of [`untrack`] stand around what runs now.
    static UNTRACKED: Cell<u32> = const { Cell::new(0) };
}

/// Runs `read`, and has nobody told of changes to what it reads. The macros call it around components.
pub fn untrack<T>(read: impl FnOnce() -> T) -> T {
    enter();
    let result = read();
    leave();
    result
}

#[inline(never)]
fn enter() {
    UNTRACKED.set(UNTRACKED.get() + 1);
}

#[inline(never)]
fn leave() {
    UNTRACKED.set(UNTRACKED.get() - 1);
}

/// Whether whoever runs now is told.
pub(super) fn is_tracked() -> bool {
    UNTRACKED.get() == 0
}

/// For as long as this lives, what is read is read on one's own account: a memo's, or a view's that follows
/// signals, wherever they are asked for.
pub(crate) struct OnOwnAccount(u32);

impl OnOwnAccount {
    #[inline(never)]
    pub(crate) fn begin() -> Self {
        Self(UNTRACKED.replace(0))
    }
}

impl Drop for OnOwnAccount {
    #[inline(never)]
    fn drop(&mut self) {
        UNTRACKED.set(self.0);
    }
}
