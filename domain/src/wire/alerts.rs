//! `/api/v1/plans/{plan}/alerts`, `…/alert-rules` and `…/webhook`: what wants a person's attention, from how much
//! on, and the program that hears of it.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    alert::{AlertKind, Rule, RuleError},
    id::AlertId,
    json::from_json,
    problem::FieldError,
    time::Timestamp,
};

/// An alert, raised or over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// The alert's id.
    pub id: AlertId,
    /// Which rule raised it.
    pub kind: AlertKind,
    /// What was seen when it was raised, in one sentence.
    pub sentence: String,
    /// What the rule had counted.
    pub count: u64,
    /// From how much on it raised an alert.
    pub threshold: u32,
    /// Within how many minutes.
    pub minutes: u32,
    /// The client that most of it concerned, where refreshing fails.
    pub client_id: Option<String>,
    /// What most of it wanted to reach, where calls are refused or lack a scope.
    pub resource: Option<String>,
    /// When it was raised.
    pub fired_at: Timestamp,
    /// When it was taken back; null while it is raised.
    pub cleared_at: Option<Timestamp>,
}

from_json!(Alert {
    id,
    kind,
    sentence,
    count,
    threshold,
    minutes,
    client_id,
    resource,
    fired_at,
    cleared_at
});

/// A rule of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertRule {
    /// What it counts.
    pub kind: AlertKind,
    /// From how much on it raises an alert.
    pub threshold: u32,
    /// Within how many minutes.
    pub minutes: u32,
    /// Whether it raises one at all.
    pub on: bool,
}

from_json!(AlertRule {
    kind,
    threshold,
    minutes,
    on
});

impl AlertRule {
    /// The rule of this kind as it travels.
    #[must_use]
    pub const fn of(kind: AlertKind, rule: Rule) -> Self {
        Self {
            kind,
            threshold: rule.threshold,
            minutes: rule.minutes,
            on: rule.on,
        }
    }

    /// The entity tag of what it says (RFC 9110, section 8.8.3).
    #[must_use]
    pub fn etag(&self) -> String {
        let on = if self.on { "on" } else { "off" };
        format!("\"{}-{}-{on}\"", self.threshold, self.minutes)
    }
}

/// Every rule of a plan, the most urgent first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertRules {
    /// One of each kind.
    pub items: Vec<AlertRule>,
}

from_json!(AlertRules { items });

/// Sets a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutAlertRule {
    /// From how much on it raises an alert: 1 to 1 000 000.
    pub threshold: u32,
    /// Within how many minutes: 1 to 1440.
    pub minutes: u32,
    /// Whether it raises one at all.
    pub on: bool,
}

impl PutAlertRule {
    /// The rule.
    ///
    /// # Errors
    /// Every value that is out of its bounds, with its pointer.
    pub fn parse(self) -> Result<Rule, Vec<FieldError>> {
        Rule::new(self.threshold, self.minutes, self.on)
            .map_err(|errors| errors.into_iter().map(RuleError::field).collect())
    }
}

/// Where a plan's alerts are posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// The address; null while there is none.
    pub url: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// What became of the latest post, if there was one.
    pub latest: Option<WebhookDelivery>,
}

from_json!(Webhook { url, since, latest });

impl Webhook {
    /// The entity tag of what was set, whatever became of the posts.
    #[must_use]
    pub fn etag(&self) -> String {
        webhook_etag(self.since)
    }
}

/// The entity tag of a webhook that was set then; of none where there is none.
fn webhook_etag(since: Option<Timestamp>) -> String {
    match since {
        Some(since) => format!("\"{}\"", since.as_millis()),
        None => "\"none\"".to_owned(),
    }
}

/// What became of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// When it was decided.
    pub at: Timestamp,
    /// Whether it was taken; null while it is tried.
    pub taken: Option<bool>,
    /// Why it was not, the last time.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
}

from_json!(WebhookDelivery {
    at,
    taken,
    reason,
    attempts
});

/// Sets where alerts are posted, with a new secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutWebhook {
    /// An `https` address.
    pub url: String,
}

/// The webhook with its secret, for this one time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWebhook {
    /// The address.
    pub url: String,
    /// With this the receiver checks the signature: `whsec_` and base64, as in Standard Webhooks.
    pub secret: String,
    /// Since when.
    pub since: Timestamp,
}

from_json!(NewWebhook { url, secret, since });

impl NewWebhook {
    /// The entity tag of what was set.
    #[must_use]
    pub fn etag(&self) -> String {
        webhook_etag(Some(self.since))
    }
}

impl fmt::Debug for NewWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewWebhook { .. }")
    }
}

/// What is posted, signed as Standard Webhooks has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: WebhookEventKind,
    /// When.
    pub timestamp: Timestamp,
    /// The plan's id.
    pub plan: String,
    /// The alert; null in a test.
    pub data: Option<Alert>,
}

/// What a post tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WebhookEventKind {
    /// An alert was raised.
    #[serde(rename = "alert.fired")]
    Fired,
    /// It was taken back.
    #[serde(rename = "alert.cleared")]
    Cleared,
    /// A System Admin wanted to see whether posts arrive.
    #[serde(rename = "webhook.test")]
    Test,
}
