//! Masks: places in recorded text whose content varies from run to run.
//!
//! In masked text `⟪kind⟫` stands for something that varies and `⟪⟪` for a literal
//! `⟪`, so that no text that a program prints can be mistaken for a mask. Two runs
//! give a mask wherever they differ; matching a mask is a matter of its kind alone.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use similar::{Algorithm, DiffOp, capture_diff_slices};

const OPEN: &str = "⟪";
const CLOSE: &str = "⟫";

/// The kinds of masks with what each one matches.
const KINDS: [(&str, &str); 5] = [
    ("number", r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"),
    ("address", r"0x[0-9a-fA-F]+"),
    ("path", r"\S+?"),
    ("text", r"[^\n]*?"),
    ("lines", r"(?s:.*?)"),
];

/// Plain text as masked text that matches just itself.
pub fn escape(plain: &str) -> String {
    // Looking for one byte is quicker than looking for all of it, and few texts have it.
    if plain.contains('⟪') {
        plain.replace(OPEN, "⟪⟪")
    } else {
        plain.to_owned()
    }
}

/// The mask of a kind.
pub fn mask(kind: &str) -> String {
    format!("{OPEN}{kind}{CLOSE}")
}

/// The plain text, where masked text has no mask in it.
pub fn unescape(masked: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = masked;
    while let Some(at) = rest.find(OPEN) {
        plain.push_str(&rest[..at + OPEN.len()]);
        rest = rest[at + OPEN.len()..].strip_prefix(OPEN)?;
    }
    plain.push_str(rest);
    Some(plain)
}

/// True where `actual`, masked text itself, is what `recorded` says.
pub fn matches(recorded: &str, actual: &str) -> bool {
    if recorded == actual {
        return true;
    }
    if unescape(recorded).is_some() {
        return false;
    }
    let regex = RegexBuilder::new(&pattern(recorded))
        .size_limit(LARGEST_PATTERN)
        .build();
    regex.is_ok_and(|regex| regex.is_match(actual))
}

/// How many bytes the compiled form of a recorded text may take: enough for all output that is kept.
const LARGEST_PATTERN: usize = 1 << 30;

/// `actual` written with the masks of `recorded` where a whole line matches, for showing what differs.
pub fn align(recorded: &str, actual: &str) -> String {
    let masked: Vec<&str> = recorded
        .split_inclusive('\n')
        .filter(|line| unescape(line).is_none())
        .collect();
    actual
        .split_inclusive('\n')
        .map(|line| {
            masked
                .iter()
                .copied()
                .find(|masked| matches(masked, line))
                .unwrap_or(line)
        })
        .collect()
}

fn pattern(recorded: &str) -> String {
    let mut pattern = String::from(r"\A");
    let mut rest = recorded;
    while let Some(at) = rest.find(OPEN) {
        pattern.push_str(&regex::escape(&rest[..at]));
        rest = &rest[at + OPEN.len()..];
        let known = KINDS.iter().find(|(kind, _)| {
            rest.strip_prefix(kind)
                .is_some_and(|rest| rest.starts_with(CLOSE))
        });
        match known {
            Some((kind, matched)) => {
                pattern.push_str(&format!("(?:{}|{matched})", mask(kind)));
                rest = &rest[kind.len() + CLOSE.len()..];
            }
            None if rest.starts_with(OPEN) => {
                pattern.push_str("⟪⟪");
                rest = &rest[OPEN.len()..];
            }
            None => pattern.push_str(OPEN),
        }
    }
    pattern.push_str(&regex::escape(rest));
    pattern.push_str(r"\z");
    pattern
}

/// Masked text that matches both of two texts, masks where they differ.
pub fn merge(first: &str, second: &str) -> String {
    if first == second {
        return first.to_owned();
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (
        first.split_inclusive('\n').collect(),
        second.split_inclusive('\n').collect(),
    );
    let mut merged = String::new();
    let first = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let last = a[first..].iter().rev().zip(b[first..].iter().rev());
    let last = last.take_while(|(a, b)| a == b).count();
    if are_reordered(&a[first..a.len() - last], &b[first..b.len() - last]) {
        merged.extend(a[..first].iter().copied());
        merged.push_str(&mask("lines"));
        merged.extend(a[a.len() - last..].iter().copied());
        return merged;
    }
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (old, new) = (&a[op.old_range()], &b[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => merged.extend(old.iter().copied()),
            _ if old.len() == new.len() => {
                merged.extend(old.iter().zip(new).map(|(a, b)| merge_line(a, b)));
            }
            _ => merged.push_str(&mask("lines")),
        }
    }
    merged
}

/// True for the same lines in another order. Those that stay in their places then do so by chance.
fn are_reordered(first: &[&str], second: &[&str]) -> bool {
    let (mut first, mut second) = (first.to_vec(), second.to_vec());
    first.sort_unstable();
    second.sort_unstable();
    first.len() > 1 && first == second
}

/// One line of each, of which only the last of a text may lack its end.
fn merge_line(first: &str, second: &str) -> String {
    let cut = |line: &'_ str| line.strip_suffix('\n').map_or(line.len(), str::len);
    let lines = mask("lines");
    if first != second && (first.contains(&lines) || second.contains(&lines)) {
        return lines;
    }
    let ((a, a_end), (b, b_end)) = (first.split_at(cut(first)), second.split_at(cut(second)));
    let mut merged = merge_tokens(a, b);
    if a_end == b_end {
        merged.push_str(a_end);
    } else {
        merged.push_str(&lines);
    }
    merged
}

/// What two lines have before their ends, joined token by token. A difference inside brackets masks
/// all that they hold: where the order varies, items that agree by chance do not agree next time.
fn merge_tokens(first: &str, second: &str) -> String {
    let (a, b) = (tokens(first), tokens(second));
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let (old, new) = (&a[op.old_range()], &b[op.new_range()]);
        let kind = match (old, new) {
            ([old], [new]) => kind_of(old)
                .filter(|kind| kind_of(new) == Some(*kind))
                .unwrap_or("text"),
            _ => "text",
        };
        spans.push((op.old_range().start, op.old_range().end, kind));
    }
    let spans = joined(spans, &a);
    let (mut merged, mut at) = (String::new(), 0);
    for (start, end, kind) in spans {
        merged.extend(a[at..start].iter().copied());
        merged.push_str(&mask(kind));
        at = end;
    }
    merged.extend(a[at..].iter().copied());
    merged
}

/// Widens spans to the brackets around them, those of text to the quotes, and joins those that touch.
fn joined<'k>(
    spans: Vec<(usize, usize, &'k str)>,
    tokens: &[&str],
) -> Vec<(usize, usize, &'k str)> {
    let mut joined: Vec<(usize, usize, &str)> = Vec::new();
    for (start, end, kind) in spans {
        let (start, end, kind) = match brackets(tokens, start, end) {
            Some((open, close)) if kind != "address" => (open, close, "text"),
            _ => match quotes(tokens, start, end) {
                Some((open, close)) if kind == "text" => (open, close, "text"),
                _ => (start, end, kind),
            },
        };
        let mut span = (start, end, kind);
        // A span that was widened may reach back over several.
        while let Some(last) = joined.pop_if(|last| span.0 <= last.1) {
            span = (last.0.min(span.0), last.1.max(span.1), "text");
        }
        joined.push(span);
    }
    joined
}

/// The tokens inside the innermost square or curly brackets around a span.
fn brackets(tokens: &[&str], start: usize, end: usize) -> Option<(usize, usize)> {
    let mut depth = 0usize;
    let open = tokens[..start].iter().rposition(|token| match *token {
        "]" | "}" => {
            depth += 1;
            false
        }
        "[" | "{" if depth > 0 => {
            depth -= 1;
            false
        }
        token => matches!(token, "[" | "{"),
    })?;
    depth = 0;
    let close = tokens[end..].iter().position(|token| match *token {
        "[" | "{" => {
            depth += 1;
            false
        }
        "]" | "}" if depth > 0 => {
            depth -= 1;
            false
        }
        token => matches!(token, "]" | "}"),
    })?;
    Some((open + 1, end + close))
}

/// The tokens inside the quotes around a span.
fn quotes(tokens: &[&str], start: usize, end: usize) -> Option<(usize, usize)> {
    let open = tokens[..start]
        .iter()
        .rposition(|token| matches!(*token, "'" | "\""))?;
    let is_quote = |token: &&str| *token == tokens[open];
    let is_open = tokens[..=open].iter().copied().filter(is_quote).count() % 2 == 1;
    let close = tokens[end..]
        .iter()
        .copied()
        .position(|token| is_quote(&token))?;
    is_open.then_some((open + 1, end + close))
}

fn kind_of(token: &str) -> Option<&'static str> {
    if token.starts_with("0x") {
        return Some("address");
    }
    let is_digits = token.starts_with(|c: char| c.is_ascii_digit()) && token.parse::<f64>().is_ok();
    if is_digits {
        return Some("number");
    }
    (token.starts_with('/') && token.len() > 1).then_some("path")
}

