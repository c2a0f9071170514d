//! What code uses that Python no longer has, found by reading it: nothing is run for it.
//!
//! By tokens, so that code which only Python 2 accepts and fragments are read too. What could be
//! the note's own, somebody else's, or meant for an old Python is no finding.

mod edits;
mod lines;
mod names;
mod scope;

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;

use super::history::{self, Gone, History, Owner, Version};
use super::{could_be_any_name, name_gone, syntax};
use crate::model::{Block, Finding, Language, Severity, Stretch};
use crate::notes::mentions::is_about_old;
use crate::notes::python2::modernize;
use crate::notes::tokens::{Kind, Token};
use crate::plan::{Plan, Snippet};
use crate::text;
use lines::Line;
pub(in crate::check) use lines::is_keyword;
pub use scope::Scope;
use scope::{Imported, Meaning, closes};

/// Something in code that Python no longer has, or is going to drop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// What is to be said about it, with its line in the note: an error where it is gone, a
    /// warning where it is going to be.
    pub finding: Finding,
    /// What makes the code modern: bytes of the source and what to write there. Empty where that
    /// can't be done by replacing. Several findings can ask for the very same edit, such as an import.
    pub edits: Vec<(Range<usize>, String)>,
    /// The function that it stands in, `lambda` for one without a name.
    pub function: Option<String>,
    /// It is an attribute of an object whose type is not certain.
    pub is_attribute: bool,
}

/// What `source` uses that is gone in `version` or later. `scope` holds what the note's code
/// above binds; `first_line` is the line of the note on which the source begins.
pub fn old(source: &str, first_line: usize, scope: &Scope, version: Version) -> Vec<Old> {
    let lines = lines::of(source);
    let mut scope = scope.clone();
    scope.read(&lines);
    let of_piece = Read {
        source,
        first_line,
        lines,
    };
    of_piece.old(&scope, version)
}

/// A piece of code with its lines.
struct Read<'s> {
    source: &'s str,
    first_line: usize,
    lines: Vec<Line<'s>>,
}

impl<'s> Read<'s> {
    fn of(piece: &'s Stretch) -> Self {
        Self {
            source: &piece.text,
            first_line: piece.line as usize,
            lines: lines::of(&piece.text),
        }
    }

    fn of_snippet(snippet: &'s Snippet) -> Vec<Self> {
        snippet.code.pieces.iter().map(Self::of).collect()
    }

    /// What it uses that is gone; `scope` holds what it binds too.
    fn old(&self, scope: &Scope, version: Version) -> Vec<Old> {
        let mut finder = Finder {
            source: self.source,
            first_line: self.first_line,
            scope,
            version,
            lines: &self.lines,
            gone_here: HashSet::new(),
            found: Vec::new(),
        };
        let open = || self.lines.iter().filter(|line| !line.guarded);
        for line in open() {
            finder.imports(line);
        }
        for line in open().filter(|line| !line.is_prose()) {
            finder.line(line);
        }
        finder.found.sort_by_key(|old| old.finding.line);
        finder.found
    }
}

/// What the snippets of a plan use that is gone, by their index. Nothing for those that the note
/// itself puts down as old.
pub fn of_plan(plan: &Plan, version: Version) -> Vec<Vec<Old>> {
    let notes = (0..plan.notes.len()).into_par_iter();
    notes
        .flat_map_iter(|note| of_note(plan, note, version))
        .collect()
}

fn of_note(plan: &Plan, note: usize, version: Version) -> Vec<Vec<Old>> {
    let snippets = &plan.snippets[plan.snippets_of(note)];
    let pieces: Vec<Vec<Read<'_>>> = snippets.iter().map(Read::of_snippet).collect();
    let mut scope = Scope::default();
    for piece in pieces.iter().flatten() {
        scope.read_attributes(&piece.lines);
    }
    let mut all = Vec::new();
    for (snippet, pieces) in snippets.iter().zip(&pieces) {
        let is_broken = snippet.facts.error.is_some() && snippet.idioms.is_empty();
        let mut found = Vec::new();
        for piece in pieces {
            scope.read(&piece.lines);
            found.extend(piece.old(&scope, version));
            if is_broken {
                found.extend(syntax_in_fragment(piece));
            }
        }
        // What the note says takes longer to read than code in which there is nothing old.
        if !found.is_empty() && is_left_out(&plan.notes[note].blocks[snippet.block]) {
            found.clear();
        }
        all.push(found);
    }
    all
}

