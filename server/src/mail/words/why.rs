//! Why a token stands as it does, in the reader's language. English is what the API and the console say.

use tenure_domain::{
    id::UserId,
    locale::Language::{self, De, En},
    policy::PolicyVersion,
    time::Timestamp,
    token::{End, RevocationReason},
    why::{Cause, Standing, Why},
};

use super::policy::after;

/// The sentence. `instant` writes an instant, `name` says who somebody is.
pub(in crate::mail) fn sentence(
    language: Language,
    why: &Why,
    instant: &dyn Fn(Timestamp) -> String,
    name: &dyn Fn(&UserId) -> String,
) -> String {
    match language {
        En => why.sentence(instant, name),
        De => german(why, instant, name),
    }
}

fn german(
    why: &Why,
    instant: &dyn Fn(Timestamp) -> String,
    name: &dyn Fn(&UserId) -> String,
) -> String {
    let version = |policy: &PolicyVersion| {
        let number = policy.version;
        let since = instant(policy.in_force_since);
        policy.changed_by.as_ref().map_or_else(
            || format!("(Version {number} der Ablaufregel)"),
            |by| {
                format!(
                    "(Version {number} der Ablaufregel, gesetzt von {}, gültig seit {since})",
                    name(by)
                )
            },
        )
    };
    match why.standing() {
        Standing::Lasts => {
            "Es funktioniert, bis es jemand widerruft: Die Ablaufregel ist aus.".to_owned()
        }
        Standing::Ends(at, Cause::Period(policy)) => {
            let (at, version) = (instant(*at), version(policy));
            match policy.period {
                Some(period) => format!(
                    "Es funktioniert bis {at}, nach {} ab seiner Erzeugung {version}.",
                    after(De, period)
                ),
                None => format!("Es funktioniert bis {at} {version}."),
            }
        }
        Standing::Ends(at, Cause::Inactivity(policy)) => {
            let (at, version) = (instant(*at), version(policy));
            let idle = policy.inactivity.map(|idle| after(De, idle));
            let idle = idle.unwrap_or_default();
            format!(
                "Es funktioniert bis {at}, wenn es bis dahin niemand benutzt: nach {idle} ohne Benutzung {version}."
            )
        }
        Standing::Ends(at, Cause::Lifetime(lifetime)) => format!(
            "Es funktioniert bis {}: Der Server beendet OAuth-Zugriffstoken nach {}.",
            instant(*at),
            after(De, *lifetime)
        ),
        Standing::Ends(at, Cause::Retirement) => format!(
            "Es funktioniert bis {}, neben dem neueren Token, das es ersetzt hat.",
            instant(*at)
        ),
        Standing::Ended(End::ExpiredByPeriod { at, policy }) => {
            let (told, version) = (instant(*at), version(policy));
            let period = policy
                .period
                .map_or_else(String::new, |period| format!(" nach {}", after(De, period)));
            if *at == policy.in_force_since {
                format!(
                    "Es endete am {told}, als die Ablaufregel in Kraft trat {version}: Da war es schon älter."
                )
            } else {
                format!("Es endete am {told},{period} ab seiner Erzeugung {version}.")
            }
        }
        Standing::Ended(End::ExpiredByInactivity { at, policy }) => {
            let (at, version) = (instant(*at), version(policy));
            let idle = policy.inactivity.map(|idle| after(De, idle));
            let idle = idle.unwrap_or_default();
            format!("Es endete am {at}, nach {idle} ohne Benutzung {version}.")
        }
        Standing::Ended(End::ExpiredByLifetime { at }) => format!(
            "Es endete am {}: So lange lässt der Server OAuth-Zugriffstoken leben.",
            instant(*at)
        ),
        Standing::Ended(End::Revoked(revocation)) => {
            let at = instant(revocation.at);
            let by = revocation.by.as_ref().map(name);
            let by = by.unwrap_or_else(|| "Jemand".to_owned());
            match revocation.reason {
                RevocationReason::Owner => format!("Sein Eigentümer hat es am {at} widerrufen."),
                RevocationReason::Admin => {
                    format!("{by} (System-Admin) hat es am {at} widerrufen.")
                }
                RevocationReason::Client => format!(
                    "Es wurde am {at} widerrufen: Seine App gab es zurück oder ist nicht mehr registriert."
                ),
                RevocationReason::Deactivation => format!(
                    "Es wurde am {at} widerrufen: {by} hat seinen Eigentümer im Plan deaktiviert."
                ),
                RevocationReason::Rotation => {
                    format!("Es endete am {at}: Ein neueres Token hat es ersetzt.")
                }
                RevocationReason::Reuse => format!(
                    "Es wurde am {at} widerrufen: Ein Geheimnis seiner App wurde zweimal benutzt; jemand \
                     anders könnte eine Kopie haben."
                ),
            }
        }
    }
}
