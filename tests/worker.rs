//! What the worker tells about a snippet, under every interpreter of this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use verify::model::{Analysis, Code, End, EventKind, Stretch, Trace, Worth};
use verify::python::interpreters::{Environment, Request, list};
use verify::python::pool::{Pool, Runner, Start};
use verify::python::protocol::{Job, Limits, Setup};

type Version = (u8, u8, u8);

/// A pool for each interpreter that can be embedded, one for each version.
static POOLS: LazyLock<Vec<(Version, Pool)>> = LazyLock::new(|| {
    let mut request = Request {
        project: std::env::temp_dir(),
        env: Environment::from_process(),
        ..Request::default()
    };
    request.env.cache = None;
    let mut found: Vec<_> = list(&request)
        .into_iter()
        .filter_map(|line| line.interpreter.ok())
        .filter(|interpreter| interpreter.embeddable().is_ok())
        .collect();
    found.sort_by_key(|interpreter| interpreter.version);
    found.dedup_by_key(|interpreter| interpreter.version);
    let environment = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let pool = |interpreter: verify::python::interpreters::Interpreter| {
        let start = Start {
            program: env!("CARGO_BIN_EXE_verify-python").into(),
            executable: interpreter.executable,
            within: None,
            libpython: interpreter.libpython.unwrap(),
            environment: vec![
                environment("LC_ALL", "C.UTF-8"),
                environment("PYTHONHASHSEED", "0"),
                environment("PYTHONDONTWRITEBYTECODE", "1"),
            ],
            clock_ahead: 0,
            setup: Setup {
                contained: true,
                ..Setup::default()
            },
        };
        let pool = Pool::new(start, 1, &std::env::temp_dir()).unwrap();
        (interpreter.version, pool)
    };
    found.into_iter().map(pool).collect()
});

fn script(text: &str) -> Job {
    Job {
        path: "notes/a.md".into(),
        code: Code::script(1, text),
        ..Job::default()
    }
}

/// A script, all of whose lines are asked about.
fn asking(text: &str) -> Job {
    let count = u32::try_from(text.lines().count()).unwrap();
    Job {
        values: (1..=count).map(|line| (line, line)).collect(),
        ..script(text)
    }
}

/// What `job` does, under each interpreter.
fn traces(job: &Job) -> Vec<(Version, Trace)> {
    let run = |pool: &Pool| pool.run(std::slice::from_ref(job), &|| {}).unwrap();
    POOLS
        .iter()
        .map(|(version, pool)| (*version, run(pool).remove(0).unwrap()))
        .collect()
}

/// Line, repr and other text of each worth, ` receiver` behind those of receivers.
fn worths(trace: &Trace) -> Vec<String> {
    let shown = |line: u32, worth: &Worth| {
        let text = if worth.text.is_empty() {
            String::new()
        } else {
            format!(" as {}", worth.text)
        };
        let receiver = if worth.receiver { " receiver" } else { "" };
        format!("{line} {}{text}{receiver}", worth.repr)
    };
    let mut found = Vec::new();
    for event in &trace.events {
        if let EventKind::Worth(worth) = &event.kind {
            assert_eq!(event.line, event.top);
            found.push(shown(event.line, worth));
        }
    }
    found
}

fn printed(trace: &Trace) -> String {
    let text = |kind: &EventKind| match kind {
        EventKind::Stdout(text) | EventKind::Stderr(text) | EventKind::Value(text) => text.clone(),
        EventKind::Raised { class, message, .. } => format!("<{class}: {message}>"),
        EventKind::Warned { class, .. } => format!("<{class}>"),
        EventKind::Worth(_) | EventKind::Figure(_) | EventKind::FigureLeft => String::new(),
    };
    let events = trace.events.iter();
    events.map(|event| text(&event.kind)).collect()
}

/// Runs `job` under each interpreter and compares what is worth what, and what was printed.
fn check(job: &Job, worth: &[&str], output: &str) {
    for (version, trace) in traces(job) {
        assert_eq!(worths(&trace), worth, "{version:?} {:?}", job.code);
        assert_eq!(printed(&trace), output, "{version:?} {:?}", job.code);
        assert_eq!(trace.end, End::Finished, "{version:?} {:?}", job.code);
    }
}

#[test]
fn expressions_and_assignments_are_worth_their_values() {
    check(
        &asking(
            "1 + 1\n'a'\nx = 'b'\na, (b, *c) = 1, 'zyx'\np = q = []\nx += 'c'\nn: int = 5\nm: int\n",
        ),
        &[
            "1 2",
            "2 'a' as a",
            "3 'b' as b",
            "4 (1, ('z', ['y', 'x']))",
            "5 []",
            "6 'bc' as bc",
            "7 5",
        ],
        "",
    );
}

