//! What stands on the page, as people read it: words and rows, whatever the line breaks.

use anyhow::Result;

use super::{Browser, Name, Role, role::present};

impl Browser {
    /// Waits until the page says this somewhere, whatever the line breaks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn reads(&self, text: &str) -> Result<()> {
        self.until(format!("the page reads \"{text}\""), || async {
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await
    }

    /// Waits until the page does not say this any more.
    ///
    /// # Errors
    /// When it still does.
    pub async fn reads_no_more(&self, text: &str) -> Result<()> {
        self.until(format!("the page no longer reads \"{text}\""), || async {
            Ok((!self.text().await?.contains(text)).then_some(()))
        })
        .await
    }

    /// Waits until the row that has this says all of that.
    ///
    /// # Errors
    /// When there is no such row, or it says something else.
    pub async fn row_reads(&self, row: &str, parts: &[&str]) -> Result<()> {
        let what = format!("the row of {row} reads {parts:?}");
        self.until(what, || async {
            let found = self.now(Role::Row, &Name::Has(row.to_owned())).await?;
            let text = match found {
                Some(found) => present(found.text().await)?.unwrap_or_default(),
                None => return Ok(None),
            };
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(parts.iter().all(|part| text.contains(part)).then_some(()))
        })
        .await
    }

    /// Every row of the tables that are shown, but for those of headings, with single spaces.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn rows(&self) -> Result<Vec<String>> {
        const ROWS: &str = "return [...document.querySelectorAll('tr')]
            .filter(row => row.querySelector('td') && row.checkVisibility())
            .map(row => row.innerText.split(/\\s+/).join(' ').trim())";
        self.script(ROWS, vec![]).await
    }

    /// All that is shown on the page, with single spaces.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn text(&self) -> Result<String> {
        let text: String = self
            .script("return document.body.innerText", vec![])
            .await?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
