//! What somebody else ended, and whom no mail reaches.

use tenure_domain::{
    id::PlanId,
    notice::NoticeKind,
    time::Timestamp,
    token::{Expiry, effective_expiry},
    wire::notices::Notice,
};

use super::{
    Composed, Composer,
    view::{LISTED, fact},
};
use crate::{
    links,
    mail::{
        letter::{Item, Link, Section},
        words::{self, escalation},
    },
    ops::notices::Ended,
    store::{
        StoreError,
        notices::{self, ledger, outbox::Leased},
        tokens::{self, Position},
    },
};

/// Failed notices of a plan that are looked at for one mail.
const FAILURES: i64 = 1_000;
/// Tokens that are named of each.
const NAMED: usize = 5;

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
        let (mut sections, mut first) = (Vec::new(), None);
        let (mut people, mut plans, mut invited) = (Vec::new(), Vec::new(), 0);
        for plan in notices::plans_of(self.tx, &notice.id).await? {
            let failed = ledger::escalated(self.tx, &plan, &notice.id, FAILURES).await?;
            if failed.is_empty() {
                continue;
            }
            let name = self.plan(&plan).await?.0.clone();
            people.extend(failed.iter().map(|(failed, _)| failed.owner.name.clone()));
            let kinds = failed.iter().map(|(failed, _)| failed.kind);
            invited += kinds.filter(|kind| *kind == NoticeKind::Invitation).count();
            let more = failed.len().saturating_sub(LISTED);
            let mut items = Vec::new();
            for (failed, details) in failed.iter().take(LISTED) {
                items.push(self.failure(failed, details, &plan).await?);
            }
            sections.push(Section {
                heading: escalation::heading(self.language, &name),
                urgent: false,
                items,
                more: (more > 0).then(|| words::more(self.language, more)),
            });
            plans.push(name);
            first = first.or(Some(plan));
        }
        let Some(plan) = first else {
            let letter = None;
            return Ok(Composed { letter, dropped });
        };
        let unreached = escalation::Unreached {
            people: &people,
            invited,
            plans: &plans,
        };
        let mut letter = self.frame(escalation::subject(self.language, &unreached));
        letter.intro = escalation::intro(self.language, &unreached);
        letter.sections = sections;
        letter.action = Some(Link {
            label: words::see_notices(self.language),
            url: links::failed_notices(self.public_url, &plan),
        });
        let letter = Some(letter);
        Ok(Composed { letter, dropped })
    }

    /// Whom a notice did not reach, and what it would have told them: an admin tells it in another way.
    async fn failure(
        &mut self,
        failed: &Notice,
        details: &str,
        plan: &PlanId,
    ) -> Result<Item, StoreError> {
        let (labels, language) = (words::labels(self.language), self.language);
        let mut facts = vec![fact(labels.address, failed.owner.email.clone())];
        if let Some(reason) = &failed.reason {
            facts.push(fact(labels.reason, reason.clone()));
        }
        let about = escalation::about(language, failed.kind);
        facts.push(fact(labels.about, about));
        let untold = self.untold(failed, details, plan).await?;
        for (name, at) in untold.iter().take(NAMED) {
            let words = escalation::untold(language, name, &self.local(*at), *at <= self.now);
            facts.push(fact(labels.token, words));
        }
        let more = untold.len().saturating_sub(NAMED);
        if more > 0 {
            facts.push(fact(labels.token, words::more(language, more)));
        }
        Ok(Item {
            title: failed.owner.name.clone(),
            facts,
            ..Item::default()
        })
    }

    /// The tokens of a plan that a notice was about, with their ends, soonest first.
    async fn untold(
        &mut self,
        failed: &Notice,
        details: &str,
        plan: &PlanId,
    ) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let mut untold = Vec::new();
        let Some(owner) = &failed.owner.id else {
            return Ok(untold);
        };
        match failed.kind {
            NoticeKind::Digest | NoticeKind::Expired => {
                for (of, due) in notices::tells(self.tx, &failed.id, FAILURES).await? {
                    let token = tokens::get(self.tx, &due.token).await?;
                    let token = token.filter(|_| of == *plan);
                    untold.extend(token.map(|token| (token.name, due.expiry)));
                }
            }
            NoticeKind::Announcement => {
                let history = self.plan(plan).await?.1.history.clone();
                let dead = history.watermarks_at(self.now);
                let after = Position::before(dead.dead_before);
                let page =
                    tokens::working_page(self.tx, owner, plan, dead, &after, FAILURES).await?;
                for token in page {
                    if let Expiry::At(at) = effective_expiry(&token.facts, &history, self.now) {
                        untold.push((token.name, at));
                    }
                }
            }
            NoticeKind::Revoked => {
                let ended: Ended = Self::read(details)?;
                let page = tokens::revoked_at(self.tx, owner, plan, ended.at, FAILURES).await?;
                untold.extend(page.into_iter().map(|token| (token.name, ended.at)));
            }
            // The one goes to admins, the other to people who own nothing yet.
            NoticeKind::Escalation | NoticeKind::Invitation | NoticeKind::Alert => {}
        }
        untold.sort_by(|(one, left), (other, right)| (left, one).cmp(&(right, other)));
        Ok(untold)
    }
}

fn named(name: &str) -> Item {
    Item {
        title: name.to_owned(),
        ..Item::default()
    }
}
