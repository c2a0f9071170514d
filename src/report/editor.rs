//! What an editor shows of a note: a mark with a message for each problem, and what is known of
//! the place below the pointer.
//!
//! Plain values: no protocol and no encoding. Problems are those of the other reports, so that
//! the editor tells the same story.

use super::markdown::longest_run;
use super::tell::Weight;
use super::tell::place::Lined;
use super::tell::{self, Issue};
use super::text;
use super::words::{self as common, ci as kinds, claims, editor as words};
use crate::check::explain::catalogue;
use crate::fix::{Fix, Target};
use crate::model::{
    BlockReport, CheckedClaim, ClaimVerdict, Lang, Lines, NoteReport, Report, Status,
};

pub use super::tell::Place;

/// Lines of output in a hover.
const OUTPUT: usize = 20;
/// Columns of a title of an action.
const TITLE: usize = 60;

/// How much a mark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A snippet fails.
    Error,
    /// The note says something that is not so, or something is to fail.
    Warning,
    /// Nothing is recorded yet.
    Information,
    /// It is known.
    Hint,
}

/// One mark in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The file as reports show it.
    pub path: String,
    /// Where it stands; none for what is about the file as a whole.
    pub place: Option<Place>,
    /// How much it matters.
    pub level: Level,
    /// The cause.
    pub rule: String,
    /// Where the cause is documented.
    pub url: Option<String>,
    /// What is wrong, why, and what to do.
    pub message: String,
    /// Other lines of the note that it is about, and why.
    pub related: Vec<(usize, String)>,
}

/// The marks of a note.
pub fn marks(report: &Report, note: &NoteReport) -> Vec<Mark> {
    let lined = Lined::of(note);
    let places = note.places().into_iter();
    let marks = places.flat_map(|block| {
        let issues = tell::of_block(report, &lined, block, false).into_iter();
        issues.map(move |issue| mark(&issue, Some(block), note))
    });
    marks.collect()
}

/// The marks of what is to be said about the run: in notes, recordings and folders.
pub fn warnings(report: &Report) -> Vec<Mark> {
    let bare = Report {
        warnings: report.warnings.clone(),
        lang: report.lang,
        ..Report::default()
    };
    let note = NoteReport::default();
    let issues = tell::all(&bare, false);
    issues
        .iter()
        .map(|issue| mark(issue, None, &note))
        .collect()
}

fn mark(issue: &Issue, block: Option<&BlockReport>, note: &NoteReport) -> Mark {
    let status = block.and_then(|block| block.status);
    let level = match issue.weight {
        Weight::Known => Level::Hint,
        Weight::Error if issue.rule == kinds::NOT_RECORDED => Level::Information,
        Weight::Error if status == Some(Status::Failed) => Level::Error,
        Weight::Error | Weight::Warning => Level::Warning,
    };
    let lines = std::iter::once(issue.full_title()).chain(issue.more());
    let before = block.map_or(&[][..], |block| block.depends_on.as_slice());
    let related = words::ran_before();
    Mark {
        path: issue.path.to_owned(),
        place: issue.place,
        level,
        rule: issue.rule.clone(),
        url: catalogue::rule(&issue.rule)
            .and_then(|rule| (!rule.url.is_empty()).then_some(rule.url)),
        message: lines.collect::<Vec<_>>().join("\n"),
        related: before
            .iter()
            .map(|line| (*line, related.get(note.lang).to_owned()))
            .collect(),
    }
}

/// What is known of a place, in Markdown, and the lines that this is about.
pub fn hover(report: &Report, note: &NoteReport, line: usize) -> Option<(Lines, String)> {
    let block = block_at(note, line)?;
    let lang = note.lang;
    let within = |lines: Lines| (lines.first..=lines.last).contains(&line);
    let claim = |checked: &&CheckedClaim| {
        within(checked.claim.lines) || within(checked.claim.about.lines())
    };
    let all = tell::of_block(report, &Lined::of(note), block, false);
    let here: Vec<&Issue> = all
        .iter()
        .filter(|issue| {
            let place = issue
                .place
                .filter(|place| place.line <= line && line <= place.end_line);
            place.is_some()
                || block.claims.iter().any(|checked| {
                    claim(&checked)
                        && issue.place.is_some_and(|place| {
                            let lines = checked.claim.lines;
                            (lines.first..=lines.last).contains(&place.line)
                        })
                })
        })
        .collect();
    let issues = if here.is_empty() {
        all.iter().collect()
    } else {
        here
    };
    let mut parts = vec![head(block, lang)];
    parts.extend(issues.iter().map(|issue| told(issue)));
    let claims = block.claims.iter().filter(claim);
    parts.extend(claims.filter_map(|checked| verdict(checked, lang)));
    parts.extend(printed(block, lang));
    parts.retain(|part| !part.is_empty());
    (!parts.is_empty()).then(|| (block.block.lines, parts.join("\n\n")))
}

/// The snippet on a line, or the one that the line says something about, or what names on the
/// line are known to be gone.
pub fn block_at(note: &NoteReport, line: usize) -> Option<&BlockReport> {
    let within = |lines: Lines| (lines.first..=lines.last).contains(&line);
    let claims = |block: &&BlockReport| {
        let mut claims = block.claims.iter();
        claims.any(|checked| within(checked.claim.lines))
    };
    let says_something =
        |block: &&BlockReport| block.status.is_some() || !block.findings.is_empty();
    let places = || {
        note.blocks
            .iter()
            .chain(&note.mentions)
            .filter(says_something)
    };
    places()
        .find(claims)
        .or_else(|| places().find(|block| within(block.block.lines)))
}

