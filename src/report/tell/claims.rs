//! What is said about false claims: the title, the evidence, the story and the next step.
//!
//! Claims that stand below each other in one shown output are told together. Where a
//! finding is their cause they are its evidence, else they are problems of their own.
//! Data only, like `problem`.

use std::ops::Range;

use super::place::Spot;
use super::problem::{Context, Evidence, Problem};
use crate::model::{About, BlockReport, CheckedClaim, ClaimForm, ClaimVerdict, Lines, Says, Text};
use crate::report::words::claims::{self as words, Came};
use crate::report::{text, words as common};

mod raised;
mod story;
#[cfg(test)]
mod tests;

use self::raised::is_raised;
pub(super) use self::story::tell;

/// A value up to this width is told in a sentence.
const SHORT: usize = 40;
/// An exception up to this width is.
const SHORT_ERROR: usize = 80;
/// Lines of a shown output that are underlined.
const MARKED: usize = 4;
/// Claims with one cause that are told one by one.
const TOLD: usize = 4;

/// Adds the false claims of a block to its problems.
pub(super) fn add(problems: &mut Vec<Problem>, block: &BlockReport, context: Context) {
    let mut explained: Vec<Vec<Group>> = problems.iter().map(|_| Vec::new()).collect();
    let mut others = Vec::new();
    for group in groups(block, context) {
        let is_cause = |problem: &Problem| !problem.mild && group.is_about(problem.spot.line);
        match problems.iter().position(is_cause) {
            Some(cause) => explained[cause].push(group),
            None => others.push(group.problem(block, context)),
        }
    }
    let told: Vec<usize> = (0..problems.len())
        .filter(|&at| repeats(problems, at, &explained))
        .collect();
    for (cause, groups) in problems.iter_mut().zip(&explained) {
        explain(cause, groups, block, context);
    }
    let mut at = 0..;
    problems.retain(|_| at.next().is_none_or(|at| !told.contains(&at)));
    problems.extend(others);
}

/// True for a cause that another problem has too, whose claims hold the line of this one.
fn repeats(problems: &[Problem], at: usize, explained: &[Vec<Group>]) -> bool {
    let this = &problems[at];
    let is_same = |other: &Problem| {
        (&this.rule, &this.title, &this.helps) == (&other.rule, &other.title, &other.helps)
            && (this.known, this.mild) == (other.known, other.mild)
    };
    let holds_it = |groups: &Vec<Group>| {
        let claims = groups.iter().flat_map(|group| &group.stale);
        claims
            .into_iter()
            .any(|claim| within(claim.claim.lines, this.spot.line))
    };
    let others = problems.iter().zip(explained).enumerate();
    let mut others = others.filter(|(other, _)| *other != at);
    explained[at].is_empty()
        && others.any(|(_, (other, groups))| is_same(other) && holds_it(groups))
}

/// Makes claims the evidence of their cause.
fn explain(cause: &mut Problem, groups: &[Group], block: &BlockReport, context: Context) {
    let Some((first, more)) = groups.split_first() else {
        return;
    };
    let marks = groups.iter().flat_map(Group::marks);
    cause.spot.beside.extend(marks.take(TOLD));
    let claimed = groups.iter().map(|group| group.first_line().to_owned());
    cause.spot.wanted.extend(claimed.take(1));
    cause.spot.code = source_line(first.first(), block);
    let mut notes: Vec<Evidence> = Vec::new();
    for group in groups.iter().take(TOLD) {
        let (title, sides) = group.told_below_cause(block);
        notes.push(sides.unwrap_or_else(|| {
            Evidence::Words(if more.is_empty() {
                title
            } else {
                words::on_line(group.line(), &title)
            })
        }));
    }
    if let Some(left) = groups.get(TOLD..).filter(|left| !left.is_empty()) {
        let lines: Vec<usize> = left.iter().map(Group::line).collect();
        let more = words::more_with_cause(left.len(), &common::at_lines(&lines));
        notes.push(Evidence::Words(more));
    }
    cause.notes.splice(0..0, notes);
    let fixable: Vec<&Group> = groups.iter().filter(|group| group.can_be_fixed()).collect();
    match fixable.as_slice() {
        [] if cause.helps.is_empty() && first.has_come() => {
            cause.helps.push(first.help(block, context));
        }
        [] => {}
        [only] if more.is_empty() => cause.helps.push(only.fix(context)),
        _ => cause.helps.push(words::fix(context.fix)),
    }
    cause
        .notes
        .extend(first.story(block, context).map(Evidence::Words));
}

