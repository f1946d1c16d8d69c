//! One connection to a mail server, kept open between mails (RFC 5321).
//!
//! `lettre` speaks the protocol. The steps are taken one by one here, because an answer means something
//! else at each: what is refused before the recipient is named concerns every mail, after it this one alone.

use std::{error::Error as _, time::Duration};

use lettre::transport::smtp::{
    Error,
    authentication::Mechanism,
    client::AsyncSmtpConnection,
    commands::{Data, Mail, Rcpt, Rset},
    extension::{ClientId, Extension, MailParameter},
};
use tokio::time::timeout;

use super::{
    Outcome,
    message::Sealed,
    url::{SmtpServer, Tls},
};

/// To be connected, or to say goodbye.
const PATIENCE: Duration = Duration::from_secs(20);
/// For a whole mail. Some servers look at one for long before they answer, and whoever does not wait sends it
/// again (RFC 5321, section 4.5.3.2).
const WHOLE_MAIL: Duration = Duration::from_secs(300);

/// Speaks to one mail server.
pub(super) struct Client {
    server: SmtpServer,
    name: ClientId,
    connection: Option<AsyncSmtpConnection>,
}

impl Client {
    pub(super) fn new(server: SmtpServer, name: &str) -> Self {
        Self {
            server,
            name: ClientId::Domain(name.to_owned()),
            connection: None,
        }
    }

    /// Sends a mail. Whatever goes wrong, the next one gets a connection in order.
    pub(super) async fn send(&mut self, mail: &Sealed) -> Outcome {
        // Taken out: if this future is dropped half-way, so is the connection.
        let kept = self.connection.take();
        let sending = async {
            let mut connection = match self.ready(kept).await {
                Ok(connection) => connection,
                Err(error) => return (None, Outcome::Unreachable(words(&error))),
            };
            let outcome = transfer(&mut connection, mail).await;
            (Some(connection), outcome)
        };
        match timeout(WHOLE_MAIL, sending).await {
            Ok((connection, outcome)) => {
                self.connection = connection.filter(|connection| !connection.has_broken());
                outcome
            }
            Err(_late) => Outcome::Later("the mail server took too long to answer".to_owned()),
        }
    }

    /// A connection that listens: the one that is there, or else a new one.
    async fn ready(&self, kept: Option<AsyncSmtpConnection>) -> Result<AsyncSmtpConnection, Error> {
        if let Some(mut kept) = kept
            && kept.command(Rset).await.is_ok()
        {
            return Ok(kept);
        }
        let SmtpServer { host, port, .. } = &self.server;
        let tls = self.server.tls_parameters()?;
        let from_the_start = (self.server.tls == Tls::Implicit).then(|| tls.clone());
        let address = (host.as_str(), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(PATIENCE),
            &self.name,
            from_the_start,
            None,
        )
        .await?;
        if self.server.tls == Tls::Required {
            connection.starttls(tls, &self.name).await?;
        }
        if let Some(credentials) = &self.server.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, credentials).await?;
        }
        Ok(connection)
    }

    pub(super) async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // It is no longer needed, whether it says goodbye or not.
            let _ = timeout(PATIENCE, connection.quit()).await;
        }
    }
}

async fn transfer(connection: &mut AsyncSmtpConnection, mail: &Sealed) -> Outcome {
    let mut parameters = Vec::new();
    if mail.needs_utf8_addresses() {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let words = "the address is not of plain letters, and the mail server takes no others";
            return Outcome::Refused(words.to_owned());
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let sender = Mail::new(Some(mail.from.clone()), parameters);
    if let Err(error) = connection.command(sender).await {
        return Outcome::Unreachable(words(&error));
    }
    let recipient = Rcpt::new(mail.to.clone(), Vec::new());
    if let Err(error) = connection.command(recipient).await {
        return of_this_mail(&error);
    }
    if let Err(error) = connection.command(Data).await {
        return of_this_mail(&error);
    }
    match connection.message(&mail.bytes).await {
        Ok(_taken) => Outcome::Taken,
        Err(error) => of_this_mail(&error),
    }
}

fn of_this_mail(error: &Error) -> Outcome {
    if error.is_permanent() {
        Outcome::Refused(words(error))
    } else {
        Outcome::Later(words(error))
    }
}

/// The error and what caused it, on one line. The mail server's answer is in it, and no password.
fn words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words.push_str(": ");
            words.push_str(&inner_words);
        }
        cause = inner.source();
    }
    let one_line: String = words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect();
    one_line
}
