//! Announcements: what becomes of a plan's policy, and what that means for each token of its reader.

use tenure_domain::{
    notice::AHEAD,
    policy::Terms,
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
        words::{self, policy as say},
    },
    ops::notices::announce::{Announced, What},
    store::{
        StoreError,
        notices::outbox::Leased,
        tokens::{self, Position, Token},
    },
};

/// Tokens that are read at a time.
const STRIDE: i64 = 500;

/// A token that is listed: when it ends now, and when it would have ended.
struct Listed {
    token: Token,
    ends: Ends,
    before: Option<Expiry>,
}

impl Listed {
    /// When it ends or ended; what does not end comes last.
    const fn at(&self) -> Timestamp {
        match self.ends {
            Ends::At(at) | Ends::Ended(at) => at,
            Ends::Never => Timestamp::MAX,
        }
    }
}

/// One's tokens, by what the change means for them.
#[derive(Default)]
struct Sorted {
    /// It ended them.
    ended: Vec<Listed>,
    /// It gives them another end, which is near.
    soon: Vec<Listed>,
    /// It gives them another end, which is not.
    later: Vec<Listed>,
    /// It takes their end away.
    freed: Vec<Listed>,
    /// Their end is near, and has nothing to do with it. Nothing else tells of them once this does.
    soon_anyway: Vec<Listed>,
    /// Nothing changes, and nothing is near.
    as_before: usize,
}

impl Sorted {
    fn lists(&mut self) -> [&mut Vec<Listed>; 5] {
        let Self {
            ended,
            soon,
            later,
            freed,
            soon_anyway,
            ..
        } = self;
        [ended, soon, later, freed, soon_anyway]
    }

    /// What a token that works means for its owner.
    fn add(&mut self, token: Token, now_ends: Expiry, before: Option<Expiry>, now: Timestamp) {
        let changes = before != Some(now_ends);
        let before = before.filter(|_| changes);
        let is_soon = matches!(now_ends, Expiry::At(at) if at.millis_since(now) < AHEAD);
        let ends = match now_ends {
            Expiry::At(at) => Ends::At(at),
            Expiry::Never => Ends::Never,
        };
        let list = match (changes, ends, is_soon) {
            (true, Ends::Never, _) if before.is_some() => &mut self.freed,
            (true, Ends::At(_), true) => &mut self.soon,
            (true, Ends::At(_), false) => &mut self.later,
            (false, Ends::At(_), true) => &mut self.soon_anyway,
            // Among them what does not end and of which it is not known whether it would have.
            _ => {
                self.as_before += 1;
                return;
            }
        };
        list.push(Listed {
            token,
            ends,
            before,
        });
    }
}

