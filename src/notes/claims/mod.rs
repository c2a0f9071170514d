//! Reads claims: what a note itself says about what its snippets do.
//!
//! Pure functions from text to claims; nothing is run, and what is no claim without doubt is
//! left alone: prose is never taken for one.

mod after;
mod below;
mod comments;
mod labels;
mod meaning;
mod prompts;
mod scope;
mod source;
mod statements;
mod traceback;
mod values;

use regex::Regex;

use crate::model::{Claim, Note};
pub use labels::{after_label, is_output_label};
pub use scope::scope_of;
pub use source::Source;

/// What was read in one block and below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The claims, in the order of their lines.
    pub claims: Vec<Claim>,
    /// The block's text without what is no code (shown outputs are blank lines, `x -> 1` is `x`);
    /// as many lines as the block, and `None` where all of it is code.
    pub code: Option<String>,
}

/// Reads the claims of block `at` of `note`: those in the block itself and those that follow it.
/// `prompts` says that the block is a prompt session.
pub fn read(note: &Note, at: usize, prompts: bool) -> Reading {
    let Some(block) = note.blocks.get(at) else {
        return Reading::default();
    };
    let source = Source::of(&note.text, block);
    if prompts {
        return Reading {
            claims: prompts::read(source),
            code: None,
        };
    }
    Reading {
        claims: after::read(note, at),
        code: None,
    }
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}
