//! What somebody else ended, and whom no mail reaches.

use tenure_domain::wire::notices::Notice;

use super::{
    Composed, Composer,
    view::{LISTED, fact},
};
use crate::{
    links,
    mail::{
        letter::{Item, Link, Section},
        words,
    },
    ops::notices::Ended,
    store::{
        StoreError,
        notices::{self, ledger, outbox::Leased},
        tokens,
    },
};

/// Failed notices of a plan that are looked at for one mail.
const FAILURES: i64 = 1_000;

impl Composer<'_> {
    pub(super) async fn revoked(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let ended: Ended = Self::details(notice)?;
        let by = match &ended.by {
            Some(by) => Some(self.name(by).await?),
            None => None,
        };
        let plan = self.plan(&ended.plan).await?.0.clone();
        let at = self.local(ended.at);
        let told = words::Revoked {
            reason: &ended.reason,
            by: by.as_deref(),
            at: &at,
            plan: &plan,
        };
        let mut letter = self.frame(words::revoked_subject(self.language, &told));
        letter
            .intro
            .push(words::revoked_intro(self.language, &told));
        if !ended.apps.is_empty() {
            letter.sections.push(Section {
                heading: words::apps_heading(self.language),
                items: ended.apps.iter().map(|name| named(name)).collect(),
                ..Section::default()
            });
        }
        if ended.tokens > 0 {
            letter.sections.push(self.revoked_tokens(&ended).await?);
        }
        letter.action = Some(self.see_tokens());
        Ok(Composed {
            letter: Some(letter),
            dropped: Vec::new(),
        })
    }

    async fn revoked_tokens(&mut self, ended: &Ended) -> Result<Section, StoreError> {
        let listed = i64::try_from(LISTED).unwrap_or(i64::MAX);
        let (owner, plan) = (&self.owner.id, &ended.plan);
        let found = tokens::revoked_at(self.tx, owner, plan, ended.at, listed).await?;
        let items = found.iter().map(|token| Item {
            title: token.name.clone(),
            facts: vec![fact(
                words::labels(self.language).token,
                format!("…{}", token.last_four),
            )],
            ..Item::default()
        });
        let items: Vec<Item> = items.collect();
        let all = usize::try_from(ended.tokens).unwrap_or_default();
        let more = all.saturating_sub(items.len());
        Ok(Section {
            heading: words::revoked_tokens(self.language, ended.tokens),
            items,
            more: (more > 0).then(|| words::more(self.language, more)),
            urgent: false,
        })
    }

    pub(super) async fn escalation(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let dropped = Vec::new();
        let (mut sections, mut count, mut first) = (Vec::new(), 0, None);
        for plan in notices::plans_of(self.tx, &notice.id).await? {
            let failed = ledger::escalated(self.tx, &plan, &notice.id, FAILURES).await?;
            let name = self.plan(&plan).await?.0.clone();
            count += failed.len();
            first = first.or(Some(plan));
            let more = failed.len().saturating_sub(LISTED);
            let items = failed
                .iter()
                .take(LISTED)
                .map(|failed| self.failure(failed));
            sections.push(Section {
                heading: words::escalation_heading(self.language, &name),
                urgent: false,
                items: items.collect(),
                more: (more > 0).then(|| words::more(self.language, more)),
            });
        }
        let Some(plan) = first.filter(|_| count > 0) else {
            let letter = None;
            return Ok(Composed { letter, dropped });
        };
        let mut letter = self.frame(words::escalation_subject(self.language, count));
        letter.intro.push(words::escalation_intro(self.language));
        letter.sections = sections;
        letter.action = Some(Link {
            label: words::see_notices(self.language),
            url: links::failed_notices(self.public_url, &plan),
        });
        let letter = Some(letter);
        Ok(Composed { letter, dropped })
    }

    fn failure(&self, failed: &Notice) -> Item {
        let labels = words::labels(self.language);
        let mut facts = vec![fact(labels.address, failed.owner.email.clone())];
        if let Some(reason) = &failed.reason {
            facts.push(fact(labels.reason, reason.clone()));
        }
        Item {
            title: failed.owner.name.clone(),
            facts,
            ..Item::default()
        }
    }
}

fn named(name: &str) -> Item {
    Item {
        title: name.to_owned(),
        ..Item::default()
    }
}
