//! More tokens than anybody would generate by hand, for measures.

use anyhow::{Context, Result};
use tenure_domain::{
    id::TokenId,
    scope::Scopes,
    time::{DAY, Timestamp},
    token::{TokenFacts, TokenKind},
    token_text,
};
use tenure_server::secret;
use tenure_server::store::{tokens, users};

use super::{Person, Stack};

/// Tokens that are written in one transaction.
const BATCH: usize = 20_000;
/// They were generated over this time, in milliseconds.
const AGES: i64 = 300 * DAY;

impl Stack {
    /// Gives somebody so many tokens of Acme, the oldest first. Nobody knows their secrets.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_tokens(&self, owner: &Person, count: usize) -> Result<()> {
        let state = self.server.state()?;
        let age = AGES / i64::try_from(count.max(1))?;
        let mut tx = state.store.write().await?;
        let owner = users::by_email(&mut tx, &owner.email).await?;
        let owner = owner.context("nobody has this address")?.id;
        for number in 0..count {
            if number % BATCH == BATCH - 1 {
                tx.commit().await?;
                tx = state.store.write().await?;
            }
            let before = i64::try_from(count - number)? * age;
            let created_at: Timestamp = state.clock.now().saturating_add(-before);
            let text = token_text::compose(TokenKind::UserAccess, &state.random.bytes());
            let token = tokens::Token {
                id: TokenId(state.random.id(created_at)),
                plan: self.people.acme.clone(),
                owner: owner.clone(),
                name: format!("Token {number}"),
                scope: Scopes::default(),
                held: None,
                last_four: token_text::last_four(&text).to_owned(),
                facts: TokenFacts::created(TokenKind::UserAccess, created_at),
                last_used_from: None,
            };
            tokens::insert(&mut tx, &token, &secret::hash(&text)).await?;
        }
        Ok(tx.commit().await?)
    }
}
