//! The rows: every route of people and of programs that act for them, and what each caller gets from it.

use tenure_domain::problem::Kind::{
    InsufficientScope, InvitationInvalid, NotFound, OwnerDeactivated, RoleRequired, SessionExpired,
    SetupLinkInvalid, StaleVersion, TokenExpired, TokenMalformed, TokenMissing, TokenRevoked,
    TokenUnknown,
};

use super::{
    CALLERS, Gets,
    Gets::{Refused, Status},
};

/// A route and what each caller gets from it.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) gets: [Gets; CALLERS.len()],
}

const OK: Gets = Status(200);
const MADE: Gets = Status(201);
const DONE: Gets = Status(204);
const NO_ROLE: Gets = Refused(RoleRequired);
const NO_SCOPE: Gets = Refused(InsufficientScope);
const NOT_THERE: Gets = Refused(NotFound);

/// Routes that look at nobody: they answer alike, even to dead tokens.
const fn open(method: &'static str, route: &'static str, gets: Gets) -> Row {
    let gets = [gets; CALLERS.len()];
    Row {
        method,
        route,
        gets,
    }
}

/// What people get, and what programs whose tokens work.
const fn guarded(
    method: &'static str,
    route: &'static str,
    [member, admin, other, pro]: [Gets; 4],
    [bare, of_member, of_admin, of_other]: [Gets; 4],
) -> Row {
    let gets = [
        Refused(TokenMissing),
        Refused(SessionExpired),
        Refused(SessionExpired),
        member,
        admin,
        other,
        pro,
        bare,
        of_member,
        of_admin,
        of_other,
        Refused(TokenExpired),
        Refused(TokenRevoked),
        Refused(OwnerDeactivated),
        Refused(TokenMalformed),
        Refused(TokenUnknown),
        Refused(TokenUnknown),
    ];
    Row {
        method,
        route,
        gets,
    }
}

/// Routes for people: tokens, however good, open none of them.
const fn people(method: &'static str, route: &'static str, gets: [Gets; 4]) -> Row {
    guarded(method, route, gets, [NO_SCOPE; 4])
}

/// Routes for people, and for programs by a scope: a program gets what its owner does. The Pro admin has no
/// token.
const fn scoped(method: &'static str, route: &'static str, gets: [Gets; 4]) -> Row {
    let [member, admin, other, _] = gets;
    guarded(method, route, gets, [NO_SCOPE, member, admin, other])
}

/// For the System Admins of the plan.
const fn admins(gets: Gets) -> [Gets; 4] {
    [NO_ROLE, gets, NO_ROLE, NO_ROLE]
}

/// For the members of the plan.
const fn members(gets: Gets) -> [Gets; 4] {
    [gets, gets, NO_ROLE, NO_ROLE]
}

/// What is the member's, and to everybody else not there.
const fn the_members(gets: Gets) -> [Gets; 4] {
    [gets, NOT_THERE, NOT_THERE, NOT_THERE]
}

/// The plan is always Acme, whose policy has version 1; changes claim to have seen version 0.
pub(super) fn rows() -> Vec<Row> {
    [public(), own(), policy(), administration()]
        .into_iter()
        .flatten()
        .collect()
}

fn public() -> Vec<Row> {
    let missing = Refused(TokenMissing);
    let mut verify = guarded("GET", "/verify", [missing; 4], [OK; 4]);
    // A cookie is none of its business.
    verify.gets[1] = missing;
    verify.gets[2] = missing;
    vec![
        open("POST", "/api/v1/setup", Refused(SetupLinkInvalid)),
        open("POST", "/api/v1/session", OK),
        open(
            "POST",
            "/api/v1/invitations/look-up",
            Refused(InvitationInvalid),
        ),
        open(
            "POST",
            "/api/v1/invitations/accept",
            Refused(InvitationInvalid),
        ),
        open("GET", "/api/v1/openapi.json", OK),
        open("GET", "/api/docs", OK),
        open("GET", "/api/docs.css", OK),
        // Nobody has this address.
        open("GET", "/calendars/{file}", NOT_THERE),
        open("GET", "/healthz", OK),
        open("GET", "/readyz", OK),
        open("GET", "/.well-known/oauth-authorization-server", OK),
        // A browser is led to the consent page, which asks who is there.
        open("GET", "/oauth/authorize", Status(303)),
        verify,
    ]
}

fn own() -> Vec<Row> {
    vec![
        guarded("GET", "/api/v1/session", [OK; 4], [OK; 4]),
        people("DELETE", "/api/v1/session", [DONE; 4]),
        scoped("GET", "/api/v1/events", [OK; 4]),
        scoped("GET", "/api/v1/me/tokens", [OK; 4]),
        scoped("POST", "/api/v1/me/tokens", members(MADE)),
        scoped("DELETE", "/api/v1/me/tokens/{token}", the_members(OK)),
        scoped(
            "POST",
            "/api/v1/me/tokens/{token}/rotate",
            the_members(MADE),
        ),
        scoped("GET", "/api/v1/me/expiries.ics", [OK; 4]),
        people("GET", "/api/v1/me/calendar", [OK; 4]),
        people("POST", "/api/v1/me/calendar", [MADE; 4]),
        people("DELETE", "/api/v1/me/calendar", [DONE; 4]),
        people("PUT", "/api/v1/me/profile", [OK; 4]),
        people("GET", "/api/v1/me/connected-apps", [OK; 4]),
        people(
            "DELETE",
            "/api/v1/me/connected-apps/{client}",
            the_members(DONE),
        ),
        people("GET", "/api/v1/oauth/authorization", members(OK)),
        people("POST", "/api/v1/oauth/authorization", members(OK)),
    ]
}

