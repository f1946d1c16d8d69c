//! Why a token stands as it does, in the reader's language. English is what the API and the console say.

use tenure_domain::{
    id::UserId,
    locale::Language::{self, De, En},
    policy::PolicyVersion,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenKind},
    why::{Case, Why},
};

use super::policy::{after, span};

/// The sentence. `instant` writes an instant, `name` says who somebody is.
pub(in crate::mail) fn sentence(
    language: Language,
    why: &Why,
    instant: &dyn Fn(Timestamp) -> String,
    name: &dyn Fn(&UserId) -> String,
) -> String {
    match language {
        En => why.sentence(instant, name),
        De => German { why, instant, name }.sentence(),
    }
}

/// The German sentence. It tells what the English one tells: the same instants, the same people.
struct German<'a> {
    why: &'a Why,
    instant: &'a dyn Fn(Timestamp) -> String,
    name: &'a dyn Fn(&UserId) -> String,
}

impl German<'_> {
    fn sentence(&self) -> String {
        let it = self.about_it();
        match self.why.suspicious_since() {
            None => format!("E{it}."),
            Some(since) => {
                let since = (self.instant)(since);
                format!("Jemand anders könnte es seit {since} benutzt haben; e{it}.")
            }
        }
    }

    /// The sentence after its first letter, without the stop at its end.
    fn about_it(&self) -> String {
        let instant = self.instant;
        let created = || instant(self.why.created_at());
        match self.why.case() {
            Case::Lasts => {
                "s funktioniert, bis es jemand widerruft: Die Ablaufregel ist aus".to_owned()
            }
            Case::UntilPeriodComes(at, policy) => {
                let (at, frist, version) = (instant(at), frist(policy), self.version(policy));
                let created = created();
                format!(
                    "s funktioniert bis {at}; dann tritt {frist} in Kraft {version}, und erzeugt wurde es am {created}"
                )
            }
            Case::UntilPeriodPasses(at, policy) => {
                let (at, version) = (instant(at), self.version(policy));
                format!("s funktioniert bis {at}, {}{version}", old(policy))
            }
            Case::UnlessUsed(at, policy) => {
                let (at, version) = (instant(at), self.version(policy));
                let unused = unused(policy);
                format!(
                    "s endet am {at}, wenn es bis dahin niemand benutzt: Token enden, die {unused} niemand benutzt {version}"
                )
            }
            Case::UntilLifetimePasses(at, lifetime) => {
                let (at, lifetime) = (instant(at), after(De, lifetime));
                format!(
                    "s funktioniert bis {at}: Der Server beendet OAuth-Zugriffstoken nach {lifetime}"
                )
            }
            Case::UntilRetired(at) => {
                let at = instant(at);
                format!("s funktioniert bis {at}, neben dem neueren Token, das es ersetzt hat")
            }
            Case::PeriodCame(at, policy) => {
                let (at, frist, version) = (instant(at), frist(policy), self.version(policy));
                let created = created();
                format!(
                    "s endete am {at}, als {frist} in Kraft trat {version}: Es wurde am {created} erzeugt"
                )
            }
            Case::PeriodPassed(at, policy) => {
                let (at, version) = (instant(at), self.version(policy));
                format!("s endete am {at}, {}{version}", old(policy))
            }
            Case::IdleLimitCame(at, policy) => {
                let (at, version) = (instant(at), self.version(policy));
                let idle = policy
                    .inactivity
                    .map(|idle| format!(" von {}", after(De, idle)));
                let idle = idle.unwrap_or_default();
                format!(
                    "s endete am {at}, als eine Frist{idle} ohne Benutzung in Kraft trat {version}"
                )
            }
            Case::WentUnused(at, policy) => {
                let (at, version) = (instant(at), self.version(policy));
                let unused = unused(policy);
                format!("s endete am {at}, als es {unused} niemand benutzt hatte {version}")
            }
            Case::LifetimePassed(at) => {
                let (at, created) = (instant(at), created());
                format!(
                    "s endete am {at}, als die Zeit abgelaufen war, die der Server OAuth-Zugriffstoken gibt: Es wurde am {created} erzeugt"
                )
            }
            Case::Revoked(revocation) => self.revoked(revocation),
        }
    }

    /// Which version, set by whom and when, and from when on if it is only scheduled; in brackets.
    fn version(&self, policy: &PolicyVersion) -> String {
        let number = policy.version;
        let set = policy.changed_by.as_ref().map(|by| {
            let (by, decided) = ((self.name)(by), (self.instant)(policy.decided_at));
            format!(", gesetzt von {by} am {decided}")
        });
        let scheduled = self.why.comes_at(policy);
        let scheduled = scheduled.map(|at| format!(", in Kraft ab {}", (self.instant)(at)));
        let (set, scheduled) = (set.unwrap_or_default(), scheduled.unwrap_or_default());
        format!("(Version {number} der Ablaufregel{set}{scheduled})")
    }

    fn revoked(&self, revocation: &Revocation) -> String {
        let at = (self.instant)(revocation.at);
        let by = revocation.by.as_ref().map(self.name);
        match (revocation.reason, self.why.kind()) {
            (RevocationReason::Owner, _) => by.map_or_else(
                || format!("s wurde am {at} von der Person widerrufen, der es gehört"),
                |by| format!("s wurde am {at} von {by} widerrufen, der Person, der es gehört"),
            ),
            (RevocationReason::Admin, _) => by.map_or_else(
                || format!("s wurde am {at} von einem System-Admin widerrufen"),
                |by| format!("s wurde am {at} von {by} (System-Admin) widerrufen"),
            ),
            (RevocationReason::Client, _) => format!(
                "s wurde am {at} widerrufen: Seine App gab es zurück oder ist nicht mehr registriert"
            ),
            (RevocationReason::Deactivation, _) => {
                let by = by.unwrap_or_else(|| "ein System-Admin".to_owned());
                format!(
                    "s wurde am {at} widerrufen: {by} hat die Person, der es gehört, im Plan deaktiviert"
                )
            }
            (RevocationReason::Rotation, TokenKind::UserAccess) => {
                format!("s wurde rotiert und endete am {at}: Ein neueres Token hat es ersetzt")
            }
            (RevocationReason::Rotation, TokenKind::OauthAccess) => {
                format!("s wurde am {at} von seiner App erneuert: Ein neueres Token hat es ersetzt")
            }
            (RevocationReason::Reuse, _) => format!(
                "s wurde am {at} widerrufen: Ein Geheimnis seiner App wurde zweimal benutzt; jemand anders könnte eine Kopie haben"
            ),
        }
    }
}

