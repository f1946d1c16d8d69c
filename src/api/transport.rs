//! HTTP, and nothing else: the only file that knows how a request leaves the browser.
//!
//! Deliberately not here: what an answer means (`client`), and the fake that tests use (`fake`).

use core::any::Any;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::prelude::{document, on_cleanup, window, window_event_listener_untyped};
use tenure_domain::{
    time::Timestamp,
    wire::live::{CHANGE, RESET},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Event, EventSource, MessageEvent, RequestInit, Url};

use crate::js;

/// What a request does (RFC 9110, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something.
    Post,
    /// Replaces.
    Put,
    /// Ends something.
    Delete,
}

/// A call to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Below the API's address, with the query string: `/session`.
    pub path: String,
    /// The `If-Match` header.
    pub if_match: Option<String>,
    /// A JSON text.
    pub body: Option<String>,
    /// The answer may take long, and whoever asks knows it.
    pub long: bool,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body's text; empty when there is none.
    pub body: String,
    /// The server's clock when it answered.
    pub server_time: Option<Timestamp>,
    /// What finds the call in the server's log.
    pub request_id: Option<String>,
}

/// No answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected;

/// Something that carries requests: the browser, or a test's fake.
pub trait Transport {
    /// Sends a request. Dropping the future gives the request up.
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, Disconnected>>;

    /// Listens to what the server tells by itself, until the answer is dropped. A connection that breaks is made
    /// anew, and goes on behind the last event.
    fn listen(&self, path: &str, hear: Rc<dyn Fn(Heard)>) -> Listening;
}

/// An event that the server told by itself (WHATWG HTML, section 9.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its name; [`LOST`] where nothing comes any more.
    pub name: String,
    /// The place from which to go on.
    pub id: Option<String>,
    /// What it tells.
    pub data: String,
}

/// The name of what is heard when the browser has given up.
pub const LOST: &str = "error";

/// What keeps a connection open.
pub type Listening = Box<dyn Any>;

/// Requests by the browser's `fetch`, with its cookies.
pub struct Fetch {
    base: String,
}

impl Fetch {
    /// Sends to [`base_url`].
    #[must_use]
    pub fn from_page() -> Self {
        Self { base: base_url() }
    }
}

/// The API's whole address, without a slash at the end: index.html names it in
/// `<meta name="tenure-api">`, as a path of its own server or as an address elsewhere.
#[must_use]
pub fn base_url() -> String {
    let named = document()
        .query_selector("meta[name=tenure-api]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    let named = named.unwrap_or_else(|| "/api/v1".to_owned());
    let origin = window().location().origin().unwrap_or_default();
    let whole = Url::new_with_base(&named, &origin).map_or(named, |url| url.href());
    whole.trim_end_matches('/').to_owned()
}

impl Transport for Fetch {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, Disconnected>> {
        let url = format!("{}{}", self.base, request.path);
        Box::pin(async move {
            fetch(&url, request)
                .await
                .map_err(|_: JsValue| Disconnected)
        })
    }

    fn listen(&self, path: &str, hear: Rc<dyn Fn(Heard)>) -> Listening {
        let init = js::object(&[]);
        js::set(&init, "withCredentials", &JsValue::TRUE);
        let (url, init) = (format!("{}{path}", self.base), init.unchecked_ref());
        let Ok(source) = EventSource::new_with_event_source_init_dict(&url, init) else {
            return Box::new(());
        };
        let told = {
            let source = source.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let message = event.dyn_ref::<MessageEvent>();
                // While it is not closed, the browser comes back by itself.
                if message.is_some() || source.ready_state() == EventSource::CLOSED {
                    hear(Heard {
                        name: event.type_(),
                        id: message.map(MessageEvent::last_event_id),
                        data: message
                            .and_then(|it| it.data().as_string())
                            .unwrap_or_default(),
                    });
                }
            })
        };
        for name in [CHANGE, RESET, LOST] {
            let told = told.as_ref().unchecked_ref();
            // Nothing can be wrong with these names.
            let _ = source.add_event_listener_with_callback(name, told);
        }
        Box::new(Source {
            source,
            _told: told,
        })
    }
}

/// Closes the browser's connection when it is dropped.
struct Source {
    source: EventSource,
    _told: Closure<dyn FnMut(Event)>,
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Gives the browser's request up when the future that waits for it is dropped.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

async fn fetch(url: &str, request: Request) -> Result<Response, JsValue> {
    let mut abort = AbortOnDrop(AbortController::new().ok());
    let init = init(request);
    if let Some(controller) = &abort.0 {
        js::set(&init, "signal", &controller.signal());
    }
    let answer = window().fetch_with_str_and_init(url, init.unchecked_ref::<RequestInit>());
    let answer: web_sys::Response = JsFuture::from(answer).await?.unchecked_into();
    let body = JsFuture::from(answer.text()?).await?;
    abort.0 = None;
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    Ok(Response {
        status: answer.status(),
        server_time: header("X-Server-Time").and_then(|time| time.parse().ok()),
        request_id: header("X-Request-Id"),
        body: body.as_string().unwrap_or_default(),
    })
}

/// What `fetch` is told of a request.
fn init(request: Request) -> js_sys::Object {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    };
    let init = js::object(&[("method", method), ("credentials", "include")]);
    let headers = js::object(&[("Accept", "application/json")]);
    if let Some(version) = request.if_match {
        js::set(&headers, "If-Match", &version.into());
    }
    if let Some(body) = request.body {
        js::set(&headers, "Content-Type", &"application/json".into());
        js::set(&init, "body", &body.into());
    }
    js::set(&init, "headers", &headers);
    init
}

/// Calls `back` whenever a person comes back to the window.
pub fn on_focus(back: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("focus", move |_| back());
    on_cleanup(move || listener.remove());
}

/// Calls `back` whenever the browser says that it has a network again.
pub fn on_network(back: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("online", move |_| back());
    on_cleanup(move || listener.remove());
}

/// Whether nobody can see the page: it is in a tab behind another one, or its window is minimised.
#[must_use]
pub fn is_hidden() -> bool {
    document().hidden()
}

/// Calls `changed` whenever the page is hidden or shown.
pub fn on_visibility(changed: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("visibilitychange", move |_| changed());
    on_cleanup(move || listener.remove());
}
