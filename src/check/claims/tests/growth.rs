//! Twice the claims about twice the run take about twice the steps.

use super::super::check;
use crate::check::raised::{ByLine, Raised};
use crate::model::{About, Claim, End, Event, EventKind, Lines, Trace};
use crate::steps;

/// A run that prints on each of so many lines, and what is claimed of each.
fn many(count: usize, about: fn(Lines) -> About) -> (Vec<Claim>, Trace) {
    let numbers = 1..=count;
    let claims = numbers.clone().map(|line| Claim {
        about: about(Lines {
            first: line,
            last: line,
        }),
        claimed: line.to_string(),
        ..Claim::default()
    });
    let event = |line: usize| Event {
        line: u32::try_from(line).unwrap(),
        top: u32::try_from(line).unwrap(),
        kind: EventKind::Stdout(format!("{line}\n")),
    };
    let trace = Trace {
        events: numbers.map(event).collect(),
        open: Vec::new(),
        dropped: 0,
        end: End::Finished,
        in_replay: false,
        seconds: 0.0,
    };
    (claims.collect(), trace)
}

#[test]
fn a_claim_costs_no_look_at_all_that_happened() {
    for about in [About::Output as fn(Lines) -> About, About::Statement] {
        let of = |count: usize| {
            let (claims, trace) = many(count, about);
            steps::of(|| {
                let checked = check(&claims, Some(&trace), Some(&trace), (3, 11, 7));
                let by_line = ByLine::of(&checked);
                let errors = trace.events.iter().filter_map(Raised::of);
                errors.filter(|error| error.is_claimed(&by_line)).count()
            })
        };
        let (once, twice) = (of(500), of(1000));
        assert!(once > 0 && twice <= once * 9 / 4, "{once}, then {twice}");
    }
}

#[test]
fn claims_are_found_by_each_of_their_lines() {
    let (claims, trace) = many(3, |lines| {
        About::Output(Lines {
            first: lines.first,
            last: lines.first * 2,
        })
    });
    let checked = check(&claims, Some(&trace), None, (3, 11, 7));
    let by_line = ByLine::of(&checked);
    let found = |line: usize| -> Vec<usize> {
        let near = by_line.at(line);
        near.map(|checked| checked.claim.about.lines().first)
            .collect()
    };
    assert_eq!(found(0), [] as [usize; 0]);
    assert_eq!(found(2), [1, 2]);
    assert_eq!(found(4), [2, 3]);
    assert_eq!(found(7), [] as [usize; 0]);
}
