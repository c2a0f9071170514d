//! Which entry of a recording belongs to which snippet of the note.
//!
//! First by code. What is left was edited or moved: then the heading and the order
//! decide, among the entries that stand between the same neighbours.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::Entry;

/// What is known of a snippet that looks for its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// The heading above it.
    pub heading: &'a str,
    /// The hash of its text.
    pub code: String,
}

/// For each snippet the index of its entry, each entry at most once.
pub fn match_entries(snippets: &[Key<'_>], entries: &[Entry]) -> Vec<Option<usize>> {
    let mut found = by_code(snippets, entries);
    for pass in [same_heading as fn(&Key<'_>, &Entry) -> bool, |_, _| true] {
        between_neighbours(snippets, entries, &mut found, pass);
    }
    by_heading(snippets, entries, &mut found);
    found
}

/// The same code; of several with the same code those under the same heading first, in order.
fn by_code(snippets: &[Key<'_>], entries: &[Entry]) -> Vec<Option<usize>> {
    let mut found = vec![None; snippets.len()];
    let mut waiting: BTreeMap<(&str, Option<&str>), VecDeque<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        waiting
            .entry((&entry.code, Some(&entry.heading)))
            .or_default()
            .push_back(at);
    }
    for (snippet, found) in snippets.iter().zip(&mut found) {
        *found = waiting
            .get_mut(&(snippet.code.as_str(), Some(snippet.heading)))
            .and_then(VecDeque::pop_front);
    }
    let taken: BTreeSet<usize> = found.iter().flatten().copied().collect();
    for (at, entry) in entries
        .iter()
        .enumerate()
        .filter(|(at, _)| !taken.contains(at))
    {
        waiting
            .entry((&entry.code, None))
            .or_default()
            .push_back(at);
    }
    for (snippet, found) in snippets
        .iter()
        .zip(&mut found)
        .filter(|(_, found)| found.is_none())
    {
        *found = waiting
            .get_mut(&(snippet.code.as_str(), None))
            .and_then(VecDeque::pop_front);
    }
    found
}

fn same_heading(snippet: &Key<'_>, entry: &Entry) -> bool {
    snippet.heading == entry.heading
}

/// Pairs what is left between two neighbours that were found, where it is as many on both
/// sides and each pair fits.
fn between_neighbours(
    snippets: &[Key<'_>],
    entries: &[Entry],
    found: &mut [Option<usize>],
    fits: fn(&Key<'_>, &Entry) -> bool,
) {
    let mut left = left(entries, found);
    let mut at = 0;
    while at < found.len() {
        let first = at;
        while at < found.len() && found[at].is_none() {
            at += 1;
        }
        if at > first {
            let low = first
                .checked_sub(1)
                .and_then(|before| found[before])
                .map_or(0, |entry| entry + 1);
            let high = found.get(at).copied().flatten().unwrap_or(entries.len());
            let between = left.range(low..high.max(low));
            let free: Vec<usize> = between.take(at - first + 1).copied().collect();
            let pairs = || (first..at).zip(free.iter().copied());
            if free.len() == at - first
                && pairs().all(|(snippet, entry)| fits(&snippets[snippet], &entries[entry]))
            {
                for (snippet, entry) in pairs() {
                    found[snippet] = Some(entry);
                    left.remove(&entry);
                }
            }
        }
        at += 1;
    }
}

/// What is left under the same heading, in order.
fn by_heading(snippets: &[Key<'_>], entries: &[Entry], found: &mut [Option<usize>]) {
    let mut free: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
    for at in left(entries, found) {
        free.entry(&entries[at].heading).or_default().push_back(at);
    }
    let open = snippets.iter().zip(found);
    for (snippet, found) in
        open.filter(|(snippet, found)| found.is_none() && !snippet.heading.is_empty())
    {
        *found = free.get_mut(snippet.heading).and_then(VecDeque::pop_front);
    }
}

/// The entries that belong to no snippet so far.
fn left(entries: &[Entry], found: &[Option<usize>]) -> BTreeSet<usize> {
    let taken: BTreeSet<usize> = found.iter().flatten().copied().collect();
    (0..entries.len())
        .filter(|at| !taken.contains(at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(all: &[(&str, &str)]) -> Vec<Entry> {
        let entry = |(heading, code): &(&str, &str)| Entry {
            heading: (*heading).into(),
            code: (*code).into(),
            ..Entry::default()
        };
        all.iter().map(entry).collect()
    }

    #[track_caller]
    fn finds(
        snippets: &[(&'static str, &str)],
        recorded: &[(&str, &str)],
        expected: &[Option<usize>],
    ) {
        let keys: Vec<Key<'_>> = snippets
            .iter()
            .map(|(heading, code)| Key {
                heading,
                code: (*code).into(),
            })
            .collect();
        assert_eq!(match_entries(&keys, &entries(recorded)), expected);
    }

    #[test]
    fn code_decides_wherever_the_snippet_stands() {
        finds(
            &[("B", "2"), ("A", "1")],
            &[("A", "1"), ("B", "2")],
            &[Some(1), Some(0)],
        );
        finds(&[("new heading", "1")], &[("A", "1")], &[Some(0)]);
    }

    #[test]
    fn the_same_code_twice_is_told_apart_by_heading_and_order() {
        finds(
            &[("B", "1"), ("A", "1")],
            &[("A", "1"), ("B", "1")],
            &[Some(1), Some(0)],
        );
        finds(
            &[("A", "1"), ("A", "1")],
            &[("A", "1"), ("A", "1")],
            &[Some(0), Some(1)],
        );
    }

    #[test]
    fn an_edited_snippet_is_found_between_its_neighbours() {
        finds(
            &[("A", "1"), ("A", "x"), ("A", "3")],
            &[("A", "1"), ("A", "2"), ("A", "3")],
            &[Some(0), Some(1), Some(2)],
        );
        finds(
            &[("A", "1"), ("new", "x"), ("A", "3")],
            &[("A", "1"), ("A", "2"), ("A", "3")],
            &[Some(0), Some(1), Some(2)],
        );
    }

    #[test]
    fn an_inserted_snippet_takes_nobodys_entry() {
        finds(
            &[("A", "1"), ("A", "x"), ("A", "2")],
            &[("A", "1"), ("A", "2")],
            &[Some(0), None, Some(1)],
        );
    }

    #[test]
    fn an_edited_snippet_that_moved_is_found_by_its_heading() {
        finds(
            &[("B", "x"), ("A", "1"), ("C", "3")],
            &[("A", "1"), ("B", "2"), ("C", "3")],
            &[Some(1), Some(0), Some(2)],
        );
    }

    #[test]
    fn a_removed_snippet_leaves_its_entry_over() {
        finds(&[("A", "1")], &[("A", "1"), ("A", "2")], &[Some(0)]);
    }
}
