//! The console's pages as a story tells of them: what a person does on each, and reads there.
//!
//! Each screen borrows the browser that shows it. Names are those that people and screen readers
//! know the things by; nothing here knows a class or an id.

mod api_access;
mod audit_log;
mod auth_health;
mod notices;
mod security_control;
mod setup;
mod shell;
mod sign_in;
mod token_page;
mod tokens;

pub use self::api_access::ApiAccess;
pub use self::audit_log::AuditLog;
pub use self::auth_health::AuthHealth;
pub use self::notices::Notices;
pub use self::security_control::SecurityControl;
pub use self::setup::Setup;
pub use self::shell::Shell;
pub use self::sign_in::SignIn;
pub use self::token_page::TokenPage;
pub use self::tokens::Tokens;