/// False claims that are told together, with those between them that hold.
struct Group<'a> {
    /// All of them, in order.
    all: Vec<&'a CheckedClaim>,
    /// The false ones that are to be told; never empty.
    stale: Vec<&'a CheckedClaim>,
}

/// The false claims of a block that are to be told.
fn groups<'a>(block: &'a BlockReport, context: Context) -> Vec<Group<'a>> {
    let is_told = |claim: &CheckedClaim| {
        claim.verdict == ClaimVerdict::Stale && (context.known || !claim.known)
    };
    let groups = block.claims.chunk_by(is_one_output);
    let groups = groups.map(|claims| Group {
        all: claims.iter().collect(),
        stale: claims.iter().filter(|claim| is_told(claim)).collect(),
    });
    groups.filter(|group| !group.stale.is_empty()).collect()
}

/// True for two claims that are lines of one shown output.
fn is_one_output(above: &CheckedClaim, below: &CheckedClaim) -> bool {
    const BLANK_LINES: usize = 1;
    let (above, below) = (&above.claim, &below.claim);
    let gap = below.lines.first.checked_sub(above.lines.last);
    matches!(above.form, ClaimForm::Section | ClaimForm::NextBlock)
        && (above.form, above.about) == (below.form, below.about)
        && above.scope == below.scope
        && gap.is_some_and(|gap| (1..=BLANK_LINES + 1).contains(&gap))
}

