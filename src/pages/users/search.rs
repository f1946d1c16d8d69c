//! Whom the page looks for: it stands in the address, so that it survives reload, back and sharing.

use leptos::prelude::*;
use tenure_domain::plan::Role;
use web_sys::UrlSearchParams;

use crate::{
    components::{
        button::{Button, Weight},
        field::{Field, Select, TextInput},
    },
    form::unique_id,
    reactive::{dynamic, effect},
    route::escape,
    router::Router,
    text::{invitations, shell, users as words},
};

/// The names of the parts, in the address and for the server.
const NAMES: [&str; 3] = ["text", "role", "state"];
const TEXT: usize = 0;
const ROLE: usize = 1;
const STATE: usize = 2;
/// The states in the address. The last one is of no user, but of whoever is invited.
const STATES: [(&str, &str); 4] = [
    ("", words::EVERY_STATE),
    ("active", words::ACTIVE),
    ("deactivated", words::DEACTIVATED),
    (INVITED, invitations::INVITED),
];
const INVITED: &str = "invited";

/// Whom the page looks for; empty parts do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought([String; 3]);

impl Sought {
    /// Reads it from an address' query.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let query = UrlSearchParams::new_with_str(query).ok();
        let value = |name: &str| query.as_ref().and_then(|query| query.get(name));
        Self(NAMES.map(|name| value(name).unwrap_or_default()))
    }

    /// Whether it is everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// Whether it is those alone who are invited.
    #[must_use]
    pub fn is_invited(&self) -> bool {
        self.get(STATE) == INVITED
    }

    /// As an address has it, each part after an `&`.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = String::new();
        for (name, value) in NAMES.iter().zip(&self.0) {
            if !value.is_empty() {
                query += &["&", name, "=", &escape(value)].concat();
            }
        }
        query
    }

    fn get(&self, part: usize) -> &str {
        self.0.get(part).map_or("", String::as_str)
    }

    fn set(&mut self, part: usize, value: String) {
        if let Some(place) = self.0.get_mut(part) {
            *place = value;
        }
    }
}

/// The form that looks for people.
#[component]
pub fn Search(
    /// Whom the page looks for.
    asked: Memo<Sought>,
    /// The page's path.
    path: StoredValue<String>,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let draft = RwSignal::new(Sought::default());
    effect(move || draft.set(asked.get()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let query = draft.get_untracked().query();
        let query = query.strip_prefix('&').unwrap_or_default();
        router.go(&format!("{}?{query}", path.get_value()));
    };
    let value = move |part: usize| Signal::derive(move || draft.with(|it| it.get(part).to_owned()));
    let change = move |part: usize| {
        Callback::new(move |typed: String| draft.update(|it| it.set(part, typed)))
    };
    let choice = move |part: usize, label: &'static str, options: &[(&str, &str)]| {
        let options = options.iter();
        let options: Vec<_> = options
            .map(|(key, words)| ((*key).to_owned(), (*words).to_owned()))
            .collect();
        view! {
            <Field id=unique_id("find") label error=Signal::stored(None)>
                <Select value=value(part) on_change=change(part) options/>
            </Field>
        }
    };
    let [admin, member] = Role::ALL.map(|role| (role.as_str(), shell::role(role)));
    let roles = [("", words::EVERY_ROLE), admin, member];
    let all = move || {
        let narrowed = !asked.with(Sought::is_everybody);
        narrowed
            .then(|| view! { <p class="small"><a href=path.get_value()>{words::SHOW_ALL}</a></p> })
    };
    view! {
        <form class="tile filters" role="search" aria-label=words::SEARCH on:submit=submit>
            <div class="filter-fields">
                <Field id=unique_id("find") label=words::TEXT error=Signal::stored(None)>
                    <TextInput value=value(TEXT) on_input=change(TEXT) kind="search" max_length=100/>
                </Field>
                {choice(ROLE, invitations::ROLE, &roles)}
                {choice(STATE, words::STATE, &STATES)}
                <Button weight=Weight::Normal>{words::FIND}</Button>
            </div>
            {dynamic(all)}
        </form>
    }
}
