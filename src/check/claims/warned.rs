//! Warnings that a note shows among what a snippet prints, as a terminal does.
//!
//! Where the warning came, its lines say what is so and are left out of what is compared. Their
//! place and the line of code below them depend on where the code stands.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Claim, EventKind, Says, Trace};

/// The claim without the warnings that came; none where it shows none of them.
pub(super) fn without(claim: &Claim, trace: &Trace) -> Option<Claim> {
    let lines: Vec<&str> = claim.claimed.split('\n').collect();
    let is_placed = claim.bytes.is_empty() || claim.bytes.len() == lines.len();
    if claim.says != Says::Text || !is_placed || !claim.claimed.contains("Warning: ") {
        return None;
    }
    let gone = came(&lines, trace);
    let kept = || (0..lines.len()).filter(|at| !gone.contains(at));
    let claimed: Vec<&str> = kept().map(|at| lines[at]).collect();
    let bytes = kept().filter_map(|at| claim.bytes.get(at).cloned());
    (!gone.is_empty()).then(|| Claim {
        claimed: claimed.join("\n"),
        bytes: bytes.collect(),
        ..claim.clone()
    })
}

/// The indices of the lines that show warnings which came.
fn came(lines: &[&str], trace: &Trace) -> BTreeSet<usize> {
    let mut came = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(shown) = SHOWN.captures(line) else {
            continue;
        };
        let rest: Vec<&str> = lines[at + 1..].to_vec();
        let Some(more) = further(trace, &shown["class"], &shown["message"], &rest) else {
            continue;
        };
        let below = at + 1 + more;
        let is_code = shown.name("place").is_some()
            && lines.get(below).is_some_and(|line| is_source(line, trace));
        came.extend(at..below + usize::from(is_code));
    }
    came
}

/// How many of the lines below the first line of a warning are more of its message; none where no
/// such warning came.
fn further(trace: &Trace, class: &str, first: &str, below: &[&str]) -> Option<usize> {
    trace.events.iter().find_map(|event| {
        let EventKind::Warned {
            class: given,
            message,
            ..
        } = &event.kind
        else {
            return None;
        };
        let name = |class: &'_ str| class.rsplit('.').next().unwrap_or(class).to_owned();
        let mut told = message.lines();
        let is_it = name(given) == name(class)
            && told.next().unwrap_or_default().trim_end() == first.trim_end();
        let told: Vec<&str> = told.collect();
        (is_it && below.starts_with(&told)).then_some(told.len())
    })
}

/// True for the line of code that is shown below a warning, and not for what was printed.
fn is_source(line: &str, trace: &Trace) -> bool {
    let is_printed = |event: &crate::model::Event| matches!(&event.kind, EventKind::Stdout(text) if text.contains(line.trim()));
    line.starts_with("  ") && !trace.events.iter().any(is_printed)
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and the tests use it"
)]
static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<place>\S.*:\d+: )?(?P<class>(?:\w+\.)*\w*Warning): (?P<message>.+)$")
        .expect("a fixed pattern")
});

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{End, Event};

    fn trace(events: Vec<EventKind>) -> Trace {
        let event = |kind| Event {
            line: 1,
            top: 1,
            kind,
        };
        Trace {
            events: events.into_iter().map(event).collect(),
            open: Vec::new(),
            dropped: 0,
            end: End::Finished,
            in_replay: false,
            seconds: 0.0,
        }
    }

    fn warned(class: &str, message: &str) -> EventKind {
        EventKind::Warned {
            class: class.into(),
            own: true,
            message: message.into(),
        }
    }

    fn rest(claimed: &str, events: Vec<EventKind>) -> Option<String> {
        let claim = Claim {
            claimed: claimed.into(),
            ..Claim::default()
        };
        without(&claim, &trace(events)).map(|claim| claim.claimed)
    }

    #[test]
    fn warnings_that_came_are_left_out() {
        let careful = || warned("UserWarning", "careful");
        for (claimed, left) in [
            ("<stdin>:2: UserWarning: careful\n1", "1"),
            (
                "a.py:2: UserWarning: careful\n  warn('careful')\nafter",
                "after",
            ),
            ("before\nUserWarning: careful", "before"),
            ("/tmp/x y.py:12: UserWarning: careful", ""),
        ] {
            assert_eq!(
                rest(claimed, vec![careful()]).as_deref(),
                Some(left),
                "{claimed}"
            );
        }
        let long = warned("UserWarning", "one\ntwo");
        assert_eq!(
            rest("x:1: UserWarning: one\ntwo\n3", vec![long]).as_deref(),
            Some("3")
        );
        let printed = EventKind::Stdout("  after\n".into());
        assert_eq!(
            rest(
                "a.py:2: UserWarning: careful\n  after",
                vec![careful(), printed]
            )
            .as_deref(),
            Some("  after")
        );
    }

    #[test]
    fn what_did_not_come_is_left_in() {
        for claimed in [
            "<stdin>:2: UserWarning: take care\n1",
            "<stdin>:2: FutureWarning: careful\n1",
            "the UserWarning: careful is near",
            "1",
        ] {
            assert_eq!(
                rest(claimed, vec![warned("UserWarning", "careful")]),
                None,
                "{claimed}"
            );
        }
    }
}
