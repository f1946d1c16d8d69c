//! Every token of a plan, for System Admins.

use anyhow::Result;
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Role};

/// The page of a plan.
pub struct Tokens<'a>(pub &'a Browser);

impl Tokens<'_> {
    /// The accessible name of what scrolls.
    pub const NAME: &'static str = "Tokens of the plan";

    /// Where the page of this plan is.
    #[must_use]
    pub fn path(plan: &PlanId) -> String {
        format!("/plans/{plan}/tokens")
    }

    /// Waits until the list is there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn ready(&self) -> Result<()> {
        self.0.find(Role::Button, "Select those that work").await?;
        Ok(())
    }
}
