//! Which earlier snippets of its note each snippet needs to be run before it.
//!
//! Told by names alone, which the parser found; nothing is run.

use std::collections::BTreeSet;

use super::Snippet;
use crate::config::State;
use crate::model::{Code, Note};
use crate::notes::python2;

/// Finds them for each of `snippets`.
pub(super) fn find(notes: &[Note], snippets: &mut [Snippet], state: State) {
    let mut first = 0;
    let replayed: Vec<bool> = snippets.iter().map(can_be_replayed).collect();
    for at in 0..snippets.len() {
        if snippets[first].note != snippets[at].note {
            first = at;
        }
        let session = &session(notes, &snippets[at]);
        let seen: Vec<usize> = (first..at)
            .filter(|&earlier| {
                replayed[earlier] && session == &self::session(notes, &snippets[earlier])
            })
            .collect();
        snippets[at].depends_on = match state {
            State::Isolated if session.is_none() => Vec::new(),
            State::Note => seen,
            State::Auto | State::Isolated => used(snippets, at, &seen),
        };
    }
}

fn session<'n>(notes: &'n [Note], snippet: &Snippet) -> Option<&'n str> {
    notes[snippet.note].blocks[snippet.block]
        .directives
        .session
        .as_deref()
}

/// True where a snippet can be run before another one: Python 2 in the form that Python 3 accepts,
/// if that means the same.
fn can_be_replayed(snippet: &Snippet) -> bool {
    let is_exact = |written: &Code| {
        let mut pieces = written.pieces.iter();
        pieces.all(|piece| python2::modernize(&piece.text).is_exact)
    };
    snippet.skip.is_none()
        && !(snippet.written.is_some() && snippet.is_endless())
        && snippet.written.as_ref().is_none_or(is_exact)
}

/// Those of `seen` that define what the snippet uses, what changes that in between, and what these need.
fn used(snippets: &[Snippet], at: usize, seen: &[usize]) -> Vec<usize> {
    let mut needed = BTreeSet::new();
    for name in &snippets[at].facts.uses {
        let last_that_binds = |name: &str| {
            let binds =
                |&earlier: &usize| snippets[earlier].facts.binds.iter().any(|it| it == name);
            seen.iter().rposition(binds)
        };
        // What nothing binds by its name may have come with `from module import *`.
        let Some(definer) = last_that_binds(name).or_else(|| last_that_binds("*")) else {
            continue;
        };
        let changers = seen[definer + 1..]
            .iter()
            .filter(|&&earlier| snippets[earlier].facts.changes.contains(name));
        for &earlier in std::iter::once(&seen[definer]).chain(changers) {
            needed.insert(earlier);
            needed.extend(&snippets[earlier].depends_on);
        }
    }
    needed.into_iter().collect()
}
