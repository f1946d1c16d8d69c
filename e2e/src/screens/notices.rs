//! Admin Center > Notices: who was told what, and what became of it.

use anyhow::{Result, ensure};
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Name, Role};

/// The page with the notices of a plan.
pub struct Notices<'a>(pub &'a Browser);

impl Notices<'_> {
    /// Where the page of this plan is.
    #[must_use]
    pub fn path(plan: &PlanId) -> String {
        format!("/plans/{plan}/notices")
    }

    /// Opens the page of this plan.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open(&self, plan: &PlanId) -> Result<()> {
        self.0.visit(&Self::path(plan)).await?;
        self.0.find(Role::Heading, "Notices").await.map(drop)
    }

    /// Holds that so many notices are listed, and that every one of them was sent.
    ///
    /// # Errors
    /// When there are others, or one was not sent.
    pub async fn all_are_sent(&self, count: usize) -> Result<()> {
        self.0
            .until(format!("{count} notices are listed"), || async {
                Ok((self.0.rows().await?.len() == count).then_some(()))
            })
            .await?;
        let rows = self.0.rows().await?;
        let left: Vec<_> = rows.iter().filter(|row| !row.contains(" Sent ")).collect();
        ensure!(left.is_empty(), "not sent: {left:?}");
        Ok(())
    }

    /// Presses *Send again* in the row of a notice to somebody.
    ///
    /// # Errors
    /// When there is no such row or button.
    pub async fn send_again(&self, to: &str) -> Result<()> {
        let row = self.0.find(Role::Row, Name::Has(to.to_owned())).await?;
        self.0.press_in(&row, Role::Button, "Send again").await?;
        self.0.reads("Queued again: the notice to").await
    }
}
