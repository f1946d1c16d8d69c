//! Finding things as people do who cannot see the page: by role and accessible name.
//!
//! The browser computes both (WebDriver, sections 12.4.9 and 12.4.10), so what a journey finds, a
//! screen reader finds too. CSS serves only to ask about few elements, by the tags that can have a role.

use std::fmt;
use std::sync::Arc;

use anyhow::Result;
use reqwest::Method;
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, WebElement};

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Does something.
    Button,
    /// One choice of several, as a radio button.
    Choice,
    /// Asks something before anything else goes on.
    Dialog,
    /// Names what follows.
    Heading,
    /// Goes somewhere.
    Link,
    /// Takes a number.
    NumberField,
    /// A row of a table.
    Row,
    /// One choice of several, as a native select.
    Select,
    /// On or off.
    Switch,
    /// Takes text, a password too.
    TextField,
}

impl Role {
    /// The elements that can have the role.
    fn css(self) -> &'static str {
        match self {
            Self::Button => {
                "button, summary, input[type=submit], input[type=button], [role=button]"
            }
            Self::Choice => "input[type=radio], [role=radio]",
            Self::Dialog => "dialog[open], [role=dialog], [role=alertdialog]",
            Self::Heading => "h1, h2, h3, h4, [role=heading]",
            Self::Link => "a[href], [role=link], [role=tab], [role=menuitem]",
            Self::NumberField => "input[type=number], input[inputmode], [role=spinbutton]",
            Self::Row => "tr, [role=row]",
            Self::Select => "select, [role=combobox]",
            Self::Switch => "[role=switch]",
            Self::TextField => "input, textarea, [role=textbox]",
        }
    }

    /// The computed roles that count as it. A password field has the role of no text in ARIA 1.2,
    /// and its own in some browsers.
    fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Button => &["button", "menuitem"],
            Self::Choice => &["radio"],
            Self::Dialog => &["dialog", "alertdialog"],
            Self::Heading => &["heading"],
            Self::Link => &["link", "tab", "menuitem"],
            Self::NumberField => &["spinbutton", "textbox"],
            Self::Row => &["row"],
            Self::Select => &["combobox", "listbox"],
            Self::Switch => &["switch"],
            Self::TextField => &["textbox", "searchbox", "generic", "none"],
        }
    }
}

/// What a thing is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// This and nothing else.
    Is(String),
    /// This and more, as a row has.
    Has(String),
}

impl Name {
    fn fits(&self, label: &str) -> bool {
        match self {
            Self::Is(name) => label.trim() == name,
            Self::Has(part) => label.contains(part),
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::Is(name.to_owned())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(name) => write!(f, "\"{name}\""),
            Self::Has(part) => write!(f, "\"…{part}…\""),
        }
    }
}

/// The first shown element among `elements` of this role and name. One that goes away meanwhile is none.
pub(super) async fn first(
    elements: Vec<WebElement>,
    role: Role,
    name: &Name,
) -> Result<Option<WebElement>> {
    for element in elements {
        if present(is(&element, role, name).await)?.unwrap_or(false) {
            return Ok(Some(element));
        }
    }
    Ok(None)
}

/// Where to look for a role.
pub(super) fn candidates(role: Role) -> By {
    By::Css(role.css())
}

/// The answer of an element, or `None` when it has just been taken from the page.
pub(super) fn present<T>(answer: WebDriverResult<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.as_inner() {
            WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::NoSuchElement(_) => Ok(None),
            _ => Err(error.into()),
        },
    }
}

/// Presses it; `None` when it is not enabled, or gone, or covered by something that may pass.
pub(super) async fn pressed(element: &WebElement) -> Result<Option<()>> {
    if !present(element.is_enabled().await)?.unwrap_or(false) {
        return Ok(None);
    }
    match element.click().await {
        Err(error) if is_covered(&error) => Ok(None),
        answer => present(answer),
    }
}

fn is_covered(error: &WebDriverError) -> bool {
    use WebDriverErrorInner::{ElementClickIntercepted, ElementNotInteractable};
    matches!(
        error.as_inner(),
        ElementClickIntercepted(_) | ElementNotInteractable(_)
    )
}

async fn is(element: &WebElement, role: Role, name: &Name) -> WebDriverResult<bool> {
    Ok(name.fits(&name_of(element, role).await?)
        && role
            .computed()
            .contains(&computed(element, "computedrole").await?.as_str())
        && element.is_displayed().await?)
}

/// A row is named by what it contains (ARIA 1.2, section 5.2.8.4), which the browser leaves to screen
/// readers to put together.
async fn name_of(element: &WebElement, role: Role) -> WebDriverResult<String> {
    match role {
        Role::Row => element.text().await,
        _ => label(element).await,
    }
}

/// The accessible name of an element.
///
/// # Errors
/// When the element is gone or the browser does not answer.
pub async fn label(element: &WebElement) -> WebDriverResult<String> {
    computed(element, "computedlabel").await
}

async fn computed(element: &WebElement, what: &'static str) -> WebDriverResult<String> {
    let question = Computed {
        element: element.element_id().to_string(),
        what,
    };
    element
        .handle()
        .cmd(Command::ExtensionCommand(Box::new(question)))
        .await?
        .value()
}

/// *Get Computed Role* and *Get Computed Label*.
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl ExtensionCommand for Computed {
    fn parameters_json(&self) -> Option<serde_json::Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        format!("/element/{}/{}", self.element, self.what).into()
    }
}