#[test]
fn places_inside_objects_are_read_again() {
    check(
        &asking(
            "class A: pass\na = A()\na.b = {'k': [0, 0]}\na.b['k'][-1] = 3\nk = 'k'\na.b[k] += [4]\na.b[k.lower()] = 1\n",
        )
        .asking_only(&[3, 4, 6, 7]),
        &["3 {'k': [0, 0]}", "4 3", "6 [0, 3, 4]"],
        "",
    );
}

trait Only {
    fn asking_only(self, lines: &[u32]) -> Self;
}

impl Only for Job {
    fn asking_only(self, lines: &[u32]) -> Self {
        Self {
            values: lines.iter().map(|line| (*line, *line)).collect(),
            ..self
        }
    }
}

#[test]
fn the_receiver_of_a_call_that_is_worth_nothing_is_told() {
    check(
        &asking("l = [2, 1]\nl.sort()\nl.pop()\nprint(l)\nimport random\nrandom.seed(1)\n"),
        &[
            "1 [2, 1]",
            "2 None",
            "2 [1, 2] receiver",
            "3 2",
            "4 None",
            "6 None",
        ],
        "[1]\n",
    );
}

#[test]
fn statements_inside_others_count_but_for_those_of_functions_and_classes() {
    check(
        &asking(
            "for i in range(2):\n    i\nif i:\n    i * 10\nelse:\n    i\ntry:\n    1/0\nexcept ZeroDivisionError:\n    'e'\nfinally:\n    y = 7\nwith open('/dev/null') as f: f.closed\nclass C:\n    5\ndef g():\n    6\ng()\n",
        ),
        &[
            "2 0",
            "2 1",
            "4 10",
            "10 'e' as e",
            "12 7",
            "13 False",
            "18 None",
        ],
        "",
    );
}

#[test]
fn only_the_statements_asked_about_are_looked_at() {
    let text = "class R:\n    def __repr__(self):\n        print('seen')\n        return 'R'\nR()\nx = R()\n3\n(4,\n 5)\n";
    let mut job = script(text);
    job.values = vec![(7, 7), (8, 9), (5, 4)];
    check(&job, &["7 3", "8 (4, 5)"], "");
    check(&script(text), &[], "");
    check(&script(text).asking_only(&[8]), &[], "");
}

#[test]
fn a_repr_that_prints_or_raises_changes_nothing() {
    let text = "import sys\nclass R:\n    def __repr__(self):\n        print('seen')\n        sys.stderr.write('too')\n        return 'R'\nclass S:\n    def __repr__(self):\n        sys.exit(3)\nclass T:\n    def __str__(self):\n        return 5\nprint('a', end='')\nR()\nS()\nT()\nprint('b')\n";
    check(&script(text).asking_only(&[14, 15, 16]), &["14 R"], "ab\n");
}

#[test]
fn constants_and_the_documentation_string_stay_what_they_are() {
    let text = "'doc'\nfrom __future__ import annotations\na = 257\nb = 257\na is b\n__doc__\nprint('_' in globals(), [n for n in dir() if 'verify' in n])\n";
    check(
        &asking(text),
        &["3 257", "4 257", "5 True", "6 'doc' as doc", "7 None"],
        "False []\n",
    );
}

#[test]
fn code_that_waits_is_worth_something_too() {
    check(
        &asking(
            "import asyncio\nasync def f():\n    return 4\nawait f()\nx = await f()\n[i async for i in (lambda: g())()] if False else 1\n",
        ),
        &["4 4", "5 4", "6 1"],
        "",
    );
}

#[test]
fn errors_and_warnings_stay_what_they_are() {
    for text in [
        "1\nx = (\n",
        "1\nreturn 3\n",
        "1\n1 / 0\n",
        "x = 1\nx is 1\nx.missing\n",
        "def f():\n    raise ValueError('v')\nx = [\n  f(),\n]\n",
        "print(*[\n  1,\n  g()])\n",
    ] {
        let plain = traces(&script(text));
        for ((version, plain), (_, asked)) in plain.into_iter().zip(traces(&asking(text))) {
            let mut events = asked.events;
            events.retain(|event| !matches!(event.kind, EventKind::Worth(_)));
            assert_eq!(events, plain.events, "{version:?} {text:?}");
        }
    }
}

#[test]
fn a_displayhook_of_the_snippets_own_is_not_called() {
    check(
        &asking("import sys\nsys.displayhook = print\n5\n"),
        &["2 <built-in function print>", "3 5"],
        "",
    );
}

