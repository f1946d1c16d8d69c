//! How smoothly the list of a plan's tokens scrolls: the time from frame to frame and the elements in the
//! document while it does, near the beginning and where many rows have come. Ends with a failure when the
//! elements are more than the aim, or the frames miss theirs by a lot.
//!
//! `scrolling [TOKENS]`; without a number there are 100 000.

use anyhow::{Context as _, Result, ensure};
use tenure_e2e::browser::{Browser, Scrolled};
use tenure_e2e::screens::{SignIn, Tokens};
use tenure_e2e::stack::{Engine, Stack};

/// What is aimed at for all but one of twenty frames, in milliseconds: 60 a second.
const AIM: f64 = 16.7;
/// What browsers tell the time by, in milliseconds: a frame of 60 a second is now 16.6 of them, now 16.8.
const TICK: f64 = 0.1;
/// Beyond this something is broken, however slow the machine.
const LIMIT: f64 = 5.0 * AIM;
/// The most elements in the document.
const MOST_ELEMENTS: usize = 1_500;
/// Pixels a second: somebody who reads along, and somebody who looks for something.
const PACES: [(&str, u32); 2] = [("reading", 600), ("searching", 6_000)];
/// For so many seconds each.
const SECONDS: u32 = 6;
/// How often the end of what has come is gone to, for a second each.
const DRAGS: usize = 120;

#[tokio::main]
async fn main() -> Result<()> {
    let count = std::env::args().nth(1);
    let count = count.map_or(Ok(100_000), |count| count.parse());
    let count: usize = count.context("say how many tokens: scrolling [TOKENS]")?;
    let stack = Stack::start(Engine::Sqlite).await?;
    stack.give_tokens(&stack.people.mia, count).await?;
    let browser = stack.browser().await?;
    let page = Tokens::path(&stack.people.acme);
    SignIn(&browser).enter_at(&page, &stack.people.ada).await?;
    let list = Tokens(&browser);
    list.ready().await?;
    println!(
        "the list of {count} tokens (aim: 19 of 20 frames within {AIM} ms, at most {MOST_ELEMENTS} elements)"
    );
    measure(&browser, "at its beginning", 1.0).await?;
    let mut rows = 0;
    for _ in 0..DRAGS {
        rows = browser.scroll_to_end(Tokens::NAME, 1).await?;
        if rows >= count {
            break;
        }
    }
    println!("  dragged to its end for up to {DRAGS} s: at row {rows}");
    measure(&browser, "there, back up", -1.0).await
}

/// Scrolls at each pace, down (1) or up (-1).
async fn measure(browser: &Browser, place: &str, direction: f64) -> Result<()> {
    for (pace, pixels) in PACES {
        let seen = browser
            .scroll(Tokens::NAME, f64::from(pixels) * direction, SECONDS)
            .await?;
        let Scrolled { elements, .. } = seen;
        let late = seen.frame(95);
        println!(
            "  {place}, {pace} ({pixels} px/s): median {:.1} ms, 95 % {late:.1} ms, longest {:.1} ms, {} frames; {elements} elements ({})",
            seen.frame(50),
            seen.frame(100),
            seen.frames.len(),
            if late < AIM + 1.5 * TICK {
                "within the aim"
            } else {
                "misses the aim"
            },
        );
        ensure!(
            elements <= MOST_ELEMENTS,
            "{elements} elements are too many"
        );
        ensure!(
            late <= LIMIT,
            "one of twenty frames takes more than {LIMIT:.0} ms"
        );
    }
    Ok(())
}
