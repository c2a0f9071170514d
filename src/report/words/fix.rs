//! The words of `verify fix`.

use super::counted;
use crate::fix::Why;

/// What is asked about one claim, with its number and the number of all.
pub(in crate::report) fn rewrite_it(number: usize, of: usize) -> String {
    format!("rewrite it? ({number} of {of}) [y]es, [n]o, [a]ll, [q]uit: ")
}

/// What is said to an answer that is none.
pub(in crate::report) fn answers() -> String {
    "please answer `yes`, `no`, `all` (this one and all below) or `quit` (none of them)".to_owned()
}

/// What stands before the code of a claim.
pub(in crate::report) fn code() -> &'static str {
    "code"
}

/// What stands before the cause of a stale claim.
pub(in crate::report) fn why() -> &'static str {
    "why"
}

/// The cause of a stale claim.
pub(in crate::report) fn cause(message: &str, rule: &str, since: Option<&str>) -> String {
    match since {
        Some(since) => format!("{message} [{rule}], since Python {since}"),
        None => format!("{message} [{rule}]"),
    }
}

/// That no claim is stale.
pub(in crate::report) fn nothing() -> String {
    "nothing to rewrite: no claim that was checked is stale".to_owned()
}

/// How many claims of a note were rewritten, or would be.
pub(in crate::report) fn rewritten(count: usize, dry: bool) -> String {
    let claims = counted(count, "claim");
    if dry {
        format!("{claims} would be rewritten")
    } else {
        format!("{claims} rewritten")
    }
}

/// Why a note was left as it was.
pub(in crate::report) fn refused(why: &str) -> String {
    format!("this note was not rewritten: {why}")
}

/// How many claims were not chosen.
pub(in crate::report) fn declined(count: usize) -> String {
    let it_is = if count == 1 { "it is" } else { "they are" };
    format!("{} left as {it_is} in the note", stale(count))
}

/// How many claims can't be rewritten.
pub(in crate::report) fn left(count: usize) -> String {
    format!("{} can't be rewritten", stale(count))
}

fn stale(count: usize) -> String {
    counted(count, "stale claim")
}

/// Why a stale claim can't be rewritten, and what to do.
pub(in crate::report) fn reason(why: Why) -> &'static str {
    match why {
        Why::Varies => {
            "what came is another thing in every run; write `...` in place of what varies"
        }
        Why::Comparison => "it is a comparison; decide which of its sides is wrong",
        Why::Raised => {
            "the snippet raises an exception; mend it, or write in the note that it raises"
        }
        Why::NoText => "what came can't be written as the note writes it; edit it by hand",
        Why::NoPlace => "its exact place in the note is not known; edit it by hand",
        Why::NoRoom => "what came does not fit into the lines of the claim; edit it by hand",
        Why::Unprintable => "what came has control characters; print its `repr` in the snippet",
        Why::Shared => {
            "it stands where another claim is rewritten; run `verify fix` again after that"
        }
    }
}

/// What to do once notes were rewritten whose snippets have recordings.
pub(in crate::report) fn record_next(command: &str) -> String {
    format!("next: look at `git diff`, then run `{command}`, as the recordings know the old text")
}

/// What to do once notes were rewritten.
pub(in crate::report) fn look_next() -> String {
    "next: look at `git diff`".to_owned()
}

/// More places than are named.
pub(in crate::report) fn more(count: usize) -> String {
    format!("and {count} more")
}
