//! The sentences about claims: what a note says, what came, how the two came apart, what to write.

use crate::report::words::counted;

/// What came in place of what a note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Came<'a> {
    /// A value or an output, on one line; `""` is none.
    Text(&'a str),
    /// An exception, as Python names it.
    Exception(&'a str),
}

impl Came<'_> {
    fn sentence(self) -> String {
        match self {
            Self::Text("") => "nothing came".to_owned(),
            Self::Text(text) => format!("`{text}` came"),
            Self::Exception(exception) => format!("it raises `{exception}`"),
        }
    }
}

/// The title of a false claim that fits on a line.
pub(in crate::report) fn is_false(claimed: &str, came: Came<'_>) -> String {
    match claimed {
        "" => says_nothing_comes(came),
        _ => format!("the note says `{claimed}`, but {}", came.sentence()),
    }
}

/// The title where nothing should have come.
pub(in crate::report) fn says_nothing_comes(came: Came<'_>) -> String {
    format!("the note says that nothing comes, but {}", came.sentence())
}

/// The title where the type is another.
pub(in crate::report) fn type_is_false(class: &str, came: Came<'_>) -> String {
    format!(
        "the note says that the type is `{class}`, but {}",
        came.sentence()
    )
}

/// The title where an exception should have come, any for `""`.
pub(in crate::report) fn error_is_false(exception: &str, came: Came<'_>) -> String {
    let claimed = match exception {
        "" => "an exception".to_owned(),
        _ => format!("`{exception}`"),
    };
    let came = match came {
        Came::Text("") => "nothing was raised".to_owned(),
        _ => came.sentence(),
    };
    format!("the note says that it raises {claimed}, but {came}")
}

/// The title of a false claim that takes more room.
pub(in crate::report) fn output_is_false() -> String {
    "the note shows another output than what came".to_owned()
}

/// The title of a false claim that takes more room, where nothing came.
pub(in crate::report) fn output_is_missing() -> String {
    "the note shows an output, but nothing came".to_owned()
}

/// The title of a false claim that takes more room, where an exception came.
pub(in crate::report) fn output_but_raises(exception: &str) -> String {
    format!("the note shows an output, but it raises `{exception}`")
}

/// A false claim where its cause is why nothing came.
pub(in crate::report) fn nothing_to_compare(claimed: &str) -> String {
    format!("the note says `{claimed}`; nothing came that could be compared with it")
}

/// A false claim that takes more room, where its cause is why nothing came.
pub(in crate::report) fn nothing_to_compare_output() -> String {
    "the note shows an output; nothing came that could be compared with it".to_owned()
}

/// The title of a shown error that takes more room.
pub(in crate::report) fn shown_error_is_false() -> String {
    "the note shows another error than what came".to_owned()
}

/// One of several claims that have one cause.
pub(in crate::report) fn on_line(line: usize, sentence: &str) -> String {
    format!("line {line}: {sentence}")
}

/// Further claims that have the same cause.
pub(in crate::report) fn more_with_cause(claims: usize, lines: &str) -> String {
    format!("so are {} more ({lines})", counted(claims, "claim"))
}

/// What stands above the two sides of a false claim.
pub(in crate::report) fn claimed_and_came() -> String {
    "in the note (-) and what came (+):".to_owned()
}

/// The story of a note that was wrong when it was recorded. `value` is what came, `""` where it is long.
pub(in crate::report) fn always_wrong(value: &str, with: &str, current: &str) -> String {
    format!(
        "the note has said so since before it was recorded: {}",
        came_then(value, with, current)
    )
}

/// The story where it is not known whether the note or the recording is older.
pub(in crate::report) fn recorded_alike(value: &str, with: &str, current: &str) -> String {
    format!(
        "the recording says otherwise too: {}",
        came_then(value, with, current)
    )
}

fn came_then(value: &str, with: &str, current: &str) -> String {
    let with = if with.is_empty() || with == current {
        String::new()
    } else {
        format!(", with Python {with}")
    };
    match value {
        "" => format!("what comes today came then already{with}"),
        _ if with.is_empty() => format!("`{value}` came then and comes today"),
        _ => format!("`{value}` came then{with}, and comes today"),
    }
}

/// The story of a Python that changed.
pub(in crate::report) fn python_changed(with: &str, current: &str) -> String {
    format!(
        "the note and its recording from Python {with} agree; Python {current} does something else"
    )
}

/// The story of a snippet that was edited, and what is said about it was not.
pub(in crate::report) fn right_before_edit() -> String {
    "the note agrees with what was recorded before the snippet was edited".to_owned()
}

/// The story where something other than note and Python changed.
pub(in crate::report) fn right_when_recorded() -> String {
    "the note and its recording agree; what came today is something else".to_owned()
}

/// The story of a value that no two runs agree on.
pub(in crate::report) fn varies() -> String {
    "another run gave something else: what comes varies from run to run".to_owned()
}

/// The story of a recording that is old where the note is right.
pub(in crate::report) fn only_recording_is_old() -> String {
    "all that the note itself says holds: it is the recording that is old".to_owned()
}

