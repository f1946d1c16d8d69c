//! `/api/v1/plans/{plan}/auth-health`: what the verifier saw of a plan's tokens.

mod outcome;

use serde::{Deserialize, Serialize};

pub use self::outcome::{Class, Outcome};
use super::tokens::{ClientRef, Token};
use crate::{
    json::from_json,
    time::{DAY, HOUR, MINUTE, Timestamp},
};

/// How far back one looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Window {
    /// An hour, by minutes.
    #[serde(rename = "hour")]
    Hour,
    /// A day, by minutes.
    #[default]
    #[serde(rename = "day")]
    Day,
    /// Seven days, by hours.
    #[serde(rename = "week")]
    Week,
    /// 90 days, by hours.
    #[serde(rename = "90d")]
    NinetyDays,
}

from_json! {
    Window:
    "hour" => Hour,
    "day" => Day,
    "week" => Week,
    "90d" => NinetyDays,
}

impl Window {
    /// How long a step is, in milliseconds: a minute or an hour.
    #[must_use]
    pub const fn step(self) -> i64 {
        match self {
            Self::Hour | Self::Day => MINUTE,
            Self::Week | Self::NinetyDays => HOUR,
        }
    }

    /// How many steps it has; the last one is the one that `now` lies in.
    #[must_use]
    pub const fn steps(self) -> i64 {
        match self {
            Self::Hour => 60,
            Self::Day => 24 * 60,
            Self::Week => 7 * 24,
            Self::NinetyDays => 90 * 24,
        }
    }

    /// The first instant of the first step, and that after the last one.
    #[must_use]
    pub const fn span(self, now: Timestamp) -> [Timestamp; 2] {
        let now = now.as_millis();
        let end = now
            .saturating_sub(now.rem_euclid(self.step()))
            .saturating_add(self.step());
        let length = self.step().saturating_mul(self.steps());
        [
            Timestamp::from_millis(end.saturating_sub(length)),
            Timestamp::from_millis(end),
        ]
    }
}

/// How long refused calls are kept one by one, and counts by the minute: milliseconds.
pub const KEPT_BY_MINUTE: i64 = DAY;
/// How long everything else is kept that was seen: milliseconds.
pub const KEPT_BY_HOUR: i64 = 90 * DAY;

/// How often something was seen, by what it has in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calls {
    /// Calls that were let through.
    pub works: u64,
    /// 401.
    pub unauthorized: u64,
    /// 403.
    pub forbidden: u64,
    /// New pairs for refresh tokens.
    pub refreshed: u64,
    /// Refresh tokens for which there was no new pair.
    pub refresh_failed: u64,
}

from_json!(Calls {
    works,
    unauthorized,
    forbidden,
    refreshed,
    refresh_failed
});

impl Calls {
    /// Adds calls of this class.
    pub const fn add(&mut self, class: Class, calls: u64) {
        let count = match class {
            Class::Works => &mut self.works,
            Class::Unauthorized => &mut self.unauthorized,
            Class::Forbidden => &mut self.forbidden,
            Class::Refreshed => &mut self.refreshed,
            Class::RefreshFailed => &mut self.refresh_failed,
        };
        *count = count.saturating_add(calls);
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.works
            .saturating_add(self.unauthorized)
            .saturating_add(self.forbidden)
            .saturating_add(self.refreshed)
            .saturating_add(self.refresh_failed)
    }
}

/// A minute or an hour in which something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// Its first instant.
    pub at: Timestamp,
    /// What was seen in it.
    pub calls: Calls,
}

from_json!(Point { at, calls });

/// How often an outcome was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeCalls {
    /// The outcome.
    pub outcome: Outcome,
    /// What outcomes of several causes have in common.
    pub class: Class,
    /// How often.
    pub calls: u64,
}

from_json!(OutcomeCalls {
    outcome,
    class,
    calls
});

