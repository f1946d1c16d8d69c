//! The mails that the server wrote, as their readers get them.

use std::path::Path;

use anyhow::{Context, Result};
use mail_parser::MessageParser;

/// A mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The address that it went to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// The part for programs that show text alone, with single spaces.
    pub text: String,
    /// The same part, line by line.
    pub lines: String,
    /// The part that browsers show.
    pub html: String,
}

/// All mails in this folder; none where there is no folder yet.
///
/// # Errors
/// When one cannot be read, or is no mail with two parts.
pub(super) fn read(folder: &Path) -> Result<Vec<Mail>> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // What the postman is still writing has another ending.
        if path.extension().is_some_and(|ending| ending == "eml") {
            let bytes = std::fs::read(&path)?;
            mails.push(parse(&bytes).with_context(|| path.display().to_string())?);
        }
    }
    Ok(mails)
}

fn parse(bytes: &[u8]) -> Result<Mail> {
    let mail = MessageParser::default().parse(bytes).context("no mail")?;
    let to = mail
        .to()
        .and_then(|to| to.first())
        .and_then(|to| to.address());
    let lines = mail.body_text(0).context("no part of text")?.into_owned();
    Ok(Mail {
        to: to.context("no receiver")?.to_owned(),
        subject: mail.subject().context("no subject")?.to_owned(),
        text: lines.split_whitespace().collect::<Vec<_>>().join(" "),
        lines,
        html: mail.body_html(0).context("no part of HTML")?.into_owned(),
    })
}
