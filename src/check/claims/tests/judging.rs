//! Claims with the run that they are about.

use super::super::check;
use crate::model::{
    About, CheckedClaim, Claim, ClaimForm, ClaimVerdict, End, Event, EventKind, Lines, Options,
    Says, Tolerance, Trace, WhyUnchecked, Worth,
};

const PYTHON: (u8, u8, u8) = (3, 11, 7);

fn on(line: u32, kind: EventKind) -> Event {
    Event {
        line,
        top: line,
        kind,
    }
}

fn out(line: u32, text: &str) -> Event {
    on(line, EventKind::Stdout(text.into()))
}

fn value(line: u32, text: &str) -> Event {
    on(line, EventKind::Value(text.into()))
}

fn worth(line: u32, repr: &str, text: &str, class: &str) -> Event {
    on(
        line,
        EventKind::Worth(Worth {
            repr: repr.into(),
            text: text.into(),
            class: class.into(),
            receiver: false,
        }),
    )
}

fn receiver(line: u32, repr: &str) -> Event {
    on(
        line,
        EventKind::Worth(Worth {
            repr: repr.into(),
            text: String::new(),
            class: "list".into(),
            receiver: true,
        }),
    )
}

fn raised(line: u32, class: &str, message: &str, subject: &str) -> Event {
    on(
        line,
        EventKind::Raised {
            class: class.into(),
            message: message.into(),
            subject: subject.into(),
            traceback: format!(
                "Traceback (most recent call last):\n  File \"a.md\", line 1\n{class}: {message}\n"
            ),
        },
    )
}

fn trace(events: Vec<Event>) -> Trace {
    Trace {
        events,
        dropped: 0,
        end: End::Finished,
        in_replay: false,
        open: Vec::new(),
        seconds: 0.0,
    }
}

fn lines(first: usize, last: usize) -> Lines {
    Lines { first, last }
}

/// A comment on line 3 about the statement there.
fn comment(claimed: &str) -> Claim {
    Claim {
        lines: lines(3, 3),
        form: ClaimForm::Comment,
        about: About::Statement(lines(3, 3)),
        claimed: claimed.into(),
        ..Claim::default()
    }
}

/// Output below the prompt of line 3.
fn prompt(claimed: &str) -> Claim {
    Claim {
        form: ClaimForm::Prompt,
        about: About::Output(lines(3, 3)),
        ..comment(claimed)
    }
}

/// A section on the lines from 11 on about the lines 1 to 9.
fn section(claimed: &str) -> Claim {
    Claim {
        form: ClaimForm::Section,
        about: About::Output(lines(1, 9)),
        lines: lines(11, 10 + claimed.lines().count()),
        ..comment(claimed)
    }
}

fn saying(claim: Claim, says: Says) -> Claim {
    Claim { says, ..claim }
}

fn raises(claim: Claim, class: &str, message: Option<&str>) -> Claim {
    let says = Says::Raises {
        class: class.into(),
        message: message.map(str::to_owned),
    };
    saying(claim, says)
}

fn all(claim: &Claim, events: Vec<Event>) -> Vec<CheckedClaim> {
    check(
        std::slice::from_ref(claim),
        Some(&trace(events)),
        None,
        PYTHON,
    )
}

