//! The history of versions.

use super::*;

#[wasm_bindgen_test]
async fn the_versions_come_in_pages_and_the_focus_stays_in_the_list() {
    let server = fixtures::server();
    let pages = [(3, 3, Some("c2")), (2, 2, Some("c3")), (1, 0, None)];
    server.on(Method::Get, HISTORY, move |request| {
        let page = match request.path.split("cursor=").nth(1) {
            None => 0,
            Some("c2") => 1,
            Some(_) => 2,
        };
        let (from, to, next): (u32, u32, Option<&str>) = pages[page];
        let items = (to..=from)
            .rev()
            .map(|number| recorded(&version(number, Some(DAYS_90), "Bo")));
        Response::json(
            200,
            &Page {
                items: items.collect(),
                next_cursor: next.map(str::to_owned),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    let rows = || crate::harness::select(&console.root, "tbody tr");
    assert_eq!(rows().len(), 1);
    console
        .get(Role::Button, "Show more")
        .focus()
        .expect("it takes the focus");
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 2);
    assert!(focus_is_on("Show more"), "there is more");
    axe::check(&console.root).await;
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 4);
    assert!(console.find(Role::Button, "Show more").is_none());
    let row = rows().into_iter().nth(2).expect("the first new one");
    assert!(focused().is_some_and(|it| it.is_same_node(Some(&row))));
}

#[wasm_bindgen_test]
async fn a_page_of_versions_that_does_not_come_can_be_asked_for_again() {
    let server = fixtures::server();
    server.on(Method::Get, HISTORY, |request| {
        if request.path.contains("cursor=") {
            return Response::problem(Kind::Internal);
        }
        let items = vec![recorded(&version(2, Some(DAYS_90), "Bo"))];
        Response::json(
            200,
            &Page {
                items,
                next_cursor: Some("c2".to_owned()),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Show more").await;
    assert!(console.says("The next rows could not be loaded."));
    assert!(console.says("Something went wrong on the server."));
    assert!(console.find(Role::Button, "Try again").is_some());
    assert_eq!(crate::harness::select(&console.root, "tbody tr").len(), 1);
}
