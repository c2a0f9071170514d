//! What is told in one go for many snippets: the new ones, the skipped ones, the counts.

use std::collections::BTreeMap;

use super::{Terminal, Verbosity};
use crate::model::{BlockReport, Lang, NoteReport, Skip, Status, Text};
use crate::modules::package;
use crate::report::style::{DIM, ERROR, GOOD, HELP, TITLE, WARNING};
use crate::report::words::summary as words;
use crate::report::words::{self as common};
use crate::report::{diff, tell, text};

/// Lines of output shown of a new snippet.
const OUTPUT: usize = 20;
impl Terminal<'_> {
    /// What kept snippets from the machine, where that was not all there can be.
    pub(super) fn containment(&self) -> Option<String> {
        let containment = self.report.containment.as_ref()?;
        if containment.off {
            let styles = self.pen.styles;
            let lang = self.report.lang;
            let level = styles.paint(WARNING, common::warning().get(lang));
            let title = format!(": {}", words::not_contained().get(lang));
            let title = styles.paint(TITLE, &title);
            return Some(format!("{level}{title}\n"));
        }
        let shown = || self.line(&words::contained_by(containment));
        (!containment.is_full()).then(shown)
    }

    /// What of `verify.toml` does not hold.
    pub(super) fn distrusted(&self) -> Option<String> {
        let warning = tell::distrusted(self.report)?;
        Some(self.pen.warning(&warning, None, self.report.lang))
    }

    /// What is not recorded yet: a line for each note, and how to record.
    pub(super) fn new_snippets(&self) -> Option<String> {
        let new: Vec<_> = self
            .with_status(Status::New)
            .filter(|(_, block)| !block.known)
            .collect();
        if new.is_empty() {
            return None;
        }
        let mut shown = self.title(&words::not_recorded(new.len()));
        for of_note in new.chunk_by(|(a, _), (b, _)| a.path == b.path) {
            let lines: Vec<usize> = of_note
                .iter()
                .map(|(_, block)| block.block.lines.first)
                .collect();
            let path = text::visible_line(&of_note[0].0.path);
            shown.extend([
                "  ",
                words::new_in_note(&path, &lines).get(self.report.lang),
                "\n",
            ]);
            if self.is(Verbosity::Verbose) {
                shown.extend(of_note.iter().map(|(note, block)| self.output(note, block)));
            }
        }
        shown.push_str(&self.help(&words::record_all(&self.options.update_hint)));
        Some(shown)
    }

    fn title(&self, title: &Text) -> String {
        let lang = self.report.lang;
        let styles = self.pen.styles;
        let level = styles.paint(ERROR, common::error().get(lang));
        let title = format!(": {}", title.get(lang));
        format!("{level}{}\n", styles.paint(TITLE, &title))
    }

    fn help(&self, help: &Text) -> String {
        let lang = self.report.lang;
        let label = self.pen.styles.paint(HELP, common::help().get(lang));
        format!("  {label}: {}\n", help.get(lang))
    }

    fn output(&self, note: &NoteReport, block: &BlockReport) -> String {
        let (place, lang) = (place(note, block), self.report.lang);
        let output = format!("{}{}", block.stdout, block.stderr);
        if output.is_empty() {
            return format!("    {}\n", words::prints_nothing(&place).get(lang));
        }
        let lines = text::visible(&output);
        let lines = lines
            .lines()
            .map(|line| text::clip(line, self.options.width.max(20)));
        let lines = diff::middle_left_out(lines.collect(), OUTPUT, self.pen.styles, lang);
        let lines: Vec<String> = lines.iter().map(|line| format!("      {line}\n")).collect();
        format!(
            "    {}\n{}",
            words::prints(&place).get(lang),
            lines.concat()
        )
    }

    /// What was skipped and why, and which modules to install; what is known.
    pub(super) fn skipped(&self) -> Option<String> {
        let skipped: Vec<_> = self.with_status(Status::Skipped).collect();
        let mut shown = String::new();
        if !skipped.is_empty() {
            let reasons = reasons(skipped.iter().filter_map(|(_, block)| block.skip.as_ref()));
            shown.push_str(&self.line(&words::skipped(skipped.len(), &reasons)));
        }
        if self.is(Verbosity::Verbose) {
            for (note, block) in &skipped {
                let reason = block.skip.as_ref().map(common::skip).unwrap_or_default();
                let reason = text::visible_line(reason.get(note.lang));
                shown.extend([format!("  {}: {reason}\n", place(note, block))]);
            }
        }
        shown.push_str(&self.modules(&skipped));
        let known = self.report.summary.known;
        if known > 0 && !self.options.strict && !self.is(Verbosity::Verbose) {
            shown.push_str(&self.line(&words::known(known)));
        }
        (!shown.is_empty()).then_some(shown)
    }

    fn modules(&self, skipped: &[(&NoteReport, &BlockReport)]) -> String {
        let mut needed: BTreeMap<String, String> = BTreeMap::new();
        for (_, block) in skipped {
            let Some(Skip::NeedsModule(module)) = &block.skip else {
                continue;
            };
            let module = module.split('.').next().unwrap_or_default().trim();
            if is_name(module) {
                let package = package(module, &block.block.directives.dependencies);
                needed.insert(module.to_owned(), text::shell_word(&package.name));
            }
        }
        if needed.is_empty() {
            return String::new();
        }
        let (modules, mut packages): (Vec<String>, Vec<String>) = needed.into_iter().unzip();
        packages.dedup();
        let install = self.help(&words::install(&packages));
        self.line(&words::missing_modules(&modules)) + &install
    }

    fn line(&self, line: &Text) -> String {
        let line = line.get(self.report.lang);
        format!("{}\n", self.pen.styles.paint(DIM, line))
    }

    /// How many findings of snippets fail nothing.
    fn warned(&self) -> Option<Text> {
        let blocks = self.report.notes.iter().flat_map(|note| &note.blocks);
        let count = blocks.map(|block| block.warnings().count()).sum();
        let shown = common::warnings::count(count);
        let painted = |shown: &str| self.pen.styles.paint(WARNING, shown);
        (count > 0).then(|| Text::same(painted(shown.get(self.report.lang))))
    }

    /// What became of the claims, and as the last line every count of snippets that is not zero.
    pub(super) fn counts(&self) -> String {
        let (summary, lang) = (&self.report.summary, self.report.lang);
        if summary.notes == 0 {
            let none = match &self.report.shard {
                Some(_) => words::nothing_in_shard(),
                None => words::no_notes(),
            };
            return format!("{}\n", none.get(lang));
        }
        let gone = self.report.notes.iter().flat_map(NoteReport::gone);
        let gone = gone.filter(|finding| !finding.known).count();
        let counts = [
            (summary.stale, words::stale as fn(usize) -> Text, ERROR),
            (summary.failed, words::failed, ERROR),
            (summary.new, words::new, WARNING),
            (summary.skipped, words::left, DIM),
            (gone, words::names_gone, ERROR),
        ];
        let paint = |text: Text, style| {
            let painted = self.pen.styles.paint(style, text.get(lang));
            Text::same(painted)
        };
        let mut told = vec![paint(words::pass(summary.pass), GOOD)];
        let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
        told.extend(counts.map(|(count, words, style)| paint(words(count), style)));
        let line = words::all(summary, &told, self.warned());
        format!("{}{}\n", self.coverage(), line.get(lang))
    }
}

