//! How fast the notes of a folder are taken apart into blocks, beside the parser alone on the
//! same bytes: `cargo bench --bench folder -- FOLDER`.
//!
//! The parser alone is asked for no more than the code of each block and its first line. Both
//! take turns note by note, so that what else the machine does slows both down, on one core and
//! on all. Without a folder, generated notes are measured.

#![allow(clippy::print_stdout)]

mod corpus;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rayon::prelude::*;
use verify::notes::discover::{self, Read};
use verify::notes::markdown;

const ROUNDS: usize = 9;

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let notes = folder.map_or_else(|| corpus::notes(100, 10), |folder| read(&folder.into()));
    let bytes: usize = notes.iter().map(String::len).sum();
    println!("{} notes, {bytes} bytes", notes.len());
    tell("one core", bytes, || {
        let times = notes.iter().map(|text| Times::of(text));
        times.fold(Times::default(), Times::and)
    });
    tell("all cores", bytes, || {
        let times = notes.par_iter().map(|text| Times::of(text));
        times.reduce(Times::default, Times::and)
    });
}

/// How long both took.
#[derive(Clone, Copy, Default)]
struct Times {
    alone: Duration,
    blocks: Duration,
}

impl Times {
    fn of(text: &str) -> Self {
        Self {
            alone: timed(|| drop(black_box(code(text)))),
            blocks: timed(|| drop(black_box(markdown::blocks(text)))),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            alone: self.alone + other.alone,
            blocks: self.blocks + other.blocks,
        }
    }

    fn ratio(self) -> f64 {
        self.alone.as_secs_f64() / self.blocks.as_secs_f64()
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// Says how fast both are for each core, of the round with the median ratio.
fn tell(name: &str, bytes: usize, round: impl Fn() -> Times) {
    let mut rounds: Vec<Times> = (0..ROUNDS).map(|_| round()).collect();
    rounds.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let times = rounds[ROUNDS / 2];
    // Bytes in a microsecond are megabytes in a second.
    let speed = |time: Duration| bytes as u128 / time.as_micros().max(1);
    println!(
        "{name}: parser alone {} MB/s, blocks {} MB/s, ratio {:.2}",
        speed(times.alone),
        speed(times.blocks),
        times.ratio(),
    );
}

/// The code of each block with its first line, as the parser tells them.
fn code(text: &str) -> Vec<(usize, String)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let (mut line, mut counted) = (1, 0);
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::CodeBlock(kind)), _) => {
                line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..range.start]).count();
                counted = range.start;
                open = Some((line + usize::from(kind.is_fenced()), String::new()));
            }
            (Event::Text(text), Some((_, code))) => code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), _) => found.extend(open.take()),
            _ => {}
        }
    }
    found
}

fn read(folder: &PathBuf) -> Vec<String> {
    let found = discover::discover(std::slice::from_ref(folder), folder);
    let notes = found.map(|found| found.notes).unwrap_or_default();
    let texts = notes.iter().filter_map(|note| match discover::read(note) {
        Ok(Read::Text(text)) => Some(text),
        _ => None,
    });
    texts.collect()
}
