//! One Chromium, fresh and alone: its own profile, its own driver, gone on drop.
//!
//! A [`Browser`] finds, presses and types. What it finds it waits for, and what it waits for in vain
//! it reports together with what stood on the page.

mod axe;
mod driver;
mod log;
mod measure;
mod reading;
mod role;
mod scrolling;
mod view;

use std::future::Future;
use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{
    By, ChromeCapabilities, ChromiumLikeCapabilities as _, Key, LoggingPrefsLogLevel, TypingData,
    WebDriver, WebElement,
};

pub use self::role::{Name, Role, label};
pub use self::scrolling::Scrolled;
pub use self::view::{Theme, View};
use self::{driver::Driver, role::present};
use crate::{needs, wait};

/// Chromium without a screen, without a sandbox (containers), and without calls of its own.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
    "--window-size=1280,900",
];

/// A browser with one window.
pub struct Browser {
    session: Option<WebDriver>,
    origin: String,
    // Dropped in this order: the processes first, then the folder that they write to.
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser for the pages of this origin. Nothing is loaded yet.
    ///
    /// # Errors
    /// When Chromium or ChromeDriver is missing or does not start.
    pub async fn open(origin: &str) -> Result<Self> {
        let profile = TempDir::with_prefix("tenure-chromium-")?;
        let driver = Driver::start().await?;
        let mut wanted = ChromeCapabilities::new();
        wanted.set_binary(&needs::chromium()?.to_string_lossy())?;
        for flag in FLAGS {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let session = WebDriver::new(driver.url(), wanted)
            .await
            .context("Chromium does not start")?;
        let browser = Self {
            session: Some(session),
            origin: origin.to_owned(),
            _driver: driver,
            _profile: profile,
        };
        browser.look(View::WIDE).await?;
        Ok(browser)
    }

    /// Loads the page at this path.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn visit(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.origin);
        self.session()?
            .goto(&url)
            .await
            .with_context(|| format!("{url} does not load"))
    }

