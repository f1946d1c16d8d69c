//! Invitations into a plan.

use tenure_domain::locale::Locale;

use crate::{
    links,
    mail::{
        dates,
        letter::{Letter, Link},
        words::{greeting, invitation as words},
    },
    store::invitations::Invitation,
    zone::Zone,
};

/// The mail of an invitation, with the secret of its link. The secret stands behind a `#`, which browsers send to no
/// server.
#[must_use]
pub fn letter(invitation: &Invitation, locale: &Locale, public_url: &str, code: &str) -> Letter {
    let language = locale.language;
    let zone = Zone::named(&locale.time_zone).unwrap_or_else(Zone::utc);
    let told = words::Invited {
        by: &invitation.invited_by.name,
        plan: &invitation.plan_name,
        role: invitation.role,
        email: &invitation.email,
        until: &dates::local(language, &zone, invitation.expires_at),
    };
    Letter {
        language,
        subject: words::subject(language, &told),
        greeting: match &invitation.name {
            Some(name) => greeting(language, name),
            None => words::greeting(language),
        },
        intro: vec![words::intro(language, &told), words::means(language, &told)],
        outro: vec![words::link(language, &told)],
        action: Some(Link {
            label: words::accept(language),
            url: links::invitation(public_url, code),
        }),
        footer: words::footer(language, &told, public_url),
        ..Letter::default()
    }
}
