//! Prompt sessions: which lines were typed, and what is shown below them.
//!
//! Reads the prompts of Python (`>>>` and `...`), also without the space behind
//! them, those of IPython (`In [1]:` and `...:`), and sessions whose continuation
//! lines have no prompt. What of the lines below an input is output is not decided here.

use super::tokens::{self, Kind, Token};
use super::{claims, language};
use crate::model::Stretch;

/// One input of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What was typed, with its line in the note. The end of each of the note's lines, but for
    /// white space at the begin of the first, is a line of it.
    pub piece: Stretch,
    /// The lines shown below it, `\n` behind each.
    pub shown: String,
}

/// True where `text` has a line with a prompt of Python or IPython that stands in no docstring
/// and is no mark of what the line above gives.
pub fn has_prompts(text: &str) -> bool {
    let mut quotes = 0;
    for line in text.lines() {
        if prompted(line).is_some() {
            return quotes % 2 == 0 && !claims::is_reversed(text);
        }
        quotes += line.matches("\"\"\"").count() + line.matches("'''").count();
    }
    false
}

/// The inputs of the session `text`, whose first line is line `first` of its note.
///
/// Code above the first prompt is an input of its own. What an interpreter says when it starts
/// belongs to no input, nor do the lines below it.
pub fn session(text: &str, first: usize) -> Vec<Input> {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| prompted(line).is_some());
    let mut at = start.unwrap_or(lines.len());
    let mut inputs: Vec<Input> = above(&lines[..at], first).into_iter().collect();
    let outer = lines.get(at).map_or(0, |line| indent(line).len());
    let mut open = false;
    while let Some(&line) = lines.get(at) {
        let quoted = inputs
            .last()
            .filter(|_| open)
            .is_some_and(|input| shows_text(&input.piece.text) && indent(line).len() >= outer + 2);
        match prompted(line).filter(|_| !quoted) {
            Some(_) => {
                let typed = typed_lines(&lines[at..]);
                open = !matches!(typed[0].trim(), "" | "^D" | "^Z");
                if open {
                    inputs.push(Input {
                        piece: Stretch::new(first + at, typed.join("\n") + "\n"),
                        shown: String::new(),
                    });
                }
                at += typed.len();
                continue;
            }
            None if banner(line).is_some() => open = false,
            None => {
                if let Some(input) = inputs.last_mut().filter(|_| open) {
                    input.shown.push_str(line);
                    input.shown.push('\n');
                }
            }
        }
        at += 1;
    }
    inputs
}

/// The version named by `line` where an interpreter is started on it or greets, `""` where it
/// names none.
pub fn banner(line: &str) -> Option<&str> {
    let line = line.trim();
    let after = |start: &str| {
        let rest = line.strip_prefix(start)?;
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'));
        Some(&rest[..end.unwrap_or(rest.len())]).filter(|version| !version.is_empty())
    };
    let greeting = |version: &&str| version.contains('.') && line.contains(['(', '|']);
    if let Some(version) = after("Python ").filter(greeting) {
        return Some(version);
    }
    let greets = after("IPython ").is_some_and(|_| line.contains("--"))
        || (line.starts_with(['[', '(']) && line.contains("] on "))
        || (line.starts_with("Type ") && line.contains("copyright"))
        || ["?", "%quickref", "help", "object?"].iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with("-> ") && rest.starts_with(' '))
        });
    if greets { Some("") } else { started(line) }
}

/// The version of the interpreter that a line such as `$ python3` starts.
fn started(line: &str) -> Option<&str> {
    let (_, command) = line.rsplit_once(['$', '%', '>', '#', '➜', '❯'])?;
    let mut words = command.split_whitespace();
    let program = words.next()?;
    let version = ["ipython", "bpython", "python", "pypy"]
        .iter()
        .find_map(|name| program.strip_prefix(name))?;
    let is_version = version
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_version && words.all(|word| word.starts_with('-'))).then_some(version)
}

/// The code above the first prompt, where it is code.
fn above(lines: &[&str], first: usize) -> Option<Input> {
    let skipped = lines
        .iter()
        .take_while(|line| line.trim().is_empty() || banner(line).is_some())
        .count();
    let text = lines[skipped..].join("\n");
    let tokens = tokens::tokenize(&text);
    let starts_line = |at: usize| at == 0 || tokens[at - 1].kind == Kind::Newline;
    let mut looks = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| starts_line(*at) && token.kind != Kind::Newline)
        .filter_map(|(_, token)| lines.get(skipped + token.line))
        .filter(|line| indent(line).is_empty() && !line.starts_with('#'))
        .map(|line| language::reads_as_statement(line))
        .peekable();
    (looks.peek().is_some() && looks.all(|is_code| is_code)).then(|| Input {
        piece: Stretch::new(first + skipped, text + "\n"),
        shown: String::new(),
    })
}

