//! From paths to notes, and from notes to their blocks.
//!
//! Everything here reads: it neither runs Python nor writes a file, and it uses
//! only `model`. [`discover()`] finds the notes, [`read()`] reads one, and
//! [`blocks()`] finds the code blocks in its text together with what the author
//! asked for by directives.

pub mod directives;
pub mod discover;
pub mod markdown;
mod marks;
pub mod mkdocs;
mod words;

pub use directives::{Problem, version_matches};
pub use discover::{DiscoverError, Found, FoundNote, Read, discover, read};
pub use markdown::{Parsed, blocks, tag_word};
