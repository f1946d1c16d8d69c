//! Words that many places use.

/// Tries once more.
pub const TRY_AGAIN: &str = "Try again";
/// Something is being fetched.
pub const LOADING: &str = "Loading…";

/// What finds a call in the server's log, for people to pass on.
#[must_use]
pub fn reference(reference: &str) -> String {
    format!("Reference: {reference}")
}

/// The browser's title of a page.
#[must_use]
pub fn page_title(heading: &str) -> String {
    format!("{heading} · Tenure")
}
/// Closes a dialog without doing anything.
pub const CANCEL: &str = "Cancel";
/// Closes a dialog that has done its work.
pub const DONE: &str = "Done";
/// Puts a text on the clipboard.
pub const COPY: &str = "Copy";
/// The text is on the clipboard.
pub const COPIED: &str = "Copied to the clipboard.";
/// The browser did not let the page copy.
pub const COPY_REFUSED: &str =
    "Your browser did not let this page copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.";
/// Fetches the next page of a list.
pub const SHOW_MORE: &str = "Show more";
/// The heading of a column of buttons, for screen readers.
pub const ACTIONS: &str = "Actions";
/// Filters a list.
pub const FILTER: &str = "Filter";
/// Takes a filter away.
pub const SHOW_ALL: &str = "Show all";
/// A span's first day lies after its last.
pub const BACKWARDS: &str = "Pick a day that is not after the last one.";
/// Links to the file.
pub const EXPORT_CSV: &str = "Export CSV";