/// The code of the input that begins on the first of `lines`, a string for each line.
fn typed_lines(lines: &[&str]) -> Vec<String> {
    let first = prompted(lines[0]).unwrap_or_default().trim_start();
    let margin = indent(lines[0]);
    let mut typed = vec![first.to_owned()];
    // Where the last logical line of what was typed begins: what is above it is read only once.
    let mut settled = 0;
    while let Some(&line) = lines.get(typed.len()) {
        if let Some(code) = continued(line) {
            let elision = typed.len() == 1 && code.trim().is_empty() && !expects_more(first);
            if elision {
                break;
            }
            typed.push(code.to_owned());
            continue;
        }
        let so_far = typed[settled..].join("\n");
        let (ending, begin) = Ending::with_begin(&so_far);
        settled += begin;
        let again = prompted_again(ending, &so_far, &lines[typed.len()..], margin);
        if !again.is_empty() {
            typed.extend(again.into_iter().map(str::to_owned));
            continue;
        }
        let count = unprompted(ending, &so_far, &lines[typed.len()..], margin);
        if count == 0 {
            break;
        }
        let end = typed.len() + count;
        let body = at_margin(&lines[typed.len()..end], margin);
        let shift = lost_prompt(&body, lines.get(end).copied());
        typed.extend(body.iter().map(|line| line[shift..].to_owned()));
    }
    typed
}

/// True for code that an interpreter asks a second line for.
fn expects_more(code: &str) -> bool {
    !matches!(Ending::of(code), Ending::Whole) || code.contains(':')
}

/// How code that was typed so far ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// In an open bracket or string, or with a backslash.
    Open,
    /// With a colon.
    Header,
    /// With a decorator.
    Decorator,
    Whole,
}

impl Ending {
    fn of(code: &str) -> Self {
        Self::with_begin(code).0
    }

    /// How `code` ends, and the line, counted from 0, on which the last of its logical lines begins.
    fn with_begin(code: &str) -> (Self, usize) {
        let tokens = tokens::tokenize(code);
        let is_blank = |token: &Token<'_>| matches!(token.kind, Kind::Newline | Kind::Comment);
        let Some(last) = tokens.iter().rposition(|token| !is_blank(token)) else {
            return (Self::Whole, 0);
        };
        let is_end = |token: &Token<'_>| token.kind == Kind::Newline;
        let first = tokens[..last]
            .iter()
            .rposition(is_end)
            .map_or(0, |at| at + 1);
        (Self::of_tokens(code, &tokens, last), tokens[first].line)
    }

    /// How `code` with these tokens ends, of which the one at `last` is the last that is code.
    fn of_tokens(code: &str, tokens: &[Token<'_>], last: usize) -> Self {
        let depth = tokens.iter().fold(0, changed_depth);
        let end = tokens[last];
        let line_begin = code.trim_end().rfind('\n').map_or(0, |at| at + 1);
        if depth > 0 || is_open_string(end.text) || code.ends_with('\\') {
            Self::Open
        } else if end.is(":") {
            Self::Header
        } else if code[line_begin..].trim_start().starts_with('@') {
            Self::Decorator
        } else {
            Self::Whole
        }
    }
}

fn is_open_string(token: &str) -> bool {
    let body = token.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    ["'''", "\"\"\""]
        .iter()
        .any(|quotes| body.starts_with(quotes) && (body.len() < 6 || !body.ends_with(quotes)))
}

/// How many lines an open bracket or string may go on without prompts.
const LONGEST_OPEN: usize = 60;

/// The code of those of the `next` lines that go on with what was typed behind the prompt that
/// begins an input, as writers set it who don't know the other one. `typed` is the last logical
/// line of it, and ends so.
fn prompted_again<'t>(ending: Ending, typed: &str, next: &[&'t str], margin: &str) -> Vec<&'t str> {
    if ending == Ending::Whole {
        return Vec::new();
    }
    let codes: Vec<&str> = next
        .iter()
        .take_while(|line| indent(line) == margin && line.trim_start().starts_with(">>>"))
        .map_while(|line| prompted(line))
        .map(|code| code.strip_prefix(' ').unwrap_or(code))
        .take(LONGEST_OPEN)
        .collect();
    let count = match ending {
        Ending::Whole => 0,
        Ending::Decorator => usize::from(codes.first().is_some_and(|code| is_decorated(code))),
        Ending::Header => {
            let goes_on = |code: &&&str| code.starts_with([' ', '\t']) || is_clause(code);
            let may_go_on = |code: &&&str| goes_on(code) || code.is_empty();
            let body = codes.iter().take_while(may_go_on).count();
            let last = codes[..body].iter().rposition(|code| !code.is_empty());
            let begins = codes
                .first()
                .is_some_and(|code| code.starts_with([' ', '\t']));
            last.filter(|_| begins).map_or(0, |last| last + 1)
        }
        Ending::Open => closing(typed, &codes).map_or(0, |at| at + 1),
    };
    codes[..count].to_vec()
}

