//! What the operator chose: `tenure.toml`, then `TENURE_*` variables, then flags, in rising precedence.
//!
//! Every key is read once, here, with its origin kept, so that `check-config` can explain itself. Keys
//! for things that the server does not do yet are refused in the file rather than ignored.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use clap::Args;
use config::{Config, ConfigError, Environment, File, FileFormat, Map, Source, Value, ValueKind};
use ipnet::IpNet;
use url::Url;

use crate::state::Settings;

/// Read when no `--config` names another file.
const FILE: &str = "tenure.toml";
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const DEFAULT_DATABASE: &str = "sqlite://data/tenure.db";
const DEMO_DATABASE: &str = "sqlite://data/demo/tenure.db";

/// Flags that every command understands. Each overrules its variable and its line in the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// The configuration file [default: tenure.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// sqlite://FILE or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where people reach this server: https://tenure.example
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log: Option<String>,
    /// Origins of consoles that are hosted elsewhere, separated by commas
    #[arg(long, global = true, value_name = "ORIGINS")]
    pub allowed_origins: Option<String>,
    /// on or off: whether this process records expiries (it never decides them)
    #[arg(long, global = true, value_name = "ON|OFF")]
    pub sweeper: Option<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas
    #[arg(long, global = true, value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,
    /// Start with sample plans, in a data folder of its own
    #[arg(skip)]
    pub demo: bool,
}

impl Source for Flags {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let origin = "a flag".to_owned();
        let given = [
            ("listen", &self.listen),
            ("database_url", &self.database_url),
            ("public_url", &self.public_url),
            ("log", &self.log),
            ("allowed_origins", &self.allowed_origins),
            ("sweeper", &self.sweeper),
            ("trusted_proxies", &self.trusted_proxies),
        ];
        Ok(given
            .into_iter()
            .filter_map(|(key, value)| {
                let value = Value::new(Some(&origin), ValueKind::String(value.clone()?));
                Some((key.to_owned(), value))
            })
            .collect())
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Which database.
    pub database_url: String,
    /// Where people reach the server: an origin without a slash at its end. `None`: where it listens.
    pub public_url: Option<String>,
    /// How log lines look.
    pub log: LogFormat,
    /// Origins of consoles that are hosted elsewhere, as browsers write them.
    pub allowed_origins: Vec<String>,
    /// Whether this process records expiries.
    pub sweeper: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for Configuration {
    /// What holds where nothing is configured.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: DEFAULT_DATABASE.to_owned(),
            public_url: None,
            log: LogFormat::Text,
            allowed_origins: Vec::new(),
            sweeper: true,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Configuration {
    /// What the server needs to know, once it listens on `bound`.
    ///
    /// Without a public URL people reach it where it listens, and on this machine if it listens
    /// everywhere.
    #[must_use]
    pub fn settings(&self, bound: SocketAddr) -> Settings {
        let port = bound.port();
        let public_url = match &self.public_url {
            Some(url) => url.clone(),
            None if bound.ip().is_unspecified() => format!("http://localhost:{port}"),
            None => format!("http://{bound}"),
        };
        Settings {
            database_url: self.database_url.clone(),
            secure_cookies: public_url.starts_with("https://"),
            public_url,
            allowed_origins: self.allowed_origins.clone(),
            sweeper: self.sweeper,
            trusted_proxies: self.trusted_proxies.clone(),
        }
    }
}

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

/// What is wrong, one line for each key at fault. Secrets are masked.
#[derive(Debug)]
pub struct Invalid(pub Vec<String>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Invalid {}

/// Reads everything.
///
/// # Errors
/// Every key that is unknown or whose value is not valid, not only the first.
pub fn load(flags: &Flags) -> Result<(Configuration, Vec<Read>), Invalid> {
    load_from(flags, Environment::with_prefix("TENURE"))
}

fn load_from(
    flags: &Flags,
    environment: Environment,
) -> Result<(Configuration, Vec<Read>), Invalid> {
    let path = flags.config.clone().unwrap_or_else(|| FILE.into());
    let file = File::from(path)
        .format(FileFormat::Toml)
        .required(flags.config.is_some());
    let unknown = unknown_keys(&file)?;
    let found = Config::builder()
        .add_source(file)
        .add_source(environment.ignore_empty(true))
        .add_source(flags.clone())
        .build()
        .and_then(|config| config.collect())
        .map_err(|error| unreadable(&error))?;
    let mut reader = Reader {
        found,
        read: Vec::new(),
        wrong: unknown,
    };
    let database = if flags.demo {
        DEMO_DATABASE
    } else {
        DEFAULT_DATABASE
    };
    let otherwise = Configuration::default();
    let configuration = Configuration {
        listen: reader
            .get("listen", DEFAULT_LISTEN, str::parse)
            .unwrap_or(otherwise.listen),
        database_url: reader
            .get("database_url", database, database_url)
            .unwrap_or_default(),
        public_url: reader
            .get("public_url", "", |text| optional(text, origin))
            .flatten(),
        log: reader.get("log", "text", str::parse).unwrap_or_default(),
        allowed_origins: reader
            .get("allowed_origins", "", |text| list(text, origin))
            .unwrap_or_default(),
        sweeper: reader.get("sweeper", "on", switch).unwrap_or_default(),
        trusted_proxies: reader
            .get("trusted_proxies", "", |text| list(text, network))
            .unwrap_or_default(),
    };
    if reader.wrong.is_empty() {
        Ok((configuration, reader.read))
    } else {
        Err(Invalid(reader.wrong))
    }
}

const KEYS: [&str; 7] = [
    "listen",
    "database_url",
    "public_url",
    "log",
    "allowed_origins",
    "sweeper",
    "trusted_proxies",
];

/// The keys of the file that nobody reads: a typo there must not pass in silence.
fn unknown_keys(file: &(impl Source + Clone)) -> Result<Vec<String>, Invalid> {
    let mut unknown: Vec<String> = file
        .collect()
        .map_err(|error| unreadable(&error))?
        .into_keys()
        .filter(|key| !KEYS.contains(&key.as_str()))
        .map(|key| format!("{key}: there is no such key; known are {}", KEYS.join(", ")))
        .collect();
    unknown.sort();
    Ok(unknown)
}

/// The first line alone: the rest repeats the file's text, which may hold a password.
fn unreadable(error: &ConfigError) -> Invalid {
    let text = error.to_string();
    Invalid(vec![text.lines().next().unwrap_or_default().to_owned()])
}

/// Reads keys one by one and keeps what it saw.
struct Reader {
    found: Map<String, Value>,
    read: Vec<Read>,
    wrong: Vec<String>,
}

impl Reader {
    /// The key's value; `None` when it is not valid, which is then noted.
    fn get<T, E: fmt::Display>(
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

/// A text without the password of a URL in it.
fn masked(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return text.to_owned();
    };
    let in_query = url.query_pairs().any(|(key, _)| key == "password");
    if url.password().is_none() && !in_query {
        return text.to_owned();
    }
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    if in_query {
        url.set_query(Some("***"));
    }
    url.into()
}

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

fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("it must be on or off"),
    }
}

fn database_url(text: &str) -> Result<String, &'static str> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        Ok(text.to_owned())
    } else {
        Err("it must begin with sqlite:// or postgres://")
    }
}

