//! Which readings a snippet needs: what else is to be run, given what is known so far.
//!
//! Pure, and nothing runs here. Each snippet is read once. It is read again without the earlier
//! snippets where these only led astray; statement by statement where it can't be judged as a
//! whole and the note still says something about it; as it could be written today where something
//! in it is old; and under other conditions where something is to be recorded or rewritten, to
//! find what varies.

use crate::model::{
    Block, Case, CodeForm, Conditions, Context, Language, Reading, Skip, Standing, Status,
};
use crate::notes::fragments;
use crate::plan::{Plan, Snippet};

/// What a run is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Telling what is wrong.
    #[default]
    Check,
    /// Recording what snippets do.
    Record,
    /// Deciding one by one what is recorded.
    Review,
}

/// The readings that a snippet needs next, none where all is known that has to be. Those of several
/// ranks are never asked for together.
pub fn next(plan: &Plan, case: &Case, purpose: Purpose) -> Vec<Reading> {
    let about = About::new(plan, case);
    if let Some(alone) = about.led_astray() {
        return vec![alone];
    }
    let Some(standing) = &case.standing else {
        return about.first().into_iter().collect();
    };
    let more = about
        .statements(standing)
        .or_else(|| about.modern(standing))
        .or_else(|| about.modern_statements(standing));
    match more {
        Some(reading) => vec![reading],
        None => about.second(standing, purpose),
    }
}

/// The cheapest of the readings that some snippets need next, by the index of the snippet.
pub fn cheapest<'c>(
    plan: &Plan,
    cases: impl Iterator<Item = &'c Case>,
    purpose: Purpose,
) -> Vec<(usize, Reading)> {
    let next = |case: &'c Case| {
        let readings = next(plan, case, purpose).into_iter();
        readings.map(|reading| (case.snippet, reading))
    };
    let mut all: Vec<(usize, Reading)> = cases.flat_map(next).collect();
    let least = all.iter().map(|(_, reading)| reading.rank()).min();
    all.retain(|(_, reading)| Some(reading.rank()) == least);
    all
}

/// What the next readings of a snippet are decided by, beside its standing.
struct About<'a> {
    plan: &'a Plan,
    case: &'a Case,
    snippet: &'a Snippet,
    block: &'a Block,
}

impl<'a> About<'a> {
    fn new(plan: &'a Plan, case: &'a Case) -> Self {
        let snippet = &plan.snippets[case.snippet];
        Self {
            plan,
            case,
            snippet,
            block: block(plan, snippet),
        }
    }

    /// The same reading alone, where what was replayed for it only led astray: it never came to the
    /// snippet, or lent it names from under other headings with which it raises something.
    fn led_astray(&self) -> Option<Reading> {
        let mut astray = self.case.readings().filter(|(reading, trace)| {
            let is_after_others = reading.context == Context::Needed && reading.form.is_whole();
            let raises = || trace.raised().next().is_some();
            is_after_others && (trace.in_replay || (raises() && self.is_only_from_afar()))
        });
        astray.find_map(|(reading, _)| {
            self.unless_read(Reading {
                context: Context::Alone,
                ..reading
            })
        })
    }

    /// True where all the snippets that it depends on stand under other headings.
    fn is_only_from_afar(&self) -> bool {
        let heading = |at: &usize| &block(self.plan, &self.plan.snippets[*at]).heading;
        let mut depends_on = self.snippet.depends_on.iter().peekable();
        depends_on.peek().is_some() && depends_on.all(|at| *heading(at) != self.block.heading)
    }

    fn first(&self) -> Option<Reading> {
        let is_run = self.snippet.skip.is_none() && !self.is_python2();
        self.unless_read(Reading::FIRST).filter(|_| is_run)
    }

    /// Statement by statement, where there may be something to judge all the same.
    fn statements(&self, standing: &Standing) -> Option<Reading> {
        let has_claims = !self.snippet.claims.is_empty();
        let is_useful = match &standing.blocked {
            Some(Skip::Fragment(_) | Skip::NeedsModule(_)) => {
                has_claims || !self.snippet.facts.modules.is_empty()
            }
            Some(_) => false,
            None => {
                let is_open = self.snippet.skip.is_none() && self.case.draft.is_none();
                self.is_python2() && is_open && has_claims
            }
        };
        self.unless_read(Reading::of(CodeForm::Statements, Conditions::First))
            .filter(|_| is_useful)
    }

    /// As it could be written today, but for what would never end or leaves something out.
    fn modern(&self, standing: &Standing) -> Option<Reading> {
        let is_open = self.case.draft.is_some() && !standing.is_modern_known;
        self.unless_read(Reading::of(CodeForm::Modern, Conditions::First))
            .filter(|_| is_open && self.can_be_whole())
    }

    /// The same statement by statement, where it did not end well as a whole.
    fn modern_statements(&self, standing: &Standing) -> Option<Reading> {
        let is_open = self.case.draft.is_some() && !standing.is_modern_known;
        let may_end = !self.snippet.is_endless() || !self.snippet.claims.is_empty();
        self.unless_read(Reading::of(CodeForm::ModernStatements, Conditions::First))
            .filter(|_| is_open && may_end)
    }

    fn can_be_whole(&self) -> bool {
        let code = &self.snippet.code;
        let mut pieces = code.pieces.iter();
        let is_whole = pieces.all(|piece| fragments::placeholder(&piece.text).is_none());
        code.prompts || (is_whole && !self.snippet.is_endless())
    }

    /// Under other conditions: what differs from its recording or is to be recorded, and what has
    /// a stale claim, as a value that varies is never written into a note.
    fn second(&self, standing: &Standing, purpose: Purpose) -> Vec<Reading> {
        let is_done = |reading: Reading| reading.conditions == Conditions::Second;
        if self.case.was_read(is_done) {
            return Vec::new();
        }
        let is_asked = match purpose {
            Purpose::Check => false,
            Purpose::Record => !matches!(standing.status, None | Some(Status::Skipped)),
            Purpose::Review => standing.status.is_some_and(Status::is_problem),
        };
        let is_in_question = standing.is_in_question;
        // What it does as it could be written today is judged where nothing else can be.
        let is_modern_judged = self.snippet.code.prompts || self.is_python2();
        let forms = [
            (
                CodeForm::Written,
                is_in_question || standing.differs || is_asked,
            ),
            (CodeForm::Statements, is_in_question),
            (
                self.modern_form(),
                is_in_question && is_modern_judged && standing.is_modern_known,
            ),
        ];
        let has_happened = |form| self.case.trace(form, Conditions::First).is_some();
        let wanted = forms
            .into_iter()
            .filter(|(form, is_wanted)| *is_wanted && has_happened(*form));
        wanted
            .map(|(form, _)| Reading::of(form, Conditions::Second))
            .collect()
    }

    /// The form in which it is known what it does as it could be written today.
    fn modern_form(&self) -> CodeForm {
        let by_statement = CodeForm::ModernStatements;
        match self.case.trace(by_statement, Conditions::First) {
            Some(_) => by_statement,
            None => CodeForm::Modern,
        }
    }

    fn is_python2(&self) -> bool {
        self.block.language == Language::Python2
    }

    fn unless_read(&self, reading: Reading) -> Option<Reading> {
        let is_read = self.case.was_read(|other| other == reading);
        (!is_read).then_some(reading)
    }
}

fn block<'a>(plan: &'a Plan, snippet: &Snippet) -> &'a Block {
    &plan.notes[snippet.note].blocks[snippet.block]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
