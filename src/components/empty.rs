//! What stands where there is nothing to list.

use leptos::prelude::*;

use super::icon::{Icon, Symbol};

/// A tile that says why there is nothing, and what to do.
#[must_use]
pub fn empty(symbol: Option<Symbol>, words: &str) -> AnyView {
    view! {
        <section class="tile empty">
            {symbol.map(|symbol| view! { <Icon symbol/> })}
            <p>{words.to_owned()}</p>
        </section>
    }
    .into_any()
}
