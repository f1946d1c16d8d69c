//! What every page has around it, signed in or not: the offline banner, messages, and the dialog that
//! asks for signing in again.

use leptos::{prelude::*, task::spawn_local};

use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{
        Client, session,
        transport::{on_focus, on_network},
    },
    clock::Clock,
    components::{banner::Banner, icon::Symbol, toasts::ToastList},
    pages::session_dialog::SessionDialog,
    state::{clock::ServerClock, connection::Connection, session::SessionState, toasts::Toasts},
    text::shell,
};

/// The first try to reach the server again comes after this many milliseconds; the wait doubles.
const FIRST_RETRY: u32 = 1_000;
/// The longest wait between two tries, in milliseconds.
const LAST_RETRY: u32 = 30_000;

/// The surroundings.
#[component]
pub fn Surroundings() -> impl IntoView {
    let connection = expect_context::<Connection>();
    let toasts = expect_context::<Toasts>();
    let session = expect_context::<SessionState>();
    let client = expect_context::<Client>();
    let server_clock = expect_context::<ServerClock>();
    reconnect(client, connection, expect_context());
    on_focus(move || look_again(client, session));
    effect(move || {
        if server_clock.is_doubtful() {
            // Any answer has the server's time.
            look_again(client, session);
        }
    });
    effect(move || {
        if connection.recoveries() > 0 {
            toasts.say(shell::ONLINE_AGAIN);
        }
    });
    let ended = memo(move || session.has_ended());
    let offline = move || (!connection.is_online()).then(|| shell::OFFLINE.to_owned());
    view! {
        <div class="stack">
            <Banner words=Signal::derive(offline) symbol=Symbol::Offline class="banner-offline" />
            <ToastList
                toasts=Signal::derive(move || toasts.shown())
                on_dismiss=Callback::new(move |id| toasts.dismiss(id))
            />
        </div>
        {dynamic(move || ended.get().then(|| view! { <SessionDialog /> }))}
    }
}

/// Tries to reach the server again for as long as it is out of reach, and at once when the browser
/// says that it has a network.
fn reconnect(client: Client, connection: Connection, clock: Clock) {
    effect(move || {
        if connection.is_online() {
            return;
        }
        spawn_local(async move {
            let mut wait = FIRST_RETRY;
            while !connection.is_online_now() {
                clock.sleep(wait).await;
                knock(client, connection).await;
                wait = wait.saturating_mul(2).min(LAST_RETRY);
            }
        });
    });
    on_network(move || spawn_local(knock(client, connection)));
}

/// Any answer will do: the client tells the connection.
async fn knock(client: Client, connection: Connection) {
    if !connection.is_online_now() {
        drop(session::get(client).await);
    }
}

/// Looks who is signed in by now: all tabs have one session, and another one may have changed it.
fn look_again(client: Client, state: SessionState) {
    if state.is_signed_in() {
        session::get(client).then(move |found| {
            if let Ok(found) = found {
                state.follow(found);
            }
        });
    }
}
