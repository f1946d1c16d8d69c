//! Copying a line.

use super::*;

/// Makes the browser's clipboard take texts, or refuse them, and the old command fail.
pub fn set_clipboard(works: bool) {
    let script = if works {
        "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); };"
    } else {
        "navigator.clipboard.writeText = () => Promise.reject(new Error('no'));\
         document.execCommand = () => false;"
    };
    js_sys::Function::new_no_args(script)
        .call0(&JsValue::UNDEFINED)
        .expect("a script");
}

/// What was put on the clipboard last.
pub fn clipboard() -> Option<String> {
    js_sys::Reflect::get(&window(), &"copied".into())
        .ok()?
        .as_string()
}

#[wasm_bindgen_test]
async fn a_line_is_copied_and_says_so() {
    set_clipboard(true);
    let told = RwSignal::new(false);
    let (root, take_away) = mount(move || {
        let on_copied = Callback::new(move |()| told.set(true));
        view! {
            <CopyLine text="tnr_pat_1".to_owned() label="Your new token" action="Copy" on_copied/>
        }
    });
    settle().await;
    assert_eq!(accessible_name(&one(&root, "textarea")), "Your new token");
    button(&root, "Copy").click();
    settle().await;
    assert_eq!(clipboard().as_deref(), Some("tnr_pat_1"));
    assert!(told.get_untracked());
    assert_eq!(
        one(&root, "[role=status]").inner_text(),
        text::common::COPIED
    );
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
async fn a_browser_that_refuses_to_copy_leaves_the_line_selected_and_says_what_to_do() {
    set_clipboard(false);
    let told = RwSignal::new(false);
    let (root, take_away) = mount(move || {
        let on_copied = Callback::new(move |()| told.set(true));
        view! { <CopyLine text="tnr_pat_1".to_owned() label="Token" action="Copy" on_copied/> }
    });
    settle().await;
    button(&root, "Copy").click();
    settle().await;
    assert!(!told.get_untracked(), "it was not copied");
    assert_eq!(
        one(&root, "[role=status]").inner_text(),
        text::common::COPY_REFUSED
    );
    let line: web_sys::HtmlTextAreaElement = one(&root, "textarea").unchecked_into();
    assert_eq!(line.selection_end().expect("a selection"), Some(9));
    fire(&line, "copy");
    settle().await;
    assert!(told.get_untracked(), "copied by hand");
    take_away();
}