fn tokens(line: &str) -> Vec<&str> {
    TOKEN.find_iter(line).map(|found| found.as_str()).collect()
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"⟪\w*⟫|⟪⟪|0x[0-9a-fA-F]+|/(?:[\w.-]+/)*[\w.-]+|\d+\.\d+(?:[eE][-+]?\d+)?|\b[0-9a-fA-F]{6,}(?:-[0-9a-fA-F]{4,})*\b|\d+(?:[eE][-+]?\d+)?|\w+|\n|\s|(?s:.)").expect("a fixed pattern")
});

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts as runs print them, made of what masks are about: numbers, words, quotes, brackets,
    /// line ends and signs of masks.
    fn printed() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => prop::sample::select(vec![
                "1", "27", "3.5", "1e9", "0x7f", "/tmp/a", "2026-12-01T04:05:06", "9e02c1fa", "abc", "数",
            ]),
            4 => prop::sample::select(vec![
                "'", "\"", "[", "]", "{", "}", " ", ":", "-", ",", "\n", "\r", "\t",
            ]),
            1 => prop::sample::select(vec!["⟪", "⟫", "⟪⟪", "⟪number⟫", "⟪lines⟫", "number⟫", "\u{0}"]),
        ];
        let parts = prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat());
        prop_oneof![4 => parts, 1 => any::<String>()]
    }

    proptest! {
        #[test]
        fn what_two_runs_give_matches_both(first in printed(), second in printed()) {
            let (first, second) = (escape(&first), escape(&second));
            let merged = merge(&first, &second);
            prop_assert!(matches(&merged, &first), "{merged:?} is not {first:?}");
            prop_assert!(matches(&merged, &second), "{merged:?} is not {second:?}");
            prop_assert_eq!(unescape(&merged).is_some(), first == second);
        }

        #[test]
        fn a_third_run_may_be_merged_too(runs in [printed(), printed(), printed()]) {
            let [first, second, third] = runs.map(|text| escape(&text));
            let merged = merge(&merge(&first, &second), &third);
            for text in [&first, &second, &third] {
                prop_assert!(matches(&merged, text), "{merged:?} is not {text:?}");
            }
        }

        #[test]
        fn any_text_is_only_itself(text in printed(), other in printed()) {
            let escaped = escape(&text);
            prop_assert_eq!(unescape(&escaped), Some(text.clone()));
            prop_assert_eq!(matches(&escaped, &escape(&other)), text == other);
        }

        #[test]
        fn no_recording_is_too_odd_to_be_read(recorded in printed(), actual in printed()) {
            let _ = (unescape(&recorded), align(&recorded, &actual));
            prop_assert!(matches(&recorded, &recorded));
        }
    }

    #[track_caller]
    fn merges(first: &str, second: &str, expected: &str) {
        let merged = merge(&escape(first), &escape(second));
        assert_eq!(merged, expected);
        assert!(
            matches(&merged, &escape(first)) && matches(&merged, &escape(second)),
            "{merged}"
        );
    }

    #[test]
    fn what_differs_between_two_runs_is_masked_by_its_kind() {
        merges("pid 12\n", "pid 13\n", "pid ⟪number⟫\n");
        merges("<A at 0x7f1a>\n", "<A at 0x7f2b>\n", "<A at ⟪address⟫>\n");
        merges("in /tmp/a1/x\n", "in /tmp/b2/x\n", "in ⟪path⟫\n");
        merges(
            "Sat Nov 1 10:00:07\n",
            "Sun Dec 6 13:07:18\n",
            "⟪text⟫ ⟪text⟫ ⟪number⟫ ⟪number⟫:⟪number⟫:⟪number⟫\n",
        );
        merges("a\nb\nc\n", "a\nc\n", "a\n⟪lines⟫c\n");
        merges("same\n", "same\n", "same\n");
    }

    #[test]
    fn a_varying_order_masks_all_that_the_brackets_hold() {
        merges("x = [3, 1, 2, 5]\n", "x = [3, 2, 1, 5]\n", "x = [⟪text⟫]\n");
        merges("{'b', 'a'} 1\n", "{'a', 'b'} 1\n", "{⟪text⟫} 1\n");
        merges(
            "is\nb\nx\nc\nend\n",
            "is\nc\nx\nb\nend\n",
            "is\n⟪lines⟫end\n",
        );
    }

    #[test]
    fn what_is_random_is_masked_whole() {
        merges("b'\\xa1q\\x02' 1\n", "b'\\x07\\xa1' 1\n", "b'⟪text⟫' 1\n");
        let (first, second) = ("4f1c9e02-11aa-4c3d", "135add7a-11aa-4c3d");
        merges(first, second, "⟪text⟫");
        merges("id 9e02c1fa\n", "id 12345678\n", "id ⟪text⟫\n");
        merges("took 1.25s\n", "took 0.75s\n", "took ⟪number⟫s\n");
        merges("'pid 12'\n", "'pid 13'\n", "'pid ⟪number⟫'\n");
    }

    #[test]
    fn what_varies_at_several_places_of_a_string_is_masked_once() {
        merges(
            "'2026-12-01T04:49:47.128811'\n",
            "'2027-11-02T05:50:48.993127'\n",
            "'⟪text⟫'\n",
        );
        merges(
            "\"1 and 2 and x\" 3\n",
            "\"4 and 5 and y\" 6\n",
            "\"⟪text⟫\" ⟪number⟫\n",
        );
        merges("1", "2\n", "⟪number⟫⟪lines⟫");
    }

    #[test]
    fn a_mask_is_found_in_all_output_that_is_kept() {
        let lines = "0123456789 数\n".repeat(100_000);
        let (first, second) = (format!("1\n{lines}"), format!("2\n{lines}"));
        merges(&first, &second, &format!("⟪number⟫\n{lines}"));
    }

    #[test]
    fn a_mask_matches_its_kind_alone() {
        assert!(matches("pid ⟪number⟫\n", "pid 7\n"));
        assert!(!matches("pid ⟪number⟫\n", "pid x\n"));
        assert!(!matches("pid ⟪number⟫\n", "pid 7\npid 8\n"));
        assert!(matches("a\n⟪lines⟫c\n", "a\nb\nb\nc\n"));
    }

    #[test]
    fn a_mask_matches_itself_beside_other_masks() {
        assert!(matches("⟪number⟫ s on ⟪number⟫\n", "⟪number⟫ s on 12\n"));
        assert!(!matches("⟪number⟫ s on ⟪number⟫\n", "⟪⟪number⟫ s on 12\n"));
    }

    #[test]
    fn text_that_looks_like_a_mask_is_only_text() {
        let printed = escape("⟪number⟫ and ⟪\n");
        assert_eq!(printed, "⟪⟪number⟫ and ⟪⟪\n");
        assert!(!matches(&printed, "7 and ⟪⟪\n"));
        assert!(matches(&printed, &printed));
        assert_eq!(unescape(&printed).as_deref(), Some("⟪number⟫ and ⟪\n"));
        assert_eq!(unescape("⟪number⟫"), None);
        let any = "\u{0}⟪⟪⟪\n";
        assert_eq!(unescape(&escape(any)).as_deref(), Some(any));
    }

    #[test]
    fn merging_with_what_was_merged_keeps_its_masks() {
        let merged = merge("a 1\n", "a 2\n");
        assert!(matches(&merge(&merged, "a 3\n"), "a 9\n"));
    }

    #[test]
    fn lines_that_a_mask_matches_are_shown_with_the_mask() {
        assert_eq!(
            align("pid ⟪number⟫\nx\n", "pid 7\ny\n"),
            "pid ⟪number⟫\ny\n"
        );
    }
}
