//! Announcements: what becomes of a plan's policy, and what that means for each token of its reader.

use tenure_domain::{
    notice::AHEAD,
    time::Timestamp,
    token::{Expiry, Verdict, verdict},
};

use super::{
    Composed, Composer,
    view::{Ends, LISTED},
};
use crate::{
    mail::{
        letter::Section,
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

/// One's tokens, by when they stop working.
#[derive(Default)]
struct Sorted {
    ended: Vec<(Token, Timestamp)>,
    soon: Vec<(Token, Timestamp)>,
    later: Vec<(Token, Timestamp)>,
    lasting: usize,
}

impl Composer<'_> {
    pub(super) async fn announcement(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let change: Announced = Self::details(notice)?;
        let sorted = self.sorted(&change).await?;
        let told = sorted.ended.len() + sorted.soon.len() + sorted.later.len() + sorted.lasting;
        let dropped = Vec::new();
        if told == 0 {
            let letter = None;
            return Ok(Composed { letter, dropped });
        }
        let by = self.name(&change.by).await?;
        self.plan(&change.plan).await?;
        let plan = self.plans.get(&change.plan).map(|(name, _)| name.clone());
        let plan = plan.unwrap_or_default();
        let at = self.local(change.effective_at);
        let became = match change.what {
            What::InForce => say::Became::InForce,
            What::Scheduled => say::Became::From(&at),
            What::Cancelled => say::Became::Cancelled,
        };
        let mut letter = self.frame(say::subject(self.language, &plan, &became));
        letter
            .intro
            .push(say::intro(self.language, (&by, &plan), &became, &at));
        letter
            .intro
            .push(say::rule(self.language, change.period, change.inactivity));
        let Sorted {
            ended,
            soon,
            later,
            lasting,
        } = &sorted;
        let language = self.language;
        let headed = [
            (ended, say::ended_heading(language, ended.len()), true),
            (soon, say::soon_heading(language, soon.len()), true),
            (later, say::later_heading(language, later.len()), false),
        ];
        for (tokens, heading, urgent) in headed {
            if !tokens.is_empty() {
                letter
                    .sections
                    .push(self.section(&change, tokens, heading, urgent));
            }
        }
        if *lasting > 0 {
            letter.outro.push(say::lasting(language, *lasting));
        }
        letter.action = Some(self.see_tokens());
        let letter = Some(letter);
        Ok(Composed { letter, dropped })
    }

    fn section(
        &self,
        change: &Announced,
        tokens: &[(Token, Timestamp)],
        heading: String,
        urgent: bool,
    ) -> Section {
        let around = self.plans.get(&change.plan);
        let item = |(token, at): &(Token, Timestamp)| {
            let ends = if *at <= self.now {
                Ends::Ended(*at)
            } else {
                Ends::At(*at)
            };
            around.map(|around| self.item(token, around, ends))
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
                match verdict(&token.facts, &history, self.now) {
                    Verdict::Dead(end) if end.at() == change.effective_at => {
                        sorted.ended.push((token, end.at()));
                    }
                    // What has ended otherwise, before or since, is told elsewhere.
                    Verdict::Dead(_) => {}
                    Verdict::Works(Expiry::At(at)) if at.millis_since(self.now) < AHEAD => {
                        sorted.soon.push((token, at));
                    }
                    Verdict::Works(Expiry::At(at)) => sorted.later.push((token, at)),
                    Verdict::Works(Expiry::Never) | Verdict::NotYet => sorted.lasting += 1,
                }
            }
        }
        for tokens in [&mut sorted.ended, &mut sorted.soon, &mut sorted.later] {
            tokens.sort_by_key(|(_, at)| *at);
        }
        Ok(sorted)
    }
}
