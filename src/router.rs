//! The address bar: where the console is, and how it moves.
//!
//! Links are plain `<a href>`: a press on one that leads to a page of this console is taken here, every
//! other one is left to the browser. Deliberately not here: what a path means (`route`), and which
//! page it shows (`app`). Why it is not leptos_router: docs/decisions/.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{History, HtmlAnchorElement, MouseEvent, UrlSearchParams};

use crate::{reactive::lasting, route::Route};

/// What the address bar shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The path: `/settings/profile`.
    pub path: String,
    /// The query, with its `?`, or nothing.
    pub query: String,
    /// The fragment, with its `#`, or nothing.
    pub fragment: String,
}

/// The way out of the console, to the address of an app. Found in the context of every page.
#[derive(Clone, Copy)]
pub struct Exit(fn(&str));

impl Exit {
    /// The browser's own way.
    #[must_use]
    pub const fn browser() -> Self {
        Self(|address| {
            // It fails only for what is no address; then the link on the page is all there is.
            let _ = window().location().assign(address);
        })
    }

    /// A way that tests observe.
    #[must_use]
    pub const fn by(leave: fn(&str)) -> Self {
        Self(leave)
    }

    /// Leaves the console.
    pub fn to(self, address: &str) {
        (self.0)(address);
    }
}

/// The path in the address bar, for whoever has no [`Router`].
#[must_use]
pub fn path_now() -> String {
    window().location().pathname().unwrap_or_default()
}

impl Address {
    fn now() -> Self {
        let location = window().location();
        Self {
            path: path_now(),
            query: location.search().unwrap_or_default(),
            fragment: location.hash().unwrap_or_default(),
        }
    }
}

/// Leaves the page.
pub type Leave = Arc<dyn Fn() + Send + Sync>;

/// The way around. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct Router(&'static Parts);

/// What it is made of.
struct Parts {
    address: RwSignal<Address>,
    /// Which entry of the browser's history this is, counted from the first one. Each entry keeps
    /// its own number, so that a move back or forward tells how far it went.
    entry: StoredValue<i32>,
    holds: StoredValue<Option<Callback<Leave, bool>>>,
}

impl Router {
    /// Follows the address bar until its owner goes.
    #[must_use]
    pub fn start() -> Self {
        let this = Self(lasting(Parts {
            address: RwSignal::new(Address::now()),
            entry: StoredValue::new(entry_on_show(0)),
            holds: StoredValue::new(None),
        }));
        let moved = window_event_listener(ev::popstate, move |_| this.take_move());
        let pressed = window_event_listener(ev::click, move |event| this.take_press(&event));
        on_cleanup(move || {
            moved.remove();
            pressed.remove();
        });
        this
    }

    /// Where the console is. Tracked.
    #[must_use]
    pub fn address(self) -> Address {
        self.0.address.get()
    }

    /// Where the console is, at this moment.
    #[must_use]
    pub fn address_now(self) -> Address {
        self.0.address.get_untracked()
    }

    /// The page that the address leads to. Tracked.
    #[must_use]
    pub fn route(self) -> Option<Route> {
        self.0.address.with(|address| Route::parse(&address.path))
    }

    /// A value of the query, at this moment.
    #[must_use]
    pub fn query_now(self, name: &str) -> Option<String> {
        let query = self.address_now().query;
        UrlSearchParams::new_with_str(&query).ok()?.get(name)
    }

    /// From now on until the calling page goes, `holds` is given every way of leaving it, and says
    /// whether the page holds on to the person; then it may take that way itself, later.
    pub fn hold(self, holds: Callback<Leave, bool>) {
        self.0.holds.set_value(Some(holds));
        on_cleanup(move || {
            self.0.holds.try_update_value(Option::take);
        });
    }

    /// Leaves the page, unless it holds on to the person.
    pub fn leave(self, leave: &Leave) {
        if !self.is_held(leave) {
            leave();
        }
    }

