//! How fast the parts of the driver are, each alone: `cargo bench`.
//!
//! No Python runs here: what a parser or a run would say is made up.

mod corpus;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use pulldown_cmark::{Options, Parser};
use verify::check::claims;
use verify::check::normalize;
use verify::config::State;
use verify::model::{Analysis, Code, End, Event, EventKind, Note, StatementKind, Trace};
use verify::notes::{claims as said, markdown};
use verify::plan;
use verify::python::pool::{PoolError, Runner};
use verify::python::protocol::Job;

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [10, 100, 1000];

fn note(text: String) -> Note {
    Note {
        blocks: markdown::blocks(&text).blocks,
        text,
        ..Note::default()
    }
}

/// What the blocks are compared with: the parser alone, on the same bytes.
#[divan::bench(args = SIZES)]
fn markdown_alone(bencher: Bencher<'_, '_>, snippets: usize) {
    let text = corpus::note(snippets);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        Parser::new_ext(black_box(&text), options)
            .into_offset_iter()
            .count()
    });
}

#[divan::bench(args = SIZES)]
fn blocks(bencher: Bencher<'_, '_>, snippets: usize) {
    let text = corpus::note(snippets);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| markdown::blocks(black_box(&text)));
}

#[divan::bench(args = SIZES)]
fn claims_of_a_note(bencher: Bencher<'_, '_>, snippets: usize) {
    let note = note(corpus::note(snippets));
    bencher.counter(ItemsCount::new(snippets)).bench(|| {
        let read = |at: usize| {
            let prompts = note.blocks[at].text.starts_with(">>>");
            said::read(&note, at, prompts).claims.len()
        };
        (0..note.blocks.len()).map(read).sum::<usize>()
    });
}

/// A parser that takes everything for a call.
struct Calls;

impl Runner for Calls {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        let facts = Analysis {
            statements: vec![StatementKind::Call],
            ..Analysis::default()
        };
        Ok(vec![facts; sources.len()])
    }

    fn run(&self, jobs: &[Job], _: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        Ok(jobs.iter().map(|_| None).collect())
    }
}

/// All of a listing but reading files and Python's own parser.
#[divan::bench(args = [10, 100])]
fn plan_of_notes(bencher: Bencher<'_, '_>, count: usize) {
    let texts = corpus::notes(count, 10);
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| texts.clone())
        .bench_values(|texts| {
            let notes = texts.into_iter().map(note).collect();
            plan::plan(notes, &Calls, State::Auto, (3, 11, 0)).map(|plan| plan.snippets.len())
        });
}

/// What printed each of these lines.
fn trace(printed: &[(u32, &str)]) -> Trace {
    let events = printed.iter().map(|(line, text)| Event {
        line: *line,
        top: *line,
        kind: EventKind::Stdout((*text).to_owned()),
    });
    Trace {
        events: events.collect(),
        dropped: 0,
        end: End::Finished,
        in_replay: false,
        open: Vec::new(),
        seconds: 0.0,
    }
}

#[divan::bench]
fn compare_claims(bencher: Bencher<'_, '_>) {
    let text =
        "```python\nprint(3 + 4)  # 7\nprint([1, 2])  # [1, 2]\nprint(0.1 + 0.2)  # 0.3\n```\n";
    let note = note(text.to_owned());
    let claims = said::read(&note, 0, false).claims;
    let trace = trace(&[(2, "7\n"), (3, "[1, 2]\n"), (4, "0.30000000000000004\n")]);
    bencher
        .counter(ItemsCount::new(claims.len()))
        .bench(|| claims::check(black_box(&claims), Some(&trace), None, (3, 11, 0)));
}

#[divan::bench]
fn outcome_of_a_run(bencher: Bencher<'_, '_>) {
    let trace = trace(&[
        (1, "7\n"),
        (2, "it took 0.25 s\n"),
        (3, "/opt/python/lib\n"),
    ]);
    let installation = ["/opt/python".to_owned()];
    bencher.bench(|| normalize::outcome(black_box(&trace), false, &installation));
}
