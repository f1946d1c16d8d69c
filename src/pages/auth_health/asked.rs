//! What is asked for: it stands in the address, so that it survives reload, back and sharing.

use tenure_domain::{
    time::Timestamp,
    wire::auth_health::{AuthHealth, Outcome, Window},
};
use web_sys::UrlSearchParams;

use crate::{
    format::{self, Detail, Zone},
    route::escape,
    text::auth_health as text,
};

/// The names of the parts, in the address and for the server.
const NAMES: [&str; 6] = ["window", "outcome", "resource", "client", "from", "to"];
/// The place of a part.
pub const WINDOW: usize = 0;
/// The place of a part.
pub const OUTCOME: usize = 1;
/// The place of a part.
pub const RESOURCE: usize = 2;
/// The place of a part.
pub const CLIENT: usize = 3;
/// The place of a part.
pub const FROM: usize = 4;
/// The place of a part.
pub const TO: usize = 5;

/// The windows, in their order.
pub const WINDOWS: [Window; 4] = [Window::Hour, Window::Day, Window::Week, Window::NinetyDays];

/// The parts; an empty one asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked([String; 6]);

impl Asked {
    /// Reads it from an address' query. What is no window, no outcome and no span asks for nothing.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let query = UrlSearchParams::new_with_str(query).ok();
        let value = |name: &str| query.as_ref().and_then(|query| query.get(name));
        let mut asked = Self(NAMES.map(|name| value(name).unwrap_or_default()));
        if WINDOWS.iter().all(|it| name(*it) != asked.get(WINDOW)) {
            asked = asked.with(WINDOW, "");
        }
        if Outcome::parse(asked.get(OUTCOME)).is_none() {
            asked = asked.with(OUTCOME, "");
        }
        if asked.span().is_none() {
            asked = asked.with(FROM, "").with(TO, "");
        }
        asked
    }

    /// The same with another value of a part.
    #[must_use]
    pub fn with(&self, part: usize, value: &str) -> Self {
        let mut changed = self.clone();
        if let Some(place) = changed.0.get_mut(part) {
            value.clone_into(place);
        }
        changed
    }

    /// All of the same window.
    #[must_use]
    pub fn all(&self) -> Self {
        Self::default().with(WINDOW, self.get(WINDOW))
    }

    /// Whether only some of what was seen is asked for.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        let narrows = |part: &usize| !self.get(*part).is_empty();
        [OUTCOME, RESOURCE, CLIENT].iter().any(narrows)
    }

    /// The window's name.
    #[must_use]
    pub fn window(&self) -> &str {
        match self.get(WINDOW) {
            "" => name(Window::Day),
            window => window,
        }
    }

    /// As an address has it, without `?`.
    #[must_use]
    pub fn query(&self) -> String {
        self.written(&[WINDOW, OUTCOME, RESOURCE, CLIENT, FROM, TO])
    }

    /// As the server is asked for what was seen.
    #[must_use]
    pub fn of_health(&self) -> String {
        self.written(&[WINDOW, OUTCOME, RESOURCE, CLIENT])
    }

    /// As the server is asked for the tokens behind it: of the span, or else of the window.
    #[must_use]
    pub fn of_tokens(&self, now: Timestamp) -> String {
        const PARTS: &[usize] = &[OUTCOME, RESOURCE, CLIENT, FROM, TO];
        let window = WINDOWS.into_iter().find(|it| name(*it) == self.window());
        match window.filter(|_| self.get(FROM).is_empty()) {
            Some(window) => {
                // The server's clock may be a step ahead, and it tells of no more than 90 days.
                let from = window.span(now)[0].saturating_add(window.step());
                self.with(FROM, &from.to_string()).written(PARTS)
            }
            None => self.written(PARTS),
        }
    }

    /// Whether something is shown alone.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.is_narrow() || !self.get(FROM).is_empty()
    }

    /// What is shown alone, in words; `seen` knows how the app is called, and what was called.
    #[must_use]
    pub fn alone(&self, seen: Option<AuthHealth>) -> String {
        let (clients, resources) =
            seen.map_or_else(Default::default, |it| (it.clients, it.resources));
        let mut clients = clients.into_iter().filter_map(|it| it.client);
        let client = clients.find(|it| it.id.as_str() == self.get(CLIENT));
        let client = client.map(|it| it.name);
        let mut resources = resources.into_iter();
        let resource = resources.find(|it| it.resource == self.get(RESOURCE));
        let resource = resource.and_then(|it| it.name);

        let outcome = Outcome::parse(self.get(OUTCOME)).map(text::outcome);
        let span = self.span().map(|ends| {
            let [from, to] = ends.map(|at| format::instant(at, Detail::Minute, Zone::Viewer));
            text::span(&from, &to)
        });
        let mut words = String::new();
        for value in [
            outcome.unwrap_or_default(),
            resource.as_deref().unwrap_or(self.get(RESOURCE)),
            client.as_deref().unwrap_or(self.get(CLIENT)),
            &span.unwrap_or_default(),
        ] {
            if !(value.is_empty() || words.is_empty()) {
                words += ", ";
            }
            words += value;
        }
        words
    }

    /// The span whose tokens alone are asked for.
    fn span(&self) -> Option<[Timestamp; 2]> {
        let end = |part| self.get(part).parse().ok();
        Some([end(FROM)?, end(TO)?])
    }

    fn get(&self, part: usize) -> &str {
        self.0.get(part).map_or("", String::as_str)
    }

    fn written(&self, parts: &[usize]) -> String {
        let mut query = String::new();
        for part in parts {
            let (value, name) = (self.get(*part), NAMES.get(*part));
            if let (false, Some(name)) = (value.is_empty(), name) {
                if !query.is_empty() {
                    query.push('&');
                }
                query.push_str(&[name, "=", &escape(value)].concat());
            }
        }
        query
    }
}

/// A window's name in the address.
#[must_use]
pub const fn name(window: Window) -> &'static str {
    match window {
        Window::Hour => "hour",
        Window::Day => "day",
        Window::Week => "week",
        Window::NinetyDays => "90d",
    }
}