fn policy() -> Vec<Row> {
    let path = "/api/v1/plans/{plan}/expiration-policy";
    vec![
        scoped("GET", path, members(OK)),
        scoped("PUT", path, admins(Refused(StaleVersion))),
        scoped(
            "DELETE",
            "/api/v1/plans/{plan}/expiration-policy/scheduled",
            admins(Refused(StaleVersion)),
        ),
        scoped(
            "GET",
            "/api/v1/plans/{plan}/expiration-policy/history",
            admins(OK),
        ),
        scoped(
            "POST",
            "/api/v1/plans/{plan}/expiration-policy/preview",
            admins(OK),
        ),
        scoped(
            "GET",
            "/api/v1/plans/{plan}/expiration-policy/preview.csv",
            admins(OK),
        ),
        scoped(
            "GET",
            "/api/v1/plans/{plan}/expiration-policy/forecast",
            admins(OK),
        ),
    ]
}

fn administration() -> Vec<Row> {
    let deactivate = "/api/v1/plans/{plan}/users/{user}/deactivate";
    let reactivate = "/api/v1/plans/{plan}/users/{user}/reactivate";
    let scope = "/api/v1/plans/{plan}/scopes/{scope}";
    let clients = "/api/v1/plans/{plan}/oauth-clients";
    let client = "/api/v1/plans/{plan}/oauth-clients/{client}";
    let rotate = "/api/v1/plans/{plan}/oauth-clients/{client}/rotate-secret";
    let tokens = "/api/v1/plans/{plan}/oauth-clients/{client}/tokens";
    let life = "/api/v1/plans/{plan}/tokens/{token}/life";
    let reviewed = "/api/v1/plans/{plan}/tokens/{token}/reviewed";
    vec![
        people("GET", "/api/v1/plans/{plan}/calendar", admins(OK)),
        people("POST", "/api/v1/plans/{plan}/calendar", admins(MADE)),
        people("DELETE", "/api/v1/plans/{plan}/calendar", admins(DONE)),
        scoped("GET", "/api/v1/plans/{plan}/audit-events", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/auth-health", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/auth-health/tokens", admins(OK)),
        scoped(
            "POST",
            "/api/v1/plans/{plan}/audit-events/verification",
            admins(OK),
        ),
        scoped("GET", "/api/v1/plans/{plan}/tokens", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/tokens/{token}", admins(OK)),
        scoped("POST", "/api/v1/plans/{plan}/tokens/revoke", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/users", admins(OK)),
        scoped("GET", deactivate, admins(OK)),
        scoped("POST", deactivate, admins(OK)),
        scoped("POST", reactivate, admins(OK)),
        scoped("GET", life, admins(OK)),
        // The token has no such finding.
        scoped("POST", reviewed, admins(NOT_THERE)),
        people("PUT", "/api/v1/plans/{plan}/users/{user}/role", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/invitations", admins(OK)),
        people("POST", "/api/v1/plans/{plan}/invitations", admins(MADE)),
        people(
            "DELETE",
            "/api/v1/plans/{plan}/invitations/{invitation}",
            admins(NOT_THERE),
        ),
        people(
            "POST",
            "/api/v1/plans/{plan}/invitations/{invitation}/send-again",
            admins(NOT_THERE),
        ),
        scoped("GET", "/api/v1/plans/{plan}/notices", admins(OK)),
        scoped(
            "POST",
            "/api/v1/plans/{plan}/notices/{notice}/send-again",
            admins(NOT_THERE),
        ),
        scoped("GET", "/api/v1/plans/{plan}/alerts", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/alert-rules", admins(OK)),
        scoped("GET", "/api/v1/plans/{plan}/alert-rules/{kind}", admins(OK)),
        people("PUT", "/api/v1/plans/{plan}/alert-rules/{kind}", admins(OK)),
        people("GET", "/api/v1/plans/{plan}/webhook", admins(OK)),
        people("PUT", "/api/v1/plans/{plan}/webhook", admins(OK)),
        people("DELETE", "/api/v1/plans/{plan}/webhook", admins(DONE)),
        people(
            "POST",
            "/api/v1/plans/{plan}/webhook/test",
            admins(NOT_THERE),
        ),
        people("GET", "/api/v1/plans/{plan}/scopes", members(OK)),
        people("PUT", scope, admins(OK)),
        people("DELETE", scope, admins(DONE)),
        people("GET", clients, admins(OK)),
        people("POST", clients, admins(MADE)),
        people("GET", client, admins(OK)),
        people("PUT", client, admins(OK)),
        people("DELETE", client, admins(DONE)),
        people("POST", rotate, admins(OK)),
        people("GET", tokens, admins(OK)),
        people("POST", "/api/v1/plans/{plan}/checks", members(OK)),
    ]
}
