//! A line of text with a button that copies it.

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::reactive::{dynamic, effect};
use crate::{
    components::{
        button::{Button, Weight},
        icon::{Icon, Symbol},
    },
    text,
};

/// How the last try to copy went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    NotTried,
    Copied,
    Refused,
}

/// A line that can be selected, and a button that copies it. Where the browser refuses, the line is
/// selected and the person is told the keys.
#[component]
pub fn CopyLine(
    /// What is copied. It is held by the page alone, and shown.
    text: String,
    /// The accessible name of the line.
    label: &'static str,
    /// The words on the button.
    action: &'static str,
    /// How much the button stands out.
    #[prop(optional)]
    weight: Weight,
    /// Called once the text is on the clipboard.
    #[prop(optional)]
    on_copied: Option<Callback<()>>,
    /// How many lines it takes on a wide screen.
    #[prop(default = 1)]
    rows: u8,
    /// The line takes the focus, and is selected, when it appears.
    #[prop(optional)]
    takes_focus: bool,
) -> impl IntoView {
    let line = NodeRef::<html::Textarea>::new();
    let outcome = RwSignal::new(Outcome::NotTried);
    effect(move || {
        if let Some(line) = line.get().filter(|_| takes_focus) {
            // A focus that fails leaves it where the dialog has put it.
            let _ = line.focus();
        }
    });
    let tell_copied = move || {
        if let Some(on_copied) = on_copied {
            on_copied.run(());
        }
    };
    let copied = text.clone();
    let copy = Callback::new(move |()| {
        let text = copied.clone();
        spawn_local(async move {
            let done = write_to_clipboard(&text).await || copy_selection(line);
            let result = if done {
                Outcome::Copied
            } else {
                Outcome::Refused
            };
            // The dialog may be closed by now, and the signal gone with it.
            if outcome.try_set(result).is_none() && done {
                tell_copied();
            }
        });
    });
    view! {
        <div class="copy-line">
            <textarea
                class="mono"
                rows=rows
                spellcheck="false"
                readonly
                node_ref=line
                aria-label=label
                prop:value=text
                on:focus=move |_| select(line)
                on:copy=move |_| {
                    outcome.set(Outcome::Copied);
                    tell_copied();
                }
            ></textarea>
            <Button weight on_press=copy>
                <Icon symbol=Symbol::Copy/>
                {action}
            </Button>
        </div>
        <p class="copy-status small muted" role="status">
            {dynamic(move || match outcome.get() {
                Outcome::NotTried => "",
                Outcome::Copied => text::common::COPIED,
                Outcome::Refused => text::common::COPY_REFUSED,
            })}
        </p>
    }
}

/// Asks the browser's clipboard, which exists only in a secure context.
async fn write_to_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    let Some(clipboard) = clipboard
        .ok()
        .and_then(|it| it.dyn_into::<web_sys::Clipboard>().ok())
    else {
        return false;
    };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The older way, which works without a secure context: select the line and copy the selection.
fn copy_selection(line: NodeRef<html::Textarea>) -> bool {
    select(line);
    document()
        .dyn_into::<web_sys::HtmlDocument>()
        .is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
}

fn select(line: NodeRef<html::Textarea>) {
    if let Some(line) = line.try_get_untracked().flatten() {
        line.select();
    }
}
