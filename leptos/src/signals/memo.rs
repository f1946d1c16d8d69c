//! A value made of signals, of which others hear only when it is another one.

use core::{any::Any, marker::PhantomData};

use crate::upstream::prelude::ArcMemo;

use super::{
    held::{self, Guard},
    reading,
    table::{Entry, Number, keep},
    tracking::OnOwnAccount,
};

/// A value that can be compared, of any type.
trait Same: Any + Send + Sync {
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Same for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        held::typed(other) == Some(self)
    }
}

/// What a memo holds.
pub(super) struct Kept(Box<dyn Same>);

impl Kept {
    pub(super) fn value(&self) -> &dyn Any {
        &*self.0
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).is_same(other.value())
    }
}

/// Makes what a memo holds. A trait of its own in place of `Fn`, so that its table has this one function.
trait Make: Send + Sync {
    fn make(&self, last: Option<&Kept>) -> Kept;
}

struct Maker<F, T>(F, PhantomData<fn() -> T>);

impl<T, F> Make for Maker<F, T>
where
    T: PartialEq + Send + Sync + 'static,
    F: Fn(Option<&T>) -> T + Send + Sync,
{
    fn make(&self, last: Option<&Kept>) -> Kept {
        let last = last.and_then(|last| held::typed(last.value()));
        Kept(Box::new((self.0)(last)))
    }
}

/// A value made of signals.
pub struct Memo<T> {
    pub(super) number: Number,
    holds: PhantomData<fn() -> T>,
}

reading!(Memo, copy, with);

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A value that `make` makes whenever a signal that it read has changed; it is given the last one.
    #[must_use]
    pub fn new(make: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        Self {
            number: memo(Box::new(Maker(make, PhantomData))),
            holds: PhantomData,
        }
    }
}

#[inline(never)]
fn memo(maker: Box<dyn Make>) -> Number {
    keep(Entry::Memo(ArcMemo::new(move |last| {
        let _account = OnOwnAccount::begin();
        maker.make(last)
    })))
}

impl<T: 'static> Memo<T> {
    fn read(&self, tracked: bool) -> Option<Guard> {
        held::read(self.number, tracked)
    }
}