fn one(claim: &Claim, events: Vec<Event>) -> CheckedClaim {
    let mut all = all(claim, events);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[track_caller]
fn holds(claim: &Claim, events: Vec<Event>, tolerance: Tolerance) {
    let found = one(claim, events);
    assert_eq!(found.verdict, ClaimVerdict::Holds, "{found:?}");
    assert_eq!(found.tolerance, tolerance, "{found:?}");
}

#[track_caller]
fn stale(claim: &Claim, events: Vec<Event>, actual: &str, rewrite: Option<&str>) {
    let found = one(claim, events);
    assert_eq!(found.verdict, ClaimVerdict::Stale, "{found:?}");
    assert_eq!(found.actual, actual, "{found:?}");
    assert_eq!(found.rewrite.as_deref(), rewrite, "{found:?}");
}

#[track_caller]
fn unchecked(claim: &Claim, events: Vec<Event>, why: WhyUnchecked) {
    let found = one(claim, events);
    assert_eq!(found.verdict, ClaimVerdict::Unchecked, "{found:?}");
    assert_eq!(found.why, Some(why));
}

#[test]
fn a_value_beside_a_statement_is_what_it_printed_or_is_worth() {
    holds(&comment("3"), vec![out(3, "3\n")], Tolerance::Exact);
    holds(
        &comment("3"),
        vec![worth(3, "3", "", "int")],
        Tolerance::Exact,
    );
    holds(
        &comment("abc"),
        vec![worth(3, "'abc'", "abc", "str")],
        Tolerance::Repr,
    );
    holds(
        &comment("[1]"),
        vec![worth(3, "None", "", "NoneType"), receiver(3, "[1]")],
        Tolerance::Exact,
    );
    holds(&comment("3"), vec![out(3, "x = 3\n")], Tolerance::Repr);
    stale(&comment("1"), vec![out(3, "1.5\n")], "1.5", Some("1.5"));
    stale(
        &comment("1"),
        vec![worth(3, "1.5", "", "float")],
        "1.5",
        Some("1.5"),
    );
    stale(
        &comment("abc"),
        vec![worth(3, "'abd'", "abd", "str")],
        "abd",
        Some("abd"),
    );
    stale(
        &comment("'abc'"),
        vec![worth(3, "'abd'", "abd", "str")],
        "'abd'",
        Some("'abd'"),
    );
    stale(
        &comment("\"abc\""),
        vec![worth(3, "'abd'", "abd", "str")],
        "'abd'",
        Some("\"abd\""),
    );
    stale(
        &comment("'abc'"),
        vec![out(3, "abd\n")],
        "abd",
        Some("'abd'"),
    );
    stale(
        &comment("[1, 2]"),
        vec![worth(3, "None", "", "NoneType"), receiver(3, "[2, 1]")],
        "[2, 1]",
        Some("[2, 1]"),
    );
    stale(
        &comment("['a']"),
        vec![worth(3, "dict_keys(['a'])", "", "dict_keys")],
        "dict_keys(['a'])",
        Some("dict_keys(['a'])"),
    );
    stale(
        &comment("[1]"),
        vec![worth(3, "<map object at 0x7f3a4c0d>", "", "map")],
        "<map object at 0x7f3a4c0d>",
        None,
    );
}

#[test]
fn a_comment_may_be_about_something_else() {
    let other = || WhyUnchecked::OfSomethingElse;
    unchecked(
        &comment("3"),
        vec![worth(3, "None", "", "NoneType")],
        other(),
    );
    unchecked(&comment("3"), vec![worth(3, "[1, 2]", "", "list")], other());
    unchecked(
        &comment("3"),
        vec![worth(3, "None", "", "NoneType"), receiver(3, "[1]")],
        other(),
    );
    unchecked(
        &comment("True"),
        vec![worth(3, "<re.Match object>", "", "Match")],
        other(),
    );
    stale(&comment("3"), vec![out(3, "abc\n")], "abc", Some("abc"));
}

#[test]
fn a_loop_may_be_shown_in_any_way() {
    let three = || vec![out(3, "1\n"), out(3, "2\n"), out(3, "3\n")];
    holds(&comment("1 2 3"), three(), Tolerance::Repr);
    holds(&comment("1, 2, 3"), three(), Tolerance::Repr);
    holds(&comment("2"), three(), Tolerance::Exact);
    holds(&comment("1\n2\n3"), three(), Tolerance::Exact);
    stale(&comment("1 2 4"), three(), "1\n2\n3", Some("1 2 3"));
    stale(&comment("5"), three(), "1\n2\n3", None);
    let called = |line, text: &str| Event {
        line,
        top: 3,
        kind: EventKind::Stdout(text.into()),
    };
    holds(&comment("hi"), vec![called(1, "hi\n")], Tolerance::Exact);
    stale(&comment("hi"), vec![called(1, "ho\n")], "ho", Some("ho"));
}

#[test]
fn what_was_not_reached_is_not_checked() {
    unchecked(&comment("3"), vec![], WhyUnchecked::NotSeen);
    unchecked(
        &comment("3"),
        vec![raised(2, "TypeError", "no", "")],
        WhyUnchecked::EndedOn(2),
    );
    unchecked(&section("3"), vec![], WhyUnchecked::NotSeen);
    let mut stopped = trace(vec![out(1, "1\n")]);
    stopped.end = End::Signal(9);
    let found = check(&[section("1\n2")], Some(&stopped), None, PYTHON);
    assert_eq!(found[0].why, Some(WhyUnchecked::Stopped));
    let mut left = trace(vec![]);
    left.end = End::Exit(0);
    let found = check(&[prompt("1")], Some(&left), None, PYTHON);
    assert_eq!(found[0].why, Some(WhyUnchecked::Stopped));
    let mut replayed = trace(vec![]);
    replayed.in_replay = true;
    let found = check(&[comment("3")], Some(&replayed), None, PYTHON);
    assert_eq!(found[0].why, Some(WhyUnchecked::EarlierNotRun));
    let found = check(&[comment("3")], None, None, PYTHON);
    assert_eq!(found[0].why, Some(WhyUnchecked::NotRun));
}

#[test]
fn what_is_said_of_another_python_or_left_out_is_not_checked() {
    let mut claim = comment("1");
    claim.scope = Some("<3".into());
    unchecked(
        &claim,
        vec![out(3, "1.5\n")],
        WhyUnchecked::OtherPython("<3".into()),
    );
    claim.scope = Some(">=3".into());
    stale(&claim, vec![out(3, "1.5\n")], "1.5", Some("1.5"));
    claim.options = Options {
        skip: true,
        ..Options::default()
    };
    unchecked(&claim, vec![out(3, "1.5\n")], WhyUnchecked::Doctest);
    unchecked(
        &prompt("..."),
        vec![value(3, "1")],
        WhyUnchecked::AllLeftOut,
    );
}

#[test]
fn an_exception_in_place_of_a_value_is_stale_unless_it_tells_nothing() {
    stale(
        &prompt("True"),
        vec![raised(3, "TypeError", "'<' not supported", "")],
        "TypeError: '<' not supported",
        None,
    );
    stale(
        &section("1\n2\n3"),
        vec![out(1, "1\n"), raised(2, "TypeError", "no", "")],
        "1\nTypeError: no",
        None,
    );
    stale(
        &prompt("u'a'"),
        vec![raised(
            3,
            "NameError",
            "name 'unicode' is not defined",
            "unicode",
        )],
        "NameError: name 'unicode' is not defined",
        None,
    );
    for (class, message, subject, why) in [
        (
            "NameError",
            "name 'x' is not defined",
            "x",
            WhyUnchecked::Undefined("x".into()),
        ),
        (
            "ModuleNotFoundError",
            "No module named 'numpy'",
            "numpy",
            WhyUnchecked::NoModule("numpy".into()),
        ),
        ("urllib.error.URLError", "no", "", WhyUnchecked::Network),
        (
            "FileNotFoundError",
            "[Errno 2] No such file: 'a'",
            "a",
            WhyUnchecked::NoFile("[Errno 2] No such file: 'a'".into()),
        ),
        (
            "EOFError",
            "EOF when reading a line",
            "",
            WhyUnchecked::Input,
        ),
    ] {
        unchecked(&prompt("3"), vec![raised(3, class, message, subject)], why);
    }
    holds(
        &section("1"),
        vec![out(1, "1\n"), raised(2, "NameError", "x", "x")],
        Tolerance::Exact,
    );
}

#[test]
fn exceptions_agree_by_class_and_message() {
    let zero = || vec![raised(3, "ZeroDivisionError", "division by zero", "")];
    let claim = |class, message| raises(prompt("ZeroDivisionError: x"), class, message);
    holds(
        &claim("ZeroDivisionError", Some("division by zero")),
        zero(),
        Tolerance::Exact,
    );
    holds(&claim("ZeroDivisionError", None), zero(), Tolerance::Exact);
    holds(&claim("", None), zero(), Tolerance::Exact);
    holds(&claim("ArithmeticError", None), zero(), Tolerance::Repr);
    holds(
        &claim("ZeroDivisionError", Some("division ...")),
        zero(),
        Tolerance::Elided,
    );
    let wrong = "ZeroDivisionError: division by zero";
    stale(&claim("TypeError", None), zero(), wrong, None);
    stale(
        &claim(
            "ZeroDivisionError",
            Some("integer division or modulo by zero"),
        ),
        zero(),
        wrong,
        Some(wrong),
    );
    let mut detail = claim("ZeroDivisionError", Some("other"));
    detail.options.ignore_detail = true;
    holds(&detail, zero(), Tolerance::Exact);
    let json = vec![raised(3, "json.decoder.JSONDecodeError", "x", "")];
    holds(&claim("JSONDecodeError", None), json, Tolerance::Exact);
    let io = |class| vec![raised(3, class, "[Errno 2] x", "")];
    holds(
        &claim("IOError", Some("[Errno 2] x")),
        io("OSError"),
        Tolerance::Exact,
    );
    holds(
        &claim("IOError", None),
        io("FileNotFoundError"),
        Tolerance::Repr,
    );
    let spoken = raises(
        comment("ZeroDivisionError: 不能除以零"),
        "ZeroDivisionError",
        Some("不能除以零"),
    );
    holds(&spoken, zero(), Tolerance::Repr);
}

#[test]
fn a_traceback_keeps_all_but_its_last_line_when_it_is_rewritten() {
    let shown = "Traceback (most recent call last):\n  File \"<stdin>\", line 1\nValueError: old";
    let claim = raises(prompt(shown), "ValueError", Some("old"));
    let found = one(&claim, vec![raised(3, "ValueError", "new", "")]);
    assert_eq!(
        found.rewrite.as_deref(),
        Some(&*shown.replace("old", "new"))
    );
    let text = prompt("1\nTraceback (most recent call last):\n  ...\nValueError: old");
    let events = |message| vec![out(3, "1\n"), raised(3, "ValueError", message, "")];
    holds(&text, events("old"), Tolerance::Exact);
    stale(&text, events("new"), "1\nValueError: new", None);
}

#[test]
fn an_exception_that_does_not_come_is_stale_where_the_code_ran() {
    stale(
        &raises(prompt("TypeError"), "TypeError", None),
        vec![],
        "no error",
        None,
    );
    stale(
        &raises(comment("TypeError"), "TypeError", None),
        vec![worth(3, "3", "", "int")],
        "no error",
        None,
    );
    let claim = raises(comment("TypeError"), "TypeError", None);
    unchecked(&claim, vec![], WhyUnchecked::NotRaised);
    unchecked(
        &claim,
        vec![out(3, "got <class 'TypeError'>\n")],
        WhyUnchecked::Caught,
    );
    holds(&claim, vec![out(3, "TypeError\n")], Tolerance::Exact);
    unchecked(
        &claim,
        vec![raised(1, "ValueError", "x", "")],
        WhyUnchecked::EndedOn(1),
    );
}

#[test]
fn types_are_told_by_name() {
    let claim = |claimed, name: &str| saying(comment(claimed), Says::Type(name.into()));
    let float = || vec![worth(3, "1.5", "", "float")];
    holds(&claim("返回浮点数", "float"), float(), Tolerance::Repr);
    stale(&claim("返回整数", "int"), float(), "float", None);
    stale(&claim("int", "int"), float(), "float", Some("float"));
    holds(
        &claim("<class 'int'>", "int"),
        vec![out(3, "<class 'int'>\n")],
        Tolerance::Exact,
    );
    stale(
        &claim("<type 'str'>", "unicode"),
        vec![out(3, "<class 'str'>\n")],
        "str",
        Some("<class 'str'>"),
    );
    let map = vec![worth(3, "<map object at 0x7f>", "", "map")];
    holds(&claim("an iterator", "iterator"), map, Tolerance::Repr);
    holds(
        &claim("a float", "float"),
        vec![out(3, "1.5\n")],
        Tolerance::Repr,
    );
    unchecked(
        &claim("a str", "str"),
        vec![out(3, "some text\n")],
        WhyUnchecked::NoType,
    );
}

#[test]
fn nothing_printed_is_a_claim_too() {
    let claim = saying(comment("无输出"), Says::Nothing);
    holds(&claim, vec![out(4, "x\n")], Tolerance::Exact);
    stale(&claim, vec![out(3, "x\n")], "x", None);
    unchecked(
        &claim,
        vec![raised(1, "ValueError", "x", "")],
        WhyUnchecked::EndedOn(1),
    );
}

#[test]
fn a_comparison_holds_where_it_is_true() {
    let claim = Claim {
        form: ClaimForm::Equality,
        ..comment("True")
    };
    holds(&claim, vec![worth(3, "True", "", "bool")], Tolerance::Exact);
    stale(&claim, vec![worth(3, "False", "", "bool")], "False", None);
    unchecked(
        &claim,
        vec![worth(3, "array([True])", "", "ndarray")],
        WhyUnchecked::NoTruth,
    );
    unchecked(&claim, vec![], WhyUnchecked::NotSeen);
}

#[test]
fn each_line_of_a_section_is_told_where_lines_correspond() {
    let mut claim = section("a\n<type 'str'> 3\n\nc");
    claim.bytes = vec![0..1, 2..16, 17..17, 18..19];
    let events = vec![out(1, "a\n"), out(2, "<class 'str'> 4\n"), out(3, "c\n")];
    let found = all(&claim, events);
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.claim.lines.first, one.verdict, one.rewrite.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (11, ClaimVerdict::Holds, None),
            (12, ClaimVerdict::Stale, Some("<class 'str'> 4")),
            (14, ClaimVerdict::Holds, None),
        ]
    );
    assert_eq!(found[1].claim.bytes, vec![2usize..16; 1]);
    assert_eq!(found[1].actual, "<class 'str'> 4");
    // Of lines that did not come only values are taken away.
    stale(&section("a\nb"), vec![out(1, "a\n")], "a", None);
    stale(&section("1\n2"), vec![out(1, "1\n")], "1", Some("1"));
}

