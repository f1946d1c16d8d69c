//! The commands that work on the database without serving: what they do and what they answer.
//! `main.rs` reads the command line and prints.

pub mod admin;
pub mod audit;
pub mod backup;
