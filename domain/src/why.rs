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

/// What the sentence tells: one case each, the same in every language. Whoever words them matches all of
/// them, so that no language can lack one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case<'a> {
    /// It works until somebody ends it.
    Lasts,
    /// It works until this version comes into force, whose period is shorter than the token is old by then.
    UntilPeriodComes(Timestamp, &'a PolicyVersion),
    /// It works until the period of this version has passed.
    UntilPeriodPasses(Timestamp, &'a PolicyVersion),
    /// It stops if nobody uses it until then, by this version.
    UnlessUsed(Timestamp, &'a PolicyVersion),
    /// It works until the server's time for OAuth access tokens has passed.
    UntilLifetimePasses(Timestamp, Period),
    /// It works until its overlap with its successor ends.
    UntilRetired(Timestamp),
    /// It ended as this version came into force, whose period was shorter than the token was old.
    PeriodCame(Timestamp, &'a PolicyVersion),
    /// It ended when the period of this version had passed.
    PeriodPassed(Timestamp, &'a PolicyVersion),
    /// It ended as this version came into force, whose limit without use had passed already.
    IdleLimitCame(Timestamp, &'a PolicyVersion),
    /// It ended when nobody had used it for too long, by this version.
    WentUnused(Timestamp, &'a PolicyVersion),
    /// It ended when the server's time for OAuth access tokens had passed.
    LifetimePassed(Timestamp),
    /// Somebody, or what somebody did, revoked it.
    Revoked(&'a Revocation),
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

    /// What the sentence tells.
    #[must_use]
    pub fn case(&self) -> Case<'_> {
        match &self.standing {
            Standing::Lasts => Case::Lasts,
            Standing::Ends(at, cause) => match cause {
                Cause::Period(policy) if *at == policy.in_force_since => {
                    Case::UntilPeriodComes(*at, policy)
                }
                Cause::Period(policy) => Case::UntilPeriodPasses(*at, policy),
                Cause::Inactivity(policy) => Case::UnlessUsed(*at, policy),
                Cause::Lifetime(lifetime) => Case::UntilLifetimePasses(*at, *lifetime),
                Cause::Retirement => Case::UntilRetired(*at),
            },
            Standing::Ended(end) => match end {
                End::ExpiredByPeriod { at, policy } if *at == policy.in_force_since => {
                    Case::PeriodCame(*at, policy)
                }
                End::ExpiredByPeriod { at, policy } => Case::PeriodPassed(*at, policy),
                End::ExpiredByInactivity { at, policy } if *at == policy.in_force_since => {
                    Case::IdleLimitCame(*at, policy)
                }
                End::ExpiredByInactivity { at, policy } => Case::WentUnused(*at, policy),
                End::ExpiredByLifetime { at } => Case::LifetimePassed(*at),
                End::Revoked(revocation) => Case::Revoked(revocation),
            },
        }
    }

    /// What kind of token it is.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// When it was created.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Since when somebody else may have used it, where it works.
    #[must_use]
    pub fn suspicious_since(&self) -> Option<Timestamp> {
        let works = !matches!(self.standing, Standing::Ended(_));
        self.suspicious_since.filter(|_| works)
    }

    /// From when on a version is in force that is only scheduled.
    #[must_use]
    pub fn comes_at(&self, policy: &PolicyVersion) -> Option<Timestamp> {
        Some(policy.in_force_since).filter(|since| *since > self.asked_at)
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
        let works = match self.case() {
            Case::Lasts => "works until somebody revokes it: the expiration policy is off".into(),
            Case::UntilPeriodComes(at, policy) => {
                let (until, created) = (instant(at), instant(self.created_at));
                let (period, version) = (a_period(policy), self.version(policy, &words));
                format!(
                    "works until {until}, when {period} comes into force {version}: it was created on {created}"
                )
            }
            Case::UntilPeriodPasses(at, policy) => {
                let (until, version) = (instant(at), self.version(policy, &words));
                format!("works until {until}, {}{version}", after(policy.period))
            }
            Case::UnlessUsed(at, policy) => {
                let (until, version) = (instant(at), self.version(policy, &words));
                let unused = unused_for(policy);
                format!(
                    "stops on {until} unless somebody uses it before then: tokens end that nobody uses for {unused} {version}"
                )
            }
            Case::UntilLifetimePasses(at, lifetime) => {
                let (until, lifetime) = (instant(at), in_words(lifetime));
                format!(
                    "works until {until}: the server lets OAuth access tokens live for {lifetime}"
                )
            }
            Case::UntilRetired(at) => {
                let until = instant(at);
                format!("works until {until}, beside the newer token that took its place")
            }
            Case::PeriodCame(at, policy) => {
                let (at, created) = (instant(at), instant(self.created_at));
                let (period, version) = (a_period(policy), self.version(policy, &words));
                return format!(
                    "It expired on {at}, when {period} came into force {version}: it was created on {created}."
                );
            }
            Case::PeriodPassed(at, policy) => {
                let (at, version) = (instant(at), self.version(policy, &words));
                return format!("It expired on {at}, {}{version}.", after(policy.period));
            }
            Case::IdleLimitCame(at, policy) => {
                let (at, version) = (instant(at), self.version(policy, &words));
                let unused = unused_for(policy);
                return format!(
                    "It expired on {at}, when a limit of {unused} without use came into force {version}."
                );
            }
            Case::WentUnused(at, policy) => {
                let (at, version) = (instant(at), self.version(policy, &words));
                let unused = unused_for(policy);
                return format!(
                    "It expired on {at}, when nobody had used it for {unused} {version}."
                );
            }
            Case::LifetimePassed(at) => {
                let (at, created) = (instant(at), instant(self.created_at));
                return format!(
                    "It expired on {at}, when the server's lifetime for OAuth access tokens had passed: it was created on {created}."
                );
            }
            Case::Revoked(revocation) => return self.revoked(revocation, &words),
        };
        match self.suspicious_since() {
            None => format!("It {works}."),
            Some(since) => {
                let since = instant(since);
                format!("Somebody else may have used it since {since}; it {works}.")
            }
        }
    }

    /// Which version, set by whom and when, and from when on if it is only scheduled; in brackets.
    fn version(&self, policy: &PolicyVersion, words: &Words<'_>) -> String {
        let number = policy.version;
        let set = policy.changed_by.as_ref().map(|by| {
            let (by, decided) = ((words.name)(by), (words.instant)(policy.decided_at));
            format!(", set by {by} on {decided}")
        });
        let scheduled = self.comes_at(policy);
        let scheduled = scheduled.map(|at| format!(", in force from {}", (words.instant)(at)));
        let (set, scheduled) = (set.unwrap_or_default(), scheduled.unwrap_or_default());
        format!("(version {number} of the policy{set}{scheduled})")
    }

    fn revoked(&self, revocation: &Revocation, words: &Words<'_>) -> String {
        let at = (words.instant)(revocation.at);
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
