//! The top bar, put to work: what choosing a plan, choosing a theme and signing out do.

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::session::Membership};

use super::shell::NAV_ID;
use crate::reactive::{dynamic, memo};
use crate::{
    api::{self, ApiError, Client},
    components::{
        icon::{Icon, Symbol},
        top_bar::{AccountMenu, DrawerButton, PlanSwitcher, ThemeMenu},
    },
    format::{self, Detail, Zone},
    route::Route,
    router::{Leave, Router},
    state::{
        clock::ServerClock,
        session::{Phase, SessionState},
        theme::ThemeState,
    },
    text::shell,
};

/// The bar.
#[component]
pub fn ShellBar(
    /// The page on show.
    route: Memo<Option<Route>>,
    /// Whether the navigation's drawer is open.
    drawer: RwSignal<bool>,
    /// Why the session could not be ended, when somebody tried.
    trouble: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let theme = expect_context::<ThemeState>();
    let current_plan = Signal::derive(move || session.plan().map(|plan| plan.id));
    let choose_plan = choose_plan(route, session);
    let of_one_plan =
        memo(move || route.with(|it| it.as_ref().is_some_and(|it| it.plan().is_some())));
    let sign_out = sign_out(trouble, Route::SignIn.path());
    // Another person gets another frame, so this one has a single person for good.
    let who = untrack(|| session.get()).map(|session| session.user);
    view! {
        <header class="top">
            <DrawerButton controls=NAV_ID open=drawer />
            <a class="brand" href=Route::Home.path()>
                <Icon symbol=Symbol::Brand />
                <span class="brand-name">{shell::TENURE}</span>
            </a>
            {dynamic(move || {
                view! {
                    <PlanSwitcher
                        plans=plans_to_choose_from(session, of_one_plan.get())
                        current=current_plan
                        on_choose=choose_plan
                    />
                }
            })}
            <Clock />
            <ThemeMenu
                theme=Signal::derive(move || theme.get())
                on_choose=Callback::new(move |chosen| theme.choose(chosen))
            />
            {who
                .map(|user| {
                    view! {
                        <AccountMenu
                            name=user.name
                            email=user.email
                            settings_href=Route::ApiAccess.path()
                            on_sign_out=sign_out
                        />
                    }
                })}
        </header>
    }
}

/// The plans, where a choice of one changes something: on a page of one plan, and for whoever has such a
/// page in the Admin Center.
fn plans_to_choose_from(session: SessionState, of_one_plan: bool) -> Vec<Membership> {
    let plans = session.get().map(|session| session.plans);
    let plans = plans.unwrap_or_default();
    let administers = plans.iter().any(|plan| plan.role.administers());
    if administers || of_one_plan || plans.len() == 1 {
        plans
    } else {
        Vec::new()
    }
}

/// The server's clock in the viewer's zone.
#[component]
pub(super) fn Clock() -> impl IntoView {
    let server_clock = expect_context::<ServerClock>();
    let words = move || {
        let now = server_clock.now();
        let zone = format::zone_label(now, Zone::Viewer);
        format!(
            "{} {zone}",
            format::instant(now, Detail::Second, Zone::Viewer)
        )
    };
    view! {
        <span class="clock num small muted" title=shell::SERVER_CLOCK>
            <span class="visually-hidden">{shell::SERVER_CLOCK} " "</span>
            <time>{dynamic(words)}</time>
        </span>
    }
}

/// The page on show opens for the plan that is chosen, where it is there for the person; otherwise, a
/// plan that they administer opens its Security & Control. Of another one there is nothing in the Admin
/// Center, so such a page is left.
fn choose_plan(route: Memo<Option<Route>>, session: SessionState) -> Callback<PlanId> {
    let router = expect_context::<Router>();
    Callback::new(move |plan: PlanId| {
        let place = session.membership_now(&plan);
        let administers = place.is_some_and(|place| place.role.administers());
        let here = route.get_untracked().unwrap_or(Route::Home);
        let Some(to) = here.in_plan(plan.clone(), administers) else {
            return session.choose_plan(plan);
        };
        let to = to.path();
        // Whoever stays on the page for what they have typed there keeps its plan.
        let leave: Leave = Arc::new(move || {
            router.leave_for(&to);
            session.choose_plan(plan.clone());
        });
        router.leave(&leave);
    })
}

/// Ends the session, and goes on to this address of the sign-in page.
pub(super) fn sign_out(trouble: RwSignal<Option<ApiError>>, sign_in: String) -> Callback<()> {
    let client = expect_context::<Client>();
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    let leave: Leave = Arc::new(move || {
        trouble.set(None);
        let sign_in = sign_in.clone();
        api::session::sign_out(client).then(move |answer| match answer {
            Err(error) if !is_401(&error) => drop(trouble.try_set(Some(error))),
            _ => {
                router.leave_for(&sign_in);
                session.set(Phase::SignedOut);
            }
        });
    });
    Callback::new(move |()| router.leave(&leave))
}

/// Nobody was signed in any more.
fn is_401(error: &ApiError) -> bool {
    matches!(error, ApiError::Problem(problem) if problem.status == 401)
}