#[test]
fn prompts_display_and_tell() {
    let code = Code {
        prompts: true,
        pieces: [
            "x = 'a'\n",
            "x\n",
            "_ * 2\n",
            "l = [2, 1]\n",
            "l.sort()\n",
            "for i in 'ab':\n    i\n",
        ]
        .iter()
        .zip(1..)
        .map(|(text, line)| Stretch::new(line * 10, *text))
        .collect(),
    };
    let job = Job {
        code,
        values: vec![(10, 10), (20, 20), (30, 30), (50, 50), (61, 61)],
        ..Job::default()
    };
    check(
        &job,
        &[
            "10 'a' as a",
            "20 'a' as a",
            "30 'aa' as aa",
            "50 None",
            "50 [1, 2] receiver",
            "61 'a' as a",
            "61 'b' as b",
        ],
        "'a''aa''a''b'",
    );
}

#[test]
fn what_is_long_is_cut_and_what_is_huge_is_left_out() {
    let job = asking(
        "x = 'a' * 70000\ny = 1 << 2000000\nz = [0] * 2000000\nfor i in range(3000):\n    i\n",
    );
    for (version, trace) in traces(&job) {
        let worths = worths(&trace);
        assert_eq!(worths.len(), 1998, "{version:?}");
        assert_eq!(worths[0].len(), "1 ".len() + 65536 + " as ".len() + 65536);
        assert_eq!(worths[1], "5 0");
        assert_eq!((trace.end, trace.dropped), (End::Finished, 0));
    }
    let job = asking("for i in range(500):\n    'é' * 60000\n");
    for (version, trace) in traces(&job) {
        let count = worths(&trace).len();
        assert!((20..200).contains(&count), "{version:?} {count}");
        assert_eq!(trace.end, End::Finished);
    }
}

#[test]
fn what_was_replayed_tells_nothing() {
    let job = Job {
        replay: vec![Code::script(1, "x = 1\nx\n")],
        code: Code::script(5, "x\n"),
        values: vec![(1, 1), (2, 2), (5, 5)],
        ..Job::default()
    };
    check(&job, &["5 1"], "");
}

#[test]
fn modules_that_are_asked_for_are_there() {
    let job = Job {
        imports: ["sys", "this", "os", "no_such_module", "queue", "string"]
            .map(String::from)
            .into(),
        replay: vec![Code::script(1, "a = sys.maxsize > 0\n")],
        ..script(
            "print(a, os.sep, string.digits)\ntry:\n    queue.append(1)\nexcept NameError as e:\n    print(e)\n",
        )
    };
    check(
        &job,
        &[],
        "True / 0123456789\nname 'queue' is not defined\n",
    );
}

#[test]
fn modules_are_those_that_only_stand_before_a_dot() {
    let code = |text: &str| Code::script(1, text);
    let cases = [
        ("print(sys.path, os.path.join('a'))\n", vec!["sys", "os"]),
        ("import sys\nsys.path\njson.dumps(1)\n", vec!["json"]),
        ("def f():\n    return time.time()\n", vec!["time"]),
        ("json.dumps(1)\nprint(json)\n", vec![]),
        ("time += 1\ntime.x\n", vec![]),
        ("numpy.array(1)\nthis.x = 1\nself.y\n", vec![]),
        ("[math.pi for math in x]\n", vec![]),
    ];
    let sources: Vec<Code> = cases.iter().map(|(text, _)| code(text)).collect();
    for (version, pool) in POOLS.iter() {
        let facts: Vec<Analysis> = pool.analyze(&sources).unwrap();
        for ((text, modules), facts) in cases.iter().zip(facts) {
            assert_eq!(&facts.modules, modules, "{version:?} {text:?}");
        }
    }
    let prompts = Code {
        prompts: true,
        pieces: vec![
            Stretch::new(1, "sys.path\n"),
            Stretch::new(2, "math\n"),
            Stretch::new(3, "math.pi\n"),
        ],
    };
    for (version, pool) in POOLS.iter() {
        let facts = pool.analyze(std::slice::from_ref(&prompts)).unwrap();
        assert_eq!(facts[0].modules, ["sys"], "{version:?}");
    }
}

#[test]
fn facts_of_later_pieces_have_the_lines_of_the_note() {
    let code = Code {
        prompts: true,
        pieces: vec![
            Stretch::new(10, "def f():\n    while True:\n        pass\n"),
            Stretch::new(20, "x = 1\n"),
            Stretch::new(30, "f()\n"),
        ],
    };
    let wrong = Code::script(7, "x = 1\nif x:\nx\n");
    for (version, pool) in POOLS.iter() {
        let facts = pool.analyze(&[code.clone(), wrong.clone()]).unwrap();
        assert_eq!(
            facts[0].endless.as_ref().map(|it| it.line),
            Some(11),
            "{version:?}"
        );
        let error = facts[1].error.as_ref().unwrap();
        assert_eq!(error.line, 9, "{version:?}");
        let names_line = error.message.contains("on line ");
        assert!(
            !names_line || error.message.ends_with("on line 8"),
            "{error:?}"
        );
    }
}

