//! What makes code modern, where that can be done by replacing some of it.
//!
//! Only what does the very same today is put in place of what is gone; where that takes more
//! than replacing names, nothing is proposed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::lines::{Line, is_keyword};
use super::scope::{self, Imported, Scope, closes};
use crate::check::explain::history::{Gone, History, Owner, Version};
use crate::notes::tokens::{Kind, Token};

type Edits = Vec<(Range<usize>, String)>;

/// A dotted name in a line: its tokens from `at` to `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t, 'a> {
    pub(super) tokens: &'t [Token<'a>],
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Built-in names with what does the same.
const BUILTINS: [(&str, &str); 8] = [
    ("StandardError", "Exception"),
    ("basestring", "str"),
    ("file", "open"),
    ("long", "int"),
    ("raw_input", "input"),
    ("unichr", "chr"),
    ("unicode", "str"),
    ("xrange", "range"),
];

/// Names with another one that does the same; for others the history knows it by identity.
const SAME: [(&str, &str); 16] = [
    ("fractions.gcd", "math.gcd"),
    ("itertools.ifilter", "filter"),
    ("itertools.ifilterfalse", "itertools.filterfalse"),
    ("itertools.imap", "map"),
    ("itertools.izip", "zip"),
    ("itertools.izip_longest", "itertools.zip_longest"),
    ("os.getcwdu", "os.getcwd"),
    ("string.atof", "float"),
    ("string.letters", "string.ascii_letters"),
    ("string.lowercase", "string.ascii_lowercase"),
    ("string.uppercase", "string.ascii_uppercase"),
    ("sys.maxint", "sys.maxsize"),
    ("time.clock", "time.perf_counter"),
    ("types.LongType", "int"),
    ("types.StringType", "str"),
    ("types.UnicodeType", "str"),
];

/// What does the same as a name in a module, whether or not the module is there.
fn same(module: &str, name: &str, version: Version) -> Option<String> {
    let history = History::get();
    let path = format!("{module}.{name}");
    if let Some((_, same)) = SAME.iter().find(|(old, _)| *old == path) {
        return Some((*same).to_owned());
    }
    if let Some(moved) = history
        .name(module, name)
        .and_then(|record| record.moved_to)
    {
        return Some(moved.to_owned());
    }
    let home = history.module(module)?.moved_to?;
    let record = history.name(home, name)?;
    record.span.has(version).then(|| format!("{home}.{name}"))
}

/// The uses of a name with what is looked up in it: `name.part`.
pub(super) fn uses<'t, 'a>(
    line: &'t Line<'a>,
    name: &'t str,
) -> impl Iterator<Item = (&'t Token<'a>, &'t Token<'a>)> {
    let tokens = &line.tokens;
    let of_name = (0..tokens.len()).filter(move |&at| is_use(tokens, at, name));
    of_name.filter_map(move |at| {
        let part = tokens.get(at + 2).filter(|_| tokens[at + 1].is("."))?;
        Some((&tokens[at], part))
    })
}

