//! One file for each command: from what was typed to what is printed and the exit code.
//!
//! They wire parts of the library together and decide nothing that a report would tell.

pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod deps;
pub(crate) mod ending;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod init;
mod keys;
pub(crate) mod list;
pub(crate) mod lsp;
pub(crate) mod means;
pub(crate) mod merge;
pub(crate) mod review;
mod stop;
pub(crate) mod watch;
