//! Figures that the page itself has: how much it jumped, and when it could be used.

use anyhow::{Context, Result, ensure};
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

impl Browser {
    /// Holds that the page that is shown did not jump while it loaded.
    ///
    /// # Errors
    /// When it jumped by more than [`MAX_SHIFT`].
    pub async fn stayed_put(&self) -> Result<()> {
        const SHIFT: &str = "const done = arguments[0];
            const sum = entries => entries.filter(e => !e.hadRecentInput).reduce((all, e) => all + e.value, 0);
            const observer = new PerformanceObserver(list => done(sum(list.getEntries())));
            observer.observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done(sum(observer.takeRecords())), 200)";
        let shift: f64 = self.slow_script(SHIFT, vec![]).await?;
        ensure!(
            shift <= MAX_SHIFT,
            "{} jumped by {shift:.3} while it loaded",
            self.path().await?
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