/// What was seen of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceCalls {
    /// What was called: host and first segment of the path, `client:` and the id of a resource server, `tenure`,
    /// `refresh`, `unnamed` where a proxy does not say, `other` for what is not told apart.
    pub resource: String,
    /// The resource server's name.
    pub name: Option<String>,
    /// How often.
    pub calls: Calls,
}

from_json!(ResourceCalls {
    resource,
    name,
    calls
});

/// What was seen of a client's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientCalls {
    /// The client; null for user access tokens, and for what is not told apart.
    pub client: Option<ClientRef>,
    /// How often.
    pub calls: Calls,
}

from_json!(ClientCalls { client, calls });

/// How often scopes were lacking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopeCalls {
    /// What the call needed; empty where only people may call, and for what is not told apart.
    pub scope: String,
    /// How often.
    pub calls: u64,
}

from_json!(ScopeCalls { scope, calls });

/// Calls with tokens that had so much of their lives behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgeCalls {
    /// Whole tenths, 0 to 9; 10 for tokens without an end.
    pub tenth: u16,
    /// How often.
    pub calls: u64,
}

from_json!(AgeCalls { tenth, calls });

/// A token behind what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenToken {
    /// The token as it stands now.
    pub token: Token,
    /// How often it was seen so.
    pub calls: u64,
    /// The first time.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
}

from_json!(SeenToken {
    token,
    calls,
    first_at,
    last_at
});

/// What the verifier saw of a plan's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthHealth {
    /// How far back.
    pub window: Window,
    /// From this instant on.
    pub from: Timestamp,
    /// Until before this one.
    pub to: Timestamp,
    /// Milliseconds from point to point: a minute or an hour.
    pub step: i64,
    /// Whether calls without a known token are among them: they are where there is no other plan whose they may be.
    pub unattributed: bool,
    /// The minutes or hours in which something was seen, in the order of time.
    pub points: Vec<Point>,
    /// By outcome, the most frequent first.
    pub outcomes: Vec<OutcomeCalls>,
    /// By resource, the most frequent first; 50 at most.
    pub resources: Vec<ResourceCalls>,
    /// By client, the most frequent first; 50 at most.
    pub clients: Vec<ClientCalls>,
    /// Lacking scopes, the most frequent first; 50 at most.
    pub scopes: Vec<ScopeCalls>,
    /// By age of the token, in the order of age. By the hour, and whatever is filtered for.
    pub ages: Vec<AgeCalls>,
    /// Dead tokens that were presented within the window, the latest first; 20 at most. They count from their
    /// death on, whatever is filtered for.
    pub dead: Vec<SeenToken>,
}

from_json! {
    AuthHealth {
        window, from, to, step, unattributed, points, outcomes, resources, clients, scopes, ages, dead,
    }
}

/// The tokens behind what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenTokens {
    /// From this instant on.
    pub from: Timestamp,
    /// Until before this one.
    pub to: Timestamp,
    /// Whether calls count by the UTC day: then a token is here that was seen so on a day of the span, at times that
    /// may lie around it. Else these are refused calls of the last day, which count to the instant as far as they are
    /// kept: they come first where a span of less than a day has both ends and names no outcome.
    pub by_day: bool,
    /// The tokens with the most calls first; 50 at most.
    pub tokens: Vec<SeenToken>,
}

from_json!(SeenTokens {
    from,
    to,
    by_day,
    tokens
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_with_the_step_that_it_is_now() {
        let now = Timestamp::from_millis(1_000 * DAY + 5 * HOUR + 7 * MINUTE + 3);
        for (window, steps, end) in [
            (Window::Hour, 60, 5 * HOUR + 8 * MINUTE),
            (Window::Day, 1_440, 5 * HOUR + 8 * MINUTE),
            (Window::Week, 168, 6 * HOUR),
            (Window::NinetyDays, 2_160, 6 * HOUR),
        ] {
            let [from, to] = window.span(now);
            assert_eq!(to, Timestamp::from_millis(1_000 * DAY + end));
            assert_eq!(to.millis_since(from), steps * window.step(), "{window:?}");
        }
    }
}
