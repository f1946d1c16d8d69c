//! A message across the page that stays for as long as it is true.

use leptos::prelude::*;

use crate::components::icon::{Icon, Symbol};
use crate::reactive::dynamic;

/// A banner. Its place is a live region that is always there, so that screen readers notice it.
#[component]
pub fn Banner(
    /// What is true at the moment; none takes the banner away.
    #[prop(into)]
    words: Signal<Option<String>>,
    /// Its icon.
    symbol: Symbol,
    /// Its class, beside `banner`.
    class: &'static str,
) -> impl IntoView {
    view! {
        <div role="status">
            {dynamic(move || {
                words
                    .get()
                    .map(|words| {
                        view! {
                            <p class=format!("banner {class}")>
                                <Icon symbol />
                                <span>{words}</span>
                            </p>
                        }
                    })
            })}
        </div>
    }
}
