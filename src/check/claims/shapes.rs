//! Words, numbers and what is only ever right in shape: addresses, times, paths, ids.
//!
//! Text is cut into tokens, and two tokens are compared with a `Context`, which knows what the
//! code is about and what a second run showed to vary.

use std::sync::LazyLock;

use regex::Regex;

use super::context::Context;
use super::number;
use crate::model::Tolerance;

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it looks like.
    pub shape: Shape,
    /// The text itself.
    pub text: &'a str,
}

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A date with a time, or the repr of one.
    Moment,
    /// A date.
    Day,
    /// A time.
    Clock,
    /// What `timeit` says.
    Timing,
    /// A number with a unit of time.
    Duration,
    /// A UUID.
    Uuid,
    /// Where an object lies: `at 0x7f`.
    Address,
    /// A number written as `0x…`.
    Hex,
    /// An absolute path.
    Path,
    /// A number with a fraction or an exponent.
    Float,
    /// A whole number.
    Int,
    /// A word.
    Word,
    /// White space.
    Space,
    /// Any other character.
    Sign,
}

/// Each shape with its pattern, the first that fits wins.
const PATTERNS: [(Shape, &str); 14] = [
    (
        Shape::Moment,
        r"datetime\.(?:datetime|date|time)\([^()]*(?:\([^()]*\)[^()]*)?\)|time\.struct_time\([^()]*\)|\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z\b|[+-]\d{2}:?\d{2}\b)?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [A-Za-z0-9]+ +[A-Za-z0-9]+,? (?:\d{4} )?\d{1,2}:\d{2}:\d{2}(?: [A-Z]{3,4})?(?: \d{4})?",
    ),
    (Shape::Day, r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\b"),
    (Shape::Clock, r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?"),
    (
        Shape::Timing,
        r"\d+ loops?, best of \d+: [\d.]+ [a-zµμ]+ per loop|[\d.]+ [a-zµμ]+ ± [\d.]+ [a-zµμ]+ per loop \([^()]*\)",
    ),
    (
        Shape::Duration,
        r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)? ?(?:(?:ms|us|µs|μs|ns|msec|usec|nsec|s|secs?|seconds?)\b|毫秒|微秒|纳秒|秒)",
    ),
    (
        Shape::Uuid,
        r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
    ),
    (
        Shape::Address,
        r"\bat 0[xX](?:[0-9a-fA-F]*(?:\.{2,}|…+|[xX?*]+)?)[0-9a-fA-F]*",
    ),
    (
        Shape::Hex,
        r"\b0[xX](?:[0-9a-fA-F]*(?:\.{3,}|…+)|[0-9a-fA-F]+)",
    ),
    (
        Shape::Path,
        r#"\b[A-Za-z]:(?:\\{1,2}[^\\\s'"<>|:,]+)+|/[\w.+~@-]+(?:/[\w.+~@-]+)+/?"#,
    ),
    (Shape::Float, r"\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+"),
    (Shape::Int, r"\d+"),
    (Shape::Word, r"[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*"),
    (Shape::Space, r"\s+"),
    (Shape::Sign, r"(?s)."),
];

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use them"
)]
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let groups: Vec<String> = PATTERNS
        .iter()
        .map(|(_, pattern)| format!("({pattern})"))
        .collect();
    Regex::new(&groups.join("|")).expect("fixed patterns")
});

/// How IPython shows an object that has no repr of its own.
#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static PRETTY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<[\w.]+ at 0x").expect("a fixed pattern"));

/// Cuts `text` into its tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    TOKEN
        .captures_iter(text)
        .filter_map(|found| {
            PATTERNS.iter().enumerate().find_map(|(at, (shape, _))| {
                found.get(at + 1).map(|group| Token {
                    shape: *shape,
                    text: group.as_str(),
                })
            })
        })
        .collect()
}

/// Compares two texts token by token. White space counts only where `spaces` says so.
pub(super) fn compare(
    claimed: &str,
    actual: &str,
    context: &Context,
    spaces: bool,
) -> Option<Tolerance> {
    let cut = |text| {
        let mut tokens = tokens(text);
        if PRETTY.is_match(claimed) {
            drop_object(&mut tokens);
        }
        tokens.retain(|token| spaces || token.shape != Shape::Space);
        tokens
    };
    let (claimed, actual) = (cut(claimed), cut(actual));
    if claimed.len() != actual.len() {
        return None;
    }
    let pairs = claimed.into_iter().zip(actual);
    pairs
        .map(|(claimed, actual)| token(claimed, actual, context))
        .try_fold(Tolerance::Exact, |widest, next| Some(widest.max(next?)))
}

