//! Contexts, and every page of the console on one screen.
//!
//! Deliberately not here: what a page shows, and what stands around it (`pages::shell`).

use std::rc::Rc;

use crate::reactive::{dynamic, memo};
use crate::{
    api::{Client, transport},
    clock::Clock,
    pages::{
        authorize::Authorize, invitation::Invitation, not_found::NotFound, setup::Setup,
        shell::Shell, sign_in::SignIn, surroundings::Surroundings,
    },
    route::Route,
    router::{Exit, Router},
    state::{
        clock::ServerClock, connection::Connection, live::Live, session::SessionState,
        theme::ThemeState, toasts::Toasts, visits::Visits,
    },
};
use leptos::prelude::*;

/// What the console stands on: the browser, or a test's fakes.
#[derive(Clone)]
pub struct Environment {
    /// What carries its requests.
    pub transport: Rc<dyn transport::Transport>,
    /// Its clock and timers.
    pub clock: Clock,
    /// How it leaves for somebody else's address.
    pub exit: Exit,
}

impl Environment {
    /// The browser itself.
    #[must_use]
    pub fn browser() -> Self {
        Self {
            transport: Rc::new(transport::Fetch::from_page()),
            clock: Clock::browser(),
            exit: Exit::browser(),
        }
    }

    /// Provides what pages find in their context: [`Clock`], [`Exit`], [`ServerClock`],
    /// [`Connection`], [`SessionState`], [`Live`], [`Toasts`], [`ThemeState`] and [`Client`].
    pub fn provide(self) -> Client {
        let server_clock = ServerClock::start(self.clock);
        let connection = Connection::new();
        let session = SessionState::new();
        let client = Client::new(self.transport, server_clock, connection, session);
        provide_context(self.clock);
        provide_context(self.exit);
        provide_context(server_clock);
        provide_context(connection);
        provide_context(session);
        provide_context(Live::new(client, session, self.clock));
        provide_context(Toasts::new(self.clock));
        provide_context(ThemeState::remembered());
        provide_context(client);
        client
    }
}

/// The whole console.
#[component]
pub fn App(
    /// What it stands on.
    env: Environment,
) -> impl IntoView {
    env.provide();
    provide_context(Visits::default());
    provide_context(Router::start());
    view! {
        <div data-console>
            <CurrentPage />
            <Surroundings />
        </div>
    }
}

/// Which frame a page stands in. Moving between pages of one frame leaves the frame in place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    SignIn,
    Setup,
    Invitation,
    Authorize,
    Shell,
    NotFound,
}

impl Frame {
    const fn of(route: Option<&Route>) -> Self {
        match route {
            Some(Route::SignIn) => Self::SignIn,
            Some(Route::Setup) => Self::Setup,
            Some(Route::Invitation) => Self::Invitation,
            Some(Route::Authorize) => Self::Authorize,
            Some(
                Route::Home
                | Route::SecurityControl(_)
                | Route::PolicyHistory(_)
                | Route::Tokens(_)
                | Route::Token(..)
                | Route::Users(_)
                | Route::Notices(_)
                | Route::AuthHealth(_)
                | Route::AuditLog(_)
                | Route::CheckToken(_)
                | Route::OauthClients(_)
                | Route::OauthClient(..)
                | Route::Profile
                | Route::ApiAccess
                | Route::ConnectedApps,
            ) => Self::Shell,
            None => Self::NotFound,
        }
    }
}

#[component]
fn CurrentPage() -> impl IntoView {
    let router = expect_context::<Router>();
    let route = memo(move || router.route());
    let frame = memo(move || route.with(|route| Frame::of(route.as_ref())));
    dynamic(move || match frame.get() {
        Frame::SignIn => view! { <SignIn /> }.into_any(),
        Frame::Setup => view! { <Setup /> }.into_any(),
        Frame::Invitation => view! { <Invitation /> }.into_any(),
        Frame::Authorize => view! { <Authorize /> }.into_any(),
        Frame::Shell => view! { <Shell route /> }.into_any(),
        Frame::NotFound => view! { <NotFound /> }.into_any(),
    })
}
