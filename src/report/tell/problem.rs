//! From a block to what has to be said about it: one problem for each line that
//! has one, with everything known about that line gathered in it.
//!
//! Data only: texts as they come from notes, no colour, no layout. A finding is
//! the cause, so it gives the title; a false claim or an exception on the same
//! line becomes its evidence. Claims without a cause are told by `claims`.

use super::claims;
use super::place::Spot;
use crate::model::{
    BlockReport, ClaimVerdict, Difference, ErrorReport, FigureReport, Finding, Severity, Status,
    Text,
};
use crate::report::words;

/// One thing to be said, with its place and the next step.
#[derive(Debug, Default)]
pub(in crate::report) struct Problem {
    /// What it is about.
    pub(in crate::report) kind: Kind,
    /// It fails nothing.
    pub(in crate::report) mild: bool,
    /// It is accepted in the recording.
    pub(in crate::report) known: bool,
    /// The rule's slug.
    pub(in crate::report) rule: Option<String>,
    /// What is wrong.
    pub(in crate::report) title: Text,
    /// Where it stands.
    pub(in crate::report) spot: Spot,
    /// The evidence.
    pub(in crate::report) notes: Vec<Evidence>,
    /// What to do next.
    pub(in crate::report) helps: Vec<Text>,
    /// The author may accept it for now.
    pub(in crate::report) acceptable: bool,
}

/// What a problem without a cause is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::report) enum Kind {
    /// What the note says.
    #[default]
    Claim,
    /// An exception.
    Raises,
    /// What was recorded.
    Output,
    /// Nothing that is known of it.
    Unexplained,
}

/// What supports a problem.
#[derive(Debug)]
pub(in crate::report) enum Evidence {
    /// A sentence.
    Words(Text),
    /// Two texts to be compared, and what they are.
    Sides(Text, String, String),
}

/// What the problems of a block need to know about the run.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Context<'a> {
    /// Such as `3.13`.
    pub(in crate::report) python: &'a str,
    /// The command that records this block.
    pub(in crate::report) update: &'a str,
    /// The command that rewrites its claims.
    pub(in crate::report) fix: &'a str,
    /// Known findings and claims are gathered too.
    pub(in crate::report) known: bool,
}

/// Every problem of a block, in the order of lines.
pub(in crate::report) fn problems(block: &BlockReport, context: Context) -> Vec<Problem> {
    let judged = matches!(block.status, Some(Status::Stale | Status::Failed));
    let mut problems = findings(block, judged || block.status.is_none(), context);
    if judged {
        claims::add(&mut problems, block, context);
        add_error(&mut problems, block, context);
        add_difference(&mut problems, block, context);
        if problems.iter().all(|problem| problem.mild) {
            problems.push(unexplained(block));
        }
    }
    problems.sort_by_key(|problem| problem.spot.line);
    if judged && !block.depends_on.is_empty() {
        let ran_after = Evidence::Words(words::ran_after(&block.depends_on));
        if let Some(first) = problems.iter_mut().find(|problem| !problem.mild) {
            first.notes.push(ran_after);
        }
    }
    problems
}

