//! x
pub mod language;
pub mod prompts;
pub mod python2;
pub mod tokens;
