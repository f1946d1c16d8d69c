//! Admin Center > Auth health: what the verifier saw of a plan's tokens, and what of it wants attention.

use anyhow::Result;
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Role};

/// The page of one plan.
pub struct AuthHealth<'a>(pub &'a Browser);

impl AuthHealth<'_> {
    /// Where the page of this plan is.
    #[must_use]
    pub fn path(plan: &PlanId) -> String {
        format!("/plans/{plan}/auth-health")
    }

    /// Waits for the page and its alerts.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn is_calm(&self) -> Result<()> {
        self.0.find(Role::Heading, "Auth health").await?;
        self.0.reads("No alert has been raised.").await
    }

    /// Waits until the alert that says this is in this state.
    ///
    /// # Errors
    /// When there is no such alert, or it is in another one.
    pub async fn alert_is(&self, sentence: &str, state: &str) -> Result<()> {
        self.0.row_reads(sentence, &[state]).await
    }

    /// Goes by what became of calls to a token that is behind them.
    ///
    /// # Errors
    /// When there is no such outcome, or the token is not behind it.
    pub async fn follow(&self, outcome: &str, token: &str) -> Result<()> {
        self.0.press(Role::Link, outcome).await?;
        self.0.find(Role::Heading, "Tokens behind it").await?;
        self.0.press(Role::Link, token).await?;
        self.0.find(Role::Heading, token).await.map(drop)
    }
}
