//! Every page's address. Links are made of [`Route`] values, so a wrong one does not compile.
//!
//! Deliberately not here: which page stands behind a route (`app`), and what a query string means
//! to a page, which that page reads itself.

use tenure_domain::id::{ClientId, PlanId, TokenId};

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: leads on to the page that serves the person best.
    Home,
    /// `/sign-in`
    SignIn,
    /// `/setup`: the first System Admin of an empty server; the link's secret is in the fragment.
    Setup,
    /// `/invitation`: what somebody was invited to by mail; the link's secret is in the fragment.
    Invitation,
    /// `/authorize`: an app asks to act in the person's name; its request is in the query.
    Authorize,
    /// `/plans/{plan}/security-control`
    SecurityControl(PlanId),
    /// `/plans/{plan}/security-control/history`: every version of the policy.
    PolicyHistory(PlanId),
    /// `/plans/{plan}/tokens`; what of them, and in which order, is in the query.
    Tokens(PlanId),
    /// `/plans/{plan}/tokens/{token}`: a token's own page.
    Token(PlanId, TokenId),
    /// `/plans/{plan}/users`
    Users(PlanId),
    /// `/plans/{plan}/notices`
    Notices(PlanId),
    /// `/plans/{plan}/auth-health`; what of it is in the query.
    AuthHealth(PlanId),
    /// `/plans/{plan}/audit-log`; what of it is in the query.
    AuditLog(PlanId),
    /// `/plans/{plan}/check`
    CheckToken(PlanId),
    /// `/plans/{plan}/oauth-clients`
    OauthClients(PlanId),
    /// `/plans/{plan}/oauth-clients/{client}`: the tokens that a client got.
    OauthClient(PlanId, ClientId),
    /// `/settings/profile`
    Profile,
    /// `/settings/api-access`
    ApiAccess,
    /// `/settings/connected-apps`
    ConnectedApps,
}

