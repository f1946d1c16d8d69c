//! Reads keys one by one, and keeps for the operator what was read, from where, and what is wrong.

use std::fmt;

use config::{Map, Value, ValueKind};

/// One line of what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The key, as in the file.
    pub key: &'static str,
    /// Its value, with secrets masked.
    pub value: String,
    /// Where it came from.
    pub origin: String,
}

/// Reads keys one by one and keeps what it saw.
pub(super) struct Reader {
    found: Map<String, Value>,
    pub(super) read: Vec<Read>,
    pub(super) wrong: Vec<String>,
}

impl Reader {
    /// Reads from what was found; `wrong` is known to be wrong already.
    pub(super) const fn new(found: Map<String, Value>, wrong: Vec<String>) -> Self {
        Self {
            found,
            read: Vec::new(),
            wrong,
        }
    }

    /// The key's value; `None` when it is not valid, which is then noted.
    pub(super) fn get<T, E: fmt::Display>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let found = self.found.get(key);
        let origin = match found.and_then(Value::origin) {
            None => "the default".to_owned(),
            Some("the environment") => format!("TENURE_{}", key.to_uppercase()),
            Some(origin) => origin.to_owned(),
        };
        let text = match found {
            None => Some(default.to_owned()),
            Some(value) => text_of(value),
        };
        let value = masked(text.as_deref().unwrap_or_default());
        let parsed = match &text {
            Some(text) => parse(text).map_err(|error| error.to_string()),
            None => Err("a text or a list of texts is needed".to_owned()),
        };
        if let Err(error) = &parsed {
            let line = format!("{key} = \"{value}\" (from {origin}): {error}");
            self.wrong.push(line);
        }
        self.read.push(Read { key, value, origin });
        parsed.ok()
    }
}

/// A value as the text that an environment variable would hold; lists are joined by commas.
fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Array(items) => items
            .iter()
            .map(text_of)
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        ValueKind::Boolean(true) => Some("on".to_owned()),
        ValueKind::Boolean(false) => Some("off".to_owned()),
        ValueKind::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// A text without the password of a URL in it, also where it is no URL because of a slip of the hand:
/// nothing between the first colon after the scheme and the last `@`, and no query but SQLite's.
fn masked(text: &str) -> String {
    let authority = text.find("://").map_or(0, |at| at + "://".len());
    let mut shown = text.to_owned();
    if let Some(end) = text.rfind('@').filter(|end| *end > authority)
        && let Some(colon) = text[authority..end].find(':')
    {
        shown.replace_range(authority + colon + 1..end, "***");
    }
    if let Some(query) = shown.find('?').filter(|_| !text.starts_with("sqlite:")) {
        shown.replace_range(query + 1.., "***");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_urls_are_masked() {
        assert_eq!(masked("postgres://a:b@host/db"), "postgres://a:***@host/db");
        assert_eq!(
            masked("postgres://host/db?password=b"),
            "postgres://host/db?***"
        );
        for text in [
            "sqlite://data/tenure.db?mode=rw",
            "postgres://a@host/db",
            "10.0.0.0/8",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn passwords_of_what_is_no_url_are_masked_as_well() {
        for text in [
            "postgres://tenure:hunter2@host:port/db",
            "postgres://tenure:hun@ter2@host/db",
            "postgres://tenure:hunter2?@host/db",
            "postgres//tenure:hunter2@host/db",
            "tenure:hunter2@host",
            "postgres://host:port/db?password=hunter2",
        ] {
            let shown = masked(text);
            assert!(!shown.contains("ter2") && shown.contains("host"), "{shown}");
        }
    }
}
