//! Tests of drafts, and of what a run of them proves.

use super::*;
use crate::check::explain;
use crate::model::{Claim, Event, EventKind, Lines, Reading};
use crate::notes::python2::modernize;

/// A snippet of these pieces, each on the lines right below the one before.
fn snippet(prompts: bool, pieces: &[&str]) -> (Snippet, Block) {
    let mut line = 1;
    let pieces = pieces.iter().map(|text| {
        let piece = Stretch::new(line, *text);
        line += text.lines().count();
        piece
    });
    let written = Code {
        prompts,
        pieces: pieces.collect(),
    };
    let code = if prompts {
        written.clone()
    } else {
        Code::script(1, modernize(&written.pieces[0].text).text)
    };
    let language = if prompts {
        Language::Pycon
    } else {
        Language::Python2
    };
    let snippet = Snippet {
        code,
        written: (!prompts).then_some(written),
        ..Snippet::default()
    };
    let block = Block {
        language,
        ..Block::default()
    };
    (snippet, block)
}

/// The findings for the syntax in some code.
fn findings(snippet: &Snippet) -> Vec<Finding> {
    let pieces = snippet.source().pieces.iter();
    let idioms: Vec<_> = pieces
        .flat_map(|piece| {
            let mut idioms = modernize(&piece.text).idioms;
            for idiom in &mut idioms {
                idiom.line += piece.line as usize;
            }
            idioms
        })
        .collect();
    explain::syntax(&idioms)
}

fn raised(top: u32) -> Event {
    Event {
        line: top,
        top,
        kind: EventKind::Raised {
            class: "NameError".into(),
            message: String::new(),
            subject: "x".into(),
            traceback: String::new(),
        },
    }
}

/// A draft that ran.
struct Run {
    draft: Draft,
    ran: Code,
    trace: Trace,
}

fn run(draft: Draft, ran: Code, events: Vec<Event>, end: End) -> Run {
    let trace = Trace {
        events,
        dropped: 0,
        end,
        in_replay: false,
        open: Vec::new(),
        seconds: 0.0,
    };
    Run { draft, ran, trace }
}

const VERSION: (u8, u8, u8) = (3, 11, 0);

/// The helps of the findings, and what is to be written.
fn proven(run: &Run, snippet: &Snippet) -> (Vec<String>, Rewrite) {
    let tried = Tried {
        draft: &run.draft,
        ran: run.ran.clone(),
        trace: &run.trace,
        second: None,
    };
    let mut found = findings(snippet);
    tried.help(&mut found, snippet, VERSION);
    let helps = found.into_iter().map(|finding| finding.help.unwrap().en);
    (helps.collect(), tried.proven(snippet, VERSION))
}

#[test]
fn a_script_is_proven_as_a_whole() {
    let (script, block) = snippet(false, &["x = 1\nprint x, \\\n  0777\n"]);
    let draft = draft(&script, &block, &[], &[]).unwrap();
    let ran = draft.code.clone();
    assert_eq!(ran.pieces[0].text, "x = 1\nprint(x, \\\n  0o777)\n");
    let good = run(draft.clone(), ran.clone(), Vec::new(), End::Exit(0));
    let (helps, rewrite) = proven(&good, &script);
    assert_eq!(helps, ["write `print(x, 0o777)`"; 2]);
    assert_eq!((rewrite.changes(), rewrite.unproven), (true, vec![]));
    for (events, end) in [
        (vec![raised(1)], End::Finished),
        (vec![raised(0)], End::Finished),
        (Vec::new(), End::Exit(1)),
        (Vec::new(), End::Limit(crate::model::Limit::Cpu)),
    ] {
        let bad = run(draft.clone(), ran.clone(), events, end);
        let (helps, rewrite) = proven(&bad, &script);
        assert!(
            helps.iter().all(|help| !help.contains("print(x, ")),
            "{helps:?}"
        );
        assert!(!rewrite.changes());
        assert_eq!(rewrite.unproven, [2, 3]);
    }
}

#[test]
fn of_statements_one_by_one_each_proves_its_own_help_and_all_of_them_the_script() {
    let (script, block) = snippet(false, &["print a\nb\nprint 1\n"]);
    let draft = draft(&script, &block, &[], &[]).unwrap();
    let ran = crate::plan::statements(&draft.code);
    let raises = |line| {
        run(
            draft.clone(),
            ran.clone(),
            vec![raised(line)],
            End::Finished,
        )
    };
    let (helps, rewrite) = proven(&raises(1), &script);
    assert_eq!(helps[1], "write `print(1)`");
    assert_ne!(helps[0], "write `print(a)`");
    assert!(!rewrite.changes());
    let (helps, rewrite) = proven(&raises(2), &script);
    assert_eq!(helps, ["write `print(a)`", "write `print(1)`"]);
    assert!(rewrite.changes());
}

