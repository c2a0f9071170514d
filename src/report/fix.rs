//! What `verify fix` shows and asks: each rewrite as a question, all of them as a
//! patch, and what became of them.
//!
//! A question is written and its answer read through whatever is handed in; what an
//! answer means is decided by [`Choice`].

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use similar::TextDiff;

use super::terminal::sides;
use super::{text, words};
use crate::fix::{Answer, Choice, Edit, Fix, NoteDone, NoteFixes, Subject, Target, Why, apply};
use crate::model::{CheckedClaim, Lang, NoteReport};

/// Columns of a claim or code that are shown in a line.
const COLUMNS: usize = 100;
/// Lines of code that are shown in a question.
const CODE_LINES: usize = 8;
/// Places that are named for one reason, and notes in one command.
const NAMED: usize = 8;

/// Asks about each fix, and gives back what was chosen. An input that ends is a `quit`.
pub fn ask(
    notes: &[NoteFixes<'_>],
    color: bool,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<Choice> {
    let mut choice = Choice::new(notes);
    let all: usize = notes.iter().map(|note| note.fixes.len()).sum();
    let mut number = 0;
    while let Some(place) = choice.next() {
        number += 1;
        let note = &notes[place.note];
        output.write_all(question(note.note, &note.fixes[place.fix], color).as_bytes())?;
        choice.answer(answer((number, all), note.note.lang, input, output)?);
    }
    Ok(choice)
}

/// Reads lines until one is an answer.
fn answer(
    (number, all): (usize, usize),
    lang: Lang,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<Answer> {
    loop {
        let question = words::fix::rewrite_it(number, all);
        output.write_all(question.get(lang).as_bytes())?;
        output.flush()?;
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            output.write_all(b"\n")?;
            return Ok(Answer::Quit);
        }
        if let Some(answer) = Answer::read(&String::from_utf8_lossy(&line)) {
            output.write_all(b"\n")?;
            return Ok(answer);
        }
        writeln!(output, "{}", words::fix::answers().get(lang))?;
    }
}

/// What is shown before it is asked: what is wrong, the cause and the edits.
fn question(note: &NoteReport, fix: &Fix, color: bool) -> String {
    let (at, lang) = (place(&note.path, fix.line()), note.lang);
    let why = words::fix::why();
    let why = why.get(lang);
    let width = text::width(words::fix::code().get(lang)).max(text::width(why));
    let mut shown = match &fix.target {
        Target::Claim(checked) => claim(&at, checked, width, lang),
        Target::Code(_) => format!("{at}: {}\n", words::fix::code_is_old().get(lang)),
    };
    for cause in &fix.causes {
        let cause = words::fix::cause(&cause.message, &cause.rule, cause.since.as_deref());
        let cause = text::visible_line(cause.get(lang));
        shown.push_str(&format!("  {}  {cause}\n", text::pad(why, width)));
    }
    for line in edited(note, fix, color) {
        shown.push_str(&format!("    {line}\n"));
    }
    shown
}

/// The lines of the note that a fix changes, before and after.
pub(super) fn edited(note: &NoteReport, fix: &Fix, color: bool) -> Vec<String> {
    let edits = shown_together(&note.text, fix).into_iter();
    let lines = edits.flat_map(|edits| {
        let (old, new) = edited_lines(&note.text, edits);
        sides(&old, &new, color, note.lang)
    });
    lines.collect()
}

/// The edits of a claim, and of code those on lines right below each other.
fn shown_together<'f>(note: &str, fix: &'f Fix) -> Vec<&'f [Edit]> {
    let is_near = |one: &Edit, next: &Edit| {
        let between = note
            .get(one.bytes.end..next.bytes.start)
            .unwrap_or_default();
        between.matches('\n').count() <= 1
    };
    match fix.target {
        Target::Claim(_) => vec![&fix.edits],
        Target::Code(_) => fix.edits.chunk_by(is_near).collect(),
    }
}

