//! Accessibility of what is shown, checked by axe-core against WCAG 2.2 AA and its best practices.

use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::{Browser, View};
use crate::needs;

/// A rule that something on the page breaks.
#[derive(Debug, Deserialize)]
struct Violation {
    rule: String,
    help: String,
    where_: Vec<String>,
}

const RUN: &str = "const done = arguments[0];
    axe.run(document, { resultTypes: ['violations'] }).then(
        found => done(found.violations.map(violation => ({
            rule: violation.id,
            help: violation.help,
            where_: violation.nodes.map(node => `${node.html} (${node.failureSummary})`),
        }))),
        error => done([{ rule: 'axe', help: String(error), where_: [] }]))";

/// The innermost elements that make the page wider than its window; none when it is not.
const TOO_WIDE: &str = "
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const wide = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > page.clientWidth);
    return wide.filter(element => !wide.some(other => other !== element && element.contains(other)))
        .map(element => `${element.getBoundingClientRect().right} px: ${element.outerHTML}`)";

impl Browser {
    /// Holds what is shown against the rules, in both themes and at both widths.
    ///
    /// `state` names it in a failure. Leaves the browser in [`View::WIDE`].
    ///
    /// # Errors
    /// When a rule is broken, with all that break it.
    pub async fn accessible(&self, state: &str) -> Result<()> {
        let mut broken = Vec::new();
        for view in View::ALL {
            self.look(view).await?;
            for violation in self.violations().await? {
                let Violation { rule, help, where_ } = violation;
                broken.push(format!(
                    "{}: {rule}: {help}\n    {}",
                    view.name(),
                    where_.join("\n    ")
                ));
            }
            self.fits(state, view).await?;
        }
        self.look(View::WIDE).await?;
        ensure!(
            broken.is_empty(),
            "{state} is not accessible:\n{}",
            broken.join("\n")
        );
        Ok(())
    }

    async fn violations(&self) -> Result<Vec<Violation>> {
        self.still().await?;
        if !self
            .script::<bool>("return typeof axe === 'object'", vec![])
            .await?
        {
            self.session()?.execute(source()?, vec![]).await?;
        }
        self.slow_script(RUN, vec![]).await
    }

    /// Nothing reaches beyond the window sideways (WCAG 1.4.10), but for what scrolls by itself.
    async fn fits(&self, state: &str, view: View) -> Result<()> {
        let too_wide: Vec<String> = self.script(TOO_WIDE, vec![]).await?;
        let (width, which) = (view.width, too_wide.join("\n    "));
        ensure!(
            too_wide.is_empty(),
            "{state} is wider than a window of {width} px:\n    {which}"
        );
        Ok(())
    }
}

/// axe-core, read once.
fn source() -> Result<&'static str> {
    static SOURCE: OnceLock<String> = OnceLock::new();
    if let Some(source) = SOURCE.get() {
        return Ok(source);
    }
    let file = needs::axe()?;
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(SOURCE.get_or_init(|| text))
}
