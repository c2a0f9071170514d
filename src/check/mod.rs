//! Judging: what the note claims, what was recorded, what happened today.
//!
//! Pure functions over plain values. Nothing in here needs Python; a test that
//! does shows that the layers are mixed up.

pub mod claims;
pub mod compare;
pub mod explain;
pub mod figures;
pub mod mask;
pub mod normalize;
mod raised;
pub mod rewrite;
pub mod steady;
mod unreached;
mod unsettled;
pub mod verdict;
