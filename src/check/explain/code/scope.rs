//! What the names in a note's code mean: its own things, or parts of the standard library.
//!
//! Tolerant: it reads tokens. A name that is bound anywhere in a block, in whatever function, is
//! taken for the note's own in all of it: a miss is better than a false alarm.

use std::collections::{HashMap, HashSet};

use super::lines::{Line, is_keyword};
use crate::check::explain::history::History;
use crate::notes::tokens::{Kind, Token};

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something of the note or of somebody else.
    Own,
    /// A module of the standard library, or a name in one, with its whole path.
    Standard(String),
}

/// The names that a note has bound up to some place, and the attributes that any of it defines.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: HashMap<String, Meaning>,
    /// What the note defines as methods, or assigns as attributes.
    attributes: HashSet<String>,
    /// The top-level modules that it imports.
    imported: HashSet<String>,
    /// Iterators, with the type that the history knows them by.
    iterators: HashMap<String, &'static str>,
    /// Names may have come from somewhere else unseen.
    is_open: bool,
}

impl Scope {
    /// Takes in what these lines bind, as code that comes after all that was read before.
    pub(super) fn read(&mut self, lines: &[Line<'_>]) {
        let mut found = Bindings::default();
        for line in lines {
            found.read(line);
        }
        self.iterators
            .retain(|name, _| !found.names.contains_key(name));
        self.names.extend(found.names);
        self.imported.extend(found.imported);
        self.is_open |= found.is_open;
        self.attributes.extend(attributes(lines));
        self.iterators.extend(iterators(lines));
    }

    /// Takes in the attributes that these lines define, wherever they stand in the note.
    pub(super) fn read_attributes(&mut self, lines: &[Line<'_>]) {
        self.attributes.extend(attributes(lines));
    }

    pub(super) fn meaning(&self, name: &str) -> Option<&Meaning> {
        self.names.get(name)
    }

    /// True for a name that can only be a built-in one.
    pub(super) fn is_builtin(&self, name: &str) -> bool {
        !self.is_open && !self.names.contains_key(name)
    }

    pub(super) fn defines(&self, attribute: &str) -> bool {
        self.attributes.contains(attribute)
    }

    pub(super) fn imports(&self, module: &str) -> bool {
        self.imported.contains(module)
    }

    /// The type of an iterator.
    pub(super) fn iterator(&self, name: &str) -> Option<&'static str> {
        self.iterators.get(name).copied()
    }
}

/// One name that an import statement asks for.
#[derive(Clone, Debug)]
pub(super) struct Imported<'a> {
    /// The module, for `from module import name`.
    pub(super) from: Option<String>,
    /// The name or the module.
    pub(super) name: String,
    /// What it is bound to, where that is said.
    pub(super) alias: Option<&'a str>,
    /// Its first token.
    pub(super) token: Token<'a>,
}

impl Imported<'_> {
    /// Its whole path.
    pub(super) fn path(&self) -> String {
        match &self.from {
            Some(from) if self.name == "*" => from.clone(),
            Some(from) => format!("{from}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// The name that it binds, and the path of what is bound.
    pub(super) fn binds(&self) -> (String, String) {
        match (self.alias, &self.from) {
            (Some(alias), _) => (alias.to_owned(), self.path()),
            (None, Some(_)) => (self.name.clone(), self.path()),
            (None, None) => {
                let top = self.name.split('.').next().unwrap_or_default();
                (top.to_owned(), top.to_owned())
            }
        }
    }
}

/// What a line imports. An import that is relative asks for a module whose name begins with a dot.
pub(super) fn imports<'a>(line: &Line<'a>) -> Vec<Imported<'a>> {
    let tokens = &line.tokens;
    let begins = |at: usize| at == 0 || tokens[at - 1].is(":");
    let Some(start) =
        (0..tokens.len()).find(|&at| begins(at) && ["import", "from"].contains(&tokens[at].text))
    else {
        return Vec::new();
    };
    let Some(import) = (start..tokens.len()).find(|&at| tokens[at].is_name("import")) else {
        return Vec::new();
    };
    let from = (import > start).then(|| text(&tokens[start + 1..import]));
    let list = tokens[import + 1..].split(|token| token.is(","));
    list.filter_map(|item| {
        let is_part = |token: &&Token<'a>| !token.is("(") && !token.is(")");
        let item: Vec<Token<'a>> = item.iter().filter(is_part).copied().collect();
        let end = item.iter().position(|token| token.is_name("as"));
        Some(Imported {
            from: from.clone(),
            name: text(&item[..end.unwrap_or(item.len())]),
            alias: end
                .and_then(|end| item.get(end + 1))
                .map(|alias| alias.text),
            token: *item.first()?,
        })
    })
    .collect()
}

fn text(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect()
}

#[derive(Default)]
struct Bindings {
    names: HashMap<String, Meaning>,
    imported: HashSet<String>,
    is_open: bool,
}

impl Bindings {
    fn read(&mut self, line: &Line<'_>) {
        let imported = imports(line);
        for one in &imported {
            self.import(one, line.guarded);
        }
        if !imported.is_empty() {
            return;
        }
        let tokens = &line.tokens;
        for (at, token) in tokens.iter().enumerate() {
            let next = tokens.get(at + 1);
            match token.text {
                "def" | "class" | "as" | "global" | "nonlocal" => self.own(next),
                "for" => self.targets(&tokens[at + 1..], "in"),
                "case" if at == 0 => self.targets(&tokens[1..], ":"),
                "lambda" => self.parameters(&tokens[at + 1..], 0),
                _ => {}
            }
            if token.is_name("def")
                && let Some(open) = tokens.get(at + 2).filter(|open| open.is("("))
            {
                let inside = tokens.iter().position(|other| other.start == open.start);
                self.parameters(&tokens[inside.map_or(at, |inside| inside + 1)..], 1);
            }
            if next.is_some_and(|next| next.is(":=")) {
                self.own(Some(token));
            }
        }
        if line
            .tokens
            .first()
            .is_some_and(|token| token.is_name("except"))
            && let [.., comma, name, _] = tokens.as_slice()
            && comma.is(",")
        {
            self.own(Some(name));
        }
        self.assignments(tokens);
    }

