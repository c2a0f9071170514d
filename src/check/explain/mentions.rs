//! What a note names or shows outside of its snippets that this Python does not have.
//!
//! Pure: nothing is run for it. What the history does not resolve without doubt is no finding,
//! and neither is what the note itself puts down as old.

use std::sync::LazyLock;

use regex::Regex;

use super::history::{self, Gone, History, Owner, Version};
use super::{catalogue, claims, name_gone, syntax};
use crate::model::{Block, Claim, Finding, Language, Lines};
use crate::notes::mentions::{Mention, Named, is_about_old};
use crate::notes::python2::Idiom;
use crate::text;

/// The findings for names in running text that the Python of `version` no longer has.
pub fn mentions(mentions: &[Mention], version: Version) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for mention in mentions.iter().filter(|mention| !mention.quiet) {
        let found = match &mention.named {
            Named::Name(name) => gone(name, version).map(|gone| name_gone(gone, mention.line)),
            Named::Syntax(idiom) => {
                let idiom = Idiom {
                    line: mention.line,
                    ..*idiom
                };
                syntax(&[idiom]).pop()
            }
            Named::Rule(slug) => rule_of(slug, mention, version),
        };
        add(&mut findings, found);
    }
    findings
}

/// The finding for what a text says, under a rule of the catalogue.
fn rule_of(slug: &str, mention: &Mention, version: Version) -> Option<Finding> {
    let finding = catalogue::finding(slug, mention.line);
    let since = finding.since.as_deref().and_then(Version::parse)?;
    let modern = match mention.text.as_str() {
        "__nonzero__" => "`__bool__`",
        "__unicode__" => "`__str__`",
        "__long__" => "`__int__`",
        "__div__" | "__idiv__" | "__rdiv__" => "`__truediv__`",
        "__oct__" | "__hex__" => "`__index__`",
        "__metaclass__" => "`class A(metaclass=M)`",
        _ => "",
    };
    let help = (!modern.is_empty()).then(|| text!("write {modern}", "写成 {modern}"));
    (since <= version).then(|| Finding {
        help: help.or(finding.help.clone()),
        ..finding
    })
}

fn add(findings: &mut Vec<Finding>, found: Option<Finding>) {
    let again = |found: &Finding| {
        findings
            .iter()
            .any(|other| other.rule == found.rule && other.line == found.line)
    };
    if let Some(found) = found.filter(|found| !again(found)) {
        findings.push(found);
    }
}

/// What is gone of a name in a text. A module that is gone counts only where what is looked for
/// in it was there: `parser.parse_args` is somebody's object.
fn gone(dotted: &str, version: Version) -> Option<Gone> {
    if dotted
        .split('.')
        .any(|part| part.starts_with('_') && !part.ends_with("__"))
    {
        return None;
    }
    let gone = history::resolve(dotted, version)?;
    if gone.owner == Owner::Modules
        && let Some(inner) = dotted.strip_prefix(&format!("{}.", gone.name))
    {
        let history = History::get();
        let name = inner.split('.').next()?;
        let in_it = history.name(&gone.name, name);
        in_it.or_else(|| history.module(&format!("{}.{name}", gone.name)))?;
    }
    Some(gone)
}

/// The findings for what a block that is no snippet shows and only an older Python can have
/// shown. The caller leaves out blocks that a claim is read from.
pub fn shown(block: &Block, version: Version) -> Vec<Finding> {
    let asked = block.directives.skip.is_some() || block.directives.python.is_some();
    if block.language.is_snippet() || asked {
        return Vec::new();
    }
    let mut findings = open_modes(block, version);
    let texts = [&block.heading, &block.lead_in, &block.text];
    if texts.iter().any(|text| is_about_old(text)) {
        return findings;
    }
    let tag = block.tag.to_lowercase();
    let is_plain = ["", "text", "txt", "plain", "plaintext", "output", "console"];
    let is_plain = is_plain.contains(&tag.as_str());
    let is_c = ["", "c", "cpp", "c++", "h"].contains(&tag.as_str());
    for (at, line) in block.text.lines().enumerate() {
        let line_of_note = block.lines.first + at;
        if is_plain {
            let rules = impossible(line, line_of_note, version).into_iter();
            for finding in rules.filter(|finding| can_be_shown(finding, block.language)) {
                add(&mut findings, Some(finding));
            }
        }
        if is_c && let Some(name) = C_API.find(line) {
            add(&mut findings, Some(c_api(name.as_str(), line_of_note)));
        }
    }
    findings
}

/// The mode `U` in a table of the modes of `open`. Such tables call it deprecated, which is not
/// what it is any more.
fn open_modes(block: &Block, version: Version) -> Vec<Finding> {
    let gone = Version(3, 11) <= version;
    let lines = (block.lines.first..).zip(block.text.lines());
    let found = lines.filter(|(_, line)| gone && MODE_U.is_match(line));
    found
        .map(|(line, _)| catalogue::finding("open-mode-u", line))
        .collect()
}

fn impossible(line: &str, at: usize, version: Version) -> Vec<Finding> {
    let claim = Claim {
        claimed: line.to_owned(),
        lines: Lines {
            first: at,
            last: at,
        },
        ..Claim::default()
    };
    claims::impossible(&claim, version)
}

/// The rules whose texts no other program and no source code has.
fn can_be_shown(finding: &Finding, language: Language) -> bool {
    match finding.rule.as_str() {
        "py2-type-repr" | "py2-instance-repr" | "py2-unbound-method" | "opcode-gone" => true,
        "py2-unicode-repr" => language == Language::Output,
        _ => false,
    }
}

