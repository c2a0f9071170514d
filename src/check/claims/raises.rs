//! Compares an exception that a note claims with the one that came.

use std::sync::LazyLock;

use regex::Regex;

use super::context::Context;
use super::happened::Raised;
use super::{elide, shapes, text};
use crate::check::explain;
use crate::model::{ClaimForm, Tolerance, WhyUnchecked};

/// How a claimed exception agrees with the one that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// It does, under this tolerance.
    Holds(Tolerance),
    /// The class is right and the message is another.
    OtherMessage,
    /// It is another exception.
    OtherClass,
}

/// An exception as a note claims it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claimed<'a> {
    /// The class, any for `""`.
    pub class: &'a str,
    /// The message, any for `None`.
    pub message: Option<&'a str>,
    /// How it is written.
    pub form: ClaimForm,
}

/// Compares the two.
pub(super) fn compare(claimed: Claimed<'_>, raised: &Raised<'_>, context: &Context) -> Agreement {
    let class = if same_class(claimed.class, raised.class) {
        Tolerance::Exact
    } else if claimed.message.is_none() && is_ancestor(last(claimed.class), last(raised.class)) {
        Tolerance::Repr
    } else {
        return Agreement::OtherClass;
    };
    let Some(message) = claimed.message else {
        return Agreement::Holds(class);
    };
    let shown = shown(raised);
    let compare =
        |message: &str, actual: &str| compare_message(message, actual, claimed.form, context);
    let found = [Some(raised.message), shown]
        .into_iter()
        .flatten()
        .find_map(|actual| compare(message, actual))
        .or_else(|| {
            // Not every Python that raises it suggests something.
            let is_told = shown.is_some_and(|shown| suggestion(shown).is_some());
            let message = &message[..suggestion(message)?];
            compare(message, raised.message).filter(|_| !is_told)
        })
        .or_else(|| {
            // Behind an empty line stands what may be the author's.
            let (first, _) = raised.message.split_once("\n\n")?;
            Some(compare(message, first)?.max(Tolerance::Elided))
        });
    match found {
        Some(tolerance) => Agreement::Holds(class.max(tolerance)),
        None => Agreement::OtherMessage,
    }
}

/// What the traceback shows behind the class: the message, and perhaps a suggestion and notes.
pub(super) fn shown<'a>(raised: &Raised<'a>) -> Option<&'a str> {
    let head = raised.shown();
    let head = head.lines().next()?;
    let at = raised.traceback.rfind(&format!("\n{head}"))? + 1;
    let text = raised.traceback[at..].strip_prefix(raised.class)?;
    Some(text.strip_prefix(": ").unwrap_or(text).trim_end())
}

/// Where in a message the suggestion begins that Python adds when it shows it.
pub(super) fn suggestion(message: &str) -> Option<usize> {
    message.rfind(". Did you ")
}

fn compare_message(
    claimed: &str,
    actual: &str,
    form: ClaimForm,
    context: &Context,
) -> Option<Tolerance> {
    let (claimed, actual) = (text::tidy(claimed), text::tidy(actual));
    if claimed == actual {
        return Some(Tolerance::Exact);
    }
    if context.any_space && text::collapsed(&claimed) == text::collapsed(&actual) {
        return Some(Tolerance::Repr);
    }
    if elide::is_in(&claimed) && elide::matches(&claimed, &actual) {
        return Some(Tolerance::Elided);
    }
    if without_place(&claimed) == without_place(&actual) {
        return Some(Tolerance::Volatile);
    }
    let found = shapes::compare(&claimed, &actual, context, true);
    if found == Some(Tolerance::Volatile) {
        return found;
    }
    let in_passing = matches!(form, ClaimForm::Comment | ClaimForm::Arrow);
    if !in_passing {
        return None;
    }
    // A comment says it in the reader's language, or says the beginning.
    let foreign = |text: &str| text.chars().any(|c| ('\u{2e80}'..'\u{a000}').contains(&c));
    let begins = actual
        .strip_prefix(claimed.trim_end_matches(['.', '。']))
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    if begins || actual.is_empty() {
        Some(Tolerance::Elided)
    } else {
        (foreign(&claimed) && !foreign(&actual)).then_some(Tolerance::Repr)
    }
}