fn head(block: &BlockReport, lang: Lang) -> String {
    let Some(status) = block.status else {
        return String::new();
    };
    let told = match &block.skip {
        Some(skip) => words::skipped(skip),
        None => words::status(status, block.known),
    };
    let mut told = format!("**{}**", inline(told.get(lang)));
    if let Some(recorded) = block
        .recorded
        .as_ref()
        .filter(|recorded| !recorded.with.is_empty())
    {
        let with = words::recorded_with(&recorded.with);
        told.push_str(&format!(" · {}", inline(with.get(lang))));
    }
    told
}

/// A problem with all that is known of its cause.
fn told(issue: &Issue) -> String {
    let rule = catalogue::rule(&issue.rule);
    let name = match rule.as_ref().filter(|rule| !rule.url.is_empty()) {
        Some(rule) => format!("[{}]({})", inline(&rule.slug), rule.url),
        None => inline(&issue.rule),
    };
    let mut parts = vec![format!("{} · {name}", inline(&issue.full_title()))];
    for more in issue.more() {
        let lines: Vec<&str> = more.lines().collect();
        match lines.as_slice() {
            [line] => parts.push(inline(line)),
            _ => parts.push(fenced(&more)),
        }
    }
    let changed = rule.map(|rule| rule.changed.get(issue.lang).to_owned());
    parts.extend(
        changed
            .filter(|changed| !changed.is_empty())
            .map(|changed| inline(&changed)),
    );
    parts.join("\n\n")
}

/// What became of a claim that is not told as a problem.
fn verdict(checked: &CheckedClaim, lang: Lang) -> Option<String> {
    let told = match checked.verdict {
        ClaimVerdict::Holds => claims::holds_as(checked.tolerance),
        ClaimVerdict::Unchecked => claims::not_checked(checked.why.as_ref()),
        ClaimVerdict::Stale => return None,
    };
    let claimed = checked.claim.claimed.lines().next().unwrap_or_default();
    let claim = claims::source_and_claimed(&checked.claim.source, claimed);
    let claim = text::clip(&text::visible_line(&claim), 2 * TITLE);
    Some(format!("{}: {}", code(&claim), inline(told.get(lang))))
}

fn printed(block: &BlockReport, lang: Lang) -> Option<String> {
    let output = format!("{}{}", block.stdout, block.stderr);
    let lines: Vec<&str> = output.lines().take(OUTPUT + 1).collect();
    if lines.is_empty() {
        return None;
    }
    let shown = lines[..lines.len().min(OUTPUT)].join("\n");
    let more = if lines.len() > OUTPUT { "\n…" } else { "" };
    let printed = words::printed();
    Some(format!(
        "{}\n\n{}",
        printed.get(lang),
        fenced(&format!("{shown}{more}"))
    ))
}

/// A text as a code span, whatever backticks it has.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text as a block.
fn fenced(content: &str) -> String {
    let fence = "`".repeat((longest_run(content) + 1).max(3));
    format!("{fence}text\n{}\n{fence}", text::visible(content))
}

/// A line of Markdown in which only what stands between backticks is set as code. Editors show no
/// HTML, so everything is Markdown's own.
fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(at, part): (usize, &&str)| match (at % 2, part.is_empty()) {
        (0, _) => escaped(part),
        (_, true) => escaped("``"),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Running text; addresses are links.
fn escaped(text: &str) -> String {
    let may_be_in_url = |c: char| c.is_ascii_alphanumeric() || "/.-_#%~:?=&+".contains(c);
    let word = |word: &str| {
        if word.starts_with("https://") && word.chars().all(may_be_in_url) {
            return format!("<{word}>");
        }
        let mut escaped = String::new();
        for c in word.chars() {
            if r"\`*_[]<>#!|".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The title of the action that applies a fix.
pub fn fix_title(fix: &Fix, lang: Lang) -> String {
    let short = |text: &str| {
        let line = text.lines().next().unwrap_or_default();
        text::clip(&text::visible_line(line), TITLE)
    };
    let title = match &fix.target {
        Target::Claim(checked) => match checked.rewrite.as_deref() {
            None | Some("") => words::take_out(),
            Some(came) => words::write_what_came(&short(came)),
        },
        Target::Code(code) => {
            let pieces = code
                .rewrite
                .written
                .pieces
                .iter()
                .zip(&code.rewrite.modern.pieces);
            let mut lines = pieces.flat_map(|(old, new)| old.text.lines().zip(new.text.lines()));
            let changed = lines.find(|(old, new)| old != new);
            words::rewrite(&short(changed.map_or("", |(_, new)| new.trim())))
        }
    };
    title.get(lang).to_owned()
}

/// The title of the action that records a place, where there is something to record.
pub fn record_title(block: &BlockReport, lang: Lang) -> Option<String> {
    let title = match block.status {
        _ if block.known => return None,
        Some(Status::New) => words::record(),
        Some(Status::Stale | Status::Failed) => words::mark_known(),
        None if !block.findings.is_empty() => words::mark_names_known(),
        _ => return None,
    };
    Some(title.get(lang).to_owned())
}

/// That recordings were written, or that nothing was to be.
pub fn recorded(changes: usize, lang: Lang) -> String {
    words::recorded(changes).get(lang).to_owned()
}

/// What is in the way, as one text.
pub fn trouble(message: &str, help: &str) -> String {
    let message = text::visible(message);
    match help {
        "" => format!("verify: {message}"),
        help => format!(
            "verify: {message}\n{}: {}",
            common::help().get(Lang::En),
            text::visible(help)
        ),
    }
}
