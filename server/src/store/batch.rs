//! Rows that are written several at a time: a statement takes [`ROWS`], and what it has too many of is null.

use super::statement::{Arg, Engine};

/// Rows that one statement writes. What a row costs is then the database's own work, not the way there and back;
/// SQLite takes 32 766 values at once.
const ROWS: usize = 64;

/// The longest text of a statement, in bytes.
const LONGEST: usize = 6 * 1024;

/// A statement that writes [`ROWS`] rows; one whose first value is null is left out.
///
/// PostgreSQL's placeholders have numbers. SQLite's have none: a number is a name there, which sqlx looks up for each
/// value among those of all others.
pub(super) struct Rows {
    on_sqlite: Text,
    on_postgres: Text,
}

impl Rows {
    /// Of a table, its columns and their types, and what is done then: `on conflict …`.
    pub(super) const fn of(table: &str, columns: &[(&str, &str)], then: &str) -> Self {
        Self {
            on_sqlite: Text::of(table, columns, then, Engine::Sqlite),
            on_postgres: Text::of(table, columns, then, Engine::Postgres),
        }
    }

    pub(super) const fn on_sqlite(&self) -> &str {
        self.on_sqlite.as_str()
    }

    pub(super) const fn on_postgres(&self) -> &str {
        self.on_postgres.as_str()
    }
}

/// A statement's text, put together by the compiler.
struct Text {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Text {
    const fn of(table: &str, columns: &[(&str, &str)], then: &str, engine: Engine) -> Self {
        let mut text = Self {
            bytes: [0; LONGEST],
            length: 0,
        };
        text.push("insert into ");
        text.push(table);
        text.push(" (");
        let mut column = 0;
        while column < columns.len() {
            text.separate(column);
            text.push(columns[column].0);
            column += 1;
        }
        text.push(") select * from (values ");
        let mut row = 0;
        while row < ROWS {
            text.separate(row);
            text.push_row(row, columns, engine);
            row += 1;
        }
        text.push(") as seen where column1 is not null ");
        text.push(then);
        text
    }

    const fn as_str(&self) -> &str {
        let (text, _room) = self.bytes.split_at(self.length);
        match str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => panic!("texts were put together"),
        }
    }

    /// PostgreSQL takes the types of all rows from the first one.
    const fn push_row(&mut self, row: usize, columns: &[(&str, &str)], engine: Engine) {
        self.push("(");
        let mut column = 0;
        while column < columns.len() {
            self.separate(column);
            self.push(if row == 0 { "cast(" } else { "" });
            match engine {
                Engine::Sqlite => self.push("?"),
                Engine::Postgres => {
                    self.push("$");
                    self.push_number(row * columns.len() + column + 1);
                }
            }
            if row == 0 {
                self.push(" as ");
                self.push(columns[column].1);
                self.push(")");
            }
            column += 1;
        }
        self.push(")");
    }

    const fn separate(&mut self, before: usize) {
        if before > 0 {
            self.push(", ");
        }
    }

    const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        let digits = "0123456789";
        let (_, from) = digits.split_at(number % 10);
        let (digit, _) = from.split_at(1);
        self.push(digit);
    }

    const fn push(&mut self, text: &str) {
        let mut byte = 0;
        while byte < text.len() {
            self.bytes[self.length] = text.as_bytes()[byte];
            self.length += 1;
            byte += 1;
        }
    }
}

/// The values of each statement's placeholders. Rows of `none`, whose values are missing, fill up the last.
pub(super) fn batches<'a, const COLUMNS: usize>(
    rows: &[[Arg<'a>; COLUMNS]],
    none: [Arg<'a>; COLUMNS],
) -> Vec<Vec<Arg<'a>>> {
    let chunk = |rows: &[[Arg<'a>; COLUMNS]]| {
        let missing = std::iter::repeat_n(none, ROWS - rows.len());
        rows.iter().copied().chain(missing).flatten().collect()
    };
    rows.chunks(ROWS).map(chunk).collect()
}

/// No text.
pub(super) const NO_TEXT: Arg<'static> = Arg::MaybeText(None);
/// No number.
pub(super) const NO_INT: Arg<'static> = Arg::MaybeInt(None);

/// A number of calls as it is kept.
pub(super) fn calls(calls: u64) -> Arg<'static> {
    Arg::Int(i64::try_from(calls).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    static SEEN: Rows = Rows::of(
        "seen",
        &[("at", "bigint"), ("name", "text")],
        "returning at",
    );

    #[test]
    fn a_text_has_a_place_for_each_value() {
        let text = SEEN.on_postgres();
        let begins = "insert into seen (at, name) select * from (values \
                      (cast($1 as bigint), cast($2 as text)), ($3, $4), ";
        assert!(text.starts_with(begins), "{text}");
        let ends = "($127, $128)) as seen where column1 is not null returning at";
        assert!(text.ends_with(ends), "{text}");
    }

    #[test]
    fn a_place_has_no_name_where_each_would_be_looked_up() {
        let text = SEEN.on_sqlite();
        let begins = "insert into seen (at, name) select * from (values \
                      (cast(? as bigint), cast(? as text)), (?, ?), ";
        assert!(text.starts_with(begins), "{text}");
        assert_eq!(text.matches('?').count(), 2 * ROWS);
    }
}