/// A version as people call it: `3.13` for `3.13.0`.
pub(in crate::report) fn minor(version: &str) -> String {
    version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

/// Rules whose whole story the difference or the exception tells.
const TOLD_BY_THE_RUN: [&str; 2] = ["output-changed", "raises"];

/// The findings, those of a snippet that fails nothing as mild ones.
fn findings(block: &BlockReport, judged: bool, context: Context) -> Vec<Problem> {
    let told = |finding: &&Finding| {
        let by_run = block.difference.is_some() || block.error.is_some();
        by_run && TOLD_BY_THE_RUN.contains(&finding.rule.as_str())
    };
    let findings = block.findings.iter().filter(|finding| !told(finding));
    let shown = findings.filter(|finding| context.known || !finding.known);
    shown
        .map(|finding| {
            let mild = !judged || finding.severity == Severity::Warning;
            from_finding(finding, mild, context)
        })
        .collect()
}

fn from_finding(finding: &Finding, mild: bool, context: Context) -> Problem {
    let since = finding.since.as_ref().map(|since| {
        if words::warnings::is_later(since, context.python) {
            words::warnings::so_from(since, context.python)
        } else {
            words::so_since(since, context.python)
        }
    });
    let url = finding.url.as_ref().map(|url| words::see(url));
    Problem {
        kind: Kind::default(),
        mild,
        known: finding.known,
        rule: Some(finding.rule.clone()),
        title: finding.message.clone(),
        spot: Spot {
            line: finding.line,
            wanted: quoted(&finding.message.en),
            ..Spot::default()
        },
        notes: since.into_iter().chain(url).map(Evidence::Words).collect(),
        helps: finding.help.iter().cloned().collect(),
        acceptable: !mild && !finding.known,
    }
}

/// The exception: beside the cause on its line, or on its own where nothing else explains it.
fn add_error(problems: &mut Vec<Problem>, block: &BlockReport, context: Context) {
    let Some(error) = &block.error else { return };
    let mut others = problems
        .iter_mut()
        .filter(|problem| !problem.mild)
        .peekable();
    let explained = others.peek().is_some() && block.status == Some(Status::Stale);
    if let Some(cause) = others.find(|problem| problem.spot.line == error.line) {
        let exception = words::exception(&error.class, &error.message);
        let in_notes = cause
            .notes
            .iter()
            .any(|note| matches!(note, Evidence::Words(words) if words.en.contains(&exception)));
        if !cause.title.en.contains(&exception) && !in_notes {
            let raises = words::it_raises(&error.class, &error.message);
            cause.notes.insert(0, Evidence::Words(raises));
        }
    } else if !explained && block.difference.is_none() {
        problems.push(from_error(error, block, context));
    }
}

fn from_error(error: &ErrorReport, block: &BlockReport, context: Context) -> Problem {
    let line = if error.line > 0 {
        error.line
    } else {
        block.block.lines.first
    };
    let mut problem = Problem {
        kind: Kind::Raises,
        title: words::raises(&error.class, &error.message),
        spot: Spot {
            line,
            wanted: quoted(&error.message),
            ..Spot::default()
        },
        ..Problem::default()
    };
    if !block.known {
        problem.helps.push(words::mend(context.update));
    }
    problem
}

/// The difference from the recording: evidence of the first problem, or one of its own.
fn add_difference(problems: &mut Vec<Problem>, block: &BlockReport, context: Context) {
    let Some(difference) = &block.difference else {
        return;
    };
    if !difference.varies && claims::tell(block, difference, context) {
        return;
    }
    let sides = Evidence::Sides(
        words::recorded_and_came(),
        difference.recorded.clone(),
        difference.actual.clone(),
    );
    let others = problems.iter_mut().filter(|problem| !problem.mild);
    if let Some(first) = others.min_by_key(|problem| problem.spot.line) {
        first.notes.push(sides);
    } else {
        problems.push(from_difference(difference, sides, block, context));
    }
}

fn from_difference(
    difference: &Difference,
    sides: Evidence,
    block: &BlockReport,
    context: Context,
) -> Problem {
    let recorded_with = minor(&difference.recorded_with);
    let (title, help) = if difference.varies {
        (words::output_varies(), words::mask(context.update))
    } else if difference.edited {
        (words::edited_since(), words::record(context.update))
    } else if !recorded_with.is_empty() && recorded_with != context.python {
        let title = words::recorded_with_another(&recorded_with, context.python);
        (title, words::record(context.update))
    } else {
        (words::output_differs(), words::record(context.update))
    };
    let error = block.error.as_ref();
    let raised = error.map(|error| words::it_raises(&error.class, &error.message));
    let all_hold = !difference.varies
        && any_claim(block, ClaimVerdict::Holds)
        && !any_claim(block, ClaimVerdict::Stale);
    let only_old = all_hold.then(words::claims::only_recording_is_old);
    let figures = block.figures.iter().enumerate();
    let figures = figures.filter_map(|(at, figure)| words::figures::differs(at + 1, figure));
    let told = raised.into_iter().chain(only_old).chain(figures);
    let both = |figure: &FigureReport| {
        !figure.state.is_as_recorded() && figure.png.is_some() && figure.recorded.is_some()
    };
    let has_both = block.figures.iter().any(both);
    let side_by_side = has_both.then(words::figures::side_by_side);
    Problem {
        kind: Kind::Output,
        title,
        spot: Spot {
            line: error
                .map_or_else(|| differing_figure(block), |error| error.line)
                .max(block.block.lines.first),
            ..Spot::default()
        },
        notes: std::iter::once(sides)
            .chain(told.map(Evidence::Words))
            .collect(),
        helps: (!block.known)
            .then_some(help)
            .into_iter()
            .chain(side_by_side)
            .collect(),
        ..Problem::default()
    }
}

/// The line of the first figure that is not as it was recorded, 0 where there is none.
fn differing_figure(block: &BlockReport) -> usize {
    let mut figures = block.figures.iter();
    let differing = figures.find(|figure| !figure.state.is_as_recorded());
    differing.map_or(0, |figure| figure.line)
}

fn any_claim(block: &BlockReport, verdict: ClaimVerdict) -> bool {
    block.claims.iter().any(|claim| claim.verdict == verdict)
}

/// A problem that left nothing but its status.
fn unexplained(block: &BlockReport) -> Problem {
    let failed = block.status == Some(Status::Failed);
    let stderr = block.stderr.trim_end();
    let notes = match stderr {
        "" => Vec::new(),
        _ => vec![Evidence::Words(words::wrote_to_stderr(stderr))],
    };
    Problem {
        kind: Kind::Unexplained,
        title: if failed {
            words::failed()
        } else {
            words::stale()
        },
        spot: Spot {
            line: block.block.lines.first,
            ..Spot::default()
        },
        notes,
        acceptable: !block.known,
        ..Problem::default()
    }
}

/// What a message quotes: names between backticks, then between single quotes.
pub(in crate::report) fn quoted(message: &str) -> Vec<String> {
    let between = |mark| message.split(mark).skip(1).step_by(2).map(str::to_owned);
    between('`')
        .chain(between('\''))
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClaimForm, FigureReport, FigureState, Language};
    use crate::report::sample::{block, claim, finding};

    const CONTEXT: Context = Context {
        python: "3.13",
        update: "verify --update a.md:1",
        fix: "verify fix a.md:1",
        known: false,
    };

    fn stale() -> BlockReport {
        BlockReport {
            status: Some(Status::Stale),
            ..block((1, 3), Language::Python, "tagged python")
        }
    }

    #[test]
    fn a_finding_takes_in_the_claim_and_the_error_of_its_line() {
        let report = BlockReport {
            findings: vec![finding(2, "the cause")],
            claims: vec![claim(2, ClaimForm::Comment, "x", "1", "2")],
            error: Some(ErrorReport {
                class: "E".to_owned(),
                message: String::new(),
                line: 2,
            }),
            ..stale()
        };
        let problems = problems(&report, CONTEXT);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].title, Text::same("the cause"));
        assert_eq!(problems[0].notes.len(), 2);
    }

    #[test]
    fn a_figure_that_differs_is_told_with_its_file() {
        let figure = |state| FigureReport {
            line: 2,
            png: None,
            recorded: None,
            path: "expected/a/figure-1.png".to_owned(),
            state,
        };
        let report = BlockReport {
            figures: vec![
                figure(FigureState::Same),
                figure(FigureState::Pixels(0.032)),
            ],
            difference: Some(Difference {
                recorded: "[figure 2: 8×8]\n".to_owned(),
                actual: "[figure 2: 8×8 ≠ 3.2 %]\n".to_owned(),
                ..Difference::default()
            }),
            ..stale()
        };
        let problems = problems(&report, CONTEXT);
        let notes = problems[0].notes.iter().filter_map(|note| match note {
            Evidence::Words(words) => Some(words.en.as_str()),
            Evidence::Sides(..) => None,
        });
        assert_eq!(
            notes.collect::<Vec<_>>(),
            ["figure 2: 3.2 % of the pixels differ from `expected/a/figure-1.png`"]
        );
    }

    #[test]
    fn what_is_known_is_left_out_unless_wanted() {
        let mut report = BlockReport {
            claims: vec![
                claim(1, ClaimForm::Comment, "x", "1", "2"),
                claim(2, ClaimForm::Comment, "x", "1", "2"),
            ],
            ..stale()
        };
        report.claims[0].known = true;
        assert_eq!(problems(&report, CONTEXT).len(), 1);
        let all = Context {
            known: true,
            ..CONTEXT
        };
        assert_eq!(problems(&report, all).len(), 2);
    }

    #[test]
    fn a_status_is_never_silent() {
        for status in [Status::Stale, Status::Failed] {
            let report = BlockReport {
                status: Some(status),
                stderr: "killed\n".to_owned(),
                ..stale()
            };
            let problems = problems(&report, CONTEXT);
            assert_eq!(problems.len(), 1);
            assert!(problems[0].acceptable);
            assert_eq!(problems[0].notes.len(), 1);
        }
        let pass = BlockReport {
            status: Some(Status::Pass),
            ..stale()
        };
        assert!(problems(&pass, CONTEXT).is_empty());
    }

    #[test]
    fn a_failure_tells_its_exception_beside_findings() {
        let report = BlockReport {
            status: Some(Status::Failed),
            findings: vec![finding(1, "the cause")],
            error: Some(ErrorReport {
                class: "KeyError".to_owned(),
                message: "'k'".to_owned(),
                line: 3,
            }),
            ..stale()
        };
        let titles: Vec<_> = problems(&report, CONTEXT)
            .into_iter()
            .map(|p| p.title.en)
            .collect();
        assert_eq!(titles, ["the cause", "the snippet raises KeyError: 'k'"]);
    }

    #[test]
    fn versions_are_told_as_people_call_them() {
        assert_eq!(minor("3.13.0"), "3.13");
        assert_eq!(minor("3.13"), "3.13");
        assert_eq!(minor(""), "");
    }

    #[test]
    fn quoted_names_are_found() {
        assert_eq!(quoted("the name `a.b` is 'gone'"), ["a.b", "gone"]);
        assert!(quoted("no quotes").is_empty());
    }
}
