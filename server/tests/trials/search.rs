//! Looking for many texts in many bytes at once.
//!
//! A text counts as found when its first or its last 16 bytes are: a leak that lost its prefix, was cut
//! off, or lies across two pages of a database file is a leak.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
};

/// Bytes of a text's beginning and of its end that are looked for: of a secret, 95 random bits and more.
const PART: usize = 16;
/// The length of what a token's text begins with, which is no secret and alike in every kind.
const PREFIX: usize = "tnr_pat_".len();

/// The texts that are looked for, by what to call them.
#[derive(Default)]
pub(crate) struct Search {
    parts: HashMap<[u8; PART], usize>,
    names: Vec<String>,
}

impl Search {
    /// Looks for this text as well. The name says what it is: a secret is not printed, even here.
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        let random = match text.starts_with("tnr_") {
            true => &text[PREFIX..],
            false => text,
        };
        assert!(
            random.len() >= PART && random.bytes().all(is_in_a_text),
            "{name} cannot be looked for"
        );
        let bytes = random.as_bytes();
        for part in [bytes.first_chunk(), bytes.last_chunk()] {
            let part = *part.expect("it is long enough");
            self.parts.insert(part, self.names.len());
        }
        self.names.push(name.to_owned());
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// What is found in any file of the folder, however deep, and how many bytes were looked through.
    pub(crate) fn folder(&self, folder: &Path) -> (BTreeSet<&str>, usize) {
        let (mut found, mut looked_through) = (BTreeSet::new(), 0);
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                let (more, bytes) = self.folder(&path);
                found.extend(more);
                looked_through += bytes;
            } else {
                let bytes = fs::read(&path).expect("a file");
                found.extend(self.bytes(&bytes));
                looked_through += bytes.len();
            }
        }
        (found, looked_through)
    }

    /// What is found in these bytes.
    fn bytes(&self, bytes: &[u8]) -> BTreeSet<&str> {
        bytes
            .split(|byte| !is_in_a_text(*byte))
            .flat_map(|run| run.array_windows::<PART>())
            .filter_map(|window| self.parts.get(window))
            .map(|place| self.names[*place].as_str())
            .collect()
    }
}

/// Letters, digits, and what else the two base-64 alphabets have.
fn is_in_a_text(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte)
}

#[test]
fn a_text_is_found_whole_cut_off_and_amid_other_bytes() {
    let mut search = Search::default();
    search.add("token", "tnr_pat_0123456789abcdefghijABCDEFGHIJ");
    search.add("code", "zyxwvutsrqponmlkji");
    let found = |text: &[u8]| search.bytes(text).into_iter().collect::<Vec<_>>();
    assert_eq!(
        found(b"\0tnr_pat_0123456789abcdefghijABCDEFGHIJ\xff"),
        ["token"]
    );
    assert_eq!(
        found(b"?t=0123456789abcdef&zyxwvutsrqponmlkji"),
        ["code", "token"]
    );
    assert_eq!(found(b"efghijABCDEFGHIJ"), ["token"]);
    assert_eq!(found(b"tnr_pat_0123456789abcde"), [""; 0]);
    assert_eq!(found(b"yxwvutsrqponmlkj"), [""; 0]);
}
