//! Names that say by themselves, or by the company they keep, that they are Python's.

use super::scope::Scope;
use crate::check::explain::history::History;
use crate::notes::tokens::{Kind, Token};

/// Built-in names of Python 2 that are words too, with the fewest and the most arguments that
/// a call of them takes.
pub(super) const CALLED: [(&str, usize, usize); 11] = [
    ("apply", 2, 3),
    ("buffer", 1, 3),
    ("cmp", 2, 2),
    ("coerce", 2, 2),
    ("file", 1, 3),
    ("intern", 1, 1),
    ("long", 0, 2),
    ("reduce", 2, 3),
    ("reload", 1, 1),
    ("unichr", 1, 1),
    ("unicode", 0, 3),
];

/// Those of them that are types.
pub(super) const TYPES: [&str; 4] = ["buffer", "file", "long", "unicode"];

/// Modules that are gone, called what people call their own.
pub(super) const ANYONES: [&str; 14] = [
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
    "sets",
    "symbol",
    "user",
];

/// Modules whose names are also those of variables.
const VARIABLES: [&str; 16] = [
    "array",
    "calendar",
    "code",
    "commands",
    "email",
    "exceptions",
    "file",
    "new",
    "parser",
    "queue",
    "repr",
    "select",
    "symbol",
    "thread",
    "token",
    "user",
];

/// True where a name that nothing binds can only be a module, as it has what that module had.
pub(super) fn is_module(module: &str, name: &str) -> bool {
    // `string.split` is how many write of the method of strings.
    let is_string = module != "string"
        || [
            "atof",
            "atoi",
            "atol",
            "joinfields",
            "letters",
            "lowercase",
            "uppercase",
        ]
        .contains(&name);
    is_string && !VARIABLES.contains(&module) && History::get().name(module, name).is_some()
}

/// Methods of the `dict` of Python 2 that take no argument.
const VIEWS: [&str; 6] = [
    "iteritems",
    "iterkeys",
    "itervalues",
    "viewitems",
    "viewkeys",
    "viewvalues",
];

/// The type whose attribute `name` must be, where no other type has such a one. `arguments` says
/// with how many it is called, where it is called.
pub(super) fn owner(
    scope: &Scope,
    receiver: &Token<'_>,
    name: &str,
    arguments: Option<usize>,
) -> Option<&'static str> {
    let is_somebodys = ["self", "cls"].contains(&receiver.text);
    match name {
        "has_key" => (arguments == Some(1) && !is_somebodys).then_some("dict"),
        "iteritems" if scope.imports("pandas") => None,
        _ if VIEWS.contains(&name) => (arguments == Some(0) && !is_somebodys).then_some("dict"),
        "func_closure" | "func_code" | "func_defaults" | "func_globals" => Some("function"),
        "im_class" | "im_func" | "im_self" => Some("method"),
        "decode" if receiver.kind == Kind::Text && arguments.is_some() => {
            let prefix = receiver.text.split(['\'', '"']).next().unwrap_or_default();
            (!prefix.contains(['b', 'B'])).then_some("str")
        }
        "next" if arguments == Some(0) => scope.iterator(receiver.text),
        "isAlive" if arguments == Some(0) && scope.imports("threading") => Some("threading.Thread"),
        _ if receiver.text == "self" && scope.imports("unittest") => {
            let of = "unittest.TestCase";
            let is_known = History::get().attribute(of, name).is_some();
            (is_known && arguments.is_some()).then_some(of)
        }
        _ => None,
    }
}
