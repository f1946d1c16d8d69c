//! Personal Settings > Profile.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role},
};

#[wasm_bindgen_test]
async fn the_profile_shows_who_one_is_and_what_one_is_in_each_plan() {
    let console = Console::open("/settings/profile").await;
    for words in ["Ada", "ada@acme.example", "System Admin", "Pro", "Member"] {
        assert!(console.says(words), "{words}");
    }
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn whoever_is_in_no_plan_is_told_what_to_do() {
    let server = fixtures::server_of(&fixtures::session("Cy", Vec::new()));
    let console = Console::open_at("/settings/profile", server).await;
    console.get(Role::Heading, "Plans");
    assert!(console.says("Ask a System Admin to add you to one."));
    axe::check(&console.root).await;
}
