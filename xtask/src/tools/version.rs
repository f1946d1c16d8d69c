//! Is the program on PATH the version that we pinned?

use std::path::PathBuf;
use std::process::Command;

use crate::process::{self, read};

/// The folder on PATH that holds all of these programs, the first of them in this version.
pub(super) fn on_path(programs: &[&str], version: &str) -> Option<PathBuf> {
    let (first, others) = programs.split_first()?;
    let found = process::on_path(first)?;
    let says = read(Command::new(&found).arg("--version")).ok()?;
    let dir = found.parent()?.to_path_buf();
    let complete = others.iter().all(|other| dir.join(other).is_file());
    (complete && names(&says, version)).then_some(dir)
}

/// Does the answer to `--version` name this version, as a word of its own?
///
/// `trunk 0.21.14`, `wasm-opt version 132 (version_132)`; but 0.21.1 is not 0.21.14.
fn names(answer: &str, version: &str) -> bool {
    answer
        .split_whitespace()
        .any(|word| word.strip_prefix('v').unwrap_or(word) == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_whole_word() {
        assert!(names("trunk 0.21.14\n", "0.21.14"));
        assert!(names("wasm-opt version 132 (version_132)", "132"));
        assert!(names("v20.20.2", "20.20.2"));
        assert!(!names("trunk 0.21.14", "0.21.1"));
        assert!(!names("trunk 0.21.1", "0.21.14"));
        assert!(!names("wasm-opt version 1320", "132"));
    }

    #[test]
    fn a_program_that_is_nowhere_has_no_version() {
        assert_eq!(on_path(&["no-such-program-anywhere"], "1"), None);
    }
}
