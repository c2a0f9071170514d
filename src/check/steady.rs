//! The texts of a run with masks over all that two runs may agree on by luck.
//!
//! Where chance has few outcomes, or threads print side by side, comparing two runs finds what varies in
//! some cases only, and a recording would depend on when it was made.

use super::{mask, normalize};
use crate::model::{Event, EventKind, OpenKind, Trace};

/// The texts of an outcome, with masks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steady {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// `Type: message` of the exception that ended it.
    pub raises: Option<String>,
}

/// The texts of a run where something in them may agree by luck; `normal` takes out what always is.
pub(super) fn texts(
    trace: &Trace,
    prompts: bool,
    normal: impl Fn(&str) -> String,
) -> Option<Box<Steady>> {
    let kind = |event: &Event| {
        let open = trace.open(event)?;
        open.is_by_luck().then_some(open.kind)
    };
    trace.events.iter().find_map(kind)?;
    let (mut stdout, mut stderr) = (Masking::new(&normal), Masking::new(&normal));
    let mut raises = None;
    for event in &trace.events {
        match &event.kind {
            EventKind::Stdout(text) => stdout.push(text, kind(event)),
            EventKind::Stderr(text) => stderr.push(text, kind(event)),
            EventKind::Value(text) => stdout.push(&format!("{text}\n"), kind(event)),
            EventKind::Raised { class, message, .. } => {
                let mut shown = Masking::new(&normal);
                if message.is_empty() {
                    shown.push(class, None);
                } else {
                    shown.push(&format!("{class}: "), None);
                    shown.push(message, kind(event));
                }
                let shown = shown.finish();
                if prompts {
                    stdout.push_masked(&format!("{shown}\n"));
                } else {
                    raises = Some(shown);
                }
            }
            EventKind::Figure(_)
            | EventKind::FigureLeft
            | EventKind::Warned { .. }
            | EventKind::Worth(_) => {}
        }
    }
    Some(Box::new(Steady {
        stdout: stdout.finish(),
        stderr: stderr.finish(),
        raises,
    }))
}

/// Masked text that grows; what needs no mask of its own is made normal all at once.
struct Masking<'n> {
    normal: &'n dyn Fn(&str) -> String,
    done: String,
    plain: String,
}

impl<'n> Masking<'n> {
    fn new(normal: &'n dyn Fn(&str) -> String) -> Self {
        Self {
            normal,
            done: String::new(),
            plain: String::new(),
        }
    }

    fn push(&mut self, text: &str, kind: Option<OpenKind>) {
        match kind {
            None => self.plain.push_str(text),
            Some(OpenKind::Race) => {
                let lines = mask::mask("lines");
                if !(self.plain.is_empty() && self.done.ends_with(&lines)) {
                    self.push_masked(&lines);
                }
            }
            Some(_) => {
                let masked: String = text.split_inclusive('\n').map(over).collect();
                self.push_masked(&masked);
            }
        }
    }

    fn push_masked(&mut self, masked: &str) {
        self.settle();
        self.done.push_str(masked);
    }

    fn settle(&mut self) {
        let plain = std::mem::take(&mut self.plain);
        self.done.push_str(&(self.normal)(&plain));
    }

    fn finish(mut self) -> String {
        self.settle();
        self.done
    }
}

/// A line with a mask over what it says, all of it: nobody knows which of its words are chance.
fn over(line: &str) -> String {
    let said = line.trim();
    if said.is_empty() {
        return line.to_owned();
    }
    let kind = if normalize::is_number(said) {
        "number"
    } else {
        "text"
    };
    let ended = if line.ends_with('\n') { "\n" } else { "" };
    mask::mask(kind) + ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{End, Open, OpenLines};

    fn steady(events: &[(u32, &str)], kind: OpenKind) -> Option<String> {
        let event = |&(line, text): &(u32, &str)| Event {
            line,
            top: line,
            kind: EventKind::Stdout(text.into()),
        };
        let open = OpenLines {
            first: 2,
            last: 3,
            open: Open { kind, line: 2 },
        };
        let trace = Trace {
            events: events.iter().map(event).collect(),
            dropped: 0,
            end: End::Finished,
            in_replay: false,
            open: vec![open],
            seconds: 0.0,
        };
        texts(&trace, false, mask::escape).map(|steady| steady.stdout)
    }

    #[test]
    fn what_chance_gives_is_masked_whatever_it_is() {
        let given = |text| steady(&[(1, "a 1\n"), (2, text), (4, "⟪\n")], OpenKind::Chance);
        let expected = |mask: &str| Some(format!("a 1\n{mask}\n⟪⟪\n"));
        assert_eq!(given("heads\n"), expected("⟪text⟫"));
        assert_eq!(given("rolled 3\n"), expected("⟪text⟫"));
        assert_eq!(given("-3\n"), expected("⟪number⟫"));
        assert_eq!(given("3\n\n0.5\n"), expected("⟪number⟫\n\n⟪number⟫"));
    }

    #[test]
    fn lines_of_threads_are_masked_together() {
        let printed = [(1, "a\n"), (2, "b\n"), (3, "c\n"), (4, "d\n")];
        let expected = Some("a\n⟪lines⟫d\n".to_owned());
        assert_eq!(steady(&printed, OpenKind::Race), expected);
    }

    #[test]
    fn nothing_is_masked_where_two_runs_show_what_varies() {
        assert_eq!(steady(&[(2, "12\n")], OpenKind::Clock), None);
        assert_eq!(steady(&[(1, "12\n")], OpenKind::Chance), None);
    }
}
