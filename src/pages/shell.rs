//! The frame of every page for people who are signed in: top bar, navigation, content.
//!
//! It decides who sees what before a page is made, so that nothing flashes: nobody's session, no page.

use leptos::prelude::*;
use tenure_domain::{
    id::{PlanId, UserId},
    wire::session::Membership,
};

use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{self, ApiError, Client},
    components::{
        banner::Banner,
        heading::PageHeading,
        icon::Symbol,
        nav::{Nav, NavGroup, NavLink},
        problem_view::ProblemView,
        skeleton::Skeleton,
        top_bar::DRAWER_BUTTON_ID,
    },
    form::focus,
    format,
    pages::{
        api_access::ApiAccess,
        audit_log::AuditLog,
        auth_health::AuthHealth,
        checks::CheckToken,
        connected_apps::ConnectedApps,
        forbidden::{Forbidden, Why},
        home::Home,
        notices::Notices,
        oauth_clients::{OauthClients, tokens::ClientTokens},
        plain_frame::PlainFrame,
        profile::Profile,
        security_control::{SecurityControl, history::PolicyHistory},
        shell_bar::{Clock, ShellBar},
        token::TokenPage,
        tokens::Tokens,
        users::Users,
    },
    route::Route,
    router::Router,
    state::{
        clock::ServerClock,
        connection::Connection,
        live::Live,
        session::{Phase, SessionState},
    },
    text::{auth_health, problems, shell},
};

/// The id of the navigation, which the top bar's button names.
pub(super) const NAV_ID: &str = "navigation";

/// What the frame shows; a session that is only refreshed changes nothing in it.
#[derive(Clone, PartialEq, Eq)]
enum Stage {
    Starting,
    Failed(ApiError),
    SignedOut,
    SignedIn(UserId),
}

/// The frame.
#[component]
pub fn Shell(
    /// The page on show.
    route: Memo<Option<Route>>,
) -> impl IntoView {
    view! {
        <Gate>
            <Workspace route />
        </Gate>
    }
}

/// Shows a page to whoever is signed in, anew to another person, and leads everybody else to the
/// sign-in page and back.
#[component]
pub fn Gate(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let connection = expect_context::<Connection>();
    let client = expect_context::<Client>();
    let asking = RwSignal::new(false);
    let ask = move || {
        asking.set(true);
        find_session(client, session, asking);
    };
    if matches!(session.phase_now(), Phase::Starting) {
        ask();
    }
    effect(move || {
        let failed = matches!(session.phase_now(), Phase::Failed(ApiError::Offline));
        if connection.recoveries() > 0 && failed {
            ask();
        }
    });
    let stage = memo(move || match session.phase() {
        Phase::Starting => Stage::Starting,
        Phase::Failed(error) => Stage::Failed(error),
        Phase::SignedOut => Stage::SignedOut,
        Phase::SignedIn(session) => Stage::SignedIn(session.user.id),
    });
    dynamic(move || match stage.get() {
        Stage::Starting => view! {
            <div class="shell">
                <main class="main">
                    <Skeleton lines=6 />
                </main>
            </div>
        }
        .into_any(),
        Stage::Failed(error) => view! {
            <PlainFrame>
                <PageHeading title=shell::NOT_STARTED.to_owned() />
                <ProblemView
                    words=problems::words(&error)
                    retry=Callback::new(move |()| ask())
                    busy=asking
                />
            </PlainFrame>
        }
        .into_any(),
        Stage::SignedOut => view! { <ToSignIn /> }.into_any(),
        Stage::SignedIn(_) => children(),
    })
}

/// The one request before a page shows.
fn find_session(client: Client, session: SessionState, asking: RwSignal<bool>) {
    let asked = session.phase_now();
    api::session::get(client).then(move |found| {
        let found = match found {
            Ok(found) => Phase::SignedIn(found),
            Err(ApiError::Problem(problem)) if problem.status == 401 => Phase::SignedOut,
            Err(error) => Phase::Failed(error),
        };
        session.answer(&asked, found);
        asking.try_set(false);
    });
}

