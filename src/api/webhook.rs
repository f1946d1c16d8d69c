//! `/plans/{plan}/webhook`: the program that hears of a plan's alerts.

use tenure_domain::{
    id::PlanId,
    wire::alerts::{NewWebhook, PutWebhook, Webhook},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn request(method: Method, plan: &PlanId, rest: &str) -> Request {
    let plan = escape(plan.as_str());
    Request::new(method, format!("/plans/{plan}/webhook{rest}"))
}

/// The address, and what became of the latest post.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn get(client: Client, plan: &PlanId) -> Call<Webhook> {
    client.call(request(Method::Get, plan, ""))
}

/// Sets the address, if what the caller has `seen` is still so; the answer has the new secret, for this one time.
///
/// # Errors
/// `stale_version` when it is not, `validation_failed` for an address that nothing may be posted to, and as [`get`].
pub fn put(client: Client, plan: &PlanId, seen: &Webhook, url: String) -> Call<NewWebhook> {
    client.call(
        request(Method::Put, plan, "")
            .json(&PutWebhook { url })
            .if_match(seen.etag()),
    )
}

/// Has alerts posted nowhere, if what the caller has `seen` is still so.
///
/// # Errors
/// `stale_version` when it is not, and as [`get`].
pub fn delete(client: Client, plan: &PlanId, seen: &Webhook) -> Call<()> {
    client.call_empty(request(Method::Delete, plan, "").if_match(seen.etag()))
}

/// Has something posted that says it is a test.
///
/// # Errors
/// `not_found` where there is no address any more, and as [`get`].
pub fn test(client: Client, plan: &PlanId) -> Call<()> {
    client.call_empty(request(Method::Post, plan, "/test"))
}
