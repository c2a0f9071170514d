//! From paths to notes, and from notes to their blocks.
//!
//! Everything here reads: it neither runs Python nor writes a file, and it uses
//! only `model` and, to read, `files`. [`discover()`] finds the notes, [`read()`] reads one, and
//! [`blocks()`] finds the code blocks in its text together with what the author
//! asked for by directives; `quotes` finds those written as block quotes. [`language`] says what a block is written in,
//! [`prompts`] takes sessions apart, [`python2`] knows the syntax that only Python 2
//! has, and [`fragments`] tells illustrations from mistakes.
//! [`metadata`] reads what scripts say they need, `cells` the options that stand inside a block, and [`doctest`] the
//! flags of examples, `hidden` the code in comments, `named` the files that a note shows, [`includes`] those that it
//! includes. [`newer`] knows the syntax that only later Pythons have.
//! [`mentions`] finds names in running text, and [`lang`] tells which language people read in it.

mod cells;
pub mod claims;
pub mod directives;
pub mod discover;
pub mod doctest;
mod encoding;
pub mod fragments;
mod hidden;
pub mod includes;
pub mod lang;
pub mod language;
pub(crate) mod lines;
pub mod markdown;
mod marks;
pub mod mentions;
pub mod metadata;
pub mod mkdocs;
mod myst;
mod named;
pub mod newer;
pub mod pieces;
pub mod prompts;
pub mod python2;
mod quotes;
mod statements;
mod tags;
pub mod tokens;
mod words;

pub use directives::{Problem, version_matches};
pub use discover::{DiscoverError, Found, FoundNote, Read, discover, read};
pub use lines::with_feeds;
pub use markdown::{Parsed, Source, blocks, tag_word};
