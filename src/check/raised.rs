//! Exceptions that nothing caught: what they say about a snippet, and what they don't.

use super::normalize::raised;
use super::verdict::finding;
use crate::model::{
    Analysis, Block, CheckedClaim, ClaimVerdict, Event, EventKind, Finding, Says, Skip, Text,
};
use crate::notes::fragments;
use crate::plan::Snippet;
use crate::steps;
use crate::text;

/// An exception that nothing caught.
#[derive(Clone, Copy)]
pub(super) struct Raised<'a> {
    pub(super) line: usize,
    pub(super) top: usize,
    pub(super) class: &'a str,
    pub(super) message: &'a str,
    pub(super) subject: &'a str,
}

impl<'a> Raised<'a> {
    pub(super) fn of(event: &'a Event) -> Option<Self> {
        let EventKind::Raised {
            class,
            message,
            subject,
            ..
        } = &event.kind
        else {
            return None;
        };
        Some(Self {
            line: event.line as usize,
            top: event.top as usize,
            class,
            message,
            subject,
        })
    }

    pub(super) fn is_a(self, wanted: &str) -> bool {
        wanted == "Exception"
            || self.class == wanted
            || self.class.rsplit('.').next() == wanted.rsplit('.').next()
    }

    /// True where the session shows this error below the input that raised it.
    pub(super) fn is_shown(self, snippet: &Snippet) -> bool {
        let line = self.top.max(self.line);
        let behind = snippet
            .inputs
            .partition_point(|input| input.piece.line as usize <= line);
        let input = behind.checked_sub(1).map(|at| &snippet.inputs[at]);
        let name = self.class.rsplit('.').next().unwrap_or(self.class);
        input.is_some_and(|input| {
            input.shown.lines().any(|line| {
                line.trim_start()
                    .split([':', ' '])
                    .next()
                    .is_some_and(|word| word.ends_with(name))
            })
        })
    }

    /// True where a claim that holds names this error.
    pub(super) fn is_claimed(self, claims: &ByLine<'_>) -> bool {
        self.claims(claims).any(|checked| {
            checked.verdict == ClaimVerdict::Holds
                && matches!(checked.claim.says, Says::Raises { .. })
        })
    }

    /// True where a claim is stale because of this error.
    pub(super) fn contradicts(self, claims: &ByLine<'_>) -> bool {
        self.claims(claims)
            .any(|checked| checked.verdict == ClaimVerdict::Stale && !checked.actual.is_empty())
    }

    /// The claims about the lines of this error.
    fn claims<'c>(self, claims: &ByLine<'c>) -> impl Iterator<Item = &'c CheckedClaim> {
        claims.at(self.line).chain(claims.at(self.top))
    }

    /// Why the error says nothing about the snippet, where it does not.
    pub(super) fn skip(self, snippet: &Snippet, lines: &SourceLines<'_>) -> Option<Skip> {
        let source = lines.line(self.line);
        match self.class {
            "NameError" if is_unbound(&snippet.facts, self.subject) => {
                let name = self.subject;
                Some(Skip::Fragment(text!(
                    "`{name}` is defined nowhere above",
                    "上文没有定义 `{name}`"
                )))
            }
            "ModuleNotFoundError" => {
                let module = self.subject.split('.').next().unwrap_or(self.subject);
                if fragments::is_placeholder_module(module) {
                    return Some(Skip::Fragment(text!(
                        "the module `{module}` is a placeholder",
                        "模块 `{module}` 是占位名"
                    )));
                }
                Some(Skip::NeedsModule(module.to_owned()))
            }
            "ImportError" | "AttributeError" if is_of_shown_file(self.message, snippet) => {
                Some(Skip::Fragment(text!(
                    "the note shows only a part of the file that it needs",
                    "笔记只展示了所需文件的一部分"
                )))
            }
            "ImportError" if self.message.contains("not installed") => {
                Some(Skip::NeedsModule(missing_package(self.message).to_owned()))
            }
            "EOFError" if ["EOF when reading a line", ""].contains(&self.message) => {
                Some(Skip::NeedsInput)
            }
            "bdb.BdbQuit" => Some(Skip::NeedsInput),
            "IndexError" | "ValueError" if source.contains("argv") => Some(Skip::NeedsArguments),
            "TypeError" if self.message.ends_with("needs an argument") && is_call(source) => {
                Some(Skip::Fragment(text!(
                    "it shows how a method is called",
                    "它展示方法的调用形式"
                )))
            }
            "socket.gaierror" | "urllib.error.URLError" => Some(Skip::NeedsNetwork(Text::same(
                raised(self.class, self.message),
            ))),
            "OSError" | "TimeoutError" | "ConnectionRefusedError" if is_network(self.message) => {
                Some(Skip::NeedsNetwork(Text::same(raised(
                    self.class,
                    self.message,
                ))))
            }
            "OSError" if self.message.contains("Function not implemented") => {
                Some(Skip::Fragment(text!(
                    "needs a system call that snippets don't have",
                    "需要代码片段不能使用的系统调用"
                )))
            }
            "FileNotFoundError" if !self.subject.is_empty() => {
                let file = self.subject;
                Some(Skip::Fragment(text!(
                    "needs the file `{file}`",
                    "需要文件 `{file}`"
                )))
            }
            "SyntaxError"
                if self.message.contains(" outside ")
                    || self.message.contains("not properly in loop") =>
            {
                Some(Skip::Fragment(Text::same(self.message)))
            }
            _ if is_elided(source, snippet.code.prompts) => {
                Some(Skip::Fragment(fragments::left_out()))
            }
            _ => None,
        }
    }

    pub(super) fn failure(self) -> Finding {
        let help = match self.class {
            "MemoryError" => Some(text!(
                "use less memory, or raise the limit in verify.toml",
                "少用内存，或在 verify.toml 中提高上限"
            )),
            _ => None,
        };
        let first_line = self.message.lines().next().unwrap_or_default();
        let error = raised(self.class, first_line);
        finding(
            "raises",
            self.line.max(1),
            text!("it raises `{error}`", "它抛出 `{error}`"),
            help,
        )
    }
}

