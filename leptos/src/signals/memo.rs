//! A value made of signals, of which others hear only when it is another one.

use core::{any::Any, marker::PhantomData};

use upstream::prelude::{With, WithUntracked};

use super::reading;

/// A value that can be compared, of any type.
trait Same: Any + Send + Sync {
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Same for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

struct Kept(Box<dyn Same>);

impl Kept {
    fn value(&self) -> &dyn Any {
        &*self.0
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).is_same(other.value())
    }
}

/// A value made of signals.
pub struct Memo<T> {
    memo: upstream::prelude::Memo<Kept>,
    holds: PhantomData<fn() -> T>,
}

reading!(Memo);

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A value that `make` makes whenever a signal that it read has changed; it is given the last one.
    #[must_use]
    pub fn new(make: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let make = move |last: Option<&Kept>| {
            let last = last.and_then(|last| last.value().downcast_ref());
            Kept(Box::new(make(last)))
        };
        Self {
            memo: memo(Box::new(make)),
            holds: PhantomData,
        }
    }
}

type Make = Box<dyn Fn(Option<&Kept>) -> Kept + Send + Sync>;

fn memo(make: Make) -> upstream::prelude::Memo<Kept> {
    upstream::prelude::Memo::new(make)
}

fn look(memo: upstream::prelude::Memo<Kept>, tracked: bool, look: &mut dyn FnMut(&dyn Any)) {
    if tracked {
        memo.try_with(|kept| look(kept.value()));
    } else {
        memo.try_with_untracked(|kept| look(kept.value()));
    }
}

impl<T: 'static> Memo<T> {
    pub(super) fn look(&self, tracked: bool, show: &mut dyn FnMut(&T)) {
        look(self.memo, tracked, &mut |kept| {
            if let Some(value) = kept.downcast_ref() {
                show(value);
            }
        });
    }
}