/// Leads to the sign-in page, which leads back here.
#[component]
fn ToSignIn() -> impl IntoView {
    let router = expect_context::<Router>();
    effect(move || {
        let here = router.address_now();
        let here = format!("{}{}", here.path, here.query);
        if here == Route::Home.path() {
            router.replace(&Route::SignIn.path());
        } else {
            router.replace(&Route::sign_in_then(&here));
        }
    });
}

#[component]
fn Workspace(route: Memo<Option<Route>>) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let server_clock = expect_context::<ServerClock>();
    let drawer = RwSignal::new(false);
    let trouble = RwSignal::new(None::<ApiError>);
    let content = NodeRef::<leptos::html::Main>::new();
    follow_plan(route, session);
    expect_context::<Live>().follow_session(expect_context());
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(content) = content.get_untracked() {
            let _ = content.focus();
        }
    };
    let close_drawer = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && drawer.get_untracked() {
            drawer.set(false);
            focus(DRAWER_BUTTON_ID);
        }
    };
    let groups = memo(move || groups(session, route.get().as_ref()));
    let skew = memo(move || {
        let ahead = server_clock.skew()?;
        Some(shell::skewed(ahead > 0, &format::span(ahead)))
    });
    view! {
        <a class="skip" href="#content" on:click=skip>
            {shell::SKIP}
        </a>
        <div class="shell" on:keydown=close_drawer>
            <ShellBar route drawer trouble />
            <Nav id=NAV_ID groups open=drawer>
                <Clock />
            </Nav>
            // The focus never stands behind the drawer.
            <main
                class="main"
                id="content"
                tabindex="-1"
                node_ref=content
                on:focusin=move |_| drawer.set(false)
            >
                <Banner words=Signal::derive(move || skew.get()) symbol=Symbol::Clock class="banner-skew" />
                {dynamic(move || {
                    trouble
                        .get()
                        .map(|error| view! { <ProblemView words=problems::words_of_sign_out(&error) /> })
                })}
                <PageInFrame route />
            </main>
        </div>
    }
}

/// The plan on show is the one in the address, wherever the address says one.
fn follow_plan(route: Memo<Option<Route>>, session: SessionState) {
    effect(move || {
        let plan = route.with(|route| route.as_ref()?.plan().cloned());
        if let Some(plan) = plan.filter(|plan| session.membership(plan).is_some()) {
            session.choose_plan(plan);
        }
    });
}

#[component]
fn PageInFrame(route: Memo<Option<Route>>) -> impl IntoView {
    dynamic(move || match route.get() {
        Some(Route::SecurityControl(plan)) => page_of_plan(plan, true, |plan| {
            view! { <SecurityControl plan /> }.into_any()
        }),
        Some(Route::PolicyHistory(plan)) => page_of_plan(plan, true, |plan| {
            view! { <PolicyHistory plan /> }.into_any()
        }),
        Some(Route::OauthClients(plan)) => page_of_plan(plan, true, |plan| {
            view! { <OauthClients plan /> }.into_any()
        }),
        Some(Route::OauthClient(plan, client)) => page_of_plan(plan, true, move |plan| {
            view! { <ClientTokens plan client=client.clone() /> }.into_any()
        }),
        Some(Route::Tokens(plan)) => {
            page_of_plan(plan, true, |plan| view! { <Tokens plan /> }.into_any())
        }
        Some(Route::Token(plan, token)) => page_of_plan(plan, true, move |plan| {
            view! { <TokenPage plan token=token.clone() /> }.into_any()
        }),
        Some(Route::Users(plan)) => {
            page_of_plan(plan, true, |plan| view! { <Users plan /> }.into_any())
        }
        Some(Route::Notices(plan)) => {
            page_of_plan(plan, true, |plan| view! { <Notices plan /> }.into_any())
        }
        Some(Route::AuthHealth(plan)) => {
            page_of_plan(plan, true, |plan| view! { <AuthHealth plan /> }.into_any())
        }
        Some(Route::AuditLog(plan)) => {
            page_of_plan(plan, true, |plan| view! { <AuditLog plan /> }.into_any())
        }
        Some(Route::CheckToken(plan)) => {
            page_of_plan(plan, false, |plan| view! { <CheckToken plan /> }.into_any())
        }
        Some(Route::Profile) => view! { <Profile /> }.into_any(),
        Some(Route::ApiAccess) => view! { <ApiAccess /> }.into_any(),
        Some(Route::ConnectedApps) => view! { <ConnectedApps /> }.into_any(),
        Some(Route::Home) => view! { <Home /> }.into_any(),
        // They stand in frames of their own; see `app`.
        Some(Route::SignIn | Route::Setup | Route::Invitation | Route::Authorize) | None => {
            ().into_any()
        }
    })
}

