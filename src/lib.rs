//! `verify` finds every Python snippet in a folder of Markdown notes, runs each
//! one, and says which statements of the notes are no longer true.

pub mod model;
pub mod notes;