/// What a claim says and what came, with its code behind a label of this width.
fn claim(at: &str, checked: &CheckedClaim, width: usize, lang: Lang) -> String {
    let claim = &checked.claim;
    let title = title(&claim.claimed, &checked.actual, lang);
    let mut shown = format!("{at}: {title}\n");
    let code: Vec<&str> = claim.source.lines().collect();
    let label = words::fix::code();
    let label = label.get(lang);
    for (at, line) in code.iter().take(CODE_LINES).enumerate() {
        let before = if at == 0 { label } else { "" };
        let line = text::clip(&text::visible_line(line), COLUMNS);
        let line = format!("  {}  {line}", text::pad(before, width));
        shown.push_str(&format!("{}\n", line.trim_end()));
    }
    if code.len() > CODE_LINES {
        let left_out = words::left_out(code.len() - CODE_LINES);
        shown.push_str(&format!(
            "{}{}\n",
            " ".repeat(width + 4),
            left_out.get(lang)
        ));
    }
    shown
}

fn title(claimed: &str, actual: &str, lang: Lang) -> String {
    let (claimed, actual) = (claimed.trim(), actual.trim());
    let fits = |text: &str| !text.contains('\n') && text::width(text) <= COLUMNS;
    if fits(claimed) && fits(actual) && claimed != actual {
        let came = words::claims::Came::Text(actual);
        text::visible_line(words::claims::is_false(claimed, came).get(lang))
    } else {
        words::claims::output_is_false().get(lang).to_owned()
    }
}

/// The lines of the note that these edits change, before and after.
fn edited_lines(note: &str, edits: &[Edit]) -> (String, String) {
    let starts = edits.iter().map(|edit| edit.bytes.start);
    let ends = edits.iter().map(|edit| edit.bytes.end);
    let (first, last) = (starts.min().unwrap_or(0), ends.max().unwrap_or(0));
    let start = note[..first].rfind('\n').map_or(0, |at| at + 1);
    let whole_lines = |edit: &Edit| edit.bytes.end == last && !edit.bytes.is_empty();
    let whole = note[..last].ends_with('\n') && edits.iter().any(whole_lines);
    let end = if whole {
        last
    } else {
        note[last..]
            .find('\n')
            .map_or(note.len(), |at| last + at + 1)
    };
    let moved = edits.iter().map(|edit| Edit {
        bytes: edit.bytes.start - start..edit.bytes.end - start,
        text: edit.text.clone(),
    });
    let old = &note[start..end];
    let new = apply(old, &moved.collect::<Vec<_>>());
    let plain = |text: &str| text.replace("\r\n", "\n");
    (plain(old), plain(&new))
}

/// What was rewritten as a patch that `git apply` and `patch -p1` take in the root. On a terminal
/// what could move or recolour other text is made visible.
pub fn patch(notes: &[NoteFixes<'_>], done: &[NoteDone], terminal: bool) -> String {
    let mut shown = String::new();
    for (found, done) in notes.iter().zip(done) {
        let Some(after) = &done.after else { continue };
        let old: Vec<&str> = found.note.text.split_inclusive('\n').collect();
        let new: Vec<&str> = after.split_inclusive('\n').collect();
        let diff = TextDiff::configure()
            .newline_terminated(true)
            .diff_slices(&old, &new);
        let path = &found.note.path;
        let mut unified = diff.unified_diff();
        unified.header(&patch_name('a', path), &patch_name('b', path));
        shown.push_str(&unified.to_string());
    }
    if terminal {
        text::visible(&shown.replace("\r\n", "\n"))
    } else {
        shown
    }
}

/// A path in the header of a patch, as git writes it.
fn patch_name(side: char, path: &str) -> String {
    let path = format!("{side}/{}", path.trim_start_matches('/'));
    if path.chars().any(|c| c.is_control() || "\"\\".contains(c)) {
        let quoted = path.chars().map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => c
                .to_string()
                .bytes()
                .map(|byte| format!("\\{byte:03o}"))
                .collect(),
            c => c.to_string(),
        });
        return format!("\"{}\"", quoted.collect::<String>());
    }
    // Without it a name would end at its first space.
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{path}{end}")
}