#[test]
fn limits_of_a_run_hold_for_what_is_told() {
    let job = Job {
        limits: Limits {
            output: 3,
            ..Limits::default()
        },
        ..asking("'abcdef'\nprint('abcdef')\n")
    };
    for (_, trace) in traces(&job) {
        assert_eq!(worths(&trace), ["1 'abcdef' as abcdef", "2 None"]);
        assert_eq!((printed(&trace), trace.dropped), ("abc".into(), 4));
    }
}

/// Line, class and giver of each warning that came while `text` ran, under each interpreter.
fn warned(text: &str) -> Vec<(Version, Vec<String>)> {
    let told = |trace: Trace| {
        let events = trace.events.into_iter();
        let told = events.filter_map(|event| match event.kind {
            EventKind::Warned { class, own, .. } => Some(format!(
                "{} {class}{}",
                event.line,
                if own { " own" } else { "" }
            )),
            _ => None,
        });
        told.collect()
    };
    let traces = traces(&script(text)).into_iter();
    traces
        .map(|(version, trace)| (version, told(trace)))
        .collect()
}

#[test]
fn a_warning_tells_its_line_and_whether_the_snippet_gives_it() {
    let truth = "def f():\n    return bool(NotImplemented)\nf()\nf()\nbool(NotImplemented)\n";
    for (version, told) in warned(truth) {
        let expected = ["2 DeprecationWarning", "5 DeprecationWarning"];
        assert_eq!(told, expected, "{version:?}");
    }
    let own = "import warnings\nfrom warnings import warn as w\ndef old():\n    warnings.warn('x', DeprecationWarning, 2)\nold()\nwarnings.warn(\n    'y', DeprecationWarning)\nw('z')\nbool(NotImplemented)\n";
    for (version, told) in warned(own) {
        let expected = [
            "5 DeprecationWarning own",
            "6 DeprecationWarning own",
            "8 UserWarning own",
            "9 DeprecationWarning",
        ];
        assert_eq!(told, expected, "{version:?}");
    }
}

#[test]
fn a_library_warns_of_its_callers_line_or_of_its_own() {
    let library = "import sys\nsys.path.insert(0, '')\nopen('lib.py', 'w').write('''import warn''' '''ings as w\ndef f(): w.warn('x', PendingDeprecationWarn''' '''ing, 2)\ndef g(): w.warn('x', DeprecationWarn''' '''ing)\n''')\nimport lib\nlib.f()\nlib.g()\n";
    for (version, told) in warned(library) {
        assert_eq!(told, ["8 PendingDeprecationWarning"], "{version:?}");
    }
}

#[test]
fn warnings_that_the_snippet_takes_in_hand_are_its_own_affair() {
    for text in [
        "import warnings\nwarnings.simplefilter('ignore')\nbool(NotImplemented)\n",
        "import warnings\nwith warnings.catch_warnings(record=True) as got:\n    bool(NotImplemented)\nprint(len(got))\n",
        "import warnings\nwarnings.simplefilter('error')\ntry:\n    bool(NotImplemented)\nexcept DeprecationWarning:\n    pass\n",
    ] {
        for (version, told) in warned(text) {
            assert_eq!(told, [""; 0], "{version:?} {text}");
        }
    }
}

#[test]
fn the_compiler_warns_of_code_that_is_not_run() {
    let code = Code::script(4, "x = 1\ndef f(y):\n    return y is 1 or '\\d'\n");
    for (version, pool) in &*POOLS {
        let facts = pool.analyze(std::slice::from_ref(&code)).unwrap();
        let told: Vec<_> = facts[0]
            .warnings
            .iter()
            .map(|warning| (warning.line, warning.message.split(' ').next().unwrap()))
            .collect();
        assert_eq!(told, [(6, "\"is\""), (6, "invalid")], "{version:?}");
    }
}

#[test]
fn whatever_the_compiler_warns_of_is_told() {
    let warned = [
        "x is not -1",
        "None is 'a'",
        "assert (x, 'm')",
        "'a' (1)",
        "(i for i in x)()",
        "(1, 2)[0]()",
        "__debug__()",
        "[1]['a']",
        "{1}[x]",
        "f'{x is 1}'",
        "lambda: [y for y in x if y is 1]",
        "class A:\n    def f(self, y=1 is z) -> 'a'(): pass",
    ];
    let quiet = ["x is None", "x is y[0] is ...", "x()()", "assert x, 'm'"];
    let all: Vec<Code> = warned
        .iter()
        .chain(&quiet)
        .map(|text| Code::script(1, *text))
        .collect();
    for (version, pool) in &*POOLS {
        let facts = pool.analyze(&all).unwrap();
        for (at, (code, facts)) in all.iter().zip(&facts).enumerate() {
            let text = &code.pieces[0].text;
            let is_told = !facts.warnings.is_empty();
            assert_eq!(is_told, at < warned.len(), "{version:?}: {text}");
        }
    }
}
