//! One file per command.

pub(crate) mod bench;
pub(crate) mod ci;
pub(crate) mod dev;
pub(crate) mod dist;
pub(crate) mod run;
pub(crate) mod soak;
pub(crate) mod test;
