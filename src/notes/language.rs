//! What a block is written in, and why.
//!
//! A tag is believed. A block without one is classified: by its prompts, by what
//! CPython's parser says about it, and, where that is no Python, by what its lines
//! look like. Pure functions: the parser's facts are handed in.

use std::sync::LazyLock;

use regex::Regex;

use super::prompts;
use crate::model::{Analysis, Language, StatementKind, Text};
use crate::text;

/// A language with the reason for it, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The language.
    pub language: Language,
    /// Why.
    pub why: Text,
}

impl Decision {
    fn new(language: Language, why: Text) -> Self {
        Self { language, why }
    }
}

/// What a tag says, before anybody has looked at the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagged {
    /// Python of some kind.
    Python,
    /// Something else.
    Not(Language),
    /// Nothing: there is no tag.
    Nothing,
}

/// What the first word of an info string, in lower case, says.
pub fn tagged(word: &str) -> Tagged {
    match word {
        "" => Tagged::Nothing,
        "python" | "py" | "python3" | "py3" | "python2" | "py2" | "pycon" | "pycon3"
        | "ipython" | "ipython2" | "ipython3" | "pyi" | "doctest" | "python-repl"
        | "pythonrepl" => Tagged::Python,
        "bash" | "sh" | "shell" | "zsh" | "fish" | "powershell" | "ps1" | "bat" | "cmd"
        | "shellsession" | "sh-session" | "shell-session" | "terminal" => {
            Tagged::Not(Language::Shell)
        }
        "text" | "txt" | "output" | "out" | "plain" | "plaintext" | "none" | "stdout" | "pytb"
        | "py3tb" | "testoutput" | "traceback" | "result" | "results" | "ansi" | "log" => {
            Tagged::Not(Language::Output)
        }
        _ => Tagged::Not(Language::Other),
    }
}

/// The language of a block without a tag that the words above it announce as output.
pub fn announced_output() -> Decision {
    Decision::new(
        Language::Output,
        text!(
            "no tag, and announced as output",
            "没有标签，上文说它是输出"
        ),
    )
}

/// The language of a block that can't be Python, or that shows prompts: for these nobody has to parse.
pub fn without_parsing(word: &str, text: &str) -> Option<Decision> {
    let shows_prompts = prompts::has_prompts(text);
    match tagged(word) {
        Tagged::Python if shows_prompts => Some(Decision::new(
            Language::Pycon,
            text!("tagged {word}, with prompts", "标签为 {word}，带提示符"),
        )),
        Tagged::Python => foreign(text).map(|Text { en, zh }| {
            let why = text!(
                "tagged {word}, but reads as {en}",
                "标签为 {word}，但看起来是{zh}"
            );
            Decision::new(Language::Other, why)
        }),
        Tagged::Not(_) if shows_prompts && word == "console" => Some(Decision::new(
            Language::Pycon,
            text!(
                "tagged console, with Python's prompts",
                "标签为 console，带 Python 提示符"
            ),
        )),
        Tagged::Not(Language::Other | Language::Shell) if shows_prompts && is_session(text) => {
            Some(Decision::new(
                Language::Pycon,
                text!(
                    "tagged {word}, and a session of Python",
                    "标签为 {word}，实为 Python 会话"
                ),
            ))
        }
        Tagged::Not(language) => Some(Decision::new(language, tag(word))),
        Tagged::Nothing if text.trim().is_empty() => Some(Decision::new(
            Language::Other,
            text!("no tag, and empty", "没有标签，内容为空"),
        )),
        Tagged::Nothing if shows_prompts => Some(Decision::new(
            Language::Pycon,
            text!("no tag, with prompts", "没有标签，带提示符"),
        )),
        Tagged::Nothing if has_fence(text) => Some(Decision::new(
            Language::Other,
            text!("no tag, and shows Markdown", "没有标签，展示的是 Markdown"),
        )),
        Tagged::Nothing => None,
    }
}

