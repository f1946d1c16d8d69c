//! What stands around every page.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe,
    harness::{Console, Role, address},
};

#[wasm_bindgen_test]
async fn the_start_page_leads_an_admin_to_security_and_control() {
    let console = Console::open("/").await;
    assert_eq!(address(), "/plans/acme/security-control");
    let link = console.get(Role::Link, "Security & Control");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    axe::check(&console.root).await;
}
