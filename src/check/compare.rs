//! What came against what was recorded.

pub use super::normalize::Outcome;
use super::steady::Steady;
use super::{figures, mask};
use crate::model::{Difference, Entry, RecordedFigure};

/// True where the outcome is what the entry says.
pub fn agrees(entry: &Entry, outcome: &Outcome) -> bool {
    let recorded = recorded(entry);
    let steady = outcome.steady.as_deref();
    ends_alike(entry, outcome)
        && says(
            &recorded.stdout,
            &outcome.stdout,
            steady.map(|steady| &steady.stdout),
        )
        && says(
            &recorded.stderr,
            &outcome.stderr,
            steady.map(|steady| &steady.stderr),
        )
        && figures::agree(&entry.figures, &outcome.figures)
}

/// True where it ended as the entry says: with the same exception and the same status.
pub fn ends_alike(entry: &Entry, outcome: &Outcome) -> bool {
    let recorded = recorded(entry);
    let raises = match (&recorded.raises, &outcome.raises) {
        (Some(recorded), Some(actual)) => {
            let steady = outcome.steady.as_deref();
            says(
                recorded,
                actual,
                steady.and_then(|steady| steady.raises.as_ref()),
            )
        }
        (None, None) => true,
        _ => false,
    };
    raises && recorded.exit == outcome.exit
}

/// The texts of an outcome as they are recorded.
pub fn steady(outcome: &Outcome) -> Steady {
    outcome
        .steady
        .as_deref()
        .cloned()
        .unwrap_or_else(|| Steady {
            stdout: outcome.stdout.clone(),
            stderr: outcome.stderr.clone(),
            raises: outcome.raises.clone(),
        })
}

/// Whether recorded text says what came, or what might have come as well by chance.
fn says(recorded: &str, actual: &str, steady: Option<&String>) -> bool {
    mask::matches(recorded, actual) || steady.is_some_and(|steady| mask::matches(steady, recorded))
}

/// The entry's outcome as masked text.
pub fn recorded(entry: &Entry) -> Outcome {
    let text = |text: &str| {
        if entry.masked {
            text.to_owned()
        } else {
            mask::escape(text)
        }
    };
    Outcome {
        stdout: text(&entry.stdout),
        stderr: text(&entry.stderr),
        raises: entry.raises.as_deref().map(text),
        exit: entry.exit,
        figures: figures::pictures(&entry.figures),
        steady: None,
    }
}

/// Both as text that can be shown line against line.
pub fn difference(
    entry: &Entry,
    outcome: &Outcome,
    varies: bool,
    edited: bool,
    recorded_with: &str,
) -> Difference {
    let (before, now) = figures::lines(&entry.figures, &outcome.figures);
    let recorded = text(&recorded(entry));
    let actual = mask::align(&recorded, &text(outcome));
    Difference {
        recorded: recorded + &before,
        actual: actual + &now,
        varies,
        edited,
        recorded_with: recorded_with.to_owned(),
    }
}

/// What recording a snippet anew changes.
pub fn change(old: &Entry, new: &Entry, recorded_with: &str) -> Difference {
    let (before, now) = figures::lines(&old.figures, &figures::pictures(&new.figures));
    Difference {
        recorded: text(&recorded(old)) + &before,
        actual: text(&recorded(new)) + &now,
        varies: new.masked || new.figures.contains(&RecordedFigure::Varies),
        edited: false,
        recorded_with: recorded_with.to_owned(),
    }
}

/// An outcome as one text: what it printed, what it wrote to standard error, how it ended, and
/// which figures it drew.
pub fn transcript(outcome: &Outcome) -> String {
    text(outcome) + &figures::listed(&outcome.figures)
}

fn text(outcome: &Outcome) -> String {
    let mut text = with_line_end(outcome.stdout.clone());
    if !outcome.stderr.is_empty() {
        text.push_str("[stderr]\n");
        text.push_str(&with_line_end(outcome.stderr.clone()));
    }
    if let Some(raises) = &outcome.raises {
        text.push_str(&with_line_end(raises.clone()));
    }
    if let Some(status) = outcome.exit {
        text.push_str(&format!("[exit status {status}]\n"));
    }
    text
}

fn with_line_end(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_outcome_counts() {
        let entry = Entry {
            stdout: "1\n".into(),
            ..Entry::default()
        };
        let outcome = Outcome {
            stdout: "1\n".into(),
            ..Outcome::default()
        };
        assert!(agrees(&entry, &outcome));
        for other in [
            Outcome {
                stdout: "2\n".into(),
                ..outcome.clone()
            },
            Outcome {
                stderr: "x".into(),
                ..outcome.clone()
            },
            Outcome {
                raises: Some("E".into()),
                ..outcome.clone()
            },
            Outcome {
                exit: Some(1),
                ..outcome.clone()
            },
        ] {
            assert!(!agrees(&entry, &other), "{other:?}");
        }
    }

    #[test]
    fn masks_count_only_where_the_entry_says_so() {
        let masked = Entry {
            stdout: "⟪number⟫\n".into(),
            masked: true,
            ..Entry::default()
        };
        let plain = Entry {
            masked: false,
            ..masked.clone()
        };
        let seven = Outcome {
            stdout: "7\n".into(),
            ..Outcome::default()
        };
        assert!(agrees(&masked, &seven) && !agrees(&plain, &seven));
        assert!(agrees(
            &plain,
            &Outcome {
                stdout: mask::escape("⟪number⟫\n"),
                ..Outcome::default()
            }
        ));
    }

    #[test]
    fn a_difference_shows_everything_that_differs() {
        let entry = Entry {
            stdout: "1".into(),
            raises: Some("E: x".into()),
            ..Entry::default()
        };
        let outcome = Outcome {
            stdout: "2\n".into(),
            stderr: "w\n".into(),
            exit: Some(3),
            ..Outcome::default()
        };
        let shown = difference(&entry, &outcome, false, false, "3.9");
        assert_eq!(shown.recorded, "1\nE: x\n");
        assert_eq!(shown.actual, "2\n[stderr]\nw\n[exit status 3]\n");
    }
}
