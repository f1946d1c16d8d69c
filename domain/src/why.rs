//! Why a token works until when it does, or works no more: one sentence, the same for programs, in the
//! console and in mails (R13).
//!
//! What decides is `token`; here it is only put into words. Deliberately not here: how an instant is
//! written and what people are called. Whoever asks knows the reader's zone, and the names.

use crate::{
    id::UserId,
    period::Period,
    policy::{History, PolicyVersion},
    time::Timestamp,
    token::{
        End, Expiry, Revocation, RevocationReason, TokenFacts, TokenKind, Verdict,
        effective_expiry, ruling, verdict,
    },
};

/// What there is to say of a token at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    kind: TokenKind,
    created_at: Timestamp,
    suspicious_since: Option<Timestamp>,
    asked_at: Timestamp,
    standing: Standing,
}

/// How a token stands, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works no more.
    Ended(End),
    /// It works, and stops at this instant.
    Ends(Timestamp, Cause),
    /// It works until somebody ends it.
    Lasts,
}

/// What ends a token that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The period of this version, which may not be in force yet.
    Period(PolicyVersion),
    /// Nobody uses it for too long: by this version, which may not be in force yet.
    Inactivity(PolicyVersion),
    /// The time that the server gives OAuth access tokens.
    Lifetime(Period),
    /// It was rotated, and its overlap ends.
    Retirement,
}

/// Why the token stands as it does at `now`.
#[must_use]
pub fn why(token: &TokenFacts, history: &History, now: Timestamp) -> Why {
    let standing = match verdict(token, history, now) {
        Verdict::Dead(end) => Standing::Ended(end),
        Verdict::Works(_) | Verdict::NotYet => ahead(token, history, now),
    };
    Why {
        kind: token.kind,
        created_at: token.created_at,
        suspicious_since: token.suspicious_since,
        asked_at: now,
        standing,
    }
}

/// What will end a token that works. Of several things that end it at once, the one that people decided.
fn ahead(token: &TokenFacts, history: &History, now: Timestamp) -> Standing {
    let Expiry::At(at) = effective_expiry(token, history, now) else {
        return Standing::Lasts;
    };
    let (policy, by_policy) = ruling(token, history, now);
    let by_period = Expiry::of(policy.period, token.created_at);
    let by_inactivity = Expiry::of(policy.inactivity, token.last_active_at());
    let cause = match history.access_lifetime().period {
        _ if token.retires_at == Some(at) => Cause::Retirement,
        Some(lifetime) if by_policy != Expiry::At(at) => Cause::Lifetime(lifetime),
        _ if by_period <= by_inactivity => Cause::Period(policy.clone()),
        _ => Cause::Inactivity(policy.clone()),
    };
    Standing::Ends(at, cause)
}

/// How the parts of a sentence are written for its reader.
struct Words<'a> {
    instant: &'a dyn Fn(Timestamp) -> String,
    name: &'a dyn Fn(&UserId) -> String,
}

impl Why {
    /// How the token stands, and by what.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The sentence. `instant` writes an instant so that it can follow "on" and "until"; `name` says who
    /// somebody is.
    #[must_use]
    pub fn sentence(
        &self,
        instant: &dyn Fn(Timestamp) -> String,
        name: &dyn Fn(&UserId) -> String,
    ) -> String {
        let words = Words { instant, name };
        let works = match &self.standing {
            Standing::Ended(end) => return self.ended(end, &words),
            Standing::Ends(at, cause) => self.ends(*at, cause, &words),
            Standing::Lasts => {
                "works until somebody revokes it: the expiration policy is off".into()
            }
        };
        match self.suspicious_since {
            None => format!("It {works}."),
            Some(since) => {
                let since = instant(since);
                format!("Somebody else may have used it since {since}; it {works}.")
            }
        }
    }

    /// What follows "It", of a token that works until `at`.
    fn ends(&self, at: Timestamp, cause: &Cause, words: &Words<'_>) -> String {
        let until = (words.instant)(at);
        match cause {
            Cause::Period(policy) if at == policy.in_force_since => {
                let created = (words.instant)(self.created_at);
                let (period, version) = (a_period(policy), self.version(policy, words));
                format!(
                    "works until {until}, when {period} comes into force {version}: it was created on {created}"
                )
            }
            Cause::Period(policy) => {
                let version = self.version(policy, words);
                format!("works until {until}, {}{version}", after(policy.period))
            }
            Cause::Inactivity(policy) => {
                let (unused, version) = (unused_for(policy), self.version(policy, words));
                format!(
                    "works until {until} unless it is used before: tokens end that nobody uses for {unused} {version}"
                )
            }
            Cause::Lifetime(lifetime) => {
                let lifetime = in_words(*lifetime);
                format!(
                    "works until {until}: the server lets OAuth access tokens live for {lifetime}"
                )
            }
            Cause::Retirement => {
                format!("works until {until}, beside the newer token that took its place")
            }
        }
    }

