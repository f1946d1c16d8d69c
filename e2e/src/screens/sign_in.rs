//! Signing in: the page, and the dialog that asks again when a session has ended.

use anyhow::Result;

use crate::browser::{Browser, Role};
use crate::stack::Person;

/// The sign-in page, or the dialog that looks like it.
pub struct SignIn<'a>(pub &'a Browser);

impl SignIn<'_> {
    /// Opens the console's start page as nobody, and signs in where that leads.
    ///
    /// # Errors
    /// When the console does not let them in.
    pub async fn enter(&self, person: &Person) -> Result<()> {
        self.enter_at("/", person).await
    }

    /// Asks for a page as nobody, and signs in on the way.
    ///
    /// # Errors
    /// When the console does not let them in.
    pub async fn enter_at(&self, path: &str, person: &Person) -> Result<()> {
        self.0.visit(path).await?;
        self.0.find(Role::Heading, "Sign in to Tenure").await?;
        self.fill(&person.email, &person.password).await?;
        self.0.gone(Role::Button, "Sign in").await
    }

    /// Types both and presses the button.
    ///
    /// # Errors
    /// When the fields are not there.
    pub async fn fill(&self, email: &str, password: &str) -> Result<()> {
        self.0.fill(Role::TextField, "Email", email).await?;
        self.0.fill(Role::TextField, "Password", password).await?;
        self.0.press(Role::Button, "Sign in").await
    }

    /// Signs in again in the dialog, which knows whose session it was.
    ///
    /// # Errors
    /// When the dialog does not come or does not go.
    pub async fn again(&self, person: &Person) -> Result<()> {
        self.0.find(Role::Dialog, "Sign in to go on").await?;
        self.0
            .fill(Role::TextField, "Password", &person.password)
            .await?;
        self.0.press(Role::Button, "Sign in").await?;
        self.0.gone(Role::Dialog, "Sign in to go on").await
    }
}
