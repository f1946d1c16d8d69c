//! Opens the console on a fake server, and finds things as people do: by role and accessible name.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use leptos::{
    mount::{UnmountHandle, mount_to},
    prelude::*,
};
use tenure_console::{
    api::fake::Fake,
    app::{App, Environment},
    clock::Clock,
    router::Exit,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::fixtures;

/// How often the browser may do its pending work before a wait is given up.
const PATIENCE: u32 = 5_000;

/// What a thing is to people who cannot see it.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Alert,
    Button,
    Dialog,
    Heading,
    Link,
    Navigation,
    Switch,
}

impl Role {
    const fn selector(self) -> &'static str {
        match self {
            Self::Alert => "[role=alert]",
            Self::Button => "button:not([role]), [role=button]",
            Self::Dialog => "dialog[open]",
            Self::Heading => "h1, h2, h3",
            Self::Link => "a[href]",
            Self::Navigation => "nav",
            Self::Switch => "[role=switch]",
        }
    }
}

/// The console on a page of its own. Dropping it takes it away and forgets what it stored.
pub struct Console {
    pub server: Fake,
    pub clock: Clock,
    pub root: HtmlElement,
}

thread_local! {
    /// What takes the mounted view away. A test that fails never comes to its end, so the next one does it.
    static TAKE_AWAY: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// The addresses for which the console has left, since the latest one was opened.
    static LEFT_FOR: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Where the console has left for, if it has; the whole of it.
pub fn left_for() -> Vec<String> {
    LEFT_FOR.with_borrow(Clone::clone)
}

/// Takes away what is mounted, if something is.
pub fn take_away() {
    if let Some(take_away) = TAKE_AWAY.take() {
        take_away();
    }
}

impl Console {
    /// Opens a page as Ada, at a server without policies and tokens.
    pub async fn open(path: &str) -> Self {
        Self::open_at(path, fixtures::server()).await
    }

    /// Opens a page at this server, and waits until nothing moves any more.
    pub async fn open_at(path: &str, server: Fake) -> Self {
        Self::open_when(path, server, Clock::mock(fixtures::NOW)).await
    }

    /// Opens a page at this server and on this clock.
    pub async fn open_when(path: &str, server: Fake, clock: Clock) -> Self {
        go_to(path);
        LEFT_FOR.take();
        let env = Environment {
            transport: Rc::new(server.clone()),
            clock,
            exit: Exit::by(|address| LEFT_FOR.with_borrow_mut(|all| all.push(address.to_owned()))),
        };
        let (root, _) = mount(move || view! { <App env /> });
        let this = Self {
            server,
            clock,
            root,
        };
        settle().await;
        this
    }

    /// The one thing of this role and name. Fails with what is there instead.
    pub fn get(&self, role: Role, name: &str) -> HtmlElement {
        self.find(role, name).unwrap_or_else(|| {
            let names: Vec<_> = self.all(role).iter().map(accessible_name).collect();
            panic!("no {role:?} {name:?} among {names:?}\n{}", self.text());
        })
    }

    /// The thing of this role and name, if it is there and to be seen.
    pub fn find(&self, role: Role, name: &str) -> Option<HtmlElement> {
        self.all(role)
            .into_iter()
            .find(|element| accessible_name(element) == name)
    }

    /// Everything of this role that can be seen.
    pub fn all(&self, role: Role) -> Vec<HtmlElement> {
        select(&self.root, role.selector())
    }

    /// The field with this label.
    pub fn field(&self, label: &str) -> HtmlElement {
        let fields = select(&self.root, "input, select");
        let names: Vec<_> = fields.iter().map(accessible_name).collect();
        fields
            .into_iter()
            .find(|field| accessible_name(field) == label)
            .unwrap_or_else(|| panic!("no field {label:?} among {names:?}\n{}", self.text()))
    }

    /// Presses a thing, and waits until nothing moves any more.
    pub async fn press(&self, role: Role, name: &str) {
        self.get(role, name).click();
        settle().await;
    }

    /// Types a text over what a field holds.
    pub async fn fill(&self, label: &str, text: &str) {
        let input: HtmlInputElement = self.field(label).dyn_into().expect("an input");
        input.set_value(text);
        fire(&input, "input");
        settle().await;
    }

    /// Picks an option by its words.
    pub async fn pick(&self, label: &str, words: &str) {
        let select: HtmlSelectElement = self.field(label).dyn_into().expect("a select");
        let value = super::harness::select(&select, "option")
            .into_iter()
            .find(|option| option.text_content().unwrap_or_default().trim() == words)
            .and_then(|option| option.get_attribute("value"))
            .unwrap_or_else(|| panic!("no option {words:?} in {label:?}"));
        select.set_value(&value);
        fire(&select, "change");
        settle().await;
    }

    /// Everything that can be read on the page.
    pub fn text(&self) -> String {
        self.root.inner_text()
    }

    /// Whether these words can be read on the page.
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Moves the time on, and waits until nothing moves any more.
    pub async fn advance(&self, millis: i64) {
        self.clock.advance(millis);
        settle().await;
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        take_away();
        go_to("/");
        if let Some(storage) = window().local_storage().ok().flatten() {
            let _ = storage.clear();
        }
        let html = document().document_element().expect("a document");
        let _ = html.remove_attribute("data-theme");
    }
}

/// Mounts a view in an element of its own, in place of what was mounted before. Gives the element,
/// and what takes both away.
pub fn mount<F, V>(view: F) -> (HtmlElement, fn())
where
    F: FnOnce() -> V + 'static,
    V: IntoView + 'static,
{
    take_away();
    let root: HtmlElement = document()
        .create_element("div")
        .expect("an element")
        .unchecked_into();
    document()
        .body()
        .expect("a body")
        .append_child(&root)
        .expect("a place for the test");
    let handle: UnmountHandle = mount_to(root.clone(), view);
    let place = root.clone();
    TAKE_AWAY.set(Some(Box::new(move || {
        drop(handle);
        place.remove();
    })));
    (root, take_away)
}

/// Lets the browser do everything that is pending.
pub async fn settle() {
    for _ in 0..3 {
        for _ in 0..30 {
            leptos::task::tick().await;
        }
        turn().await;
    }
}

/// Waits until something holds, and fails when it does not come about.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..PATIENCE {
        if holds() {
            return;
        }
        settle().await;
        turn().await;
    }
    panic!("{what} did not come about");
}

