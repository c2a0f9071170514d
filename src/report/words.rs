//! The one catalogue of words: every sentence of the reports stands here, once.
//!
//! What is said about claims stands in [`claims`]. Functions take data and give back
//! a `String`; they know no colour and no layout, and whoever calls them makes what
//! comes from notes safe to show. For a second language, this file and the one below
//! it are what has to be written again.

pub(super) mod claims;

pub(super) mod explain;
pub(super) mod fix;
pub(super) mod warnings;

/// What stands before a problem.
pub(super) const ERROR: &str = "error";

/// What stands before a next step.
pub(super) const HELP: &str = "help";

/// A number and its noun, in the right form.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("{count} {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Such as `line 4` or `lines 4, 17, 30`.
pub(super) fn at_lines(lines: &[usize]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = lines.iter().take(MOST).map(ToString::to_string).collect();
    if lines.len() > MOST {
        shown.push(format!("and {} more", lines.len() - MOST));
    }
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    format!("{noun} {}", shown.join(", "))
}

/// What stands above the two sides of a difference.
pub(super) fn recorded_and_came() -> String {
    "recorded (-) and what came (+):".to_owned()
}

/// An exception, as a title.
pub(super) fn raises(class: &str, message: &str) -> String {
    format!("the snippet raises {}", exception(class, message))
}

/// An exception beside another cause.
pub(super) fn it_raises(class: &str, message: &str) -> String {
    format!("it raises {}", exception(class, message))
}

/// An exception as Python names it.
pub(super) fn exception(class: &str, message: &str) -> String {
    if message.is_empty() {
        class.to_owned()
    } else {
        format!("{class}: {message}")
    }
}

/// The title for output that no two runs agree on.
pub(super) fn output_varies() -> String {
    "the output varies from run to run".to_owned()
}

/// The title where the author changed the code.
pub(super) fn edited_since() -> String {
    "the snippet was edited since it was recorded, and does something else now".to_owned()
}

/// The title where the recording was made with another Python.
pub(super) fn recorded_with_another(recorded: &str, current: &str) -> String {
    format!("recorded with Python {recorded}, this is {current}: the output is another")
}

/// The title where only the output has changed.
pub(super) fn output_differs() -> String {
    "the output is not what was recorded".to_owned()
}

/// The title of a failure that left no exception.
pub(super) fn failed() -> String {
    "the snippet failed before its end was reached".to_owned()
}

/// The title where no reason is at hand.
pub(super) fn stale() -> String {
    "the note says something about this snippet that is not so".to_owned()
}

/// What it wrote to standard error.
pub(super) fn wrote_to_stderr(text: &str) -> String {
    format!("on standard error:\n{text}")
}

/// Since when something is so.
pub(super) fn so_since(since: &str, current: &str) -> String {
    if current.is_empty() {
        format!("so since Python {since}")
    } else {
        format!("so since Python {since}, this is {current}")
    }
}

/// Which snippets were run first.
pub(super) fn ran_after(lines: &[usize]) -> String {
    let noun = if lines.len() == 1 {
        "the snippet"
    } else {
        "the snippets"
    };
    format!(
        "it ran after {noun} at {}, as it uses their names",
        at_lines(lines)
    )
}

/// Where a cause is documented.
pub(super) fn see(url: &str) -> String {
    format!("see {url}")
}

/// The next step where so many problems of a snippet may stay for now.
pub(super) fn accept(problems: usize, command: &str) -> String {
    let what = match problems {
        1 => "it".to_owned(),
        2 => "both problems here".to_owned(),
        _ => format!("all {problems} problems here"),
    };
    format!("to accept {what} for now, run `{command}`")
}

/// The command that rewrites the claims of the snippet at a place.
pub(super) fn fix_command(place: &str) -> String {
    format!("verify fix {place}")
}

/// The next step where the new output is right.
pub(super) fn record(command: &str) -> String {
    format!("if the new output is right, run `{command}`")
}

/// The next step where the output varies.
pub(super) fn mask(command: &str) -> String {
    format!("`{command}` masks what varies")
}

/// The next step for a snippet that raises.
pub(super) fn mend(command: &str) -> String {
    format!("mend the snippet, or run `{command}` if it is meant to raise")
}

/// That a block has more problems than are shown.
pub(super) fn more_in_block(count: usize, lines: &[usize]) -> String {
    format!(
        "{} more in this block ({}); -v shows all",
        counted(count, "problem"),
        at_lines(lines)
    )
}

/// The title over all unrecorded snippets.
pub(super) fn not_recorded(count: usize) -> String {
    format!("nothing is recorded yet for {}", counted(count, "snippet"))
}

/// The unrecorded snippets of one note.
pub(super) fn new_in_note(path: &str, lines: &[usize]) -> String {
    format!(
        "{path}: {} ({})",
        counted(lines.len(), "new snippet"),
        at_lines(lines)
    )
}

/// What an unrecorded snippet printed.
pub(super) fn prints(place: &str) -> String {
    format!("{place} prints:")
}

/// That an unrecorded snippet printed nothing.
pub(super) fn prints_nothing(place: &str) -> String {
    format!("{place} prints nothing")
}

