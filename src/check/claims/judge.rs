//! One claim and what came at its lines: whether they agree, and if not, whether that can be told.

use super::context::{self, Context};
use super::happened::{self, Came, Course, How, Raised, Seen};
use super::open::{self, Openness};
use super::raises::{self, Agreement, Claimed};
use super::{family, rewrite, text, types};
use crate::model::{
    About, CheckedClaim, Claim, ClaimForm, ClaimVerdict, End, Open, Says, Tolerance, WhyUnchecked,
};
use crate::notes::claims::doubt;

/// One claim with the run of its snippet, and perhaps a second one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The run.
    pub course: &'a Course<'a>,
    /// A run under other conditions.
    pub second: Option<&'a Course<'a>>,
}

/// What became of a claim, and what it was compared with in the second run.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// Holds, stale or unchecked.
    pub verdict: ClaimVerdict,
    /// What came.
    pub actual: String,
    /// What came in the second run.
    pub again: Option<String>,
    /// Under which tolerance it holds.
    pub tolerance: Tolerance,
    /// Why it could not be checked.
    pub why: Option<WhyUnchecked>,
    /// What to write instead.
    pub rewrite: Option<String>,
    /// What came rests on this.
    pub open: Option<Open>,
    /// So does each of these lines, of those that say something.
    pub open_lines: Vec<Option<Open>>,
}

impl Outcome {
    /// The claim agrees.
    pub(super) fn holds(actual: impl Into<String>, tolerance: Tolerance) -> Self {
        Self {
            verdict: ClaimVerdict::Holds,
            actual: actual.into(),
            tolerance,
            ..Self::default()
        }
    }

    /// The claim is false.
    pub(super) fn stale(actual: impl Into<String>) -> Self {
        Self {
            verdict: ClaimVerdict::Stale,
            actual: actual.into(),
            ..Self::default()
        }
    }

    /// It can't be told.
    pub(super) fn unchecked(why: WhyUnchecked) -> Self {
        Self {
            why: Some(why),
            ..Self::default()
        }
    }

    /// It is something that another run may give otherwise.
    pub(super) fn open(actual: impl Into<String>, open: Open) -> Self {
        Self {
            actual: actual.into(),
            open: Some(open),
            ..Self::unchecked(WhyUnchecked::Open(open))
        }
    }

    /// The same with what is open in it.
    fn with_openness(self, openness: Openness) -> Self {
        let tolerance = open::widened(openness.any, self.tolerance);
        Self {
            tolerance,
            open: openness.any,
            open_lines: openness.lines,
            ..self
        }
    }

    fn with_second(mut self, again: Option<&str>) -> Self {
        self.again = again.map(str::to_owned);
        self
    }

    /// This outcome as that of `claim`.
    pub(super) fn of(self, claim: Claim) -> CheckedClaim {
        let is_other = self.again.is_some_and(|again| again != self.actual);
        let varies = is_other || self.verdict == ClaimVerdict::Stale && self.open.is_some();
        let is_output =
            |rewrite: &String| claim.says != Says::Text || doubt(&claim.claimed, rewrite).is_none();
        let rewrite = self.rewrite.filter(|text| !varies && is_output(text));
        CheckedClaim {
            claim,
            actual: self.actual,
            verdict: self.verdict,
            tolerance: self.tolerance,
            why: self.why,
            open: self.open,
            rewrite,
            varies,
            known: false,
        }
    }
}

/// Compares the claim with what came.
pub(super) fn judge(facts: Facts<'_>) -> Outcome {
    let came = facts.course.came(facts.claim.about);
    match &facts.claim.says {
        Says::Text => says_text(facts, &came),
        Says::Nothing => says_nothing(facts, &came),
        Says::Type(name) => types::judge(facts, &came, name),
        Says::Raises { class, message } => {
            let claimed = Claimed {
                class,
                message: message
                    .as_deref()
                    .filter(|_| !facts.claim.options.ignore_detail),
                form: facts.claim.form,
            };
            says_raises(facts, &came, claimed)
        }
    }
}

