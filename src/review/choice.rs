//! The answers to what is pending: a machine that is fed with them and can take each back.
//!
//! It neither shows nor reads anything. All that it keeps are the answers, so that taking
//! the last one back leaves just what was before it.

use super::{Action, Item, Kind};

/// What somebody says to one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Do this.
    Do(Action),
    /// Leave it pending.
    Skip,
    /// Take the last answer back.
    Undo,
    /// Leave this one and all below pending.
    Quit,
    /// Say what the answers mean.
    Help,
}

impl Answer {
    /// Reads a key or a typed line: a word or its first letter.
    pub fn read(typed: &str) -> Option<Self> {
        Some(match typed.trim().to_lowercase().as_str() {
            "a" | "accept" => Self::Do(Action::Accept),
            "f" | "fix" => Self::Do(Action::Fix),
            "k" | "known" => Self::Do(Action::Known),
            "s" | "skip" => Self::Skip,
            "u" | "undo" => Self::Undo,
            "q" | "quit" => Self::Quit,
            "?" | "h" | "help" => Self::Help,
            _ => return None,
        })
    }
}

/// What was answered so far.
#[derive(Clone, Debug)]
pub struct Queue<'i> {
    items: &'i [Item],
    answers: Vec<(usize, Option<Action>)>,
    ended: bool,
}

impl<'i> Queue<'i> {
    /// Nothing is answered.
    pub fn new(items: &'i [Item]) -> Self {
        Self {
            items,
            answers: Vec::new(),
            ended: false,
        }
    }

    /// The index of what is to be asked next. What earlier answers settle is left out.
    pub fn next(&self) -> Option<usize> {
        if self.ended {
            return None;
        }
        let first = self.answers.last().map_or(0, |(at, _)| at + 1);
        (first..self.items.len()).find(|&at| !self.is_settled(&self.items[at]))
    }

    /// What can be done with an item after the answers so far. Of one note either claims or code
    /// can be rewritten, as each is proved against the note as it is.
    pub fn offers(&self, item: &Item) -> Vec<Action> {
        let mut actions = item.actions();
        let is_other = |other: &Item| {
            let subject = |item: &Item| item.fix.as_ref().map(|fix| fix.subject);
            other.note == item.note && subject(other) != subject(item)
        };
        if self.fixed().any(is_other) {
            actions.retain(|action| *action != Action::Fix);
        }
        actions
    }

    /// Takes an answer to what is next; false where it can't be given there.
    pub fn answer(&mut self, answer: Answer) -> bool {
        let Some(at) = self.next() else { return false };
        match answer {
            Answer::Do(action) => {
                if !self.offers(&self.items[at]).contains(&action) {
                    return false;
                }
                self.answers.push((at, Some(action)));
            }
            Answer::Skip => self.answers.push((at, None)),
            Answer::Undo => return self.answers.pop().is_some(),
            Answer::Quit => self.ended = true,
            Answer::Help => return false,
        }
        true
    }

    /// What is to be done, by the index of the item.
    pub fn actions(&self) -> Vec<(usize, Action)> {
        let answers = self.answers.iter();
        answers
            .filter_map(|(at, action)| Some((*at, (*action)?)))
            .collect()
    }

    /// The items that the actions so far leave pending.
    pub fn left(&self) -> Vec<&'i Item> {
        let done: Vec<usize> = self.actions().into_iter().map(|(at, _)| at).collect();
        let items = self.items.iter().enumerate();
        let left = items.filter(|(at, item)| !done.contains(at) && !self.is_settled(item));
        left.map(|(_, item)| item).collect()
    }

    /// True where rewriting the code of its snippet settles an item: it is about the same code, or
    /// about what the snippet did before.
    fn is_settled(&self, item: &Item) -> bool {
        let is_about = |fixed: &Item| {
            let same = fixed.fix == item.fix && fixed.id != item.id;
            let is_old = matches!(item.kind, Kind::New | Kind::Differs | Kind::Failed);
            let code = |fix: &super::Fixable| fix.subject == crate::fix::Subject::Code;
            fixed.fix.as_ref().is_some_and(code)
                && (fixed.note, fixed.block) == (item.note, item.block)
                && (same || is_old)
        };
        self.fixed().any(is_about)
    }

    fn fixed(&self) -> impl Iterator<Item = &'i Item> {
        let fixed = self.answers.iter();
        fixed
            .filter(|(_, action)| *action == Some(Action::Fix))
            .map(|(at, _)| &self.items[*at])
    }
}
