//! Tests of what is read next: no Python, no runner, only what is known so far.

use super::*;
use crate::model::{
    Analysis, Claim, Code, Draft, End, Endless, Event, EventKind, Note, Text, Trace,
};

/// A plan of snippets of these languages, each under a heading of its own and after all others.
fn plan(languages: &[Language]) -> Plan {
    let blocks = languages.iter().enumerate().map(|(at, language)| Block {
        language: *language,
        heading: format!("Heading {at}"),
        ..Block::default()
    });
    let snippets = (0..languages.len()).map(|at| Snippet {
        block: at,
        code: Code::script(1, "x\n"),
        depends_on: (0..at).collect(),
        ..Snippet::default()
    });
    Plan {
        notes: vec![Note {
            blocks: blocks.collect(),
            ..Note::default()
        }],
        snippets: snippets.collect(),
    }
}

/// The plan of one snippet of Python, with one claim.
fn one() -> Plan {
    let mut plan = plan(&[Language::Python]);
    plan.snippets[0].claims.push(Claim::default());
    plan
}

fn trace(raised: &[&str]) -> Trace {
    let event = |class: &&str| Event {
        line: 1,
        top: 1,
        kind: EventKind::Raised {
            class: (*class).into(),
            message: String::new(),
            subject: String::new(),
            traceback: String::new(),
        },
    };
    Trace {
        events: raised.iter().map(event).collect(),
        open: Vec::new(),
        dropped: 0,
        end: End::Finished,
        in_replay: false,
        seconds: 0.0,
    }
}

/// Read once without any trouble.
fn read(snippet: usize) -> Case {
    let mut case = Case::new(snippet, None);
    case.add(Reading::FIRST, Some(trace(&[])));
    case.standing = Some(Standing {
        status: Some(Status::Pass),
        ..Standing::default()
    });
    case
}

fn old() -> Draft {
    Draft {
        code: Code::script(1, "y\n"),
        ..Draft::default()
    }
}

const ALONE: Reading = Reading {
    context: Context::Alone,
    ..Reading::FIRST
};

fn first(form: CodeForm) -> Reading {
    Reading::of(form, Conditions::First)
}

fn second(form: CodeForm) -> Reading {
    Reading::of(form, Conditions::Second)
}

fn checked(plan: &Plan, case: &Case) -> Vec<Reading> {
    next(plan, case, Purpose::Check)
}

#[test]
fn a_snippet_is_read_once_where_nothing_is_wrong_with_it() {
    let plan = plan(&[Language::Python]);
    let case = Case::new(0, None);
    assert_eq!(checked(&plan, &case), [Reading::FIRST]);
    assert_eq!(checked(&plan, &read(0)), []);
}

#[test]
fn what_is_skipped_and_what_only_python_2_reads_is_not_run_as_it_is() {
    let mut plan = plan(&[Language::Python, Language::Python2]);
    plan.snippets[0].skip = Some(Skip::NeedsInput);
    assert_eq!(checked(&plan, &Case::new(0, None)), []);
    assert_eq!(checked(&plan, &Case::new(1, Some(old()))), []);
}

#[test]
fn what_others_led_astray_is_read_alone_and_that_once() {
    let plan = plan(&[Language::Python, Language::Python]);
    let astray = |trace: Trace| {
        let mut case = Case::new(1, None);
        case.add(Reading::FIRST, Some(trace));
        case
    };
    let in_replay = Trace {
        in_replay: true,
        ..trace(&[])
    };
    for trace in [trace(&["TypeError"]), in_replay] {
        let mut case = astray(trace.clone());
        assert_eq!(checked(&plan, &case), [ALONE]);
        case.add(ALONE, Some(trace));
        case.standing = read(1).standing;
        assert_eq!(checked(&plan, &case), []);
    }
    let mut near = plan.clone();
    near.notes[0].blocks[1].heading = near.notes[0].blocks[0].heading.clone();
    let mut case = astray(trace(&["TypeError"]));
    case.standing = read(1).standing;
    assert_eq!(checked(&near, &case), [], "it is meant to need them");
}

#[test]
fn what_cannot_be_judged_whole_is_read_statement_by_statement() {
    let plan = one();
    let blocked = |skip: Skip| {
        let mut case = read(0);
        case.standing = Some(Standing {
            status: Some(Status::Skipped),
            blocked: Some(skip),
            ..Standing::default()
        });
        case
    };
    let mut fragment = blocked(Skip::Fragment(Text::default()));
    let statements = first(CodeForm::Statements);
    assert_eq!(checked(&plan, &fragment), [statements]);
    assert_eq!(
        checked(&plan, &blocked(Skip::NeedsModule("x".into()))),
        [statements]
    );
    assert_eq!(checked(&plan, &blocked(Skip::NeedsInput)), []);
    let mut silent = plan.clone();
    silent.snippets[0].claims.clear();
    assert_eq!(checked(&silent, &fragment), [], "it says nothing");
    fragment.add(statements, Some(trace(&[])));
    assert_eq!(checked(&plan, &fragment), []);
}

