//! Keeps what is shown true while time passes: it is fetched again when something expires or has another status.
//!
//! The server decides what has; the page only asks when the server's clock says that it is time.

use leptos::prelude::*;
use tenure_domain::{
    time::{SECOND, Timestamp},
    wire::tokens::Token,
};

use super::list::List;
use crate::reactive::{effect, memo};
use crate::state::{clock::ServerClock, session::SessionState};

/// How long a fetch for a passed instant is given before it is tried again.
const TRY_AGAIN_AFTER: i64 = 5 * SECOND;

/// Calls `refresh` once `soonest` has passed by the server's clock, and again for as long as it has.
pub fn follow(soonest: Memo<Option<Timestamp>>, refresh: impl Fn() + 'static) {
    let clock = expect_context::<ServerClock>();
    let session = expect_context::<SessionState>();
    let asked_at = StoredValue::new(Timestamp::MIN);
    effect(move || {
        let Some(soonest) = soonest.get() else { return };
        let now = clock.now();
        // Once the session is over, only a person may ask for signing in again.
        let due = now >= soonest && !session.is_over();
        if due && now.millis_since(asked_at.get_value()) >= TRY_AGAIN_AFTER {
            asked_at.set_value(now);
            refresh();
        }
    });
}

/// The same for a list of tokens.
pub fn follow_listed(list: List<Token>, refresh: impl Fn() + 'static) {
    let soonest = memo(move || {
        let tokens = list.items().data()?;
        tokens.iter().filter_map(Token::changes_at).min()
    });
    follow(soonest, refresh);
}
