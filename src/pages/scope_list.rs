//! What an app may do, as a list of sentences with the scopes' names beside them.

use leptos::prelude::*;
use tenure_domain::{scope::OwnScope, wire::scopes::Scope};

/// The list.
#[component]
pub fn ScopeList(
    /// The scopes; one without a sentence of its own has its name alone.
    scopes: Vec<Scope>,
) -> impl IntoView {
    let items = scopes.into_iter().map(|Scope { name, sentence, .. }| {
        let sentence = (sentence != name).then_some(sentence);
        view! {
            <li>
                {sentence} " " <code class="scope-name">{name}</code>
            </li>
        }
    });
    view! { <ul class="scope-list">{items.collect_view()}</ul> }
}

/// A scope with its sentence, where it is one of Tenure's own or of `known`.
#[must_use]
pub fn worded(name: &str, known: &[Scope]) -> Scope {
    let own = OwnScope::ALL
        .into_iter()
        .find(|own| own.as_str() == name)
        .map(Scope::from);
    own.or_else(|| known.iter().find(|scope| scope.name == name).cloned())
        .unwrap_or_else(|| Scope {
            name: name.to_owned(),
            sentence: name.to_owned(),
            own: false,
        })
}