/// The first of the `next` lines behind which what was typed is open no longer.
///
/// All are read at once: to read everything anew for each line would take the square of them.
fn closing(typed: &str, next: &[&str]) -> Option<usize> {
    let mut text = typed.to_owned();
    let mut ends = Vec::with_capacity(next.len());
    for line in next {
        text.push('\n');
        text.push_str(line);
        ends.push(text.len());
    }
    let tokens = tokens::tokenize(&text);
    let mut tokens = tokens.iter().peekable();
    let (mut depth, mut last) = (0_usize, None);
    ends.iter().position(|&end| {
        while let Some(token) = tokens.next_if(|token| token.start < end) {
            depth = changed_depth(depth, token);
            if !matches!(token.kind, Kind::Newline | Kind::Comment) {
                last = Some(token);
            }
        }
        let is_cut = |token: &Token<'_>| token.end() > end || is_open_string(token.text);
        !(last.is_some_and(|token| depth > 0 || is_cut(token)) || text[..end].ends_with('\\'))
    })
}

/// The number of open brackets behind `token`, where there were `depth` before it.
fn changed_depth(depth: usize, token: &Token<'_>) -> usize {
    match token.text {
        "(" | "[" | "{" => depth + 1,
        ")" | "]" | "}" => depth.saturating_sub(1),
        _ => depth,
    }
}

/// True for a line that may stand below a decorator.
fn is_decorated(line: &str) -> bool {
    let starts = |word: &&str| line.trim_start().starts_with(*word);
    ["def ", "class ", "async ", "@"].iter().any(starts)
}

/// How many of the `next` lines belong to what was typed, although they have no prompt.
fn unprompted(ending: Ending, typed: &str, next: &[&str], margin: &str) -> usize {
    let deeper = |line: &&str| indent(line).len() > margin.len();
    match ending {
        Ending::Decorator => usize::from(is_decorated(next[0])),
        Ending::Header if next.first().is_some_and(deeper) => body_length(next, margin),
        Ending::Whole | Ending::Header => 0,
        Ending::Open => {
            let same_input = |line: &&&str| prompted(line).is_none() || deeper(line);
            let lines = next.iter().take_while(same_input).take(LONGEST_OPEN);
            let lines: Vec<&str> = lines.copied().collect();
            closing(typed, &lines).map_or(0, |at| at + 1)
        }
    }
}

/// The lines of a body: those that are indented, blank ones between them, and clauses such as `else:`.
fn body_length(lines: &[&str], margin: &str) -> usize {
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let goes_on = indent(line).len() > margin.len() || (is_clause(line) && length == at);
        if !goes_on || prompted(line).is_some() || continued(line).is_some() {
            break;
        }
        length = at + 1;
    }
    length
}

fn is_clause(line: &str) -> bool {
    let line = line.trim();
    let word = line.split([' ', ':']).next().unwrap_or_default();
    matches!(word, "else" | "elif" | "except" | "finally") && line.ends_with(':')
}

/// Lines without prompts, moved left by the indentation of the session, and by that of clauses
/// that were written below the code behind the prompt.
fn at_margin(lines: &[&str], margin: &str) -> Vec<String> {
    let moved: Vec<&str> = lines
        .iter()
        .map(|line| line.strip_prefix(margin).unwrap_or(line.trim_start()))
        .collect();
    let full = || moved.iter().filter(|line| !line.trim().is_empty());
    let least = full().min_by_key(|line| indent(line).len());
    let shift = least
        .filter(|line| is_clause(line) && full().next() != Some(line))
        .map_or(0, |line| indent(line).len());
    moved
        .iter()
        .map(|line| line.get(shift..).unwrap_or_default().to_owned())
        .collect()
}

