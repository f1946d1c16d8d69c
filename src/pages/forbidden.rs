//! A page that the person may not see. It says so in the page's place; the page itself is never made.

use leptos::prelude::*;

use crate::{
    components::{
        heading::PageHeading,
        icon::{Icon, Symbol},
    },
    route::Route,
    text::shell,
};

/// Why a page is not for this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They are in the plan, but not as a System Admin.
    NotAdmin,
    /// They are not in the plan, or there is none: the answer does not tell which.
    NotInPlan,
}

/// The 403 page.
#[component]
pub fn Forbidden(
    /// Why.
    why: Why,
) -> impl IntoView {
    let (heading, reason, remedy) = match why {
        Why::NotAdmin => (
            shell::FORBIDDEN,
            shell::FORBIDDEN_WHY,
            shell::FORBIDDEN_REMEDY,
        ),
        Why::NotInPlan => (shell::NOT_IN_PLAN, shell::NOT_IN_PLAN_WHY, ""),
    };
    view! {
        <div class="notice-page">
            <Icon symbol=Symbol::Lock />
            <PageHeading title=heading.to_owned() />
            <p class="muted">{reason} " " {remedy}</p>
            <p>
                <a class="btn" href=Route::ApiAccess.path()>
                    {shell::TO_YOUR_TOKENS}
                </a>
            </p>
        </div>
    }
}