/// True for a name that the snippet uses before anything in it binds it.
fn is_unbound(facts: &Analysis, name: &str) -> bool {
    facts.uses.iter().any(|used| used == name) || !facts.binds.iter().any(|bound| bound == name)
}

/// True where `source` leaves something out; a prompt that is written alike does not.
fn is_elided(source: &str, prompts: bool) -> bool {
    let source = source.trim_start();
    let typed = source.trim_start_matches(['.', '…', ':']);
    let code = if prompts && !typed.is_empty() {
        typed
    } else {
        source
    };
    code.contains("...") || code.contains('…')
}

/// What the message of a library that needs another one says is to be installed.
fn missing_package(message: &str) -> &str {
    let named = message
        .split_once("pip install ")
        .map_or(message, |(_, rest)| rest);
    let named = named.trim_start_matches(['\'', '"', '`']);
    named
        .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.[]".contains(c)))
        .next()
        .unwrap_or(named)
}

/// The lines of a block by their numbers in the note.
pub(super) struct SourceLines<'b> {
    first: usize,
    lines: Vec<&'b str>,
}

impl<'b> SourceLines<'b> {
    pub(super) fn of(block: &'b Block) -> Self {
        Self {
            first: block.lines.first,
            lines: block.text.lines().collect(),
        }
    }

    /// Line `line` of the note, `""` where it is none of the block.
    pub(super) fn line(&self, line: usize) -> &'b str {
        let at = line.checked_sub(self.first);
        at.and_then(|at| self.lines.get(at))
            .copied()
            .unwrap_or_default()
    }
}

/// Claims by the lines that they are about.
pub(super) struct ByLine<'c> {
    /// In the order of the lines that they begin with.
    claims: Vec<&'c CheckedClaim>,
    /// The furthest line that one of them and those before it ends with.
    furthest: Vec<usize>,
}

impl<'c> ByLine<'c> {
    pub(super) fn of(claims: &'c [CheckedClaim]) -> Self {
        let mut claims: Vec<&CheckedClaim> = claims.iter().collect();
        claims.sort_by_key(|checked| checked.claim.about.lines().first);
        let furthest = claims.iter().scan(0, |furthest, checked| {
            *furthest = checked.claim.about.lines().last.max(*furthest);
            Some(*furthest)
        });
        let furthest = furthest.collect();
        Self { claims, furthest }
    }

    /// The claims about line `line` of the note.
    pub(super) fn at(&self, line: usize) -> impl Iterator<Item = &'c CheckedClaim> {
        let begins = |checked: &&CheckedClaim| checked.claim.about.lines().first <= line;
        let count = self.claims.partition_point(begins);
        let reached = self.furthest[..count].partition_point(|&furthest| furthest < line);
        steps::take(1 + count - reached);
        let near = self.claims[reached..count].iter().copied();
        near.filter(move |checked| line <= checked.claim.about.lines().last)
    }
}

/// True for what says that a module lacks a name of which the note shows a file.
fn is_of_shown_file(message: &str, snippet: &Snippet) -> bool {
    let modules = snippet
        .files
        .iter()
        .filter_map(|file| file.name.strip_suffix(".py"));
    let mut modules = modules.map(|path| path.replace('/', "."));
    modules.any(|module| {
        message.contains(&format!("from '{module}'"))
            || message.starts_with(&format!("module '{module}' has no attribute"))
            || message.starts_with(&format!("partially initialized module '{module}'"))
    })
}

/// True for a line that is a call of a method and nothing else.
fn is_call(source: &str) -> bool {
    let source = source.trim();
    let name = source.split('(').next().unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    source.ends_with(')') && name.contains('.') && name.chars().all(is_name)
}

fn is_network(message: &str) -> bool {
    [
        "Network is unreachable",
        "No route to host",
        "Name or service not known",
        "Temporary failure in name resolution",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_leaves_nothing_out() {
        for (source, prompts, elided) in [
            ("...     return f(x)", true, false),
            ("   ...: return f(x)", true, false),
            ("... f(a, ...)", true, true),
            (">>> f(a, ...)", true, true),
            ("...", true, true),
            ("f(…)", false, true),
            ("... + 1", false, true),
        ] {
            assert_eq!(is_elided(source, prompts), elided, "{source}");
        }
    }
}
