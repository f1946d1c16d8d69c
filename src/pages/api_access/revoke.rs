//! What revoking a token says and does.

use std::sync::Arc;

use tenure_domain::wire::tokens::Token;

use crate::{
    api::{Client, tokens as api},
    pages::ending::Ending,
    text::tokens,
};

/// The token, about to be revoked.
#[must_use]
pub fn revoking(client: Client, token: &Token) -> Ending {
    let id = token.id.clone();
    Ending {
        title: tokens::revoke_title(&token.name),
        about: tokens::REVOKE_ABOUT.to_owned(),
        call: Arc::new(move || api::revoke(client, &id).map(|token| tokens::revoked(&token.name))),
    }
}
