//! What a note says, what came, and under which tolerance the two agree.

use super::super::context::Context;
use super::super::text::compare;
use crate::model::Tolerance::{self, Elided, Exact, Float, Order, Repr, Volatile};
use crate::model::{Claim, ClaimForm, Options};

type Row = (&'static str, &'static str, Option<Tolerance>);

fn all(rows: &[Row], context: &Context) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(claimed, actual, expected)| {
            let found = compare(claimed, actual, context);
            (found != *expected).then(|| format!("{claimed:?} {actual:?}: {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn white_space_at_the_edges_never_counts() {
    all(
        &[
            ("3", "3", Some(Exact)),
            ("3  ", "3\n", Some(Exact)),
            ("3\n", "3\n\n\n", Some(Exact)),
            ("a\nb", "a  \nb\n", Some(Exact)),
            ("a\r\nb", "a\nb", Some(Exact)),
            ("    a\n      b", "a\n  b", Some(Exact)),
            ("a\n<BLANKLINE>\nb", "a\n\nb", Some(Exact)),
            ("", "", Some(Exact)),
            ("a\nb", "a\n\nb", Some(Repr)),
            ("a  b", "a b", Some(Repr)),
            ("中国 3", "中国 3", Some(Exact)),
            ("", "3", None),
            ("3", "", None),
            ("ab", "a b", None),
            ("a\nb", "a b", None),
            ("1 2 3", "1\n2\n3", None),
        ],
        &Context::default(),
    );
}

#[test]
fn values_are_the_same_in_other_clothes() {
    all(
        &[
            ("abc", "'abc'", Some(Repr)),
            ("'abc'", "abc", Some(Repr)),
            ("\"abc\"", "'abc'", Some(Repr)),
            ("'it\\'s'", "\"it's\"", Some(Repr)),
            ("hello world", "'hello world'", Some(Repr)),
            ("list[A]", "list[__main__.A]", Some(Repr)),
            ("one  # the first\ntwo", "one\ntwo", Some(Repr)),
            ("one  # the first", "two", None),
            ("one # 1", "one # 2", None),
            (
                "made <class 'A'>.",
                "made <class '__main__.A'>.",
                Some(Repr),
            ),
            ("list[B]", "list[__main__.A]", None),
            ("list[__main__.B]", "list[__main__.A]", None),
            ("[1,2,3]", "[1, 2, 3]", Some(Repr)),
            ("[ 1, 2 ]", "[1, 2]", Some(Repr)),
            ("[1, 2, 3,]", "[1, 2, 3]", Some(Repr)),
            ("[1,\n 2]", "[1, 2]", Some(Repr)),
            ("{'a': 1,\n 'b': 2}", "{'a': 1, 'b': 2}", Some(Repr)),
            ("1, 2", "(1, 2)", Some(Repr)),
            ("1,2", "(1, 2)", Some(Repr)),
            ("<class 'str'>, 4", "(<class 'str'>, 4)", Some(Repr)),
            ("int", "<class 'int'>", Some(Repr)),
            ("Foo", "<class '__main__.Foo'>", Some(Repr)),
            ("[int, str]", "[<class 'int'>, <class 'str'>]", Some(Repr)),
            ("1, 2", "1 2", Some(Repr)),
            ("'a', 1", "a 1", Some(Repr)),
            ("1 2 , 3", "1 2, 3", Some(Repr)),
            ("[a, b]", "['a', 'b']", Some(Repr)),
            ("1+2j", "(1+2j)", Some(Repr)),
            ("'ab'", "('a'\n 'b')", Some(Repr)),
            ("Point(x=1,y=2)", "Point(x=1, y=2)", Some(Repr)),
            ("<class '__main__.A'>", "<class 'A'>", Some(Repr)),
            ("b\"x\"", "b'x'", Some(Repr)),
            ("3", "'3'", Some(Repr)),
        ],
        &Context::default(),
    );
}

#[test]
fn what_is_changed_is_stale() {
    all(
        &[
            ("1", "1.5", None),
            ("1", "2", None),
            ("1", "-1", None),
            ("-1", "1", None),
            ("1", "1.0", None),
            ("1.0", "1", None),
            ("1.5", "-1.5", None),
            ("12", "1 2", None),
            ("True", "False", None),
            ("True", "1", None),
            ("true", "True", None),
            ("none", "None", None),
            ("None", "'None'", None),
            ("True", "'True'", None),
            ("[1, 2]", "[1, 2, 3]", None),
            ("[1, 2, 3]", "[1, 2]", None),
            ("[1, 2]", "[2, 1]", None),
            ("(1, 2)", "[1, 2]", None),
            ("(1, 2)", "1 2", None),
            ("[1, 2]", "(1, 2)", None),
            ("[1, 2]", "{1, 2}", None),
            ("[1]", "['1']", None),
            ("['a']", "['b']", None),
            ("['a']", "dict_keys(['a'])", None),
            ("{'a': 1}", "{'a': 2}", None),
            ("{'a': 1}", "{'b': 1}", None),
            ("{'a': 1}", "{'a': 1, 'b': 2}", None),
            ("{1, 2}", "{1, 3}", None),
            ("{}", "set()", None),
            ("{1: 2}", "{1, 2}", None),
            ("'abc'", "'abd'", None),
            ("'a b'", "'a  b'", None),
            ("'abc'", "'ABC'", None),
            ("abc", "abd", None),
            ("hello world", "hello world!", None),
            ("'abc'", "b'abc'", None),
            ("abc", "b'abc'", None),
            ("Point(x=1, y=2)", "Point(x=1, y=3)", None),
            ("Point(x=1)", "Pair(x=1)", None),
            ("dict_keys(['a', 'b'])", "dict_keys(['b', 'a'])", None),
            ("OrderedDict([('a', 1)])", "OrderedDict({'a': 1})", None),
            ("int", "<class 'str'>", None),
            ("<class 'int'>", "<class 'str'>", None),
            ("[0, 1, 2]", "range(0, 3)", None),
            ("[2, 4]", "<map object at 0x7f0000000000>", None),
            ("0xff", "0xfe", None),
            ("1, 2", "(1, 3)", None),
            ("1, 2", "[1, 2]", None),
            ("a\nb\nc", "a\nb", None),
            ("a\nb", "b\na", None),
            ("x = 3", "x = 4", None),
            ("3 items", "4 items", None),
            ("2147483647", "9223372036854775807", None),
            ("2000-01-01", "2000-01-02", None),
            ("1:00:00", "2:00:00", None),
            ("3.11.7", "3.11.8", None),
        ],
        &Context::default(),
    );
}

#[test]
fn what_python_2_showed_is_stale() {
    all(
        &[
            ("<type 'str'>", "<class 'str'>", None),
            ("<type 'str'>, 9", "(<class 'str'>, 4)", None),
            ("<type 'unicode'> 中国人 3", "<class 'str'> 中国人 3", None),
            ("u'x'", "'x'", None),
            ("u'x'", "x", None),
            ("[u'x']", "['x']", None),
            ("u'\\u4e2d'", "'中'", None),
            ("'\\xe4\\xb8\\xad'", "'中'", None),
            ("10L", "10", None),
            ("[10L]", "[10]", None),
            ("2147483648L", "2147483648", None),
            ("1230....76L", "123000000076", None),
            ("set([1])", "{1}", None),
            ("set([1, 2])", "{1, 2}", None),
            (
                "<__main__.A instance at 0x10e4a8>",
                "<__main__.A object at 0x7f3a4c0d>",
                None,
            ),
            ("('a', 1)", "a 1", None),
            ("xrange(3)", "range(0, 3)", None),
            ("<unbound method A.f>", "<function A.f at 0x7f3a4c0d>", None),
        ],
        &Context::default(),
    );
}

#[test]
fn sets_and_dicts_have_no_order() {
    all(
        &[
            ("{2, 1}", "{1, 2}", Some(Order)),
            ("{'b': 2, 'a': 1}", "{'a': 1, 'b': 2}", Some(Order)),
            ("frozenset({2, 1})", "frozenset({1, 2})", Some(Order)),
            ("[{2, 1}, 3]", "[{1, 2}, 3]", Some(Order)),
            ("{'x': {2, 1}}", "{'x': {1, 2}}", Some(Order)),
            (
                "Counter({'b': 1, 'a': 1})",
                "Counter({'a': 1, 'b': 1})",
                Some(Order),
            ),
            ("{2, 1,\n 3}", "{1, 2, 3}", Some(Order)),
            (
                "OrderedDict({'b': 1, 'a': 1})",
                "OrderedDict({'a': 1, 'b': 1})",
                None,
            ),
            ("{2, 1}", "{1, 3}", None),
            ("{1, 1}", "{1, 2}", None),
        ],
        &Context::default(),
    );
}

#[test]
fn floats_agree_to_the_digits_shown() {
    all(
        &[
            ("3.14", "3.141592653589793", Some(Float)),
            ("3.1416", "3.141592653589793", Some(Float)),
            ("0.333333333333", "0.3333333333333333", Some(Float)),
            ("-3.14", "-3.141592653589793", Some(Float)),
            (
                "[3.14, 2.72]",
                "[3.141592653589793, 2.718281828459045]",
                Some(Float),
            ),
            (
                "pi is 3.14, e is 2.72",
                "pi is 3.14159, e is 2.71828",
                Some(Float),
            ),
            ("0.3", "0.30000000000000004", None),
            ("0.1", "0.1000001", None),
            ("1.0", "1.0000000000000002", None),
            ("3.15", "3.141592653589793", None),
            ("3.14", "-3.141592653589793", None),
            ("1e+16", "1e+17", None),
            ("nan", "inf", None),
            ("'3.14'", "'3.14159'", None),
        ],
        &Context::default(),
    );
}

#[test]
fn what_is_left_out_stands_for_anything() {
    all(
        &[
            ("[1, 2, ...]", "[1, 2, 3, 4]", Some(Elided)),
            ("[1, 2, ..., 9]", "[1, 2, 3, 9]", Some(Elided)),
            ("[1, 2 ...]", "[1, 2, 3]", Some(Elided)),
            ("[1, 2, 3...]", "[1, 2, 3, 4]", Some(Elided)),
            ("[..., 4]", "[1, 2, 4]", Some(Elided)),
            (
                "{'x': 123, ......}",
                "{'__name__': 'a', 'x': 123}",
                Some(Elided),
            ),
            ("{...}", "{1, 2}", Some(Elided)),
            ("{'a': ...}", "{'a': [1, 2]}", Some(Elided)),
            ("123....890", "1234567890", Some(Elided)),
            ("'abc...xyz'", "'abc def xyz'", Some(Elided)),
            ("abc……", "abcdef", Some(Elided)),
            ("abc…", "abcdef", Some(Elided)),
            ("a\n...\nc", "a\nb\nb\nc", Some(Elided)),
            ("0\n1\n...", "0\n1\n2\n3", Some(Elided)),
            ("...\ndone", "1\n2\ndone", Some(Elided)),
            (
                "<function f at 0x...>",
                "<function f at 0x7f12>",
                Some(Elided),
            ),
            ("<function f ...>", "<function f at 0x7f12>", Some(Elided)),
            ("['__add__', ...]", "['__add__', '__class__']", Some(Elided)),
            ("[1, 3, ...]", "[1, 2, 3, 4]", None),
            ("[1, 2, ..., 9]", "[1, 2, 3, 8]", None),
            ("{'x': 1, ...}", "{'a': <odd repr, 'x': 1}", Some(Elided)),
            ("{'x': 2, ...}", "{'a': <odd repr, 'x': 1}", None),
            ("{'y': 1, ...}", "{'x': 1, 'z': 2}", None),
            ("123....891", "1234567890", None),
            ("abc...", "abd", None),
            ("a\n...\nd", "a\nb\nc", None),
            ("[...]", "{1: 2}", None),
        ],
        &Context::default(),
    );
}

#[test]
fn shapes_are_enough_for_what_differs_in_every_run() {
    all(
        &[
            (
                "<__main__.Pet at 0x10e>",
                "<__main__.Pet object at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "[<__main__.Pet at 0x10e>]",
                "[<__main__.Cat object at 0x7f3a>]",
                None,
            ),
            (
                "<__main__.Foo object at 0x10e>",
                "<__main__.Foo object at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "<test.Foo object at 0x10e>",
                "<__main__.Foo object at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "<Foo object at 0x10e>",
                "<__main__.Foo object at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "<function f at 0x10e>",
                "<function f at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "<generator object <genexpr> at 0x10e>",
                "<generator object <genexpr> at 0x7f3a>",
                Some(Volatile),
            ),
            (
                "[<map object at 0x1>, 2]",
                "[<map object at 0x7f3a>, 2]",
                Some(Volatile),
            ),
            (
                "f is <function f at 0x1>!",
                "f is <function f at 0x7f3a>!",
                Some(Volatile),
            ),
            ("took 0.00012s", "took 1.5s", Some(Volatile)),
            ("用了 1.23 秒", "用了 0.02 秒", Some(Volatile)),
            (
                "100 loops, best of 3: 1.2 usec per loop",
                "5 loops, best of 5: 40 msec per loop",
                Some(Volatile),
            ),
            (
                "2015-04-19 12:20:00",
                "2026-01-02 03:04:05.678",
                Some(Volatile),
            ),
            (
                "datetime.datetime(2015, 5, 18, 16, 28, 7, 198690)",
                "datetime.datetime(2026, 5, 18, 16, 28, 7)",
                Some(Volatile),
            ),
            (
                "Sun Apr 19 12:20:00 2015",
                "Mon Jan  5 01:02:03 2026",
                Some(Volatile),
            ),
            (
                "2205038842720 2204998719744",
                "140085772363840 140085772363520",
                Some(Volatile),
            ),
            ("/home/me/x.txt", "/tmp/abc/x.txt", Some(Volatile)),
            ("C:\\Users\\me\\x.txt", "/tmp/abc/x.txt", Some(Volatile)),
            (
                "12345678-1234-1234-1234-123456789abc",
                "a2345678-1234-1234-1234-123456789abc",
                Some(Volatile),
            ),
            ("<Foo object at 0x10e>", "<Bar object at 0x7f3a>", None),
            ("<function f at 0x10e>", "<function g at 0x7f3a>", None),
            (
                "[<map object at 0x1>, 2]",
                "[<map object at 0x7f3a>, 3]",
                None,
            ),
            ("[<map object at 0x1>]", "<map object at 0x7f3a>", None),
            ("took 0.00012s", "spent 1.5s", None),
            ("355687428096000", "355687428096001", None),
        ],
        &Context::default(),
    );
}

#[test]
fn what_the_code_asks_for_may_differ() {
    let asks = |source: &str| {
        Context::of(&Claim {
            source: source.into(),
            ..Claim::default()
        })
    };
    all(
        &[("4379283", "94123456", Some(Volatile)), ("42", "43", None)],
        &asks("id(x)"),
    );
    all(
        &[
            ("1429417200.0", "1769000000.25", Some(Volatile)),
            ("2015-04-19", "2026-01-02", Some(Volatile)),
            ("12:20:00", "01:02:03", Some(Volatile)),
            ("1429417200", "1769000000", Some(Volatile)),
            ("now", "then", None),
        ],
        &asks("time.time()"),
    );
    all(
        &[
            ("0.12", "0.9345", Some(Volatile)),
            ("7", "3", Some(Volatile)),
            ("'a'", "'b'", Some(Volatile)),
            ("[3, 1, 2]", "[2, 1, 3]", Some(Volatile)),
            ("[3, 1]", "[2, 1, 3]", None),
            ("0.12", "abc", None),
            ("0.12", "7", None),
        ],
        &asks("random.random()"),
    );
    all(
        &[
            ("Process 876 start", "Process 40123 start", Some(Volatile)),
            ("Process 1 start", "Process 2 start", None),
        ],
        &asks("os.getpid()"),
    );
}

#[test]
fn a_second_run_tells_what_may_differ() {
    let context = |actual, second| Context::default().with_second(actual, Some(second));
    let row = |claimed, actual, second| compare(claimed, actual, &context(actual, second));
    assert_eq!(row("got 5", "got 7", "got 9"), Some(Volatile));
    assert_eq!(row("got 5", "got 7", "got 7"), None);
    assert_eq!(row("had 5", "got 7", "got 9"), None);
    assert_eq!(
        row(
            "2015-04-19 12:20:00",
            "2015-04-19 04:20:00",
            "2015-04-19 04:20:00"
        ),
        None
    );
    assert_eq!(
        row("2205038842720", "140085772363840", "140085772363840"),
        None
    );
    assert_eq!(row("c\na\nb", "a\nb\nc", "b\na\nc"), Some(Volatile));
    assert_eq!(row("c\na\nd", "a\nb\nc", "b\na\nc"), None);
}

#[test]
fn a_string_has_its_quotes_at_a_prompt() {
    let context = Context::of(&Claim {
        form: ClaimForm::Prompt,
        ..Claim::default()
    });
    all(
        &[
            ("3", "'3'", None),
            ("abc", "'abc'", Some(Repr)),
            ("[1]", "'[1]'", None),
        ],
        &context,
    );
}

#[test]
fn any_white_space_equals_any_other_where_that_is_asked_for() {
    let options = Options {
        any_space: true,
        ..Options::default()
    };
    let context = Context::of(&Claim {
        options,
        ..Claim::default()
    });
    all(
        &[("a b\nc", "a   b c", Some(Repr)), ("a b c", "a b d", None)],
        &context,
    );
}
