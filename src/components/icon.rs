//! Icons: one of the sprite's drawings (icons.svg, inlined into the page), never a word's only bearer.

use leptos::prelude::*;

macro_rules! symbols {
    ($($(#[$doc:meta])* $name:ident, $id:literal;)+) => {
        /// A drawing of the sprite.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Symbol {
            $($(#[$doc])* $name,)+
        }

        impl Symbol {
            /// Every drawing.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The reference to the drawing in the page.
            #[must_use]
            pub const fn reference(self) -> &'static str {
                match self { $(Self::$name => concat!("#icon-", $id),)+ }
            }
        }
    };
}

symbols! {
    /// Security.
    Shield, "shield";
    /// A token.
    Key, "key";
    /// A person.
    User, "user";
    /// The people of a plan.
    Users, "users";
    /// A mail.
    Mail, "mail";
    /// Looks something up.
    Search, "search";
    /// Time that runs out.
    Clock, "clock";
    /// All is well.
    Check, "check";
    /// Needs attention.
    Alert, "alert";
    /// Nothing happens.
    Minus, "minus";
    /// Away with it.
    Cross, "cross";
    /// Copies.
    Copy, "copy";
    /// The light theme.
    Sun, "sun";
    /// The dark theme.
    Moon, "moon";
    /// The system's theme.
    System, "system";
    /// The navigation.
    Menu, "menu";
    /// Leaves.
    SignOut, "sign-out";
    /// There is more below.
    Chevron, "chevron";
    /// Makes a new one.
    Plus, "plus";
    /// Worth knowing.
    Info, "info";
    /// No connection.
    Offline, "offline";
    /// Not to be changed.
    Lock, "lock";
    /// Ended by somebody.
    Revoke, "revoke";
    /// Once more.
    Retry, "retry";
    /// What was before.
    History, "history";
    /// How something is.
    Pulse, "pulse";
    /// An app.
    App, "app";
    /// Tenure itself.
    Brand, "brand";
}

/// An icon. Screen readers pass it by: the words beside it say the same.
#[component]
pub fn Icon(
    /// Which drawing.
    symbol: Symbol,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=symbol.reference()></use>
        </svg>
    }
}