    /// Loads a file of this machine.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn show(&self, file: &Path) -> Result<()> {
        let url = format!("file://{}", file.display());
        Ok(self.session()?.goto(&url).await?)
    }

    /// Leaves the console for an empty page.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn leave(&self) -> Result<()> {
        Ok(self.session()?.goto("about:blank").await?)
    }

    /// Loads the page that is shown anew.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.session()?.refresh().await?)
    }

    /// Presses the browser's *Back*.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn back(&self) -> Result<()> {
        Ok(self.session()?.back().await?)
    }

    /// The path of the page that is shown.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn path(&self) -> Result<String> {
        Ok(self.session()?.current_url().await?.path().to_owned())
    }

    /// Waits for the page at this path.
    ///
    /// # Errors
    /// When another page stays.
    pub async fn arrives_at(&self, path: &str) -> Result<()> {
        self.until(format!("the page is {path}"), || async {
            Ok((self.path().await? == path).then_some(()))
        })
        .await
    }

    /// The thing of this role and name, once it is shown.
    ///
    /// # Errors
    /// When it is not shown in time.
    pub async fn find(&self, role: Role, name: impl Into<Name>) -> Result<WebElement> {
        let name = name.into();
        self.until(format!("there is a {role:?} {name}"), || {
            self.now(role, &name)
        })
        .await
    }

    /// The same inside of another thing.
    ///
    /// # Errors
    /// When it is not shown in time.
    pub async fn find_in(
        &self,
        place: &WebElement,
        role: Role,
        name: impl Into<Name>,
    ) -> Result<WebElement> {
        let name = name.into();
        self.until(format!("there is a {role:?} {name} inside"), || async {
            match present(place.find_all(role::candidates(role)).await)? {
                Some(found) => role::first(found, role, &name).await,
                None => Ok(None),
            }
        })
        .await
    }

    /// Whether a thing of this role and name is shown at this moment.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn shows(&self, role: Role, name: impl Into<Name>) -> Result<bool> {
        Ok(self.now(role, &name.into()).await?.is_some())
    }

    /// Waits until nothing of this role and name is shown any more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, role: Role, name: impl Into<Name>) -> Result<()> {
        let name = name.into();
        self.until(format!("the {role:?} {name} is gone"), || async {
            Ok(self.now(role, &name).await?.is_none().then_some(()))
        })
        .await
    }

    /// Presses the thing of this role and name with the mouse.
    ///
    /// # Errors
    /// When it is not there or something covers it.
    pub async fn press(&self, role: Role, name: impl Into<Name>) -> Result<()> {
        let name = name.into();
        self.until(format!("the {role:?} {name} can be pressed"), || async {
            match self.now(role, &name).await? {
                Some(element) => role::pressed(&element).await,
                None => Ok(None),
            }
        })
        .await
    }

    /// The same inside of another thing.
    ///
    /// # Errors
    /// When it is not there or something covers it.
    pub async fn press_in(
        &self,
        place: &WebElement,
        role: Role,
        name: impl Into<Name>,
    ) -> Result<()> {
        let element = self.find_in(place, role, name).await?;
        self.until(format!("the {role:?} inside can be pressed"), || {
            role::pressed(&element)
        })
        .await
    }

    /// Puts this text into a field in place of what is there, key by key.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, role: Role, name: &str, text: &str) -> Result<()> {
        let field = self.find(role, name).await?;
        field.send_keys(Key::Control + "a").await?;
        Ok(field.send_keys(text).await?)
    }

    /// What stands in a field.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn value(&self, role: Role, name: &str) -> Result<String> {
        Ok(self
            .find(role, name)
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Picks the option with this text.
    ///
    /// # Errors
    /// When there is no such select or option.
    pub async fn pick(&self, name: &str, option: &str) -> Result<()> {
        let select = self.find(Role::Select, name).await?;
        self.pick_in(&select, option).await
    }

    /// The same in a select that was found.
    ///
    /// # Errors
    /// When there is no such option.
    pub async fn pick_in(&self, select: &WebElement, option: &str) -> Result<()> {
        for candidate in select.find_all(By::Tag("option")).await? {
            if candidate.text().await? == option {
                return Ok(candidate.click().await?);
            }
        }
        anyhow::bail!("the select has no option \"{option}\"")
    }

    /// Presses these keys, whatever has the focus.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self
            .session()?
            .action_chain()
            .send_keys(keys)
            .perform()
            .await?)
    }

    /// The accessible name of what has the focus.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn focus(&self) -> Result<String> {
        Ok(label(&self.session()?.active_element().await?).await?)
    }

    /// The answer of a script in the page.
    ///
    /// # Errors
    /// When the script throws or answers something else.
    pub async fn script<T: DeserializeOwned>(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        Ok(self
            .session()?
            .execute(script, arguments)
            .await?
            .convert()?)
    }

    /// The answer of a script that hands it to its last argument.
    async fn slow_script<T: DeserializeOwned>(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        Ok(self
            .session()?
            .execute_async(script, arguments)
            .await?
            .convert()?)
    }

    /// Asks the browser itself (Chrome DevTools Protocol).
    async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.session()?.cdp().send_raw(method, parameters).await?)
    }

    fn session(&self) -> Result<&WebDriver> {
        self.session.as_ref().context("the browser is closed")
    }

    /// The thing of this role and name, if it is shown at this moment.
    pub(crate) async fn now(&self, role: Role, name: &Name) -> Result<Option<WebElement>> {
        role::first(
            self.session()?.find_all(role::candidates(role)).await?,
            role,
            name,
        )
        .await
    }

    /// Asks until there is an answer. A failure says also what stands on the page.
    ///
    /// # Errors
    /// The attempt's own error; `what` when it takes too long.
    pub async fn until<T, F>(&self, what: String, attempt: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        match wait::until(&what, attempt).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                // A browser that does not answer any more must not hide what went wrong first.
                let path = self.path().await.unwrap_or_default();
                let text = self.text().await.unwrap_or_default();
                let log = self.log().await.unwrap_or_default().join("\n");
                let page = format!("at {path}, where the page reads: {text}\n{log}");
                Err(error.context(page))
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver's process group is killed right after this; asking it to quit first is in vain.
        if let Some(session) = self.session.take() {
            let _ = session.leak();
        }
    }
}
