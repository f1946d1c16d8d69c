//! Rows that are written several at a time: a statement takes [`ROWS`], and what it has too many of is null.

use super::statement::Arg;

/// Rows that one statement writes.
pub(super) const ROWS: usize = 8;

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
