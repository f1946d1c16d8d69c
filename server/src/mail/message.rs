//! A letter in its envelope: headers, both parts, the bytes that travel (RFC 5322, RFC 2046).

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tenure_domain::{id::NoticeId, time::Timestamp};

use super::{html, letter::Letter, text};

/// A mail, ready to go.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Names it among all mails: a repeat has the same name.
    pub name: String,
    /// The sender's address.
    pub from: Address,
    /// The recipient's address.
    pub to: Address,
    /// Headers and body.
    pub bytes: Vec<u8>,
}

impl Sealed {
    /// Whether an address is not of ASCII alone (RFC 6531).
    #[must_use]
    pub fn needs_utf8_addresses(&self) -> bool {
        [&self.from, &self.to]
            .iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii())
    }
}

/// Which mail this is.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// The notice that it tells.
    pub notice: &'a NoticeId,
    /// How often somebody wanted it sent again.
    pub resent: i64,
    /// When it is sent.
    pub at: Timestamp,
}

impl Stamp<'_> {
    /// The mail's name: each time that somebody wants a notice sent again is another mail.
    #[must_use]
    pub fn name(&self) -> String {
        match self.resent {
            0 => self.notice.0.clone(),
            resent => format!("{}.{resent}", self.notice),
        }
    }
}

/// Why there is no mail: no server could deliver it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAddress(pub String);

/// Says that no person wrote it, so that no machine answers (RFC 3834, section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Puts a letter into its envelope.
///
/// # Errors
/// When no mail can be addressed to `email`.
pub fn seal(
    letter: &Letter,
    from: &Mailbox,
    (name, email): (&str, &str),
    stamp: &Stamp<'_>,
) -> Result<Sealed, NoAddress> {
    let no_address = |error: String| NoAddress(format!("{email} is no address: {error}"));
    let address: Address = email
        .parse()
        .map_err(|error: lettre::address::AddressError| no_address(error.to_string()))?;
    // A name is whatever somebody typed: what could not stand in a header is left out.
    let shown: String = name.chars().filter(|c| !c.is_control()).collect();
    let to = Mailbox::new(Some(shown).filter(|name| !name.is_empty()), address.clone());
    let subject: String = letter
        .subject
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let domain = from.email.domain();
    let message = Message::builder()
        .message_id(Some(format!("<{}@{domain}>", stamp.name())))
        .date(date(stamp.at))
        .from(from.clone())
        .to(to)
        .subject(subject)
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            text::render(letter),
            html::render(letter),
        ))
        .map_err(|error| no_address(error.to_string()))?;
    Ok(Sealed {
        name: stamp.name(),
        from: from.email.clone(),
        to: address,
        bytes: message.formatted(),
    })
}

/// The date of a header, which has whole seconds and begins in 1970.
fn date(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_millis() / 1_000).unwrap_or_default();
    // The last year that the format has.
    UNIX_EPOCH + Duration::from_secs(seconds.min(253_402_300_799))
}