/// How far lines without prompts are moved left as blanks stand where their prompts were: the
/// line below, which has a prompt, would not be deeper than the header above it.
fn lost_prompt(body: &[String], below: Option<&str>) -> usize {
    let width = "... ".len();
    let Some((header, code)) = body.last().zip(below.and_then(continued)) else {
        return 0;
    };
    let is_flat = matches!(Ending::of(header), Ending::Header)
        && !code.trim().is_empty()
        && indent(code).len() <= indent(header).len();
    let is_wide = body.iter().all(|line| line.starts_with("     "));
    if is_flat && is_wide { width } else { 0 }
}

/// True for code that shows a text in which prompts may stand.
fn shows_text(code: &str) -> bool {
    ["help(", "__doc__", "getdoc("]
        .iter()
        .any(|call| code.contains(call))
}

/// The white space that a line begins with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The code behind a prompt that begins an input.
pub(super) fn prompted(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(code) = line.strip_prefix(">>>") {
        return (!code.starts_with('>')).then_some(code);
    }
    let (number, code) = line
        .strip_prefix("In")?
        .trim_start()
        .strip_prefix('[')?
        .split_once("]:")?;
    let numbered = number.trim().bytes().all(|byte| byte.is_ascii_digit());
    numbered.then_some(code)
}

