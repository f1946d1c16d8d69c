//! Mails: what they say, how they look, and their way to the mail server.
//!
//! `letter` is a mail as data; `compose` makes one of a notice; `words` and `dates` have every sentence in
//! every language; `text` and `html` are its two looks; `message` puts it into its envelope, and
//! `smtp` or `files` takes it away. Deliberately not here: who is told what (`domain::notice`), and which
//! mail is sent when (`jobs::post`).

pub mod compose;
pub mod dates;
mod files;
mod html;
pub mod letter;
pub mod message;
mod smtp;
mod text;
pub mod url;
mod words;

use std::path::PathBuf;

use lettre::message::Mailbox;

use self::{message::Sealed, url::SmtpServer};

/// How mails leave, and in whose name.
#[derive(Clone)]
pub struct Setup {
    /// The sender.
    pub from: Mailbox,
    /// The way that they take.
    pub route: Route,
}

/// The way that mails take.
#[derive(Clone)]
pub enum Route {
    /// To a mail server.
    Smtp(SmtpServer),
    /// Into a folder, one `.eml` file each.
    Files(PathBuf),
}

/// What became of a mail that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken: the mail server answered 250 after the mail, or the file is on the disk.
    Taken,
    /// Not now: the mail server said so of this mail, or was gone before it answered. Then it may have arrived.
    Later(String),
    /// Never: the mail server will not take it for this address.
    Refused(String),
    /// No mail can leave at the moment, this or any other.
    Unreachable(String),
}

/// Hands mails over, one at a time. A connection stays open between them.
pub struct Mailer(Way);

enum Way {
    Smtp(Box<smtp::Client>),
    Files(PathBuf),
}

impl Mailer {
    /// Nothing is opened yet. `name` is what this machine calls itself to the mail server.
    #[must_use]
    pub fn new(route: &Route, name: &str) -> Self {
        Self(match route {
            Route::Smtp(server) => Way::Smtp(Box::new(smtp::Client::new(server.clone(), name))),
            Route::Files(folder) => Way::Files(folder.clone()),
        })
    }

    /// Hands a mail over, and says what became of it.
    pub async fn hand_over(&mut self, mail: &Sealed) -> Outcome {
        match &mut self.0 {
            Way::Smtp(client) => client.send(mail).await,
            Way::Files(folder) => files::write(folder, mail).await,
        }
    }

    /// Takes leave of the mail server.
    pub async fn close(&mut self) {
        if let Way::Smtp(client) = &mut self.0 {
            client.close().await;
        }
    }
}