/// Lets the browser handle what waits of its own events, such as a dialog that closes: what is asked for in the
/// background comes after all of it, where a timer may come before.
async fn turn() {
    let scheduler = Reflect::get(&window(), &"scheduler".into()).expect("the browser's scheduler");
    let post: Function = Reflect::get(&scheduler, &"postTask".into())
        .expect("a member")
        .unchecked_into();
    let last = Object::new();
    Reflect::set(&last, &"priority".into(), &"background".into()).expect("a plain object");
    let nothing = Function::new_no_args("");
    let turn = post.call2(&scheduler, &nothing, &last).expect("a promise");
    let _ = JsFuture::from(turn.unchecked_into::<Promise>()).await;
}

/// The path, query and fragment in the address bar.
pub fn address() -> String {
    let location = window().location();
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    format!(
        "{}{}{}",
        part(location.pathname()),
        part(location.search()),
        part(location.hash())
    )
}

/// The element that has the focus.
pub fn focused() -> Option<Element> {
    document().active_element()
}

/// Sends a key to an element.
pub fn key(element: &HtmlElement, key: &str) {
    let init = web_sys::KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init)
        .expect("an event");
    element.dispatch_event(&event).expect("a dispatch");
}

/// Fires a plain event that bubbles.
pub fn fire(element: &HtmlElement, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict(name, &init).expect("an event");
    element.dispatch_event(&event).expect("a dispatch");
}

/// Fires a plain event at the window.
pub fn fire_at_window(name: &str) {
    let event = Event::new(name).expect("an event");
    window().dispatch_event(&event).expect("a dispatch");
}

/// Puts a path in the address bar, as if the browser had opened it.
pub fn go_to(path: &str) {
    let history = window().history().expect("a history");
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(path))
        .expect("a path of this origin");
}

/// What can be seen below `root` of what the selector finds.
pub fn select(root: &HtmlElement, selector: &str) -> Vec<HtmlElement> {
    let list = root.query_selector_all(selector).expect("a selector");
    (0..list.length())
        .filter_map(|index| list.get(index)?.dyn_into().ok())
        .filter(|element: &HtmlElement| {
            element.tag_name() == "OPTION" || element.get_client_rects().length() > 0
        })
        .collect()
}

/// The name that a screen reader says, as far as this console makes names.
pub fn accessible_name(element: &HtmlElement) -> String {
    if let Some(label) = element.get_attribute("aria-label") {
        return label;
    }
    if let Some(ids) = element.get_attribute("aria-labelledby") {
        let texts = ids.split_whitespace().filter_map(|id| {
            let label = document().get_element_by_id(id)?;
            Some(words(&label))
        });
        return texts.collect::<Vec<_>>().join(" ");
    }
    let id = element.id();
    if !id.is_empty()
        && let Ok(Some(label)) = document().query_selector(&format!("label[for='{id}']"))
    {
        return words(&label);
    }
    words(element)
}

fn words(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
