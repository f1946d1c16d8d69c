//! The first view of all.

use crate::upstream::prelude::{Owner, document};
use web_sys::HtmlElement;

use super::{State, build};
use crate::view::{AnyView, IntoView};

/// Shows a view for as long as the page is there.
pub fn mount_to_body<V: IntoView>(make: impl FnOnce() -> V + 'static) {
    if let Some(body) = document().body() {
        mount_to(body, make).forget();
    }
}

/// Shows a view in `parent`, until the answer is dropped.
#[expect(clippy::needless_pass_by_value, reason = "Leptos takes it so")]
pub fn mount_to<V: IntoView>(
    parent: HtmlElement,
    make: impl FnOnce() -> V + 'static,
) -> UnmountHandle {
    mount(&parent, Box::new(move || make().into_any()))
}

fn mount(parent: &HtmlElement, make: Box<dyn FnOnce() -> AnyView>) -> UnmountHandle {
    // It is initialized already where something has been mounted before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let state = owner.with(|| {
        let state = build(make());
        state.mount(parent, None);
        state
    });
    UnmountHandle { state, owner }
}

/// What has been mounted. Dropped, it is taken from the page.
#[must_use = "what is dropped is taken from the page"]
pub struct UnmountHandle {
    state: State,
    #[expect(dead_code, reason = "what it owns lives for as long as it does")]
    owner: Owner,
}

impl UnmountHandle {
    /// Leaves the view where it is for ever.
    pub fn forget(self) {
        core::mem::forget(self);
    }
}

impl Drop for UnmountHandle {
    fn drop(&mut self) {
        self.state.unmount();
    }
}
