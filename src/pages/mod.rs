//! One file or folder for each page: it loads, matches, and composes components. Only pages call the API.

pub mod api_access;
pub mod authorize;
pub mod connected_apps;
pub mod ending;
pub mod expiries;
pub mod forbidden;
pub mod home;
pub mod list;
pub mod list_view;
pub mod not_found;
pub mod plain_frame;
pub mod profile;
pub mod remote_view;
pub mod scope_list;
pub mod security_control;
pub mod session_dialog;
pub mod settings_frame;
pub mod setup;
pub mod setup_form;
pub mod shell;
pub mod shell_bar;
pub mod sign_in;
pub mod sign_in_form;
pub mod surroundings;
