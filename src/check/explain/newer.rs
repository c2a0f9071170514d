//! Names that this Python does not have yet: errors that a newer one does not raise.
//!
//! Pure: what Python said and the history decide.

use super::history::{History, Record, Version};
use super::{ATTRIBUTE, IMPORT, catalogue};
use crate::model::Finding;
use crate::notes::newer::syntax;
use crate::text;

/// The finding for an exception that is there because `version` is too old for the code.
pub fn newer(
    class: &str,
    message: &str,
    subject: &str,
    line: usize,
    version: Version,
) -> Option<Finding> {
    let history = History::get();
    let inside = |of: &str, name: &str| {
        let record = history.name(of, name);
        let record = record.or_else(|| history.attribute(of, name))?;
        Some((format!("{of}.{name}"), record))
    };
    if class == "TypeError" && is_union(message) {
        return Some(later("X | Y", Version(3, 10), version, line)).filter(|_| version < UNIONS);
    }
    let (path, record): (String, Record) = match class {
        "NameError" => (subject.to_owned(), history.builtin(subject)?),
        "ModuleNotFoundError" => (subject.to_owned(), history.module(subject)?),
        "AttributeError" => {
            let found = ATTRIBUTE.captures(message)?;
            inside(&found[1], &found[2])?
        }
        "ImportError" => {
            let found = IMPORT.captures(message)?;
            inside(&found[2], &found[1])?
        }
        _ => return None,
    };
    let first = record.span.first;
    (first > version).then(|| later(&path, first, version, line))
}

/// The finding for syntax that `version` is too old for: it refused the line `source` with `message`.
pub fn newer_syntax(source: &str, message: &str, line: usize, version: Version) -> Option<Finding> {
    let found = syntax(source, message, (version.0, version.1, 0))?;
    Some(later(found.what, Version(3, found.minor), version, line))
}

fn later(what: &str, first: Version, version: Version, line: usize) -> Finding {
    Finding {
        message: text!(
            "`{what}` is there from Python {first} on, this is {version}",
            "`{what}` 从 Python {first} 起才有，当前是 {version}"
        ),
        help: Some(text!(
            "run it under Python {first} or later, or mark it with `<!-- verify: python=\">={first}\" -->`",
            "用 Python {first} 或更高版本运行，或用 `<!-- verify: python=\">={first}\" -->` 标记它"
        )),
        url: Some(format!("https://docs.python.org/3/whatsnew/{first}.html")),
        ..catalogue::finding("needs-newer-python", line)
    }
}

/// The first Python in which types can be joined by `|` (PEP 604).
const UNIONS: Version = Version(3, 10);

/// True for the message of an earlier Python for `int | None`.
fn is_union(message: &str) -> bool {
    let Some(operands) = message.strip_prefix("unsupported operand type(s) for |: ") else {
        return false;
    };
    let types = [
        "type",
        "NoneType",
        "types.GenericAlias",
        "_GenericAlias",
        "_UnionGenericAlias",
        "ABCMeta",
    ];
    let mut operands = operands.split(" and ").map(|name| name.trim_matches('\''));
    operands.all(|name| types.contains(&name)) && message != NONE_ALONE
}

const NONE_ALONE: &str = "unsupported operand type(s) for |: 'NoneType' and 'NoneType'";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(class: &str, message: &str, subject: &str) -> Option<String> {
        let found = newer(class, message, subject, 3, Version(3, 10));
        found.map(|finding| finding.message.en)
    }

    #[test]
    fn what_came_later_is_told_with_its_version() {
        for (class, message, subject, path, first) in [
            (
                "AttributeError",
                "module 'itertools' has no attribute 'batched'",
                "batched",
                "itertools.batched",
                "3.12",
            ),
            (
                "ImportError",
                "cannot import name 'TaskGroup' from 'asyncio' (/x/asyncio/__init__.py)",
                "TaskGroup",
                "asyncio.TaskGroup",
                "3.11",
            ),
            ("ModuleNotFoundError", "", "tomllib", "tomllib", "3.11"),
            ("NameError", "", "ExceptionGroup", "ExceptionGroup", "3.11"),
        ] {
            let wanted = format!("`{path}` is there from Python {first} on, this is 3.10");
            assert_eq!(told(class, message, subject), Some(wanted));
        }
    }

    #[test]
    fn types_are_joined_from_3_10_on() {
        let told =
            |message: &str, minor| newer("TypeError", message, "", 3, Version(3, minor)).is_some();
        let message = "unsupported operand type(s) for |: 'type' and 'NoneType'";
        assert!(told(message, 9) && !told(message, 10));
        assert!(!told(
            "unsupported operand type(s) for |: 'type' and 'int'",
            9
        ));
        assert!(!told(
            "unsupported operand type(s) for +: 'type' and 'type'",
            9
        ));
    }

    #[test]
    fn what_is_there_or_never_was_is_not() {
        assert_eq!(told("NameError", "", "xrange"), None);
        assert_eq!(told("NameError", "", "aiter"), None);
        assert_eq!(told("ModuleNotFoundError", "", "numpy"), None);
        let message = "module 'itertools' has no attribute 'izip'";
        assert_eq!(told("AttributeError", message, "izip"), None);
        assert_eq!(told("TypeError", "", "tomllib"), None);
    }
}
