//! The code map in docs/ARCHITECTURE.md names only what exists.
//!
//! Two forms are read: a path in backticks in the text, and a tree in a fenced block, in which
//! indentation nests, a name that ends in `/` is a folder, and two spaces end the names.

use std::fs;
use std::path::Path;

use crate::none;
use crate::sources::root;

/// Every path that the map names, from the root.
fn named_paths(map: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<Vec<&str>> = None;
    for line in map.lines() {
        if line.trim_start().starts_with("```") {
            match block.take() {
                None => block = Some(Vec::new()),
                Some(lines) => found.extend(tree(&lines)),
            }
        } else if let Some(lines) = &mut block {
            lines.push(line);
        } else {
            found.extend(
                line.split('`')
                    .skip(1)
                    .step_by(2)
                    .flat_map(str::split_whitespace)
                    .filter(|word| is_path(word))
                    .map(str::to_owned),
            );
        }
    }
    found
}

/// The paths of a tree; none when the block is a picture or a command.
fn tree(lines: &[&str]) -> Vec<String> {
    let picture = |line: &&str| line.contains(['►', '│', '─', '→', '$', '>']);
    if lines.iter().any(picture)
        || !lines.iter().any(|line| {
            line.split_whitespace()
                .next()
                .is_some_and(|word| word.ends_with('/'))
        })
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut parents: Vec<(usize, String)> = Vec::new();
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        while parents.last().is_some_and(|(at, _)| *at >= depth) {
            parents.pop();
        }
        let base = parents
            .last()
            .map_or(String::new(), |(_, path)| path.clone());
        let names = line.trim().split("  ").next().unwrap_or_default();
        for name in names.split(' ').filter(|name| is_name(name)) {
            found.push(format!("{base}{name}"));
        }
        if let Some(folder) = names.split(' ').next().filter(|name| name.ends_with('/')) {
            parents.push((depth, format!("{base}{folder}")));
        }
    }
    found
}

/// A file or folder in a tree: has an extension or ends in `/`.
fn is_name(word: &str) -> bool {
    let plain = word
        .chars()
        .all(|c| c.is_alphanumeric() || "._-/".contains(c));
    plain && (word.ends_with('/') || word.trim_start_matches('.').contains('.'))
}

/// A path in the text: begins with a folder of the root, so that `/api/v1` and `text/csv` are none.
fn is_path(word: &str) -> bool {
    const ROOTS: &[&str] = &[
        "src", "tests", "style", "locales", "public", "client", "domain", "server", "e2e", "xtask",
        "docs", ".ci", ".cargo",
    ];
    let plain = word
        .chars()
        .all(|c| c.is_alphanumeric() || "._-/".contains(c));
    plain
        && word
            .split_once('/')
            .is_some_and(|(first, _)| ROOTS.contains(&first))
}

fn missing(map: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let gone = named_paths(map).into_iter().filter(|path| !exists(path));
    gone.map(|path| {
        format!("docs/ARCHITECTURE.md names {path}, which does not exist: correct the map")
    })
    .collect()
}

#[test]
fn the_map_names_only_what_exists() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md"))
        .expect("docs/ARCHITECTURE.md is the code map: write it");
    assert!(
        named_paths(&map).len() >= 10,
        "the map names hardly a path: is it still a map?"
    );
    none(&missing(&map, |path| {
        Path::new(&root().join(path)).exists()
    }));
}

#[test]
fn every_crate_is_on_the_map() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md"))
        .expect("docs/ARCHITECTURE.md is the code map: write it");
    let unnamed = ["client/", "domain/", "server/", "e2e/", "xtask/", "src/"]
        .into_iter()
        .filter(|name| !map.contains(name));
    none(
        &unnamed
            .map(|name| format!("docs/ARCHITECTURE.md does not name {name}: say what it is for"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_checker_reads_text_and_trees() {
    let map = "See `src/a/… → server/src/gone.rs`, `text/csv` and `/api/v1`.\n\
        ```text\nsrc/         the console\n  app.rs route.rs   contexts; see gone.md\n  api/       calls\n    transport.rs\ndomain/      period, policy\n```\n\
        ```\nconsole ──► domain/\n```\n";
    let named = named_paths(map);
    let expected = [
        "server/src/gone.rs",
        "src/",
        "src/app.rs",
        "src/route.rs",
        "src/api/",
        "src/api/transport.rs",
        "domain/",
    ];
    assert_eq!(named, expected);
    assert_eq!(missing(map, |path| !path.contains("gone")).len(), 1);
}
