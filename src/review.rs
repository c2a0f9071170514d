//! `verify review`: what a run left to be decided, one thing after the other.
//!
//! From a report to what is pending, and from answers to what is accepted, known or
//! rewritten. Pure: it runs, asks, reads and writes nothing.

mod choice;
mod items;
mod named;

use std::collections::{BTreeMap, BTreeSet};

pub use self::choice::{Answer, Queue};
pub use self::items::{Found, items};
pub use self::named::{Mistake, Named, choose};
use crate::fix::{Place, Subject};
use crate::model::{BlockReport, Finding};
use crate::update::{Accepted, ChangeKind};

/// One thing that is pending.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// By which it is named; it stays as long as its snippet does.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The index of its note in the report.
    pub note: usize,
    /// The index of its block in the note; none for what stands outside of snippets.
    pub block: Option<usize>,
    /// Its line in the note.
    pub line: usize,
    /// What becomes known with it: names of findings and claims.
    pub known: Vec<String>,
    /// The findings outside of snippets that become known with it.
    pub gone: Vec<Finding>,
    /// What accepting it would record; nothing where there is nothing to record.
    pub outcome: Vec<ChangeKind>,
    /// How the note is rewritten, where that can be done.
    pub fix: Option<Fixable>,
    /// The places that it is about, with nothing else that is wrong with them.
    pub shown: Vec<BlockReport>,
}

/// A proven rewrite of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixable {
    /// What is rewritten.
    pub subject: Subject,
    /// Which of the fixes of that subject.
    pub places: Vec<Place>,
}

/// The kinds of what can be pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A snippet that is not recorded yet.
    New,
    /// A snippet that does something else than was recorded.
    Differs,
    /// A snippet that fails, and nothing explains it.
    Failed,
    /// A claim that is stale.
    Claim,
    /// Code that is wrong for a known cause.
    Code,
    /// A name outside of snippets that is gone.
    Gone,
}

impl Kind {
    /// The word of listings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Differs => "differs",
            Self::Failed => "failed",
            Self::Claim => "claim",
            Self::Code => "code",
            Self::Gone => "gone",
        }
    }
}

/// What can be done with something that is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Record what the snippet does.
    Accept,
    /// Rewrite the note.
    Fix,
    /// Mark it as known.
    Known,
}

impl Action {
    /// The word of listings and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Fix => "fix",
            Self::Known => "known",
        }
    }
}

impl Item {
    /// What can be done with it, whatever becomes of the others.
    pub fn actions(&self) -> Vec<Action> {
        let records =
            |kind: &ChangeKind| matches!(kind, ChangeKind::New(_) | ChangeKind::Changed(_));
        let all = [
            (Action::Accept, self.outcome.iter().any(records)),
            (Action::Fix, self.fix.is_some()),
            (
                Action::Known,
                !(self.known.is_empty() && self.gone.is_empty()),
            ),
        ];
        let offered = all.into_iter().filter(|(_, offered)| *offered);
        offered.map(|(action, _)| action).collect()
    }
}

/// What was decided, as it is to be applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// What is recorded, by the indices of note and block.
    pub accepted: BTreeMap<(usize, usize), Accepted>,
    /// What is known from now on outside of snippets, by the index of the note.
    pub gone: BTreeMap<usize, Vec<Finding>>,
    /// The claims that are rewritten.
    pub claims: BTreeSet<Place>,
    /// The code that is rewritten.
    pub code: BTreeSet<Place>,
}

impl Decided {
    /// What these actions on these items come to.
    pub fn of(items: &[Item], actions: &[(usize, Action)]) -> Self {
        let mut decided = Self::default();
        for &(at, action) in actions {
            let item = &items[at];
            match (action, &item.fix) {
                (Action::Fix, Some(fix)) => match fix.subject {
                    Subject::Claims => decided.claims.extend(&fix.places),
                    Subject::Code => decided.code.extend(&fix.places),
                },
                (Action::Fix, None) => {}
                (Action::Accept | Action::Known, _) => decided.record(item, action),
            }
        }
        decided
    }

    fn record(&mut self, item: &Item, action: Action) {
        let Some(block) = item.block else {
            let gone = self.gone.entry(item.note).or_default();
            gone.extend(item.gone.iter().cloned());
            return;
        };
        let accepted = self.accepted.entry((item.note, block)).or_default();
        accepted.outcome |= action == Action::Accept;
        accepted.known.extend(item.known.iter().cloned());
    }

    /// True where nothing is to be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
