//! Why something no longer works: from what happened to a rule of the catalogue.
//!
//! An error is explained only where the catalogue names its cause without doubt;
//! whatever it does not know stays an unexplained failure.

pub mod catalogue;
mod changes;
mod claims;
pub mod code;
mod encoding;
mod errors;
pub mod history;
pub mod mentions;
mod newer;
mod warnings;
mod wordings;

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Block, Finding, Rule, Severity, Text};
use crate::notes::python2::Idiom;
use crate::text;
pub use claims::claims;
pub use encoding::source_encoding;
use errors::Seen;
use history::{Gone, Owner, Version};
pub use newer::{newer, newer_syntax};
pub use warnings::warnings;
pub use wordings::wordings;

/// What is told already: a rule once for each line.
#[derive(Debug, Default)]
pub(super) struct Told(HashSet<(String, usize)>);

impl Told {
    /// What these findings tell.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let mut told = Self::default();
        for finding in findings {
            told.is_new(finding);
        }
        told
    }

    /// True where this was told.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        self.0.contains(&(finding.rule.clone(), finding.line))
    }

    /// True where nothing told this before; it is told now.
    pub(super) fn is_new(&mut self, finding: &Finding) -> bool {
        self.0.insert((finding.rule.clone(), finding.line))
    }
}

/// The findings for syntax that only Python 2 has.
pub fn syntax(idioms: &[Idiom]) -> Vec<Finding> {
    let mut told = Told::default();
    let findings = idioms
        .iter()
        .map(|idiom| catalogue::finding(idiom.rule, idiom.line));
    findings.filter(|finding| told.is_new(finding)).collect()
}

/// The findings for imports, also in comments, that tell code which only Python 2 accepts to
/// behave as Python 3 always does (PEP 236 and those that it led to).
pub fn future_imports(block: &Block) -> Vec<Finding> {
    let lines = (block.lines.first..).zip(block.text.lines());
    lines
        .filter_map(|(line, text)| {
            let name = FUTURE.captures(text)?.get(1)?.as_str();
            Some(Finding {
                message: text!(
                    "`from __future__ import {name}` changes nothing in Python 3",
                    "`from __future__ import {name}` 在 Python 3 中不起作用"
                ),
                ..catalogue::finding("py2-future-import", line)
            })
        })
        .collect()
}

/// The finding for an exception that a change in Python explains. `source` is the line of code that
/// raised it, `code` what its block has.
pub fn error(
    class: &str,
    message: &str,
    subject: &str,
    line: usize,
    source: &str,
    code: &str,
) -> Option<Finding> {
    let gone = match class {
        "NameError" if could_be_any_name(subject) && !source.contains(&format!("{subject}(")) => {
            None
        }
        "NameError" => history::missing(&Owner::Builtins, subject),
        "ModuleNotFoundError" if could_be_anyones_module(subject) => None,
        "ModuleNotFoundError" => history::missing(&Owner::Modules, subject),
        "AttributeError" => ATTRIBUTE
            .captures(message)
            .and_then(|found| no_attribute(&found[1], &found[2], code)),
        "ImportError" => IMPORT
            .captures(message)
            .and_then(|found| history::missing(&Owner::Of(found[2].to_owned()), &found[1])),
        _ => None,
    };
    if let Some(gone) = gone {
        return Some(name_gone(gone, line));
    }
    let seen = Seen {
        class,
        message,
        source,
        code,
    };
    errors::rule(seen).map(|rule| catalogue::finding(rule, line))
}

/// True for what is so in `version`, and not only in later ones.
pub fn is_so(finding: &Finding, version: Version) -> bool {
    let since = finding.since.as_deref().and_then(Version::parse);
    since.is_none_or(|since| since <= version)
}

/// What explains that an object of this type lacks the attribute.
fn no_attribute(of: &str, name: &str, code: &str) -> Option<Gone> {
    let gone = |owner: &str| history::missing(&Owner::Of(owner.to_owned()), name);
    if of == "function" {
        // A method hands on to its function what it does not know.
        return gone(of).or_else(|| gone("method"));
    }
    gone(of).or_else(|| history::inside(name, |class| is_of_class(of, class, code)))
}

/// True where the code makes this type out of a class such as `unittest.TestCase`.
fn is_of_class(of: &str, class: &str, code: &str) -> bool {
    let Some((module, class)) = class.rsplit_once('.') else {
        return false;
    };
    let base = format!(r"\bclass\s+{of}\s*\((?:.*[\s,.])?{class}\s*[,)]");
    let imports = Regex::new(&format!(r"\b(?:import|from)\s+{}\b", regex::escape(module)));
    let derives = || Regex::new(&base).is_ok_and(|base| base.is_match(code));
    imports.is_ok_and(|imports| imports.is_match(code)) && (of == class || derives())
}

