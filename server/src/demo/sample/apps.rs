//! The sample apps of Acme: what they are, who allowed them what, and how they kept what they got.

use tenure_domain::{
    time::{DAY, HOUR, MINUTE},
    wire::clients::AuthMethod,
};

use super::{ADA, MIRA, SAM};

/// The scopes that Acme has defined, each with the sentence of its consent page.
pub(in crate::demo) const SCOPES: [(&str, &str); 3] = [
    ("orders:read", "See the orders of your company"),
    ("orders:write", "Place and change orders in your name"),
    ("reports:read", "Read your team's reports"),
];

/// A sample OAuth client of Acme.
pub(in crate::demo) struct App {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) redirect_uri: Option<&'static str>,
    pub(in crate::demo) method: AuthMethod,
    pub(in crate::demo) scope: &'static str,
}

pub(in crate::demo) static APPS: &[App] = &[
    App {
        name: "Order portal",
        redirect_uri: Some("https://orders.acme.example/callback"),
        method: AuthMethod::ClientSecretBasic,
        scope: "orders:read orders:write",
    },
    App {
        name: "Field app",
        redirect_uri: Some("http://127.0.0.1/callback"),
        method: AuthMethod::None,
        scope: "orders:read tokens:read",
    },
    App {
        name: "Report robot",
        redirect_uri: Some("https://robot.acme.example/callback"),
        method: AuthMethod::ClientSecretPost,
        scope: "reports:read",
    },
    // It asks whether tokens are good, and sends nobody anywhere.
    App {
        name: "Orders API",
        redirect_uri: None,
        method: AuthMethod::ClientSecretBasic,
        scope: "",
    },
];

/// Who allowed which app what, and when it renewed its tokens last; times are milliseconds before now.
pub(in crate::demo) struct Allowed {
    pub(in crate::demo) by: &'static str,
    pub(in crate::demo) app: &'static App,
    pub(in crate::demo) scope: &'static str,
    pub(in crate::demo) ago: i64,
    pub(in crate::demo) renewed: &'static [i64],
    pub(in crate::demo) used: Option<i64>,
    /// When a copy of an old refresh token turned up.
    pub(in crate::demo) replayed: Option<i64>,
    /// When the app, which was not told that its access had ended, tried to renew it again and again.
    pub(in crate::demo) fails: Option<i64>,
}

pub(in crate::demo) static ALLOWED: &[Allowed] = &[
    Allowed {
        by: MIRA,
        app: &APPS[0],
        scope: "orders:read orders:write",
        ago: 41 * DAY,
        renewed: &[34 * DAY, 27 * DAY, 9 * DAY, 3 * DAY, 20 * HOUR],
        used: Some(9 * MINUTE),
        replayed: None,
        fails: None,
    },
    Allowed {
        by: MIRA,
        app: &APPS[1],
        scope: "orders:read",
        ago: 12 * DAY,
        renewed: &[6 * DAY + 22 * HOUR],
        used: Some(5 * DAY),
        replayed: None,
        fails: None,
    },
    Allowed {
        by: MIRA,
        app: &APPS[2],
        scope: "reports:read",
        ago: 25 * DAY,
        renewed: &[19 * DAY, 18 * DAY],
        used: Some(18 * DAY - HOUR),
        replayed: Some(17 * DAY),
        fails: Some(9 * HOUR),
    },
    Allowed {
        by: ADA,
        app: &APPS[0],
        scope: "orders:read",
        ago: 4 * DAY,
        renewed: &[],
        used: Some(2 * HOUR),
        replayed: None,
        fails: None,
    },
    Allowed {
        by: SAM,
        app: &APPS[1],
        scope: "orders:read tokens:read",
        ago: 30 * DAY,
        renewed: &[],
        used: Some(24 * DAY),
        replayed: None,
        fails: None,
    },
];

/// How long ago Acme's first scopes were defined and its first apps registered.
pub(in crate::demo) const APPS_SETTLED: i64 = 60 * DAY;