/// True for a text that is a session from its first line on, which no other language has prompts for.
fn is_session(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| line.trim_start().starts_with(">>> "))
}

fn tag(word: &str) -> Text {
    text!("tagged {word}", "标签为 {word}")
}

/// What a block tagged as Python is, where its lines say without doubt that it is something else.
fn foreign(text: &str) -> Option<Text> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let first = lines.first()?;
    if lines.iter().filter(|line| line.contains("::=")).count() * 2 >= lines.len() {
        return Some(text!("a grammar", "语法规则"));
    }
    if first.starts_with("Traceback (most recent call last)") {
        return Some(text!("a traceback", "回溯信息"));
    }
    shell_prompt(first).then(|| text!("console output", "终端输出"))
}

/// The language of a block that CPython's parser accepts.
pub fn parsed(word: &str, text: &str, facts: &Analysis) -> Decision {
    if tagged(word) == Tagged::Python {
        return Decision::new(Language::Python, tag(word));
    }
    if let Some((language, Text { en, zh })) = reads_as_other(text, &facts.statements) {
        let why = text!("no tag, and reads as {en}", "没有标签，看起来是{zh}");
        return Decision::new(language, why);
    }
    let why = text!("no tag, parses as Python 3", "没有标签，可按 Python 3 解析");
    Decision::new(Language::Python, why)
}

/// What code that parses is all the same, where it is more likely something else.
fn reads_as_other(text: &str, statements: &[StatementKind]) -> Option<(Language, Text)> {
    use StatementKind::{Assign, Call, Expression, Keyword, Literal, Repr, WeakAssign, Word};
    let all = |kinds: &[StatementKind]| statements.iter().all(|kind| kinds.contains(kind));
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if statements.is_empty() {
        return Some((Language::Other, text!("comments alone", "只有注释")));
    }
    if lines
        .iter()
        .filter(|line| line.ends_with(';') || line.starts_with("//"))
        .count()
        * 2
        > lines.len()
    {
        return Some((
            Language::Other,
            text!(
                "a language whose statements end in semicolons",
                "语句以分号结尾的语言"
            ),
        ));
    }
    if lines.first().is_some_and(|line| SECTION.is_match(line))
        && all(&[Literal, Word, Expression, Assign, WeakAssign])
    {
        return Some((Language::Other, text!("a settings file", "配置文件")));
    }
    if all(&[Literal, Word, Expression]) && lines.iter().any(|line| is_sentence(line)) {
        return Some((Language::Other, text!("prose", "文字")));
    }
    if all(&[Assign, WeakAssign]) && lines.iter().all(|line| VARIABLE.is_match(line)) {
        return Some((Language::Shell, text!("variables of a shell", "shell 变量")));
    }
    if all(&[Literal, Repr]) {
        return Some((Language::Output, text!("output", "输出")));
    }
    if all(&[Literal, Repr, Word]) {
        return Some((Language::Other, text!("words", "单词")));
    }
    let settings = !statements
        .iter()
        .any(|kind| matches!(kind, Keyword | Call | Expression | Assign));
    settings.then(|| (Language::Other, text!("settings", "配置")))
}

/// The language of a block that CPython's parser does not accept.
///
/// `python2` tells that it does once what only Python 2 has is rewritten.
pub fn unparsed(word: &str, text: &str, python2: bool) -> Decision {
    let is_tagged = tagged(word) == Tagged::Python;
    let tag = if is_tagged {
        self::tag(word)
    } else {
        text!("no tag", "没有标签")
    };
    if python2 {
        let Text { en, zh } = tag;
        let why = text!(
            "{en}, parses as Python 2 only",
            "{zh}，只能按 Python 2 解析"
        );
        return Decision::new(Language::Python2, why);
    }
    if is_tagged {
        return Decision::new(Language::Python, tag);
    }
    let count = Counts::of(text);
    if count.reads_as_code() {
        let lines = count.code;
        let why = text!(
            "no tag, {lines} of its lines read as Python",
            "没有标签，有 {lines} 行看起来是 Python"
        );
        return Decision::new(Language::Python, why);
    }
    let language = if count.shell > 0 && count.shell >= count.prose + count.foreign {
        Language::Shell
    } else if count.output > 0 && count.output >= count.prose + count.foreign {
        Language::Output
    } else {
        Language::Other
    };
    Decision::new(
        language,
        text!("no tag, and no Python", "没有标签，不是 Python"),
    )
}

