//! Looking for people by a text and a role: in a plan and among those who are invited into it, by the same rule.

use serde::Deserialize;
use tenure_domain::{plan::Role, problem::Kind};

use crate::error::{ApiError, ApiResult};

/// The most characters of a text that is looked for.
const MAX_TEXT: usize = 100;
/// People that are read from the store at a time where only some are looked for.
const STRIDE: usize = 500;
/// The most people that one page looks at; a page may so be short, or empty, and yet have a next one.
const LOOKED_AT: usize = 2_000;

/// Whom a list of people is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PeopleQuery {
    text: Option<String>,
    role: Option<Role>,
}

impl PeopleQuery {
    /// The text as it is compared.
    pub(crate) fn normal(self) -> ApiResult<Self> {
        let text = self.text.unwrap_or_default().trim().to_lowercase();
        if text.chars().count() > MAX_TEXT {
            return Err(ApiError::new(Kind::InvalidRequest)
                .detail(format!("text must have at most {MAX_TEXT} characters")));
        }
        Ok(Self {
            text: Some(text).filter(|text| !text.is_empty()),
            ..self
        })
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        matches!((&self.text, self.role), (None, None))
    }

    /// Whether somebody is looked for who is called so, has this address in lower case, and is or will be this.
    pub(crate) fn admits(&self, name: &str, email: &str, role: Role) -> bool {
        let has = |text: &String| name.to_lowercase().contains(text) || email.contains(text);
        self.text.as_ref().is_none_or(has) && self.role.is_none_or(|wanted| wanted == role)
    }
}

/// A page that is filled while a list is looked through.
pub(crate) struct Filling<T, Id> {
    limit: usize,
    is_narrowed: bool,
    looked_at: usize,
    /// Who passed.
    pub(crate) items: Vec<T>,
    /// The id of the last one that was looked at.
    pub(crate) last: Option<Id>,
}

impl<T, Id: Clone> Filling<T, Id> {
    /// A page of at most `limit`, behind the one with this id.
    pub(crate) const fn behind(last: Option<Id>, limit: usize, is_narrowed: bool) -> Self {
        Self {
            limit,
            is_narrowed,
            looked_at: 0,
            items: Vec::new(),
            last,
        }
    }

    /// How many are to be read at a time.
    pub(crate) const fn stride(&self) -> usize {
        match self.is_narrowed {
            true => STRIDE,
            false => self.limit.saturating_add(1),
        }
    }

    /// Takes those that pass of what was read. Says whether the list goes on behind the page; nothing while the page
    /// itself goes on.
    pub(crate) fn take(
        &mut self,
        read: Vec<T>,
        id: impl Fn(&T) -> &Id,
        passes: impl Fn(&T) -> bool,
    ) -> Option<bool> {
        let is_last = read.len() < self.stride();
        for one in read {
            if self.items.len() == self.limit || self.looked_at == LOOKED_AT {
                return Some(true);
            }
            self.looked_at += 1;
            self.last = Some(id(&one).clone());
            if passes(&one) {
                self.items.push(one);
            }
        }
        is_last.then_some(false)
    }
}
