//! A token's own page, for System Admins.

use anyhow::Result;
use tenure_domain::id::{PlanId, TokenId};

use crate::browser::{Browser, Role};

/// The page of one token.
pub struct TokenPage<'a>(pub &'a Browser);

impl TokenPage<'_> {
    /// Where the page of this token is.
    #[must_use]
    pub fn path(plan: &PlanId, token: &TokenId) -> String {
        format!("/plans/{plan}/tokens/{token}")
    }

    /// Revokes the token, and says yes to the question.
    ///
    /// # Errors
    /// When there is no such button or dialog.
    pub async fn revoke(&self, name: &str) -> Result<()> {
        self.0.press(Role::Button, "Revoke").await?;
        let dialog = format!("Revoke {name}?");
        let dialog = self.0.find(Role::Dialog, dialog.as_str()).await?;
        self.0.press_in(&dialog, Role::Button, "Revoke").await
    }
}