/// A page of one plan, or why it is not for this person.
fn page_of_plan(
    plan: PlanId,
    for_admins: bool,
    page: impl Fn(Membership) -> AnyView + Send + 'static,
) -> AnyView {
    let session = expect_context::<SessionState>();
    let place = memo(move || session.membership(&plan));
    dynamic(move || match place.get() {
        Some(place) if place.role.administers() || !for_admins => page(place),
        Some(_) => view! { <Forbidden why=Why::NotAdmin /> }.into_any(),
        None => view! { <Forbidden why=Why::NotInPlan /> }.into_any(),
    })
}

/// The navigation: only pages that exist, and only those that the person may see.
fn groups(session: SessionState, current: Option<&Route>) -> Vec<NavGroup> {
    let link = |page: Route, label: &'static str, symbol: Symbol| NavLink {
        href: page.path(),
        label,
        symbol,
        current: current == Some(&page),
    };
    let plan = session.plan();
    let check = plan.as_ref().map(|plan| {
        let page = Route::CheckToken(plan.id.clone());
        link(page, shell::CHECK_TOKEN, Symbol::Search)
    });
    let admin = plan.filter(|plan| plan.role.administers()).map(|plan| {
        let tokens = Route::Tokens(plan.id.clone());
        let users = Route::Users(plan.id.clone());
        let clients = Route::OauthClients(plan.id.clone());
        let notices = Route::Notices(plan.id.clone());
        let health = Route::AuthHealth(plan.id.clone());
        let audit = Route::AuditLog(plan.id.clone());
        let history = Route::PolicyHistory(plan.id.clone());
        let security = Route::SecurityControl(plan.id);
        NavGroup {
            heading: shell::ADMIN_CENTER,
            links: vec![
                NavLink {
                    current: current == Some(&security) || current == Some(&history),
                    ..link(security, shell::SECURITY_CONTROL, Symbol::Shield)
                },
                NavLink {
                    current: matches!(current, Some(Route::Tokens(_) | Route::Token(..))),
                    ..link(tokens, shell::TOKENS, Symbol::Key)
                },
                NavLink {
                    current: matches!(
                        current,
                        Some(Route::OauthClients(_) | Route::OauthClient(..))
                    ),
                    ..link(clients, shell::OAUTH_CLIENTS, Symbol::App)
                },
                link(users, shell::USERS, Symbol::Users),
                link(notices, shell::NOTICES, Symbol::Mail),
                link(health, auth_health::TITLE, Symbol::Pulse),
                link(audit, shell::AUDIT_LOG, Symbol::History),
            ],
        }
    });
    let settings = NavLink {
        current: matches!(
            current,
            Some(Route::Profile | Route::ApiAccess | Route::ConnectedApps)
        ),
        ..link(Route::ApiAccess, shell::PERSONAL_SETTINGS, Symbol::User)
    };
    let account = NavGroup {
        heading: shell::ACCOUNT,
        links: [settings].into_iter().chain(check).collect(),
    };
    admin.into_iter().chain([account]).collect()
}
