//! A snippet with all its readings, and what happened in each.
//!
//! Every run of a snippet is a reading of it: the first one, the one that finds what varies, the
//! one statement by statement, the one of its code as it could be written today. A new way to run
//! a snippet is a new variant here, and a reason to run it so in `reading`.

use super::{Draft, End, Skip, Status, Trace};

/// One way to run a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// Under which conditions.
    pub conditions: Conditions,
    /// What is made of its code.
    pub form: CodeForm,
    /// What is run before it.
    pub context: Context,
}

impl Reading {
    /// The one that every snippet that is run has first.
    pub const FIRST: Self = Self {
        conditions: Conditions::First,
        form: CodeForm::Written,
        context: Context::Needed,
    };

    /// In this form and under these conditions, after what it needs.
    pub fn of(form: CodeForm, conditions: Conditions) -> Self {
        Self {
            conditions,
            form,
            context: Context::Needed,
        }
    }

    /// How late it is read: the cheapest first, and none before the readings of other snippets
    /// that decide in which form those are replayed for it.
    pub fn rank(self) -> (Conditions, CodeForm) {
        match self.conditions {
            Conditions::First => (self.conditions, self.form),
            // All of them are read together.
            Conditions::Second => (self.conditions, CodeForm::Written),
        }
    }
}

/// What is run before a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// The earlier snippets that it needs, as planned.
    Needed,
    /// Nothing.
    Alone,
}

/// What is made of the code of a snippet before it is run. The earlier snippets that it needs are
/// replayed as they are written or as they could be written today, like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeForm {
    /// Nothing.
    Written,
    /// Its statements are run one by one, whatever becomes of the others, with the modules that
    /// they use and import nowhere.
    Statements,
    /// It is written for the Python of today.
    Modern,
    /// That, statement by statement.
    ModernStatements,
}

impl CodeForm {
    /// True where it is run as one piece, or input by input where it is a session.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Written | Self::Modern)
    }

    /// True where old code is written for the Python of today.
    pub fn is_modern(self) -> bool {
        matches!(self, Self::Modern | Self::ModernStatements)
    }
}

/// Under which conditions a snippet is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conditions {
    /// Those of every run.
    First,
    /// With another hash seed, clock and folder.
    Second,
}

/// A snippet, how it was read so far, and what is known by that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Its index in the plan.
    pub snippet: usize,
    /// Its code as it could be written today, where some of it is old.
    pub draft: Option<Draft>,
    /// What judging it by these readings came to; none before that.
    pub standing: Option<Standing>,
    runs: Vec<Run>,
}

/// One reading and what happened.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    reading: Reading,
    /// None where it says nothing.
    trace: Option<Trace>,
}

/// What a judgement came to, as far as that decides what else is run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Its status.
    pub status: Option<Status>,
    /// Why it can't be judged by running it as a whole.
    pub blocked: Option<Skip>,
    /// A claim is false, or is about something that another run may show to vary.
    pub is_in_question: bool,
    /// It does something else than was recorded.
    pub differs: bool,
    /// It is known what it does as it could be written today.
    pub is_modern_known: bool,
}

impl Case {
    /// The snippet with this index, not read yet.
    pub fn new(snippet: usize, draft: Option<Draft>) -> Self {
        Self {
            snippet,
            draft,
            ..Self::default()
        }
    }

    /// Adds what happened in a reading, none where it was not run.
    ///
    /// Where the worker was lost with it, that is the end of the snippet only if it was run as
    /// everybody would: any other reading is as if it had not been.
    pub fn add(&mut self, reading: Reading, trace: Option<Trace>) {
        let is_own_end = Reading::FIRST.rank() == reading.rank();
        let trace = trace.filter(|trace| is_own_end || trace.end != End::WorkerLost);
        self.runs.push(Run { reading, trace });
    }

    /// True where it was read so, whatever came of it.
    pub fn was_read(&self, wanted: impl Fn(Reading) -> bool) -> bool {
        self.runs.iter().any(|run| wanted(run.reading))
    }

    /// The readings in which something happened, in their order.
    pub fn readings(&self) -> impl Iterator<Item = (Reading, &Trace)> {
        let runs = self.runs.iter();
        runs.filter_map(|run| Some((run.reading, run.trace.as_ref()?)))
    }

    /// What happened in this form under these conditions, in the context that counts.
    ///
    /// What ended while others were replayed for it counts as it is alone. So does what lacks a
    /// name then: those that others lent it had only the same name.
    pub fn trace(&self, form: CodeForm, conditions: Conditions) -> Option<&Trace> {
        let needed = Reading::of(form, conditions);
        let alone = Reading {
            context: Context::Alone,
            ..needed
        };
        match (self.trace_of(needed), self.trace_of(alone)) {
            (Some(needed), Some(alone)) if needed.in_replay || alone.raises("NameError") => {
                Some(alone)
            }
            (needed, alone) => needed.or(alone),
        }
    }

    fn trace_of(&self, reading: Reading) -> Option<&Trace> {
        let mut found = self.readings();
        found.find_map(|(other, trace)| (other == reading).then_some(trace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Event, EventKind};

    fn trace(end: End, raised: &[&str]) -> Trace {
        let event = |class: &&str| Event {
            line: 1,
            top: 1,
            kind: EventKind::Raised {
                class: (*class).into(),
                message: String::new(),
                subject: String::new(),
                traceback: String::new(),
            },
        };
        Trace {
            events: raised.iter().map(event).collect(),
            open: Vec::new(),
            dropped: 0,
            end,
            in_replay: false,
            seconds: 0.0,
        }
    }

    const ALONE: Reading = Reading {
        context: Context::Alone,
        ..Reading::FIRST
    };

    fn first(case: &Case) -> Option<&Trace> {
        case.trace(CodeForm::Written, Conditions::First)
    }

    #[test]
    fn without_what_it_needs_a_snippet_counts_only_where_that_led_astray() {
        let (astray, well) = (
            trace(End::Finished, &["TypeError"]),
            trace(End::Finished, &[]),
        );
        let nameless = trace(End::Finished, &["NameError"]);
        let in_replay = Trace {
            in_replay: true,
            ..astray.clone()
        };
        for (needed, alone, counts) in [
            (&astray, &well, &astray),
            (&astray, &nameless, &nameless),
            (&in_replay, &well, &well),
        ] {
            let mut case = Case::default();
            case.add(Reading::FIRST, Some(needed.clone()));
            assert_eq!(first(&case), Some(needed));
            case.add(ALONE, Some(alone.clone()));
            assert_eq!(first(&case), Some(counts));
        }
    }

    #[test]
    fn a_lost_worker_costs_its_own_reading_alone() {
        let (well, lost) = (trace(End::Finished, &[]), trace(End::WorkerLost, &[]));
        let mut case = Case::default();
        case.add(Reading::FIRST, Some(well.clone()));
        let others = [
            (CodeForm::Statements, Conditions::First),
            (CodeForm::ModernStatements, Conditions::First),
            (CodeForm::Written, Conditions::Second),
        ];
        for (form, conditions) in others {
            let reading = Reading::of(form, conditions);
            case.add(reading, Some(lost.clone()));
            assert!(case.was_read(|other| other == reading));
            assert_eq!(case.trace(form, conditions), None);
        }
        assert_eq!(first(&case), Some(&well));
        let mut crashed = Case::default();
        crashed.add(Reading::FIRST, Some(lost.clone()));
        assert_eq!(first(&crashed), Some(&lost));
    }
}
