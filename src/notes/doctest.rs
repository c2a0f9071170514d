//! The flags by which doctest, and the runners that came after it, change how an example is run and compared.
//!
//! They stand in comments of the examples themselves (`# doctest: +SKIP`, `# xdoctest: +REQUIRES(module:x)`,
//! `# byexample: +pass`) or in the options of a directive. An input that is nothing but such a comment
//! is for all that follows in its session.

use std::sync::LazyLock;

use regex::Regex;

use super::prompts::Input;
use crate::model::Options;

/// What the flags of one input ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// How it is compared, and whether it is run.
    pub options: Options,
    /// The modules without which it is not to be run.
    pub modules: Vec<String>,
}

/// The flags in the comments of `code`.
pub fn flags(code: &str) -> Flags {
    let mut flags = Flags::default();
    flags.take(code);
    flags
}

/// The flags of a list such as `+SKIP, +NORMALIZE_WHITESPACE`.
pub(super) fn listed(list: &str) -> Flags {
    let mut flags = Flags::default();
    flags.take_list(list);
    flags
}

/// The flags that hold for each of the inputs of a session.
pub fn of_session(inputs: &[Input]) -> Vec<Flags> {
    let mut for_all = Flags::default();
    let mut of_one = |input: &Input| {
        let code = input.piece.text.as_str();
        let is_comment = code.lines().all(|line| line.trim_start().starts_with('#'));
        if is_comment {
            for_all.take(code);
        }
        let mut flags = for_all.clone();
        if !is_comment {
            flags.take(code);
        }
        flags
    };
    inputs.iter().map(&mut of_one).collect()
}

impl Flags {
    /// Takes what the comments of `code` ask for.
    fn take(&mut self, code: &str) {
        if !code.contains('#') {
            return;
        }
        for found in COMMENT.captures_iter(code) {
            self.take_list(&found[1]);
        }
    }

    fn take_list(&mut self, list: &str) {
        for found in FLAG.captures_iter(list) {
            let inside = found.get(3).map_or("", |inside| inside.as_str());
            self.set(
                &found[2].to_ascii_uppercase(),
                inside.trim(),
                &found[1] == "+",
            );
        }
    }

    fn set(&mut self, name: &str, inside: &str, on: bool) {
        let options = &mut self.options;
        match name {
            "SKIP" | "REMOTE_DATA" => options.skip = on,
            "IGNORE_OUTPUT" | "IGNORE_WANT" | "PASS" => options.ignore = on,
            "FLOAT_CMP" | "NUMBER" => options.close = on,
            "IGNORE_EXCEPTION_DETAIL" => options.ignore_detail = on,
            "NORMALIZE_WHITESPACE" | "NORM-WS" => options.any_space = on,
            "REQUIRES" => match inside.strip_prefix("module:").map(str::trim) {
                Some(module) if is_module(module) => {
                    self.modules.retain(|other| other != module);
                    if on {
                        self.modules.push(module.to_owned());
                    }
                }
                // What else it may require, a system or an argument, can't be looked up.
                _ => options.skip = on,
            },
            _ => {}
        }
    }
}

fn is_module(name: &str) -> bool {
    name.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"#\s*(?:x?doctest|byexample)\s*:\s*((?:[+-][A-Za-z_-]+(?:\([^()]*\))?[,\s]*)+)")
});
static FLAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([+-])([A-Za-z_]+(?:-[A-Za-z_]+)*)(?:\(([^()]*)\))?"));

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::notes::prompts;

    fn skipped(session: &str) -> Vec<bool> {
        let flags = of_session(&prompts::session(session, 1));
        flags.iter().map(|flags| flags.options.skip).collect()
    }

    #[test]
    fn every_runner_has_its_own_words() {
        for code in [
            "x  # doctest: +SKIP",
            "x  # doctest:+SKIP",
            "x  # doctest: +ELLIPSIS, +SKIP",
            "x  # xdoctest: +SKIP",
            "x  # byexample: +skip",
            "x  # doctest: +REMOTE_DATA",
            "x  # xdoctest: +REQUIRES(--network)",
        ] {
            assert!(flags(code).options.skip, "{code}");
        }
        assert!(flags("x  # doctest: +IGNORE_OUTPUT").options.ignore);
        assert!(flags("x  # xdoctest: +IGNORE_WANT").options.ignore);
        assert!(flags("x  # byexample: +pass").options.ignore);
        assert!(flags("x  # doctest: +FLOAT_CMP").options.close);
        assert!(flags("x  # byexample: +norm-ws").options.any_space);
        assert!(listed("+NORMALIZE_WHITESPACE,+SKIP").options.skip);
    }

    #[test]
    fn what_is_no_flag_asks_for_nothing() {
        for code in [
            "x  # SKIP",
            "x  # doctest: skip",
            "'+SKIP'",
            "x  # doctest: -SKIP",
            "",
        ] {
            assert_eq!(flags(code), Flags::default(), "{code}");
        }
    }

    #[test]
    fn a_module_that_is_required_is_named() {
        assert_eq!(
            flags("x  # xdoctest: +REQUIRES(module:a.b)").modules,
            ["a.b"]
        );
        let odd = flags("x  # xdoctest: +REQUIRES(module:a b)");
        assert!(odd.modules.is_empty() && odd.options.skip);
    }

    #[test]
    fn a_comment_alone_is_for_all_that_follows() {
        assert_eq!(
            skipped(">>> 1\n>>> # doctest: +SKIP\n>>> 2\n>>> # doctest: -SKIP\n>>> 3\n"),
            [false, true, true, false, false]
        );
        assert_eq!(
            skipped(">>> for x in y:  # doctest: +SKIP\n...     x\n>>> 2\n"),
            [true, false]
        );
    }
}
