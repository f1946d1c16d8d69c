//! The browser's own log: errors in the console and refusals by the content security policy.

use anyhow::{Result, ensure};
use thirtyfour::BrowserLogEntry;

use super::Browser;

impl Browser {
    /// Holds that nothing went wrong that the journey did not provoke.
    ///
    /// The browser itself reports every answer of 400 or more; `provoked` are the parts of such
    /// lines, like `412`, that belong to the story. A script's error and a refusal by the content
    /// security policy are never excused. The log is empty afterwards.
    ///
    /// # Errors
    /// Every line that is left.
    pub async fn quiet(&self, provoked: &[&str]) -> Result<()> {
        let entries = self.session()?.browser_log().await?;
        let left: Vec<String> = entries
            .iter()
            .filter(|entry| !is_excused(entry, provoked))
            .map(line)
            .collect();
        ensure!(left.is_empty(), "the browser reports:\n{}", left.join("\n"));
        Ok(())
    }

    /// Every line of the log, which is empty afterwards.
    pub(super) async fn log(&self) -> Result<Vec<String>> {
        Ok(self
            .session()?
            .browser_log()
            .await?
            .iter()
            .map(line)
            .collect())
    }
}

fn is_excused(entry: &BrowserLogEntry, provoked: &[&str]) -> bool {
    let matters = matches!(entry.level.as_str(), "SEVERE" | "WARNING");
    // Asking who is signed in, and coming back to listen, is how the console learns that nobody is.
    let asks = ["/api/v1/session ", "/api/v1/events?"];
    let is_first_question =
        asks.iter().any(|path| entry.message.contains(path)) && entry.message.contains(" 401 ");
    let is_network = entry.source.as_deref() == Some("network");
    !matters
        || (is_network
            && (is_first_question || provoked.iter().any(|part| entry.message.contains(part))))
}

fn line(entry: &BrowserLogEntry) -> String {
    format!(
        "{} ({}): {}",
        entry.level,
        entry.source.as_deref().unwrap_or("unknown"),
        entry.message
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source: &str, message: &str) -> BrowserLogEntry {
        let (level, message, source) = (
            "SEVERE".to_owned(),
            message.to_owned(),
            Some(source.to_owned()),
        );
        BrowserLogEntry {
            level,
            message,
            timestamp: 0,
            source,
        }
    }

    #[test]
    fn only_answers_that_the_journey_provoked_are_excused() {
        let stale = entry(
            "network",
            "http://h/x - Failed to load resource: … a status of 412 (Precondition Failed)",
        );
        assert!(is_excused(&stale, &["412"]));
        assert!(!is_excused(&stale, &["403"]));
        assert!(!is_excused(
            &entry("security", "Refused to load 412"),
            &["412"]
        ));
        assert!(!is_excused(&entry("javascript", "Uncaught 412"), &["412"]));
    }
}
