//! Text from notes and snippets, made safe to show.
//!
//! What a note holds or a snippet prints may carry terminal escapes, control
//! characters and marks that reorder a line. Everything that goes to a terminal
//! passes through here first. Nothing in here knows what a text means.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with every character that could move or recolour other text replaced
/// by something visible. Line ends stay, tabs become four spaces.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push('\n'),
            '\t' => shown.push_str("    "),
            _ => push_visible(&mut shown, c),
        }
    }
    shown
}

/// Like [`visible`], all on one line, tabs and line ends as pictures.
pub(super) fn visible_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut shown, c);
    }
    shown
}

/// Like [`visible_line`], one character for each, so that columns stay true. Tabs stay.
pub(super) fn visible_source(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '\t' => c,
            _ if is_hidden(c) => picture(c).unwrap_or('\u{fffd}'),
            _ => c,
        })
        .collect()
}

/// The columns that a terminal gives to a text.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text with spaces behind it up to so many columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The beginning of a text, at most so many columns wide, with `…` where something is left out.
pub(super) fn clip(text: &str, columns: usize) -> String {
    if text.len() <= columns || width(text) <= columns {
        return text.to_owned();
    }
    format!("{}…", fitting(text, columns.saturating_sub(1)))
}

/// As much of the beginning of a text as fits into so many columns.
pub(super) fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// A path as a shell takes it.
pub(super) fn shell_word(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:+@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

fn push_visible(shown: &mut String, c: char) {
    if !is_hidden(c) {
        shown.push(c);
    } else if let Some(picture) = picture(c) {
        shown.push(picture);
    } else {
        shown.extend(c.escape_unicode());
    }
}

/// True for what a terminal obeys instead of showing, and for what hides or reorders text.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The picture that Unicode has for an ASCII control character.
fn picture(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code),
        0x7f => Some('␡'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_marks_are_shown() {
        assert_eq!(visible("\x1b[31mred\x07\r\n\tx\x7f"), "␛[31mred␇␍\n    x␡");
        assert_eq!(
            visible("a\u{202e}b\u{9b}c\u{feff}"),
            "a\\u{202e}b\\u{9b}c\\u{feff}"
        );
        assert_eq!(visible_line("a\tb\nc"), "a␉b␊c");
        assert_eq!(visible("数字 é 👩‍🔬"), "数字 é 👩‍🔬");
    }

    #[test]
    fn source_keeps_its_columns() {
        let line = "\tx = '\x1b\u{202e}数'";
        let shown = visible_source(line);
        assert_eq!(shown, "\tx = '␛\u{fffd}数'");
        assert_eq!(shown.chars().count(), line.chars().count());
    }

    #[test]
    fn clipping_counts_columns() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcde…");
        assert_eq!(clip("数字数字", 8), "数字数字");
        assert_eq!(clip("数字数字", 7), "数字数…");
        assert_eq!(clip("数字数字", 6), "数字…");
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(shell_word("notes/数字.md:4"), "notes/数字.md:4");
        assert_eq!(shell_word("my notes/it's.md"), r"'my notes/it'\''s.md'");
    }
}
