//! The OpenAPI document and the page made from it.

use axum::http::StatusCode;
use serde_json::Value;
use tenure_domain::{problem::Kind, scope::OwnScope};

use super::app::TestApp;
use super::callers::Anonymous;

fn document() -> Value {
    serde_json::to_value(tenure_server::router::document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
        })
        .collect()
}

#[tokio::test]
async fn the_document_is_served_as_it_is_printed() {
    let app = TestApp::start().await;
    let answer = app
        .get(&Anonymous, "/api/v1/openapi.json")
        .await
        .expect(StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    let served: Value = answer.read();
    assert_eq!(served, document());
    assert_eq!(served["openapi"], "3.1.0");
}

#[test]
fn every_operation_is_described_and_named_once() {
    let document = document();
    let mut ids = Vec::new();
    for (place, operation) in operations(&document) {
        assert!(operation["summary"].is_string(), "{place}");
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{place}"
        );
        assert!(operation["security"].is_array(), "{place}");
        ids.push(operation["operationId"].as_str().expect(&place).to_owned());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{place}: {parameter}");
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// Every error answer whose body is of this media type and schema, with its place and its codes.
fn errors_of(media_type: &str, schema: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (place, operation) in operations(&document()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if !status.starts_with(['4', '5']) || is_of_clients(&place) != (schema != "Problem") {
                continue;
            }
            let place = format!("{place} {status}");
            let content = response["content"].as_object().expect(&place);
            assert_eq!(content.len(), 1, "{place}");
            let reference = &content[media_type]["schema"]["$ref"];
            let expected = format!("#/components/schemas/{schema}");
            assert_eq!(reference, expected.as_str(), "{place}");
            let codes = response["x-codes"].as_array().expect(&place);
            let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
            found.push((place, codes.collect()));
        }
    }
    found
}

/// The endpoints whose errors have the shape of RFC 6749.
fn is_of_clients(place: &str) -> bool {
    [
        "post /oauth/token",
        "post /oauth/revoke",
        "post /oauth/introspect",
    ]
    .contains(&place)
}

#[test]
fn every_problem_answer_lists_its_codes() {
    let mut documented = std::collections::BTreeSet::new();
    for (place, codes) in errors_of("application/problem+json", "Problem") {
        let count = codes.len();
        let once: std::collections::BTreeSet<String> = codes.into_iter().collect();
        assert_eq!(once.len(), count, "{place}");
        documented.extend(once);
    }
    // It has no operation: it answers what no operation does.
    let nowhere = [Kind::MethodNotAllowed];
    for kind in Kind::ALL.iter().filter(|kind| !nowhere.contains(kind)) {
        assert!(documented.contains(kind.code()), "{}", kind.code());
    }
}

#[test]
fn the_errors_of_the_endpoints_for_clients_have_the_shape_and_the_codes_of_rfc_6749() {
    // RFC 6749, sections 4.1.2.1 and 5.2.
    let standard = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
    ];
    let found = errors_of("application/json", "OauthErrorBody");
    assert!(found.len() >= 3 * 5, "{found:?}");
    for (place, codes) in found {
        assert!(!codes.is_empty(), "{place}");
        for code in codes {
            assert!(standard.contains(&code.as_str()), "{place}: {code}");
        }
    }
    let document = document();
    let body = &document["components"]["schemas"]["OauthErrorBody"];
    let members: Vec<&String> = body["properties"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description"]);
    assert_eq!(
        body["required"],
        serde_json::json!(["error", "error_description"])
    );
}

/// What a program's token opens stands with the operation: the scopes are Tenure's own, and each of them
/// opens something.
#[test]
fn the_scopes_of_each_operation_are_documented() {
    let mut opened = std::collections::BTreeSet::new();
    for (place, operation) in operations(&document()) {
        for alternative in operation["security"].as_array().expect(&place) {
            for scope in alternative["token"].as_array().into_iter().flatten() {
                opened.insert(scope.as_str().unwrap().to_owned());
            }
        }
    }
    let own = OwnScope::ALL.map(|scope| scope.as_str().to_owned()).into();
    assert_eq!(opened, own);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_page_shows_every_operation_and_needs_no_exception_from_the_policy() {
    let app = TestApp::start().await;
    let answer = app
        .get(&Anonymous, "/api/docs")
        .await
        .expect(StatusCode::OK);
    let page = String::from_utf8(answer.body).unwrap();
    for (place, operation) in operations(&document()) {
        let summary = operation["summary"].as_str().unwrap();
        assert!(page.contains(summary), "{place}: {summary}");
    }
    for banned in ["<script", "style=", "onclick", "http://", "https://"] {
        assert!(!page.contains(banned), "{banned}");
    }
    for schema in document()["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(page.contains(&format!("id=\"{schema}\"")), "{schema}");
    }
    let style = app
        .get(&Anonymous, "/api/docs.css")
        .await
        .expect(StatusCode::OK);
    assert_eq!(style.header("content-type"), "text/css");
}

/// Routes that are registered without being documented would escape the matrix: there are two, the
/// paths below `/verify`, which have their own tests.
#[test]
fn routes_are_registered_with_their_documentation() {
    let router = include_str!("../../src/router.rs");
    let (router, _its_tests) = router.split_once("#[cfg(test)]").expect("tests");
    let undocumented = router.matches(".route(").count();
    assert_eq!(undocumented, router.matches(".route(\"/verify/").count());
}

/// The table of problems in the guide has every one, by its status.
#[test]
fn the_guide_has_every_problem() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/API.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, table) = guide.split_once("| status | codes |").expect("the table");
    let (table, _) = table.split_once("\n\n").expect("its end");
    let mut told = Vec::new();
    for row in table.lines().skip(2) {
        let mut cells = row.split('|').skip(1);
        let (statuses, codes) = (cells.next().unwrap(), cells.next().unwrap());
        for code in codes.split('`').skip(1).step_by(2) {
            let kind = Kind::ALL.iter().find(|kind| kind.code() == code);
            // What stands beside a code, as `errors`, is none.
            let Some(kind) = kind else { continue };
            let status = kind.status().to_string();
            assert!(statuses.contains(&status), "{code} is a {status}: {row}");
            told.push(kind.code());
        }
    }
    let missing = Kind::ALL.iter().map(|kind| kind.code());
    let missing: Vec<_> = missing.filter(|code| !told.contains(code)).collect();
    assert_eq!(missing, [""; 0]);
}
