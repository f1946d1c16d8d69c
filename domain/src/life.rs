//! A token's life as it is told: what happened to it, in order, one sentence each.
//!
//! Who knows what happened gathers it; here is which changes of the policy moved a token's end, what each
//! thing is called, and in which order things of one instant are told. Deliberately not here: why a token
//! stands as it does ([`why`](crate::why)), what a rule saw ([`suspicion`](crate::suspicion)).

use serde::{Deserialize, Serialize};

use crate::{
    id::UserId,
    json::from_json,
    notice::{NoticeKind, NoticeState},
    period::Period,
    policy::{History, PolicyVersion},
    time::Timestamp,
    token::{Expiry, TokenFacts, TokenKind},
    why::in_words,
};

/// What sort of thing happened, in the order in which things of one instant are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LifeKind {
    /// It was generated.
    Created,
    /// A change of the policy moved its end.
    Policy,
    /// Somebody used it, as far as is known for the first time.
    FirstUsed,
    /// Somebody used it, as far as is known for the last time.
    LastUsed,
    /// It was told of in a mail.
    Notice,
    /// A newer token took its place.
    Rotated,
    /// A rule found its use suspicious.
    Suspected,
    /// A System Admin reviewed what was found.
    Reviewed,
    /// It stopped working.
    Ended,
}

from_json! {
    LifeKind:
    "created" => Created,
    "policy" => Policy,
    "first_used" => FirstUsed,
    "last_used" => LastUsed,
    "notice" => Notice,
    "rotated" => Rotated,
    "suspected" => Suspected,
    "reviewed" => Reviewed,
    "ended" => Ended,
}

/// Something that happened to a token. People come by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was generated.
    Created {
        /// Whose it is.
        owner: String,
        /// The app that got it in their name, if one did.
        app: Option<String>,
        /// The address that they called from, if that is known.
        from: Option<String>,
    },
    /// A change of the policy moved its end, as [`Move::sentence`] says.
    Moved(String),
    /// The first use that is known of.
    FirstUsed(Option<String>),
    /// The last use that is known of.
    LastUsed(Option<String>),
    /// A mail told of it.
    Noticed {
        /// What sort of mail.
        kind: NoticeKind,
        /// What became of it.
        state: NoticeState,
        /// Whose mail it is.
        to: String,
    },
    /// A newer token took its place; until when it worked beside that one, if it did.
    Rotated(Option<Timestamp>),
    /// A rule found something, and says so.
    Suspected(String),
    /// Somebody reviewed that.
    Reviewed(String),
    /// It ended, as [`why`](crate::why) says.
    Ended(String),
}

impl Happening {
    /// What sort of thing it is.
    #[must_use]
    pub const fn kind(&self) -> LifeKind {
        match self {
            Self::Created { .. } => LifeKind::Created,
            Self::Moved(_) => LifeKind::Policy,
            Self::FirstUsed(_) => LifeKind::FirstUsed,
            Self::LastUsed(_) => LifeKind::LastUsed,
            Self::Noticed { .. } => LifeKind::Notice,
            Self::Rotated(_) => LifeKind::Rotated,
            Self::Suspected(_) => LifeKind::Suspected,
            Self::Reviewed(_) => LifeKind::Reviewed,
            Self::Ended(_) => LifeKind::Ended,
        }
    }

    /// What happened, in one English sentence. `instant` writes an instant so that it can follow "until".
    #[must_use]
    pub fn sentence(&self, instant: &dyn Fn(Timestamp) -> String) -> String {
        let from = |from: &Option<String>| {
            from.as_ref()
                .map_or_else(String::new, |from| format!(" from {from}"))
        };
        match self {
            Self::Created {
                owner,
                app,
                from: address,
            } => match app {
                None => format!("{owner} generated it{}.", from(address)),
                Some(app) => format!(
                    "The app {app} got it in the name of {owner}{}.",
                    from(address)
                ),
            },
            Self::FirstUsed(address) => format!("It was first used{}.", from(address)),
            Self::LastUsed(address) => format!("It was last used{}.", from(address)),
            Self::Noticed { kind, state, to } => noticed(*kind, *state, to),
            Self::Rotated(None) => "A newer token took its place.".to_owned(),
            Self::Rotated(Some(until)) => {
                let until = instant(*until);
                format!("A newer token took its place; it works beside that one until {until}.")
            }
            Self::Reviewed(by) => format!("{by} reviewed what made it suspicious."),
            Self::Moved(sentence) | Self::Suspected(sentence) | Self::Ended(sentence) => {
                sentence.clone()
            }
        }
    }
}

