//! Selecting those that work: the list is looked through from its beginning, since only a part of it is here.

use tenure_domain::{id::TokenId, wire::inventory::MAX_REVOKED};

use super::Desk;
use crate::api::inventory as api;

/// Selects the first of those that work, as many as can be revoked at once, page by page until they are found. It
/// ends without them once `desk.choosing` says so, or something else is asked for.
pub fn choose(desk: Desk) {
    let query = desk.asked.get_untracked().asked();
    desk.choosing.busy.set(true);
    desk.choosing.trouble.set(None);
    go_on(desk, query, None, Vec::new());
}

fn go_on(desk: Desk, query: String, cursor: Option<&str>, mut found: Vec<TokenId>) {
    let call = api::list(desk.book.client, &desk.plan.get_value(), &query, cursor);
    call.then(move |page| {
        // The page may be gone by now.
        let wanted = desk.choosing.busy.try_get_untracked() == Some(true);
        if !wanted || desk.asked.get_untracked().asked() != query {
            return;
        }
        match page {
            Ok(page) => {
                let working = page.items.into_iter().filter(|token| token.end.is_none());
                found.extend(working.map(|token| token.id));
                if page.next_cursor.is_some() && found.len() < MAX_REVOKED {
                    return go_on(desk, query, page.next_cursor.as_deref(), found);
                }
                found.truncate(MAX_REVOKED);
                desk.selected.set(found);
            }
            Err(error) => desk.choosing.fail(error),
        }
        desk.choosing.busy.set(false);
    });
}
