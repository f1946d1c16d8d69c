//! An event as the API tells it.

use serde_json::Value;
use tenure_domain::{
    audit::Action,
    id::UserId,
    json::Json,
    period::Period,
    why::in_words,
    wire::{audit::AuditEvent, session::UserRef},
};

use crate::{cli::audit::hex, store::audit_log::Entry};

/// The event, with the names that people and things have now.
pub(super) fn view(entry: &Entry) -> AuditEvent {
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let actor = entry.actor_id.as_ref().map(|id| UserRef {
        id: UserId(id.clone()),
        name: entry.actor_name.clone().unwrap_or_else(|| id.clone()),
    });
    AuditEvent {
        id: hex(&entry.hash),
        at: entry.place().at,
        action: entry.action.clone(),
        sentence: sentence(entry, actor.as_ref(), &details),
        actor,
        address: entry.actor_address.clone(),
        target: entry.target.clone(),
        details: serde_json::from_value(details).unwrap_or(Json::Null),
    }
}

fn sentence(entry: &Entry, actor: Option<&UserRef>, details: &Value) -> String {
    let target = || {
        let name = entry.target_name.clone();
        let name = name.or_else(|| Some(details.get("name")?.as_str()?.to_owned()));
        name.or_else(|| entry.target.clone())
    };
    let part = |name: &str| match name {
        "actor" => actor.map(|actor| actor.name.clone()),
        "target" => target(),
        "change" => Some(change(details)),
        // A word of the log's own.
        "role" | "reason" | "rule" => details.get(name).map(|word| words(word).replace('_', " ")),
        name => details.get(name).map(words),
    };
    // A newer version of the server may have logged what this one does not know.
    Action::parse(&entry.action)
        .map_or_else(|| entry.action.clone(), |action| action.sentence(&part))
}

/// What a change of the policy changed.
fn change(details: &Value) -> String {
    let rules = [
        ("period", "from", "to"),
        ("unused tokens", "inactivity_from", "inactivity_to"),
    ];
    let changed = rules.into_iter().filter_map(|(rule, from, to)| {
        let (from, to) = (details.get(from)?, details.get(to)?);
        (from != to).then(|| format!("{rule} from {} to {}", words(from), words(to)))
    });
    changed.collect::<Vec<_>>().join(", ")
}

/// A value of the details in words.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "off".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let period = serde_json::from_value::<Period>(value.clone());
            let sum = || members.values().filter_map(Value::as_i64).sum::<i64>();
            period.map_or_else(|_| sum().to_string(), in_words)
        }
        // Tokens that ended, by the version that ended them.
        Value::Array(counts) => {
            let counts = counts
                .iter()
                .filter_map(|count| count.get("tokens")?.as_i64());
            counts.sum::<i64>().to_string()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_of_the_policy_names_the_rules_that_changed() {
        let month = json!({ "amount": 1, "unit": "months" });
        let both =
            json!({ "from": null, "to": month, "inactivity_from": month, "inactivity_to": null });
        assert_eq!(
            change(&both),
            "period from off to 1 month, unused tokens from 1 month to off"
        );
        let one =
            json!({ "from": month, "to": month, "inactivity_from": null, "inactivity_to": month });
        assert_eq!(change(&one), "unused tokens from off to 1 month");
    }

    #[test]
    fn values_are_told_in_words() {
        let table = [
            (json!(null), "off"),
            (json!("system_admin"), "system_admin"),
            (json!({ "amount": 90, "unit": "days" }), "90 days"),
            (json!({ "1": 4, "2": 3 }), "7"),
            (
                json!([{ "policy_version": 4, "tokens": 2 }, { "tokens": 1 }]),
                "3",
            ),
            (json!(4), "4"),
        ];
        for (value, expected) in table {
            assert_eq!(words(&value), expected);
        }
    }
}