/// How many snippets were skipped for each reason, the most frequent first.
fn reasons<'a>(skips: impl Iterator<Item = &'a Skip>) -> Vec<(Text, usize)> {
    let mut reasons: Vec<(Text, usize)> = Vec::new();
    for word in skips.map(common::skip_word) {
        match reasons.iter_mut().find(|(other, _)| *other == word) {
            Some((_, count)) => *count += 1,
            None => reasons.push((word, 1)),
        }
    }
    reasons.sort_by(|(one, few), (other, many)| {
        many.cmp(few)
            .then(one.get(Lang::En).cmp(other.get(Lang::En)))
    });
    reasons
}

fn place(note: &NoteReport, block: &BlockReport) -> String {
    format!(
        "{}:{}",
        text::visible_line(&note.path),
        block.block.lines.first
    )
}

/// True for what can be the name of a module, and so be pasted into a shell.
fn is_name(module: &str) -> bool {
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    module.starts_with(start) && module.chars().all(|c| start(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted() {
        let skips = [
            Skip::NeedsInput,
            Skip::Fragment(Text::same("x")),
            Skip::Fragment(Text::same("y")),
            Skip::Directive(Text::default()),
        ];
        let reasons = reasons(skips.iter());
        let reasons: Vec<_> = reasons
            .iter()
            .map(|(word, count)| (word.en.as_str(), *count))
            .collect();
        assert_eq!(
            reasons,
            [("fragment", 2), ("directive", 1), ("needs-input", 1)]
        );
    }

    #[test]
    fn only_names_reach_a_command() {
        assert!(is_name("_numpy2"));
        for bad in ["", "2to3", "a;rm", "-r", "a b", "数"] {
            assert!(!is_name(bad), "{bad} was taken for a name");
        }
    }
}
