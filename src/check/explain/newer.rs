//! Names that this Python does not have yet: errors that a newer one does not raise.
//!
//! Pure: what Python said and the history decide.

use super::history::{History, Record, Version};
use super::{ATTRIBUTE, IMPORT, catalogue};
use crate::model::Finding;
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
    (first > version).then(|| Finding {
        message: text!(
            "`{path}` is there from Python {first} on, this is {version}",
            "`{path}` 从 Python {first} 起才有，当前是 {version}"
        ),
        help: Some(text!(
            "run it under Python {first} or later, or mark it with `<!-- verify: python=\">={first}\" -->`",
            "用 Python {first} 或更高版本运行，或用 `<!-- verify: python=\">={first}\" -->` 标记它"
        )),
        url: Some(format!(
            "https://docs.python.org/3/whatsnew/{first}.html"
        )),
        ..catalogue::finding("needs-newer-python", line)
    })
}

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
    fn what_is_there_or_never_was_is_not() {
        assert_eq!(told("NameError", "", "xrange"), None);
        assert_eq!(told("NameError", "", "aiter"), None);
        assert_eq!(told("ModuleNotFoundError", "", "numpy"), None);
        let message = "module 'itertools' has no attribute 'izip'";
        assert_eq!(told("AttributeError", message, "izip"), None);
        assert_eq!(told("TypeError", "", "tomllib"), None);
    }
}
