//! Words of the lists that pages share.

/// Fetches the next page of a list.
pub const SHOW_MORE: &str = "Show more";
/// The heading of a column of buttons, for screen readers.
pub const ACTIONS: &str = "Actions";
/// Closes a dialog that has done its work.
pub const DONE: &str = "Done";