#[test]
fn old_code_is_read_as_it_could_be_written_today_then_by_statement() {
    let plan = one();
    let mut case = read(0);
    case.draft = Some(old());
    assert_eq!(checked(&plan, &case), [first(CodeForm::Modern)]);
    case.add(first(CodeForm::Modern), Some(trace(&["TypeError"])));
    let statements = first(CodeForm::ModernStatements);
    assert_eq!(checked(&plan, &case), [statements]);
    let mut known = case.clone();
    known.standing.as_mut().unwrap().is_modern_known = true;
    assert_eq!(checked(&plan, &known), [], "the whole told enough");
    case.add(statements, None);
    assert_eq!(checked(&plan, &case), [], "nothing is tried twice");
}

#[test]
fn old_code_that_never_ends_is_read_by_statement_alone() {
    let mut plan = one();
    plan.snippets[0].facts = Analysis {
        endless: Some(Endless {
            line: 1,
            what: "while True".into(),
            certain: true,
        }),
        ..Analysis::default()
    };
    let mut case = read(0);
    case.draft = Some(old());
    assert_eq!(checked(&plan, &case), [first(CodeForm::ModernStatements)]);
    plan.snippets[0].claims.clear();
    assert_eq!(checked(&plan, &case), []);
}

#[test]
fn python_2_that_can_not_be_written_otherwise_is_read_for_its_claims() {
    let mut plan = plan(&[Language::Python2]);
    let mut case = Case::new(0, None);
    case.standing = Some(Standing::default());
    assert_eq!(checked(&plan, &case), []);
    plan.snippets[0].claims.push(Claim::default());
    assert_eq!(checked(&plan, &case), [first(CodeForm::Statements)]);
    case.draft = Some(old());
    assert_eq!(checked(&plan, &case), [first(CodeForm::Modern)]);
}

#[test]
fn what_is_recorded_or_false_is_read_under_other_conditions() {
    let plan = plan(&[Language::Python]);
    let with = |change: &dyn Fn(&mut Standing)| {
        let mut case = read(0);
        change(case.standing.as_mut().unwrap());
        case
    };
    let again = [second(CodeForm::Written)];
    let well = with(&|_| ());
    let stale = with(&|standing| standing.is_in_question = true);
    let differs = with(&|standing| standing.differs = true);
    let new = with(&|standing| standing.status = Some(Status::New));
    let skipped = with(&|standing| standing.status = Some(Status::Skipped));
    for (case, purpose, expected) in [
        (&well, Purpose::Check, &[][..]),
        (&well, Purpose::Review, &[]),
        (&well, Purpose::Record, &again),
        (&new, Purpose::Check, &[]),
        (&new, Purpose::Review, &again),
        (&skipped, Purpose::Record, &[]),
        (&stale, Purpose::Check, &again),
        (&differs, Purpose::Check, &again),
    ] {
        assert_eq!(next(&plan, case, purpose), expected, "{case:?} {purpose:?}");
    }
    let mut done = stale.clone();
    done.add(again[0], None);
    assert_eq!(checked(&plan, &done), [], "nothing is tried twice");
}

#[test]
fn every_form_that_told_something_false_is_read_under_other_conditions_at_once() {
    let mut plan = one();
    let mut case = read(0);
    let forms = [
        CodeForm::Statements,
        CodeForm::Modern,
        CodeForm::ModernStatements,
    ];
    for form in forms {
        case.add(first(form), Some(trace(&[])));
    }
    case.standing = Some(Standing {
        is_in_question: true,
        is_modern_known: true,
        ..Standing::default()
    });
    let of_script = [CodeForm::Written, CodeForm::Statements].map(second);
    assert_eq!(checked(&plan, &case), of_script);
    plan.snippets[0].code.prompts = true;
    let modern = second(CodeForm::ModernStatements);
    assert_eq!(checked(&plan, &case)[2], modern, "the form that told it");
}

#[test]
fn the_cheapest_are_read_first() {
    let plan = plan(&[Language::Python, Language::Python, Language::Python]);
    let mut stale = read(0);
    stale.standing.as_mut().unwrap().is_in_question = true;
    let mut with_draft = read(1);
    with_draft.draft = Some(old());
    let cases = [stale, with_draft, Case::new(2, None)];
    let wanted = cheapest(&plan, cases.iter(), Purpose::Check);
    assert_eq!(wanted, [(2, Reading::FIRST)]);
    let wanted = cheapest(&plan, cases[..2].iter(), Purpose::Check);
    assert_eq!(wanted, [(1, first(CodeForm::Modern))]);
    let wanted = cheapest(&plan, cases[..1].iter(), Purpose::Check);
    assert_eq!(wanted, [(0, second(CodeForm::Written))]);
}