    fn ended(&self, end: &End, words: &Words<'_>) -> String {
        let at = (words.instant)(end.at());
        let created = || (words.instant)(self.created_at);
        match end {
            End::ExpiredByPeriod { policy, .. } if end.at() == policy.in_force_since => {
                let (period, version) = (a_period(policy), self.version(policy, words));
                let created = created();
                format!(
                    "It expired on {at}, when {period} came into force {version}: it was created on {created}."
                )
            }
            End::ExpiredByPeriod { policy, .. } => {
                let version = self.version(policy, words);
                format!("It expired on {at}, {}{version}.", after(policy.period))
            }
            End::ExpiredByInactivity { policy, .. } => {
                let (unused, version) = (unused_for(policy), self.version(policy, words));
                if end.at() == policy.in_force_since {
                    format!(
                        "It expired on {at}, when a limit of {unused} without use came into force {version}."
                    )
                } else {
                    format!("It expired on {at}, when nobody had used it for {unused} {version}.")
                }
            }
            End::ExpiredByLifetime { .. } => {
                let created = created();
                format!(
                    "It expired on {at}, when the server's lifetime for OAuth access tokens had passed: it was created on {created}."
                )
            }
            End::Revoked(revocation) => self.revoked(revocation, &at, words),
        }
    }

    /// Which version, set by whom and when, and from when on if it is only scheduled; in brackets.
    fn version(&self, policy: &PolicyVersion, words: &Words<'_>) -> String {
        let number = policy.version;
        let set = policy.changed_by.as_ref().map(|by| {
            let (by, decided) = ((words.name)(by), (words.instant)(policy.decided_at));
            format!(", set by {by} on {decided}")
        });
        let scheduled = (policy.in_force_since > self.asked_at)
            .then(|| format!(", in force from {}", (words.instant)(policy.in_force_since)));
        let (set, scheduled) = (set.unwrap_or_default(), scheduled.unwrap_or_default());
        format!("(version {number} of the policy{set}{scheduled})")
    }

    fn revoked(&self, revocation: &Revocation, at: &str, words: &Words<'_>) -> String {
        let by = revocation.by.as_ref().map(words.name);
        match (revocation.reason, self.kind) {
            (RevocationReason::Owner, _) => {
                let owner =
                    by.map_or_else(|| "Its owner".to_owned(), |by| format!("{by}, its owner,"));
                format!("{owner} revoked it on {at}.")
            }
            (RevocationReason::Admin, _) => {
                let admin = by.map_or_else(
                    || "A System Admin".to_owned(),
                    |by| format!("{by}, a System Admin,"),
                );
                format!("{admin} revoked it on {at}.")
            }
            (RevocationReason::Client, _) => {
                format!("It was revoked on {at}: its app gave it back, or is no longer registered.")
            }
            (RevocationReason::Deactivation, _) => {
                let admin = by.unwrap_or_else(|| "a System Admin".to_owned());
                format!("It was revoked on {at}: {admin} deactivated its owner in the plan.")
            }
            (RevocationReason::Rotation, TokenKind::UserAccess) => {
                format!(
                    "It was rotated, and stopped working on {at}: a newer token took its place."
                )
            }
            (RevocationReason::Rotation, TokenKind::OauthAccess) => {
                format!("Its app refreshed it on {at}: a newer token took its place.")
            }
            (RevocationReason::Reuse, _) => format!(
                "It was revoked on {at}: one of its app's secrets was used twice, so somebody else may have a copy."
            ),
        }
    }
}

/// What follows an instant: how long after the creation it is.
fn after(period: Option<Period>) -> String {
    period.map_or_else(String::new, |period| {
        format!("{} after it was created ", in_words(period))
    })
}

fn a_period(policy: &PolicyVersion) -> String {
    policy.period.map_or_else(
        || "an expiration period".to_owned(),
        |period| format!("a period of {}", in_words(period)),
    )
}

fn unused_for(policy: &PolicyVersion) -> String {
    policy
        .inactivity
        .map_or_else(|| "too long".to_owned(), in_words)
}

/// A period in words: `90 days`, `1 year`.
#[must_use]
pub fn in_words(period: Period) -> String {
    let words = period.to_string();
    match words.strip_suffix('s') {
        Some(one) if period.amount() == 1 => one.to_owned(),
        _ => words,
    }
}
