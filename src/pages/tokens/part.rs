//! Which rows of a list are in the document, as the place tells that it is scrolled to.
//!
//! Browsers know no box of any height: of a list that is too long even for that, a window is in the box, which moves
//! along with what is on show. Deliberately not here: the rows, and the box (`reel`).

use std::ops::Range;

use super::book::Extent;

/// Rows before and behind those on show, so that scrolling and the keyboard find the next one there.
const SPARE: usize = 6;
/// The rows in the document change when so many have passed.
const STEP: usize = 2;
/// However high a window is, no more rows are on show.
const MOST: usize = 40;
/// The height of a row before one is there to be measured.
const GUESS: i32 = 64;

/// The most rows that have a place in the box: at the height that they have on a phone, all browsers can.
const WINDOW: usize = 50_000;
/// The window moves by its half when so many rows are left to its edge.
const EDGE: usize = 200;

/// What of the list is in the document.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// The height of a row.
    pub(super) height: i32,
    /// The first row that has a place in the box.
    pub(super) begin: usize,
    /// The first one that is there.
    pub(super) from: usize,
    /// The first one behind them.
    pub(super) to: usize,
}

impl Part {
    /// What is there once a box of `room` pixels is scrolled by `top`, and a row is so high, where one is there.
    pub(super) fn at(self, height: Option<i32>, top: i32, room: i32) -> Self {
        let height = height.unwrap_or(GUESS).max(1);
        let rows = |pixels: i32| usize::try_from(pixels / height).unwrap_or_default();
        let first = self.begin + rows(top);
        let end = first + rows(room).min(MOST) + 1;
        let begin = match first {
            _ if first + EDGE > self.begin + WINDOW => self.begin + WINDOW / 2,
            _ if first < self.begin + EDGE => self.begin.saturating_sub(WINDOW / 2),
            _ => self.begin,
        };
        Self {
            height,
            begin,
            from: (first.saturating_sub(SPARE) / STEP * STEP).max(begin),
            to: (end + SPARE).div_ceil(STEP) * STEP,
        }
    }

    /// Those of so many rows that are there.
    pub(super) fn rows(&self, extent: &Extent) -> Range<usize> {
        let to = self.to.min(self.end(extent));
        self.from.min(to)..to
    }

    /// The first row that has no place in the box any more.
    fn end(&self, extent: &Extent) -> usize {
        extent.rows.min(self.begin + WINDOW)
    }

    /// How high the rows of the box are that come before those that are there, in pixels.
    pub(super) fn before(&self, extent: &Extent) -> i32 {
        self.pixels(self.rows(extent).start.saturating_sub(self.begin))
    }

    /// How high those are that come behind.
    pub(super) fn behind(&self, extent: &Extent) -> i32 {
        self.pixels(self.end(extent) - self.rows(extent).end)
    }

    /// So many rows in pixels.
    pub(super) fn pixels(&self, rows: usize) -> i32 {
        i32::try_from(rows)
            .unwrap_or(i32::MAX)
            .saturating_mul(self.height)
    }
}

/// What is there of a list that has just come.
pub(super) const TOP: Part = Part {
    height: GUESS,
    begin: 0,
    from: 0,
    to: 2 * SPARE + MOST,
};
