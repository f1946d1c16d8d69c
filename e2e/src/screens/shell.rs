//! What stands around every page.

use anyhow::Result;

use crate::browser::{Browser, Name, Role};

/// Navigation and top bar.
pub struct Shell<'a>(pub &'a Browser);

impl Shell<'_> {
    /// Follows a link of the navigation.
    ///
    /// # Errors
    /// When there is no such link.
    pub async fn go(&self, link: &str) -> Result<()> {
        self.0.press(Role::Link, link).await
    }

    /// Switches to another plan.
    ///
    /// # Errors
    /// When the person is in no such plan.
    pub async fn switch_plan(&self, plan: &str) -> Result<()> {
        self.0.pick("Plan", plan).await
    }

    /// Ends the session by the account menu, which is named after the person.
    ///
    /// # Errors
    /// When the menu is not there.
    pub async fn sign_out(&self, person: &str) -> Result<()> {
        self.0
            .press(Role::Button, Name::Has(person.to_owned()))
            .await?;
        self.0.press(Role::Button, "Sign out").await?;
        self.0
            .find(Role::Heading, "Sign in to Tenure")
            .await
            .map(drop)
    }
}