/// The period as something that comes into force.
fn frist(policy: &PolicyVersion) -> String {
    policy.period.map_or_else(
        || "eine Ablauffrist".to_owned(),
        |period| format!("eine Ablauffrist von {}", after(De, period)),
    )
}

/// What follows an instant: how long after the creation it is.
fn old(policy: &PolicyVersion) -> String {
    policy.period.map_or_else(String::new, |period| {
        format!("{} nach seiner Erzeugung ", span(De, period))
    })
}

fn unused(policy: &PolicyVersion) -> String {
    policy.inactivity.map_or_else(
        || "zu lange".to_owned(),
        |idle| format!("{} lang", span(De, idle)),
    )
}

#[cfg(test)]
mod tests {
    use tenure_domain::{
        policy::{AccessLifetime, History},
        token::TokenFacts,
        why::why,
    };

    use super::*;

    const NOW: &str = "2026-07-01T00:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Version 1 of May, and where `comes` says so, version 2 of July, which was decided in June.
    fn history(now: [Option<&str>; 2], comes: Option<[Option<&str>; 2]>) -> History {
        let initial = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
        let rules = |[period, inactivity]: [Option<&str>; 2]| {
            let parsed = |rule: Option<&str>| rule.map(|rule| rule.parse().unwrap());
            (parsed(period), parsed(inactivity))
        };
        let (period, inactivity) = rules(now);
        let version = PolicyVersion {
            version: 1,
            period,
            inactivity,
            in_force_since: at("2026-05-01T00:00:00Z"),
            decided_at: at("2026-05-01T00:00:00Z"),
            changed_by: Some(UserId("anna".to_owned())),
            ..initial.clone()
        };
        let next = comes.map(|comes| {
            let (period, inactivity) = rules(comes);
            PolicyVersion {
                version: 2,
                period,
                inactivity,
                in_force_since: at("2026-07-10T00:00:00Z"),
                decided_at: at("2026-06-25T00:00:00Z"),
                ..version.clone()
            }
        });
        let versions = [initial, version].into_iter().chain(next).collect();
        History::new(versions).unwrap()
    }

    fn token(kind: TokenKind, created: &str) -> TokenFacts {
        TokenFacts::created(kind, at(created))
    }

    fn of_case(case: Case<'_>) -> usize {
        match case {
            Case::Lasts => 0,
            Case::UntilPeriodComes(..) => 1,
            Case::UntilPeriodPasses(..) => 2,
            Case::UnlessUsed(..) => 3,
            Case::UntilLifetimePasses(..) => 4,
            Case::UntilRetired(_) => 5,
            Case::PeriodCame(..) => 6,
            Case::PeriodPassed(..) => 7,
            Case::IdleLimitCame(..) => 8,
            Case::WentUnused(..) => 9,
            Case::LifetimePassed(_) => 10,
            Case::Revoked(_) => 11,
        }
    }