/// `text` without the white space that all its lines begin with.
///
/// The same number of lines, so that line numbers stay.
pub fn dedent(text: &str) -> String {
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| &line[..indent(&line)])
        .reduce(|common, next| {
            let same = common
                .bytes()
                .zip(next.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            &common[..same]
        })
        .unwrap_or_default();
    if common.is_empty() {
        return text.to_owned();
    }
    text.split_inclusive('\n')
        .map(|line| {
            line.strip_prefix(common)
                .unwrap_or(line.trim_start_matches([' ', '\t']))
        })
        .collect()
}

/// How many lines of a block look like what.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    code: usize,
    foreign: usize,
    shell: usize,
    output: usize,
    prose: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match looks(line) {
                Looks::Code => counts.code += 1,
                Looks::Foreign => counts.foreign += 1,
                Looks::Shell => counts.shell += 1,
                Looks::Output => counts.output += 1,
                Looks::Prose => counts.prose += 1,
                Looks::Neutral => {}
            }
        }
        counts
    }

    fn reads_as_code(&self) -> bool {
        self.code > 0 && self.code > self.foreign + self.shell && self.code >= self.prose
    }
}

/// What one line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Code,
    /// Another programming language.
    Foreign,
    Shell,
    /// A literal, a listing of byte codes, a frame of a traceback.
    Output,
    Prose,
    /// Says nothing: comments, brackets, dotted names.
    Neutral,
}

fn looks(line: &str) -> Looks {
    let line = line.trim();
    if shell_prompt(line) || SHELL_COMMAND.is_match(line) {
        Looks::Shell
    } else if FOREIGN.is_match(line) || line.ends_with([';', '{']) {
        Looks::Foreign
    } else if OUTPUT.is_match(line) {
        Looks::Output
    } else if NEUTRAL.is_match(line) {
        Looks::Neutral
    } else if CODE.is_match(line) && !is_sentence(line) {
        Looks::Code
    } else {
        Looks::Prose
    }
}

/// True for a line that reads as a statement of Python.
pub(super) fn reads_as_statement(line: &str) -> bool {
    looks(line) == Looks::Code
}

/// True for a text that reads as Python for the most part.
pub(super) fn reads_as_code(text: &str) -> bool {
    Counts::of(text).reads_as_code()
}

/// True for a text each of whose lines is a value, a line of a traceback or of a listing of byte codes.
pub(super) fn reads_as_output(text: &str) -> bool {
    let mut lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    lines.peek().is_some() && lines.all(|line| looks(line) == Looks::Output)
}

/// True for a line that was typed at a shell.
pub(super) fn reads_as_command(line: &str) -> bool {
    looks(line) == Looks::Shell
}

/// True where a line has Chinese or other letters outside ASCII before any comment or string.
fn is_sentence(line: &str) -> bool {
    let before = line.split(['#', '"', '\'']).next().unwrap_or_default();
    before.chars().any(|c| !c.is_ascii() && c.is_alphabetic())
}

fn shell_prompt(line: &str) -> bool {
    SHELL_PROMPT.is_match(line)
}

