//! `/`: no page of its own. It leads on to what serves the person best.

use leptos::prelude::*;

use crate::reactive::effect;
use crate::{route::Route, router::Router, state::session::SessionState};

/// Leads System Admins to Security & Control, and everybody else to their tokens.
#[component]
pub fn Home() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    effect(move || {
        let best = match session.plan() {
            Some(plan) if plan.role.administers() => Route::SecurityControl(plan.id),
            _ => Route::ApiAccess,
        };
        router.replace(&best.path());
    });
}
