//! Asks before the page is left while a period is typed that was not activated.

use leptos::{ev, prelude::*};

use super::desk::Desk;
use crate::{
    components::confirm::Confirm,
    router::{Leave, Router},
    text,
};

/// The question for moves within the console. The browser has its own when it leaves the console.
#[component]
pub fn LeaveDialog(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let open = RwSignal::new(false);
    let wanted = StoredValue::new(None::<Leave>);
    router.hold(Callback::new(move |leave| {
        let holds = desk.has_typed();
        if holds {
            wanted.set_value(Some(leave));
            open.set(true);
        }
        holds
    }));
    let closing = window_event_listener(ev::beforeunload, move |event| {
        if desk.has_typed() {
            event.prevent_default();
        }
    });
    on_cleanup(move || closing.remove());
    let leave = move |()| {
        open.set(false);
        if let Some(leave) = wanted.get_value() {
            leave();
        }
    };
    view! {
        <Confirm
            open
            title=text::policy::LEAVE_TITLE.to_owned()
            action=text::policy::LEAVE
            cancel=text::policy::STAY
            busy=Signal::stored(false)
            on_confirm=Callback::new(leave)
        >
            <p>{text::policy::LEAVE_LOSES}</p>
        </Confirm>
    }
}
