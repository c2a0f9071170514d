//! Which earlier snippets of its note each snippet needs to be run before it.
//!
//! Told by names alone, which the parser found; nothing is run.

use std::collections::{BTreeMap, BTreeSet};

use super::Snippet;
use crate::config::State;
use crate::model::{Analysis, Code, Directives, Note};
use crate::notes::python2;

/// Finds them for each of `snippets`.
pub(super) fn find(notes: &[Note], snippets: &mut [Snippet], state: State) {
    let mut sessions: BTreeMap<Option<&str>, Seen> = BTreeMap::new();
    let mut setups: Vec<(Option<&str>, usize)> = Vec::new();
    let mut note = 0;
    for at in 0..snippets.len() {
        if snippets[at].note != note {
            note = snippets[at].note;
            sessions.clear();
            setups.clear();
        }
        let session = session(notes, &snippets[at]);
        let seen = sessions.entry(session).or_default();
        let mut depends_on = match state {
            State::Isolated if session.is_none() => Vec::new(),
            State::Note => seen.last(MOST_DEPENDENCIES).to_vec(),
            State::Auto | State::Isolated => used(snippets, at, seen),
        };
        depends_on.drain(..depends_on.len().saturating_sub(MOST_DEPENDENCIES));
        let prepares = |of: Option<&str>| of.is_none() || of == session;
        let of_note = setups.iter().filter(|(of, _)| prepares(*of));
        depends_on.extend(of_note.map(|(_, setup)| *setup));
        depends_on.sort_unstable();
        depends_on.dedup();
        if can_be_replayed(&snippets[at]) {
            seen.add(at, &snippets[at].facts);
            if directives(notes, &snippets[at]).setup && setups.len() < MOST_SETUPS {
                setups.push((session, at));
            }
        }
        snippets[at].depends_on = depends_on;
    }
}

/// How many earlier snippets one may depend on: the nearest, so that a note of a hundred thousand
/// takes neither memory nor time for the square of them.
const MOST_DEPENDENCIES: usize = 500;

/// How many snippets of a note may prepare all that follow.
const MOST_SETUPS: usize = 50;

/// The snippets of a session so far that can be replayed.
#[derive(Default)]
struct Seen {
    all: Vec<usize>,
    /// By name: where in `all` the last one stands that binds it.
    binders: BTreeMap<String, usize>,
    /// By name: where in `all` those stand that change its value.
    changers: BTreeMap<String, Vec<usize>>,
}

impl Seen {
    fn add(&mut self, snippet: usize, facts: &Analysis) {
        let place = self.all.len();
        self.all.push(snippet);
        for name in &facts.binds {
            self.binders.insert(name.clone(), place);
        }
        for name in &facts.changes {
            self.changers.entry(name.clone()).or_default().push(place);
        }
    }

    fn last(&self, count: usize) -> &[usize] {
        &self.all[self.all.len().saturating_sub(count)..]
    }

    /// Those that change the value of `name` behind the one at `place`, the nearest at the end.
    fn changers(&self, name: &str, place: usize) -> &[usize] {
        let places = self.changers.get(name).map_or(&[][..], Vec::as_slice);
        let behind = &places[places.partition_point(|&other| other <= place)..];
        &behind[behind.len().saturating_sub(MOST_DEPENDENCIES)..]
    }
}

fn session<'n>(notes: &'n [Note], snippet: &Snippet) -> Option<&'n str> {
    directives(notes, snippet).session.as_deref()
}

fn directives<'n>(notes: &'n [Note], snippet: &Snippet) -> &'n Directives {
    &notes[snippet.note].blocks[snippet.block].directives
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
fn used(snippets: &[Snippet], at: usize, seen: &Seen) -> Vec<usize> {
    let mut needed = BTreeSet::new();
    for name in &snippets[at].facts.uses {
        // What nothing binds by its name may have come with `from module import *`.
        let definer = seen.binders.get(name).or_else(|| seen.binders.get("*"));
        let Some(&definer) = definer else {
            continue;
        };
        let places = std::iter::once(&definer).chain(seen.changers(name, definer));
        // The nearest needs most of what the others need.
        for &place in places.rev() {
            let earlier = seen.all[place];
            if needed.insert(earlier) {
                needed.extend(&snippets[earlier].depends_on);
            }
        }
    }
    needed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Block;

    /// A snippet for each of these: what it uses, binds and changes.
    fn planned(state: State, facts: &[(&str, &str, &str)]) -> Vec<Vec<usize>> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let snippet = |(block, (uses, binds, changes)): (usize, &(&str, &str, &str))| Snippet {
            block,
            facts: Analysis {
                uses: words(uses),
                binds: words(binds),
                changes: words(changes),
                ..Analysis::default()
            },
            ..Snippet::default()
        };
        let mut snippets: Vec<Snippet> = facts.iter().enumerate().map(snippet).collect();
        let note = Note {
            blocks: vec![Block::default(); facts.len()],
            ..Note::default()
        };
        find(&[note], &mut snippets, state);
        snippets.into_iter().map(|it| it.depends_on).collect()
    }

    #[test]
    fn a_snippet_depends_on_what_defines_and_changes_what_it_uses() {
        let facts = [
            ("", "a", ""),
            ("", "b *", ""),
            ("a", "c", "a"),
            ("b", "", "b"),
            ("a", "", ""),
            ("c x", "", ""),
            ("", "a", ""),
            ("a", "", ""),
        ];
        let expected = [
            vec![],
            vec![],
            vec![0],
            vec![1],
            vec![0, 2],
            vec![0, 1, 2],
            vec![],
            vec![6],
        ];
        assert_eq!(planned(State::Auto, &facts), expected);
        assert_eq!(
            planned(State::Note, &facts[..3]),
            [vec![], vec![0], vec![0, 1]]
        );
        assert!(planned(State::Isolated, &facts).iter().all(Vec::is_empty));
    }

    #[test]
    fn what_prepares_runs_before_all_that_follows() {
        let asked = |session: Option<&str>, setup| Block {
            directives: Directives {
                session: session.map(str::to_owned),
                setup,
                ..Directives::default()
            },
            ..Block::default()
        };
        let note = Note {
            blocks: vec![
                asked(Some("a"), true),
                asked(None, false),
                asked(None, true),
                asked(Some("a"), false),
                asked(Some("b"), false),
                asked(None, false),
            ],
            ..Note::default()
        };
        let snippet = |block| Snippet {
            block,
            ..Snippet::default()
        };
        let mut snippets: Vec<Snippet> = (0..6).map(snippet).collect();
        find(&[note], &mut snippets, State::Isolated);
        let found: Vec<Vec<usize>> = snippets.into_iter().map(|it| it.depends_on).collect();
        let expected = [vec![], vec![], vec![], vec![0, 2], vec![2], vec![2]];
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_depends_on_more_than_can_be_held() {
        let mut facts = vec![("", "a", "")];
        facts.resize(3_000, ("a", "", "a"));
        for state in [State::Auto, State::Note] {
            let found = planned(state, &facts);
            assert!(found.iter().all(|some| some.len() <= MOST_DEPENDENCIES));
            let nearest: Vec<usize> = (2_999 - MOST_DEPENDENCIES..2_999).collect();
            assert_eq!(found[2_999], nearest);
        }
    }
}
