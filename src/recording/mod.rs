//! Recordings: the files under `expected/`, one for each note.
//!
//! Reading, finding the entry of a snippet, and writing. What belongs into an
//! entry is not decided here.

pub mod figures;
mod file;
mod matching;

pub use file::{
    RecordingError, Stored, folders, is_recording, list, lock, parse, path_of, read, remove,
    remove_unfinished, render, stays_inside, write,
};
pub use matching::{Key, match_entries};

/// The first twelve hexadecimal digits of the BLAKE3 hash of a snippet's text, by
/// which its entry is found. White space at the ends of lines does not count.
pub fn code_hash(text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in text.trim_end().lines() {
        hasher.update(line.trim_end().as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex()[..12].to_owned()
}
