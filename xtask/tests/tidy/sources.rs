//! Reading the project's Rust files, and telling code from comments and tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the project: its path from the root, with `/`, and its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// A sample for the checkers' own tests.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The lines that are code, with their numbers from 1; comments are cut off.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, without_comment(line)))
    }

    /// The code lines that belong to tests: the whole file under a `tests` folder (and all of
    /// `e2e`), elsewhere what follows the first `#[cfg(test)]`.
    pub(crate) fn test_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let whole =
            self.path.starts_with("e2e/") || self.path.split('/').any(|part| part == "tests");
        let first = if whole {
            Some(1)
        } else {
            self.code()
                .find(|(_, line)| line.contains("#[cfg(test)]"))
                .map(|(at, _)| at)
        };
        self.code()
            .filter(move |(at, _)| first.is_some_and(|first| *at >= first))
    }
}

/// The line up to `//`, unless that stands in a string such as `"http://…"`.
fn without_comment(line: &str) -> &str {
    let mut in_string = false;
    let mut escaped = false;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            // A quote in quotes is a character, not a string.
            b'"' if !(at > 0 && bytes[at - 1] == b'\'') => in_string = !in_string,
            b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
    }
    line
}

/// Does the line use this crate? A path through it or an import does; a mention in a string, such
/// as a log filter, does not.
pub(crate) fn uses_crate(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let whole = !before.ends_with(part) && !after.starts_with(part);
        whole && (after.starts_with("::") || before.trim_end().ends_with("use"))
    })
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask has a parent folder")
        .to_path_buf()
}

/// Every Rust file of the project, sorted; never what a build made.
pub(crate) fn rust_files() -> Vec<Source> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "client", "domain", "server", "e2e", "xtask"] {
        collect(&root().join(folder), &mut found);
    }
    if let Ok(text) = fs::read_to_string(root().join("build.rs")) {
        found.push(Source {
            path: "build.rs".to_owned(),
            text,
        });
    }
    assert!(
        found.len() > 20,
        "only {} Rust files found: tidy looks in the wrong place",
        found.len()
    );
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).expect("a Rust file is UTF-8");
            let path = path.strip_prefix(root()).expect("found under the root");
            found.push(Source {
                path: path.to_string_lossy().replace('\\', "/"),
                text,
            });
        }
    }
}

#[test]
fn comments_are_no_code_and_strings_are() {
    let source = Source::sample(
        "a.rs",
        "use sqlx; // sqlx\n//! sqlx\nlet a = \"http://x\"; let c = '\"'; // no",
    );
    let code: Vec<&str> = source.code().map(|(_, line)| line).collect();
    assert_eq!(
        code,
        ["use sqlx; ", "", "let a = \"http://x\"; let c = '\"'; "]
    );
}

#[test]
fn a_crate_is_used_by_a_path_or_an_import() {
    for line in ["use sqlx::Row;", "use sqlx;", "fn a(row: &sqlx::Row)"] {
        assert!(uses_crate(line, "sqlx"), "{line}");
    }
    for line in [
        "my_sqlx::a()",
        "sqlx2::a()",
        "const FILTER: &str = \"info,sqlx=warn\";",
    ] {
        assert!(!uses_crate(line, "sqlx"), "{line}");
    }
}

#[test]
fn test_code_starts_where_the_tests_do() {
    let inline = Source::sample("domain/src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {}");
    assert_eq!(
        inline.test_code().map(|(at, _)| at).collect::<Vec<_>>(),
        [2, 3]
    );
    let whole = Source::sample("server/tests/api/a.rs", "fn a() {}");
    assert_eq!(whole.test_code().count(), 1);
    assert_eq!(
        Source::sample("src/a.rs", "fn a() {}").test_code().count(),
        0
    );
}
