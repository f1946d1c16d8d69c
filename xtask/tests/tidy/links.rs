//! Links to the console's pages that the server writes: each leads to a page that the console has.

use std::collections::BTreeSet;

use crate::none;
use crate::sources::{Source, rust_files};

/// Where the console's routes are.
const ROUTES: &str = "src/route.rs";
/// Where the server's links are.
const LINKS: &str = "server/src/links.rs";
/// What a page's path can begin with.
const PLACES: [&str; 4] = ["/plans/", "/settings/", "/setup", "/invitation#"];

/// A path with `{}` in place of whatever is filled in, without what is in a query or a fragment.
fn shape(path: &str) -> String {
    let path = path.split(['?', '#', '"', ' ', '\\']).next();
    let mut out = String::new();
    for (place, part) in path.unwrap_or_default().split('{').enumerate() {
        if place > 0 {
            out.push_str("{}");
        }
        out.push_str(part.split_once('}').map_or(part, |(_, after)| after));
    }
    out
}

/// The paths that the console makes of its routes.
fn routes(source: &Source) -> BTreeSet<String> {
    let makes = source.text.split_once("pub fn path(&self)");
    let makes = makes.map_or("", |(_, after)| after);
    let makes = makes.split("\n    }\n").next().unwrap_or_default();
    let literals = makes.split('"').skip(1).step_by(2);
    literals.map(shape).collect()
}

/// What follows the server's own address, in a line: a page of the console.
fn links(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for place in PLACES {
        for (at, _) in line.match_indices(place) {
            if line[..at].ends_with('}') {
                found.push(shape(&line[at..]));
            }
        }
    }
    found
}

fn complaints(source: &Source, routes: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (at, line) in source.code() {
        for link in links(line) {
            let path = &source.path;
            if path != LINKS {
                complaints.push(format!("{path}:{at}: {link} belongs into {LINKS}"));
            } else if !routes.contains(&link) {
                complaints.push(format!(
                    "{path}:{at}: the console has no page {link}; its pages are in {ROUTES}"
                ));
            }
        }
    }
    complaints
}

#[test]
fn every_link_of_the_servers_leads_to_a_page_of_the_console() {
    let all = rust_files();
    let named = |path: &str| all.iter().find(|source| source.path == path);
    let routes = routes(named(ROUTES).expect("the console's routes"));
    assert!(routes.contains("/settings/profile") && routes.len() > 10);
    let written = named(LINKS).expect("the server's links").code();
    assert!(written.flat_map(|(_, line)| links(line)).count() > 5);
    let of_server = all
        .iter()
        .filter(|source| source.path.starts_with("server/src/"));
    let found: Vec<_> = of_server
        .flat_map(|source| complaints(source, &routes))
        .collect();
    none(&found);
}

#[test]
fn a_page_that_is_not_there_and_a_link_elsewhere_are_found() {
    let console =
        "pub fn path(&self) -> String {\n        a => format!(\"/plans/{}/users\", x),\n    }\n";
    let routes = routes(&Source::sample(ROUTES, console));
    let right = "format!(\"{public_url}/plans/{plan}/users?state=active\")";
    let wrong = "format!(\"{public_url}/plans/{plan}/people\")";
    let found = |path: &str, text: &str| complaints(&Source::sample(path, text), &routes).len();
    assert_eq!(found(LINKS, right), 0);
    assert_eq!(found(LINKS, wrong), 1);
    assert_eq!(found("server/src/ops/calendars.rs", right), 1);
    assert_eq!(found("server/src/router.rs", "\"/plans/{plan}/users\""), 0);
}