#[test]
fn of_a_session_only_old_inputs_are_rewritten() {
    let (session, block) = snippet(true, &["print 1\n", "print 2\n", "x\n"]);
    let found = findings(&session);
    assert_eq!(draft(&session, &block, &[], &[]), None);
    let some = draft(&session, &block, &found[..1], &[]).unwrap();
    let texts: Vec<_> = some.code.pieces.iter().map(|piece| &piece.text).collect();
    assert_eq!(texts, ["print(1)\n", "print 2\n", "x\n"]);
    let all = draft(&session, &block, &found, &[]).unwrap();
    let all = run(
        all.clone(),
        all.code,
        vec![raised(2), raised(3)],
        End::Finished,
    );
    let (helps, rewrite) = proven(&all, &session);
    assert_eq!(helps[0], "write `print(1)`");
    assert_eq!(rewrite.modern, some.code);
    assert_eq!(rewrite.unproven, [2]);
}

#[test]
fn what_the_note_shows_to_fail_and_what_can_only_be_read_is_no_draft() {
    let (mut script, block) = snippet(false, &["print 1\n"]);
    let lines = Lines { first: 1, last: 1 };
    script.claims.push(Claim {
        about: About::Statement(lines),
        says: Says::Raises {
            class: "SyntaxError".into(),
            message: None,
        },
        ..Claim::default()
    });
    assert_eq!(draft(&script, &block, &[], &[]), None);
    let (script, block) = snippet(false, &["def f((a, b)):\n  if a: print b\n"]);
    assert_eq!(draft(&script, &block, &[], &[]), None);
}

/// The draft of a script, with the names in it that are gone.
fn with_names(source: &str) -> (String, Vec<(usize, String)>) {
    let (script, block) = snippet(false, &[source]);
    let version = explain::history::Version(3, 11);
    let text = &script.code.pieces[0].text;
    let old = explain::code::old(text, 1, &explain::code::Scope::default(), version);
    let draft = draft(&script, &block, &[], &old).unwrap();
    let changes = draft.changes.iter();
    let told = changes.map(|change| (change.line, change.modern.clone()));
    (draft.code.pieces[0].text.clone(), told.collect())
}

#[test]
fn names_are_rewritten_in_what_the_syntax_became() {
    let (text, changes) = with_names("for i in xrange(3):\n    print `i`, d.has_key(i)\n");
    assert_eq!(text, "for i in range(3):\n    print(repr(i), i in d)\n");
    assert!(
        changes.contains(&(1, "for i in range(3):".into())),
        "{changes:?}"
    );
    assert!(
        changes.contains(&(2, "print(repr(i), i in d)".into())),
        "{changes:?}"
    );
}

#[test]
fn an_import_that_is_missing_stands_on_the_first_line() {
    let (text, changes) = with_names("x = 1\nprint reduce(f, a), reduce(g, b)\n");
    assert_eq!(
        text,
        "from functools import reduce; x = 1\nprint(reduce(f, a), reduce(g, b))\n"
    );
    let import = (2, "from functools import reduce".to_owned());
    assert!(changes.contains(&import), "{changes:?}");
}

#[test]
fn statements_one_by_one_count_where_the_whole_did_not_end_well() {
    let (script, block) = snippet(false, &["print 1\nprint 2\n"]);
    let draft = draft(&script, &block, &[], &[]).unwrap();
    let of = |runs: &[(CodeForm, Vec<Event>)]| {
        let mut case = Case::new(0, Some(draft.clone()));
        for (form, events) in runs {
            let ran = run(
                draft.clone(),
                Code::default(),
                events.clone(),
                End::Finished,
            );
            case.add(Reading::of(*form, Conditions::First), Some(ran.trace));
        }
        tried(&script, &case, VERSION).map(|tried| tried.is_whole())
    };
    let whole = |events: Vec<Event>| (CodeForm::Modern, events);
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[whole(Vec::new())]), Some(true));
    assert_eq!(of(&[whole(vec![raised(1)])]), None);
    let by_statement = (CodeForm::ModernStatements, vec![raised(1)]);
    assert_eq!(of(&[whole(vec![raised(1)]), by_statement]), Some(false));
}