#[test]
fn a_value_over_several_lines_is_one_value() {
    let claim = section("{'b': 2,\n 'a': 1}");
    let found = all(&claim, vec![out(1, "{'a': 1,\n 'b': 2}\n")]);
    assert!(
        found
            .iter()
            .all(|one| one.verdict == ClaimVerdict::Holds && one.tolerance == Tolerance::Order)
    );
}

#[test]
fn what_is_left_out_stays_left_out() {
    stale(
        &prompt("[1, 2, ...]"),
        vec![value(3, "[1, 3, 5, 7]")],
        "[1, 3, 5, 7]",
        Some("[1, 3, ...]"),
    );
    stale(
        &prompt("{'a': 1, ..., 'z': 2}"),
        vec![value(3, "{'a': 2, 'b': (1, 2), 'z': 3}")],
        "{'a': 2, 'b': (1, 2), 'z': 3}",
        Some("{'a': 2, ..., 'z': 3}"),
    );
    stale(
        &prompt("1230....76L"),
        vec![value(3, "123000000000000000076")],
        "123000000000000000076",
        Some("1230....76"),
    );
    stale(
        &prompt("<type 'str'>, 9"),
        vec![value(3, "(<class 'str'>, 4)")],
        "(<class 'str'>, 4)",
        Some("<class 'str'>, 4"),
    );
}

