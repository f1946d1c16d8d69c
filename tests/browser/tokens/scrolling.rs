//! A list of 100 000 tokens: what is in the document, what is fetched, and the keyboard.

use super::*;

const ALL: usize = 100_000;
const LIMIT: usize = 100;

/// Gives any page of the 100 000; a cursor is the number of the first token. Notes which were asked for.
fn many(server: &Fake) -> Rc<RefCell<Vec<usize>>> {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let notes = Rc::clone(&asked);
    server.on(Method::Get, TOKENS, move |request| {
        let cursor = request.path.split_once("cursor=");
        let first = cursor.map_or(0, |(_, number)| number.parse().expect("a number"));
        notes.borrow_mut().push(first);
        let items = (first..first + LIMIT).map(|number| Token {
            id: TokenId(format!("t{number}")),
            ..token(&format!("Token {number}"))
        });
        let next = first + LIMIT;
        let page = Page {
            items: items.collect(),
            next_cursor: (next < ALL).then(|| next.to_string()),
        };
        Response::json(200, &page)
    });
    asked
}

pub async fn opened_with_many() -> (Console, Rc<RefCell<Vec<usize>>>) {
    let server = fixtures::server();
    let asked = many(&server);
    axe::put_styles();
    (Console::open_at(PAGE, server).await, asked)
}

fn reel(console: &Console) -> HtmlElement {
    select(&console.root, ".reel").remove(0)
}

fn elements() -> u32 {
    let all = leptos::prelude::document().query_selector_all("*");
    all.expect("a selector").length()
}

/// Scrolls as far as the list is known so far, until so many rows are.
async fn scroll_on(console: &Console, until: usize) {
    let reel = reel(console);
    let height = rows(console)[0].offset_height();
    for _ in 0..2 * ALL / LIMIT {
        if reel.scroll_height() / height >= i32::try_from(until).expect("few") {
            return;
        }
        reel.set_scroll_top(reel.scroll_height());
        fire(&reel, "scroll");
        settle().await;
    }
    panic!("{until} rows did not come");
}

#[wasm_bindgen_test]
async fn however_many_tokens_there_are_few_elements_are() {
    let (console, asked) = opened_with_many().await;
    assert!(asked.borrow().len() <= 2, "only what is near is fetched");
    let mut most = elements();
    for rows in (500..=3_000).step_by(1_250) {
        scroll_on(&console, rows).await;
        most = most.max(elements());
    }
    assert!(most <= 1_500, "{most} elements");
    let last = rows(&console).pop().expect("a row");
    let index: usize = last
        .get_attribute("aria-rowindex")
        .and_then(|it| it.parse().ok())
        .expect("a number");
    assert!(last.inner_text().contains(&format!("Token {}", index - 2)));
    let table = select(&console.root, "table").remove(0);
    assert_eq!(table.get_attribute("aria-rowcount").as_deref(), Some("-1"));
}

/// The number of the first row that can be seen, from what is in the document.
fn first_on_show(reel: &HtmlElement) -> usize {
    let rows = reel.query_selector_all("tr.token").expect("a selector");
    let rows = (0..rows.length()).filter_map(|place| rows.item(place));
    let mut rows = rows.map(wasm_bindgen::JsCast::unchecked_into::<HtmlElement>);
    let seen = rows.find(|row| row.offset_top() + row.offset_height() > reel.scroll_top());
    let index = seen.and_then(|row| row.get_attribute("aria-rowindex")?.parse().ok());
    index.expect("a row is on show")
}

/// Browsers know no box of any height: of what is longer, a window is in it.
#[wasm_bindgen_test]
async fn a_list_longer_than_a_box_can_be_high_is_scrolled_through_whole() {
    const LONG: usize = 200_000;
    let server = fixtures::server();
    server.on(Method::Get, TOKENS, move |request| {
        let cursor = request.path.split_once("cursor=");
        let first: usize = cursor.map_or(0, |(_, number)| number.parse().expect("a number"));
        let items = (first..first + LONG / 10).map(|number| token(&number.to_string()));
        let next = first + LONG / 10;
        let page = Page {
            items: items.collect(),
            next_cursor: (next < LONG).then(|| next.to_string()),
        };
        Response::json(200, &page)
    });
    axe::put_styles();
    let console = Console::open_at(PAGE, server).await;
    let reel = reel(&console);
    let mut highest = 0;
    let mut go = async |to: i32| {
        reel.set_scroll_top(to);
        fire(&reel, "scroll");
        settle().await;
        highest = highest.max(reel.scroll_height());
        first_on_show(&reel)
    };
    let mut last = 0;
    for _ in 0..20 {
        let row = go(i32::MAX).await;
        assert!(row >= last, "at row {row} after row {last}");
        last = row;
    }
    assert!(console.says("200,000 tokens"), "{}", console.text());
    assert!(pick(&console, "199999").is_connected());
    for _ in 0..10 {
        let row = go(0).await;
        assert!(row <= last, "at row {row} after row {last}");
        last = row;
    }
    assert!(pick(&console, "0").is_connected());
    assert!(highest < 17_800_000, "{highest} pixels");
    let styled = reel.query_selector("[style]").expect("a selector");
    assert!(
        styled.is_none(),
        "the content policy lets no style into the markup"
    );
}

