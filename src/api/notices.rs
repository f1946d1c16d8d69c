//! `/plans/{plan}/notices`: the mails about a plan's tokens; `/me/profile`: the language and zone of one's own.

use tenure_domain::{
    id::{NoticeId, PlanId},
    locale::Locale,
    wire::{notices::Notice, page::Page},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/notices", escape(plan.as_str()))
}

/// The notices of a plan, newest first, from `cursor` on. `narrowed` is empty, or names a kind or a state or both
/// (`&kind=digest&state=failed`).
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(
    client: Client,
    plan: &PlanId,
    narrowed: &str,
    cursor: Option<&str>,
) -> Call<Page<Notice>> {
    client.call(Request::page(&path(plan), "50", narrowed, cursor))
}

/// Queues a notice again.
///
/// # Errors
/// `conflict` when it waits already or has nothing left to tell, and what every call can meet.
pub fn send_again(client: Client, plan: &PlanId, notice: &NoticeId) -> Call<Notice> {
    let path = format!("{}/{}/send-again", path(plan), escape(notice.as_str()));
    client.call(Request::new(Method::Post, path))
}

/// Chooses the language and the time zone of one's mails.
///
/// # Errors
/// `validation_failed` for a zone that the server does not know, and what every call can meet.
pub fn choose_locale(client: Client, locale: &Locale) -> Call<Locale> {
    client.call(Request::new(Method::Put, "/me/profile").json(locale))
}
