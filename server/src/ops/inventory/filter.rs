//! What a list of tokens is narrowed to, and whether a token passes. Status and expiry are derived, so this
//! decides token by token; which strands have those that may pass, [`super::lead`] says.

use tenure_domain::{
    id::{ClientId, UserId},
    policy::History,
    time::Timestamp,
    token::{Expiry, Status, TokenKind, status, told_expiry},
};

use crate::store::tokens::{Bounds, Token};

/// What a list is narrowed to. Without any condition, nothing is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// How they stand.
    pub status: Option<Status>,
    /// Of which kind.
    pub kind: Option<TokenKind>,
    /// Whose.
    pub owner: Option<UserId>,
    /// Held by this client.
    pub client: Option<ClientId>,
    /// When they were created.
    pub created: Bounds,
    /// When they expire or expired. Those that never do lie outside of all bounds.
    pub expires: Option<Bounds>,
    /// When they were last used. Those that never were lie outside of all bounds.
    pub last_used: Option<Bounds>,
    /// In the name, in any case of ASCII; or all of the id, or the last four characters.
    pub text: Option<String>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            status: None,
            kind: None,
            owner: None,
            client: None,
            created: Bounds::ALL,
            expires: None,
            last_used: None,
            text: None,
        }
    }
}

impl Filter {
    /// Whether a token passes at `now`.
    #[must_use]
    pub fn passes(&self, token: &Token, history: &History, now: Timestamp) -> bool {
        self.passes_but_text(token, history, now)
            && (self.is_named(token) || self.text_means(token))
    }

    /// Whether it passes all conditions but the text.
    pub(super) fn passes_but_text(&self, token: &Token, history: &History, now: Timestamp) -> bool {
        let facts = &token.facts;
        let client = token.held.as_ref().map(|held| &held.client);
        let within = |bounds: Option<Bounds>, at: &dyn Fn() -> Option<Timestamp>| {
            bounds.is_none_or(|bounds| at().is_some_and(|at| bounds.have(at)))
        };
        self.kind.is_none_or(|kind| facts.kind == kind)
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| token.owner == *owner)
            && self.client.as_ref().is_none_or(|it| client == Some(it))
            && self.created.have(facts.created_at)
            && within(self.last_used, &|| facts.last_used_at)
            && within(self.expires, &|| {
                Expiry::instant(told_expiry(facts, history, now))
            })
            && self
                .status
                .is_none_or(|wanted| status(facts, history, now) == wanted)
    }

    /// Whether the text is in the name, or nothing is asked for.
    pub(super) fn is_named(&self, token: &Token) -> bool {
        let Some(text) = &self.text else { return true };
        let name = token.name.to_ascii_lowercase();
        name.contains(&text.to_ascii_lowercase())
    }

    /// Whether the text means this very token: by its id or its last four characters.
    pub(super) fn text_means(&self, token: &Token) -> bool {
        let text = self.text.as_ref();
        text.is_some_and(|text| *text == token.id.0 || *text == token.last_four)
    }
}
