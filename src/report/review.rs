//! What `verify review` shows and asks: each item with its evidence, all of them as a list, and
//! what came of the answers.
//!
//! An answer is read through whatever is handed in; what it means is decided by [`Queue`].

use std::io::{self, Write};

use serde_json::{Value, json};

use super::fix as fix_report;
use super::terminal::{review as drawn, sides};
use super::words::review as words;
use super::{text, update};
use crate::fix::{self, NoteFixes, Subject};
use crate::model::{Difference, Lang, NoteReport, Report};
use crate::review::{Action, Answer, Item, Queue};
use crate::run::Applied;
use crate::update::ChangeKind;

/// Places of one name that are shown.
const PLACES: usize = 3;
/// Columns of a title in the list.
const TITLE: usize = 100;

/// What every question needs.
pub struct Screen<'r> {
    report: &'r Report,
    claims: Vec<NoteFixes<'r>>,
    code: Vec<NoteFixes<'r>>,
    color: bool,
    width: usize,
}

impl<'r> Screen<'r> {
    /// For a report, in that many columns.
    pub fn new(report: &'r Report, color: bool, width: usize) -> Self {
        Self {
            report,
            claims: fix::survey(report, Subject::Claims),
            code: fix::survey(report, Subject::Code),
            color,
            width,
        }
    }

    /// An item with its evidence, and what each of these answers to it would write.
    fn item(&self, item: &Item, offers: &[Action]) -> String {
        let note = &self.report.notes[item.note];
        let mut parts = Vec::new();
        for block in item.shown.iter().take(PLACES) {
            let problems = drawn::problems(self.report, note, block, self.color, self.width);
            parts.extend(problems);
        }
        let mut shown = parts.concat();
        let more = item.shown.len().saturating_sub(PLACES);
        if more > 0 {
            shown.push_str(&format!("  {}\n", words::more_places(more).get(note.lang)));
        }
        shown.push_str(&self.outcome(item, note.lang));
        if offers.contains(&Action::Fix) {
            shown.push_str(&self.fix(item, note));
        }
        shown
    }

    fn outcome(&self, item: &Item, lang: Lang) -> String {
        let mut shown = String::new();
        for kind in &item.outcome {
            let (heading, lines) = match kind {
                ChangeKind::New(outcome) => {
                    (words::accepting(), sides("", outcome, self.color, lang))
                }
                // The evidence says the same, but for masks.
                ChangeKind::Changed(change) if !is_told(item, change) => {
                    let (old, new) = (&change.recorded, &change.actual);
                    (words::accepting(), sides(old, new, self.color, lang))
                }
                ChangeKind::Unstable => (super::words::update::unstable(), Vec::new()),
                _ => continue,
            };
            shown.push_str(&below(heading.get(lang), &lines));
        }
        shown
    }

    fn fix(&self, item: &Item, note: &NoteReport) -> String {
        let Some(fixable) = &item.fix else {
            return String::new();
        };
        let fixes = match fixable.subject {
            Subject::Claims => &self.claims,
            Subject::Code => &self.code,
        };
        let lines: Vec<String> = fixable
            .places
            .iter()
            .flat_map(|place| {
                let fix = &fixes[place.note].fixes[place.fix];
                fix_report::edited(note, fix, self.color)
            })
            .collect();
        below(words::fixing().get(note.lang), &lines)
    }
}

fn is_told(item: &Item, change: &Difference) -> bool {
    let sides = |difference: &Difference| (difference.recorded.clone(), difference.actual.clone());
    let mut told = item
        .shown
        .iter()
        .filter_map(|block| block.difference.as_ref());
    told.any(|told| sides(told) == sides(change))
}

fn below(heading: &str, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("  {heading}\n{lines}")
}

/// Asks about each item until all are answered, or it is quit. `typed` waits for an answer; an
/// input that ends is a `quit`.
pub fn ask<'i>(
    items: &'i [Item],
    screen: &Screen<'_>,
    typed: &mut dyn FnMut() -> io::Result<Option<String>>,
    output: &mut dyn Write,
) -> io::Result<Queue<'i>> {
    let mut queue = Queue::new(items);
    let mut asked = None;
    while let Some(at) = queue.next() {
        let item = &items[at];
        let lang = screen.report.notes[item.note].lang;
        let offers = queue.offers(item);
        if asked != Some(at) {
            output.write_all(screen.item(item, &offers).as_bytes())?;
            asked = Some(at);
        }
        let prompt = words::what_to_do(at + 1, items.len(), &item.id, &offers);
        output.write_all(prompt.get(lang).as_bytes())?;
        output.flush()?;
        let Some(answer) = typed()? else {
            output.write_all(b"\n")?;
            queue.answer(Answer::Quit);
            break;
        };
        writeln!(output, "{}", text::visible_line(answer.trim()))?;
        let said = match Answer::read(&answer) {
            Some(Answer::Help) => words::answers(),
            Some(answer) if queue.answer(answer) => {
                writeln!(output)?;
                continue;
            }
            Some(Answer::Undo) => words::nothing_to_undo(),
            _ => words::no_answer(),
        };
        writeln!(output, "{}", said.get(lang))?;
    }
    Ok(queue)
}

/// What is pending, on a line each.
pub fn list(items: &[Item], report: &Report) -> String {
    if items.is_empty() {
        return format!("{}\n", words::nothing().get(report.lang));
    }
    items.iter().map(|item| line(item, report)).collect()
}

fn line(item: &Item, report: &Report) -> String {
    let note = &report.notes[item.note];
    let title = text::clip(&text::visible_line(&title(item, report)), TITLE);
    let kind = item.kind.as_str();
    let path = text::visible_line(&note.path);
    format!("{} {kind:<7} {path}:{} {title}\n", item.id, item.line)
}

fn title(item: &Item, report: &Report) -> String {
    let note = &report.notes[item.note];
    let first = item.shown.first();
    let title = first.map(|block| drawn::title(report, note, block));
    title.unwrap_or_default().get(note.lang).to_owned()
}

/// What is pending, for programs.
pub fn json(items: &[Item], report: &Report) -> String {
    let one = |item: &Item| -> Value {
        let actions: Vec<&str> = item.actions().into_iter().map(Action::as_str).collect();
        json!({
            "id": item.id,
            "kind": item.kind.as_str(),
            "path": report.notes[item.note].path,
            "line": item.line,
            "title": title(item, report),
            "actions": actions,
        })
    };
    let items: Vec<Value> = items.iter().map(one).collect();
    format!("{:#}\n", json!({ "version": 1, "pending": items }))
}

/// What came of the answers, and what is left.
pub fn applied(applied: &Applied, left: &[&Item], report: &Report, color: bool) -> String {
    let lang = report.lang;
    let mut shown = String::new();
    for (subject, note) in &applied.notes {
        shown.push_str(&fix_report::done(note, *subject, false, lang));
    }
    if !applied.changes.is_empty() {
        shown.push_str(&update::render(&applied.changes, report, color));
    }
    if left.is_empty() {
        shown.push_str(&format!("{}\n", words::nothing().get(lang)));
    } else {
        shown.push_str(&format!("{}:\n", words::left(left.len()).get(lang)));
        let lines = left.iter().map(|item| format!("  {}", line(item, report)));
        shown.extend(lines);
    }
    shown
}
