//! Where links of a note lead on the page: to another note of it, to a web page, or nowhere.
//!
//! Only `http`, `https` and `mailto` are followed. Everything else that a browser could take for a
//! scheme or for a machine is left out, however it is spelled.

use std::collections::HashMap;

use crate::model::NoteReport;
use crate::report::ci::Options;

/// What becomes of a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This address, which is safe but has still to be escaped.
    To(String),
    /// It is not followed.
    Nowhere,
}

/// The notes of the page by their paths.
pub(super) struct Links<'a> {
    numbers: HashMap<&'a str, usize>,
    options: &'a Options,
}

impl<'a> Links<'a> {
    /// Those between these notes.
    pub(super) fn new(notes: &'a [NoteReport], options: &'a Options) -> Self {
        let numbers = notes.iter().enumerate();
        Self {
            numbers: numbers
                .map(|(at, note)| (note.path.as_str(), at + 1))
                .collect(),
            options,
        }
    }

    /// Where a link of the note with this number and path leads.
    pub(super) fn target(&self, number: usize, path: &str, address: &str) -> Target {
        let plain: String = address.chars().filter(|c| !is_skipped(*c)).collect();
        if let Some(rest) = plain.strip_prefix("//") {
            return Target::To(format!("https://{}", rest.trim_start_matches('/')));
        }
        match scheme(&plain) {
            Some(scheme) if is_followed(&scheme) => Target::To(plain),
            Some(_) => Target::Nowhere,
            None if plain.is_empty() || plain.contains('\\') => Target::Nowhere,
            None => Target::To(self.within(number, path, address.trim())),
        }
    }

    /// Where a link without a scheme leads.
    fn within(&self, number: usize, path: &str, address: &str) -> String {
        let (file, heading) = address.split_once('#').unwrap_or((address, ""));
        let file = decoded(file.split('?').next().unwrap_or_default());
        let found = match file.as_str() {
            "" => Some(number),
            _ => self.numbers.get(joined(path, &file).as_str()).copied(),
        };
        match found {
            Some(note) if heading.is_empty() => format!("#n{note}"),
            Some(note) => format!("#n{note}-{}", slug(&decoded(heading))),
            None => self.options.link(&joined(path, &file), None),
        }
    }
}

/// What browsers leave out of an address or cut from its ends.
fn is_skipped(c: char) -> bool {
    c.is_control() || c.is_whitespace()
}

/// What stands before the first colon, where that can be a scheme.
fn scheme(address: &str) -> Option<String> {
    let end = address.find([':', '/', '?', '#'])?;
    let is_scheme = address[end..].starts_with(':');
    is_scheme.then(|| address[..end].to_ascii_lowercase())
}

fn is_followed(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "mailto")
}

/// A path that starts in the folder of a note, or at the top where it begins with `/`.
fn joined(note: &str, path: &str) -> String {
    let folder = match note.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => folder,
        _ => "",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The text without percent signs.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let is_code = |code: &&str| code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = rest.get(at + 1..at + 3).filter(is_code);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = &rest[at + if byte.is_some() { 3 } else { 1 }..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The anchor that GitHub gives a heading; it has no character that means anything in HTML.
pub(super) fn slug(heading: &str) -> String {
    let kept = heading.chars().flat_map(char::to_lowercase);
    kept.filter_map(|c| match c {
        ' ' | '-' => Some('-'),
        '_' => Some('_'),
        _ => c.is_alphanumeric().then_some(c),
    })
    .collect()
}

/// True for a picture that stands in the note itself and can hold no program.
pub(super) fn is_own_picture(address: &str) -> bool {
    const KINDS: [&str; 4] = ["png", "jpeg", "gif", "webp"];
    let in_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    KINDS.iter().any(|kind| {
        address
            .strip_prefix(&format!("data:image/{kind};base64,"))
            .is_some_and(|data| data.chars().all(in_base64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> Target {
        let notes = ["notes/a.md", "notes/b/数 字.md"].map(|path| NoteReport {
            path: path.to_owned(),
            ..NoteReport::default()
        });
        let options = Options::default();
        Links::new(&notes, &options).target(1, "notes/a.md", address)
    }

    fn to(address: &str) -> Target {
        Target::To(address.to_owned())
    }

    #[test]
    fn pages_of_the_web_are_followed() {
        for address in ["https://a.b/c?d#e", "HTTP://a.b", "mailto:a@b.c"] {
            assert_eq!(target(address), to(address));
        }
        assert_eq!(target("//a.b/c"), to("https://a.b/c"));
    }

    #[test]
    fn nothing_else_with_a_scheme_is() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " \tjava\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\u{0}script:alert(1)",
            "\u{a0}javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:x",
            "\\\\host\\share",
            "/\\host",
            "",
        ] {
            assert_eq!(target(address), Target::Nowhere, "{address:?}");
        }
    }

    #[test]
    fn notes_are_linked_on_the_page() {
        assert_eq!(target("b/%E6%95%B0%20字.md#An-Item!"), to("#n2-an-item"));
        assert_eq!(target("./b/../a.md"), to("#n1"));
        assert_eq!(target("#Über_1"), to("#n1-über_1"));
        assert_eq!(target("/notes/a.md"), to("#n1"));
    }

    #[test]
    fn other_files_are_linked_where_they_lie() {
        assert_eq!(target("x y.pdf"), to("notes/x%20y.pdf"));
        assert_eq!(target("../../../x\"><b>.md"), to("x%22%3E%3Cb%3E.md"));
        assert_eq!(
            target("x/%2e%2e/javascript%3Ay"),
            to("notes/javascript%3Ay")
        );
    }

    #[test]
    fn odd_percent_signs_stay() {
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%数%41%"), "%数A%");
        assert_eq!(decoded("%+1"), "%+1");
    }

    #[test]
    fn pictures_of_the_note_itself_are_bitmaps() {
        assert!(is_own_picture("data:image/png;base64,iVBORw0KGgo="));
        assert!(!is_own_picture("data:image/svg+xml;base64,AAAA"));
        assert!(!is_own_picture("data:image/png;base64,\" onerror=x"));
        assert!(!is_own_picture("https://a.b/c.png"));
    }
}
