//! Light, dark, or as the system says; kept in the browser's storage, where nothing secret ever is.

use leptos::prelude::*;

/// The key in the browser's storage; theme.js reads it before the first paint.
const KEY: &str = "tenure-theme";

/// Which theme a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The theme's name in the storage and in the page's `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// The theme in use. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct ThemeState(RwSignal<Theme>);

impl ThemeState {
    /// The theme that was chosen before, or the system's.
    #[must_use]
    pub fn remembered() -> Self {
        let name = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let theme = name.and_then(|name| Theme::named(&name));
        Self(RwSignal::new(theme.unwrap_or_default()))
    }

    /// The theme in use. Tracked.
    #[must_use]
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Uses a theme from now on, and remembers it.
    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        let root = document().document_element();
        match (theme, root) {
            (Theme::System, Some(root)) => drop(root.remove_attribute("data-theme")),
            (theme, Some(root)) => drop(root.set_attribute("data-theme", theme.as_str())),
            (_, None) => {}
        }
        // A browser that keeps nothing (private windows, blocked storage) only forgets the choice.
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, theme.as_str());
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
