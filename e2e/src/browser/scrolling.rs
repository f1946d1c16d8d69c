//! Scrolling something in the page, and what the page is like meanwhile.

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use super::Browser;

/// Scrolls what has this name at so many pixels a second for so many seconds: the time from frame to frame, and
/// the most elements in the document.
const SCROLL: &str = "const [name, pace, seconds, done] = arguments;
    const box = document.querySelector(`[aria-label='${name}']`);
    const all = document.getElementsByTagName('*');
    const frames = [];
    let elements = 0, first, last, place = box.scrollTop;
    const frame = now => {
        first ??= now;
        if (last !== undefined) {
            frames.push(now - last);
            place += pace * (now - last) / 1000;
            box.scrollTop = place;
        }
        last = now;
        elements = Math.max(elements, all.length);
        if (now - first < seconds * 1000) requestAnimationFrame(frame);
        else done({ frames, elements });
    };
    requestAnimationFrame(frame)";

/// Goes to the end of what has this name, at each frame for so many seconds. Answers with the last row there.
const TO_END: &str = "const [name, seconds, done] = arguments;
    const box = document.querySelector(`[aria-label='${name}']`);
    const end = performance.now() + seconds * 1000;
    const frame = () => {
        box.scrollTop = box.scrollHeight;
        if (performance.now() < end) return requestAnimationFrame(frame);
        const rows = [...box.querySelectorAll('[aria-rowindex]')].map(row => Number(row.ariaRowIndex));
        done(Math.max(...rows) - 1);
    };
    requestAnimationFrame(frame)";

/// What was seen while something scrolled.
#[derive(Clone, Debug, Deserialize)]
pub struct Scrolled {
    /// The milliseconds from each frame to the next.
    pub frames: Vec<f64>,
    /// The most elements in the document.
    pub elements: usize,
}

impl Scrolled {
    /// The milliseconds within which so many of a hundred frames came.
    #[must_use]
    pub fn frame(&self, of_hundred: usize) -> f64 {
        let mut frames = self.frames.clone();
        frames.sort_by(f64::total_cmp);
        let within = (frames.len() * of_hundred).div_ceil(100);
        let last = within.checked_sub(1).and_then(|last| frames.get(last));
        last.copied().unwrap_or_default()
    }
}

impl Browser {
    /// Scrolls what has this accessible name, at so many pixels a second, for so many seconds.
    ///
    /// # Errors
    /// When there is no such thing.
    pub async fn scroll(&self, name: &str, pace: f64, seconds: u32) -> Result<Scrolled> {
        self.slow_script(SCROLL, vec![json!(name), json!(pace), json!(seconds)])
            .await
    }

    /// Goes to the end of what has this accessible name, again and again for so many seconds; the number of the
    /// last row that is there then.
    ///
    /// # Errors
    /// When there is no such thing.
    pub async fn scroll_to_end(&self, name: &str, seconds: u32) -> Result<usize> {
        self.slow_script(TO_END, vec![json!(name), json!(seconds)])
            .await
    }
}
