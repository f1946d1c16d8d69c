//! Admin Center > Audit log: who did what, and whether the log is as it was written.

use anyhow::Result;
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Role};

/// The page with the events of a plan.
pub struct AuditLog<'a>(pub &'a Browser);

impl AuditLog<'_> {
    /// Where the page of this plan is.
    #[must_use]
    pub fn path(plan: &PlanId) -> String {
        format!("/plans/{plan}/audit-log")
    }

    /// Opens the page of this plan.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open(&self, plan: &PlanId) -> Result<()> {
        self.0.visit(&Self::path(plan)).await?;
        self.0.find(Role::Heading, "Audit log").await?;
        self.lists_some().await
    }

    /// Shows events of this action alone, by its name on the page.
    ///
    /// # Errors
    /// When there is no such action.
    pub async fn filter(&self, action: &str) -> Result<()> {
        self.0.pick("Action", action).await?;
        self.0.press(Role::Button, "Filter").await?;
        self.0.find(Role::Link, "Show all").await.map(drop)
    }

    /// Walks along the chain, and reads that it holds.
    ///
    /// # Errors
    /// When it does not.
    pub async fn verify(&self) -> Result<()> {
        self.0.press(Role::Button, "Verify the chain").await?;
        self.0.reads("The chain holds.").await
    }

    async fn lists_some(&self) -> Result<()> {
        self.0
            .until("events are listed".to_owned(), || async {
                Ok((!self.0.rows().await?.is_empty()).then_some(()))
            })
            .await
    }
}