/// Takes `object` out of reprs such as `<A object at 0x7f>`, as IPython shows them.
fn drop_object(tokens: &mut Vec<Token<'_>>) {
    let mut at = 0;
    while at + 2 < tokens.len() {
        let is_it = tokens[at].text == "object" && tokens[at + 1].shape == Shape::Space;
        if is_it && tokens[at + 2].shape == Shape::Address {
            tokens.drain(at..at + 2);
        }
        at += 1;
    }
}

/// Compares two tokens.
pub(super) fn token(claimed: Token<'_>, actual: Token<'_>, context: &Context) -> Option<Tolerance> {
    if claimed == actual {
        return Some(Tolerance::Exact);
    }
    let quotes = ["'", "\""];
    if quotes.contains(&claimed.text) && quotes.contains(&actual.text) {
        return Some(Tolerance::Repr);
    }
    if claimed.shape != actual.shape {
        return None;
    }
    if claimed.shape == Shape::Float && number::is_cut(claimed.text, actual.text) {
        return Some(Tolerance::Float);
    }
    is_right_in_shape(claimed, actual, context).then_some(Tolerance::Volatile)
}

/// Whether two different tokens of one shape say the same as far as it can be said.
fn is_right_in_shape(claimed: Token<'_>, actual: Token<'_>, context: &Context) -> bool {
    let varies = context.varies(actual.text);
    let may_vary = varies || !context.has_second();
    match actual.shape {
        Shape::Address | Shape::Timing => true,
        Shape::Moment => may_vary || context.times,
        Shape::Uuid => may_vary || context.random,
        Shape::Day | Shape::Clock => varies || context.times,
        Shape::Duration => {
            let exact = |token: Token<'_>| !token.text.contains('.');
            varies || context.times || !(exact(claimed) || exact(actual))
        }
        Shape::Hex => {
            let long = claimed.text.len() >= 9 && actual.text.len() >= 9;
            super::elide::is_in(claimed.text) || long && (may_vary || context.ids)
        }
        Shape::Path => {
            let of_python = |path: &str| path.to_lowercase().contains("python");
            is_temporary(actual.text) && may_vary
                || of_python(claimed.text) && of_python(actual.text)
        }
        Shape::Float => varies || context.times || context.random,
        Shape::Int => varies || is_id(claimed.text, actual.text, context),
        Shape::Word => varies || context.random,
        Shape::Space | Shape::Sign => false,
    }
}

/// Whether two whole numbers are two ids of whatever the code asks an id of.
fn is_id(claimed: &str, actual: &str, context: &Context) -> bool {
    let digits = claimed.len().min(actual.len());
    context.random
        || context.processes && claimed.len().max(actual.len()) >= 3
        || context.ids && digits >= 5
        || context.times && digits >= 9
        || claimed.len() >= 7 && is_address(actual) && !context.has_second()
}

/// Whether `number` lies where Linux puts heaps and mappings on the machines of today.
fn is_address(number: &str) -> bool {
    number.parse::<u64>().is_ok_and(|number| {
        matches!(
            number >> 40,
            0x55..=0x57 | 0x7c..=0x7f | 0xaa..=0xab | 0xff..=0xff
        )
    })
}

fn is_temporary(path: &str) -> bool {
    ["/tmp/", "/var/tmp/", "/var/folders/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || path.to_lowercase().contains("\\temp\\")
}

/// True where `text` has something in it that differs in every run.
pub(super) fn is_volatile(text: &str) -> bool {
    tokens(text).iter().any(|token| match token.shape {
        Shape::Address | Shape::Timing | Shape::Moment | Shape::Uuid => true,
        Shape::Path => is_temporary(token.text),
        Shape::Duration => token.text.contains('.'),
        Shape::Int => is_address(token.text),
        Shape::Hex => token.text.len() >= 12,
        _ => false,
    })
}
