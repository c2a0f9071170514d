//! Names in a piece of text: what is written so that it can only be a name of Python.

use std::sync::LazyLock;

use regex::Regex;

use super::{About, Named};
use crate::notes::python2::modernize;

/// A name: where it begins in the text, how it is written, and what is meant.
type Found = (usize, String, Named);

/// The names in inline code.
pub(super) fn in_code(code: &str, note: About<'_>) -> Vec<Found> {
    if FOREIGN_CODE.is_match(code) {
        return Vec::new();
    }
    if let Some(imported) = imports(code) {
        return imported;
    }
    let syntax = syntax(code, note);
    if syntax.is_empty() {
        words(code, note, |c| c == '/')
    } else {
        syntax
    }
}

/// What inline code names that the text calls a module.
pub(super) fn module(code: &str) -> Vec<Found> {
    let is_path = PATH.find(code).is_some_and(|path| path.len() == code.len());
    let named = is_path && !ANYONES.contains(&code);
    let name = named.then(|| (0, code.to_owned(), Named::Name(code.to_owned())));
    name.into_iter().collect()
}

/// The names in a sentence.
pub(super) fn in_prose(text: &str, note: About<'_>) -> Vec<Found> {
    words(text, note, |_| false)
}

/// Statements that only Python 2 has, where no other language writes them so.
fn syntax(code: &str, note: About<'_>) -> Vec<Found> {
    if !note.has_python || !PYTHON_2.is_match(code) {
        return Vec::new();
    }
    let is_open = code.starts_with("except") && !code.ends_with(':');
    let colon = if is_open { ":" } else { "" };
    let idioms = modernize(&format!("{code}{colon}")).idioms.into_iter();
    let first = idioms.take(1);
    first
        .map(|idiom| (0, code.to_owned(), Named::Syntax(idiom)))
        .collect()
}

/// The names that an import statement asks for; `None` where the code is none.
fn imports(code: &str) -> Option<Vec<Found>> {
    let found = IMPORT.captures(code.trim())?;
    let list = found.name("names")?.as_str();
    let names = list.split(',').filter_map(|name| {
        let name = name.split_whitespace().next()?;
        Some(name.trim_matches(['(', ')']))
    });
    let from = found.name("from").map(|from| from.as_str());
    let dotted = |name: &str| match from {
        Some(from) if name == "*" => from.to_owned(),
        Some(from) => format!("{from}.{name}"),
        None => name.to_owned(),
    };
    let sure = |dotted: &String| !ANYONES.contains(&dotted.as_str());
    let dotted: Vec<String> = names.map(dotted).filter(sure).collect();
    Some(
        dotted
            .into_iter()
            .map(|dotted| (0, code.trim().to_owned(), Named::Name(dotted)))
            .collect(),
    )
}

/// The names among the words of a text.
///
/// Beside what `parts` says, a word is a part of something else.
fn words(text: &str, note: About<'_>, parts: fn(char) -> bool) -> Vec<Found> {
    let mut found = Vec::new();
    for path in PATH.find_iter(text) {
        let (before, after) = (&text[..path.start()], &text[path.end()..]);
        if is_inside_something(before, after) || before.ends_with(parts) || after.starts_with(parts)
        {
            continue;
        }
        let names: Vec<&str> = path.as_str().split('.').collect();
        let name = match names.as_slice() {
            [word] => single(word, after, note),
            names => dotted(names, note),
        };
        if let Some(name) = name {
            found.push((path.start(), path.as_str().to_owned(), Named::Name(name)));
        }
    }
    found
}