    /// Moves to an address of this console, unless the page holds on to the person; going back
    /// returns here.
    pub fn go(self, to: &str) {
        if self.0.address.with_untracked(|here| here.path == to) {
            self.leave_for(to);
        } else {
            let to = to.to_owned();
            let leave: Leave = Arc::new(move || self.leave_for(&to));
            self.leave(&leave);
        }
    }

    /// Moves to an address of this console, whatever the page says.
    pub fn leave_for(self, to: &str) {
        let next = self.0.entry.get_value() + 1;
        self.change(|history| history.push_state_with_url(&next.into(), "", Some(to)));
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Moves to an address of this console in place of this one.
    pub fn replace(self, to: &str) {
        let same = self.0.entry.get_value();
        self.change(|history| history.replace_state_with_url(&same.into(), "", Some(to)));
    }

    fn change(self, change: impl FnOnce(&History) -> Result<(), JsValue>) {
        // It fails only for addresses of another origin, which nobody asks for, and after hundreds of
        // moves within seconds; then the console stays where it is.
        if window().history().and_then(|it| change(&it)).is_ok() {
            self.read();
        }
    }

    /// Whether the page holds on to the person, and takes this way itself if they want it to.
    fn is_held(self, leave: &Leave) -> bool {
        let holds = self.0.holds.try_get_value().flatten();
        holds.is_some_and(|holds| holds.run(Arc::clone(leave)))
    }

    /// The browser has moved in its history. Where the page holds on to the person, it moves back to
    /// where it was, and the same way again once the page lets go.
    fn take_move(self) {
        let Some(was) = self.0.entry.try_get_value() else {
            return;
        };
        let steps = entry_on_show(was + 1) - was;
        let away = self
            .0
            .address
            .with_untracked(|here| here.path != path_now());
        let leave: Leave = Arc::new(move || {
            self.0.holds.set_value(None);
            step(steps);
        });
        if steps != 0 && away && self.is_held(&leave) {
            step(-steps);
        } else {
            self.read();
        }
    }

    fn read(self) {
        // A console that is gone has no address any more.
        let Some(known) = self.0.address.try_get_untracked() else {
            return;
        };
        self.0
            .entry
            .update_value(|entry| *entry = entry_on_show(*entry));
        let now = Address::now();
        if known != now {
            self.0.address.set(now);
        }
    }

    fn take_press(self, event: &MouseEvent) {
        let plain = event.button() == 0
            && !event.default_prevented()
            && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
        if let Some(link) = link_of(event).filter(|link| plain && leads_here(link)) {
            event.prevent_default();
            self.go(&format!(
                "{}{}{}",
                link.pathname(),
                link.search(),
                link.hash()
            ));
        }
    }
}

/// The number of the history's entry on show. One that has none yet, because the browser made it by
/// itself, is given `new`.
fn entry_on_show(new: i32) -> i32 {
    let history = window().history();
    let state = history.as_ref().ok().and_then(|it| it.state().ok());
    if let Some(number) = state.and_then(|state| state.as_f64()) {
        return number as i32;
    }
    // It fails only after hundreds of moves within seconds.
    let _ = history.and_then(|it| it.replace_state(&new.into(), ""));
    new
}

/// Moves that many entries forward in the browser's history, or back.
fn step(entries: i32) {
    // It fails only in a document that is not on show any more.
    let _ = window().history().and_then(|it| it.go_with_delta(entries));
}

fn link_of(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let pressed: web_sys::Element = event.target()?.dyn_into().ok()?;
    pressed.closest("a[href]").ok()??.dyn_into().ok()
}

/// Whether a link leads to a page of this console and wants nothing else of the browser.
fn leads_here(link: &HtmlAnchorElement) -> bool {
    let here = window().location().origin().unwrap_or_default();
    link.origin() == here
        && link.target().is_empty()
        && !link.has_attribute("download")
        && Route::parse(&link.pathname()).is_some()
}
