//! What the browser looks like to the page: width, theme, motion, permissions. And its picture.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::Browser;

/// Light or dark, as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme's name in CSS.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A window's width in CSS pixels, and the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// What the system prefers.
    pub theme: Theme,
}

impl View {
    /// A desk's window.
    pub const WIDE: Self = Self {
        width: 1280,
        height: 900,
        theme: Theme::Light,
    };
    /// The narrowest that WCAG 2.2 asks for (1.4.10).
    pub const NARROW: Self = Self {
        width: 320,
        height: 640,
        theme: Theme::Light,
    };

    /// Both widths in both themes.
    pub const ALL: [Self; 4] = [
        Self::WIDE,
        Self::WIDE.dark(),
        Self::NARROW,
        Self::NARROW.dark(),
    ];

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self {
            theme: Theme::Dark,
            ..self
        }
    }

    /// The view in a word, for files and messages.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}-{}", self.width, self.theme.as_str())
    }
}

impl Browser {
    /// Shows the page in this view.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn look(&self, view: View) -> Result<()> {
        let View {
            width,
            height,
            theme,
        } = view;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        let features =
            json!({ "features": [{ "name": "prefers-color-scheme", "value": theme.as_str() }] });
        self.devtools("Emulation.setEmulatedMedia", features)
            .await?;
        Ok(())
    }

    /// Sets the zone that the page's dates are shown in, such as `Europe/Berlin`.
    ///
    /// # Errors
    /// When the browser does not know it.
    pub async fn live_in(&self, zone: &str) -> Result<()> {
        self.devtools(
            "Emulation.setTimezoneOverride",
            json!({ "timezoneId": zone }),
        )
        .await?;
        Ok(())
    }

    /// Keeps news of changes elsewhere from the pages that are loaded from now on, as a proxy does that lets no
    /// stream of events through. The browser's log has `/api/v1/events` for it.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn hears_no_news(&self) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        self.devtools(
            "Network.setBlockedURLs",
            json!({ "urls": ["*/api/v1/events*"] }),
        )
        .await?;
        Ok(())
    }

    /// Lets the page read and write the clipboard, as a person does who is asked.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn allow_clipboard(&self) -> Result<()> {
        let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
        let wanted = json!({ "origin": self.origin, "permissions": permissions });
        self.devtools("Browser.grantPermissions", wanted).await?;
        Ok(())
    }

    /// What is on the clipboard.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn clipboard(&self) -> Result<String> {
        const READ: &str = "const done = arguments[0];
            navigator.clipboard.readText().then(done, error => done(`unreadable: ${error}`))";
        self.slow_script(READ, vec![]).await
    }

    /// Writes a picture as PNG: of the window where a dialog is open, else of the whole page, also of
    /// what is below the window. Scroll bars are gone from then on.
    ///
    /// # Errors
    /// When the browser does not answer or the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        const SIZE: &str = "const inner = document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight;
            return [window.innerWidth, Math.ceil(Math.max(window.innerHeight, inner))]";
        self.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }))
            .await?;
        let (width, height): (u32, u32) = self.script(SIZE, vec![]).await?;
        let whole =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", whole)
            .await?;
        self.still().await?;
        let png = self.session()?.screenshot_as_png().await?;
        std::fs::write(file, png).with_context(|| format!("{} cannot be written", file.display()))
    }

    /// Waits until nothing moves any more and the fonts are there.
    pub(super) async fn still(&self) -> Result<()> {
        const STILL: &str = "const done = arguments[0];
            const finite = document.getAnimations().filter(a => a.effect.getComputedTiming().iterations !== Infinity);
            Promise.allSettled([document.fonts.ready, ...finite.map(a => a.finished)])
                .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.slow_script::<bool>(STILL, vec![]).await?;
        Ok(())
    }
}
