//! Unfolds the tabs and admonitions of `MkDocs`, which indent what they hold.
//!
//! To `CommonMark` a fence below `=== "Tab"` or `!!! note` is indented code. Here
//! the lines that such a marker holds are moved back to the left, and the marker's
//! own line is made blank, so that every line keeps its number. Lines inside of
//! fences are never markers, and a note without markers is left alone.

use memchr::memmem;

/// A note whose tabs and admonitions are unfolded, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfolded {
    /// The text, with as many lines as the note.
    pub text: String,
    /// The 1-based line and the title (`""` where there is none) of each marker, in order.
    pub titles: Vec<(usize, String)>,
}

/// How many columns a marker's content is indented.
const STEP: usize = 4;

/// Unfolds a note, none where there is nothing to unfold.
pub fn unfold(text: &str) -> Option<Unfolded> {
    if !has_markers(text) {
        return None;
    }
    let mut plan = Plan::default();
    for line in text.lines() {
        plan.take(line);
    }
    plan.fence = None;
    plan.close_regions(0);
    plan.actions
        .contains(&Action::Blank)
        .then(|| plan.carry_out(text))
}

/// How markers begin.
const MARKERS: [&str; 3] = ["===", "!!!", "???"];

/// True where a line could be a marker.
fn has_markers(text: &str) -> bool {
    let of_kind = |marker: &&str| {
        let mut places = memmem::find_iter(text.as_bytes(), marker.as_bytes());
        places.any(|at| {
            let mut before = text[..at].chars().rev().take_while(|c| *c != '\n');
            let line = text[at..].lines().next().unwrap_or_default();
            before.all(char::is_whitespace) && marker_title(line.trim_end()).is_some()
        })
    };
    MARKERS.iter().any(of_kind)
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Keep,
    Blank,
    /// Loses this many columns of white space.
    Dedent(usize),
}

/// What a marker holds, while it is open.
struct Region {
    column: usize,
    line: usize,
    /// What happens to the marker's line where the marker holds nothing.
    unused: Action,
    used: bool,
}

/// An open fence.
struct Fence {
    mark: u8,
    len: usize,
    quoted: bool,
    /// The column of the content of the list item that it stands in.
    base: usize,
    line: usize,
    regions: usize,
}

/// Decides line by line. Columns of list items are those after the dedent.
#[derive(Default)]
struct Plan {
    actions: Vec<Action>,
    regions: Vec<Region>,
    items: Vec<usize>,
    fence: Option<Fence>,
}

impl Plan {
    fn take(&mut self, line: &str) {
        let rest = line.trim_start_matches([' ', '\t']);
        if rest.trim_end().is_empty() {
            self.actions.push(self.shift());
            return;
        }
        let indent = columns(&line[..line.len() - rest.len()]);
        let held = self
            .regions
            .iter()
            .take_while(|region| indent >= region.column + STEP)
            .count();
        self.close_regions(held);
        if let Some(region) = self.regions.last_mut() {
            region.used = true;
        }
        let action = self.shift();
        self.actions.push(action);
        let column = indent - STEP * self.regions.len();
        if self.is_in_fence(rest, column) {
            return;
        }
        let base = self.item_above(column);
        if column >= base + STEP {
            return;
        }
        if marker_title(rest.trim_end()).is_some() {
            self.open_region(indent);
        } else {
            let rest = self.enter_items(rest, column);
            self.open_fence(rest);
        }
    }

    /// True for the lines of an open fence, its closing line included.
    fn is_in_fence(&mut self, rest: &str, column: usize) -> bool {
        let Some(fence) = &self.fence else {
            return false;
        };
        if column < fence.base || (fence.quoted && !rest.starts_with('>')) {
            self.fence = None;
            return false;
        }
        let inner = if fence.quoted {
            rest.trim_start_matches(['>', ' '])
        } else {
            rest
        }
        .trim_end();
        let closes = inner.len() >= fence.len && inner.bytes().all(|byte| byte == fence.mark);
        if closes && column < fence.base + STEP {
            self.fence = None;
        }
        true
    }

    fn open_region(&mut self, column: usize) {
        let unused = self.shift();
        let line = self.actions.len() - 1;
        self.actions[line] = Action::Blank;
        self.regions.push(Region {
            column,
            line,
            unused,
            used: false,
        });
    }

    fn shift(&self) -> Action {
        match self.regions.len() {
            0 => Action::Keep,
            depth => Action::Dedent(STEP * depth),
        }
    }

