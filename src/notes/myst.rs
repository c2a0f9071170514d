//! Unfolds the directives of `MyST`, so that `CommonMark` sees the blocks in them.
//!
//! Between colons, `:::{testcode}` is code: the two lines become a fence. A directive of
//! running text, such as `{note}` or `{tab-item}`, is none, in whatever it stands: its two lines are made blank, and
//! its title is kept. Every line keeps its number, and a note without directives is left alone.

use memchr::memmem;

use super::cells;
use super::tags::directive_name;

/// A note whose directives are unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unfolded {
    /// The text, with as many lines as the note.
    pub(super) text: String,
    /// The 1-based line and the title of each directive of running text.
    pub(super) titles: Vec<(usize, String)>,
}

/// Unfolds a note, none where there is nothing to unfold.
pub(super) fn unfold(text: &str) -> Option<Unfolded> {
    let has = |sign: &str| memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    if !(has(":::") || has("```{") || has("~~~{")) {
        return None;
    }
    let mut unfolder = Unfolder::default();
    for line in text.split_inclusive('\n') {
        unfolder.take(line);
    }
    unfolder.changed.then_some(Unfolded {
        text: unfolder.text,
        titles: unfolder.titles,
    })
}

/// A fence or a directive that is open.
struct Open {
    mark: char,
    length: usize,
    holds: Holds,
}

/// What stands between two fences.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Text that nobody reads as Markdown.
    Verbatim,
    /// The same between colons.
    Code,
    /// Running text.
    Markdown,
}

#[derive(Default)]
struct Unfolder {
    text: String,
    titles: Vec<(usize, String)>,
    line: usize,
    open: Vec<Open>,
    changed: bool,
}

impl Unfolder {
    fn take(&mut self, line: &str) {
        self.line += 1;
        let content = line.trim_end();
        let rest = content.trim_start();
        match fence(rest) {
            Some((mark, length, info)) if self.closes(mark, length, info) => {
                self.close(line, mark, length);
            }
            Some((mark, length, info)) if !self.is_verbatim() => {
                self.begin(line, mark, length, info);
            }
            _ => self.text.push_str(line),
        }
    }

    fn is_verbatim(&self) -> bool {
        let last = self.open.last();
        last.is_some_and(|open| open.holds != Holds::Markdown)
    }

    /// True for the line that ends what was opened last, or, between directives of running text,
    /// one of those around it that was left open.
    fn closes(&self, mark: char, length: usize, info: &str) -> bool {
        let ends = |open: &Open| open.mark == mark && length >= open.length;
        info.is_empty() && self.open.last().is_some_and(ends)
    }

    fn close(&mut self, line: &str, mark: char, length: usize) {
        match self.open.pop().map(|open| open.holds) {
            Some(Holds::Markdown) => self.blank(line),
            Some(Holds::Code) => self.replace(line, mark, length, ""),
            _ => self.text.push_str(line),
        }
    }

    fn begin(&mut self, line: &str, mark: char, length: usize, info: &str) {
        let directive = directive_name(info);
        let holds = match directive {
            Some((name, _)) if mark == ':' && cells::is_code(name) => Holds::Code,
            Some((name, _)) if mark == ':' || is_running_text(name) => Holds::Markdown,
            _ if mark == ':' => {
                self.text.push_str(line);
                return;
            }
            _ => Holds::Verbatim,
        };
        self.open.push(Open {
            mark,
            length,
            holds,
        });
        match holds {
            Holds::Verbatim => self.text.push_str(line),
            Holds::Code => self.replace(line, mark, length, info),
            Holds::Markdown => {
                let (name, argument) = directive.unwrap_or_default();
                self.titles.push((self.line, cells::title(name, argument)));
                self.blank(line);
            }
        }
    }

    fn blank(&mut self, line: &str) {
        self.changed = true;
        self.text
            .push_str(&line[line.trim_end_matches(['\r', '\n']).len()..]);
    }

    /// Writes a fence of tildes in place of one of colons.
    fn replace(&mut self, line: &str, mark: char, length: usize, info: &str) {
        self.changed = true;
        let indent = line.len() - line.trim_start().len();
        let behind = line.trim_end_matches(['\r', '\n']).len();
        debug_assert_eq!(mark, ':');
        self.text.push_str(&line[..indent]);
        self.text.push_str(&"~".repeat(length));
        self.text.push_str(info);
        self.text.push_str(&line[behind..]);
    }
}

/// The mark, its length and the info string of a line that is a fence.
fn fence(rest: &str) -> Option<(char, usize, &str)> {
    let mark = rest
        .chars()
        .next()
        .filter(|c| matches!(c, ':' | '`' | '~'))?;
    let info = rest.trim_start_matches(mark);
    let length = rest.len() - info.len();
    let is_fence = length >= 3 && !(mark == '`' && info.contains('`'));
    is_fence.then_some((mark, length, info.trim()))
}

/// True for the directives that hold Markdown.
fn is_running_text(name: &str) -> bool {
    matches!(
        name,
        "note"
            | "tip"
            | "hint"
            | "important"
            | "warning"
            | "caution"
            | "attention"
            | "danger"
            | "error"
            | "seealso"
            | "admonition"
            | "versionadded"
            | "versionchanged"
            | "deprecated"
            | "dropdown"
            | "details"
            | "tab-set"
            | "tab-item"
            | "tabbed"
            | "grid"
            | "grid-item"
            | "grid-item-card"
            | "card"
            | "panels"
            | "div"
            | "container"
            | "margin"
            | "sidebar"
            | "topic"
            | "toggle"
            | "epigraph"
            | "exercise"
            | "solution"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(note: &str) -> Option<String> {
        let unfolded = unfold(note).map(|unfolded| unfolded.text);
        if let Some(text) = &unfolded {
            assert_eq!(text.lines().count(), note.lines().count());
        }
        unfolded
    }

    #[test]
    fn code_between_colons_is_a_fence() {
        assert_eq!(
            text(":::{testcode} a\nx = 1\n:::\nb\n").as_deref(),
            Some("~~~{testcode} a\nx = 1\n~~~\nb\n")
        );
        assert_eq!(
            text("- ::::{code-block} python\r\n").as_deref(),
            None,
            "a marker of a list is not looked behind"
        );
    }

    #[test]
    fn running_text_loses_its_fences() {
        assert_eq!(
            text("````{note} Look\n```python\nx\n```\n````\nb\n").as_deref(),
            Some("\n```python\nx\n```\n\nb\n")
        );
        assert_eq!(
            text("::::{tab-set}\n:::{tab-item} A\n```py\nx\n```\n:::\n::::\n").as_deref(),
            Some("\n\n```py\nx\n```\n\n\n")
        );
    }

    #[test]
    fn what_is_shown_verbatim_stays() {
        for note in [
            "````md\n:::{note}\n```{note}\n````\n",
            "::: {.python}\nx\n:::\n",
            "```{code-block} md\n:::{note}\nx\n:::\n```\n",
            "a ::: b\n",
            ":::\n",
        ] {
            assert_eq!(text(note), None, "{note}");
        }
    }

    #[test]
    fn titles_carry_their_lines() {
        let titles = |note: &str| unfold(note).map(|unfolded| unfolded.titles);
        assert_eq!(
            titles("a\n:::{admonition} Python 3.13+\nb\n:::\n"),
            Some(vec![(2, "Python 3.13+".to_owned())])
        );
        assert_eq!(
            titles("```{versionadded} 3.13\n```\n"),
            Some(vec![(1, "New in version 3.13".to_owned())])
        );
    }
}