/// The next step for a false claim of one line.
pub(in crate::report) fn write_instead(text: &str) -> String {
    format!("write `{text}` in the note")
}

/// The next step for a false claim of one line that can be rewritten.
pub(in crate::report) fn write_or_fix(text: &str, command: &str) -> String {
    format!("write `{text}`, or run `{command}`")
}

/// The next step where more can be rewritten.
pub(in crate::report) fn fix(command: &str) -> String {
    format!("`{command}` writes what came in the note")
}

/// The next step where what came varies.
pub(in crate::report) fn leave_out() -> String {
    "write `...` in place of what varies".to_owned()
}

/// The next step for a comparison that is not so.
pub(in crate::report) fn mend_comparison() -> String {
    "mend one side of the comparison".to_owned()
}

/// The next step where an exception came.
pub(in crate::report) fn mend_or_show_error() -> String {
    "mend the code, or show in the note the error that it raises".to_owned()
}

/// The next step where a shown exception did not come. `text` is what came, `""` for nothing or for much.
pub(in crate::report) fn take_error_out(text: &str) -> String {
    match text {
        "" => "take the error out of the note".to_owned(),
        _ => format!("take the error out of the note, or write `{text}`"),
    }
}

/// The next step where nothing came.
pub(in crate::report) fn take_out() -> String {
    "take it out of the note, or mend the code".to_owned()
}

/// The next step where what came is long.
pub(in crate::report) fn write_what_came() -> String {
    "write what came in the note".to_owned()
}

/// Why claims could not be checked, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Reason {
    /// The note says it of another Python.
    OtherPython,
    /// Nothing ran.
    NotRun,
    /// doctest's directive says so.
    Doctest,
    /// In words.
    Because(String),
    /// Several, each rare.
    Various,
}

/// So many claims with their reason.
fn unchecked(count: usize, reason: &Reason) -> String {
    let one = count == 1;
    let is = if one { "is" } else { "are" };
    match reason {
        Reason::OtherPython => format!("{count} {is} about another Python"),
        Reason::NotRun if one => "1 stands in code that was not run".to_owned(),
        Reason::NotRun => format!("{count} stand in code that was not run"),
        Reason::Doctest => format!("{count} {is} marked `# doctest: +SKIP`"),
        Reason::Because(why) => format!("{count} as {why}"),
        Reason::Various if one => "1 for another reason".to_owned(),
        Reason::Various => format!("{count} for other reasons"),
    }
}

/// The counts of claims, for the summary.
pub(in crate::report) fn coverage(
    hold: usize,
    stale: usize,
    known: usize,
    reasons: &[(usize, Reason)],
) -> String {
    let unread: usize = reasons.iter().map(|(count, _)| count).sum();
    let mut told = Vec::new();
    if hold > 0 {
        told.push(if hold == 1 {
            "1 holds".to_owned()
        } else {
            format!("{hold} hold")
        });
    }
    if stale > 0 {
        let known = match known {
            0 => String::new(),
            _ => format!(" ({known} known)"),
        };
        told.push(format!("{stale} stale{known}"));
    }
    if unread > 0 {
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(count, reason)| unchecked(*count, reason))
            .collect();
        told.push(format!(
            "{unread} could not be checked ({})",
            reasons.join(", ")
        ));
    }
    format!(
        "{} read: {}",
        counted(hold + stale + unread, "claim"),
        told.join(", ")
    )
}

/// What stands above the claims that are listed one by one.
pub(in crate::report) fn with_care() -> String {
    "claims that hold with a tolerance, and claims that could not be checked:".to_owned()
}

/// A claim that holds, and how.
pub(in crate::report) fn holds_as(tolerance: &str) -> String {
    format!("holds as: {tolerance}")
}

/// A claim that could not be checked, and why.
pub(in crate::report) fn not_checked(why: &str) -> String {
    match why {
        "" => "could not be checked".to_owned(),
        _ => format!("could not be checked: {why}"),
    }
}

/// Code and what is claimed of it, on one line.
pub(in crate::report) fn source_and_claimed(source: &str, claimed: &str) -> String {
    match source {
        "" => claimed.to_owned(),
        _ => format!("{source}  →  {claimed}"),
    }
}

/// What is claimed where nothing is to come.
pub(in crate::report) fn nothing() -> String {
    "(nothing)".to_owned()
}

/// That a text has more lines than the one that is shown.
pub(in crate::report) fn more_lines(more: usize) -> String {
    format!("(+{})", counted(more, "line"))
}

/// The Pythons that a claim is about, for the listing.
pub(in crate::report) fn only_for(scope: &str) -> String {
    format!("(Python {scope})")
}

/// A false claim that an update accepts.
pub(in crate::report) fn accepted(source: &str, claimed: &str, actual: &str) -> String {
    as_accepted(source, &is_false(claimed, Came::Text(actual)))
}

/// A false claim that takes more room, and that an update accepts.
pub(in crate::report) fn accepted_output(source: &str) -> String {
    as_accepted(source, &output_is_false())
}

fn as_accepted(source: &str, sentence: &str) -> String {
    match source {
        "" => format!("accepted as known: {sentence}"),
        _ => format!("accepted as known: `{source}`: {sentence}"),
    }
}
