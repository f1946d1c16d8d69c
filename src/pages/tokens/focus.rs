//! The focus in the table: it stays with its token, and the arrows lead from row to row.

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;

use crate::{components::dialog::focus_is_lost, form::focus};

/// The element id of what scrolls.
pub const REEL_ID: &str = "reel";
/// The element id of what takes the focus when there is no table any more that had it.
pub const ABOVE_ID: &str = "above-tokens";

/// Keeps the focus where it is, as far as that can be: a row that goes from the document takes it along, unless the
/// same row is made anew, or what scrolls gets it. Without a table the page's first line does.
pub fn keep_focus() {
    let closest = |selector| document().active_element()?.closest(selector).ok()?;
    if closest(".reel-tile").is_none() {
        return;
    }
    let picks = closest("tr.token").and_then(|row| row.query_selector("input").ok()?);
    let id = picks.map(|picks| picks.id()).unwrap_or_default();
    spawn_local(async move {
        tick().await;
        for id in [id.as_str(), REEL_ID, ABOVE_ID] {
            if focus_is_lost() {
                focus(id);
            }
        }
    });
}

/// The arrows lead from a row's box to the next one's.
pub fn on_key(event: &web_sys::KeyboardEvent) {
    let target = event.target();
    let target = target.and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
    let row = target.and_then(|it| it.closest("tr").ok()?);
    let next = row.and_then(|row| match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        _ => None,
    });
    if let Some(next) = next {
        event.prevent_default();
        if let Ok(Some(picks)) = next.query_selector("input") {
            focus(&picks.id());
        }
    }
}