fn says_text(facts: Facts<'_>, came: &Came<'_>) -> Outcome {
    let claim = facts.claim;
    if claim.form == ClaimForm::Equality {
        return equality(facts, came);
    }
    let openness = Openness::of(facts.course, claim.about);
    // Where runs may agree by luck, a second one would decide by luck as well.
    let second = facts.second.filter(|_| !openness.is_by_luck());
    let second = second.map(|course| course.came(claim.about));
    let candidates = candidates(came);
    let agains = second.as_ref().map(self::candidates);
    let wanted = text::without_tracebacks(&claim.claimed);
    let context = Context::of(claim);
    let compared = candidates.iter().enumerate().filter_map(|(at, seen)| {
        let again = again(&candidates, at, agains.as_deref());
        let context = context.clone().with_second(&seen.text, again);
        let tolerance = agrees(claim, &wanted, seen, again, &context)?;
        Some((tolerance, seen, again))
    });
    if let Some((tolerance, seen, again)) = compared.min_by_key(|(tolerance, ..)| *tolerance) {
        let outcome = Outcome::holds(&seen.text, tolerance).with_second(again);
        return outcome.with_openness(openness);
    }
    if let Some(outcome) = why_not(facts, came, &candidates, true) {
        return outcome;
    }
    if let Some(outcome) = disagrees_openly(claim, &wanted, &candidates, &openness) {
        return outcome.with_openness(openness);
    }
    disagrees(facts, came, &candidates, agains.as_deref()).with_openness(openness)
}

/// A claim that does not agree with what may be otherwise in another run; none where it is false all
/// the same.
fn disagrees_openly(
    claim: &Claim,
    wanted: &str,
    candidates: &[Seen],
    openness: &Openness,
) -> Option<Outcome> {
    let seen = &candidates[meant(claim, candidates)?];
    match claim.about {
        About::Output(_) => open::output(claim, wanted, &seen.text, openness),
        About::Statement(_) => Some(open::line(claim, wanted, &seen.text, openness.any?)),
    }
}

/// What the claim may mean; where an exception came, also with its last line.
fn candidates(came: &Came<'_>) -> Vec<Seen> {
    let mut all: Vec<Seen> = came
        .seen
        .iter()
        .map(|seen| Seen {
            how: seen.how,
            text: text::without_tracebacks(&seen.text),
        })
        .collect();
    if let Some(raised) = came.raised {
        let printed = all.first().map_or("", |seen| &seen.text);
        let text = format!("{printed}\n{}", raised.shown());
        all.push(Seen {
            how: How::Both,
            text: text::tidy(&text),
        });
    }
    all
}

/// What the second run gave for candidate `at`.
fn again<'a>(first: &[Seen], at: usize, second: Option<&'a [Seen]>) -> Option<&'a str> {
    let how = first[at].how;
    let before = first[..at].iter().filter(|seen| seen.how == how).count();
    let mut same = second?.iter().filter(|seen| seen.how == how);
    same.nth(before).map(|seen| seen.text.as_str())
}

fn agrees(
    claim: &Claim,
    wanted: &str,
    seen: &Seen,
    again: Option<&str>,
    context: &Context,
) -> Option<Tolerance> {
    let beside = || {
        let in_passing = matches!(claim.form, ClaimForm::Comment | ClaimForm::Arrow);
        let printed = matches!(seen.how, How::Printed | How::Line);
        (in_passing && printed && is_last_of(wanted, &seen.text)).then_some(Tolerance::Repr)
    };
    let varied = || {
        let found = text::compare(wanted, again?, context);
        found.map(|_| Tolerance::Volatile)
    };
    text::compare(wanted, &seen.text, context)
        .map(|tolerance| match seen.how {
            How::Text | How::ReceiverText | How::Joined => tolerance.max(Tolerance::Repr),
            _ => tolerance,
        })
        .or_else(beside)
        .or_else(varied)
}

/// Whether `3` is the end of `x = 3`, behind words of its own.
fn is_last_of(claimed: &str, printed: &str) -> bool {
    let label = printed
        .strip_suffix(claimed)
        .filter(|_| !claimed.is_empty() && !printed.contains('\n'));
    let ends =
        |label: &str| label.trim_end().ends_with([':', '=', '：', '＝']) || label.ends_with("是 ");
    label.is_some_and(ends)
}