impl Group<'_> {
    /// The first false claim.
    fn first(&self) -> &CheckedClaim {
        self.stale[0]
    }

    fn line(&self) -> usize {
        self.first().claim.lines.first
    }

    fn first_line(&self) -> &str {
        self.first()
            .claim
            .claimed
            .trim()
            .lines()
            .next()
            .unwrap_or_default()
    }

    /// The only claim, where there are no others to be told with it.
    fn only(&self) -> Option<&CheckedClaim> {
        match self.stale.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// True where a finding on that line of the note is the cause of these claims. An output that
    /// is shown for many lines of code can have its cause on any of them, or on none.
    fn is_about(&self, line: usize) -> bool {
        let code = self.first().claim.about.lines();
        let is_vague = matches!(
            self.first().claim.form,
            ClaimForm::Section | ClaimForm::NextBlock
        ) && code.first < code.last;
        self.stale
            .iter()
            .any(|claim| within(claim.claim.lines, line))
            || within(code, line) && !is_vague
    }

    fn problem(&self, block: &BlockReport, context: Context) -> Problem {
        let (title, sides) = self.told(block);
        let known = self.stale.iter().all(|claim| claim.known);
        let story = self.story(block, context).map(Evidence::Words);
        let mut problem = Problem {
            known,
            title,
            spot: Spot {
                line: self.line(),
                marks: self.marks(),
                wanted: vec![self.first_line().to_owned()],
                code: source_line(self.first(), block),
                ..Spot::default()
            },
            notes: sides.into_iter().chain(story).collect(),
            acceptable: !known,
            ..Problem::default()
        };
        if !known {
            problem.helps.push(self.help(block, context));
        }
        problem
    }

    /// What to underline: the first lines that are not what came.
    fn marks(&self) -> Vec<Range<usize>> {
        let differing = self.stale.iter().flat_map(|claim| {
            let mut came = claim.actual.lines();
            let claimed = claim
                .claim
                .claimed
                .lines()
                .map(move |line| Some(line) != came.next());
            let differs: Vec<bool> = claimed.collect();
            let bytes = claim.claim.bytes.iter().enumerate();
            bytes.filter(move |(at, _)| differs.get(*at).copied().unwrap_or(true))
        });
        differing
            .map(|(_, bytes)| bytes.clone())
            .take(MARKED)
            .collect()
    }

    /// False where there is nothing to compare with.
    fn has_come(&self) -> bool {
        let has_come = |claim: &&CheckedClaim| {
            let without_value = matches!(claim.claim.says, Says::Raises { .. } | Says::Nothing);
            without_value || !claim.actual.trim().is_empty()
        };
        self.stale.iter().any(has_come)
    }

    /// Like [`Group::told`], where the cause may be why nothing came at all.
    fn told_below_cause(&self, block: &BlockReport) -> (Text, Option<Evidence>) {
        match self.first().claim.claimed.trim() {
            _ if self.has_come() => self.told(block),
            claimed if fits(claimed, SHORT) => (words::nothing_to_compare(claimed), None),
            _ => (words::nothing_to_compare_output(), None),
        }
    }

    /// What is wrong, and the two sides where they don't fit into the sentence.
    fn told(&self, block: &BlockReport) -> (Text, Option<Evidence>) {
        let Some(claim) = self.only() else {
            return (words::output_is_false(), Some(self.sides()));
        };
        let (claimed, actual) = (claim.claim.claimed.trim(), claim.actual.trim());
        let is_raised = is_raised(claim, block);
        let came = if is_raised {
            Came::Exception(actual)
        } else {
            Came::Text(actual)
        };
        let fits_came = fits(actual, if is_raised { SHORT_ERROR } else { SHORT });
        match &claim.claim.says {
            Says::Raises { class, message } => {
                let error = common::exception(class, message.as_deref().unwrap_or_default());
                if fits(&error, SHORT_ERROR) && fits_came {
                    return (words::error_is_false(&error, came), None);
                }
                let title = if is_raised {
                    words::shown_error_is_false()
                } else {
                    words::output_is_false()
                };
                (title, Some(self.sides()))
            }
            Says::Type(class) if fits_came => (words::type_is_false(class, came), None),
            Says::Nothing if fits_came => (words::says_nothing_comes(came), None),
            Says::Text if fits(claimed, SHORT) && fits_came && claimed != actual => {
                (words::is_false(claimed, came), None)
            }
            _ if actual.is_empty() => (words::output_is_missing(), None),
            _ if is_raised && fits_came => (words::output_but_raises(actual), None),
            _ => (words::output_is_false(), Some(self.sides())),
        }
    }

    /// What the note says and what came. Lines that hold are the same on both sides.
    fn sides(&self) -> Evidence {
        let join = |of: fn(&CheckedClaim) -> &str| {
            let texts = self
                .all
                .iter()
                .map(|claim| of(claim).trim_end_matches('\n'));
            texts.collect::<Vec<_>>().join("\n")
        };
        Evidence::Sides(
            words::claimed_and_came(),
            join(|claim| &claim.claim.claimed),
            join(|claim| match claim.verdict {
                ClaimVerdict::Stale => &claim.actual,
                _ => &claim.claim.claimed,
            }),
        )
    }

    fn can_be_fixed(&self) -> bool {
        let fixable = |claim: &&CheckedClaim| {
            claim.rewrite.is_some() && !claim.varies && !claim.claim.bytes.is_empty()
        };
        self.stale.iter().all(fixable)
    }

    /// The next step for claims that can be rewritten.
    fn fix(&self, context: Context) -> Text {
        let rewrite = self.only().and_then(|claim| claim.rewrite.as_deref());
        match rewrite.filter(|text| !text.is_empty() && fits(text, SHORT)) {
            Some(text) => words::write_or_fix(text.trim(), context.fix),
            None => words::fix(context.fix),
        }
    }

    fn help(&self, block: &BlockReport, context: Context) -> Text {
        if self.stale.iter().any(|claim| claim.varies) {
            return words::leave_out();
        }
        if self.can_be_fixed() {
            return self.fix(context);
        }
        let claim = self.first();
        let actual = claim.actual.trim();
        let is_short = self.only().is_some() && fits(actual, SHORT);
        let is_raised = is_raised(claim, block);
        match &claim.claim.says {
            Says::Raises { .. } if !is_raised => {
                words::take_error_out(if is_short { actual } else { "" })
            }
            Says::Raises { .. } if is_short => words::write_instead(actual),
            Says::Text | Says::Type(_) | Says::Nothing if is_raised => words::mend_or_show_error(),
            _ if claim.claim.form == ClaimForm::Equality => words::mend_comparison(),
            _ if actual.is_empty() => words::take_out(),
            _ if is_short => words::write_instead(actual),
            _ => words::write_what_came(),
        }
    }
}

fn within(lines: Lines, line: usize) -> bool {
    (lines.first..=lines.last).contains(&line)
}

fn fits(side: &str, columns: usize) -> bool {
    !side.contains('\n') && text::width(side) <= columns
}

/// The line of the note with the code that a claim is about: the first of a statement, of more
/// code the last that shows what the claim quotes.
fn source_line(claim: &CheckedClaim, block: &BlockReport) -> Option<usize> {
    let lines = claim.claim.about.lines();
    if lines.first == 0 || matches!(claim.claim.about, About::Statement(_)) {
        return (lines.first > 0).then_some(lines.first);
    }
    let quoted = claim.claim.source.lines().next().unwrap_or_default().trim();
    let code = block.block.text.lines().enumerate();
    let mut shown: Vec<usize> = code
        .filter(|(_, line)| !quoted.is_empty() && line.contains(quoted))
        .map(|(at, _)| block.block.lines.first + at)
        .filter(|line| within(lines, *line))
        .collect();
    shown.pop().or(Some(lines.last))
}