/// The code behind a prompt that continues an input.
fn continued(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let code = ["....:", "...:", "...", "…"]
        .iter()
        .find_map(|prompt| line.strip_prefix(prompt))?;
    let follows = code.is_empty() || code.starts_with([' ', '\t']);
    follows.then(|| code.strip_prefix(' ').unwrap_or(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u32, String, String)> {
        session(text, 10)
            .into_iter()
            .map(|input| (input.piece.line, input.piece.text, input.shown))
            .collect()
    }

    #[test]
    fn prompts_in_a_docstring_make_no_session() {
        assert!(has_prompts("# a session\n>>> 1\n"));
        assert!(has_prompts(
            ">>> def f():\n...     \"\"\"\n...     >>> f()\n"
        ));
        for code in [
            "def f():\n    \"\"\"Adds.\n\n    >>> f()\n    1\n    \"\"\"\n",
            "'''\n>>> 1\n'''\n",
        ] {
            assert!(!has_prompts(code), "{code}");
        }
    }

    #[test]
    fn inputs_and_what_is_shown_below_them_are_kept_apart() {
        let text = ">>> def f():\n...     return 1\n...\n>>> f()\n1\n>>>x = 2\n";
        assert_eq!(
            told(text),
            [
                (10, "def f():\n    return 1\n\n".into(), String::new()),
                (13, "f()\n".into(), "1\n".into()),
                (15, "x = 2\n".into(), String::new()),
            ]
        );
    }

    #[test]
    fn an_elision_in_the_output_is_no_continuation() {
        let text = ">>> f()\nTraceback (most recent call last):\n  ...\nValueError: x\n";
        assert_eq!(
            told(text),
            [(
                10,
                "f()\n".into(),
                "Traceback (most recent call last):\n  ...\nValueError: x\n".into()
            )]
        );
    }

    #[test]
    fn ipython_prompts_are_read() {
        assert!(has_prompts("In [1]: x = 1"));
        let text = "In [12]: for i in x:\n    ...:     print(i)\nOut[12]: 3\n";
        assert_eq!(
            told(text),
            [(
                10,
                "for i in x:\n    print(i)\n".into(),
                "Out[12]: 3\n".into()
            )]
        );
    }

    #[test]
    fn text_without_a_prompt_is_no_session() {
        assert!(!has_prompts("...\nx >>> y\n"));
        assert!(session("a\nb", 1).is_empty());
    }

    #[test]
    fn what_was_typed_without_prompts_is_code() {
        for (text, code, shown) in [
            (
                ">>> def f(x):\n        for i in x:\n...         print(i)\n1\n",
                "def f(x):\n    for i in x:\n        print(i)\n",
                "1\n",
            ),
            (
                ">>> def f(x):\n        for i in x:\n...             print(i)\n1\n",
                "def f(x):\n        for i in x:\n            print(i)\n",
                "1\n",
            ),
            (
                ">>> for i in x:\n    print(i)\n1\n",
                "for i in x:\n    print(i)\n",
                "1\n",
            ),
            (
                ">>> for i in x:\n… print(i)\n1\n",
                "for i in x:\nprint(i)\n",
                "1\n",
            ),
            (
                ">>> if x:\n        f()\n    else:\n        g()\n\n>>> 1\n",
                "if x:\n    f()\nelse:\n    g()\n",
                "\n",
            ),
            (
                "  >>> def f():\n      a()\n\n      b()\n  >>> f()\n",
                "def f():\n    a()\n\n    b()\n",
                "",
            ),
            (">>> f(1,\n2)\n3\n", "f(1,\n2)\n", "3\n"),
            (
                ">>> s = \"\"\"a\nb\"\"\"\n>>> s\n",
                "s = \"\"\"a\nb\"\"\"\n",
                "",
            ),
            (">>> f(\n>>> 1\n", "f(\n", ""),
            (
                ">>> @f\ndef g():\n    pass\n",
                "@f\ndef g():\n    pass\n",
                "",
            ),
            (">>> {1: 2}\n{1: 2}\n", "{1: 2}\n", "{1: 2}\n"),
            (">>> x = 'a:'\n  y\n", "x = 'a:'\n", "  y\n"),
            (">>>   x\n1\n", "x\n", "1\n"),
            (
                ">>> for i in x:\n>>>    if i:\n>>>\n>>>        i\n>>> else:\n>>>    j\n1\n",
                "for i in x:\n   if i:\n\n       i\nelse:\n   j\n",
                "1\n",
            ),
            (">>> for i in x:\n>>> f(i)\n", "for i in x:\n", ""),
            (
                ">>> s = \"\"\"a\n>>>\n>>> b\"\"\"\n>>> s\n",
                "s = \"\"\"a\n\nb\"\"\"\n",
                "",
            ),
            (
                ">>> @f\n>>> def g():\n>>>     pass\n>>> g()\n",
                "@f\ndef g():\n    pass\n",
                "",
            ),
        ] {
            let inputs = told(text);
            assert_eq!(
                (inputs[0].1.as_str(), inputs[0].2.as_str()),
                (code, shown),
                "{text}"
            );
        }
    }

    #[test]
    fn greetings_and_ends_of_a_session_belong_to_no_input() {
        let text = "$ python\nPython 2.7.3 (default, Apr 10 2012) \n[GCC 4.6.3] on linux2\n\
            Type \"help\", \"copyright\" for more\n>>> 1\n1\n>>> ^D\nbye\n$ python3\nPython 3.8.5 (x)\n>>> 2\n2\n>>>\n4\n";
        assert_eq!(
            told(text),
            [
                (14, "1\n".into(), "1\n".into()),
                (20, "2\n".into(), "2\n".into()),
            ]
        );
    }

    #[test]
    fn starts_of_an_interpreter_name_its_version() {
        for (line, version) in [
            ("Python 2.7.3 (default, Apr 10 2012)", Some("2.7.3")),
            ("Python 3.8.5 |Anaconda| (x)", Some("3.8.5")),
            ("[GCC 4.6.3] on linux2", Some("")),
            ("$ python3 -q", Some("3")),
            ("me@host:~$ python2.7", Some("2.7")),
            ("C:\\> python", Some("")),
            ("% ipython", Some("")),
            ("IPython 7.1.0 -- An enhanced Interactive Python.", Some("")),
            ("?         -> Introduction and overview", Some("")),
            ("$ python x.py", None),
            ("Python 2 (and 3) differ", None),
            ("Python is great", None),
            ("2.7.3 (default, x)", None),
            ("[GCC 4.6.3]", None),
            ("[1, 2]", None),
            ("? -> x", Some("")),
            ("", None),
        ] {
            assert_eq!(banner(line), version, "{line}");
        }
    }

    #[test]
    fn code_above_the_first_prompt_is_an_input() {
        assert_eq!(
            told("\ndef f():\n    return 1\n\n>>> f()\n1\n"),
            [
                (11, "def f():\n    return 1\n\n".into(), String::new()),
                (14, "f()\n".into(), "1\n".into()),
            ]
        );
        for text in [
            "先看例子：\n>>> 1\n",
            "# 例\n>>> 1\n",
            "3\n>>> 1\n",
            "x.py\n>>> 1\n",
        ] {
            assert_eq!(told(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_prompt_in_a_shown_text_is_no_input() {
        let text = ">>> help(f)\nf()\n    Adds.\n\n    >>> f()\n    1\n>>> 2\n2\n";
        let inputs = told(text);
        assert_eq!(inputs.len(), 2);
        assert_eq!(inputs[0].2, "f()\n    Adds.\n\n    >>> f()\n    1\n");
    }

    #[test]
    fn dots_below_a_whole_line_are_left_out_output() {
        assert_eq!(
            told(">>> range(99)\n...\n>>> if x:\n...     y\n...\n"),
            [
                (10, "range(99)\n".into(), "...\n".into()),
                (12, "if x:\n    y\n\n".into(), String::new()),
            ]
        );
    }

    #[test]
    fn marks_of_a_conflict_are_no_prompts() {
        assert!(!has_prompts(">>>>>>> main\n"));
    }
}