/// Why a claim that does not hold is no false one, where that is so; a claim of text is false
/// where an exception came in its place.
fn why_not(
    facts: Facts<'_>,
    came: &Came<'_>,
    candidates: &[Seen],
    of_text: bool,
) -> Option<Outcome> {
    let Facts { claim, course, .. } = facts;
    let trace = course.trace;
    if let Some(raised) = came.raised.as_ref().filter(|_| of_text) {
        return Some(match raises::excuse(raised, &claim.source) {
            Some(why) => Outcome::unchecked(why),
            None => error(candidates, raised),
        });
    }
    if candidates.is_empty()
        && let Some(raised) = course.ended_before(claim.about.lines())
    {
        return Some(Outcome::unchecked(ended(&raised)));
    }
    let left = candidates.is_empty() && matches!(trace.end, End::Exit(_));
    let why = if left || happened::was_stopped(trace) {
        WhyUnchecked::Stopped
    } else if trace.dropped > 0 {
        WhyUnchecked::OutputCut
    } else if candidates.is_empty() && of_text && claim.form != ClaimForm::Prompt {
        WhyUnchecked::NotSeen
    } else if context::is_of_the_machine(&claim.source)
        || candidates
            .iter()
            .any(|seen| is_path_elsewhere(&claim.claimed, &seen.text))
    {
        WhyUnchecked::OfTheMachine
    } else {
        return None;
    };
    Some(Outcome::unchecked(why))
}

/// True for a path as another system writes it.
fn is_path_elsewhere(claimed: &str, actual: &str) -> bool {
    let slashes = claimed.replace("\\\\", "/").replace('\\', "/");
    claimed != actual && slashes == actual
}

/// Why nothing came behind the exception that ended the run.
pub(super) fn ended(raised: &Raised<'_>) -> WhyUnchecked {
    match raised.line {
        0 => WhyUnchecked::EndedWith(raised.class.to_owned()),
        line => WhyUnchecked::EndedOn(line),
    }
}

/// An exception where the note says something else.
fn error(candidates: &[Seen], raised: &Raised<'_>) -> Outcome {
    let whole = candidates
        .iter()
        .find(|seen| seen.text.ends_with(&raised.shown()));
    Outcome::stale(whole.map_or_else(|| raised.shown(), |seen| seen.text.clone()))
}

fn disagrees(
    facts: Facts<'_>,
    came: &Came<'_>,
    candidates: &[Seen],
    agains: Option<&[Seen]>,
) -> Outcome {
    let claim = facts.claim;
    let Some(at) = meant(claim, candidates) else {
        let nothing = candidates.iter().any(|seen| seen.text == "None");
        return if candidates.is_empty() {
            Outcome::stale("")
        } else if nothing && context::asks_for_a_value(&claim.source) {
            Outcome::stale("None")
        } else {
            Outcome::unchecked(WhyUnchecked::OfSomethingElse)
        };
    };
    let again = again(candidates, at, agains);
    let mut outcome = Outcome::stale(&candidates[at].text).with_second(again);
    if came.raised.is_none() {
        let context = Context::of(claim).with_second(&outcome.actual, again);
        outcome.rewrite = rewrite::text(claim, &claim.claimed, &candidates[at], &context);
    }
    outcome
}

/// Which of the candidates a false claim is about.
fn meant(claim: &Claim, candidates: &[Seen]) -> Option<usize> {
    let in_passing = claim.form == ClaimForm::Comment && matches!(claim.about, About::Statement(_));
    let printed = |seen: &Seen| matches!(seen.how, How::Printed | How::Called | How::Both);
    let receiver = |seen: &Seen| matches!(seen.how, How::Receiver | How::ReceiverText);
    let part = |seen: &Seen| matches!(seen.how, How::Joined | How::Line);
    let alike = |seen: &Seen| !part(seen) && family::may_be_about(&claim.claimed, &seen.text);
    let first = candidates
        .iter()
        .position(|seen| !receiver(seen) && alike(seen))
        .or_else(|| {
            candidates
                .iter()
                .position(|seen| receiver(seen) && alike(seen))
        })
        .or_else(|| {
            candidates
                .iter()
                .position(|seen| !in_passing || printed(seen))
        })?;
    // A string is compared without its quotes where the note has none.
    let quoted = claim.claimed.contains(['"', '\'']);
    let text = candidates
        .get(first + 1)
        .is_some_and(|seen| candidates[first].how == How::Repr && seen.how == How::Text);
    let string = family::of(&candidates[first].text) == family::Family::Text;
    Some(first + usize::from(text && string && !quoted))
}

