//! What the console's program is made of: how much of it each page and each module is, before it is shrunk and
//! compressed. So it tells the parts from each other, and not what a browser loads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::wasm::Reader;

/// The section of a module with functions' bodies (WebAssembly core specification, section 5.5.13).
const CODE: u8 = 10;
/// The section that says anything else; by the name `name`, how functions are called.
const CUSTOM: u8 = 0;
/// The part of it that names functions (appendix, section 7.4).
const FUNCTIONS: u8 = 1;
/// How many parts are told.
const TOLD: usize = 25;

/// Prints the largest parts of the module that wasm-bindgen made, in which functions still have names.
///
/// # Errors
/// When the module cannot be read.
pub(crate) fn print(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("{} is missing", module.display()))?;
    let mut parts: Vec<_> = parts(&bytes)
        .context("the module cannot be read")?
        .into_iter()
        .collect();
    parts.sort_by_key(|(_, size)| core::cmp::Reverse(*size));
    let all: usize = parts.iter().map(|(_, size)| size).sum();
    println!("  parts of the program, of 1000:");
    for (name, size) in parts.iter().take(TOLD) {
        println!("  {:>7}  {name}", size * 1000 / all.max(1));
    }
    Ok(())
}

/// The size of each part.
fn parts(module: &[u8]) -> Option<BTreeMap<String, usize>> {
    let (mut sizes, mut names) = (Vec::new(), BTreeMap::new());
    let mut rest = Reader(module);
    rest.take(8)?;
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let length = rest.number()?;
        let mut section = Reader(rest.take(length)?);
        if id == CODE {
            for _ in 0..section.number()? {
                let size = section.number()?;
                section.take(size)?;
                sizes.push(size);
            }
        } else if id == CUSTOM && section.text()? == "name" {
            names = functions(section)?;
        }
    }
    // Imported functions have the first numbers, and no bodies.
    let imports = names.keys().next_back().map_or(0, |last| last + 1);
    let imports = imports.saturating_sub(sizes.len());
    let mut parts = BTreeMap::new();
    for (index, size) in sizes.into_iter().enumerate() {
        let name = names.get(&(index + imports));
        *parts
            .entry(part(name.map_or("", String::as_str)))
            .or_default() += size;
    }
    Some(parts)
}

/// How functions are called, by their numbers.
fn functions(mut names: Reader<'_>) -> Option<BTreeMap<usize, String>> {
    let mut functions = BTreeMap::new();
    while !names.0.is_empty() {
        let kind = names.byte()?;
        let length = names.number()?;
        let mut part = Reader(names.take(length)?);
        if kind == FUNCTIONS {
            for _ in 0..part.number()? {
                let index = part.number()?;
                functions.insert(index, part.text()?.to_owned());
            }
        }
    }
    Some(functions)
}

/// The part that a function belongs to: a page or a module of the console, another crate of ours, or all else. What
/// is compiled for a page belongs to it, whoever's code it is.
fn part(name: &str) -> String {
    let name = without_hashes(name);
    let of = |start: &str, depth: usize| {
        let (_, path) = name.split_once(start)?;
        let path = path.split("::").take(depth);
        let words: Vec<_> = path.map(word).take_while(|word| !word.is_empty()).collect();
        Some(format!("{start}{}", words.join("::")))
    };
    of("tenure_console::pages::", 1)
        .or_else(|| of("tenure_console::", 2))
        .or_else(|| of("tenure_leptos::", 1))
        .or_else(|| of("tenure_domain::", 1))
        .unwrap_or_else(|| "the rest".to_owned())
}

/// The name at the start of a text.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    text.split_at(end.unwrap_or(text.len())).0
}

/// `a[0123456789abcdef]::b` as `a::b`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if hash.bytes().all(|it| it.is_ascii_hexdigit()) => plain += rest,
            _ => {
                plain.push('[');
                plain += part;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::{put_number, put_text};

    fn section(module: &mut Vec<u8>, id: u8, content: &[u8]) {
        module.push(id);
        put_number(module, content.len());
        module.extend(content);
    }

    #[test]
    fn a_function_counts_for_its_page() {
        let mut functions = vec![2];
        for (index, name) in [
            (
                1,
                "<tenure_leptos[0a]::Memo<tenure_console[0b]::pages::users::Row>>::new",
            ),
            (2, "tenure_console[0b]::pages::users::change::Change"),
        ] {
            functions.push(index);
            put_text(&mut functions, name);
        }
        let mut names = Vec::new();
        put_text(&mut names, "name");
        section(&mut names, FUNCTIONS, &functions);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        // Two bodies, of 3 and of 4 bytes; one function is imported.
        section(&mut module, CODE, &[2, 3, 0, 0, 0, 4, 0, 0, 0, 0]);
        section(&mut module, CUSTOM, &names);
        let parts = parts(&module).expect("it is a module");
        assert_eq!(
            parts.into_iter().collect::<Vec<_>>(),
            [("tenure_console::pages::users".to_owned(), 7)]
        );
    }

    #[test]
    fn what_is_nobodys_page_belongs_to_its_module() {
        let all = [
            (
                "tenure_console[0b]::state::session::f",
                "tenure_console::state::session",
            ),
            (
                "<tenure_domain[0c]::period::Period>::end",
                "tenure_domain::period",
            ),
            ("<[u8]>::to_vec", "the rest"),
        ];
        for (name, expected) in all {
            assert_eq!(part(name), expected);
        }
    }
}
