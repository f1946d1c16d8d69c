//! HTTP, and nothing else: the only file that knows how a request leaves the browser.
//!
//! Deliberately not here: what an answer means (`client`), and the fake that tests use (`fake`).

use futures::future::LocalBoxFuture;
use leptos::prelude::{document, on_cleanup, window, window_event_listener_untyped};
use tenure_domain::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Url};

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
}

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
