//! The language that an info string names, in all the forms that tools have for it.
//!
//! What a language means is not decided here.

/// The lower-case word for the language that an info string names, `""` where it
/// names none: `python` for `Python`, `{.python .numberLines}`, `python:title.py`
/// and the bare `{code-cell}` of `MyST`, `ipython3` for `{code-cell} ipython3`.
pub fn tag_word(info: &str) -> String {
    match shown_tag(info).to_lowercase().as_str() {
        "code-cell" => "python".to_owned(),
        "jupyter-execute" | "testcode" | "testsetup" | "testcleanup"
            if info.trim_start().starts_with('{') =>
        {
            "python".to_owned()
        }
        "code-block" | "code" | "sourcecode" if info.trim_start().starts_with('{') => String::new(),
        word => word.to_owned(),
    }
}

/// The word that names the language, as the author wrote it. Of a directive that
/// only says "code", it is its argument.
pub(super) fn shown_tag(info: &str) -> &str {
    let mut words = info
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}'))
        .filter_map(language_word);
    let first = words.next().unwrap_or_default();
    let is_code_directive = matches!(first, "code-cell" | "code-block" | "code" | "sourcecode");
    if is_code_directive && info.trim_start().starts_with('{') {
        return words.next().unwrap_or(first);
    }
    first
}

/// The name and the argument of a `MyST` directive: `code-block` and `python` of `{code-block} python`.
pub(super) fn directive_name(info: &str) -> Option<(&str, &str)> {
    let (name, argument) = info.trim().strip_prefix('{')?.split_once('}')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'));
    is_name.then(|| (name, argument.trim()))
}

/// A word without what may hang on it, none for an id or an attribute.
fn language_word(word: &str) -> Option<&str> {
    let is_attribute = word.starts_with(['#', '"', '\'']) || word.contains('=');
    let word = word.trim_start_matches('.');
    let end = word.find([':', ';', '[', '(', '|']).unwrap_or(word.len());
    (!is_attribute && end > 0).then(|| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_every_form_of_info_string() {
        for (info, tag, word) in [
            ("python", "python", "python"),
            ("Python3", "Python3", "python3"),
            ("{python}", "python", "python"),
            ("{.python .numberLines}", "python", "python"),
            ("{ #id .python }", "python", "python"),
            ("{code-cell} ipython3", "ipython3", "ipython3"),
            ("{code-cell}", "code-cell", "python"),
            ("{code-block} python", "python", "python"),
            ("{code-block}", "code-block", ""),
            ("code", "code", "code"),
            ("{testcode} a", "testcode", "python"),
            ("{testoutput}", "testoutput", "testoutput"),
            ("testcode", "testcode", "testcode"),
            ("python:title.py", "python", "python"),
            ("python{1,3}", "python", "python"),
            ("python {1,3}", "python", "python"),
            ("python,notest", "python", "python"),
            ("py title=\"x\"", "py", "py"),
            ("title=\"x\"", "", ""),
            (".python", "python", "python"),
            ("{python, echo=FALSE}", "python", "python"),
            ("C++", "C++", "c++"),
            ("c#", "c#", "c#"),
            ("", "", ""),
            ("{}", "", ""),
        ] {
            assert_eq!(
                (shown_tag(info), tag_word(info).as_str()),
                (tag, word),
                "{info:?}"
            );
        }
    }
}
