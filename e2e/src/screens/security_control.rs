//! Admin Center > Security & Control: the tile with the plan's one rule.

use anyhow::Result;
use tenure_domain::id::PlanId;

use crate::browser::{Browser, Name, Role};

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

    /// Opens the page of this plan's policy history.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open_history(&self, plan: &PlanId) -> Result<()> {
        self.0
            .visit(&format!("{}/history", Self::path(plan)))
            .await?;
        self.0.find(Role::Heading, "Policy history").await.map(drop)
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
        self.answer(tokens, &tokens.to_string()).await
    }

    /// Types something where it is asked whether so many tokens shall end, and presses the button there.
    ///
    /// # Errors
    /// When nobody asks, or about another number.
    pub async fn answer(&self, tokens: u64, typed: &str) -> Result<()> {
        self.answer_with(tokens, typed, "Activate").await
    }

    async fn answer_with(&self, tokens: u64, typed: &str, button: &str) -> Result<()> {
        let dialog = self.0.find(Role::Dialog, question(tokens)).await?;
        let field = "Number of tokens that stop working";
        self.0.fill(Role::TextField, field, typed).await?;
        self.0.press_in(&dialog, Role::Button, button).await
    }

    /// Picks the instant that the page proposes: everybody has seven days until then.
    ///
    /// # Errors
    /// When the choice is not there.
    pub async fn pick_later(&self) -> Result<()> {
        self.0.press(Role::Choice, "At a set time").await?;
        self.0.find(Role::Button, "Schedule").await.map(drop)
    }

    /// Presses *Schedule* where so many tokens will end at that instant.
    ///
    /// # Errors
    /// When nobody asks, or about another number, or it is not scheduled.
    pub async fn schedule_ending(&self, tokens: u64) -> Result<()> {
        self.0.press(Role::Button, "Schedule").await?;
        self.answer_with(tokens, &tokens.to_string(), "Schedule")
            .await?;
        self.0.reads("Scheduled for ").await?;
        self.0
            .find(Role::Heading, "Scheduled change")
            .await
            .map(drop)
    }

    /// Waits until the impact that is shown is that of what is typed.
    ///
    /// # Errors
    /// When the server does not count it.
    pub async fn is_counted(&self) -> Result<()> {
        const COUNTED: &str =
            "return !!document.querySelector('[aria-label=Impact]:not([aria-busy])')";
        self.0
            .until("the impact is counted".to_owned(), || async {
                let counted: bool = self.0.script(COUNTED, vec![]).await?;
                Ok(counted.then_some(()))
            })
            .await
    }

    /// Whose tokens the page says would stop at once: name, owner, last use, creation.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn would_stop(&self) -> Result<Vec<String>> {
        const ROWS: &str = "return [...document.querySelectorAll('[role=region][aria-label=\"Stops at once\"] tbody tr')]
            .map(row => row.innerText.split(/\\s+/).join(' ').trim())";
        self.0.script(ROWS, vec![]).await
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

/// What the title says of the dialog that asks whether so many tokens shall end, at once or later.
fn question(tokens: u64) -> Name {
    Name::Has(match tokens {
        1 => "and stop 1 token".to_owned(),
        _ => format!("and stop {tokens} tokens"),
    })
}