/// A message without what depends on where the code stands: the numbers of lines, and the module
/// of a function.
fn without_place(message: &str) -> String {
    let message = LINE.replace_all(message, "on line 1");
    FUNCTION.replace_all(&message, "$1(").into_owned()
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static LINE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(on|at) line \d+"));
static FUNCTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[a-z_]\w*\.)+((?:[A-Z]\w*\.)*\w+)\("));

fn last(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// True for two names of one class, `""` being any.
pub(super) fn same_class(claimed: &str, actual: &str) -> bool {
    claimed.is_empty() || canonical(claimed) == canonical(actual)
}

fn canonical(class: &str) -> &str {
    match class {
        "IOError" | "EnvironmentError" | "WindowsError" | "socket.error" | "select.error"
        | "os.error" | "mmap.error" => "OSError",
        "socket.timeout" => "TimeoutError",
        class => last(class),
    }
}

/// True where `class` is an exception that people mean by `ancestor`.
fn is_ancestor(ancestor: &str, class: &str) -> bool {
    let heirs: &[&str] = match canonical(ancestor) {
        "Exception" | "BaseException" | "StandardError" => return true,
        "OSError" => &[
            "FileNotFoundError",
            "FileExistsError",
            "PermissionError",
            "IsADirectoryError",
            "NotADirectoryError",
            "ConnectionError",
            "ConnectionRefusedError",
            "ConnectionResetError",
            "BrokenPipeError",
            "TimeoutError",
            "BlockingIOError",
            "ChildProcessError",
            "ProcessLookupError",
            "UnsupportedOperation",
            "gaierror",
        ],
        "LookupError" => &["KeyError", "IndexError"],
        "ArithmeticError" => &["ZeroDivisionError", "OverflowError", "FloatingPointError"],
        "ValueError" => &[
            "UnicodeError",
            "UnicodeDecodeError",
            "UnicodeEncodeError",
            "UnicodeTranslateError",
            "JSONDecodeError",
        ],
        "UnicodeError" => &[
            "UnicodeDecodeError",
            "UnicodeEncodeError",
            "UnicodeTranslateError",
        ],
        "ImportError" => &["ModuleNotFoundError"],
        "RuntimeError" => &["RecursionError", "NotImplementedError"],
        "NameError" => &["UnboundLocalError"],
        "SyntaxError" => &["IndentationError", "TabError"],
        _ => &[],
    };
    heirs.contains(&class)
}

/// Why this exception tells nothing about what the note says, if so: it comes from where the
/// snippet runs, or from what the note does not show.
pub(super) fn excuse(raised: &Raised<'_>, source: &str) -> Option<WhyUnchecked> {
    let Raised {
        class,
        message,
        subject,
        ..
    } = *raised;
    if explain::error(class, message, subject, raised.line, source, source).is_some() {
        return None;
    }
    let network = [
        "URLError",
        "HTTPError",
        "gaierror",
        "herror",
        "SSLError",
        "ConnectionError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "RemoteDisconnected",
        "TimeoutError",
        "timeout",
    ];
    match last(class) {
        "NameError" => Some(WhyUnchecked::Undefined(subject.to_owned())),
        "ModuleNotFoundError" => Some(WhyUnchecked::NoModule(subject.to_owned())),
        "EOFError" if source.contains("input") || message.contains("reading a line") => {
            Some(WhyUnchecked::Input)
        }
        "FileNotFoundError" | "PermissionError" | "NotADirectoryError" => {
            Some(WhyUnchecked::NoFile(message.to_owned()))
        }
        "TclError" if message.contains("display") => Some(WhyUnchecked::Display),
        "KeyboardInterrupt" | "SystemExit" => Some(WhyUnchecked::Ended),
        name if network.contains(&name) || message.contains("unreachable") => {
            Some(WhyUnchecked::Network)
        }
        _ => None,
    }
}
