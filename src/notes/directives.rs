//! What an author asks for: words in HTML comments above a block or in its info string.
//!
//! The words of `verify` are `skip`, `session`, `python`, `raises` and `setup`. The skip
//! marks of other tools are read too, so that a note that another tool already
//! tests needs no second mark. A wrong word in a `verify:` comment is a problem,
//! never silence; unknown words of an info string are other tools' business.
//! Nothing here knows Markdown: [`Reader`] is told what stands above each block.

use super::marks::{Mark, foreign_mark};
use super::words::Words;
use crate::model::{Directives, Text};
use crate::text;

/// Something wrong in a note that keeps a directive from doing what it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The 1-based line of the note.
    pub line: usize,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// What to do next.
    pub help: Text,
}

/// The words of a `verify:` comment.
const WORDS: [&str; 6] = ["skip", "reason", "session", "python", "raises", "setup"];

/// Words in an info string by which other tools skip a block.
const SKIP_WORDS: [&str; 6] = ["notest", "no_run", "norun", "no-run", "ignore", "skip-test"];

/// Collects the comments of a note and gives each block its directives.
#[derive(Debug, Default)]
pub struct Reader {
    next: Option<Directives>,
    own_line: Option<usize>,
    open: Vec<(&'static str, Text)>,
    problems: Vec<Problem>,
}

impl Reader {
    /// Takes the inside of a comment (without `<!--` and `-->`) that stands on
    /// `line`; false where it asks for nothing and is meant for people.
    pub fn comment(&mut self, inside: &str, line: usize) -> bool {
        let inside = inside.trim_matches(|c: char| c == '-' || c.is_whitespace());
        if let Some(words) = after_verify(inside) {
            self.own_line.get_or_insert(line);
            let asked = own_words(words, line, &mut self.problems);
            fill(self.next.get_or_insert_default(), asked);
            return true;
        }
        let mark = foreign_mark(inside);
        let known = mark.is_some();
        if let Some(mark) = mark {
            self.mark(mark);
        }
        known
    }

    fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Next(reason) => fill_skip(self.next.get_or_insert_default(), reason),
            Mark::Raises => {
                self.next
                    .get_or_insert_default()
                    .raises
                    .get_or_insert_with(|| "Exception".into());
            }
            Mark::Setup => self.next.get_or_insert_default().setup = true,
            Mark::Start(tool, reason) => {
                self.open.retain(|(open, _)| *open != tool);
                self.open.push((tool, reason));
            }
            Mark::End(tool) => self.open.retain(|(open, _)| *open != tool),
        }
    }

    /// Says that something else than a blank line or a comment follows.
    pub fn other(&mut self) {
        self.next = None;
        if let Some(line) = self.own_line.take() {
            self.problems.push(Problem {
                line,
                message: text!(
                    "this `verify:` comment stands above no block",
                    "这条 `verify:` 注释下面没有代码块"
                ),
                help: text!(
                    "move it directly above the block that it is for, or delete it",
                    "把它移到对应代码块的正上方，或删掉它"
                ),
            });
        }
    }

    /// The directives of the block that follows, whose info string stands on `line`.
    pub fn block(&mut self, info: &str, line: usize) -> Directives {
        self.own_line = None;
        let mut directives = self.next.take().unwrap_or_default();
        fill(&mut directives, info_words(info, line, &mut self.problems));
        if let Some((_, reason)) = self.open.first() {
            fill_skip(&mut directives, reason.clone());
        }
        directives
    }

    /// Every problem of the note, in the order of its lines.
    pub fn finish(mut self) -> Vec<Problem> {
        self.other();
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }
}

/// True where `version` is one that `spec` names, none where `spec` is no list of
/// PEP 440 comparisons such as `>=3.9, <3.13`. As in PEP 440, `==3.12` is 3.12.0
/// alone and `==3.12.*` every 3.12.
pub fn version_matches(spec: &str, version: (u8, u8, u8)) -> Option<bool> {
    let version = [
        u64::from(version.0),
        u64::from(version.1),
        u64::from(version.2),
    ];
    let mut all = true;
    for part in spec.split(',') {
        all &= clause_matches(part.trim(), version)?;
    }
    Some(all)
}

