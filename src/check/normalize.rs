//! What is taken out of a trace before it is compared or recorded.
//!
//! Each step is named, and they are made in this order:
//! 1. `transcript`: events become the text that a reader would have seen;
//! 2. `line ends`: `\r\n` becomes `\n`;
//! 3. `frames`: frames of a traceback lose their line, and outside the note their folder;
//! 4. `installation`: paths of the interpreter become `⟪python⟫`;
//! 5. `durations`: seconds with a fraction become `⟪number⟫`, as two runs may agree by chance.
//!
//! What rests on chance is masked in a second copy of the texts, `steady`: it is what is recorded.

use std::sync::LazyLock;

use regex::Regex;

use super::mask;
use super::steady::{self, Steady};
use crate::model::{End, EventKind, Trace};

/// What a snippet did, as it is compared and recorded: masked text throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Standard output; at prompts with the values and errors that they show.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// `Type: message` of the exception that ended it.
    pub raises: Option<String>,
    /// The status that it left with, where not 0.
    pub exit: Option<i32>,
    /// Pictures of the figures that it drew, as PNG.
    pub figures: Vec<Vec<u8>>,
    /// The texts with masks over all that two runs may agree on by luck, where there is such.
    pub steady: Option<Box<Steady>>,
}

/// The outcome of a run, with paths under `installation` taken out.
pub fn outcome(trace: &Trace, prompts: bool, installation: &[String]) -> Outcome {
    let mut outcome = Outcome {
        exit: exit(trace.end),
        steady: steady::texts(trace, prompts, |text| normal(text, installation)),
        ..Outcome::default()
    };
    for event in &trace.events {
        match &event.kind {
            EventKind::Stdout(text) => outcome.stdout.push_str(text),
            EventKind::Stderr(text) => outcome.stderr.push_str(text),
            EventKind::Value(text) => {
                outcome.stdout.push_str(text);
                outcome.stdout.push('\n');
            }
            EventKind::Raised { class, message, .. } if prompts => {
                outcome.stdout.push_str(&raised(class, message));
                outcome.stdout.push('\n');
            }
            EventKind::Raised { class, message, .. } => {
                outcome.raises = Some(raised(class, message));
            }
            EventKind::Figure(png) => outcome.figures.push(png.clone()),
            EventKind::FigureLeft | EventKind::Warned { .. } | EventKind::Worth(_) => {}
        }
    }
    for text in [&mut outcome.stdout, &mut outcome.stderr] {
        *text = normal(text, installation);
    }
    outcome.raises = outcome.raises.map(|text| masked(&text, installation));
    outcome
}

/// What was written, without what it says of places in files, paths and durations.
fn normal(text: &str, installation: &[String]) -> String {
    if text.contains("  File \"") {
        masked(&FRAME.replace_all(text, "  File \"$1\""), installation)
    } else {
        masked(text, installation)
    }
}

/// True for a number and nothing else, as a mask of numbers matches it.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.parse::<f64>().is_ok()
}

/// An exception as the last line of its traceback shows it.
pub fn raised(class: &str, message: &str) -> String {
    if message.is_empty() {
        class.to_owned()
    } else {
        format!("{class}: {message}")
    }
}

fn exit(end: End) -> Option<i32> {
    match end {
        End::Exit(status) if status != 0 => Some(status),
        _ => None,
    }
}

fn masked(text: &str, installation: &[String]) -> String {
    let mut masked = if text.contains('\r') {
        mask::escape(&text.replace("\r\n", "\n"))
    } else {
        mask::escape(text)
    };
    if masked.contains('/') {
        for path in installation.iter().filter(|path| path.len() > 1) {
            masked = masked.replace(path.as_str(), &mask::mask("python"));
        }
    }
    // Few outputs have a fraction, and looking for words takes long.
    if !masked.contains('.') {
        return masked;
    }
    let seconds = format!("{}$1", mask::mask("number"));
    DURATION.replace_all(&masked, seconds).into_owned()
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"  File "(?:/(?:[^"/\n]+/)*)?([^"\n]+)", line \d+"#).expect("a fixed pattern")
});

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    let units = "(?:ms|us|µs|ns|s|secs?|seconds?)\\b|毫秒|微秒|秒";
    Regex::new(&format!(r"\b\d+\.\d+(?:[eE][-+]?\d+)?( ?(?:{units}))")).expect("a fixed pattern")
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Event;

    fn trace(kinds: Vec<EventKind>) -> Trace {
        let events = kinds
            .into_iter()
            .map(|kind| Event {
                line: 1,
                top: 1,
                kind,
            })
            .collect();
        Trace {
            events,
            dropped: 0,
            end: End::Finished,
            in_replay: false,
            open: Vec::new(),
            seconds: 0.0,
        }
    }

    fn error() -> EventKind {
        let text = String::new;
        EventKind::Raised {
            class: "TypeError".into(),
            message: "no".into(),
            subject: text(),
            traceback: text(),
        }
    }

    #[test]
    fn a_session_is_recorded_as_its_transcript() {
        let trace = trace(vec![
            EventKind::Value("3".into()),
            EventKind::Stdout("x\r\n".into()),
            error(),
        ]);
        assert_eq!(outcome(&trace, true, &[]).stdout, "3\nx\nTypeError: no\n");
        assert_eq!(
            outcome(&trace, false, &[]).raises.as_deref(),
            Some("TypeError: no")
        );
    }

    #[test]
    fn paths_of_the_installation_and_masks_in_the_output_are_kept_apart() {
        let trace = trace(vec![EventKind::Stdout("/opt/py/bin ⟪x⟫\n".into())]);
        assert_eq!(
            outcome(&trace, false, &["/opt/py".into()]).stdout,
            "⟪python⟫/bin ⟪⟪x⟫\n"
        );
    }

    #[test]
    fn durations_are_masked_even_where_two_runs_agree() {
        let masked = |text| masked(text, &[]);
        assert_eq!(
            masked("Ran 1 test in 0.000s\n"),
            "Ran 1 test in ⟪number⟫s\n"
        );
        assert_eq!(
            masked("用了 0.0201 秒, 1.5e-05 seconds"),
            "用了 ⟪number⟫ 秒, ⟪number⟫ seconds"
        );
        assert_eq!(masked("3 s, 1.5 sheep, v1.2s"), "3 s, 1.5 sheep, v1.2s");
    }

    #[test]
    fn frames_lose_their_line_and_outside_the_note_their_folder() {
        let text = "  File \"/usr/lib/python3.11/threading.py\", line 1038, in _run\n  File \"notes/a.md\", line 3, in f\n";
        let trace = trace(vec![EventKind::Stderr(text.into())]);
        assert_eq!(
            outcome(&trace, false, &[]).stderr,
            "  File \"threading.py\", in _run\n  File \"notes/a.md\", in f\n"
        );
    }
}
