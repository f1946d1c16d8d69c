//! What can be said on the command line, for every command.

use std::{fmt, path::PathBuf};

use clap::Args;
use config::{ConfigError, Map, Source, Value, ValueKind};

/// Flags that every command understands. Each overrules its variable and its line in the file.
#[derive(Args, Clone, Default)]
pub struct Flags {
    /// The configuration file [default: tenure.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Address and port where Prometheus may scrape /metrics; without it, nowhere
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
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
    /// How long OAuth access tokens live at most: `1 hours`, `7 days`
    #[arg(long, global = true, value_name = "PERIOD")]
    pub oauth_access_lifetime: Option<String>,
    /// How long a refresh token lives that nobody uses: `90 days`
    #[arg(long, global = true, value_name = "PERIOD")]
    pub oauth_refresh_idle: Option<String>,
    /// The mail server: smtps://user:password@mail.example, or smtp:// for STARTTLS. Without one, mails are
    /// written as files beside the database
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// A file with the certificate, in PEM, that vouches for the mail server's
    #[arg(long, global = true, value_name = "FILE")]
    pub smtp_ca: Option<String>,
    /// Whose mails they are: Tenure <tenure@acme.example>
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Whether alerts may be posted to private addresses, and without TLS: on, or off (the default)
    #[arg(long, global = true, value_name = "ON|OFF")]
    pub webhook_private: Option<String>,
    /// Start with sample plans, in a data folder of its own
    #[arg(skip)]
    pub demo: bool,
}

/// Shows nothing: a database's URL may hold a password.
impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags").finish_non_exhaustive()
    }
}

impl Source for Flags {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let origin = "a flag".to_owned();
        let given = [
            ("listen", &self.listen),
            ("metrics_listen", &self.metrics_listen),
            ("database_url", &self.database_url),
            ("public_url", &self.public_url),
            ("log", &self.log),
            ("allowed_origins", &self.allowed_origins),
            ("sweeper", &self.sweeper),
            ("trusted_proxies", &self.trusted_proxies),
            ("oauth_access_lifetime", &self.oauth_access_lifetime),
            ("oauth_refresh_idle", &self.oauth_refresh_idle),
            ("smtp_url", &self.smtp_url),
            ("smtp_ca", &self.smtp_ca),
            ("mail_from", &self.mail_from),
            ("webhook_private", &self.webhook_private),
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