fn has_fence(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~"))
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and a test compiles each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static SECTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\[[\w .:-]+\]$"));
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Z_][A-Z0-9_]*=\S*$"));
static SHELL_PROMPT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(\$|%|#>|[\w.-]+@[\w.-]+[: ]?\S*[$#%]|[A-Z]:\\[^>]*>|PS [^>]*>|\(\w+\) ?\$)(\s+\S|\s*$)",
    )
});
static SHELL_COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(sudo|apt|apt-get|yum|dnf|brew|pip3?|pipx|conda|python[23]?(\.\d+)?|ipython|virtualenv|pyenv|poetry|uv|git|cd|ls|mkdir|rm|cp|mv|cat|echo|source|export|wget|curl|tar|chmod|docker|make|npm|node|nohup|ssh|scp|which|pytest|mkvirtualenv|workon|deactivate|easy_install|touch|ps|kill|grep|find|jupyter)( +[-./\w~$'\x22{<*@=:]|$)",
    )
});
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(#include|#define|define\b|struct\b|typedef\b|(unsigned |signed |const |static )*(int|char|void|long|float|double|size_t|Py_ssize_t|PyObject) *\*? *\w+ *[;=(\[]|public |private |protected |function\b|var |let |const |fn |func |package |using |namespace |select .+ from|insert into|create table|</?[a-z!][^>]*>|//|/\*|\*/|\}|end$|local |impl |enum \w+ \{|return .*;)",
    )
});
static OUTPUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^(\d+ +)?(>> +)?\d+ +[A-Z][A-Z_]{2,}\b|^Traceback \(most recent call last\)|^File ".*", line \d+|^[bruBRU]?('[^']*'|"[^"]*")$|^-?\d+(\.\d+)?( -?\d+(\.\d+)?)*$|^(True|False|None)$|^<[\w.]+ .*>$|^[\[({].*[\])}]$|^(\w+\.)*\w*(Error|Exception|Warning|Interrupt|Exit|StopIteration)(:.*)?$"#,
    )
});
static NEUTRAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(#.*|[\])},;.…]+|[A-Za-z_]\w*(\.\w+)+|\.\.\.|…+)$"));
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x)
        ^(from\s+[\w.]+\s+import\s+\S
        |import\s+[A-Za-z_][\w.]*(\s+as\s+\w+)?(\s*,\s*[\w.]+)*\s*(\#.*)?$
        |(async\s+)?def\s+\w+\s*\(
        |class\s+\w+.*:\s*(\#.*)?$
        |@[A-Za-z_][\w.]*(\(.*)?$
        |(if|elif|while|for|with|except|async\s+(for|with))\b.*:\s*(\#.*|\S.*)?$
        |(try|else|finally)\s*:
        |(return|yield|raise|assert|del|global|nonlocal)\s+[\w\[('"{]\S*(\s*[,.(\[+*/%=<>-].*|\s+(if|for|and|or|in|is|not|from)\s.*)?\s*(\#.*)?$
        |(pass|break|continue)\s*(\#.*)?$
        |[A-Za-z_*][\w.\[\]'",\ *()]*\s*([-+*/%&|^]|//|\*\*|<<|>>)?=\s*[^=\s]
        |[A-Za-z_][\w.]*(\[[^\]]*\])*\(.*
        |[A-Za-z_][\w.]*\[.+\]
        |print\s+[\w"'%(]
        |lambda\b.*:
        |\{?['"]\w+['"]\s*:\s*\S
        |[\])}]+\s*[.(\[=:]
        )"#,
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn unparsed_language(text: &str) -> Language {
        unparsed("", text, false).language
    }

    #[test]
    fn every_pattern_compiles() {
        for pattern in [
            &SECTION,
            &VARIABLE,
            &SHELL_PROMPT,
            &SHELL_COMMAND,
            &FOREIGN,
            &OUTPUT,
            &NEUTRAL,
            &CODE,
        ] {
            assert!(!pattern.is_match("\u{0}"));
        }
    }

    #[test]
    fn code_with_gaps_is_still_python() {
        let lists = "os.listdir(path)，os.scandir(\npath.unlink(     # 删除\n";
        assert_eq!(unparsed_language(lists), Language::Python);
        assert_eq!(
            unparsed_language("shutil.copy($from, $to) # 复制\n"),
            Language::Python
        );
        assert_eq!(unparsed_language("@register('x')\n"), Language::Python);
        assert_eq!(
            unparsed_language(
                "# bytes\ncode.co_code\nb'd\\x01'\n0 LOAD_NAME  0 (x)\nchr(dis.opmap['NOP'])\n'\\t'\n"
            ),
            Language::Python
        );
    }

    #[test]
    fn other_languages_and_prose_are_no_python() {
        assert_eq!(
            unparsed_language("struct node {\n    int value;\n};\n"),
            Language::Other
        );
        assert_eq!(
            unparsed_language(
                "'r'  open for reading\n'w'  open for writing, truncating first（截断）\n"
            ),
            Language::Other
        );
        assert_eq!(
            unparsed_language("相等的条件:(a is b) or (a == b)\n"),
            Language::Other
        );
        assert_eq!(unparsed_language("== 相等\n!= 不等\n"), Language::Other);
        assert_eq!(
            unparsed_language("%[(key)][flags]typecode\n"),
            Language::Other
        );
        assert_eq!(
            unparsed_language("SELECT a FROM b WHERE c = 1\n"),
            Language::Other
        );
    }

    #[test]
    fn shells_and_listings_are_told_apart() {
        assert_eq!(unparsed_language("$ tty\n/dev/pts/1\n"), Language::Shell);
        assert_eq!(
            unparsed_language("me@host:~$ who\nme pts/0\n"),
            Language::Shell
        );
        assert_eq!(
            unparsed_language("pip install x\npython -m x -i\n"),
            Language::Shell
        );
        assert_eq!(
            unparsed_language("  3   0 LOAD_GLOBAL  0 (print)\n  2 POP_TOP\n"),
            Language::Output
        );
    }

    #[test]
    fn code_that_parses_may_still_be_something_else() {
        use StatementKind::{Assign, Call, Literal, Repr, WeakAssign, Word};
        let other = |text: &str, kinds: &[StatementKind]| {
            reads_as_other(text, kinds).map(|(language, _)| language)
        };
        assert_eq!(
            other("[style]\nbased_on = google\n", &[Literal, WeakAssign]),
            Some(Language::Other)
        );
        assert_eq!(
            other("A=b\nC=/d\n", &[WeakAssign, Assign]),
            Some(Language::Shell)
        );
        assert_eq!(other("[1, 2]\n", &[Literal]), Some(Language::Output));
        assert_eq!(other("Point(1, 2)\n", &[Repr]), Some(Language::Output));
        assert_eq!(other("deactivate\n", &[Word]), Some(Language::Other));
        assert_eq!(
            other("printf(1);\nexit(0);\n", &[Call, Call]),
            Some(Language::Other)
        );
        assert_eq!(other("x = 1\n", &[Assign]), None);
        assert_eq!(other("f(1)\n", &[Call]), None);
    }

    #[test]
    fn tags_are_believed_except_for_grammars_and_console_output() {
        assert_eq!(
            without_parsing("bash", "x = 1").map(|d| d.language),
            Some(Language::Shell)
        );
        assert_eq!(without_parsing("python", "x = 1"), None);
        assert_eq!(
            without_parsing("py", "a ::= b | c\nb ::= d\n").map(|d| d.language),
            Some(Language::Other)
        );
        assert_eq!(
            without_parsing("python", ">>> 1").map(|d| d.language),
            Some(Language::Pycon)
        );
        assert_eq!(
            parsed("python", "x", &Analysis::default()).language,
            Language::Python
        );
    }

    #[test]
    fn common_indentation_is_removed_and_lines_stay() {
        assert_eq!(dedent("  a\n\n    b\n"), "a\n\n  b\n");
        assert_eq!(dedent("\ta\n  b\n"), "\ta\n  b\n");
        assert_eq!(dedent(""), "");
    }
}
