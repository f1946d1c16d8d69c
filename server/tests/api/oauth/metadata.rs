//! RFC 8414.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::world::World;
use crate::callers::Anonymous;

#[tokio::test]
async fn the_metadata_names_every_endpoint_and_nothing_that_is_not_there() {
    let world = World::new().await;
    let path = "/.well-known/oauth-authorization-server";
    let answer = world.app.get(&Anonymous, path).await.expect(StatusCode::OK);
    let metadata: Value = answer.read();
    assert_eq!(metadata["issuer"], "http://tenure.test");
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("introspection_endpoint", "/oauth/introspect"),
    ] {
        assert_eq!(metadata[name], format!("http://tenure.test{path}"));
    }
    assert_eq!(metadata["response_types_supported"], json!(["code"]));
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        json!(["S256"])
    );
    assert_eq!(
        metadata["grant_types_supported"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(
        metadata["token_endpoint_auth_methods_supported"],
        json!(["none", "client_secret_basic", "client_secret_post"])
    );
    assert_eq!(
        metadata["introspection_endpoint_auth_methods_supported"],
        json!(["client_secret_basic", "client_secret_post"])
    );
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
}