    /// Ends all but the outer `keep` regions. A marker that held nothing was just
    /// text, and a fence that is still open was none: their lines stay.
    fn close_regions(&mut self, keep: usize) {
        if keep >= self.regions.len() {
            return;
        }
        for region in self.regions.drain(keep..) {
            if !region.used {
                self.actions[region.line] = region.unused;
            }
        }
        if let Some(fence) = self.fence.take_if(|fence| fence.regions > keep) {
            self.actions[fence.line..].fill(Action::Keep);
        }
    }

    /// The column of the content of the list item that a line at `column` belongs to.
    fn item_above(&mut self, column: usize) -> usize {
        while self.items.pop_if(|content| *content > column).is_some() {}
        self.items.last().copied().unwrap_or(0)
    }

    /// Opens the list items that a line starts, and gives what follows their markers.
    fn enter_items<'l>(&mut self, mut rest: &'l str, mut column: usize) -> &'l str {
        while let Some(marker) = list_marker_len(rest) {
            let after = rest[marker..].trim_start_matches([' ', '\t']);
            let gap = columns(&rest[marker..rest.len() - after.len()]);
            column += marker + if gap > STEP { 1 } else { gap };
            self.items.push(column);
            rest = after;
        }
        rest
    }

    fn open_fence(&mut self, rest: &str) {
        let inner = rest.trim_start_matches(['>', ' ']);
        let mark = inner.bytes().next().unwrap_or_default();
        let len = inner.bytes().take_while(|byte| *byte == mark).count();
        let is_fence = match mark {
            b'`' => !inner[len..].contains('`'),
            b'~' => true,
            _ => false,
        };
        if is_fence && len >= 3 {
            self.fence = Some(Fence {
                mark,
                len,
                quoted: rest.starts_with('>'),
                base: self.items.last().copied().unwrap_or(0),
                line: self.actions.len() - 1,
                regions: self.regions.len(),
            });
        }
    }

    fn carry_out(&self, note: &str) -> Unfolded {
        let mut unfolded = Unfolded {
            text: String::with_capacity(note.len()),
            titles: Vec::new(),
        };
        for (i, (line, action)) in note.split_inclusive('\n').zip(&self.actions).enumerate() {
            match action {
                Action::Keep => unfolded.text.push_str(line),
                Action::Dedent(columns) => push_dedented(&mut unfolded.text, line, *columns),
                Action::Blank => {
                    let title = marker_title(line.trim()).unwrap_or_default();
                    unfolded.titles.push((i + 1, title.to_owned()));
                    let end = line.trim_end_matches(['\r', '\n']).len();
                    unfolded.text.push_str(&line[end..]);
                }
            }
        }
        unfolded
    }
}

/// Appends a line without its first columns of white space. A tab that stands
/// across the edge leaves spaces.
fn push_dedented(text: &mut String, line: &str, wanted: usize) {
    let mut column = 0;
    for (at, c) in line.char_indices() {
        if column >= wanted || !matches!(c, ' ' | '\t') {
            text.extend(std::iter::repeat_n(' ', column.saturating_sub(wanted)));
            text.push_str(&line[at..]);
            return;
        }
        column = next_column(column, c);
    }
}

/// The width of white space that starts a line.
fn columns(space: &str) -> usize {
    space.chars().fold(0, next_column)
}

fn next_column(column: usize, c: char) -> usize {
    if c == '\t' {
        (column / STEP + 1) * STEP
    } else {
        column + 1
    }
}

/// The length of a list marker that has something behind it.
fn list_marker_len(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_marker = match rest.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' => digits == 0,
        b'.' | b')' => (1..=9).contains(&digits),
        _ => false,
    };
    let after = &rest[digits + usize::from(is_marker)..];
    (is_marker && after.starts_with([' ', '\t']) && !after.trim().is_empty()).then_some(digits + 1)
}

