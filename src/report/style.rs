//! The colours of the terminal report, and whether there are any.

use annotate_snippets::Renderer;
use anstyle::{AnsiColor, Effects, Style};

/// What is wrong.
pub(in crate::report) const ERROR: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
/// What is to be looked at.
pub(in crate::report) const WARNING: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
/// What is well.
pub(in crate::report) const GOOD: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
/// What to do next.
pub(in crate::report) const HELP: Style = AnsiColor::BrightCyan.on_default().effects(Effects::BOLD);
/// What is said beside.
pub(in crate::report) const DIM: Style = Style::new().effects(Effects::DIMMED);
/// A title.
pub(in crate::report) const TITLE: Style = Style::new().effects(Effects::BOLD);
/// What goes away.
pub(in crate::report) const REMOVED: Style = AnsiColor::BrightRed.on_default();
/// What comes.
pub(in crate::report) const ADDED: Style = AnsiColor::BrightGreen.on_default();

/// Paints, or leaves as it is.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Styles {
    /// True where colours are wanted.
    pub(in crate::report) color: bool,
}

impl Styles {
    /// The text in that style.
    pub(in crate::report) fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// What draws the lines of a note, in the same colours on every system.
    pub(in crate::report) fn renderer(self, width: usize) -> Renderer {
        const LEAST: usize = 40;
        const MOST: usize = 200;
        let renderer = if self.color {
            Renderer::styled()
                .error(ERROR)
                .warning(WARNING)
                .help(HELP)
                .emphasis(TITLE)
                .hyperlink(false)
        } else {
            Renderer::plain()
        };
        renderer.term_width(width.clamp(LEAST, MOST))
    }
}
