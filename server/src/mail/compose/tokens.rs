//! Digests of what will expire, and of what has.

use tenure_domain::{
    id::PlanId,
    notice::Due,
    time::Timestamp,
    token::{Expiry, Verdict, verdict},
};

use super::{
    Composed, Composer,
    view::{Ends, LISTED, Told},
};
use crate::{
    mail::{
        letter::{Letter, Section},
        words,
    },
    store::{
        StoreError,
        notices::{self, outbox::Leased},
        tokens::{self, Token},
    },
};

/// Tokens that are looked at for one mail.
const LOOKED_AT: i64 = 5_000;

impl Composer<'_> {
    /// What stops working soon: of what was due, everything that still does.
    pub(super) async fn digest(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let (mut told, mut dropped) = (Vec::new(), Vec::new());
        for (plan, due) in notices::tells(self.tx, &notice.id, LOOKED_AT).await? {
            let Some(token) = tokens::get(self.tx, &due.token).await? else {
                continue;
            };
            let now = self.now;
            let history = &self.plan(&plan).await?.1.history;
            // The policy may have changed, the token may be gone: then this is no news, or other news.
            match verdict(&token.facts, history, now) {
                Verdict::Works(Expiry::At(expiry))
                    if expiry == due.expiry && token.facts.retires_at.is_none() =>
                {
                    told.push((token, plan, due));
                }
                _ => dropped.push(due.token),
            }
        }
        let letter = match told.first() {
            None => None,
            Some((_, _, first)) => {
                let names: Vec<&str> = told.iter().map(|(token, ..)| token.name.as_str()).collect();
                let date = self.local(first.expiry);
                let subject = words::digest_subject(self.language, &names, &date);
                let intro = words::digest_intro(self.language, names.len());
                let heading = words::digest_heading(self.language);
                let letter = self.frame(subject);
                Some(self.list(letter, intro, heading, &told, Ends::At).await?)
            }
        };
        Ok(Composed { letter, dropped })
    }

    /// What has stopped working by itself.
    pub(super) async fn expired(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let mut told = Vec::new();
        for (plan, due) in notices::tells(self.tx, &notice.id, LOOKED_AT).await? {
            if let Some(token) = tokens::get(self.tx, &due.token).await? {
                told.push((token, plan, due));
            }
        }
        let letter = if told.is_empty() {
            None
        } else {
            let names: Vec<&str> = told.iter().map(|(token, ..)| token.name.as_str()).collect();
            let subject = words::expired_subject(self.language, &names);
            let intro = words::expired_intro(self.language);
            let heading = words::expired_heading(self.language);
            let letter = self.frame(subject);
            Some(
                self.list(letter, intro, heading, &told, Ends::Ended)
                    .await?,
            )
        };
        let dropped = Vec::new();
        Ok(Composed { letter, dropped })
    }

    async fn list(
        &mut self,
        mut letter: Letter,
        intro: String,
        heading: String,
        told: &[(Token, PlanId, Due)],
        ends: impl Fn(Timestamp) -> Ends,
    ) -> Result<Letter, StoreError> {
        let mut section = Section {
            heading,
            ..Section::default()
        };
        for (token, plan, due) in told.iter().take(LISTED) {
            self.plan(plan).await?;
            if let Some((plan, policies)) = self.plans.get(plan) {
                section.items.push(self.item(&Told {
                    token,
                    policies,
                    ends: ends(due.expiry),
                    before: None,
                    plan: Some(plan),
                }));
            }
        }
        let more = told.len().saturating_sub(LISTED);
        section.more = (more > 0).then(|| words::more(self.language, more));
        letter.intro.push(intro);
        letter.sections.push(section);
        letter.action = Some(self.see_tokens());
        Ok(letter)
    }
}