/// What became of the stale claims or of old code, and what to do next.
pub fn render(done: &[NoteDone], subject: Subject, dry: bool, lang: Lang) -> String {
    if done.is_empty() {
        return format!("{}\n", words::fix::nothing(subject).get(lang));
    }
    let mut shown = String::new();
    for note in done {
        shown.push_str(&self::done(note, subject, dry, lang));
    }
    shown.push_str(&not_rewritten(done, subject, lang));
    if !dry {
        shown.push_str(&next(done, subject, lang));
    }
    shown
}

/// What became of one note: how much was rewritten, or why nothing was.
pub(super) fn done(note: &NoteDone, subject: Subject, dry: bool, lang: Lang) -> String {
    let mut shown = String::new();
    if note.rewritten > 0 {
        let path = text::visible_line(&note.path);
        let what = words::fix::rewritten(note.rewritten, subject, dry);
        shown.push_str(&format!("{path}: {}\n", what.get(lang)));
    }
    if let Some((line, refusal)) = &note.refused {
        let why = text::visible_line(refusal.message().get(lang));
        let (what, place) = (words::fix::refused(&why), place(&note.path, *line));
        let (error, help) = (words::error(), words::help());
        let (error, help) = (error.get(lang), help.get(lang));
        shown.push_str(&format!("{error}: {place}: {}\n", what.get(lang)));
        shown.push_str(&format!("  {help}: {}\n", refusal.help().get(lang)));
    }
    shown
}

/// What stays, by its reasons.
fn not_rewritten(done: &[NoteDone], subject: Subject, lang: Lang) -> String {
    let mut declined = Vec::new();
    let mut reasons: BTreeMap<Why, Vec<String>> = BTreeMap::new();
    for note in done {
        declined.extend(note.declined.iter().map(|&line| place(&note.path, line)));
        for left in &note.left {
            let places = reasons.entry(left.why).or_default();
            places.push(place(&note.path, left.line));
        }
    }
    let mut shown = String::new();
    if !declined.is_empty() {
        let what = words::fix::declined(declined.len(), subject);
        shown.push_str(&format!(
            "{}: {}\n",
            what.get(lang),
            places(&declined, lang)
        ));
    }
    let left: usize = reasons.values().map(Vec::len).sum();
    if left > 0 {
        shown.push_str(&format!("{}:\n", words::fix::left(left, subject).get(lang)));
    }
    for (why, at) in reasons {
        let reason = words::fix::reason(why);
        shown.push_str(&format!("  {}: {}\n", places(&at, lang), reason.get(lang)));
    }
    shown
}

fn next(done: &[NoteDone], subject: Subject, lang: Lang) -> String {
    let rewritten = || done.iter().filter(|note| note.rewritten > 0);
    let recorded: Vec<String> = rewritten()
        .filter(|note| note.recorded)
        .map(|note| text::shell_word(&note.path))
        .collect();
    if rewritten().next().is_none() {
        return String::new();
    }
    let next = if recorded.is_empty() {
        words::fix::look_next(subject)
    } else if recorded.len() > NAMED {
        words::fix::record_next("verify --update")
    } else {
        let command = format!("verify --update {}", recorded.join(" "));
        words::fix::record_next(&text::visible_line(&command))
    };
    format!("{}\n", next.get(lang))
}

fn place(path: &str, line: usize) -> String {
    format!("{}:{line}", text::visible_line(path))
}

fn places(all: &[String], lang: Lang) -> String {
    let mut named: Vec<String> = all.iter().take(NAMED).cloned().collect();
    if all.len() > NAMED {
        named.push(words::fix::more(all.len() - NAMED).get(lang).to_owned());
    }
    named.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