fn is_use(tokens: &[Token<'_>], at: usize, name: &str) -> bool {
    tokens[at].is_name(name) && (at == 0 || !tokens[at - 1].is("."))
}

/// The edits of an import of what is gone, and of all that uses it.
pub(super) fn import(
    source: &str,
    lines: &[Line<'_>],
    line: &Line<'_>,
    one: &Imported<'_>,
    version: Version,
) -> Edits {
    let found = match &one.from {
        None => import_module(lines, line, one, version),
        Some(from) => import_names(source, lines, line, from, version),
    };
    found.unwrap_or_default()
}

fn import_module(
    lines: &[Line<'_>],
    line: &Line<'_>,
    one: &Imported<'_>,
    version: Version,
) -> Option<Edits> {
    let (bound, _) = one.binds();
    let elsewhere = lines.iter().filter(|other| !std::ptr::eq(*other, line));
    let (mut edits, mut homes) = (Edits::new(), BTreeSet::new());
    for other in elsewhere {
        let all = (0..other.tokens.len()).filter(|&at| is_use(&other.tokens, at, &bound));
        let uses: Vec<_> = uses(other, &bound).collect();
        if all.count() != uses.len() {
            return None;
        }
        for (first, part) in uses {
            let target = same(&one.name, part.text, version)?;
            let (home, _) = target.rsplit_once('.')?;
            homes.insert(home.to_owned());
            edits.push((first.start..part.end(), target));
        }
    }
    if homes.is_empty() {
        homes.insert(History::get().module(&one.name)?.moved_to?.to_owned());
    }
    let homes: Vec<String> = homes.into_iter().collect();
    let import = match (one.alias, homes.as_slice()) {
        (None, homes) => homes.join(", "),
        (Some(alias), [home]) => {
            let same_names = edits.iter().all(|(range, target)| {
                let name = target.rsplit('.').next().unwrap_or_default();
                range.len() == alias.len() + 1 + name.len()
            });
            if !same_names {
                return None;
            }
            edits.clear();
            if home == alias {
                home.clone()
            } else {
                format!("{home} as {alias}")
            }
        }
        _ => return None,
    };
    let from = line
        .tokens
        .iter()
        .position(|token| token.start == one.token.start)?;
    let end = line.tokens[from..]
        .iter()
        .take_while(|token| !token.is(","))
        .last()?
        .end();
    edits.insert(0, (one.token.start..end, import));
    Some(edits)
}

fn import_names(
    source: &str,
    lines: &[Line<'_>],
    line: &Line<'_>,
    from: &str,
    version: Version,
) -> Option<Edits> {
    let mut edits = Edits::new();
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for item in scope::imports(line) {
        if item.name == "*" {
            return None;
        }
        let is_there = History::get()
            .name(from, &item.name)
            .is_some_and(|record| record.span.has(version))
            && History::get().module(from)?.span.has(version);
        let target = if is_there {
            item.path()
        } else {
            same(from, &item.name, version)?
        };
        let (bound, _) = item.binds();
        let Some((home, name)) = target.rsplit_once('.') else {
            rename_uses(lines, line, &bound, &target, &mut edits);
            continue;
        };
        let asked = if name == bound {
            bound
        } else {
            format!("{name} as {bound}")
        };
        match groups.iter_mut().find(|(known, _)| known == home) {
            Some((_, names)) => names.push(asked),
            None => groups.push((home.to_owned(), vec![asked])),
        }
    }
    let (first, last) = (line.tokens.first()?, line.tokens.last()?);
    let line_start = source[..first.start].rfind('\n').map_or(0, |end| end + 1);
    let before = &source[line_start..first.start];
    let statements: Vec<String> = groups
        .into_iter()
        .map(|(home, names)| format!("from {home} import {}", names.join(", ")))
        .collect();
    let text = match statements.as_slice() {
        [] if before.is_empty() => String::new(),
        [] => "pass".to_owned(),
        _ if before.trim().is_empty() => statements.join(&format!("\n{before}")),
        _ => statements.join("; "),
    };
    edits.insert(0, (first.start..last.end(), text));
    Some(edits)
}

/// Puts `target` wherever `bound` is used outside of `import`.
fn rename_uses(
    lines: &[Line<'_>],
    import: &Line<'_>,
    bound: &str,
    target: &str,
    edits: &mut Edits,
) {
    for other in lines.iter().filter(|other| !std::ptr::eq(*other, import)) {
        for at in (0..other.tokens.len()).filter(|&at| is_use(&other.tokens, at, bound)) {
            let token = &other.tokens[at];
            edits.push((token.start..token.end(), target.to_owned()));
        }
    }
}

/// The edits of a use of a name.
pub(super) fn name(
    source: &str,
    scope: &Scope,
    gone: &Gone,
    place: Place<'_, '_>,
    lines: &[Line<'_>],
) -> Edits {
    match &gone.owner {
        Owner::Builtins => builtin(source, scope, place, lines),
        Owner::Of(module) => in_module(source, scope, gone, module, place, lines),
        Owner::Modules => Edits::new(),
    }
}

fn builtin(source: &str, scope: &Scope, place: Place<'_, '_>, lines: &[Line<'_>]) -> Edits {
    let token = &place.tokens[place.at];
    let replace = |with: &str| (token.start..token.end(), with.to_owned());
    if let Some((_, same)) = BUILTINS.iter().find(|(old, _)| *old == token.text) {
        let is_free = scope.is_builtin(same);
        return is_free.then(|| replace(same)).into_iter().collect();
    }
    let inside = place.tokens.get(place.at + 2);
    match token.text {
        "reduce" => vec![top(source, lines, "from functools import reduce")],
        "intern" => vec![top(source, lines, "import sys"), replace("sys.intern")],
        "reload" if inside.is_some_and(|module| !module.is_name("sys")) => vec![
            top(source, lines, "import importlib"),
            replace("importlib.reload"),
        ],
        "execfile" => {
            let close = closes(place.tokens, place.at + 1);
            let one = close.filter(|&close| {
                !place.tokens[place.at..close]
                    .iter()
                    .any(|token| token.is(","))
            });
            let Some(close) = one.map(|close| &place.tokens[close]) else {
                return Edits::new();
            };
            vec![
                replace("exec(open"),
                (close.start..close.end(), ").read())".to_owned()),
            ]
        }
        _ => Edits::new(),
    }
}

fn in_module(
    source: &str,
    scope: &Scope,
    gone: &Gone,
    module: &str,
    place: Place<'_, '_>,
    lines: &[Line<'_>],
) -> Edits {
    let tokens = &place.tokens[place.at..place.end];
    let (Some(last), Some(target)) = (tokens.last(), same(module, &gone.name, gone.since)) else {
        return Edits::new();
    };
    if last.text != gone.name || tokens.len() < 2 {
        return Edits::new();
    }
    match target.rsplit_once('.') {
        Some((home, name)) if home == module => vec![(last.start..last.end(), name.to_owned())],
        Some((home, _)) => vec![
            top(source, lines, &format!("import {home}")),
            (tokens[0].start..last.end(), target.clone()),
        ],
        None if scope.is_builtin(&target) => vec![(tokens[0].start..last.end(), target)],
        None => Edits::new(),
    }
}

/// The edit that puts a statement before all others but those that have to come first.
fn top(source: &str, lines: &[Line<'_>], statement: &str) -> (Range<usize>, String) {
    let stays_first = |line: &&Line<'_>| {
        let is_doc = line.tokens.iter().all(|token| token.kind == Kind::Text);
        is_doc
            || line
                .tokens
                .get(1)
                .is_some_and(|token| token.is_name("__future__"))
    };
    let first = lines.iter().find(|line| !stays_first(line));
    let at = first
        .and_then(|line| line.tokens.first())
        .map_or(0, |token| token.start);
    let at = source[..at].rfind('\n').map_or(0, |end| end + 1);
    (at..at, format!("{statement}\n"))
}

/// The edits of an attribute; `dot` is the place of its dot.
pub(super) fn method(source: &str, tokens: &[Token<'_>], dot: usize, gone: &Gone) -> Edits {
    let name = &tokens[dot + 1];
    let replace = |with: &str| vec![(name.start..name.end(), with.to_owned())];
    match name.text {
        "iteritems" | "viewitems" => replace("items"),
        "iterkeys" | "viewkeys" => replace("keys"),
        "itervalues" | "viewvalues" => replace("values"),
        "has_key" => has_key(source, tokens, dot).into_iter().collect(),
        "next" => {
            let receiver = &tokens[dot - 1];
            let close = closes(tokens, dot + 2).map(|close| &tokens[close]);
            let edit = |close: &Token<'_>| {
                (
                    receiver.start..close.end(),
                    format!("next({})", receiver.text),
                )
            };
            close.map(edit).into_iter().collect()
        }
        "decode" => Edits::new(),
        _ => {
            let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let name = gone.code().filter(is_name);
            name.map(replace).unwrap_or_default()
        }
    }
}

/// `d.has_key(k)` as `k in d`.
fn has_key(source: &str, tokens: &[Token<'_>], dot: usize) -> Option<(Range<usize>, String)> {
    let open = dot + 2;
    let close = closes(tokens, open)?;
    let first = receiver(tokens, dot)?;
    let object = &source[tokens[first].start..tokens[dot].start];
    let key = &tokens[open + 1..close];
    let text = &source[key.first()?.start..key.last()?.end()];
    let is_simple = key.iter().all(|token| {
        token.kind != Kind::Operator || matches!(token.text, "." | "(" | ")" | "[" | "]" | ",")
    }) && !key
        .iter()
        .any(|token| ["if", "lambda", "and", "or", "not", "in"].contains(&token.text));
    let text = if is_simple {
        text.to_owned()
    } else {
        format!("({text})")
    };
    let ends = |token: Option<&Token<'_>>| {
        token.is_none_or(|token| {
            matches!(
                token.text,
                ":" | ")"
                    | "("
                    | ","
                    | "="
                    | "if"
                    | "elif"
                    | "while"
                    | "and"
                    | "or"
                    | "not"
                    | "else"
                    | "return"
                    | "print"
                    | "assert"
                    | ";"
            )
        })
    };
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    let whole = if ends(before) && ends(tokens.get(close + 1)) {
        format!("{text} in {object}")
    } else {
        format!("({text} in {object})")
    };
    Some((tokens[first].start..tokens[close].end(), whole))
}

/// Where the object begins whose attribute stands behind the dot.
fn receiver(tokens: &[Token<'_>], dot: usize) -> Option<usize> {
    let mut at = dot;
    loop {
        at = at.checked_sub(1)?;
        while matches!(tokens[at].text, ")" | "]" | "}") {
            at = opens(tokens, at)?;
            let continues = at.checked_sub(1).is_some_and(|before| {
                let before = &tokens[before];
                let is_object = matches!(before.kind, Kind::Name | Kind::Text);
                (is_object && !is_keyword(before.text)) || matches!(before.text, ")" | "]")
            });
            if !continues {
                return Some(at);
            }
            at -= 1;
        }
        match at.checked_sub(1) {
            Some(before) if tokens[before].is(".") => at = before,
            _ => return Some(at),
        }
    }
}

/// Where the bracket that is closed at `close` opens.
fn opens(tokens: &[Token<'_>], close: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in (0..=close).rev() {
        match tokens[at].text {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
