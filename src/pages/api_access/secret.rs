//! The secret of a new token, for the one time that it is shown, and how to use it.

use leptos::prelude::*;
use tenure_domain::wire::tokens::GeneratedToken;

use super::{Desk, generate::instant_with_zone};
use crate::reactive::dynamic;
use crate::{
    api::transport,
    components::{
        button::Weight,
        confirm::CancelButton,
        copy_button::CopyLine,
        icon::{Icon, Symbol},
    },
    text::{self, tokens},
};

/// The secret with *Copy*, a warning, until when it works, and a line to try.
#[component]
pub fn Secret(
    /// The page's state.
    desk: Desk,
    /// The token with its secret.
    made: GeneratedToken,
    /// Learns that the secret was copied.
    copied: RwSignal<bool>,
) -> impl IntoView {
    let until = made.token.expires_at.map(instant_with_zone);
    let on_copied = Callback::new(move |()| copied.set(true));
    view! {
        <div class="dialog-body">
            <p class="strong">{made.token.name}</p>
            <CopyLine
                text=made.secret
                label=tokens::SECRET
                action=text::common::COPY
                weight=Weight::Primary
                on_copied
                takes_focus=true
            />
            <p class="note">
                <Icon symbol=Symbol::Alert/>
                <span>{tokens::SECRET_WARNING}</span>
            </p>
            <p>{tokens::works_until(until.as_deref())}</p>
            {dynamic(move || replaced(desk).map(|words| view! { <p>{words}</p> }))}
            <p class="small muted">{tokens::USAGE}</p>
            <CopyLine
                text=tokens::usage(&transport::base_url())
                label=tokens::USAGE_LINE
                action=tokens::COPY_COMMAND
                rows=2
            />
        </div>
        <div class="dialog-foot">
            <CancelButton words=text::common::DONE/>
        </div>
    }
}

/// How long the token works whose place the new one takes, as the list has it by now.
fn replaced(desk: Desk) -> Option<String> {
    let old = desk.rotating.get()?.id;
    let working = desk.working.items().data()?;
    let old = working.into_iter().find(|token| token.id == old)?;
    let until = instant_with_zone(old.retires_at?);
    Some(tokens::old_works_until(&until, false))
}