/// The title of a marker line without its indentation, `""` where it has none.
fn marker_title(line: &str) -> Option<&str> {
    let (rest, is_tab) = if let Some(rest) = line.strip_prefix("===") {
        (rest.trim_start_matches(['!', '+']), true)
    } else if let Some(rest) = line.strip_prefix("!!!") {
        (rest, false)
    } else {
        let rest = line.strip_prefix("???")?;
        (rest.strip_prefix('+').unwrap_or(rest), false)
    };
    let (words, title) = match rest.split_once('"') {
        Some((words, title)) => (words, Some(title.strip_suffix('"')?)),
        None => (rest, None),
    };
    if is_tab {
        return title.filter(|_| words.trim().is_empty() && words.starts_with([' ', '\t']));
    }
    let are_classes = words
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '\t'));
    let any = !words.trim().is_empty() || title.is_some();
    (are_classes && any).then(|| title.unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn unfolded(text: &str) -> String {
        let unfolded = unfold(text).map(|unfolded| unfolded.text);
        let unfolded = unfolded.unwrap_or_else(|| text.to_owned());
        assert_eq!(unfolded.lines().count(), text.lines().count(), "{text:?}");
        unfolded
    }

    #[test]
    fn markers_and_their_titles() {
        for (line, title) in [
            ("=== \"Tab\"", Some("Tab")),
            ("===! \"Tab\"", Some("Tab")),
            ("===+ \"输出\"", Some("输出")),
            ("=== Tab", None),
            ("===\"Tab\"", None),
            ("=====", None),
            ("===", None),
            ("!!! note", Some("")),
            ("!!! note inline end \"Read this\"", Some("Read this")),
            ("!!! note \"\"", Some("")),
            ("!!!", None),
            ("!!! (what?)", None),
            ("??? tip", Some("")),
            ("???+ tip \"x\"", Some("x")),
            ("??? \"x\"", Some("x")),
            ("??? \"x", None),
        ] {
            assert_eq!(marker_title(line), title, "{line:?}");
        }
    }

    #[test]
    fn what_a_marker_holds_moves_to_the_left() {
        for (text, expected) in [
            (
                "=== \"A\"\n    ```py\n    x\n    ```\nb\n",
                "\n```py\nx\n```\nb\n",
            ),
            (
                "!!! note\n\n    ```py\n      x\n\n    ```\n",
                "\n\n```py\n  x\n\n```\n",
            ),
            (
                "=== \"A\"\r\n\t```py\r\n\t\tx\r\n\t```\r\n",
                "\r\n```py\r\n\tx\r\n```\r\n",
            ),
            (
                "??? tip\n    a\n\n    !!! note\n        b\n    c\n",
                "\na\n\n\nb\nc\n",
            ),
            (
                "- a\n\n    === \"A\"\n\n        ```py\n        x\n        ```\n",
                "- a\n\n\n\n    ```py\n    x\n    ```\n",
            ),
            ("1. a\n\n   === \"A\"\n\n       b\n", "1. a\n\n\n\n   b\n"),
            ("!!! a\n    !!! b\nc\n", "\n!!! b\nc\n"),
            ("=== \"A\"\n    a\n=== \"B\"\n      b", "\na\n\n  b"),
        ] {
            assert_eq!(unfolded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_marker_stays() {
        for text in [
            "=== \"A\"\nnot indented\n",
            "!!! note\n\ntext\n\n    code\n",
            "```md\n=== \"A\"\n    ```py\n    ```\n```\n",
            "text\n\n    === \"A\"\n        ```py\n        x\n",
            "- ```md\n  !!! note\n      x\n  ```\n",
            "> ```\n> x\n> !!! a\n>     b\n",
            "??? what\n",
            "```py\ndef f():\n    \"\"\"\n    ```\n!!! a\n    b\n    ```\n    \"\"\"\n```\n",
        ] {
            assert_eq!(unfold(text), None, "{text:?}");
        }
    }

    #[test]
    fn markers_are_seen_again_behind_a_fence() {
        for fence in [
            "```\nx\n```\n",
            "~~~ a`b\n~~~\n",
            "- ```\n  x\nb\n",
            "> ```\n> x\nb\n",
            "`` ` ``\n",
            "```a`b```\n",
        ] {
            let text = format!("{fence}\n!!! note\n    y\n");
            assert_eq!(unfolded(&text), format!("{fence}\n\ny\n"), "{fence:?}");
        }
    }

    #[test]
    fn a_fence_that_its_marker_cuts_off_swallows_nothing() {
        let text = "=== \"A\"\n    a\n    ```py\n    x\nb\n";
        assert_eq!(unfolded(text), "\na\n    ```py\n    x\nb\n");
        assert_eq!(unfolded("=== \"A\"\n    ```py\n    x"), "\n```py\nx");
    }

    #[test]
    fn titles_carry_their_lines() {
        let unfolded = unfold("a\n\n=== \"B\"\n    c\n\n    !!! note\n        d\n").unwrap();
        assert_eq!(unfolded.titles, [(3, "B".to_owned()), (6, String::new())]);
    }
}
