//! What every signal holds, and what is done with it whatever it is.

use core::any::Any;

use upstream::prelude::{RwSignal, Update, With, WithUntracked};

/// A value of any type.
pub(super) type Held = Box<dyn Any + Send + Sync>;

/// A signal of any type.
pub(super) type Cell = RwSignal<Held>;

pub(super) fn cell(value: Held) -> Cell {
    RwSignal::new(value)
}

/// Shows the value, unless the signal is gone.
pub(super) fn look(cell: Cell, tracked: bool, look: &mut dyn FnMut(&dyn Any)) {
    if tracked {
        cell.try_with(|held| look(&**held));
    } else {
        cell.try_with_untracked(|held| look(&**held));
    }
}

/// Changes the value and tells who reads it, unless the signal is gone.
pub(super) fn change(cell: Cell, change: &mut dyn FnMut(&mut dyn Any)) {
    cell.try_update(|held| change(&mut **held));
}
