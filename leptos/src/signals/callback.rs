//! A function that a component is given.

use core::marker::PhantomData;

use super::{held, table::Number};

/// A function that is kept for as long as its owner. Cheap to copy.
pub struct Callback<In, Out = ()> {
    number: Number,
    takes: PhantomData<fn(In) -> Out>,
}

impl<In, Out> Clone for Callback<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<In, Out> Copy for Callback<In, Out> {}

/// A trait of its own in place of `Fn`, so that its table has this one function.
trait Run<In, Out> {
    fn run(&self, input: In) -> Out;
}

impl<In, Out, F: Fn(In) -> Out> Run<In, Out> for F {
    fn run(&self, input: In) -> Out {
        self(input)
    }
}

type Kept<In, Out> = Box<dyn Run<In, Out>>;

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// Keeps `run` until the owner goes.
    #[must_use]
    pub fn new(run: impl Fn(In) -> Out + Send + Sync + 'static) -> Self {
        Self::of(Box::new(run))
    }

    #[inline(never)]
    fn of(run: Kept<In, Out>) -> Self {
        Self {
            number: held::stored(Box::new(run)),
            takes: PhantomData,
        }
    }

    /// Runs it; not where it is gone.
    pub fn try_run(&self, input: In) -> Option<Out> {
        held::with(held::read(self.number, false), |run: &Kept<In, Out>| {
            run.run(input)
        })
    }

    /// Runs it.
    #[inline(never)]
    pub fn run(&self, input: In) -> Out {
        self.try_run(input).unwrap_or_else(|| super::gone())
    }
}