impl Composer<'_> {
    pub(super) async fn announcement(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let change: Announced = Self::details(notice)?;
        let mut sorted = self.sorted(&change).await?;
        let listed: usize = sorted.lists().map(|list| list.len()).iter().sum();
        let dropped = Vec::new();
        if listed + sorted.as_before == 0 {
            let letter = None;
            return Ok(Composed { letter, dropped });
        }
        let mut letter = self.announced(&change).await?;
        let language = self.language;
        let Sorted {
            ended,
            soon,
            later,
            freed,
            soon_anyway,
            as_before,
        } = &sorted;
        let headed = [
            (ended, say::ended_heading(language, ended.len()), true),
            (soon, say::soon_heading(language, soon.len()), true),
            (later, say::later_heading(language, later.len()), false),
            (freed, say::freed_heading(language, freed.len()), false),
            (
                soon_anyway,
                say::as_before_heading(language, soon_anyway.len()),
                false,
            ),
        ];
        for (tokens, heading, urgent) in headed {
            if !tokens.is_empty() {
                let section = self.section(&change, tokens, heading, urgent);
                letter.sections.push(section);
            }
        }
        if *as_before > 0 {
            let words = say::as_before(language, *as_before, listed > 0);
            letter.outro.push(words);
        }
        letter.action = Some(self.see_tokens());
        let letter = Some(letter);
        Ok(Composed { letter, dropped })
    }

    /// The mail up to its lists: who changed what, the old rule and the new one, and what does not come.
    async fn announced(&mut self, change: &Announced) -> Result<Letter, StoreError> {
        let by = self.name(&change.by).await?;
        let plan = self.plan(&change.plan).await?.0.clone();
        let language = self.language;
        let at = self.local(change.effective_at);
        let became = match change.what {
            What::InForce => say::Became::InForce,
            What::Scheduled => say::Became::From(&at),
            What::Cancelled => say::Became::Cancelled,
        };
        let mut letter = self.frame(say::subject(language, &plan, &became));
        letter
            .intro
            .push(say::intro(language, (&by, &plan), &became, &at));
        let replaced = change.before.and_then(|before| before.replaced);
        let after = say::rule(language, change.period, change.inactivity);
        let before = change.before.map(|before| match (change.what, replaced) {
            (What::Cancelled, Some(cancelled)) => Terms {
                period: cancelled.period,
                inactivity: cancelled.inactivity,
            },
            _ => Terms {
                period: before.period,
                inactivity: before.inactivity,
            },
        });
        match before {
            Some(Terms { period, inactivity }) => {
                let before = say::rule(language, period, inactivity);
                let rules = say::rules(language, &became, [&before, &after]);
                letter.intro.extend(rules);
            }
            None => letter.intro.push(after),
        }
        if let Some(replaced) = replaced.filter(|_| change.what != What::Cancelled) {
            let at = self.local(replaced.effective_at);
            letter.intro.push(say::replaces(language, &at));
        }
        Ok(letter)
    }

    fn section(
        &self,
        change: &Announced,
        tokens: &[Listed],
        heading: String,
        urgent: bool,
    ) -> Section {
        let around = self.plans.get(&change.plan);
        let item = |listed: &Listed| {
            around.map(|(_, policies)| {
                self.item(&Told {
                    token: &listed.token,
                    policies,
                    ends: listed.ends,
                    before: listed.before,
                    plan: None,
                })
            })
        };
        let more = tokens.len().saturating_sub(LISTED);
        Section {
            heading,
            urgent,
            items: tokens.iter().take(LISTED).filter_map(item).collect(),
            more: (more > 0).then(|| words::more(self.language, more)),
        }
    }

    /// The reader's tokens that were alive when it was decided, as they stand now.
    async fn sorted(&mut self, change: &Announced) -> Result<Sorted, StoreError> {
        let history = self.plan(&change.plan).await?.1.history.clone();
        let mut sorted = Sorted::default();
        let dead = change.dead();
        let mut after = Position::before(dead.dead_before);
        loop {
            let (owner, plan) = (&self.owner.id, &change.plan);
            let page = tokens::working_page(self.tx, owner, plan, dead, &after, STRIDE).await?;
            let Some(last) = page.last() else { break };
            after = Position::of(last);
            for token in page {
                if token.facts.created_at > change.decided_at || token.facts.retires_at.is_some() {
                    continue;
                }
                let without = change.before.as_ref();
                let before =
                    without.and_then(|it| it.expiry(&token.facts, history.access_lifetime()));
                match verdict(&token.facts, &history, self.now) {
                    Verdict::Dead(end) if end.at() == change.effective_at => {
                        sorted.ended.push(Listed {
                            token,
                            ends: Ends::Ended(end.at()),
                            before,
                        });
                    }
                    // What has ended otherwise, before or since, is told elsewhere.
                    Verdict::Dead(_) => {}
                    Verdict::Works(ends) => sorted.add(token, ends, before, self.now),
                    Verdict::NotYet => sorted.as_before += 1,
                }
            }
        }
        for list in sorted.lists() {
            list.sort_by_key(Listed::at);
        }
        Ok(sorted)
    }
}
