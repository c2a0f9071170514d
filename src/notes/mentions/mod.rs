//! Names in running text: inline code of prose, and bare words that can only be Python's.
//!
//! A pure function from a note to *mentions*. It says what is named, where, and whether the text
//! itself puts the name down as old; whether Python still has the name is not decided here.
//! Words that could mean anything else are no mentions: a miss is better than a false alarm.

mod idioms;
mod names;
mod old;
mod passages;
mod types;

use std::collections::HashSet;

use super::python2::Idiom;
use crate::model::Block;
pub use old::is_about_old;
use passages::{Kind, Passage};

/// One name in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The line of the note.
    pub line: usize,
    /// The text of the heading above.
    pub heading: String,
    /// The name as the note writes it.
    pub text: String,
    /// What is meant by it.
    pub named: Named,
    /// The sentence or the heading above says that it is old, or is about an old Python.
    pub quiet: bool,
    /// It is a word of a sentence, not inline code.
    pub bare: bool,
}

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// Something with this dotted name: `sys.maxint`, `dict.has_key`, `xrange`.
    Name(String),
    /// Syntax that only Python 2 has.
    Syntax(Idiom),
    /// What a rule of the catalogue is about, by its slug.
    Rule(&'static str),
}

/// The mentions of a note, in the order of the text; one for each name and line.
pub fn mentions(text: &str, blocks: &[Block]) -> Vec<Mention> {
    let note = About {
        has_python: blocks.iter().any(|block| block.language.is_snippet()),
        text,
    };
    let inside = |line: usize| {
        // They are in the order of their lines, and none overlaps another.
        let begun = blocks.partition_point(|block| block.lines.first <= line);
        let last = begun.checked_sub(1).map(|at| blocks[at].lines.last);
        last.is_some_and(|last| line <= last)
    };
    let passages = passages::of(text);
    let mut found: Vec<Mention> = passages
        .iter()
        .flat_map(|passage| of_passage(passage, note))
        .chain(types::mentions(&passages, note))
        .chain(idioms::mentions(&passages, note))
        .filter(|mention| !inside(mention.line))
        .collect();
    found.sort_by_key(|mention| mention.line);
    let mut seen = HashSet::new();
    found.retain(|mention| seen.insert((mention.line, key(&mention.named))));
    hush(&mut found);
    found
}

/// Makes a name quiet throughout a note that says once that it is old: its author knows.
fn hush(found: &mut [Mention]) {
    let quiet = found.iter().filter(|mention| mention.quiet);
    let old: HashSet<String> = quiet.map(|mention| key(&mention.named)).collect();
    for mention in found {
        mention.quiet |= old.contains(&key(&mention.named));
    }
}

fn key(named: &Named) -> String {
    match named {
        Named::Name(name) => name.clone(),
        Named::Syntax(idiom) => idiom.rule.to_owned(),
        Named::Rule(slug) => (*slug).to_owned(),
    }
}

/// What is known about the whole note.
#[derive(Clone, Copy, Debug)]
struct About<'a> {
    /// It has a snippet: words that other languages have too can be Python's.
    has_python: bool,
    text: &'a str,
}

fn of_passage(passage: &Passage, note: About<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    for piece in &passage.pieces {
        let named = match piece.kind {
            Kind::Code if note.has_python && passage.calls_it_module(piece) => {
                names::module(&piece.text)
            }
            Kind::Code => names::in_code(&piece.text, note),
            Kind::Prose => names::in_prose(&piece.text, note),
        };
        found.extend(named.into_iter().map(|(at, text, named)| Mention {
            line: piece.line,
            heading: passage.heading.clone(),
            quiet: passage.is_old(piece.at + at),
            bare: piece.kind == Kind::Prose,
            text,
            named,
        }));
    }
    found
}

#[cfg(test)]
mod tests;
