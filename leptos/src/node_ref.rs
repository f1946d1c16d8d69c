//! The element that a view has made, for those who need it later.

use core::marker::PhantomData;

use crate::upstream::html::ElementType;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use crate::{element::Place, signals::RwSignal};

type Known = Option<SendWrapper<web_sys::Element>>;

/// A place for an element. Leptos' own holds a signal of another type for each type of element.
pub struct NodeRef<E> {
    known: RwSignal<Known>,
    kind: PhantomData<fn() -> E>,
}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for NodeRef<E> {}

impl<E> Default for NodeRef<E>
where
    E: ElementType,
    E::Output: JsCast,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<E> NodeRef<E>
where
    E: ElementType,
    E::Output: JsCast,
{
    /// A place that is still empty.
    #[must_use]
    pub fn new() -> Self {
        Self {
            known: RwSignal::new(None),
            kind: PhantomData,
        }
    }

    /// The element, once it exists. Tracked.
    #[must_use]
    pub fn get(self) -> Option<E::Output> {
        typed(self.known.get())
    }

    /// The element, at this moment.
    #[must_use]
    pub fn get_untracked(self) -> Option<E::Output> {
        typed(self.known.get_untracked())
    }

    /// The element, at this moment; none at all where the view is gone.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<Option<E::Output>> {
        self.known.try_get_untracked().map(typed)
    }

    /// The place, whatever kind of element it is for.
    pub(crate) const fn erased(self) -> impl Place {
        AnyPlace(self.known)
    }
}

struct AnyPlace(RwSignal<Known>);

impl Place for AnyPlace {
    fn fill(&self, element: &web_sys::Element) {
        self.0.set(Some(SendWrapper::new(element.clone())));
    }
}

fn typed<T: JsCast>(known: Known) -> Option<T> {
    known.map(|element| element.take().unchecked_into())
}