    /// A token and a policy for every case, with its German sentence.
    fn cases() -> Vec<(TokenFacts, History, &'static str)> {
        use TokenKind::{OauthAccess, UserAccess};
        let off = || history([None, None], None);
        let month = || history([Some("30 days"), None], None);
        let idle = || history([None, Some("10 days")], None);
        let week = AccessLifetime {
            period: "7 days".parse().ok(),
            dead_before: Timestamp::MIN,
        };
        let june = |day: &str| token(UserAccess, &format!("2026-06-{day}T00:00:00Z"));
        let rotated = TokenFacts {
            retires_at: Some(at("2026-07-01T12:00:00Z")),
            ..june("20")
        };
        let suspicious = TokenFacts {
            suspicious_since: Some(at("2026-06-21T00:00:00Z")),
            ..june("20")
        };
        vec![
            (
                june("20"),
                off(),
                "Es funktioniert, bis es jemand widerruft: Die Ablaufregel ist aus.",
            ),
            (
                suspicious,
                off(),
                "Jemand anders könnte es seit 2026-06-21 benutzt haben; es funktioniert, bis es jemand widerruft: Die Ablaufregel ist aus.",
            ),
            (
                june("15"),
                history([Some("30 days"), None], Some([Some("20 days"), None])),
                "Es funktioniert bis 2026-07-10; dann tritt eine Ablauffrist von 20 Tagen in Kraft (Version 2 der Ablaufregel, gesetzt von Anna am 2026-06-25, in Kraft ab 2026-07-10), und erzeugt wurde es am 2026-06-15.",
            ),
            (
                june("20"),
                history([Some("1 months"), None], None),
                "Es funktioniert bis 2026-07-20, 1 Monat nach seiner Erzeugung (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01).",
            ),
            (
                june("30"),
                idle(),
                "Es endet am 2026-07-10, wenn es bis dahin niemand benutzt: Token enden, die 10 Tage lang niemand benutzt (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01).",
            ),
            (
                token(OauthAccess, "2026-06-30T00:00:00Z"),
                off().with_access_lifetime(week),
                "Es funktioniert bis 2026-07-07: Der Server beendet OAuth-Zugriffstoken nach 7 Tagen.",
            ),
            (
                rotated,
                off(),
                "Es funktioniert bis 2026-07-01, neben dem neueren Token, das es ersetzt hat.",
            ),
            (
                token(UserAccess, "2026-02-01T00:00:00Z"),
                month(),
                "Es endete am 2026-05-01, als eine Ablauffrist von 30 Tagen in Kraft trat (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01): Es wurde am 2026-02-01 erzeugt.",
            ),
            (
                token(UserAccess, "2026-05-20T00:00:00Z"),
                month(),
                "Es endete am 2026-06-19, 30 Tage nach seiner Erzeugung (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01).",
            ),
            (
                token(UserAccess, "2026-02-01T00:00:00Z"),
                idle(),
                "Es endete am 2026-05-01, als eine Frist von 10 Tagen ohne Benutzung in Kraft trat (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01).",
            ),
            (
                june("01"),
                idle(),
                "Es endete am 2026-06-11, als es 10 Tage lang niemand benutzt hatte (Version 1 der Ablaufregel, gesetzt von Anna am 2026-05-01).",
            ),
            (
                token(OauthAccess, "2026-06-01T00:00:00Z"),
                off().with_access_lifetime(week),
                "Es endete am 2026-06-08, als die Zeit abgelaufen war, die der Server OAuth-Zugriffstoken gibt: Es wurde am 2026-06-01 erzeugt.",
            ),
        ]
    }

    fn said(language: Language, why: &Why) -> String {
        let day = |at: Timestamp| at.to_string().chars().take(10).collect();
        sentence(language, why, &day, &|_| "Anna".to_owned())
    }

    /// Instants and names as they occur, whatever stands around them.
    fn told(sentence: &str) -> Vec<&str> {
        let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '-');
        let told = words.filter(|word| *word == "Anna" || word.starts_with("2026-"));
        let mut told: Vec<_> = told.collect();
        told.sort_unstable();
        told
    }

    #[test]
    fn german_has_every_case_and_tells_what_english_tells() {
        let mut seen = [false; 12];
        for (token, history, german) in cases() {
            let why = why(&token, &history, at(NOW));
            seen[of_case(why.case())] = true;
            assert_eq!(said(De, &why), german);
            let english = said(En, &why);
            assert_eq!(told(german), told(&english), "{german} {english}");
        }
        for reason in RevocationReason::ALL {
            for kind in [TokenKind::UserAccess, TokenKind::OauthAccess] {
                for by in [None, Some(UserId("anna".to_owned()))] {
                    let revoked = Some(Revocation {
                        at: at("2026-06-30T12:00:00Z"),
                        reason,
                        by,
                    });
                    let token = TokenFacts {
                        revoked,
                        ..token(kind, "2026-06-01T00:00:00Z")
                    };
                    let why = why(&token, &history([None, None], None), at(NOW));
                    seen[of_case(why.case())] = true;
                    let (german, english) = (said(De, &why), said(En, &why));
                    assert_eq!(told(&german), told(&english), "{german} {english}");
                }
            }
        }
        assert_eq!(seen, [true; 12], "a sentence of every case was read");
    }
}