fn clause_matches(clause: &str, version: [u64; 3]) -> Option<bool> {
    let number_at = clause.find(|c: char| !"<>=!~".contains(c))?;
    let (operator, number) = clause.split_at(number_at);
    let number = number.trim();
    let (number, any) = number
        .strip_suffix(".*")
        .map_or((number, false), |number| (number, true));
    let wanted: Vec<u64> = number
        .split('.')
        .map(release_number)
        .collect::<Option<_>>()?;
    let starts = |with: &[u64]| {
        with.iter()
            .enumerate()
            .all(|(i, n)| version.get(i).unwrap_or(&0) == n)
    };
    let order = compare(&version, &wanted);
    match (operator, any) {
        ("==", true) => Some(starts(&wanted)),
        ("!=", true) => Some(!starts(&wanted)),
        ("==", false) => Some(order.is_eq()),
        ("!=", false) => Some(order.is_ne()),
        (">=", false) => Some(order.is_ge()),
        ("<=", false) => Some(order.is_le()),
        (">", false) => Some(order.is_gt()),
        ("<", false) => Some(order.is_lt()),
        ("~=", false) => Some(
            order.is_ge()
                && starts(
                    wanted
                        .split_last()
                        .filter(|(_, series)| !series.is_empty())?
                        .1,
                ),
        ),
        _ => None,
    }
}

