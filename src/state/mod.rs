//! The only state that pages share. What a page alone needs lives in that page; filters, tabs and
//! positions live in the URL.

pub mod clock;
pub mod connection;
pub mod live;
pub mod remote;
pub mod session;
pub mod theme;
pub mod toasts;
pub mod visits;
