//! What the operator chose: `tenure.toml`, then `TENURE_*` variables, then flags, in rising precedence.
//!
//! Every key is read once, here, with its origin kept, so that `check-config` can explain itself. Keys
//! for things that the server does not do are refused in the file rather than ignored.

mod flags;
mod mail;
mod reader;
mod values;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use config::{Config, ConfigError, Environment, File, FileFormat, Source};
use ipnet::IpNet;
use tenure_domain::{period::Period, policy::DEFAULT_ACCESS_LIFETIME, refresh::DEFAULT_IDLE};

pub use self::{flags::Flags, reader::Read};
use self::{
    reader::Reader,
    values::{database_url, list, network, optional, origin, switch},
};
use crate::state::Settings;

/// Read when no `--config` names another file.
const FILE: &str = "tenure.toml";
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const DEFAULT_DATABASE: &str = "sqlite://data/tenure.db";
const DEMO_DATABASE: &str = "sqlite://data/demo/tenure.db";

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be configured. It has no `Debug`: the database's URL may hold a password.
#[derive(Clone)]
pub struct Configuration {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where Prometheus may scrape; `None`: nowhere.
    pub metrics_listen: Option<SocketAddr>,
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
    /// How long OAuth access tokens live at most.
    pub oauth_access_lifetime: Period,
    /// How long a refresh token lives that nobody uses.
    pub oauth_refresh_idle: Period,
    /// Whether alerts may be posted to private addresses, and without TLS.
    pub webhook_private: bool,
    /// How mails leave; `None` only when what was read is not valid.
    pub mail: Option<crate::mail::Setup>,
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
            access_lifetime: self.oauth_access_lifetime,
            refresh_idle: self.oauth_refresh_idle,
            webhook_private: self.webhook_private,
            mail: self.mail.clone(),
        }
    }
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
    let mut found = Config::builder()
        .add_source(file)
        .add_source(environment.ignore_empty(true))
        .add_source(flags.clone())
        .build()
        .and_then(|config| config.collect())
        .map_err(|error| unreadable(&error))?;
    let mut database = DEFAULT_DATABASE;
    if flags.demo {
        database = DEMO_DATABASE;
        // Sample accounts have a password that everybody knows: what is configured for a real server
        // does not count.
        if flags.database_url.is_none() {
            found.remove("database_url");
        }
    }
    let mut reader = Reader::new(found, unknown);
    let mut configuration = Configuration {
        listen: reader
            .get("listen", &DEFAULT_LISTEN.to_string(), str::parse)
            .unwrap_or(DEFAULT_LISTEN),
        metrics_listen: reader
            .get("metrics_listen", "", |text| {
                optional(text, str::parse::<SocketAddr>)
            })
            .flatten(),
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
        oauth_access_lifetime: reader
            .get(
                "oauth_access_lifetime",
                &DEFAULT_ACCESS_LIFETIME.to_string(),
                str::parse,
            )
            .unwrap_or(DEFAULT_ACCESS_LIFETIME),
        oauth_refresh_idle: reader
            .get("oauth_refresh_idle", &DEFAULT_IDLE.to_string(), str::parse)
            .unwrap_or(DEFAULT_IDLE),
        webhook_private: reader
            .get("webhook_private", "off", switch)
            .unwrap_or_default(),
        mail: None,
    };
    configuration.mail = mail::setup(&mut reader, &configuration.database_url);
    if reader.wrong.is_empty() {
        Ok((configuration, reader.read))
    } else {
        Err(Invalid(reader.wrong))
    }
}

const KEYS: [&str; 14] = [
    "listen",
    "metrics_listen",
    "database_url",
    "public_url",
    "log",
    "allowed_origins",
    "sweeper",
    "trusted_proxies",
    "oauth_access_lifetime",
    "oauth_refresh_idle",
    "smtp_url",
    "smtp_ca",
    "mail_from",
    "webhook_private",
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
        let (settings, read) = load_from(&flags, environment(&variables)).ok().unwrap();
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
    fn the_demo_fills_no_database_but_one_that_a_flag_names() {
        let variables = [("TENURE_DATABASE_URL", "postgres://real/db")];
        let database_url = |demo, database_url: Option<&str>| {
            let flags = Flags {
                demo,
                database_url: database_url.map(str::to_owned),
                ..Flags::default()
            };
            let read = load_from(&flags, environment(&variables));
            read.ok().unwrap().0.database_url
        };
        assert_eq!(database_url(true, None), DEMO_DATABASE);
        assert_eq!(database_url(true, Some("sqlite://a.db")), "sqlite://a.db");
        assert_eq!(database_url(false, None), "postgres://real/db");
    }

    #[test]
    fn flags_do_not_show_their_passwords() {
        let flags = Flags {
            database_url: Some("postgres://tenure:hunter2@host/db".to_owned()),
            ..Flags::default()
        };
        assert!(!format!("{flags:?}").contains("hunter2"));
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
        let error = load_from(&Flags::default(), environment(&variables))
            .err()
            .unwrap();
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
        let error = load_from(&flags, environment(&[])).err().unwrap();
        assert!(error.to_string().starts_with("listn:"), "{error}");
    }
}
