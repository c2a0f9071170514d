//! Which of the fixes are wanted: a machine that is fed with answers.
//!
//! It neither shows a question nor reads a line; whoever does that asks it for the
//! next one and hands it the answer.

use std::collections::{BTreeSet, VecDeque};

use super::NoteFixes;

/// One fix, by the index of its note and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The note.
    pub note: usize,
    /// The fix among those of the note.
    pub fix: usize,
}

/// What somebody says to one fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This one.
    Yes,
    /// Not this one.
    No,
    /// This one and all below.
    All,
    /// Neither this one nor any below.
    Quit,
}

impl Answer {
    /// Reads a typed line: one of the words or its first letter.
    pub fn read(line: &str) -> Option<Self> {
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => Some(Self::Yes),
            "n" | "no" => Some(Self::No),
            "a" | "all" => Some(Self::All),
            "q" | "quit" => Some(Self::Quit),
            _ => None,
        }
    }
}

/// What was chosen, and what is still to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    open: VecDeque<Place>,
    chosen: BTreeSet<Place>,
}

impl Choice {
    /// Everything is open.
    pub fn new(notes: &[NoteFixes<'_>]) -> Self {
        let places = notes.iter().enumerate().flat_map(|(note, found)| {
            let fixes = 0..found.fixes.len();
            fixes.map(move |fix| Place { note, fix })
        });
        Self {
            open: places.collect(),
            chosen: BTreeSet::new(),
        }
    }

    /// What is to be asked next.
    pub fn next(&self) -> Option<Place> {
        self.open.front().copied()
    }

    /// Takes the answer to what is next.
    pub fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Yes => self.chosen.extend(self.open.pop_front()),
            Answer::No => drop(self.open.pop_front()),
            Answer::All => self.chosen.extend(self.open.drain(..)),
            Answer::Quit => self.open.clear(),
        }
    }

    /// What was chosen.
    pub fn chosen(self) -> BTreeSet<Place> {
        self.chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::{Fix, Target};
    use crate::model::NoteReport;

    fn choice() -> Choice {
        let report = NoteReport::default();
        let fix = Fix {
            target: Target::Claim(Box::default()),
            causes: Vec::new(),
            edits: Vec::new(),
        };
        let note = |count| NoteFixes {
            note: &report,
            fixes: vec![fix.clone(); count],
            left: Vec::new(),
        };
        Choice::new(&[note(2), note(0), note(2)])
    }

    fn chosen(typed: &str) -> Vec<(usize, usize)> {
        let mut choice = choice();
        for letter in typed.chars() {
            assert!(choice.next().is_some(), "{typed}: asked too little");
            choice.answer(Answer::read(&letter.to_string()).unwrap_or(Answer::Quit));
        }
        assert_eq!(choice.next(), None, "{typed}: asked too much");
        let places = choice.chosen().into_iter();
        places.map(|place| (place.note, place.fix)).collect()
    }

    #[test]
    fn answers_choose() {
        assert_eq!(chosen("ynyn"), [(0, 0), (2, 0)]);
        assert_eq!(chosen("na"), [(0, 1), (2, 0), (2, 1)]);
        assert_eq!(chosen("yq"), [(0, 0)]);
        assert_eq!(chosen("q"), []);
        assert_eq!(Choice::new(&[]).next(), None);
    }

    #[test]
    fn words_are_read_in_any_case_and_nothing_is_guessed() {
        assert_eq!(Answer::read(" YES\r\n"), Some(Answer::Yes));
        assert_eq!(Answer::read("All"), Some(Answer::All));
        for line in ["", "\n", "yess", "yn", "是"] {
            assert_eq!(Answer::read(line), None, "{line:?}");
        }
    }
}