/// True where the author, or the note itself, says that a block is for another Python or is to fail.
fn is_left_out(block: &Block) -> bool {
    let asked = block.directives.skip.is_some()
        || block.directives.python.is_some()
        || block.directives.raises.is_some();
    let is_python2 = block.language == Language::Python2;
    asked || !is_python2 && (is_about_old(&block.heading) || is_about_old(&block.lead_in))
}

/// The syntax of Python 2 in what no parser reads, where it can't be a sentence or an output.
fn syntax_in_fragment(piece: &Read<'_>) -> Vec<Old> {
    let lines = piece.lines.iter();
    let sure = lines.filter(|line| !line.guarded && !line.is_prose() && is_python2(&line.tokens));
    let idioms = sure.flat_map(|line| {
        let (Some(first), Some(last)) = (line.tokens.first(), line.tokens.last()) else {
            return Vec::new();
        };
        let mut idioms = modernize(&piece.source[first.start..last.end()]).idioms;
        for idiom in &mut idioms {
            idiom.line += piece.first_line + first.line;
        }
        idioms
    });
    let old = |finding| Old {
        finding,
        edits: Vec::new(),
        function: None,
        is_attribute: false,
    };
    syntax(&idioms.collect::<Vec<_>>())
        .into_iter()
        .map(old)
        .collect()
}

/// `print 'x'`, `except E, e:`, `raise E, 'x'`, `exec 'x'`.
fn is_python2(tokens: &[Token<'_>]) -> bool {
    let is = |at: usize, kind: Kind| tokens.get(at).is_some_and(|token| token.kind == kind);
    let is_comma = |at: usize| tokens.get(at).is_some_and(|token| token.is(","));
    match tokens.first().map_or("", |token| token.text) {
        "print" | "exec" => is(1, Kind::Text),
        "raise" => is(1, Kind::Name) && is_comma(2) && is(3, Kind::Text),
        "except" => {
            is(1, Kind::Name)
                && is_comma(2)
                && is(3, Kind::Name)
                && tokens.get(4).is_some_and(|colon| colon.is(":"))
        }
        _ => false,
    }
}

struct Finder<'s> {
    source: &'s str,
    first_line: usize,
    scope: &'s Scope,
    version: Version,
    lines: &'s [Line<'s>],
    /// What the block itself imports that is gone: that is said once, at the import.
    gone_here: HashSet<String>,
    found: Vec<Old>,
}

impl<'s> Finder<'s> {
    /// What the version no longer has or is announced to lose, of a dotted path.
    fn resolve(&self, path: &str) -> Option<Gone> {
        history::resolve(path, self.version).or_else(|| history::soon(path, self.version))
    }

    /// The same of an attribute.
    fn attribute(owner: &str, name: &str) -> Option<Gone> {
        history::missing(&Owner::Of(owner.to_owned()), name)
    }

