//! What the developer of a client needs: its id and, for the one time that it is shown, its secret.

use leptos::prelude::*;
use tenure_domain::wire::clients::Client as OauthClient;

use super::desk::Desk;
use crate::{
    components::{
        button::Weight,
        confirm::CancelButton,
        copy_button::CopyLine,
        icon::{Icon, Symbol},
    },
    pages::api_access::generate::instant_with_zone,
    text::{self, oauth_clients},
};

/// The id and the secret with *Copy*, a warning, and until when the old secret works.
#[component]
pub fn Made(
    /// Learns that the secret was copied.
    desk: Desk,
    /// The client with its secret, if it has one.
    made: OauthClient,
) -> impl IntoView {
    let on_copied = Callback::new(move |()| desk.copied.set(true));
    let is_public = made.client_secret.is_none();
    let old = made.old_secret_until.map(instant_with_zone);
    let secret = match made.client_secret {
        Some(secret) => view! {
            <CopyLine
                text=secret
                label=oauth_clients::SECRET
                action=text::common::COPY
                weight=Weight::Primary
                on_copied
                takes_focus=true
            />
            <p class="note">
                <Icon symbol=Symbol::Alert />
                <span>{oauth_clients::SECRET_WARNING}</span>
            </p>
        }
        .into_any(),
        None => view! { <p>{oauth_clients::NO_SECRET}</p> }.into_any(),
    };
    view! {
        <div class="dialog-body">
            <CopyLine
                text=made.client_id.0
                label=oauth_clients::CLIENT_ID
                action=oauth_clients::COPY_CLIENT_ID
                takes_focus=is_public
            />
            {secret}
            {old.map(|until| view! { <p>{oauth_clients::old_secret_until(&until)}</p> })}
        </div>
        <div class="dialog-foot">
            <CancelButton words=text::common::DONE />
        </div>
    }
}