/// One number of a release; only ASCII digits, so no sign.
fn release_number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// Compares two releases, missing numbers being 0.
fn compare(left: &[u64], right: &[u64]) -> std::cmp::Ordering {
    let at = |release: &[u64], i: usize| release.get(i).copied().unwrap_or(0);
    (0..left.len().max(right.len()))
        .map(|i| at(left, i).cmp(&at(right, i)))
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

/// What follows `verify:` in a comment.
fn after_verify(inside: &str) -> Option<&str> {
    let (head, words) = inside.split_once(':')?;
    head.trim_end()
        .eq_ignore_ascii_case("verify")
        .then_some(words)
}

/// Reads the words of a `verify:` comment.
fn own_words(text: &str, line: usize, problems: &mut Vec<Problem>) -> Directives {
    let mut asked = Directives::default();
    let mut skip = false;
    let mut reason = None;
    let mut any = false;
    for word in Words(text) {
        any = true;
        match (word.name.to_ascii_lowercase().as_str(), word.value) {
            ("skip", value) => {
                skip = true;
                reason = reason.or(value);
            }
            ("setup", None) => asked.setup = true,
            ("reason", Some(value)) if !value.trim().is_empty() => reason = Some(value),
            (name, value) if WORDS.contains(&name) => {
                valued_word(name, value.unwrap_or_default(), line, &mut asked, problems);
            }
            (name, _) => {
                problems.push(unknown_word(name, line));
                break;
            }
        }
    }
    if skip {
        let given = reason.map(str::trim).filter(|reason| !reason.is_empty());
        asked.skip = Some(Text::same(given.unwrap_or("`verify: skip`")));
    } else if reason.is_some() {
        problems.push(Problem {
            line,
            message: text!(
                "`reason` stands without `skip`",
                "有 `reason` 却没有 `skip`"
            ),
            help: text!(
                "write `<!-- verify: skip reason=\"…\" -->`",
                "写成 `<!-- verify: skip reason=\"…\" -->`"
            ),
        });
    }
    if !any {
        problems.push(Problem {
            line,
            message: text!(
                "this `verify:` comment asks for nothing",
                "这条 `verify:` 注释没有任何要求"
            ),
            help: known_words(),
        });
    }
    asked
}

/// Reads the words after the first of an info string.
fn info_words(info: &str, line: usize, problems: &mut Vec<Problem>) -> Directives {
    let mut asked = Directives::default();
    for word in Words(info).skip(1) {
        let name = word.name.trim_start_matches('.').to_ascii_lowercase();
        match (name.as_str(), word.value) {
            ("skip", Some(value)) if value.eq_ignore_ascii_case("false") => {}
            ("skip", Some(value)) if !value.eq_ignore_ascii_case("true") => {
                fill_skip(&mut asked, Text::same(value));
            }
            ("skip", _) => fill_skip(&mut asked, in_info_string("skip")),
            (name, None) if SKIP_WORDS.contains(&name) => {
                fill_skip(&mut asked, in_info_string(name));
            }
            (name @ ("session" | "python" | "raises"), Some(value)) => {
                valued_word(name, value, line, &mut asked, problems);
            }
            (name, Some(value)) => foreign_word(name, value, &mut asked),
            _ => {}
        }
    }
    asked
}

/// Takes a word with a value as other tools mean it; what they know besides is their business.
fn foreign_word(name: &str, value: &str, asked: &mut Directives) {
    let value = value.trim();
    match name {
        // pytest-examples; markdown-exec; Quarto and R Markdown.
        "test" | "exec" | "eval" if info_says_off(value) => {
            fill_skip(asked, in_info_string(&format!("{name}=\"{value}\"")));
        }
        "error" => asked.may_raise |= value.eq_ignore_ascii_case("true"),
        // pytest-examples
        "requires" => {
            let spec = format!(">={value}");
            if is_version_list(&spec) {
                asked.python.get_or_insert(spec);
            }
        }
        "group" if !value.is_empty() => {
            asked.session.get_or_insert_with(|| value.to_owned());
        }
        _ => {}
    }
}

/// True for a value by which a tool is told to leave a block alone.
pub(super) fn info_says_off(value: &str) -> bool {
    let words = ["skip", "false", "no", "off", "0"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// True for comparisons with versions such as `>=3.9, <3.13`.
pub(super) fn is_version_list(spec: &str) -> bool {
    version_matches(spec, (3, 0, 0)).is_some()
}

/// Takes a word that needs a value, or says what is wrong with the value.
fn valued_word(
    name: &str,
    value: &str,
    line: usize,
    asked: &mut Directives,
    problems: &mut Vec<Problem>,
) {
    let value = value.trim();
    let (good, field, example) = match name {
        "session" => (!value.is_empty(), Some(&mut asked.session), "session=name"),
        "python" => (
            version_matches(value, (3, 0, 0)).is_some(),
            Some(&mut asked.python),
            "python=\">=3.12\"",
        ),
        "raises" => (
            is_dotted_name(value),
            Some(&mut asked.raises),
            "raises=TypeError",
        ),
        _ => (false, None, "skip reason=\"…\""),
    };
    if good {
        if let Some(field) = field {
            field.get_or_insert_with(|| value.to_owned());
        }
        return;
    }
    let message = match value {
        "" => text!("`{name}` needs a value", "`{name}` 需要一个值"),
        value => text!(
            "`{value}` is no value for `{name}`",
            "`{value}` 不能作 `{name}` 的值"
        ),
    };
    problems.push(Problem {
        line,
        message,
        help: text!("write it like `{example}`", "写成 `{example}` 这样"),
    });
}

fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

fn unknown_word(name: &str, line: usize) -> Problem {
    let short: String = name.chars().take(40).collect();
    let nearest = WORDS
        .into_iter()
        .min_by_key(|word| strsim::damerau_levenshtein(word, &short))
        .unwrap_or(WORDS[0]);
    Problem {
        line,
        message: text!(
            "`{short}` is no word of a `verify:` comment; the nearest is `{nearest}`",
            "`verify:` 注释中没有 `{short}` 这个词，最接近的是 `{nearest}`"
        ),
        help: known_words(),
    }
}

fn known_words() -> Text {
    text!(
        "write `skip reason=\"…\"`, `session=name`, `python=\">=3.12\"`, `raises=TypeError` or `setup`",
        "可以写 `skip reason=\"…\"`、`session=name`、`python=\">=3.12\"`、`raises=TypeError` 或 `setup`"
    )
}

/// Fills what `into` does not say yet.
fn fill(into: &mut Directives, from: Directives) {
    into.skip = into.skip.take().or(from.skip);
    into.session = into.session.take().or(from.session);
    into.python = into.python.take().or(from.python);
    into.raises = into.raises.take().or(from.raises);
    into.may_raise |= from.may_raise;
    into.setup |= from.setup;
}

fn in_info_string(name: &str) -> Text {
    text!("`{name}` in the info string", "信息字符串中的 `{name}`")
}

fn fill_skip(into: &mut Directives, reason: Text) {
    into.skip.get_or_insert(reason);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn own(words: &str) -> (Directives, Vec<Problem>) {
        let mut problems = Vec::new();
        let asked = own_words(words, 7, &mut problems);
        (asked, problems)
    }

    fn info(info: &str) -> (Directives, Vec<Problem>) {
        let mut problems = Vec::new();
        let asked = info_words(info, 7, &mut problems);
        (asked, problems)
    }

    #[test]
    fn every_word_alone_and_together() {
        let (asked, problems) = own(
            " skip reason=\"needs a GPU\", session=a python='>=3.9,<3.13'\nraises=json.JSONDecodeError ",
        );
        assert_eq!(problems, []);
        let expected = Directives {
            skip: Some(Text::same("needs a GPU")),
            session: Some("a".into()),
            python: Some(">=3.9,<3.13".into()),
            raises: Some("json.JSONDecodeError".into()),
            ..Directives::default()
        };
        assert_eq!(asked, expected);
        assert_eq!(own("skip").0.skip, Some(Text::same("`verify: skip`")));
        assert!(own("setup").0.setup && own("setup").1.is_empty());
        assert_eq!(own("SKIP = “旧”").0.skip, Some(Text::same("旧")));
        assert_eq!(
            own("python=>=3.9,<3.13 session=b").0.python.as_deref(),
            Some(">=3.9,<3.13")
        );
    }

    #[test]
    fn an_unknown_word_names_the_nearest() {
        for (word, nearest) in [
            ("sikp", "skip"),
            ("sesion=a", "session"),
            ("raise=E", "raises"),
        ] {
            let problem = own(word).1.remove(0);
            assert_eq!(problem.line, 7);
            assert!(
                problem
                    .message
                    .en
                    .contains(&format!("nearest is `{nearest}`")),
                "{problem:?}"
            );
            assert!(!problem.help.is_empty());
        }
        assert_eq!(own("this is prose that was never meant for us").1.len(), 1);
    }

    #[test]
    fn bad_values_are_problems_and_set_nothing() {
        for words in [
            "session",
            "session=",
            "session=\"\"",
            "python",
            "python>=3.12",
            "python==3.12",
            "python=\"three\"",
            "python=\">=3.12.*\"",
            "raises",
            "raises=404",
            "raises=\"Type Error\"",
            "reason=\"x\"",
            "",
        ] {
            let (asked, problems) = own(words);
            assert!(!problems.is_empty(), "{words:?}");
            assert_eq!(asked, Directives::default(), "{words:?}");
        }
    }

    #[test]
    fn the_words_of_info_strings() {
        for skipped in [
            "python skip",
            "python notest",
            "python,notest",
            "python {skip}",
            "{.python .skip}",
            "{python skip}",
            "python title=\"x\" no_run",
            "python NORUN",
            "python ignore",
            "python:x.py no-run",
            "python skip-test",
            "python skip=true",
            "python {test=\"skip\" lint=\"skip\"}",
            "py test=\"false\"",
            "python { .annotate test=\"no\" }",
            "python exec=\"0\"",
            "{python, eval=FALSE}",
        ] {
            assert!(info(skipped).0.skip.is_some(), "{skipped:?}");
        }
        for run in [
            "skip",
            "python title=\"skip this\"",
            "python skip=false",
            "python ignore=\"E501\"",
            "python skipping",
            "python {test=\"true\" lint=\"skip\"}",
            "python exec=\"on\"",
            "python requires=\"numpy\"",
        ] {
            assert_eq!(info(run), (Directives::default(), vec![]), "{run:?}");
        }
        let (asked, problems) =
            info("python raises=TypeError,session=\"a b\",python=\">=3.12\" other=1 {1,3}");
        assert_eq!(problems, []);
        assert_eq!(asked.raises.as_deref(), Some("TypeError"));
        assert_eq!(asked.session.as_deref(), Some("a b"));
        assert_eq!(asked.python.as_deref(), Some(">=3.12"));
        assert_eq!(info("python raises=4").1.len(), 1);
        let asked = info("py {requires=\"3.12\" group='a'}").0;
        assert_eq!(asked.python.as_deref(), Some(">=3.12"));
        assert_eq!(asked.session.as_deref(), Some("a"));
        assert!(info("{python, error=TRUE}").0.may_raise);
    }

    #[test]
    fn versions_compare_as_in_pep_440() {
        for (spec, expected) in [
            (">=3.11", Some(true)),
            (">= 3.11.8", Some(false)),
            ("<3.12", Some(true)),
            (">3.11", Some(true)),
            ("<=3.11", Some(false)),
            ("==3.11", Some(false)),
            ("==3.11.7", Some(true)),
            ("==3.11.7.0", Some(true)),
            ("==3.11.*", Some(true)),
            ("==3.*", Some(true)),
            ("!=3.11.*", Some(false)),
            ("!=3.10", Some(true)),
            ("~=3.9", Some(true)),
            ("~=3.11.8", Some(false)),
            ("~=3.10.1", Some(false)),
            (">=3.9, <3.13", Some(true)),
            (">=3.9,<3.11", Some(false)),
            (">=99999999999999999999999", None),
            ("~=3", None),
            (">=3.*", None),
            ("3.11", None),
            ("=3.11", None),
            (">=", None),
            (">=3..1", None),
            (">=+3", None),
            (">=3.11,", None),
            ("", None),
            (">=三", None),
        ] {
            assert_eq!(version_matches(spec, (3, 11, 7)), expected, "{spec:?}");
        }
    }

    #[test]
    fn marks_between_start_and_end_skip_all() {
        for (start, end) in [
            ("skip: start", "skip: end"),
            ("- skip doccmd[all]: start", "skip doccmd[all]: end"),
            ("fmt: off", "fmt: on"),
            ("blacken-docs:off", "blacken-docs:on"),
        ] {
            let mut reader = Reader::default();
            assert!(reader.comment(start, 1));
            reader.other();
            assert!(reader.block("py", 2).skip.is_some(), "{start}");
            assert!(reader.block("py", 3).skip.is_some(), "{start}");
            assert!(reader.comment(end, 4));
            assert_eq!(reader.block("py", 5).skip, None, "{end}");
            assert_eq!(reader.finish(), []);
        }
    }

    #[test]
    fn a_reason_of_our_own_comes_first() {
        let mut reader = Reader::default();
        reader.comment("skip: start", 1);
        reader.comment(" verify: skip reason='mine' ", 2);
        assert_eq!(reader.block("py notest", 3).skip, Some(Text::same("mine")));
    }
}
