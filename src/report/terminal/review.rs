//! One thing that is pending, as the report shows problems: with the note's own lines.

use super::draw::Pen;
use crate::model::{BlockReport, NoteReport, Report, Status, Text};
use crate::report::style::Styles;
use crate::report::tell::place::Lined;
use crate::report::tell::problem::{self, Problem};
use crate::report::tell::{Commands, Weight};
use crate::report::words;

/// Lines of a snippet that are shown.
const LINES: usize = 20;

/// What is wrong with a block, one after the other, without the commands of a report.
pub(in crate::report) fn problems(
    report: &Report,
    note: &NoteReport,
    block: &BlockReport,
    color: bool,
    width: usize,
) -> Vec<String> {
    let lined = Lined::of(note);
    let pen = Pen {
        styles: Styles { color },
        width,
    };
    if block.status == Some(Status::New) {
        let shown = block.block.lines;
        let last = shown.last.min(shown.first + LINES - 1);
        let title = words::review::not_recorded();
        return vec![pen.lines(&title, &lined, shown.first, last)];
    }
    let problems = told(report, note, block).into_iter();
    problems
        .map(|problem| pen.problem(&problem, &lined, Weight::Error))
        .collect()
}

/// What is wrong with a block, in a sentence.
pub(in crate::report) fn title(report: &Report, note: &NoteReport, block: &BlockReport) -> Text {
    if block.status == Some(Status::New) {
        return words::review::not_recorded();
    }
    let mut problems = told(report, note, block).into_iter();
    problems
        .next()
        .map(|problem| problem.title)
        .unwrap_or_default()
}

fn told(report: &Report, note: &NoteReport, block: &BlockReport) -> Vec<Problem> {
    let commands = Commands::new(report, note, block, words::UPDATE);
    let mut problems = problem::problems(block, commands.context(true));
    problems.retain(|problem| !problem.mild || block.status.is_none());
    for problem in &mut problems {
        let is_cause = |help: &Text| {
            let mut findings = block.findings.iter();
            findings.any(|finding| finding.help.as_ref() == Some(help))
        };
        problem.helps.retain(is_cause);
    }
    problems
}
