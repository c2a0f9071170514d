//! Whether a text is part of one of many others, without a look at all of them for each question.
//!
//! An index of what every three bytes are followed by; the rarest three of a text say where it can be.

use std::collections::{HashMap, HashSet};

use crate::steps;

/// Texts in which others are looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    /// All of them, a [`BETWEEN`] behind each.
    joined: String,
    /// Where three bytes of them stand.
    places: HashMap<[u8; 3], Vec<usize>>,
}

/// Stands in no line of a note.
const BETWEEN: char = '\n';

impl Texts {
    /// An index of `texts`, each of which is taken once.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut joined = String::new();
        let mut known = HashSet::new();
        for text in texts.into_iter().filter(|text| known.insert(*text)) {
            joined.push_str(text);
            joined.push(BETWEEN);
        }
        let mut places: HashMap<[u8; 3], Vec<usize>> = HashMap::new();
        for (at, three) in threes(&joined) {
            places.entry(three).or_default().push(at);
        }
        steps::take(joined.len());
        Self { joined, places }
    }

    /// True where `text`, which is on one line, is part of one of them.
    pub(super) fn have(&self, text: &str) -> bool {
        let places = threes(text).map(|(at, three)| {
            let found = self.places.get(&three).map_or(&[][..], Vec::as_slice);
            (found, at)
        });
        let Some((places, offset)) = places.min_by_key(|(found, _)| found.len()) else {
            return self.joined.contains(text);
        };
        let is_there = |&place: &usize| {
            let begin = place.checked_sub(offset);
            let rest = begin.and_then(|begin| self.joined.as_bytes().get(begin..));
            rest.is_some_and(|rest| rest.starts_with(text.as_bytes()))
        };
        let found = places.iter().position(is_there);
        steps::take(text.len() + found.unwrap_or(places.len()));
        found.is_some()
    }
}

/// Every three bytes of `text` that follow each other, with their place.
fn threes(text: &str) -> impl Iterator<Item = (usize, [u8; 3])> {
    let windows = text.as_bytes().windows(3).enumerate();
    windows.map(|(at, three)| (at, [three[0], three[1], three[2]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_found_is_what_a_search_finds(
            texts in proptest::collection::vec("[ab 中]{0,6}", 0..5),
            text in "[ab 中]{0,4}",
        ) {
            let index = Texts::of(texts.iter().map(String::as_str));
            let found = texts.iter().any(|other| other.contains(&text));
            proptest::prop_assert_eq!(index.have(&text), found || (text.is_empty() && index.joined.is_empty()));
        }
    }
}