impl Route {
    /// The page at `path`, the part of a URL before `?` and `#`. None when there is no such page.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let route = match (parts.next()?, parts.next(), parts.next()) {
            ("", None, _) => Self::Home,
            ("sign-in", None, _) => Self::SignIn,
            ("setup", None, _) => Self::Setup,
            ("invitation", None, _) => Self::Invitation,
            ("authorize", None, _) => Self::Authorize,
            ("settings", Some("profile"), None) => Self::Profile,
            ("settings", Some("api-access"), None) => Self::ApiAccess,
            ("settings", Some("connected-apps"), None) => Self::ConnectedApps,
            ("plans", Some(plan), Some("security-control")) if !plan.is_empty() => {
                let plan = PlanId(unescape(plan));
                match parts.next() {
                    None => Self::SecurityControl(plan),
                    Some("history") => Self::PolicyHistory(plan),
                    Some(_) => return None,
                }
            }
            ("plans", Some(plan), Some("tokens")) if !plan.is_empty() => {
                let plan = PlanId(unescape(plan));
                match parts.next() {
                    None => Self::Tokens(plan),
                    Some("") => return None,
                    Some(token) => Self::Token(plan, TokenId(unescape(token))),
                }
            }
            ("plans", Some(plan), Some("users")) if !plan.is_empty() => {
                Self::Users(PlanId(unescape(plan)))
            }
            ("plans", Some(plan), Some("notices")) if !plan.is_empty() => {
                Self::Notices(PlanId(unescape(plan)))
            }
            ("plans", Some(plan), Some("auth-health")) if !plan.is_empty() => {
                Self::AuthHealth(PlanId(unescape(plan)))
            }
            ("plans", Some(plan), Some("audit-log")) if !plan.is_empty() => {
                Self::AuditLog(PlanId(unescape(plan)))
            }
            ("plans", Some(plan), Some("check")) if !plan.is_empty() => {
                Self::CheckToken(PlanId(unescape(plan)))
            }
            ("plans", Some(plan), Some("oauth-clients")) if !plan.is_empty() => {
                let plan = PlanId(unescape(plan));
                match parts.next() {
                    None => Self::OauthClients(plan),
                    Some("") => return None,
                    Some(client) => Self::OauthClient(plan, ClientId(unescape(client))),
                }
            }
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }

    /// The page's path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Setup => "/setup".to_owned(),
            Self::Invitation => "/invitation".to_owned(),
            Self::Authorize => "/authorize".to_owned(),
            Self::SecurityControl(plan) => {
                format!("/plans/{}/security-control", escape(plan.as_str()))
            }
            Self::PolicyHistory(plan) => {
                format!("/plans/{}/security-control/history", escape(plan.as_str()))
            }
            Self::Tokens(plan) => format!("/plans/{}/tokens", escape(plan.as_str())),
            Self::Token(plan, token) => format!(
                "/plans/{}/tokens/{}",
                escape(plan.as_str()),
                escape(token.as_str())
            ),
            Self::Users(plan) => format!("/plans/{}/users", escape(plan.as_str())),
            Self::Notices(plan) => format!("/plans/{}/notices", escape(plan.as_str())),
            Self::AuthHealth(plan) => format!("/plans/{}/auth-health", escape(plan.as_str())),
            Self::AuditLog(plan) => format!("/plans/{}/audit-log", escape(plan.as_str())),
            Self::CheckToken(plan) => format!("/plans/{}/check", escape(plan.as_str())),
            Self::OauthClients(plan) => format!("/plans/{}/oauth-clients", escape(plan.as_str())),
            Self::OauthClient(plan, client) => format!(
                "/plans/{}/oauth-clients/{}",
                escape(plan.as_str()),
                escape(client.as_str())
            ),
            Self::Profile => "/settings/profile".to_owned(),
            Self::ApiAccess => "/settings/api-access".to_owned(),
            Self::ConnectedApps => "/settings/connected-apps".to_owned(),
        }
    }

    /// The plan that the page belongs to, where it belongs to one.
    #[must_use]
    pub const fn plan(&self) -> Option<&PlanId> {
        match self {
            Self::SecurityControl(plan)
            | Self::PolicyHistory(plan)
            | Self::OauthClients(plan)
            | Self::OauthClient(plan, _)
            | Self::Tokens(plan)
            | Self::Token(plan, _)
            | Self::Users(plan)
            | Self::Notices(plan)
            | Self::AuthHealth(plan)
            | Self::AuditLog(plan)
            | Self::CheckToken(plan) => Some(plan),
            Self::Home
            | Self::SignIn
            | Self::Setup
            | Self::Invitation
            | Self::Authorize
            | Self::Profile
            | Self::ApiAccess
            | Self::ConnectedApps => None,
        }
    }

    /// The page to look at in `plan`, coming from this one: the same, if there is one of each plan.
    /// Somebody who is no System Admin there sees only what is for everybody.
    #[must_use]
    pub fn in_plan(&self, plan: PlanId, administers: bool) -> Option<Self> {
        match self {
            Self::CheckToken(_) => Some(Self::CheckToken(plan)),
            Self::Tokens(_) if administers => Some(Self::Tokens(plan)),
            Self::Users(_) if administers => Some(Self::Users(plan)),
            Self::Notices(_) if administers => Some(Self::Notices(plan)),
            Self::AuthHealth(_) if administers => Some(Self::AuthHealth(plan)),
            Self::AuditLog(_) if administers => Some(Self::AuditLog(plan)),
            Self::OauthClients(_) | Self::OauthClient(..) if administers => {
                Some(Self::OauthClients(plan))
            }
            Self::PolicyHistory(_) if administers => Some(Self::PolicyHistory(plan)),
            _ if administers => Some(Self::SecurityControl(plan)),
            Self::SecurityControl(_)
            | Self::PolicyHistory(_)
            | Self::OauthClients(_)
            | Self::OauthClient(..)
            | Self::Token(..)
            | Self::AuthHealth(_)
            | Self::AuditLog(_)
            | Self::Tokens(_)
            | Self::Users(_)
            | Self::Notices(_) => Some(Self::ApiAccess),
            _ => None,
        }
    }

    /// The sign-in page that leads on to `next`: a path with its query and fragment.
    #[must_use]
    pub fn sign_in_then(next: &str) -> String {
        format!("/sign-in?next={}", escape(next))
    }
}

/// Where to go after signing in: `next` when it is a page of this console, or else home.
///
/// Anything that a browser could read as another site's address is no page of this console.
#[must_use]
pub fn after_sign_in(next: Option<&str>) -> String {
    let leads_here = |next: &&str| {
        let path = next.split(['?', '#']).next().unwrap_or_default();
        let backslash = next.contains('\\');
        !backslash
            && !matches!(
                Route::parse(path),
                None | Some(Route::SignIn | Route::Setup)
            )
    };
    next.filter(leads_here)
        .map_or_else(|| Route::Home.path(), ToOwned::to_owned)
}

/// A text as one part of a path or a query (`encodeURIComponent`).
#[must_use]
pub fn escape(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

/// The text that [`escape`] made such a part of. A part that nobody can have made so stays as it is.
fn unescape(part: &str) -> String {
    js_sys::decode_uri_component(part).map_or_else(|_| part.to_owned(), Into::into)
}