    fn push(&mut self, gone: Gone, token: &Token<'_>, line: &Line<'_>, edits: Edits) -> &mut Old {
        let at = self.first_line + token.line;
        let is_lambda = line.tokens.iter().any(|token| token.is_name("lambda"));
        let function = line.function.map(ToOwned::to_owned);
        self.found.push(Old {
            finding: finding(gone, at, self.version),
            edits,
            function: function.or_else(|| is_lambda.then(|| "lambda".to_owned())),
            is_attribute: false,
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn imports(&mut self, line: &Line<'s>) {
        let mut modules: HashSet<String> = HashSet::new();
        for one in scope::imports(line) {
            let (name, _) = one.binds();
            let is_own = self.scope.meaning(&name) == Some(&Meaning::Own) && one.name != "*";
            if is_own && one.path().starts_with('.') {
                continue;
            }
            let Some(gone) = self
                .resolve(&one.path())
                .filter(|gone| self.is_meant(&one, gone))
            else {
                continue;
            };
            self.gone_here.insert(name);
            if gone.owner == Owner::Modules && !modules.insert(gone.name.clone()) {
                continue;
            }
            let edits = edits::import(self.source, self.lines, line, &one, self.version);
            self.push(gone, &one.token, line, edits);
        }
    }

    /// False for modules that are called what people call their own, where nothing shows that
    /// the one of the standard library is meant.
    fn is_meant(&self, one: &Imported<'_>, gone: &Gone) -> bool {
        if !is_anyones(gone) {
            return true;
        }
        if one.from.is_some() {
            return knows(gone, &one.name);
        }
        let bound = one.alias.unwrap_or(&one.name);
        let uses = self.lines.iter().flat_map(|line| edits::uses(line, bound));
        let mut names = uses.map(|(_, name)| name.text).peekable();
        names.peek().is_some() && names.all(|name| knows(gone, name))
    }

    fn line(&mut self, line: &Line<'s>) {
        if !scope::imports(line).is_empty() {
            return;
        }
        let mut callees: Vec<Option<&str>> = Vec::new();
        let tokens = &line.tokens;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token.text {
                "(" | "[" | "{" => {
                    let callee = at.checked_sub(1).map(|before| &tokens[before]);
                    callees.push(callee.filter(|_| token.is("(")).map(|token| token.text));
                }
                ")" | "]" | "}" => {
                    callees.pop();
                }
                _ => {}
            }
            let mut end = at + 1;
            if token.is(".") {
                self.method(line, at);
            } else if token.kind == Kind::Name && (at == 0 || !tokens[at - 1].is(".")) {
                end = chain_end(tokens, at);
                let is_keyword_argument =
                    !callees.is_empty() && tokens.get(at + 1).is_some_and(|next| next.is("="));
                let is_defined = at > 0
                    && ["def", "class", "as", "global", "nonlocal"].contains(&tokens[at - 1].text);
                if !is_keyword_argument && !is_defined {
                    self.name(line, at, end, &callees);
                }
                // The attributes of a chain are looked at one by one.
                end = at + 1;
            }
            at = end;
        }
    }

    /// A name with what is looked up in it: the tokens from `at` to `end`.
    fn name(&mut self, line: &Line<'s>, at: usize, end: usize, callees: &[Option<&str>]) {
        let tokens = &line.tokens[at..end];
        let first = tokens[0].text;
        if self.gone_here.contains(first) {
            return;
        }
        let inner: String = tokens[1..].iter().map(|token| token.text).collect();
        let gone = match self.scope.meaning(first) {
            Some(Meaning::Own) => None,
            Some(Meaning::Standard(path)) => {
                let gone = self.resolve(&format!("{path}{inner}"));
                let part = tokens.get(2).map_or("", |token| token.text);
                gone.filter(|gone| !is_anyones(gone) || knows(gone, part))
            }
            None if tokens.len() > 1 && names::is_module(first, tokens[2].text) => {
                self.resolve(&format!("{first}{inner}"))
            }
            None => history::resolve(first, self.version).filter(|gone| {
                let is_builtin = gone.owner == Owner::Builtins && self.scope.is_builtin(first);
                is_builtin && is_evident(&line.tokens, at, callees)
            }),
        };
        if let Some(gone) = gone {
            let length = match gone.owner {
                Owner::Builtins => 1,
                _ => tokens.len(),
            };
            let place = edits::Place {
                tokens: &line.tokens,
                at,
                end: at + length,
            };
            let edits = edits::name(self.source, self.scope, &gone, place, self.lines);
            self.push(gone, &line.tokens[at], line, edits);
        }
    }

    /// An attribute that only objects of an old Python have; `dot` is the place of its dot.
    fn method(&mut self, line: &Line<'s>, dot: usize) {
        let tokens = &line.tokens;
        let Some(name) = tokens.get(dot + 1).filter(|name| name.kind == Kind::Name) else {
            return;
        };
        let Some(receiver) = dot.checked_sub(1).map(|at| &tokens[at]) else {
            return;
        };
        let arguments = tokens
            .get(dot + 2)
            .filter(|open| open.is("("))
            .map(|_| count_arguments(tokens, dot + 2).unwrap_or(usize::MAX));
        let Some(owner) = names::owner(self.scope, receiver, name.text, arguments) else {
            return;
        };
        if self.scope.defines(name.text) {
            return;
        }
        let Some(gone) = Self::attribute(owner, name.text) else {
            return;
        };
        let edits = edits::method(self.source, tokens, dot, &gone);
        let old = self.push(gone, name, line, edits);
        old.is_attribute = true;
    }
}

/// True for a module that is called what people call their own.
fn is_anyones(gone: &Gone) -> bool {
    gone.owner == Owner::Modules && names::ANYONES.contains(&gone.name.as_str())
}

/// True where a module that is gone had this name.
fn knows(gone: &Gone, name: &str) -> bool {
    History::get().name(&gone.name, name).is_some()
}

type Edits = Vec<(Range<usize>, String)>;

/// The finding for what is gone, or is going to be after `version`.
fn finding(gone: Gone, line: usize, version: Version) -> Finding {
    if gone.since <= version {
        return name_gone(gone, line);
    }
    let (path, since) = (gone.path(), gone.since);
    Finding {
        message: text!(
            "`{path}` works today and is gone in Python {since}",
            "`{path}` 目前可用，Python {since} 中将没有"
        ),
        severity: Severity::Warning,
        ..name_gone(gone, line)
    }
}

/// The index behind the dotted name that begins at `at`.
fn chain_end(tokens: &[Token<'_>], at: usize) -> usize {
    let mut end = at + 1;
    while tokens.get(end).is_some_and(|dot| dot.is("."))
        && tokens
            .get(end + 1)
            .is_some_and(|name| name.kind == Kind::Name)
    {
        end += 2;
    }
    end
}

/// How many arguments stand between the brackets that open at `open`; none where they are never closed.
fn count_arguments(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let close = closes(tokens, open)?;
    let (mut depth, mut count) = (0usize, 0);
    for token in &tokens[open + 1..close] {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 0 => count += 1,
            _ => {}
        }
    }
    let is_empty = close == open + 1;
    let ends_with_comma = tokens[close - 1].is(",");
    Some(count + 1 - usize::from(is_empty || ends_with_comma))
}

/// True where a built-in name of Python 2 can be nothing else: those that are also words need to
/// be called as the built-in is, or to stand where a type does.
fn is_evident(tokens: &[Token<'_>], at: usize, callees: &[Option<&str>]) -> bool {
    let name = tokens[at].text;
    let called = tokens
        .get(at + 1)
        .filter(|open| open.is("("))
        .and_then(|_| count_arguments(tokens, at + 1));
    if let Some((_, fewest, most)) = names::CALLED.iter().find(|(word, ..)| *word == name) {
        let is_call = called.is_some_and(|count| (*fewest..=*most).contains(&count));
        return is_call || (names::TYPES.contains(&name) && is_type(tokens, at, callees));
    }
    !could_be_any_name(name)
}

/// True for what stands where a type does, as in `isinstance(x, (int, long))` or `map(unicode, names)`.
fn is_type(tokens: &[Token<'_>], at: usize, callees: &[Option<&str>]) -> bool {
    let called = |names: &[&str]| {
        let mut inside = callees.iter().flatten();
        inside.any(|callee| names.contains(callee))
    };
    let before = at.checked_sub(1).map_or("", |before| tokens[before].text);
    let behind = tokens.get(at + 1).map_or("", |next| next.text);
    (called(&["isinstance", "issubclass"]) && matches!(behind, ")" | ","))
        || (called(&["map"]) && before == "(" && behind == ",")
}

#[cfg(test)]
mod tests;
