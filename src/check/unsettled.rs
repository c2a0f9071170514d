//! What can't be told where the statements of a snippet are run one by one and one of them raises:
//! what that one would have made of a name, and all that rests on it, ran in a state that no
//! reading of the note leads to.

use std::collections::BTreeSet;

use super::explain::code::is_keyword;
use super::raised::{ByLine, Raised};
use crate::model::{CheckedClaim, ClaimVerdict, Code, Lines, Trace, WhyUnchecked};
use crate::notes::tokens::{Kind, tokenize};

/// Leaves the stale claims open that rest on a statement of `code`, one piece each, which raised
/// in `trace` what the note does not tell.
pub(super) fn leave_open(claims: &mut [CheckedClaim], code: &Code, trace: &Trace) {
    let by_line = ByLine::of(claims);
    let untold: Vec<usize> = trace
        .events
        .iter()
        .filter_map(Raised::of)
        .filter(|error| !error.is_claimed(&by_line))
        .map(|error| error.top.max(error.line))
        .collect();
    let Some(&first) = untold.iter().min() else {
        return;
    };
    let unsettled = unsettled(code, &untold);
    let rests = |lines: Lines| unsettled.iter().any(|other| overlap(*other, lines));
    for claim in claims {
        if claim.verdict == ClaimVerdict::Stale && rests(claim.claim.about.lines()) {
            claim.verdict = ClaimVerdict::Unchecked;
            claim.actual.clear();
            claim.rewrite = None;
            claim.varies = false;
            claim.why = Some(WhyUnchecked::BelowError(first));
        }
    }
}

/// The lines of the statements below one that raised that name what it names, or what others of
/// them name.
fn unsettled(code: &Code, raised: &[usize]) -> Vec<Lines> {
    let defined: BTreeSet<&str> = code
        .pieces
        .iter()
        .flat_map(|piece| defined(&piece.text))
        .collect();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut unsettled = Vec::new();
    for piece in &code.pieces {
        let first = piece.line as usize;
        let last = first + piece.text.lines().count().saturating_sub(1);
        let lines = Lines { first, last };
        let own = named(&piece.text, &defined);
        if raised.iter().any(|line| (first..=last).contains(line)) {
            names.extend(own);
        } else if own.iter().any(|name| names.contains(name)) {
            names.extend(own);
            unsettled.push(lines);
        }
    }
    unsettled
}

/// The functions and classes that some code defines.
fn defined(code: &str) -> Vec<&str> {
    let tokens = tokenize(code);
    let pairs = tokens.windows(2);
    pairs
        .filter(|pair| pair[0].is_name("def") || pair[0].is_name("class"))
        .map(|pair| pair[1].text)
        .collect()
}

/// The names in some code, without those of attributes, of keywords, and of functions that are
/// called and not among these: `print` has nothing to do with what else was printed.
fn named<'c>(code: &'c str, defined: &BTreeSet<&str>) -> BTreeSet<&'c str> {
    let tokens = tokenize(code);
    let is_own = |at: usize| {
        let is_attribute = at > 0 && tokens[at - 1].is(".");
        let is_called = tokens.get(at + 1).is_some_and(|next| next.is("("));
        let name = tokens[at].text;
        !is_attribute && !is_keyword(name) && (!is_called || defined.contains(name))
    };
    let names = tokens.iter().enumerate();
    names
        .filter(|(at, token)| token.kind == Kind::Name && is_own(*at))
        .map(|(_, token)| token.text)
        .collect()
}

fn overlap(one: Lines, other: Lines) -> bool {
    one.first <= other.last && other.first <= one.last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan;

    #[test]
    fn what_names_something_that_raised_is_unsettled() {
        for (text, raised, lines) in [
            ("x.append(3)\nprint(x)\n", 1, vec![2]),
            ("x = f()\ny = x + 1\nprint(y)\nprint(3)\n", 1, vec![2, 3]),
            ("'abc' -> 'cba'\nlen('a')\n", 1, vec![]),
            ("print(a)\nprint(b)\n", 1, vec![]),
            ("print(x)\nx.append(3)\n", 2, vec![]),
            (
                "x.y()\ndef f():\n    return x\n\nprint(f())\nprint(len('a'))\n",
                1,
                vec![2, 5],
            ),
            ("import gone\nif True:\n    gone.x\n", 1, vec![2]),
        ] {
            let code = plan::statements(&Code::script(1, text));
            let found = unsettled(&code, &[raised]);
            let found: Vec<usize> = found.iter().map(|lines| lines.first).collect();
            assert_eq!(found, lines, "{text}");
        }
    }
}