/// The next step for unrecorded snippets.
pub(super) fn record_all(command: &str) -> String {
    format!("if they do what you mean, run `{command}` and commit what it writes")
}

/// Skipped snippets by reason, the most frequent first.
pub(super) fn skipped(total: usize, reasons: &[(&str, usize)]) -> String {
    let reasons: Vec<String> = reasons
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    format!(
        "{} skipped: {}",
        counted(total, "snippet"),
        reasons.join(", ")
    )
}

/// The modules that snippets lack.
pub(super) fn missing_modules(modules: &[String]) -> String {
    format!("not installed: {}", modules.join(", "))
}

/// The next step for missing modules.
pub(super) fn install(packages: &[String]) -> String {
    format!(
        "to run these snippets too, run `pip install {}`",
        packages.join(" ")
    )
}

/// How many names are gone that notes mention outside of their snippets.
pub(super) fn names_gone(count: usize) -> String {
    if count == 1 {
        "1 name that is gone".to_owned()
    } else {
        format!("{count} names that are gone")
    }
}

/// How many snippets have problems that are known.
pub(super) fn known(count: usize) -> String {
    format!(
        "{} known to be a problem; -v shows why",
        counted(count, "snippet")
    )
}

/// The title of a problem that is known.
pub(super) fn as_known(title: &str) -> String {
    format!("known: {title}")
}

/// Lines left out of a text.
pub(super) fn left_out(lines: usize) -> String {
    format!("… {} left out …", counted(lines, "line"))
}

/// Lines that are the same on both sides.
pub(super) fn same_lines(lines: usize) -> String {
    let noun = if lines == 1 { "line" } else { "lines" };
    format!("… {lines} equal {noun} …")
}

/// That two sides look alike when shown.
pub(super) fn only_line_ends_differ() -> String {
    "they differ only in the line end at the end".to_owned()
}

/// What the time was, for the summary.
pub(super) fn in_seconds(seconds: f64) -> String {
    format!("in {seconds:.2} s")
}

/// The lines of a block, for the listing.
pub(super) fn block_lines(first: usize, last: usize) -> String {
    match first.cmp(&last) {
        std::cmp::Ordering::Less => format!("lines {first}-{last}"),
        std::cmp::Ordering::Equal => format!("line {first}"),
        std::cmp::Ordering::Greater => format!("line {first}, empty"),
    }
}

/// Which snippets a snippet depends on, for the listing.
pub(super) fn depends_on(lines: &[usize]) -> String {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    format!("depends on {}", lines.join(", "))
}

/// Why a snippet will not be run, for the listing.
pub(super) fn will_skip(reason: &str) -> String {
    format!("skipped ({reason})")
}

/// A note without blocks, for the listing.
pub(super) fn no_blocks() -> String {
    "no code blocks".to_owned()
}

/// The counts under the listing.
pub(super) fn listed(
    notes: usize,
    blocks: usize,
    snippets: usize,
    claims: Option<usize>,
) -> String {
    let mut counts = vec![
        counted(notes, "note"),
        counted(blocks, "block"),
        counted(snippets, "snippet"),
    ];
    counts.extend(claims.map(|claims| counted(claims, "claim")));
    counts.join(", ")
}

/// That there is nothing to look at.
pub(super) fn no_notes() -> String {
    "no notes found: give a folder with Markdown files, such as `verify notes`".to_owned()
}

/// A snippet that is recorded for the first time.
pub(super) fn recorded() -> String {
    "recorded".to_owned()
}

/// A snippet whose recording changes.
pub(super) fn recorded_anew(varies: bool) -> String {
    if varies {
        "recorded anew, with masks for what varies from run to run".to_owned()
    } else {
        "recorded anew".to_owned()
    }
}

/// A finding that an update accepts.
pub(super) fn accepted(rule: &str, message: &str) -> String {
    format!("accepted as known: {message} [{rule}]")
}

/// A finding that is gone.
pub(super) fn no_longer_known(rule: &str) -> String {
    format!("no longer there, so no longer known: {rule}")
}

/// A recording without a snippet.
pub(super) fn recording_removed(heading: &str) -> String {
    if heading.is_empty() {
        "its recording was removed: nothing belongs to it any more".to_owned()
    } else {
        format!("the recording of a snippet under `{heading}` was removed")
    }
}

/// Two runs that can't be one recording.
pub(super) fn unstable() -> String {
    "not recorded: two runs ended differently; mark it with `<!-- verify: skip reason=\"…\" -->` or make it end the same each time"
        .to_owned()
}

/// The counts of an update.
pub(super) fn update_counts(
    recorded: usize,
    changed: usize,
    accepted: usize,
    removed: usize,
) -> String {
    let parts = [
        (recorded, "recorded"),
        (changed, "changed"),
        (accepted, "accepted as known"),
        (removed, "removed"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if told.is_empty() {
        "nothing to update".to_owned()
    } else {
        format!("updated: {}", told.join(", "))
    }
}

/// What became of a file of a new project.
pub(super) fn init_file(path: &str, written: bool) -> String {
    if written {
        format!("wrote {path}")
    } else {
        format!("kept {path}, which was there already")
    }
}

/// What comes after a new project's files.
pub(super) fn init_next() -> String {
    "next: `verify` checks the notes, and `verify --update` records what they do today".to_owned()
}