#[test]
fn what_varies_is_never_written_down() {
    let (first, second) = (trace(vec![value(3, "17")]), trace(vec![value(3, "19")]));
    let found = check(&[prompt("abc")], Some(&first), Some(&second), PYTHON).remove(0);
    assert_eq!(found.verdict, ClaimVerdict::Stale);
    assert!(found.varies);
    assert_eq!(found.rewrite, None);
    let found = check(&[prompt("12")], Some(&first), Some(&second), PYTHON).remove(0);
    assert_eq!(
        (found.verdict, found.tolerance),
        (ClaimVerdict::Holds, Tolerance::Volatile)
    );
    let found = check(&[prompt("'17'")], Some(&first), Some(&first), PYTHON).remove(0);
    assert!(!found.varies);
}

#[test]
fn what_a_child_or_standard_error_wrote_is_seen_where_the_note_shows_it() {
    let child = vec![
        value(2, "1"),
        Event {
            line: 0,
            top: 0,
            kind: EventKind::Stdout("hi\n".into()),
        },
        value(3, "0"),
    ];
    holds(&prompt("hi\n0"), child, Tolerance::Exact);
    let logged = vec![on(3, EventKind::Stderr("WARNING:root:x\n".into()))];
    holds(&prompt("WARNING:root:x"), logged, Tolerance::Exact);
}

#[test]
fn what_depends_on_the_machine_is_not_checked() {
    let mut claim = prompt("'/home/me'");
    claim.source = "os.environ['HOME']".into();
    unchecked(
        &claim,
        vec![value(3, "'/root'")],
        WhyUnchecked::OfTheMachine,
    );
}
