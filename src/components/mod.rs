//! What pages are made of: values in, callbacks out. Components know neither the API nor routes.

pub mod banner;
pub mod button;
pub mod chart;
pub mod checklist;
pub mod confirm;
pub mod copy_button;
pub mod date_time;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod heading;
pub mod icon;
pub mod menu;
pub mod nav;
pub mod period_sentence;
pub mod problem_view;
pub mod relative_time;
pub mod series;
pub mod skeleton;
pub mod status_pill;
pub mod switch;
pub mod toasts;
pub mod top_bar;
