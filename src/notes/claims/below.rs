//! Whether a block that follows a script can be what the script printed.
//!
//! Looks at the block alone, by its tag and its lines; what leads it in is not known here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{labels, pattern, values};
use crate::model::{Block, Language};
use crate::notes::language::{self, Tagged};
use crate::notes::{markdown, prompts};

/// What a block shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The lines of its text, counted from 0: without the command that ran the script and
    /// without empty lines around.
    pub(super) lines: Range<usize>,
    /// Its tag says that it is output.
    pub(super) is_tagged: bool,
    /// It shows the command that ran the script.
    pub(super) was_run: bool,
    /// It may be output; else only a traceback in it counts.
    pub(super) is_output: bool,
}

/// What `block` shows, where it is neither code nor commands.
pub(super) fn shown(block: &Block) -> Option<Shown> {
    let word = markdown::tag_word(&block.info);
    let tagged = language::tagged(&word);
    let text: Vec<&str> = block.text.lines().collect();
    let begin = text.iter().position(|line| !line.trim().is_empty())?;
    let end = text.iter().rposition(|line| !line.trim().is_empty())? + 1;
    let was_run = RUN.is_match(text[begin]);
    let begin = begin + usize::from(was_run);
    let lines = &text[begin..end];
    let first = lines.iter().position(|line| !line.trim().is_empty())?;
    if prompts::has_prompts(&block.text) || lines.iter().any(|line| is_command(line)) {
        return None;
    }
    let is_tagged = tagged == Tagged::Not(Language::Output) || word == "console";
    let shell = tagged == Tagged::Not(Language::Shell);
    let is_code = language::reads_as_code(&block.text) && !reads_as_output(&block.text);
    let may_be = tagged == Tagged::Nothing || tagged == Tagged::Python && is_led_in(block);
    let is_output = is_tagged || (may_be && !is_code) || (shell && was_run);
    let other = tagged == Tagged::Not(Language::Other) && !is_tagged;
    (!other && !lines.iter().any(|line| LISTING.is_match(line))).then_some(Shown {
        lines: begin + first..end,
        is_tagged: is_tagged && !is_code,
        was_run,
        is_output,
    })
}

/// True for a block without a tag that the words right above it announce as output. It may read
/// as code, as `set([1])` does, and is none.
pub(super) fn is_announced(block: &Block) -> bool {
    let is_tagless = language::tagged(&markdown::tag_word(&block.info)) == Tagged::Nothing;
    is_tagless && labels::announces_below(words_above(block)) && may_be_output(block)
}

/// True for a block that the words right above it announce as output and that may be some.
pub(super) fn is_led_in_as_output(block: &Block) -> bool {
    is_led_in(block) && may_be_output(block)
}

fn may_be_output(block: &Block) -> bool {
    shown(block).is_some_and(|shown| shown.is_output && !shown.was_run)
}

/// True where the words right above a block say that it is output.
fn is_led_in(block: &Block) -> bool {
    labels::is_output_label(words_above(block))
}

fn words_above(block: &Block) -> &str {
    block.lead_in.trim_matches(['*', '_', ' '])
}

/// True for a text each of whose lines is a value, or a line that only output has.
pub(super) fn reads_as_output(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    language::reads_as_output(text) || lines.all(values::is_value)
}

/// True for a line that was typed at a shell.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("$ ") || language::reads_as_command(line)
}

/// A command that runs a script without arguments.
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[^\s$#%>]*(?:[: ][^\s$#%>]*)?[$#%>]\s*)?(?:python|pypy|py)[\d.]*\s+(?:-u\s+)?[\w./\\-]+\.py\s*$",
    )
});
/// A line of a folder's contents.
static LISTING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:[│|]\s*)*(?:├|└|[|`+]--)|^[-dl](?:[r-][w-][x-]){3}|^total \d+$")
});
