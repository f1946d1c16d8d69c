//! `/`: no page of its own. It leads on to what serves the person best.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use tenure_domain::plan::Role;

use crate::reactive::effect;
use crate::{route::Route, state::session::SessionState};

/// Leads System Admins to Security & Control, and everybody else to their tokens.
#[component]
pub fn Home() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let navigate = use_navigate();
    effect(move || {
        let best = match session.plan() {
            Some(plan) if plan.role == Role::SystemAdmin => Route::SecurityControl(plan.id),
            _ => Route::ApiAccess,
        };
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&best.path(), options);
    });
}
