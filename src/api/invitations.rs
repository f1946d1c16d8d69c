//! `/plans/{plan}/invitations` and `/invitations`: asking somebody into a plan by mail, and what they answer.

use tenure_domain::{
    id::{InvitationId, PlanId},
    wire::{
        invitations::{Acceptance, Invitation, InvitationCode, InvitationOffer, NewInvitation},
        page::Page,
        session::Session,
    },
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId, rest: &str) -> String {
    format!("/plans/{}/invitations{rest}", escape(plan.as_str()))
}

/// The invitations that nobody has answered and that `query` asks for, newest first, from `cursor` on.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(
    client: Client,
    plan: &PlanId,
    query: &str,
    cursor: Option<&str>,
) -> Call<Page<Invitation>> {
    client.call(Request::page(&path(plan, ""), "50", query, cursor))
}

/// Invites somebody.
///
/// # Errors
/// `conflict` with the pointer of the address, `validation_failed`, and what every call can meet.
pub fn invite(client: Client, plan: &PlanId, new: &NewInvitation) -> Call<Invitation> {
    client.call(Request::new(Method::Post, path(plan, "")).json(new))
}

/// Sends an invitation again, with another link.
///
/// # Errors
/// `conflict` when it was answered, and what every call can meet.
pub fn send_again(client: Client, plan: &PlanId, id: &InvitationId) -> Call<Invitation> {
    let path = path(plan, &format!("/{}/send-again", escape(id.as_str())));
    client.call(Request::new(Method::Post, path))
}

/// Takes an invitation back.
///
/// # Errors
/// `conflict` when it was answered, and what every call can meet.
pub fn withdraw(client: Client, plan: &PlanId, id: &InvitationId) -> Call<()> {
    let path = path(plan, &format!("/{}", escape(id.as_str())));
    client.call_empty(Request::new(Method::Delete, path))
}

/// What an invitation's link opens.
///
/// # Errors
/// `invitation_invalid` with a sentence, and what every call can meet.
pub fn look_up(client: Client, code: String) -> Call<InvitationOffer> {
    let code = InvitationCode { code };
    client.call_as_is(Request::new(Method::Post, "/invitations/look-up").json(&code))
}

/// Accepts an invitation. Whoever does is signed in with that.
///
/// # Errors
/// `credentials_wrong`, `invitation_invalid` with a sentence, `validation_failed`, and what every call can meet.
pub fn accept(client: Client, acceptance: &Acceptance) -> Call<Session> {
    client.call_as_is(Request::new(Method::Post, "/invitations/accept").json(acceptance))
}
