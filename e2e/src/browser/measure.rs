//! Figures that the page itself has: how much it jumped, and when it could be used.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use super::Browser;

/// The most that a page may jump while it loads (cumulative layout shift).
const MAX_SHIFT: f64 = 0.02;

/// Runs before everything in a page: notes when a marker stood there and could be used.
const WATCH: &str = "(() => {
    const usable = () => document.querySelector('h1')?.textContent.includes('Security')
        && document.querySelector('[role=switch]:not([disabled]):not([aria-disabled=true])');
    const observer = new MutationObserver(() => {
        if (!usable()) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.tenureUsable = performance.now(); }));
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
})()";

/// Every jump so far that no person caused: the browser buffers them, and tells them in a task of its own.
const JUMPS: &str = "const done = arguments[0];
    const jumps = [];
    const note = list => jumps.push(...list.filter(jump => !jump.hadRecentInput));
    const observer = new PerformanceObserver(list => note(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    const where = box => `${box.x},${box.y} ${box.width}x${box.height}`;
    setTimeout(() => {
        note(observer.takeRecords());
        done({
            total: jumps.reduce((sum, jump) => sum + jump.value, 0),
            moved: jumps.flatMap(jump => jump.sources.map(source =>
                `${jump.value.toFixed(3)} ${where(source.previousRect)} to ${where(source.currentRect)}: `
                + (source.node?.outerHTML ?? source.node?.textContent ?? 'gone').slice(0, 120))),
        });
    }, 200)";

/// How much a page jumped, and what moved.
#[derive(Deserialize)]
struct Jumps {
    total: f64,
    moved: Vec<String>,
}

impl Browser {
    /// Holds that the page that is shown did not jump while it loaded.
    ///
    /// # Errors
    /// When it jumped by more than [`MAX_SHIFT`], with what moved.
    pub async fn stayed_put(&self) -> Result<()> {
        let Jumps { total, moved } = self.slow_script(JUMPS, vec![]).await?;
        let (path, moved) = (self.path().await?, moved.join("\n    "));
        ensure!(
            total <= MAX_SHIFT,
            "{path} jumped by {total:.3} while it loaded:\n    {moved}"
        );
        Ok(())
    }

    /// Makes every page from now on note when Security & Control could be used.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn watch_usable(&self) -> Result<()> {
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": WATCH }),
        )
        .await?;
        Ok(())
    }

    /// Milliseconds from the navigation until the page could be used, drawn on the screen.
    ///
    /// # Errors
    /// When it never could, or [`watch_usable`](Self::watch_usable) was not called before.
    pub async fn usable_after(&self) -> Result<f64> {
        let usable = crate::wait::until("the page can be used", || async {
            self.script::<Option<f64>>("return window.tenureUsable ?? null", vec![])
                .await
        });
        usable
            .await
            .context("Security & Control never became usable")
    }

    /// Forgets every file that the browser has kept.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn clear_cache(&self) -> Result<()> {
        self.devtools("Network.clearBrowserCache", json!({}))
            .await?;
        Ok(())
    }
}
