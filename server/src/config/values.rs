//! From the text of a value to what it means, or a sentence that says what it must be.

use std::str::FromStr;

use ipnet::IpNet;
use url::Url;

use super::LogFormat;

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("it must be text or json"),
        }
    }
}

pub(super) fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("it must be on or off"),
    }
}

pub(super) fn database_url(text: &str) -> Result<String, &'static str> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        Ok(text.to_owned())
    } else {
        Err("it must begin with sqlite:// or postgres://")
    }
}

/// An origin as browsers write it: scheme, host, and a port unless it is the scheme's own.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("it must begin with http:// or https://".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    if text.trim_end_matches('/') == origin {
        Ok(origin)
    } else {
        Err(format!("it must be an origin and nothing more: {origin}"))
    }
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
        .map_err(|_| format!("{text} is neither an address nor a network like 10.0.0.0/8"))
}

pub(super) fn optional<T, E>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, E> {
    Some(text)
        .filter(|text| !text.is_empty())
        .map(parse)
        .transpose()
}

pub(super) fn list<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, E> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(parse)
        .collect()
}
