//! What of a list is asked for: it stands in the address, so that it survives reload, back and sharing.
//!
//! Deliberately not here: which parts a list has, and their fields. The list's page brings them.

use js_sys::Date;
use tenure_domain::time::Timestamp;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use crate::route::escape;

/// What a part of a filter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A text, which the server is sent as it is.
    Text(&'static str),
    /// A day in the viewer's zone, which the server is sent as the instant at which it begins there.
    From(&'static str),
    /// A day in the viewer's zone, which is within: the server is sent the instant at which it ends there.
    Until(&'static str),
}

impl Part {
    /// Its name, in the address and for the server.
    const fn name(self) -> &'static str {
        match self {
            Self::Text(name) | Self::From(name) | Self::Until(name) => name,
        }
    }
}

/// The parts of a filter, in their order, and their values; empty ones do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    parts: &'static [Part],
    values: Vec<String>,
}

impl Filter {
    /// A filter that everything passes.
    #[must_use]
    pub fn of(parts: &'static [Part]) -> Self {
        Self::read(parts, "")
    }

    /// The filter with one part alone.
    #[must_use]
    pub fn only(parts: &'static [Part], part: usize, value: &str) -> Self {
        let mut filter = Self::of(parts);
        filter.set(part, value.to_owned());
        filter
    }

    /// Reads it from an address' query. What should be a day and is none asks for nothing.
    #[must_use]
    pub fn read(parts: &'static [Part], query: &str) -> Self {
        let query = UrlSearchParams::new_with_str(query).ok();
        let value = |part: &Part| {
            let value = query.as_ref().and_then(|query| query.get(part.name()));
            let value = value.unwrap_or_default();
            match part {
                Part::From(_) | Part::Until(_) if midnight(&value, 0).is_empty() => String::new(),
                _ => value,
            }
        };
        Self {
            parts,
            values: parts.iter().map(value).collect(),
        }
    }

    /// A part.
    #[must_use]
    pub fn get(&self, part: usize) -> &str {
        self.values.get(part).map_or("", String::as_str)
    }

    /// Changes a part.
    pub fn set(&mut self, part: usize, value: String) {
        if let Some(place) = self.values.get_mut(part) {
            *place = value;
        }
    }

    /// Whether everything passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(String::is_empty)
    }

    /// Whether something is asked for by a part that is none of these.
    #[must_use]
    pub fn is_beyond(&self, shown: &[usize]) -> bool {
        let mut all = self.values.iter().enumerate();
        all.any(|(part, value)| !value.is_empty() && !shown.contains(&part))
    }

    /// The day that a span begins with which ends before, so that nothing can pass. Days are written so that they
    /// sort as text; the day that a span ends with is the part behind the one that it begins with.
    #[must_use]
    pub fn backwards(&self) -> Option<usize> {
        let mut from = (0, "");
        for (place, (part, value)) in self.parts.iter().zip(&self.values).enumerate() {
            match part {
                Part::From(_) => from = (place, value),
                Part::Until(_) if !value.is_empty() && from.1 > value.as_str() => {
                    return Some(from.0);
                }
                _ => {}
            }
        }
        None
    }

    /// The address of what is asked for of the list at this path.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let query = self.written(false);
        match query.strip_prefix('&') {
            Some(query) => [path, "?", query].concat(),
            None => path.to_owned(),
        }
    }

    /// As the server is asked: days are instants, and each part stands after an `&`.
    #[must_use]
    pub fn asked(&self) -> String {
        self.written(true)
    }

    fn written(&self, asked: bool) -> String {
        let mut query = String::new();
        for (part, text) in self.parts.iter().zip(&self.values) {
            let value = match part {
                Part::From(_) if asked => midnight(text, 0),
                Part::Until(_) if asked => midnight(text, 1),
                _ => text.clone(),
            };
            if !value.is_empty() {
                query += &["&", part.name(), "=", &escape(&value)].concat();
            }
        }
        query
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
