//! Account > Personal Settings > API Access: a user's own tokens.

use anyhow::{Context, Result};

use crate::browser::{Browser, Name, Role};

/// The page with the user's tokens.
pub struct ApiAccess<'a>(pub &'a Browser);

impl ApiAccess<'_> {
    /// Where the page is.
    pub const PATH: &'static str = "/settings/api-access";

    /// Opens the page and waits for its data.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open(&self) -> Result<()> {
        self.0.visit(Self::PATH).await?;
        self.ready().await
    }

    /// Waits for the page and its data.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn ready(&self) -> Result<()> {
        self.0.find(Role::Heading, "Personal Settings").await?;
        self.0
            .until("the tokens are listed".to_owned(), || async {
                let token = Name::Has("tnr_pat_".to_owned());
                let listed = self.0.now(Role::Row, &token).await?.is_some()
                    || self.0.text().await?.contains("You have no working token.");
                Ok(listed.then_some(()))
            })
            .await
    }

    /// Generates a token of this name up to the moment where its secret is shown.
    ///
    /// # Errors
    /// When the server refuses or the dialog is another one.
    pub async fn generate(&self, name: &str) -> Result<()> {
        self.0
            .press(Role::Button, "Generate new access token")
            .await?;
        self.0
            .find(Role::Dialog, "Generate a new access token")
            .await?;
        self.0.fill(Role::TextField, "Name", name).await?;
        self.0.press(Role::Button, "Generate").await?;
        self.0
            .find(Role::Dialog, "Copy your new token now")
            .await
            .map(drop)
    }

    /// The secret, while it is shown.
    ///
    /// # Errors
    /// When it is not.
    pub async fn secret(&self) -> Result<String> {
        let shown = self.0.text().await?;
        let field = self
            .0
            .value(Role::TextField, "Your new token")
            .await
            .unwrap_or(shown);
        let secret = field
            .split_whitespace()
            .find(|word| word.starts_with("tnr_pat_"));
        Ok(secret
            .with_context(|| format!("no secret in: {field}"))?
            .to_owned())
    }

    /// The secret address of the person's calendar, while it is shown.
    ///
    /// # Errors
    /// When it is not.
    pub async fn calendar_address(&self) -> Result<String> {
        let field = "Secret address of the calendar";
        self.0.value(Role::TextField, field).await
    }

    /// Waits until the row of a token says all this.
    ///
    /// # Errors
    /// When there is no such row, or it says something else.
    pub async fn row_reads(&self, token: &str, parts: &[&str]) -> Result<()> {
        self.0.row_reads(token, parts).await
    }

    /// Revokes a token, and says yes to the question.
    ///
    /// # Errors
    /// When the token is not there or is not revoked.
    pub async fn revoke(&self, token: &str) -> Result<()> {
        let row = self.0.find(Role::Row, Name::Has(token.to_owned())).await?;
        self.0
            .press_in(&row, Role::Button, Name::Has("Revoke".to_owned()))
            .await?;
        let question = format!("Revoke {token}?");
        let dialog = self.0.find(Role::Dialog, question.as_str()).await?;
        self.0.press_in(&dialog, Role::Button, "Revoke").await?;
        self.0.gone(Role::Dialog, question.as_str()).await
    }
}
