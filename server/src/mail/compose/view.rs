//! How a token is told of: what identifies it, its instants, why, and where it is replaced.

use tenure_domain::{id::UserId, time::Timestamp, token_text::TextKind, why::why};

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

    pub(super) fn item(
        &self,
        token: &Token,
        (plan, policies): &(String, PlanPolicies),
        ends: Ends,
    ) -> Item {
        let labels = words::labels(self.language);
        let prefix = TextKind::from(token.facts.kind).prefix();
        let (label, at) = match ends {
            Ends::At(at) => (labels.expires, at),
            Ends::Ended(at) => (labels.expired, at),
        };
        let last_used = match token.facts.last_used_at {
            Some(at) => self.instant(labels.last_used, at),
            None => fact(labels.last_used, words::never_used(self.language)),
        };
        let facts = vec![
            self.instant(label, at),
            fact(labels.token, format!("{prefix}…{}", token.last_four)),
            fact(labels.plan, plan.clone()),
            self.instant(labels.created, token.facts.created_at),
            last_used,
        ];
        let why = why(&token.facts, &policies.history, self.now);
        let name = |id: &UserId| self.names.get(id).cloned().unwrap_or_default();
        let local = |at| self.local(at);
        Item {
            title: token.name.clone(),
            facts,
            why: Some(words::why::sentence(self.language, &why, &local, &name)),
            link: matches!(ends, Ends::At(_)).then(|| Link {
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
