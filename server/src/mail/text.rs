//! A letter as plain text, readable without anything: lines of at most 72 characters, but for links.

use std::fmt::Write as _;

use super::letter::{Item, Letter, Section};

const WIDTH: usize = 72;

/// The letter as text.
pub(super) fn render(letter: &Letter) -> String {
    let mut out = String::new();
    paragraph(&mut out, &letter.greeting);
    for words in &letter.intro {
        paragraph(&mut out, words);
    }
    for one in &letter.sections {
        section(&mut out, one);
    }
    for words in &letter.outro {
        paragraph(&mut out, words);
    }
    if let Some(link) = &letter.action {
        paragraph(&mut out, &format!("{}:", link.label));
        out.pop();
        let _infallible = writeln!(out, "{}\n", link.url);
    }
    out.push_str("-- \n");
    for words in &letter.footer {
        wrapped(&mut out, words, "");
    }
    out
}

fn section(out: &mut String, section: &Section) {
    let rule = "=".repeat(section.heading.chars().count().min(WIDTH));
    let _infallible = writeln!(out, "{}\n{rule}\n", plain(&section.heading));
    for one in &section.items {
        item(out, one);
    }
    if let Some(more) = &section.more {
        paragraph(out, more);
    }
}

fn item(out: &mut String, item: &Item) {
    let _infallible = writeln!(out, "* {}", plain(&item.title));
    let label_width = item
        .facts
        .iter()
        .map(|fact| fact.label.chars().count())
        .max()
        .unwrap_or_default();
    for fact in &item.facts {
        let padding = " ".repeat(label_width.saturating_sub(fact.label.chars().count()));
        let value = plain(&fact.value);
        let line = format!("  {}:{padding} {value}", fact.label);
        out.push_str(&line);
        if let Some(also) = &fact.also {
            let width = line.chars().count() + 2 + also.chars().count();
            if width > WIDTH {
                let indent = " ".repeat(label_width + 4);
                let _infallible = write!(out, "\n{indent}{also}");
            } else {
                let _infallible = write!(out, ", {also}");
            }
        }
        out.push('\n');
    }
    if let Some(why) = &item.why {
        wrapped(out, why, "  ");
    }
    if let Some(link) = &item.link {
        let _infallible = writeln!(out, "  {}: {}", link.label, link.url);
    }
    out.push('\n');
}

fn paragraph(out: &mut String, words: &str) {
    wrapped(out, words, "");
    out.push('\n');
}

/// Adds the words, broken where a line would become too long.
fn wrapped(out: &mut String, words: &str, indent: &str) {
    let mut length = 0;
    for word in plain(words).split_whitespace() {
        let width = word.chars().count();
        if length > 0 && length + 1 + width > WIDTH {
            out.push('\n');
            length = 0;
        }
        if length == 0 {
            out.push_str(indent);
            length = indent.chars().count();
        } else {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += width;
    }
    out.push('\n');
}

/// What somebody typed, on one line.
fn plain(words: &str) -> String {
    words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