/// An origin as browsers write it: scheme, host, and a port unless it is the scheme's own.
fn origin(text: &str) -> Result<String, String> {
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

fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
        .map_err(|_| format!("{text} is neither an address nor a network like 10.0.0.0/8"))
}

fn optional<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    Some(text)
        .filter(|text| !text.is_empty())
        .map(parse)
        .transpose()
}

fn list<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, E> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(parse)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Environment::with_prefix("TENURE").source(Some(pairs))
    }

    fn origin_of(read: &[Read], key: &str) -> String {
        let line = read.iter().find(|line| line.key == key);
        line.map(|line| line.origin.clone()).unwrap_or_default()
    }

    #[test]
    fn flags_overrule_variables_which_overrule_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tenure.toml");
        let text = "listen = '127.0.0.1:1'\nlog = 'json'\nsweeper = false\n\
                    allowed_origins = ['https://a.example', 'https://b.example:8443']\n";
        std::fs::write(&path, text).unwrap();
        let flags = Flags {
            config: Some(path.clone()),
            listen: Some("127.0.0.1:3".to_owned()),
            ..Flags::default()
        };
        let variables = [("TENURE_LISTEN", "127.0.0.1:2"), ("TENURE_LOG", "text")];
        let (settings, read) = load_from(&flags, environment(&variables)).unwrap();
        assert_eq!(settings.listen.port(), 3);
        assert_eq!(settings.log, LogFormat::Text);
        assert!(!settings.sweeper);
        assert_eq!(settings.allowed_origins.len(), 2);
        assert_eq!(origin_of(&read, "listen"), "a flag");
        assert_eq!(origin_of(&read, "log"), "TENURE_LOG");
        assert!(origin_of(&read, "sweeper").ends_with("tenure.toml"));
        assert_eq!(origin_of(&read, "database_url"), "the default");
    }

    #[test]
    fn every_wrong_key_is_named_and_no_password_shown() {
        let variables = [
            ("TENURE_LISTEN", "somewhere"),
            ("TENURE_DATABASE_URL", "mysql://tenure:hunter2@host/db"),
            ("TENURE_PUBLIC_URL", "https://tenure.example/console"),
            ("TENURE_TRUSTED_PROXIES", "10.0.0.0/8, nonsense"),
            ("TENURE_LOG", "loud"),
        ];
        let error = load_from(&Flags::default(), environment(&variables)).unwrap_err();
        let text = error.to_string();
        for key in [
            "listen",
            "database_url",
            "public_url",
            "trusted_proxies",
            "log",
        ] {
            assert!(
                error.0.iter().any(|line| line.starts_with(key)),
                "{key}: {text}"
            );
        }
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_key_that_nobody_reads_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tenure.toml");
        std::fs::write(&path, "listn = '127.0.0.1:1'\n").unwrap();
        let flags = Flags {
            config: Some(path),
            ..Flags::default()
        };
        let error = load_from(&flags, environment(&[])).unwrap_err();
        assert!(error.to_string().starts_with("listn:"), "{error}");
    }

    #[test]
    fn passwords_of_urls_are_masked() {
        assert_eq!(masked("postgres://a:b@host/db"), "postgres://a:***@host/db");
        assert_eq!(
            masked("postgres://host/db?password=b"),
            "postgres://host/db?***"
        );
        assert_eq!(masked("sqlite://data/tenure.db"), "sqlite://data/tenure.db");
    }
}
