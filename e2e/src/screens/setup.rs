//! The first run: whoever holds the link makes the first plan and its System Admin.

use anyhow::Result;

use crate::browser::{Browser, Role};
use crate::stack::Person;

/// The page that the setup link opens.
pub struct Setup<'a>(pub &'a Browser);

impl Setup<'_> {
    /// Makes this plan and this System Admin.
    ///
    /// # Errors
    /// When the page is another one.
    pub async fn create(&self, plan: &str, admin: &Person) -> Result<()> {
        self.0.find(Role::Heading, "Set up Tenure").await?;
        self.0.fill(Role::TextField, "Plan", plan).await?;
        self.0
            .fill(Role::TextField, "Your name", &admin.name)
            .await?;
        self.0.fill(Role::TextField, "Email", &admin.email).await?;
        self.0
            .fill(Role::TextField, "Password", &admin.password)
            .await?;
        self.0.press(Role::Button, "Set up").await
    }
}
