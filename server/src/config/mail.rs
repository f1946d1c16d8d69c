//! How mails leave: from three keys and the database's place to one way, and a line that explains it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lettre::message::Mailbox;

use super::reader::{Read, Reader};
use crate::mail::{Route, Setup, url::SmtpServer};

/// Where mails go when nothing is configured and the database is no file.
const DEFAULT_FOLDER: &str = "data/mail";
const DEFAULT_FROM: &str = "Tenure <tenure@localhost>";

/// Reads the keys. `None` when one is not valid, which is then noted.
pub(super) fn setup(reader: &mut Reader, database_url: &str) -> Option<Setup> {
    let server = reader.get("smtp_url", "", optional_server)?;
    let authority = reader.get("smtp_ca", "", optional_file)?;
    let from = reader.get("mail_from", "", optional_mailbox)?;
    let setup = assemble(server, authority, from, database_url);
    match setup {
        Ok(setup) => {
            reader.read.push(explained(&setup));
            Some(setup)
        }
        Err(wrong) => {
            reader.wrong.push(wrong.to_owned());
            None
        }
    }
}

fn assemble(
    server: Option<SmtpServer>,
    authority: Option<Vec<u8>>,
    from: Option<Mailbox>,
    database_url: &str,
) -> Result<Setup, &'static str> {
    let route = match (server, authority) {
        (Some(server), None) => Route::Smtp(server),
        (Some(server), Some(pem)) => {
            let server = server.vouched_for_by(&pem);
            Route::Smtp(server.map_err(|_| "smtp_ca: the file must hold a certificate in PEM")?)
        }
        (None, Some(_)) => return Err("smtp_ca: it has no use without smtp_url"),
        (None, None) => Route::Files(folder(database_url)),
    };
    let from = match (from, &route) {
        (Some(from), _) => from,
        (None, Route::Smtp(_)) => {
            return Err(
                "mail_from: with smtp_url it must say whose mails these are: Tenure <tenure@acme.example>",
            );
        }
        (None, Route::Files(_)) => DEFAULT_FROM
            .parse()
            .map_err(|_| "mail_from: the default is no address")?,
    };
    Ok(Setup { from, route })
}

/// Beside the database, if that is a file.
fn folder(database_url: &str) -> PathBuf {
    let file = database_url.strip_prefix("sqlite:").map(|rest| {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        Path::new(rest.split('?').next().unwrap_or_default())
    });
    match file.and_then(Path::parent) {
        Some(folder) => folder.join("mail"),
        None => DEFAULT_FOLDER.into(),
    }
}

fn explained(setup: &Setup) -> Read {
    let from = setup.from.to_string();
    let value = match &setup.route {
        Route::Smtp(server) => format!("{server}, from {from}"),
        Route::Files(folder) => format!("as files in {}, from {from}", folder.display()),
    };
    Read {
        key: "(mails go)",
        value,
        origin: "what was read".to_owned(),
    }
}

fn optional_server(text: &str) -> Result<Option<SmtpServer>, &'static str> {
    match text {
        "" => Ok(None),
        text => SmtpServer::parse(text).map(Some),
    }
}

fn optional_file(text: &str) -> Result<Option<Vec<u8>>, String> {
    match text {
        "" => Ok(None),
        path => fs::read(path)
            .map(Some)
            .map_err(|error| format!("the file cannot be read: {error}")),
    }
}

fn optional_mailbox(text: &str) -> Result<Option<Mailbox>, String> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| "it must be an address, as in Tenure <tenure@acme.example>".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_beside_the_database() {
        for (url, expected) in [
            ("sqlite://data/tenure.db", "data/mail"),
            (
                "sqlite:///var/lib/tenure/t.db?mode=rw",
                "/var/lib/tenure/mail",
            ),
            ("sqlite:t.db", "mail"),
            ("postgres://host/db", "data/mail"),
        ] {
            assert_eq!(folder(url), Path::new(expected), "{url}");
        }
    }

    #[test]
    fn a_mail_server_needs_a_sender() {
        let server = || SmtpServer::parse("smtp://mail.example").ok();
        assert!(assemble(server(), None, None, "").is_err());
        let from = "Tenure <tenure@acme.example>".parse().ok();
        assert!(assemble(server(), None, from, "").is_ok());
        assert!(assemble(None, Some(Vec::new()), None, "").is_err());
        let (none, url) = (assemble(None, None, None, "sqlite://d/t.db"), "d/mail");
        assert!(
            matches!(none.map(|setup| setup.route), Ok(Route::Files(folder)) if folder == Path::new(url))
        );
    }
}
