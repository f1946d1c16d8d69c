//! `TENURE_SMTP_URL`: `smtps://user:password@mail.example:465`, or `smtp://mail.example:587`.

use std::{fmt, net::Ipv4Addr};

use lettre::transport::smtp::{
    authentication::Credentials,
    client::{Certificate, TlsParameters},
};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// A mail server, and how it is spoken to.
#[derive(Clone)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) credentials: Option<Credentials>,
    pub(super) authority: Option<Certificate>,
}

/// Whether and how the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (RFC 8314).
    Implicit,
    /// From STARTTLS on, or not at all: a server that does not offer it gets no mail.
    Required,
    /// Never: for a relay on this machine.
    None,
}

impl SmtpServer {
    /// Reads a URL. `smtps` is TLS from the first byte, `smtp` STARTTLS, unless `?tls=none` says otherwise.
    ///
    /// # Errors
    /// What the URL must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it must be a URL like smtps://mail.example")?;
        let tls = tls(&url)?;
        let host = url
            .host()
            .ok_or("it must name a host, as smtps://mail.example does")?;
        let credentials = credentials(&url)?;
        if tls == Tls::None && credentials.is_some() && !is_this_machine(&host) {
            return Err("a password may not travel without TLS; leave tls=none out");
        }
        if !matches!(url.path(), "" | "/") {
            return Err("it must not have a path");
        }
        let default_port = if tls == Tls::Implicit { 465 } else { 587 };
        Ok(Self {
            host: host.to_string().trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(default_port),
            tls,
            credentials,
            authority: None,
        })
    }

    /// The same server, whose certificate may also be vouched for by these, in PEM.
    ///
    /// # Errors
    /// When they are none.
    pub fn vouched_for_by(mut self, pem: &[u8]) -> Result<Self, &'static str> {
        let authority = Certificate::from_pem(pem);
        self.authority = Some(authority.map_err(|_| "it must hold certificates in PEM")?);
        // What is not valid is told now, and not at the first mail.
        self.tls_parameters()
            .map_err(|_| "it must hold certificates in PEM")?;
        Ok(self)
    }

    pub(super) fn tls_parameters(&self) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(authority) = &self.authority {
            builder = builder.add_root_certificate(authority.clone());
        }
        builder.build_rustls()
    }
}

/// For the operator, without the password.
impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        let tls = match self.tls {
            Tls::Implicit => "with TLS",
            Tls::Required => "with STARTTLS",
            Tls::None => "without TLS",
        };
        let signed_in = match self.credentials {
            Some(_) => "with a password",
            None => "without a password",
        };
        write!(f, "to {host}:{port} {tls}, {signed_in}")
    }
}

fn tls(url: &Url) -> Result<Tls, &'static str> {
    let asked: Vec<_> = url.query_pairs().collect();
    let none = match asked.as_slice() {
        [] => false,
        [(name, value)] if name == "tls" && value == "none" => true,
        _ => return Err("all that may follow the ? is tls=none"),
    };
    match (url.scheme(), none) {
        ("smtps", false) => Ok(Tls::Implicit),
        ("smtp", false) => Ok(Tls::Required),
        ("smtp", true) => Ok(Tls::None),
        ("smtps", true) => Err("smtps is with TLS; it must be smtp where tls=none"),
        _ => Err("it must begin with smtps:// or smtp://"),
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, &'static str> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.map(String::from)
            .map_err(|_| "the user and the password must be UTF-8, percent-encoded")
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err("a password needs a user"),
        (_, None) => Err("a user needs a password"),
        (user, Some(password)) => Ok(Some(Credentials::new(decoded(user)?, decoded(password)?))),
    }
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        // The URL standard reads addresses of the fourth version in its own schemes alone.
        Host::Domain(name) => {
            let address = name.parse::<Ipv4Addr>();
            *name == "localhost" || address.is_ok_and(|it| it.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(String, u16, Tls, bool), &'static str> {
        let server = SmtpServer::parse(text)?;
        let signs_in = server.credentials.is_some();
        Ok((server.host, server.port, server.tls, signs_in))
    }

    #[test]
    fn the_scheme_says_how_the_connection_is_encrypted() {
        let host = "mail.example".to_owned();
        assert_eq!(
            parse("smtps://mail.example"),
            Ok((host.clone(), 465, Tls::Implicit, false))
        );
        assert_eq!(
            parse("smtp://a:b%40c@mail.example:2525"),
            Ok((host.clone(), 2525, Tls::Required, true))
        );
        assert_eq!(
            parse("smtp://mail.example:25/?tls=none"),
            Ok((host, 25, Tls::None, false))
        );
        assert_eq!(
            parse("smtp://[::1]:25?tls=none"),
            Ok(("::1".to_owned(), 25, Tls::None, false))
        );
    }

    #[test]
    fn what_would_not_work_or_be_seen_by_others_is_refused() {
        for text in [
            "mail.example",
            "http://mail.example",
            "smtp:///",
            "smtps://mail.example?tls=none",
            "smtp://mail.example?tls=maybe",
            "smtp://mail.example/inbox",
            "smtp://user@mail.example",
            "smtp://user:password@mail.example?tls=none",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("smtp://user:password@127.0.0.1:25?tls=none").is_ok());
    }

    #[test]
    fn the_operator_is_shown_no_password() {
        let server = SmtpServer::parse("smtp://tenure:hunter2@mail.example").unwrap();
        let shown = server.to_string();
        assert_eq!(shown, "to mail.example:587 with STARTTLS, with a password");
    }
}
