//! The secret addresses of calendars: one's own, and a plan's.

use tenure_domain::{
    id::PlanId,
    wire::calendars::{CalendarAddress, NewCalendarAddress},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: Option<&PlanId>) -> String {
    plan.map_or_else(
        || "/me/calendar".to_owned(),
        |plan| format!("/plans/{}/calendar", escape(plan.as_str())),
    )
}

/// Since when there is an address: of the plan's calendar, or of one's own.
///
/// # Errors
/// What every call can meet.
pub fn get(client: Client, plan: Option<&PlanId>) -> Call<CalendarAddress> {
    client.call(Request::new(Method::Get, path(plan)))
}

/// Makes an address, in place of the one that there was.
///
/// # Errors
/// What every call can meet.
pub fn share(client: Client, plan: Option<&PlanId>) -> Call<NewCalendarAddress> {
    client.call(Request::new(Method::Post, path(plan)))
}

/// Takes the address away.
///
/// # Errors
/// What every call can meet.
pub fn unshare(client: Client, plan: Option<&PlanId>) -> Call<()> {
    client.call_empty(Request::new(Method::Delete, path(plan)))
}
