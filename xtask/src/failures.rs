//! What a runner says of the tests that failed, kept apart so that it can be said again at the very end: a log of many
//! minutes is read from its end, and is cut in its middle where it is kept.
//!
//! Both runners in use (libtest, and the one of wasm-bindgen) tell it between a line `failures:` and their closing line.

use crate::counts::Counts;

/// How many lines of one run are kept; the rest is in its output.
const LINES: usize = 80;
/// How many characters of a line.
const WIDTH: usize = 300;

/// The reports on failed tests of one run, which may be of several test programs.
#[derive(Default)]
pub(crate) struct Failures {
    lines: Vec<String>,
    inside: bool,
}

impl Failures {
    /// Reads one line of a runner's output.
    pub(crate) fn read(&mut self, line: &str) {
        if line.trim_end().ends_with("failures:") {
            self.inside = true;
        } else if Counts::read(line).is_some() {
            self.inside = false;
        } else if self.inside && self.lines.len() < LINES && !line.trim().is_empty() {
            self.lines.push(line.chars().take(WIDTH).collect());
        }
    }

    /// What was said; empty when nothing failed.
    pub(crate) fn text(&self) -> String {
        self.lines
            .iter()
            .map(|line| format!("\n    {line}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(output: &str) -> String {
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.read(line));
        failures.text()
    }

    #[test]
    fn what_is_said_of_a_failed_test_is_kept_and_nothing_else() {
        let output = "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\nthread 'a' panicked at x.rs:1\n\nfailures:\n    a\n\n\
                      test result: FAILED. 1 passed; 1 failed; 0 ignored\n\nRunning the next";
        assert_eq!(
            kept(output),
            "\n    ---- a stdout ----\n    thread 'a' panicked at x.rs:1\n        a"
        );
    }

    #[test]
    fn a_run_without_failures_leaves_nothing() {
        assert_eq!(
            kept("test a ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored"),
            ""
        );
    }

    #[test]
    fn a_flood_is_cut() {
        let flood = format!("failures:\n{}", "x\n".repeat(2 * LINES));
        assert_eq!(kept(&flood).lines().count(), 1 + LINES);
    }
}
