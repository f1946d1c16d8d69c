//! How a token is told of: what identifies it, its instants, why, and where it is replaced.

use tenure_domain::{id::UserId, time::Timestamp, token::Expiry, token_text::TextKind, why::why};

use super::Composer;
use crate::{
    links,
    mail::{
        dates,
        letter::{Fact, Item, Letter, Link},
        words,
    },
    store::{policies::PlanPolicies, tokens::Token},
};

/// Things that one section lists; of the others it is only said how many there are.
pub(super) const LISTED: usize = 50;

/// What a token's instant of expiry means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// It lies ahead.
    At(Timestamp),
    /// It has passed.
    Ended(Timestamp),
    /// There is none.
    Never,
}

/// A token that a mail lists.
pub(super) struct Told<'a> {
    pub(super) token: &'a Token,
    pub(super) policies: &'a PlanPolicies,
    pub(super) ends: Ends,
    /// When it would have ended without the change that the mail tells of.
    pub(super) before: Option<Expiry>,
    /// Its plan's name, where the mail does not say so of all.
    pub(super) plan: Option<&'a str>,
}

impl Composer<'_> {
    /// A mail that has everything but its matter.
    pub(super) fn frame(&self, subject: String) -> Letter {
        Letter {
            language: self.language,
            subject,
            greeting: words::greeting(self.language, &self.owner.name),
            footer: words::footer(self.language, self.public_url),
            ..Letter::default()
        }
    }

    /// Where one's tokens are.
    pub(super) fn see_tokens(&self) -> Link {
        Link {
            label: words::see_tokens(self.language),
            url: links::api_access(self.public_url),
        }
    }

    /// An instant as the reader's clock shows it.
    pub(super) fn local(&self, at: Timestamp) -> String {
        dates::local(self.language, &self.zone, at)
    }

    /// What there is to know of a token, and to do about it. When it was created is in the sentence where
    /// that matters.
    pub(super) fn item(&self, told: &Told<'_>) -> Item {
        let (labels, token) = (words::labels(self.language), told.token);
        let prefix = TextKind::from(token.facts.kind).prefix();
        let never = || fact(labels.expires, words::not_by_itself(self.language));
        let mut facts = vec![match told.ends {
            Ends::At(at) => self.instant(labels.expires, at),
            Ends::Ended(at) => self.instant(labels.expired, at),
            Ends::Never => never(),
        }];
        facts.extend(told.before.map(|before| Fact {
            label: labels.before,
            ..match before {
                Expiry::At(at) => fact(labels.before, self.local(at)),
                Expiry::Never => never(),
            }
        }));
        facts.push(fact(labels.token, format!("{prefix}…{}", token.last_four)));
        facts.extend(told.plan.map(|plan| fact(labels.plan, plan.to_owned())));
        let last_used = token.facts.last_used_at;
        let last_used =
            last_used.map_or_else(|| words::never_used(self.language), |at| self.local(at));
        facts.push(fact(labels.last_used, last_used));
        let why = why(&token.facts, &told.policies.history, self.now);
        let name = |id: &UserId| self.names.get(id).cloned().unwrap_or_default();
        let local = |at| self.local(at);
        Item {
            title: token.name.clone(),
            facts,
            why: Some(words::why::sentence(self.language, &why, &local, &name)),
            link: matches!(told.ends, Ends::At(_)).then(|| Link {
                label: words::replace(self.language),
                url: links::token(self.public_url, &token.id),
            }),
        }
    }

    fn instant(&self, label: &'static str, at: Timestamp) -> Fact {
        Fact {
            label,
            value: self.local(at),
            also: dates::utc(self.language, &self.zone, at),
        }
    }
}

pub(super) const fn fact(label: &'static str, value: String) -> Fact {
    Fact {
        label,
        value,
        also: None,
    }
}
