//! What of the log is asked for: it stands in the address, so that it survives reload, back and sharing.

use js_sys::Date;
use tenure_domain::time::Timestamp;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use crate::route::escape;

/// The names of a filter's parts, in the address and for the server.
const NAMES: [&str; 6] = ["action", "text", "since", "until", "actor", "target"];
/// The place of a part.
pub const ACTION: usize = 0;
/// The place of a part.
pub const TEXT: usize = 1;
/// The place of a part: a day in the viewer's zone.
pub const SINCE: usize = 2;
/// The place of a part: a day in the viewer's zone, which is within.
pub const UNTIL: usize = 3;
/// The place of a part.
pub const ACTOR: usize = 4;
/// The place of a part.
pub const TARGET: usize = 5;

/// The parts of a filter; empty ones do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub [String; 6]);

impl Filter {
    /// The filter with one part alone.
    #[must_use]
    pub fn only(part: usize, value: &str) -> Self {
        let mut filter = Self::default();
        filter.set(part, value.to_owned());
        filter
    }

    /// Reads it from an address' query.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let query = UrlSearchParams::new_with_str(query).ok();
        let value = |name: &str| query.as_ref().and_then(|query| query.get(name));
        Self(NAMES.map(|name| value(name).unwrap_or_default()))
    }

    /// A part.
    #[must_use]
    pub fn get(&self, part: usize) -> &str {
        self.0.get(part).map_or("", String::as_str)
    }

    /// Changes a part.
    pub fn set(&mut self, part: usize, value: String) {
        if let Some(place) = self.0.get_mut(part) {
            *place = value;
        }
    }

    /// Whether everything passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// Whether it begins after it ends, so that nothing can pass. Days are written so that they sort as text.
    #[must_use]
    pub fn is_backwards(&self) -> bool {
        let (since, until) = (self.get(SINCE), self.get(UNTIL));
        !until.is_empty() && since > until
    }

    /// As an address has it, without `?`.
    #[must_use]
    pub fn query(&self) -> String {
        self.written(|_, value| value.to_owned())
    }

    /// As the server is asked: days are the instants at which they begin here, or end.
    #[must_use]
    pub fn asked(&self) -> String {
        self.written(|part, value| match part {
            SINCE => midnight(value, 0),
            UNTIL => midnight(value, 1),
            _ => value.to_owned(),
        })
    }

    fn written(&self, value: impl Fn(usize, &str) -> String) -> String {
        let parts = self.0.iter().enumerate();
        let parts = parts.map(|(part, text)| (part, value(part, text)));
        let parts = parts.filter(|(_, text)| !text.is_empty());
        let name = |part| NAMES.get(part).copied().unwrap_or_default();
        let pairs = parts.map(|(part, text)| format!("{}={}", name(part), escape(&text)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// The instant at which a day begins in the viewer's zone, some days later; nothing where it is no day.
fn midnight(day: &str, later: u32) -> String {
    let date = Date::new(&JsValue::from_str(&format!("{day}T00:00:00")));
    date.set_date(date.get_date() + later);
    let millis = date.get_time();
    if day.is_empty() || millis.is_nan() {
        return String::new();
    }
    Timestamp::from_millis(millis as i64).to_string()
}
