//! Admin Center > Security & Control: the tile with the plan's one rule.

use anyhow::Result;
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Role};

/// The page with the tile *API Access Token*.
pub struct SecurityControl<'a>(pub &'a Browser);

impl SecurityControl<'_> {
    /// Where the page of this plan is.
    #[must_use]
    pub fn path(plan: &PlanId) -> String {
        format!("/plans/{plan}/security-control")
    }

    /// Opens the page of this plan and waits for its data.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open(&self, plan: &PlanId) -> Result<()> {
        self.0.visit(&Self::path(plan)).await?;
        self.ready().await
    }

    /// Waits for the page and its data.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn ready(&self) -> Result<()> {
        self.0.find(Role::Heading, "Security & Control").await?;
        self.0
            .find(Role::Switch, "Expiration period")
            .await
            .map(drop)
    }

    /// Slides the switch.
    ///
    /// # Errors
    /// When there is no switch or it is locked.
    pub async fn slide(&self) -> Result<()> {
        self.0.press(Role::Switch, "Expiration period").await
    }

    /// Whether the switch is on.
    ///
    /// # Errors
    /// When there is no switch.
    pub async fn is_on(&self) -> Result<bool> {
        let switch = self.0.find(Role::Switch, "Expiration period").await?;
        Ok(switch.attr("aria-checked").await?.as_deref() == Some("true"))
    }

    /// Types an amount and picks a unit.
    ///
    /// # Errors
    /// When the fields are not there.
    pub async fn type_period(&self, amount: &str, unit: &str) -> Result<()> {
        self.0.fill(Role::NumberField, "Duration", amount).await?;
        self.0.pick("Unit", unit).await
    }

    /// What stands in the fields: `("1", "minutes")`.
    ///
    /// # Errors
    /// When the fields are not there.
    pub async fn typed(&self) -> Result<(String, String)> {
        let amount = self.0.value(Role::NumberField, "Duration").await?;
        Ok((amount, self.0.value(Role::Select, "Unit").await?))
    }

    /// Presses *Activate*.
    ///
    /// # Errors
    /// When the button is not there or cannot be pressed.
    pub async fn activate(&self) -> Result<()> {
        self.0.press(Role::Button, "Activate").await
    }

    /// Presses *Activate* where so many tokens end at once: the number is stated, and wants to be typed.
    ///
    /// # Errors
    /// When nobody asks, or about another number.
    pub async fn activate_ending(&self, tokens: u64) -> Result<()> {
        self.activate().await?;
        let title = match tokens {
            1 => "Activate and stop 1 token?".to_owned(),
            _ => format!("Activate and stop {tokens} tokens?"),
        };
        let dialog = self.0.find(Role::Dialog, title.as_str()).await?;
        let field = "Number of tokens that stop working";
        let number = tokens.to_string();
        self.0.fill(Role::TextField, field, &number).await?;
        self.0.press_in(&dialog, Role::Button, "Activate").await
    }

    /// Waits until the page says that this period is in force since a moment ago.
    ///
    /// # Errors
    /// When it does not say so.
    pub async fn is_in_force(&self, period: &str) -> Result<()> {
        self.0
            .reads(&format!(
                "tokens stop working {period} after they are created."
            ))
            .await?;
        self.0.find(Role::Button, "Change").await.map(drop)
    }

    /// Puts a period in force where there is none.
    ///
    /// # Errors
    /// When it does not come into force.
    pub async fn put_in_force(&self, amount: &str, unit: &str, reads: &str) -> Result<()> {
        self.slide().await?;
        self.type_period(amount, unit).await?;
        self.activate().await?;
        self.is_in_force(reads).await
    }

    /// Puts another period in force in place of one.
    ///
    /// # Errors
    /// When it does not come into force.
    pub async fn change(&self, amount: &str, unit: &str, reads: &str) -> Result<()> {
        self.0.press(Role::Button, "Change").await?;
        self.type_period(amount, unit).await?;
        self.activate().await?;
        self.is_in_force(reads).await
    }

    /// Turns the policy off, and reads first that the dead stay dead.
    ///
    /// # Errors
    /// When it stays in force.
    pub async fn turn_off(&self) -> Result<()> {
        self.0.press(Role::Button, "Turn off").await?;
        let dialog = self
            .0
            .find(Role::Dialog, "Turn off the expiration period?")
            .await?;
        self.0.reads("Tokens that have expired stay dead.").await?;
        self.0.press_in(&dialog, Role::Button, "Turn off").await?;
        self.0.reads("no further token expires").await
    }
}
