//! Files and places as the protocol has them: addresses, and lines and columns from 0 in the units
//! that were agreed on.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::report::ci::escaped;
use crate::report::editor::Place;

/// The units of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, as every client understands.
    #[default]
    Utf16,
}

impl Encoding {
    /// The best of those that a client offers.
    pub(super) fn agreed(offered: &Value) -> Self {
        let offered = offered.as_array().into_iter().flatten();
        let mut offered = offered.filter_map(Value::as_str);
        if offered.any(|name| name == "utf-8") {
            Self::Utf8
        } else {
            Self::Utf16
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }
}

/// A text whose places are told. Editors show no byte order mark, and count none.
pub(super) struct Text<'t> {
    text: &'t str,
    encoding: Encoding,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        Self { text, encoding }
    }

    /// The range of a part whose columns are counted in characters, from 1.
    pub(super) fn range(&self, place: Option<Place>) -> Value {
        let Some(place) = place else {
            return self.lines(1, 1);
        };
        let start = self.of_column(place.line, place.column);
        let end = self.of_column(place.end_line, place.end_column);
        json!({"start": start, "end": end})
    }

    /// The range of whole lines, counted from 1.
    pub(super) fn lines(&self, first: usize, last: usize) -> Value {
        let end = self.of_column(last, usize::MAX);
        json!({"start": self.of_column(first, 1), "end": end})
    }

    /// The range of some bytes.
    pub(super) fn bytes(&self, bytes: &Range<usize>) -> Value {
        json!({"start": self.of_byte(bytes.start), "end": self.of_byte(bytes.end)})
    }

    fn of_column(&self, line: usize, column: usize) -> Value {
        let content = self
            .text
            .split('\n')
            .nth(line.max(1) - 1)
            .unwrap_or_default();
        let content = content.strip_suffix('\r').unwrap_or(content);
        let end = content.char_indices().nth(column.max(1) - 1);
        let before = &content[..end.map_or(content.len(), |(at, _)| at)];
        self.position(line.max(1) - 1, before)
    }

    fn of_byte(&self, byte: usize) -> Value {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.matches('\n').count();
        self.position(line, before.rsplit('\n').next().unwrap_or_default())
    }

    fn position(&self, line: usize, before: &str) -> Value {
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        json!({"line": line, "character": self.encoding.units(before)})
    }
}

/// The file of an address, whether or not its characters are escaped.
pub(super) fn file_of(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped.filter(|_| *byte == b'%') {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    let path = PathBuf::from(String::from_utf8(bytes).ok()?);
    path.is_absolute().then_some(path)
}

/// The address of a file.
pub(super) fn uri_of(file: &Path) -> String {
    let path = escaped(&file.to_string_lossy());
    format!("file://{path}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn range(text: &str, encoding: Encoding, place: (usize, usize, usize, usize)) -> Value {
        let (line, column, end_line, end_column) = place;
        let place = Place {
            line,
            column,
            end_line,
            end_column,
        };
        Text::new(text, encoding).range(Some(place))
    }

    fn columns(range: &Value) -> (u64, u64) {
        let column = |end: &str| range[end]["character"].as_u64().unwrap();
        (column("start"), column("end"))
    }

    #[test]
    fn columns_are_in_the_units_that_were_agreed_on() {
        let text = "# 数字\r\n数字 🎉 x = 1\r\n";
        let place = (2, 6, 2, 11);
        assert_eq!(columns(&range(text, Encoding::Utf16, place)), (6, 11));
        assert_eq!(columns(&range(text, Encoding::Utf8, place)), (12, 17));
        let agreed = |offered| Encoding::agreed(&offered);
        assert_eq!(agreed(json!(["utf-16", "utf-8"])), Encoding::Utf8);
        assert_eq!(agreed(json!(["utf-32"])), Encoding::Utf16);
        assert_eq!(agreed(Value::Null), Encoding::Utf16);
    }

    #[test]
    fn bytes_have_a_place_and_a_byte_order_mark_has_none() {
        let text = "\u{feff}数 x\n🎉 y\n";
        let text = Text::new(text, Encoding::Utf16);
        let found = text.bytes(&(7..8));
        assert_eq!(columns(&found), (2, 3));
        let found = text.bytes(&(9..14));
        assert_eq!(
            (columns(&found), &found["start"]["line"]),
            ((0, 3), &json!(1))
        );
    }

    #[test]
    fn a_place_outside_of_the_text_is_its_end() {
        for place in [
            (9, 9, 9, 9),
            (0, 0, 0, 0),
            (1, 99, 1, 999),
            (usize::MAX, usize::MAX, 1, 1),
        ] {
            for text in ["", "ab", "ab\n"] {
                range(text, Encoding::Utf16, place);
            }
        }
        let lines = Text::new("abc\nde", Encoding::Utf16).lines(1, 2);
        assert_eq!(lines["end"], json!({"line": 1, "character": 2}));
    }

    #[test]
    fn addresses_lead_to_files_and_back() {
        let file = Path::new("/tmp/数字 notes/100%.md");
        let uri = uri_of(file);
        assert_eq!(uri, "file:///tmp/%E6%95%B0%E5%AD%97%20notes/100%25.md");
        assert_eq!(file_of(&uri).unwrap(), file);
        assert_eq!(
            file_of("file:///tmp/数字%2e").unwrap(),
            Path::new("/tmp/数字.")
        );
        assert_eq!(file_of("file://localhost/a").unwrap(), Path::new("/a"));
        assert_eq!(file_of("file:///a%zz%").unwrap(), Path::new("/a%zz%"));
        for other in ["untitled:1", "https://x/y", "file://", "file:///%ff", ""] {
            assert_eq!(file_of(other), None, "{other}");
        }
    }
}
