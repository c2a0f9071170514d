//! What is told in one go for many snippets: the new ones, the skipped ones, the counts.

use super::style::{DIM, ERROR, GOOD, HELP, TITLE, WARNING};
use super::{Terminal, Verbosity, diff};
use crate::model::{BlockReport, NoteReport, Skip, Status};
use crate::report::{text, words};

/// Lines of output shown of a new snippet.
const OUTPUT: usize = 20;

impl Terminal<'_> {
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
            shown.extend(["  ", &words::new_in_note(&path, &lines), "\n"]);
            if self.is(Verbosity::Verbose) {
                shown.extend(of_note.iter().map(|(note, block)| self.output(note, block)));
            }
        }
        shown.push_str(&self.help(&words::record_all(&self.options.update_hint)));
        Some(shown)
    }

    fn title(&self, title: &str) -> String {
        let styles = self.pen.styles;
        let level = styles.paint(ERROR, words::ERROR);
        format!("{level}{}\n", styles.paint(TITLE, &format!(": {title}")))
    }

    fn help(&self, help: &str) -> String {
        format!("  {}: {help}\n", self.pen.styles.paint(HELP, words::HELP))
    }

    fn output(&self, note: &NoteReport, block: &BlockReport) -> String {
        let place = place(note, block);
        let output = format!("{}{}", block.stdout, block.stderr);
        if output.is_empty() {
            return format!("    {}\n", words::prints_nothing(&place));
        }
        let lines = text::visible(&output);
        let lines = lines
            .lines()
            .map(|line| text::clip(line, self.options.width.max(20)));
        let lines = diff::middle_left_out(lines.collect(), OUTPUT, self.pen.styles);
        let lines: Vec<String> = lines.iter().map(|line| format!("      {line}\n")).collect();
        format!("    {}\n{}", words::prints(&place), lines.concat())
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
                let reason = block
                    .skip
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let reason = text::visible_line(&reason);
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
        let mut modules: Vec<String> = skipped
            .iter()
            .filter_map(|(_, block)| match &block.skip {
                Some(Skip::NeedsModule(module)) => {
                    Some(module.split('.').next()?.trim().to_owned())
                }
                _ => None,
            })
            .filter(|module| is_name(module))
            .collect();
        modules.sort();
        modules.dedup();
        if modules.is_empty() {
            return String::new();
        }
        let packages: Vec<String> = modules
            .iter()
            .map(|module| package(module).to_owned())
            .collect();
        let install = self.help(&words::install(&packages));
        self.line(&words::missing_modules(&modules)) + &install
    }

    fn line(&self, line: &str) -> String {
        format!("{}\n", self.pen.styles.paint(DIM, line))
    }

    /// How many findings of snippets fail nothing.
    fn warned(&self) -> String {
        let blocks = self.report.notes.iter().flat_map(|note| &note.blocks);
        match blocks.map(|block| block.warnings().count()).sum() {
            0 => String::new(),
            count => {
                let count = words::warnings::count(count).en;
                format!(", {}", self.pen.styles.paint(WARNING, &count))
            }
        }
    }

    /// What became of the claims, and as the last line every count of snippets that is not zero.
    pub(super) fn counts(&self) -> String {
        let summary = &self.report.summary;
        if summary.notes == 0 {
            return format!("{}\n", words::no_notes());
        }
        let styles = self.pen.styles;
        let counts = [
            (summary.stale, "stale", ERROR),
            (summary.failed, "failed", ERROR),
            (summary.new, "new", WARNING),
            (summary.skipped, "skipped", DIM),
        ];
        let mut told = vec![styles.paint(GOOD, &format!("{} pass", summary.pass))];
        for (count, word, style) in counts {
            if count > 0 {
                told.push(styles.paint(style, &format!("{count} {word}")));
            }
        }
        let gone = self.report.notes.iter().flat_map(NoteReport::gone);
        let gone = gone.filter(|finding| !finding.known).count();
        if gone > 0 {
            told.push(styles.paint(ERROR, &words::names_gone(gone)));
        }
        let known = if summary.known > 0 {
            format!(" ({} known)", summary.known)
        } else {
            String::new()
        };
        format!(
            "{}{}, {}: {}{known}{} {}\n",
            self.coverage(),
            words::counted(summary.notes, "note"),
            words::counted(summary.snippets, "snippet"),
            told.join(", "),
            self.warned(),
            words::in_seconds(summary.seconds)
        )
    }
}

/// How many snippets were skipped for each reason, the most frequent first.
fn reasons<'a>(skips: impl Iterator<Item = &'a Skip>) -> Vec<(&'static str, usize)> {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for skip in skips {
        match reasons.iter_mut().find(|(word, _)| *word == skip.word()) {
            Some((_, count)) => *count += 1,
            None => reasons.push((skip.word(), 1)),
        }
    }
    reasons.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
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

/// The package that brings a module, where the two have different names.
fn package(module: &str) -> &str {
    match module {
        "bs4" => "beautifulsoup4",
        "Crypto" => "pycryptodome",
        "cv2" => "opencv-python",
        "dateutil" => "python-dateutil",
        "docx" => "python-docx",
        "dotenv" => "python-dotenv",
        "MySQLdb" => "mysqlclient",
        "OpenSSL" => "pyOpenSSL",
        "PIL" => "pillow",
        "serial" => "pyserial",
        "skimage" => "scikit-image",
        "sklearn" => "scikit-learn",
        "yaml" => "PyYAML",
        "zmq" => "pyzmq",
        _ => module,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted() {
        let skips = [
            Skip::NeedsInput,
            Skip::Fragment("x".to_owned()),
            Skip::Fragment("y".to_owned()),
            Skip::Directive(String::new()),
        ];
        assert_eq!(
            reasons(skips.iter()),
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