#[wasm_bindgen_test]
async fn a_list_that_goes_on_is_accessible() {
    let (console, _) = opened_with_many().await;
    axe::check(&console.root).await;
}

/// Where a row stands is told by the height of one.
#[wasm_bindgen_test]
async fn every_row_is_as_high_as_the_others_at_every_width_and_has_room_for_what_is_in_it() {
    let minutes = |minutes| fixtures::NOW.saturating_add(minutes * MINUTE);
    let late = Token {
        created_at: minutes(-59),
        last_used_at: Some(minutes(-59)),
        expires_at: Some(minutes(59)),
        status: Status::Expiring,
        owner: user("Maximiliane Hohenberg-Langenfeld"),
        client: Some(ClientRef {
            id: ClientId("board".to_owned()),
            name: "Documentation of everything there is".to_owned(),
        }),
        ..held()
    };
    let console = opened(PAGE, &[token("ci-runner"), held(), late]).await;
    let tile = select(&console.root, ".reel-tile").remove(0);
    let mut crowded = Vec::new();
    // From what a window of 320 pixels has room for.
    for width in (288..1_200).step_by(8) {
        let style = tile.style();
        style
            .set_property("inline-size", &format!("{width}px"))
            .expect("a width");
        let heights: Vec<_> = rows(&console)
            .iter()
            .map(HtmlElement::offset_height)
            .collect();
        assert_eq!(heights, [heights[0]; 3], "{width} pixels wide");
        for row in rows(&console) {
            let (needs, has) = (row.scroll_height(), row.client_height());
            if needs > has {
                crowded.push(format!(
                    "{width} pixels wide, {needs} of {has}: {}",
                    row.inner_text()
                ));
            }
        }
    }
    assert!(crowded.is_empty(), "{crowded:#?}");
}

#[wasm_bindgen_test]
async fn what_was_let_go_is_fetched_again_where_it_was() {
    let (console, asked) = opened_with_many().await;
    scroll_on(&console, 2_500).await;
    let before = asked.borrow().len();
    let reel = reel(&console);
    let held = console.server.hold(Method::Get, TOKENS);
    reel.set_scroll_top(0);
    fire(&reel, "scroll");
    settle().await;
    let mut heights: Vec<_> = select(&console.root, "tr.token")
        .iter()
        .map(HtmlElement::offset_height)
        .collect();
    heights.dedup();
    let waiting = select(&console.root, "tr.token[aria-busy]");
    assert!(!waiting.is_empty(), "rows wait for their tokens");
    held.release();
    until("the first row", || console.says("Token 0")).await;
    assert!(asked.borrow()[before..].contains(&0));
    let high = rows(&console)[0].offset_height();
    assert_eq!(
        heights,
        [high],
        "the place of each row is known by their height"
    );
    let height = reel.scroll_height();
    settle().await;
    assert_eq!(
        reel.scroll_height(),
        height,
        "the list is as long as before"
    );
}

#[wasm_bindgen_test]
async fn the_keyboard_leads_from_row_to_row_and_is_never_lost() {
    let (console, _) = opened_with_many().await;
    let first = pick(&console, "Token 0");
    first.focus().expect("it takes the focus");
    for number in 1..40 {
        let at = focused().expect("a focus");
        let at: HtmlElement = wasm_bindgen::JsCast::unchecked_into(at);
        key(&at, "ArrowDown");
        fire(&reel(&console), "scroll");
        settle().await;
        assert!(focus_is_on(&format!("Select Token {number}")));
    }
    let at: HtmlElement = wasm_bindgen::JsCast::unchecked_into(focused().expect("a focus"));
    key(&at, "ArrowUp");
    assert!(focus_is_on("Select Token 38"));
    // Scrolled away with its row, the focus stays with what scrolls.
    let reel = reel(&console);
    reel.set_scroll_top(0);
    fire(&reel, "scroll");
    settle().await;
    assert!(focus_is_on("Tokens of the plan"));
}

#[wasm_bindgen_test]
async fn pages_without_tokens_are_gone_on_from() {
    let server = fixtures::server();
    server.on(Method::Get, TOKENS, |request| {
        let number = request.path.split_once("cursor=").map_or("0", |(_, it)| it);
        let number: usize = number.parse().expect("a number");
        let page = Page {
            items: if number == 5 {
                vec![token("rare")]
            } else {
                Vec::new()
            },
            next_cursor: (number < 9).then(|| (number + 1).to_string()),
        };
        Response::json(200, &page)
    });
    let console = Console::open_at(&format!("{PAGE}?text=rare"), server).await;
    until("the one that passes", || console.says("1 token")).await;
    assert_eq!(rows(&console).len(), 1);
    assert_eq!(console.server.count(Method::Get, TOKENS), 10);
}

#[wasm_bindgen_test]
async fn a_page_that_does_not_come_is_asked_for_once_more() {
    let (console, asked) = opened_with_many().await;
    console.server.set_connected(false);
    let reel = reel(&console);
    reel.set_scroll_top(reel.scroll_height());
    fire(&reel, "scroll");
    settle().await;
    assert!(console.says("What is on show stays."));
    let before = asked.borrow().len();
    console.server.set_connected(true);
    console.press(Role::Button, "Try again").await;
    assert!(asked.borrow().len() > before);
    assert!(!console.says("What is on show stays."));
}