fn c_api(name: &str, line: usize) -> Finding {
    let help = if name.starts_with("PyInt") {
        text!("use `PyLong`", "改用 `PyLong`")
    } else {
        text!(
            "use `PyBytes`, or `PyUnicode` for text",
            "改用 `PyBytes`，文本则用 `PyUnicode`"
        )
    };
    Finding {
        message: text!(
            "`{name}` is only in the C interface of Python 2",
            "`{name}` 只在 Python 2 的 C 接口中有"
        ),
        help: Some(help),
        ..catalogue::finding("py2-c-api", line)
    }
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static C_API: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(PyIntObject|PyStringObject|PyInt_[A-Z]\w+|PyString_(As|From|Check|Size|Concat|Format|Type|Intern|Resize)\w*)\b")
        .expect("a fixed pattern")
});

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static MODE_U: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)^\s*\|?\s*['"`]r?U['"`][\s|:：]+.*(universal newline|通用换行)"#)
        .expect("a fixed pattern")
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::mentions as read;

    fn rules(text: &str, version: Version) -> Vec<String> {
        let snippet = Block {
            lines: Lines {
                first: 1000,
                last: 1000,
            },
            language: Language::Python,
            ..Block::default()
        };
        let findings = mentions(&read::mentions(text, &[snippet]), version);
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn what_is_gone_is_found_under_its_rule() {
        for (text, rule) in [
            ("`sys.maxint`", "sys-maxint"),
            ("`d.viewitems()`", "dict-viewitems"),
            ("`import urllib2`", "module-urllib2"),
            ("`urllib2.urlopen`", "module-urllib2"),
            ("`from collections import Iterable`", "collections-iterable"),
            ("execfile", "py2-execfile"),
            ("str、unicode", "py2-unicode"),
            ("`print 'x'`", "py2-print-statement"),
            ("`itertools.izip`", "itertools-izip"),
            ("time.clock()", "time-clock"),
            ("`str.decode()`", "str-decode"),
            ("cPickle", "module-cpickle"),
            ("字节码文件: pyc 或 pyo", "pyo-files"),
            ("定义 `__nonzero__` 方法", "py2-special-method"),
            (
                "对于大字典，调用keys()、items() 会构造巨大的列表。",
                "py2-list-result",
            ),
            ("`dict` has keys() that returns a list.", "py2-list-result"),
        ] {
            assert_eq!(rules(text, Version(3, 11)), [rule], "{text}");
        }
    }

    #[test]
    fn what_is_there_or_somebodys_own_is_not() {
        for text in [
            "`parser.parse_args()`",
            "`commands.Bot`",
            "`StringIO.getvalue()`",
            "`sys.maxsize`",
            "`collections.abc.Iterable`",
            "`requests.exceptions.ConnectionError`",
            "`self.maxint`",
            "`dict.items()`, `os.path.join`, `imp_load`",
            "`sys.maxint` 已移除",
            "pyo 是音频库",
            "字典的 keys() 返回视图，list(d.keys()) 得到列表",
            "调用 keys() 会返回列表",
            "字典的 keys() 不返回列表",
            "字典的 redis.keys() 返回列表",
            "`__bool__`, `__init__`",
            "Python 2 用 `__nonzero__`",
            "",
        ] {
            assert_eq!(rules(text, Version(3, 13)), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_version_counts() {
        assert_eq!(rules("`distutils.core`", Version(3, 11)), [""; 0]);
        assert_eq!(
            rules("`distutils.core`", Version(3, 12)),
            ["module-distutils"]
        );
    }

    fn shown_in(tag: &str, language: Language, text: &str) -> Vec<(String, usize)> {
        let block = Block {
            lines: Lines { first: 5, last: 9 },
            tag: tag.into(),
            language,
            text: text.into(),
            ..Block::default()
        };
        let findings = shown(&block, Version(3, 11)).into_iter();
        findings
            .map(|finding| (finding.rule, finding.line))
            .collect()
    }

    #[test]
    fn blocks_that_show_an_old_python_are_found_by_line() {
        let found = |rule: &str, line| vec![(rule.to_owned(), line)];
        let output = Language::Output;
        assert_eq!(
            shown_in("", output, "ascii\n<type 'unicode'> 3\n"),
            found("py2-type-repr", 6)
        );
        assert_eq!(
            shown_in("text", Language::Other, "  4 CALL_FUNCTION   1\n"),
            found("opcode-gone", 5)
        );
        assert_eq!(
            shown_in("c", Language::Other, "} PyIntObject;\n"),
            found("py2-c-api", 5)
        );
        assert_eq!(
            shown_in("", output, "[u'a']\n"),
            found("py2-unicode-repr", 5)
        );
        for (tag, language, text) in [
            ("java", Language::Other, "<type 'x'>"),
            ("", Language::Other, "x = u'a'; y = set([1]); 10L"),
            ("", output, "Python 2.7.6\n<type 'x'>"),
            ("", output, "<class 'str'>"),
            ("c", Language::Other, "PyLongObject PyString"),
            ("", Language::Python, "<type 'x'>"),
        ] {
            assert_eq!(shown_in(tag, language, text), [], "{text}");
        }
    }

    #[test]
    fn the_mode_that_open_does_not_know_is_named_in_tables_of_modes() {
        let block = Block {
            text:
                "'r'  open for reading\n'U'\tuniversal newline mode (deprecated)\nU is for Union\n"
                    .into(),
            lines: Lines { first: 5, last: 7 },
            ..Block::default()
        };
        let lines = |version| -> Vec<usize> {
            let findings = shown(&block, version);
            findings.iter().map(|finding| finding.line).collect()
        };
        assert_eq!(lines(Version(3, 11)), [6]);
        assert!(lines(Version(3, 10)).is_empty());
    }
}
