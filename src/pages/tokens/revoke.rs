//! The dialog that revokes what is selected, after saying which tokens that ends.

use leptos::prelude::*;
use tenure_domain::wire::inventory::RevokedTokens;

use super::{Desk, reel::CHOOSE_ID};
use crate::{
    api::{Client, inventory as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
    },
    form::focus_soon,
    pages::{act::Act, remote_view::RemoteView},
    reactive::dynamic,
    state::{remote::Remote, toasts::Toasts},
    text::{common, inventory as words},
};

/// The dialog. It is open while the page says so.
#[component]
pub fn RevokeDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let act = Act::new();
    let title = Signal::derive(move || words::revoke_title(desk.selected.with(Vec::len)));
    view! {
        <Dialog open=desk.revoking title busy=act.busy>
            <Content desk act/>
        </Dialog>
    }
}

#[component]
fn Content(desk: Desk, act: Act) -> impl IntoView {
    let client = expect_context::<Client>();
    let toasts = expect_context::<Toasts>();
    act.trouble.set(None);
    let call = move |preview: bool| {
        let tokens = desk.selected.get_untracked();
        api::revoke(client, &desk.plan.get_value(), tokens, preview)
    };
    let preview = Remote::new(move || call(true));
    let press = Callback::new(move |()| {
        act.done(call(false), move |done: RevokedTokens| {
            desk.revoking.set(false);
            // The button that opened the dialog goes with what was selected.
            focus_soon(CHOOSE_ID.to_owned());
            desk.select_none();
            toasts.say(words::revoked(done.revoked.len()));
            desk.book.refresh();
        });
    });
    let button = dynamic(move || {
        let count = preview.data()?.revoked.len();
        let action = words::revoke_action(count);
        (count > 0).then(|| {
            view! { <Button weight=Weight::Danger busy=act.busy on_press=press>{action}</Button> }
        })
    });
    view! {
        <div class="dialog-body">
            <RemoteView remote=preview lines=3 children=ending/>
            {act.trouble(words::UNREACHED)}
        </div>
        <div class="dialog-foot">
            {button}
            <CancelButton words=common::CANCEL/>
        </div>
    }
}

/// By number and name, what stops working; and how many have before.
fn ending(ends: &RevokedTokens) -> AnyView {
    let count = ends.revoked.len();
    let names = ends.revoked.iter().map(words::named);
    let names = names.map(|name| view! { <li>{name}</li> }).collect_view();
    let before = ends.ended.len();
    let before = (before > 0).then(|| view! { <p>{words::ended_before(before)}</p> });
    if count == 0 {
        return view! { <p>{words::NOTHING_TO_REVOKE}</p> }.into_any();
    }
    view! {
        <div>
            <p class="strong">{words::will_stop(count)}</p>
            <ul class="names whole" tabindex="0" aria-label=words::will_stop(count)>
                {names}
            </ul>
        </div>
        {before}
        <p>{words::for_good(count)}</p>
    }
    .into_any()
}