/// True for parts of a file's path, an address, an option or a string.
fn is_inside_something(before: &str, after: &str) -> bool {
    let joined = |c: char| {
        matches!(
            c,
            '-' | '\\' | '$' | '%' | '#' | '&' | '~' | '\'' | '"' | '.'
        )
    };
    let slash = before.ends_with('/') && !before.trim_end_matches('/').ends_with(is_letter)
        || before.ends_with("//");
    slash
        || before.ends_with(joined)
        || after.starts_with(['-', '\\', '\'', '"'])
        || after.starts_with("://")
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What a word alone means.
fn single(word: &str, after: &str, note: About<'_>) -> Option<String> {
    if let Some((_, dotted)) = ONLY_PYTHON.iter().find(|(only, _)| *only == word) {
        let guarded = (word == "iteritems" && note.text.contains("pandas"))
            || (METHODS.contains(&word) && !note.has_python);
        return (!guarded).then(|| (*dotted).to_owned());
    }
    let is_called = after.starts_with('(');
    let moved = |home: &str| note.text.contains(home);
    let is_meant = note.has_python
        && is_called
        && match word {
            "intern" => !moved("sys.intern") && !moved("from sys import intern"),
            "reload" => after.starts_with("(sys)") && !moved("importlib"),
            "cmp" => after.starts_with("()") || after.starts_with("(x") || after.starts_with("(a"),
            "unicode" | "long" => !moved(&format!("def {word}")),
            _ => false,
        };
    is_meant.then(|| word.to_owned())
}

/// What a dotted name means, where its first word is not just what people call their own things.
fn dotted(parts: &[&str], note: About<'_>) -> Option<String> {
    let (first, last) = (parts.first()?, parts.last()?);
    if METHODS.contains(last) {
        let lower = parts[parts.len() - 2].to_lowercase();
        let others = ["six", "df", "frame", "series", "utils"];
        let foreign = others.iter().any(|other| lower.contains(other));
        let pandas = note.text.contains("pandas") || note.text.contains("six.");
        let is_other = foreign || (pandas && *last == "iteritems");
        return (!is_other).then(|| format!("dict.{last}"));
    }
    let is_object = match *first {
        "file" | "buffer" | "input" | "user" | "cmp" | "apply" | "reduce" | "intern" | "new"
        | "coerce" | "reload" | "long" | "Canvas" | "Dialog" | "compiler" | "mutex" => true,
        // `string.split` is how many write of the method of strings.
        "string" => !STRING.contains(last),
        "thread" => !["start_new_thread", "allocate_lock", "get_ident"].contains(last),
        "unicode" => !note.has_python,
        _ => false,
    };
    let is_file = parts.len() == 2 && FILES.contains(last);
    (!is_object && !is_file).then(|| parts.join("."))
}

/// Methods that only the `dict` of Python 2 has.
const METHODS: [&str; 7] = [
    "has_key",
    "iteritems",
    "iterkeys",
    "itervalues",
    "viewitems",
    "viewkeys",
    "viewvalues",
];

/// Words that mean nothing else than a name of Python, and the name.
const ONLY_PYTHON: [(&str, &str); 26] = [
    ("BaseHTTPServer", "BaseHTTPServer"),
    ("CGIHTTPServer", "CGIHTTPServer"),
    ("SimpleHTTPServer", "SimpleHTTPServer"),
    ("basestring", "basestring"),
    ("cPickle", "cPickle"),
    ("cStringIO", "cStringIO"),
    ("cookielib", "cookielib"),
    ("cpickle", "cPickle"),
    ("execfile", "execfile"),
    ("has_key", "dict.has_key"),
    ("htmlentitydefs", "htmlentitydefs"),
    ("httplib", "httplib"),
    ("ifilter", "itertools.ifilter"),
    ("iteritems", "dict.iteritems"),
    ("iterkeys", "dict.iterkeys"),
    ("itervalues", "dict.itervalues"),
    ("izip", "itertools.izip"),
    ("izip_longest", "itertools.izip_longest"),
    ("raw_input", "raw_input"),
    ("unichr", "unichr"),
    ("urllib2", "urllib2"),
    ("viewitems", "dict.viewitems"),
    ("viewkeys", "dict.viewkeys"),
    ("viewvalues", "dict.viewvalues"),
    ("xmlrpclib", "xmlrpclib"),
    ("xrange", "xrange"),
];

/// Names of the module `string` that no string has as a method.
const STRING: [&str; 7] = [
    "atof",
    "atoi",
    "atol",
    "joinfields",
    "letters",
    "lowercase",
    "uppercase",
];

/// Endings of files.
const FILES: [&str; 14] = [
    "c", "cfg", "com", "csv", "h", "html", "io", "js", "json", "md", "org", "py", "pyc", "txt",
];

/// Modules that are gone, called what people call their own.
const ANYONES: [&str; 14] = [
    "Canvas",
    "Dialog",
    "commands",
    "compiler",
    "exceptions",
    "formatter",
    "mutex",
    "new",
    "parser",
    "repr",
    "resource",
    "symbol",
    "user",
    "sets",
];

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static PATH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"));
static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:from\s+(?P<from>[A-Za-z_][\w.]*)\s+)?import\s+(?P<names>\(?[A-Za-z_*][\w.]*(?:\s+as\s+\w+)?(?:\s*,\s*[A-Za-z_]\w*(?:\s+as\s+\w+)?)*\)?)$",
    )
});
/// Commands of a shell, addresses, and marks that Python does not have.
static FOREIGN_CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(\$|>|pip3? |python|conda |apt|brew |easy_install|git |npm |sudo |cd |ls )|://|;\s*$|\$\w|&&|\bvar |\blet |\bconst ",
    )
});
static PYTHON_2: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^\s*(print\s+u?["'][^;{$]*|except\s+[A-Z][\w.]*\s*,\s*\w+\s*:?|raise\s+[A-Z]\w*\s*,\s*u?["'].*|exec\s+["'].*)$"#,
    )
});
