//! The navigation: groups of links. On narrow screens it is a drawer that the top bar opens.

use leptos::{
    html,
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;

use crate::reactive::{dynamic, effect};
use crate::{
    components::icon::{Icon, Symbol},
    text,
};

/// A link of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: &'static str,
    /// Its icon.
    pub symbol: Symbol,
    /// Whether the page that it leads to is on show.
    pub current: bool,
}

/// Links under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavGroup {
    /// The heading.
    pub heading: &'static str,
    /// The links.
    pub links: Vec<NavLink>,
}

/// The navigation.
#[component]
pub fn Nav(
    /// The element id, for the button that opens the drawer.
    id: &'static str,
    /// The groups.
    #[prop(into)]
    groups: Signal<Vec<NavGroup>>,
    /// Whether the drawer is open. On wide screens it makes no difference.
    open: RwSignal<bool>,
    /// What stands at the drawer's foot, where the top bar has no room for it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Nav>::new();
    effect(move || {
        if open.get() {
            spawn_local(focus_first_link(node));
        }
    });
    view! {
        <nav
            node_ref=node
            class="nav"
            class:open=open
            id=id
            aria-label=text::shell::MAIN_NAVIGATION
            on:click=move |_| open.set(false)
        >
            {dynamic(move || groups.get().into_iter().map(group).collect_view())}
            <div class="nav-clock">{children()}</div>
        </nav>
        <div class="nav-veil" class:open=open on:click=move |_| open.set(false)></div>
    }
}

/// A drawer that has opened takes the focus.
async fn focus_first_link(nav: NodeRef<html::Nav>) {
    tick().await;
    let nav = nav.try_get_untracked().flatten();
    let link = nav.and_then(|nav| nav.query_selector("a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A focus that fails leaves it on the button that opened the drawer.
        let _ = link.focus();
    }
}

fn group(group: NavGroup) -> impl IntoView {
    let id = format!(
        "nav-{}",
        group.heading.to_ascii_lowercase().replace(' ', "-")
    );
    let links = group.links.into_iter().map(link).collect_view();
    view! {
        <h2 class="nav-heading" id=id.clone()>
            {group.heading}
        </h2>
        <ul aria-labelledby=id>{links}</ul>
    }
}

fn link(link: NavLink) -> impl IntoView {
    view! {
        <li>
            <a href=link.href aria-current=link.current.then_some("page")>
                <Icon symbol=link.symbol />
                {link.label}
            </a>
        </li>
    }
}
