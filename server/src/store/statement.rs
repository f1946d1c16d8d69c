//! The SQL statements as values: one text for both engines, and a note of which engine ran it.
//!
//! PostgreSQL is given a text of its own in two cases. Where several processes take work from a queue it locks what
//! it takes (`for update skip locked`), which SQLite, with its one writer, neither needs nor knows. And where many rows
//! are written at once ([`Rows`](super::batch::Rows)), its placeholders have numbers and SQLite's have none.
//!
//! The note costs one relaxed store a run and is what lets the conformance suite prove that no
//! statement is known to one engine alone.

use std::sync::atomic::{AtomicBool, Ordering};

/// The database engines that every statement is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, the default.
    Sqlite,
    /// For several replicas.
    Postgres,
}

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// One SQL statement; its `$N` placeholders both engines understand.
#[derive(Debug)]
pub struct Statement {
    name: &'static str,
    sql: &'static str,
    /// Where it is not the same: what PostgreSQL is given.
    on_postgres: Option<&'static str>,
    ran_on_sqlite: AtomicBool,
    ran_on_postgres: AtomicBool,
}

impl Statement {
    pub(super) const fn new(name: &'static str, sql: &'static str) -> Self {
        Self {
            name,
            sql,
            on_postgres: None,
            ran_on_sqlite: AtomicBool::new(false),
            ran_on_postgres: AtomicBool::new(false),
        }
    }

    /// The same statement, in the words of PostgreSQL.
    pub(super) const fn on_postgres(mut self, sql: &'static str) -> Self {
        self.on_postgres = Some(sql);
        self
    }

    /// Where it is defined: `module::NAME`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The text, as this engine is given it.
    #[must_use]
    pub const fn sql(&self, engine: Engine) -> &'static str {
        match (engine, self.on_postgres) {
            (Engine::Postgres, Some(sql)) => sql,
            _ => self.sql,
        }
    }

    /// Whether this process has run it on that engine.
    #[must_use]
    pub fn has_run_on(&self, engine: Engine) -> bool {
        self.mark(engine).load(Ordering::Relaxed)
    }

    pub(super) fn runs_on(&self, engine: Engine) {
        self.mark(engine).store(true, Ordering::Relaxed);
    }

    const fn mark(&self, engine: Engine) -> &AtomicBool {
        match engine {
            Engine::Sqlite => &self.ran_on_sqlite,
            Engine::Postgres => &self.ran_on_postgres,
        }
    }
}

/// A value bound to a placeholder. The type travels with a missing value, as PostgreSQL needs it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Arg<'a> {
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Int(i64),
    MaybeInt(Option<i64>),
    Bytes(&'a [u8]),
    MaybeBytes(Option<&'a [u8]>),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::MaybeText(value)
    }
}

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::MaybeInt(value)
    }
}

impl From<tenure_domain::time::Timestamp> for Arg<'_> {
    fn from(value: tenure_domain::time::Timestamp) -> Self {
        Self::Int(value.as_millis())
    }
}

impl From<Option<tenure_domain::time::Timestamp>> for Arg<'_> {
    fn from(value: Option<tenure_domain::time::Timestamp>) -> Self {
        Self::MaybeInt(value.map(tenure_domain::time::Timestamp::as_millis))
    }
}

impl<'a> From<&'a [u8; 32]> for Arg<'a> {
    fn from(value: &'a [u8; 32]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a> From<Option<&'a [u8; 32]>> for Arg<'a> {
    fn from(value: Option<&'a [u8; 32]>) -> Self {
        Self::MaybeBytes(value.map(<[u8; 32]>::as_slice))
    }
}

/// Defines the statements of a store module, and `STATEMENTS`, the list of them all.
macro_rules! statements {
    ($($name:ident = $sql:expr $(, on_postgres $on_postgres:expr)?;)+) => {
        $(static $name: $crate::store::statement::Statement = $crate::store::statement::Statement::new(
            concat!(module_path!(), "::", stringify!($name)),
            $sql,
        )$(.on_postgres($on_postgres))?;)+

        /// Every statement of this module.
        pub(in crate::store) static STATEMENTS: &[&$crate::store::statement::Statement] = &[$(&$name),+];
    };
}

/// The values for a statement's placeholders, in their order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::statement::Arg::from($value)),*] };
}

pub(super) use {args, statements};