fn equality(facts: Facts<'_>, came: &Came<'_>) -> Outcome {
    let worth = came.seen.iter().find(|seen| seen.how == How::Repr);
    match worth.map(|seen| seen.text.as_str()) {
        Some("True") => Outcome::holds("True", Tolerance::Exact),
        Some("False") => match Openness::of(facts.course, facts.claim.about).any {
            Some(open) => Outcome::open("False", open),
            None => Outcome::stale("False"),
        },
        Some(_) => Outcome::unchecked(WhyUnchecked::NoTruth),
        None => why_not(facts, came, &[], true)
            .unwrap_or_else(|| Outcome::unchecked(WhyUnchecked::NotSeen)),
    }
}

fn says_nothing(facts: Facts<'_>, came: &Came<'_>) -> Outcome {
    let printed = came
        .seen
        .iter()
        .find(|seen| matches!(seen.how, How::Printed | How::Called));
    if let Some(printed) = printed {
        let openness = Openness::of(facts.course, facts.claim.about);
        return match openness.any.filter(|_| openness.is_by_luck()) {
            Some(open) => Outcome::open(&printed.text, open),
            None => Outcome::stale(&printed.text),
        };
    }
    if let Some(outcome) = why_not(facts, came, &[], came.raised.is_some()) {
        return outcome;
    }
    Outcome::holds("", Tolerance::Exact)
}

fn says_raises(facts: Facts<'_>, came: &Came<'_>, claimed: Claimed<'_>) -> Outcome {
    let context = Context::of(facts.claim);
    if facts.claim.options.by_checker && came.raised.is_none() {
        return Outcome::unchecked(WhyUnchecked::TypeChecker);
    }
    let Some(raised) = came.raised else {
        return raises_nothing(facts, came, claimed.class, &context);
    };
    let openness = Openness::of(facts.course, facts.claim.about);
    match raises::compare(claimed, &raised, &context) {
        Agreement::Holds(tolerance) => {
            Outcome::holds(raised.shown(), tolerance).with_openness(openness)
        }
        // What is missing is missing whatever chance gives.
        Agreement::OtherMessage if openness.is_by_luck() && raised.subject.is_empty() => {
            let tolerance = Tolerance::Volatile;
            Outcome::holds(raised.shown(), tolerance).with_openness(openness)
        }
        Agreement::OtherMessage => {
            let mut outcome = Outcome::stale(raised.shown());
            outcome.rewrite = rewrite::message(facts.claim, claimed.class, &raised);
            outcome
        }
        // Where an exception is what the note is about, a missing file may well be it.
        Agreement::OtherClass => match raises::excuse(&raised, &facts.claim.source) {
            Some(why) if raised.class != "FileNotFoundError" => Outcome::unchecked(why),
            _ => Outcome::stale(raised.shown()),
        },
    }
}

/// Nothing that the snippet did not catch was raised at these lines.
fn raises_nothing(facts: Facts<'_>, came: &Came<'_>, class: &str, context: &Context) -> Outcome {
    let candidates = candidates(came);
    let last_line = text::without_tracebacks(&facts.claim.claimed);
    for seen in &candidates {
        if let Some(tolerance) = text::compare(&last_line, &seen.text, context) {
            return Outcome::holds(&seen.text, tolerance);
        }
        if !class.is_empty() && seen.text.contains(class) {
            return Outcome::unchecked(WhyUnchecked::Caught);
        }
    }
    if let Some(raised) = facts.course.ended_before(facts.claim.about.lines()) {
        return Outcome::unchecked(ended(&raised));
    }
    if let Some(outcome) = why_not(facts, came, &candidates, false) {
        return outcome;
    }
    let openness = Openness::of(facts.course, facts.claim.about);
    if let Some(open) = openness.any.filter(|_| openness.is_by_luck()) {
        return Outcome::open("no error", open);
    }
    match facts.claim.about {
        About::Statement(_) if candidates.is_empty() => Outcome::unchecked(WhyUnchecked::NotRaised),
        _ => Outcome::stale("no error"),
    }
}