/// The finding for a name that is gone, in the words of the catalogue where it has some.
fn name_gone(gone: Gone, line: usize) -> Finding {
    let rule = gone.slug();
    let more = catalogue::name(&rule);
    let own = |text: fn(&Rule) -> &Text| more.map(text).filter(|text| !text.is_empty()).cloned();
    let url = more
        .map(|more| more.url.clone())
        .filter(|url| !url.is_empty());
    Finding {
        line,
        message: own(|more| &more.title).unwrap_or_else(|| gone.message()),
        since: Some(gone.since.to_string()),
        severity: Severity::Error,
        help: own(|more| &more.modern).or_else(|| gone.help()),
        url: url.or(Some(gone.url)),
        known: false,
        rule,
    }
}

/// Built-in names of Python 2 that are also what people call their own things.
fn could_be_any_name(name: &str) -> bool {
    [
        "apply", "buffer", "cmp", "coerce", "file", "intern", "long", "reload",
    ]
    .contains(&name)
}

/// Modules of Python 2 that hardly anybody used, called what people call their own modules.
fn could_be_anyones_module(name: &str) -> bool {
    ["Canvas", "Dialog", "compiler", "mutex", "user"].contains(&name)
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static FUTURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:#\s*)?from\s+__future__\s+import\s+\(?(nested_scopes|generators|division|absolute_import|with_statement|print_function|unicode_literals)\b")
        .expect("a fixed pattern")
});
#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:module |type object )?'([\w.]+)'(?: object)? has no attribute '(\w+)'")
        .expect("a fixed pattern")
});
#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^cannot import name '(\w+)' from '([\w.]+)'").expect("a fixed pattern")
});

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::notes::python2::modernize;

    #[test]
    fn every_idiom_that_is_found_has_its_rule() {
        let source = "print 1\nexec 'x'\nraise E, 'x'\ntry: pass\nexcept E, e: pass\nx = 0777 + 1L\ny = ur''\nif a <> b: `c`\ndef f(a, (b, c)): pass\n";
        let modern = modernize(source);
        assert_eq!(modern.idioms.len(), 10, "{:?}", modern.idioms);
        assert_eq!(syntax(&modern.idioms).len(), 10);
    }

    #[test]
    fn imports_that_change_nothing_are_told_also_in_comments() {
        let block = Block {
            text: "# from __future__ import unicode_literals  # first\nfrom __future__ import annotations\nfrom __future__ import (division)\n".into(),
            lines: crate::model::Lines { first: 3, last: 5 },
            ..Block::default()
        };
        let findings = future_imports(&block);
        let told: Vec<_> = findings
            .iter()
            .map(|finding| (finding.line, finding.message.en.contains("division")))
            .collect();
        assert_eq!(told, [(3, false), (5, true)]);
    }

    #[test]
    fn an_idiom_is_told_once_a_line_with_the_general_modern_form() {
        let findings = syntax(&modernize("x = 1L + 2L").idioms);
        assert_eq!(findings.len(), 1);
        let rule = catalogue::rule("py2-long-literal").unwrap();
        assert_eq!(findings[0].help, Some(rule.modern));
    }

    #[test]
    fn names_that_are_gone_explain_their_errors() {
        let rule = |class, message, subject| {
            error(class, message, subject, 3, "f(file)", "f(file)").map(|finding| finding.rule)
        };
        assert_eq!(
            rule("NameError", "name 'unicode' is not defined", "unicode").as_deref(),
            Some("py2-unicode")
        );
        assert_eq!(
            rule("ModuleNotFoundError", "", "urllib2").as_deref(),
            Some("module-urllib2")
        );
        assert_eq!(
            rule(
                "AttributeError",
                "'dict' object has no attribute 'has_key'",
                ""
            )
            .as_deref(),
            Some("dict-has-key")
        );
        assert_eq!(
            rule(
                "AttributeError",
                "module 'sys' has no attribute 'maxint'",
                ""
            )
            .as_deref(),
            Some("sys-maxint")
        );
        assert_eq!(
            rule(
                "ImportError",
                "cannot import name 'Iterable' from 'collections' (/x)",
                ""
            )
            .as_deref(),
            Some("collections-iterable")
        );
        assert_eq!(
            rule("ValueError", "invalid mode: 'rU'", "").as_deref(),
            Some("open-mode-u")
        );
        assert_eq!(rule("ValueError", "invalid mode: 'q'", ""), None);
        assert_eq!(rule("NameError", "", "file"), None);
        assert!(error("NameError", "", "file", 3, "file('x')", "").is_some());
        assert_eq!(rule("NameError", "name 'foo' is not defined", "foo"), None);
        assert_eq!(
            rule(
                "AttributeError",
                "'Foo' object has no attribute 'has_key'",
                ""
            ),
            None
        );
    }
}