fn noticed(kind: NoticeKind, state: NoticeState, to: &str) -> String {
    let what = match kind {
        NoticeKind::Expired => "that it had expired",
        _ => "that it would expire",
    };
    match state {
        NoticeState::Sent => format!("A mail told {to} {what}."),
        NoticeState::Queued => format!("A mail waits that tells {to} {what}."),
        NoticeState::Failed => format!("A mail that was to tell {to} {what} did not arrive."),
        NoticeState::Suppressed => {
            format!("A mail that was to tell {to} {what} had nothing left to tell.")
        }
    }
}

/// A change of the policy that moved a token's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move<'h> {
    /// The version that came into force.
    pub version: &'h PolicyVersion,
    /// When the token would have stopped working by age, had it not come.
    pub before: Expiry,
    /// When it stops working by age since.
    pub after: Expiry,
    /// The limit for tokens that nobody uses, if that changed.
    pub inactivity: Option<Option<Period>>,
}

/// The changes of the policy that had moved the token's end by `now`, in their order.
///
/// One that came before the token, or after its end, moved nothing. Where the limit for unused tokens changed,
/// the instants are not told: they depend on uses that nobody kept.
#[must_use]
pub fn moves<'h>(
    token: &TokenFacts,
    history: &'h History,
    ended_at: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Move<'h>> {
    let until = ended_at.unwrap_or(now).min(now);
    let lifetime = match token.kind {
        TokenKind::UserAccess => Expiry::Never,
        TokenKind::OauthAccess => Expiry::of(history.access_lifetime().period, token.created_at),
    };
    let by_age =
        |version: &PolicyVersion| Expiry::of(version.period, token.created_at).min(lifetime);
    let pairs = history.versions().zip(history.versions().skip(1));
    pairs
        .filter(|(_, next)| (token.created_at..=until).contains(&next.in_force_since))
        .map(|(last, next)| Move {
            version: next,
            before: by_age(last),
            after: by_age(next).max(Expiry::At(next.in_force_since)),
            inactivity: (last.inactivity != next.inactivity).then_some(next.inactivity),
        })
        .filter(|change| change.before != change.after || change.inactivity.is_some())
        .collect()
}

impl Move<'_> {
    /// The sentence. `instant` writes an instant so that it can follow "on"; `name` says who somebody is.
    #[must_use]
    pub fn sentence(
        &self,
        instant: &dyn Fn(Timestamp) -> String,
        name: &dyn Fn(&UserId) -> String,
    ) -> String {
        let by = self.version.changed_by.as_ref().map(name);
        let by = by.unwrap_or_else(|| "An operator".to_owned());
        let number = self.version.version;
        let mut sentence = format!("{by} changed the policy (version {number}): ");
        if self.before != self.after {
            let on = |end: Expiry| match end {
                Expiry::At(at) => format!("on {}", instant(at)),
                Expiry::Never => "never".to_owned(),
            };
            let (after, before) = (on(self.after), on(self.before));
            sentence.push_str(&format!("by its age it ends {after}, not {before}"));
        }
        if let Some(limit) = self.inactivity {
            if self.before != self.after {
                sentence.push_str("; ");
            }
            match limit {
                Some(limit) => {
                    let limit = in_words(limit);
                    sentence.push_str(&format!("it ends when nobody uses it for {limit}"));
                }
                None => sentence.push_str("it does not end for want of use any more"),
            }
        }
        sentence + "."
    }
}
