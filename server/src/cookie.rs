//! The session cookie: how it is named and guarded.
//!
//! Its value is a secret of which the store keeps the hash (`store::sessions`).

use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::{state::Settings, store::sessions};

/// The cookie's name. Over https the prefix binds it to this very host (RFC 6265bis, section 4.1.3).
#[must_use]
pub fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies {
        "__Host-tenure_session"
    } else {
        "tenure_session"
    }
}

/// The cookie of a new session.
///
/// `Strict` is enough: the console is an app whose own calls are always same-site.
#[must_use]
pub fn session(settings: &Settings, secret: String) -> Cookie<'static> {
    let mut cookie = guarded(settings, secret);
    let seconds = sessions::LIFETIME / tenure_domain::time::SECOND;
    cookie.set_max_age(time::Duration::seconds(seconds));
    cookie
}

/// The cookie that makes the browser forget the session.
#[must_use]
pub fn removal(settings: &Settings) -> Cookie<'static> {
    let mut cookie = guarded(settings, String::new());
    cookie.make_removal();
    cookie
}

fn guarded(settings: &Settings, value: String) -> Cookie<'static> {
    Cookie::build((name(settings), value))
        .http_only(true)
        .secure(settings.secure_cookies)
        .same_site(SameSite::Strict)
        .path("/")
        .build()
}
