//! How many tests a runner ran, read from what it prints.
//!
//! Both runners in use (libtest, and the one of wasm-bindgen) close each binary with a line
//! `test result: ok. 12 passed; 0 failed; …`. A runner that prints none ran nothing.

use std::fmt;
use std::iter::Sum;

/// Tests of one or more runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed.
    pub(crate) failed: u32,
    /// Tests that the runner was told to leave out; there should be none.
    pub(crate) ignored: u32,
}

impl Counts {
    /// Reads one line; `None` when it is not a runner's closing line.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("test result:")?;
        Some(Self {
            passed: number_before(rest, "passed")?,
            failed: number_before(rest, "failed")?,
            ignored: number_before(rest, "ignored").unwrap_or(0),
        })
    }
}

/// The number that stands right before `word`: 12 in `ok. 12 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> Option<u32> {
    let words: Vec<&str> = text
        .split([' ', ';'])
        .filter(|part| !part.is_empty())
        .collect();
    let at = words.iter().position(|part| *part == word)?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} skipped", self.ignored)
        } else {
            Ok(())
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            failed: sum.failed + one.failed,
            ignored: sum.ignored + one.ignored,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_closing_lines_of_both_runners() {
        let libtest = "test result: ok. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.1s";
        let browser =
            "test result: \u{1b}[32mok\u{1b}[0m. 60 passed; 0 failed; 0 ignored; 0 filtered out";
        assert_eq!(
            Counts::read(libtest),
            Some(Counts {
                passed: 12,
                failed: 1,
                ignored: 2
            })
        );
        assert_eq!(
            Counts::read(browser),
            Some(Counts {
                passed: 60,
                failed: 0,
                ignored: 0
            })
        );
    }

    #[test]
    fn other_lines_are_no_result() {
        for line in [
            "running 3 tests",
            "test result_is_kept ... ok",
            "",
            "test result: odd",
        ] {
            assert_eq!(Counts::read(line), None, "{line}");
        }
    }

    #[test]
    fn prints_the_line_that_closes_a_run() {
        let counts = Counts {
            passed: 7,
            failed: 0,
            ignored: 0,
        };
        assert_eq!(counts.to_string(), "7 passed, 0 failed");
    }
}