    fn import(&mut self, one: &Imported<'_>, guarded: bool) {
        let (name, path) = one.binds();
        let module = one.from.as_deref().unwrap_or(&one.name);
        let top = module.split('.').next().unwrap_or_default();
        let is_standard = History::get().module(top).is_some();
        self.imported.insert(top.to_owned());
        if name == "*" {
            self.is_open |= !is_standard;
            return;
        }
        let meaning = if is_standard && !guarded {
            Meaning::Standard(path)
        } else {
            Meaning::Own
        };
        let known = self.names.entry(name).or_insert_with(|| meaning.clone());
        let is_same = match (&*known, &meaning) {
            (Meaning::Standard(one), Meaning::Standard(other)) => one == other,
            _ => false,
        };
        if !is_same {
            *known = Meaning::Own;
        }
    }

    fn own(&mut self, token: Option<&Token<'_>>) {
        if let Some(token) =
            token.filter(|token| token.kind == Kind::Name && !is_keyword(token.text))
        {
            self.names.insert(token.text.to_owned(), Meaning::Own);
        }
    }

    /// The names up to `end` that something is assigned to.
    fn targets(&mut self, tokens: &[Token<'_>], end: &str) {
        let mut last: Option<&Token<'_>> = None;
        for (at, token) in tokens.iter().enumerate() {
            if token.text == end {
                return;
            }
            let is_part = last.is_some_and(|last| last.is("."));
            let has_part = tokens
                .get(at + 1)
                .is_some_and(|next| next.is(".") || next.is("(") || next.is("["));
            if !is_part && !has_part {
                self.own(Some(token));
            }
            last = Some(token);
        }
    }

    /// The names of parameters, up to the end of their list.
    fn parameters(&mut self, tokens: &[Token<'_>], mut depth: usize) {
        let (around, mut starts) = (depth, true);
        for token in tokens {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == around => return,
                ")" | "]" | "}" => depth -= 1,
                ":" if around == 0 && depth == 0 => return,
                _ => {}
            }
            if starts {
                self.own(Some(token));
            }
            starts = matches!(token.text, "," | "*" | "**") || (starts && token.is("("));
        }
    }

    /// What stands left of a `=` outside of brackets.
    fn assignments(&mut self, tokens: &[Token<'_>]) {
        let mut depth = 0usize;
        let mut first = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                ":" if depth == 0 => {
                    if at == first + 1 {
                        self.own(tokens.get(first));
                    }
                    first = at + 1;
                }
                operator if depth == 0 && ASSIGNS.contains(&operator) => {
                    let target = &tokens[first..at];
                    let of_builtins = target.first().is_some_and(|token| {
                        ["builtins", "__builtin__", "__builtins__"].contains(&token.text)
                    });
                    if of_builtins {
                        self.own(target.last());
                    }
                    self.targets(target, "=");
                    first = at + 1;
                }
                _ => {}
            }
        }
    }
}

const ASSIGNS: [&str; 14] = [
    "=", "+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", ">>=", "<<=", "@=",
];

/// The methods that classes define, and the attributes that are assigned.
fn attributes(lines: &[Line<'_>]) -> HashSet<String> {
    let mut found = HashSet::new();
    for line in lines {
        for (at, token) in line.tokens.iter().enumerate() {
            let next = line.tokens.get(at + 1);
            let is_assigned = at > 0
                && line.tokens[at - 1].is(".")
                && next.is_some_and(|next| next.is("=") || next.is(","));
            let is_defined = at > 0 && line.tokens[at - 1].is_name("def");
            let is_set = at == 0 && next.is_some_and(|next| next.is("="));
            if token.kind == Kind::Name && (is_assigned || is_defined || is_set) {
                found.insert(token.text.to_owned());
            }
        }
    }
    found
}

/// The names that are assigned an iterator, with its type.
fn iterators(lines: &[Line<'_>]) -> HashMap<String, &'static str> {
    let yields = |line: &&Line<'_>| line.tokens.iter().any(|token| token.is_name("yield"));
    let generators: HashSet<&str> = lines
        .iter()
        .filter(yields)
        .filter_map(|line| line.function)
        .collect();
    let mut found: HashMap<String, &'static str> = HashMap::new();
    let mut unsure = HashSet::new();
    for line in lines {
        let [name, equals, value, next, ..] = line.tokens.as_slice() else {
            continue;
        };
        if name.kind != Kind::Name || !equals.is("=") {
            continue;
        }
        let ends_behind =
            closes(&line.tokens, if value.is("(") { 2 } else { 3 }) == Some(line.tokens.len() - 1);
        let of_type = match value.text {
            "(" if line.tokens.iter().any(|token| token.is_name("for")) => Some("generator"),
            "open" if next.is("(") => Some("io.TextIOWrapper"),
            called if next.is("(") && generators.contains(called) => Some("generator"),
            _ => None,
        };
        if let Some(of_type) = of_type.filter(|_| ends_behind) {
            found.insert(name.text.to_owned(), of_type);
        } else {
            unsure.insert(name.text);
        }
    }
    found.retain(|name, _| !unsure.contains(name.as_str()));
    found
}

/// The tokens between two brackets that are looked through.
const LONGEST: usize = 2000;

/// Where the bracket that opens at `open` is closed, if that is not too far away.
pub(super) fn closes(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open).take(LONGEST) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
