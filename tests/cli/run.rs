//! What becomes of snippets: their statuses, their names, their lines, their directives.

use snapbox::str;

use crate::support::{Project, first_block, note, pythons, statuses};

#[test]
fn a_new_snippet_is_told_recorded_and_passes() {
    let project = Project::with_note("# Numbers\n\n```python\nprint(3 / 2)\n```\n");
    project.verify("").is(str![[r#"
error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 4)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 1 snippet: 0 pass, 1 new in [TIME]
[exit 1]

"#]]);
    project.verify("--update").is(str![[r#"
notes/a.md:4: recorded
    + 1.5
updated: 1 recorded

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    project.verify("").is(str![[r#"
1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.names(), ["expected/notes/a.toml", "notes/a.md"]);
    let (major, minor, _) = crate::support::oldest_and_newest()[1].version;
    let expected = format!(
        "# Recorded by `verify --update`. Review it like code.\npython = \"{major}.{minor}\"\n\n\
         [[snippet]]\nheading = \"Numbers\"\ncode = \"10d8dd9624fb\"\nstdout = \"\"\"\n1.5\n\"\"\"\n"
    );
    assert_eq!(project.read("expected/notes/a.toml"), expected);
}

#[test]
fn changed_output_is_stale_and_shown_line_against_line() {
    let project =
        Project::with_note("# Lines\n\n```python\nfor n in range(3):\n    print('n', n)\n```\n");
    project.verify("--update").exits(0);
    project.edit("expected/notes/a.toml", "n 1", "n one");
    project.verify("").is(str![[r#"
error: the output is not what was recorded
 --> notes/a.md:4:1
  |
4 | for n in range(3):
  | ^^^^^^^^^^^^^^^^^^
  |
  = note: recorded (-) and what came (+):
            n 0
          - n one
          + n 1
            n 2
  = help: if the new output is right, run `verify --update notes/a.md:4`

1 note, 1 snippet: 0 pass, 1 stale in [TIME]
[exit 1]

"#]]);
    project.verify("notes/a.md:4 -q").exits(1);
    assert_eq!(statuses(&project.verify("--format json").json()), ["stale"]);
}

#[test]
fn an_exception_that_nothing_explains_is_a_failure() {
    let project = Project::with_note(
        "Text.\n\n```python\ndata = {}\n\ndef get(key):\n    return data[key]\n\nget('k')\n```\n",
    );
    project.verify("").is(str![[r#"
error: the snippet raises KeyError: 'k'
 --> notes/a.md:7:5
  |
7 |     return data[key]
  |     ^^^^^^^^^^^^^^^^
  |
  = help: mend the snippet, or run `verify --update notes/a.md:4` if it is meant to raise

1 note, 1 snippet: 0 pass, 1 failed in [TIME]
[exit 1]

"#]]);
    project.verify("--update").is(str![[r#"
notes/a.md:4: recorded
    + KeyError: 'k'
updated: 1 recorded

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    project.verify("").is(str![[r#"
1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
}

#[test]
fn skipped_snippets_are_told_with_their_reasons_and_fail_nothing() {
    let project = Project::with_note(&note(&[
        "import no_such_module_1\nno_such_module_1.go()",
        "import no_such_module_2.part",
        "name = input('? ')",
        "while True:\n    pass",
        "spam(undefined_name)",
        "def f():\n    ...\n\nf(",
        "from http.server import HTTPServer, SimpleHTTPRequestHandler\nHTTPServer(('127.0.0.1', 0), SimpleHTTPRequestHandler).serve_forever()",
    ]));
    project.verify("-v").is(str![[r#"
7 snippets skipped: 2 endless, 2 fragment, 2 needs-module, 1 needs-input
  notes/a.md:2: needs-module: no_such_module_1
  notes/a.md:7: needs-module: no_such_module_2
  notes/a.md:11: needs-input
  notes/a.md:15: endless: while True on line 15
  notes/a.md:20: fragment: `spam` is defined nowhere above
  notes/a.md:24: fragment: code is left out
  notes/a.md:31: endless: serve_forever() on line 32
not installed: no_such_module_1, no_such_module_2
  help: to run these snippets too, run `pip install no_such_module_1 no_such_module_2`

1 note, 7 snippets: 0 pass, 7 skipped in [TIME]
[exit 0]

"#]]);
    project.verify("--strict").exits(0);
    let before = project.files();
    project.verify("--update").is(str![[r#"
nothing to update

7 snippets skipped: 2 endless, 2 fragment, 2 needs-module, 1 needs-input
not installed: no_such_module_1, no_such_module_2
  help: to run these snippets too, run `pip install no_such_module_1 no_such_module_2`

1 note, 7 snippets: 0 pass, 7 skipped in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.files(), before);
}

#[test]
fn a_missing_module_leaves_its_recording_alone() {
    let project = Project::with_note("```python\nimport json\nprint(json.dumps(1))\n```\n");
    project.verify("--update").exits(0);
    project.edit("expected/notes/a.toml", "code = \"", "code = \"f");
    project.edit("notes/a.md", "import json", "import no_such_json as json");
    let before = project.files();
    project.verify("").is(str![[r#"
1 snippet skipped: 1 needs-module
not installed: no_such_json
  help: to run these snippets too, run `pip install no_such_json`

1 note, 1 snippet: 0 pass, 1 skipped in [TIME]
[exit 0]

"#]]);
    project.verify("--update").is(str![[r#"
nothing to update

1 snippet skipped: 1 needs-module
not installed: no_such_json
  help: to run these snippets too, run `pip install no_such_json`

1 note, 1 snippet: 0 pass, 1 skipped in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.files(), before);
}

#[test]
fn what_only_python_2_knows_is_stale_then_known() {
    let project = Project::with_note(
        "# Old\n\n```python\nprint 'a'\n```\n\n```python\ns = unicode('a')\n```\n\n```python\nd = {}\nprint(d.has_key(1))\n```\n",
    );
    project.verify("").is(str![[r#"
error[py2-print-statement]: `print` is a function in Python 3, no statement
 --> notes/a.md:4:1
  |
4 | print 'a'
  | ^^^^^
  |
  = note: so since Python 3.0, this is [VERSION]
  = note: see https://peps.python.org/pep-3105/
  = help: write `print('a')`
  = help: to accept it for now, run `verify --update notes/a.md:4`

error[py2-unicode]: the built-in `unicode` is only in Python 2
 --> notes/a.md:8:5
  |
8 | s = unicode('a')
  |     ^^^^^^^
  |
  = note: it raises NameError: name 'unicode' is not defined
  = note: so since Python 3.0, this is [VERSION]
  = note: see https://docs.python.org/3/whatsnew/3.0.html#text-vs-data-instead-of-unicode-vs-8-bit
  = help: write `s = str('a')`
  = help: to accept it for now, run `verify --update notes/a.md:8`

error[dict-has-key]: `dict.has_key` is only in Python 2
  --> notes/a.md:13:1
   |
13 | print(d.has_key(1))
   | ^^^^^^^^^^^^^^^^^^^
   |
   = note: it raises AttributeError: 'dict' object has no attribute 'has_key'
   = note: so since Python 3.0, this is [VERSION]
   = note: see https://docs.python.org/3/whatsnew/3.0.html#builtins
   = help: write `print(1 in d)`
   = help: to accept it for now, run `verify --update notes/a.md:12`

1 note, 3 snippets: 0 pass, 3 stale in [TIME]
[exit 1]

"#]]);
    project.verify("--update").is(str![[r#"
notes/a.md:4: accepted as known: `print` is a function in Python 3, no statement [py2-print-statement]
notes/a.md:8: recorded
    + NameError: name 'unicode' is not defined
notes/a.md:8: accepted as known: the built-in `unicode` is only in Python 2 [py2-unicode]
notes/a.md:12: recorded
    + AttributeError: 'dict' object has no attribute 'has_key'
notes/a.md:13: accepted as known: `dict.has_key` is only in Python 2 [dict-has-key]
updated: 2 recorded, 3 accepted as known

3 snippets known to be a problem; -v shows why

1 note, 3 snippets: 0 pass, 3 stale (3 known) in [TIME]
[exit 0]

"#]]);
    project.verify("").is(str![[r#"
3 snippets known to be a problem; -v shows why

1 note, 3 snippets: 0 pass, 3 stale (3 known) in [TIME]
[exit 0]

"#]]);
    assert_eq!(
        project.verify("--strict").exits(1).counts(),
        "1 note, 3 snippets: 0 pass, 3 stale (3 known) in [TIME]"
    );
    let again = project.files();
    project.verify("--update").exits(0);
    assert_eq!(project.files(), again);
}

#[test]
fn names_of_earlier_snippets_are_there_and_their_output_is_left_out() {
    let project = Project::with_note(&note(&[
        "x = 1\nprint('first')",
        "print('second')",
        "x += 1\nprint('third', x)",
        "print('fourth', x)",
    ]));
    let report = project.verify("--format json").exits(1).json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let shown: Vec<_> = blocks
        .iter()
        .map(|block| {
            (
                block["stdout"].as_str().unwrap(),
                block["depends_on"].to_string(),
            )
        })
        .collect();
    let expected = [
        ("first\n", "[]".to_owned()),
        ("second\n", "[]".to_owned()),
        ("third 2\n", "[2]".to_owned()),
        ("fourth 2\n", "[2,11]".to_owned()),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn names_of_a_star_import_are_there() {
    let project = Project::with_note(&note(&["from math import *", "x = 4", "print(sqrt(x))"]));
    let report = project.verify("--format json").exits(1).json();
    let block = &report["notes"][0]["blocks"][2];
    assert_eq!(
        (&block["stdout"], &block["depends_on"]),
        (&"2.0\n".into(), &serde_json::json!([2, 6]))
    );
}

#[test]
fn the_state_decides_which_names_a_snippet_sees() {
    let project = Project::with_note(&note(&[
        "x = 1",
        "print('unrelated')",
        "print('x' in globals())",
        "print(x)",
    ]));
    let outputs = |arguments: &str| {
        let report = project.verify(&format!("--format json {arguments}")).json();
        let blocks = report["notes"][0]["blocks"].as_array().unwrap();
        blocks[2..]
            .iter()
            .map(|block| {
                format!(
                    "{}{}",
                    block["status"].as_str().unwrap(),
                    block["stdout"].as_str().unwrap()
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(outputs("--state auto"), ["newFalse\n", "new1\n"]);
    assert_eq!(outputs("--state note"), ["newTrue\n", "new1\n"]);
    assert_eq!(outputs("--state isolated"), ["newFalse\n", "skipped"]);
}

#[test]
fn a_session_sees_its_own_names_only() {
    let project = Project::with_note(
        "<!-- verify: session=one -->\n```python\nx = 'one'\n```\n\n<!-- verify: session=two -->\n```python\nx = 'two'\n```\n\n\
         <!-- verify: session=one -->\n```python\nprint(x)\n```\n\n```python session=two\nprint(x)\n```\n\n```python\nprint(x)\n```\n",
    );
    let report = project.verify("--format json --state isolated").json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let shown: Vec<_> = blocks[2..]
        .iter()
        .map(|block| block["stdout"].as_str().unwrap())
        .collect();
    assert_eq!(shown, ["one\n", "two\n", ""]);
    assert_eq!(
        blocks[4]["reason"],
        "fragment: `x` is defined nowhere above"
    );
}

#[test]
fn prompts_are_recorded_as_a_transcript() {
    let project = Project::with_note(
        "# P\n\n```pycon\n>>> x = 3\n>>> x / 2\n>>> for n in 'ab':\n...     print(n)\n...\n>>> x / 0\n>>> 'after'\n```\n",
    );
    project.verify("--update --format json");
    let recorded = project.read("expected/notes/a.toml");
    assert!(
        recorded.ends_with(
            "stdout = \"\"\"\n1.5\na\nb\nZeroDivisionError: division by zero\n'after'\n\"\"\"\n"
        ),
        "{recorded}"
    );
}

#[test]
fn await_works_at_the_top_level_under_every_python() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            "```python\nimport asyncio\n\nasync def f(n):\n    await asyncio.sleep(0)\n    return n + 1\n\nprint(await f(1))\n```\n\n```python\nprint(await f(2))\n```\n",
        );
        let report = project.verify("--format json").exits(1).json();
        let outputs: Vec<_> = report["notes"][0]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["stdout"].as_str().unwrap())
            .collect();
        assert_eq!(outputs, ["2\n", "3\n"], "{}", python.version_text);
    }
}

#[test]
fn the_line_of_an_error_is_a_line_of_the_note_under_every_python() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            "# T\n\n- in a list:\n\n  ```python\n  import traceback\n\n  def f():\n      raise KeyError('k')\n\n  try:\n      f()\n  except KeyError:\n      traceback.print_exc()\n  f()\n  ```\n",
        );
        let report = project.verify("--format json").exits(1).json();
        let block = first_block(&report);
        let stderr = block["stderr"].as_str().unwrap();
        assert!(
            stderr.contains("File \"notes/a.md\", line 12, in <module>\n    f()\n"),
            "{stderr}"
        );
        assert!(
            stderr.contains("File \"notes/a.md\", line 9, in f\n    raise KeyError('k')\n"),
            "{stderr}"
        );
        assert!(!stderr.contains("harness"), "{stderr}");
        assert_eq!(
            block["error"],
            serde_json::json!({"type": "KeyError", "message": "'k'", "line": 9})
        );
    }
}

#[test]
fn a_snippet_may_move_in_its_note() {
    let code = "import inspect, traceback\n\ndef f():\n    print(inspect.currentframe().f_lineno)\n    raise KeyError\n\ntry:\n    f()\nexcept KeyError:\n    traceback.print_exc()\n    print(traceback.format_exc())";
    let project = Project::with_note(&note(&[code]));
    project.verify("--update").exits(0);
    let text = project.read("notes/a.md");
    project.write("notes/a.md", format!("One more line.\n\n{text}"));
    project.verify("").exits(0);
    let before = project.files();
    project.verify("--update").exits(0);
    assert_eq!(project.files(), before);
}

#[test]
fn docstrings_with_prompts_are_no_sessions_and_doctest_works() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&["def add(a, b):\n    \"\"\"\n    >>> add(1, 2)\n    3\n    \"\"\"\n    return a + b\n\nimport doctest\nprint(doctest.testmod())"]),
        );
        let report = project.verify("--format json").exits(1).json();
        let block = first_block(&report);
        assert_eq!(
            (&block["language"], &block["stdout"]),
            (
                &"python".into(),
                &"TestResults(failed=0, attempted=1)\n".into()
            )
        );
    }
}

#[test]
fn code_that_needs_its_own_file_has_one() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&[
                "def double(x):\n    return x * 2",
                "import multiprocessing\n\nif __name__ == '__main__':\n    for method in ('fork', 'spawn', 'forkserver'):\n        with multiprocessing.get_context(method).Pool(1) as pool:\n            print(method, pool.map(double, [1, 2]))",
                "from concurrent.futures import ProcessPoolExecutor\n\nwith ProcessPoolExecutor(1) as pool:\n    print(list(pool.map(double, [3])))",
                "import inspect\n\nclass A:\n    x = 1\n\nprint(inspect.getsource(A), end='')\nprint(inspect.getsource(double), end='')",
                "import os\nprint(os.path.basename(__file__), open(__file__).read().strip()[:9])",
            ]),
        );
        let report = project.verify("--format json").exits(1).json();
        let outputs: Vec<_> = report["notes"][0]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["stdout"].as_str().unwrap())
            .collect();
        let expected = [
            "",
            "fork [2, 4]\nspawn [2, 4]\nforkserver [2, 4]\n",
            "[6]\n",
            "class A:\n    x = 1\ndef double(x):\n    return x * 2\n",
            "a.py import os\n",
        ];
        assert_eq!(outputs, expected, "{}", python.version_text);
    }
}

#[test]
fn main_is_main_and_the_folder_is_fresh() {
    let project = Project::with_note(&note(&[
        "if __name__ == '__main__':\n    print('main')",
        "import os\nprint(os.listdir('.'))\nopen('x', 'w').write('1')\nprint(os.listdir('.'))",
        "import os, sys\nprint(os.listdir('.'), len(sys.argv), sys.stdin.read() == '', os.getcwd() == os.environ['HOME'])",
        "import os\nprint(sorted(set(os.environ) & {'LD_PRELOAD', 'PYTHONHOME', 'VERIFY_CLOCK_AHEAD', 'CI', 'SECRET'}), os.environ['TZ'])",
    ]))
    .variable("SECRET", "1");
    let report = project.verify("--format json").exits(1).json();
    let outputs: Vec<_> = report["notes"][0]["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block["stdout"].as_str().unwrap())
        .collect();
    assert_eq!(
        outputs,
        ["main\n", "[]\n['x']\n", "[] 1 True True\n", "[] UTC\n"]
    );
    project.write("verify.toml", "[environment]\npass = [\"SECRET\"]\n");
    let report = project.verify("--format json").json();
    assert_eq!(
        report["notes"][0]["blocks"][3]["stdout"],
        "['SECRET'] UTC\n"
    );
}

#[test]
fn directives_skip_bound_the_python_and_expect_errors() {
    let project = Project::with_note(
        "<!-- verify: skip reason=\"shows a mistake\" -->\n```python\n1 / 0\n```\n\n\
         ```python notest\n1 / 0\n```\n\n\
         <!-- verify: python=\"<3\" -->\n```python\n1 / 0\n```\n\n\
         <!-- verify: python=\">=3.9\" -->\n```python\nprint('new enough')\n```\n\n\
         <!-- verify: raises=ZeroDivisionError -->\n```python\n1 / 0\n```\n\n\
         <!-- verify: raises=ZeroDivisionError -->\n```python\nprint('nothing')\n```\n\n\
         <!-- verify: raises=KeyError -->\n```python\n1 / 0\n```\n",
    );
    let session = project.verify("-v");
    session.is(str![[r#"
error[raises-nothing]: `ZeroDivisionError` is meant to be raised, and nothing was
  --> notes/a.md:27:1
   |
27 | print('nothing')
   | ^^^^^^^^^^^^^^^^
   |
   = help: take the directive `raises` away, or mend the snippet
   = help: to accept it for now, run `verify --update notes/a.md:27`

error: the snippet raises ZeroDivisionError: division by zero
  --> notes/a.md:32:1
   |
32 | 1 / 0
   | ^^^^^
   |
   = help: mend the snippet, or run `verify --update notes/a.md:32` if it is meant to raise

error: nothing is recorded yet for 2 snippets
  notes/a.md: 2 new snippets (lines 17, 22)
    notes/a.md:17 prints:
      new enough
    notes/a.md:22 prints nothing
  help: if they do what you mean, run `verify --update` and commit what it writes

3 snippets skipped: 3 directive
  notes/a.md:3: directive: shows a mistake
  notes/a.md:7: directive: `notest` in the info string
  notes/a.md:12: directive: for Python <3

1 note, 7 snippets: 0 pass, 1 stale, 1 failed, 2 new, 3 skipped in [TIME]
[exit 1]

"#]]);
    let report = project.verify("--format json").json();
    assert_eq!(
        statuses(&report),
        [
            "skipped", "skipped", "skipped", "new", "new", "stale", "failed"
        ]
    );
}

#[test]
fn a_wrong_directive_is_told_with_the_nearest_right_one() {
    let project = Project::with_note(
        "# A\n\n<!-- verify: skipp -->\n```python\nprint(1)\n```\n\n<!-- verify: python=3.x.y -->\n```python\nprint(2)\n```\n\n<!-- verify: skip -->\n\nText.\n",
    );
    project.verify("").is(str![[r#"
warning: `skipp` is no word of a `verify:` comment; the nearest is `skip`
 --> notes/a.md:3:14
  |
3 | <!-- verify: skipp -->
  |              ^^^^^
  |
  = help: write `skip reason="…"`, `session=name`, `python=">=3.12"`, `raises=TypeError` or `setup`

warning: `3.x.y` is no value for `python`
 --> notes/a.md:8:21
  |
8 | <!-- verify: python=3.x.y -->
  |                     ^^^^^
  |
  = help: write it like `python=">=3.12"`

warning: this `verify:` comment stands above no block
  --> notes/a.md:13:6
   |
13 | <!-- verify: skip -->
   |      ^^^^^^^
   |
   = help: move it directly above the block that it is for, or delete it

error: nothing is recorded yet for 2 snippets
  notes/a.md: 2 new snippets (lines 5, 10)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 2 snippets: 0 pass, 2 new in [TIME]
[exit 1]

"#]]);
}

#[test]
fn notes_come_with_any_line_ends_tabs_and_marks() {
    let project = Project::new()
        .file(
            "notes/crlf.md",
            "# H\r\n\r\n```python\r\nprint('''a\r\nb''')\r\n1 / 0\r\n```\r\n",
        )
        .file("notes/mark.md", "\u{feff}```python\nprint('mark')\n```\n")
        .file(
            "notes/tabs.md",
            "-\titem\n\n\t```python\n\tif True:\n\t\tprint('tab')\n\t```\n",
        )
        .file("notes/unclosed.md", "```python\nprint('no end')");
    let report = project.verify("--format json").exits(1).json();
    let notes = report["notes"].as_array().unwrap();
    let outputs: Vec<_> = notes
        .iter()
        .map(|note| note["blocks"][0]["stdout"].as_str().unwrap())
        .collect();
    assert_eq!(outputs, ["a\nb\n", "mark\n", "tab\n", "no end\n"]);
    assert_eq!(notes[0]["blocks"][0]["error"]["line"], 6);
    project.verify("--update").exits(0);
    let before = project.files();
    project.write(
        "notes/crlf.md",
        project.read("notes/crlf.md").replace("\r\n", "\n"),
    );
    assert_eq!(
        statuses(&project.verify("--format json").exits(0).json()),
        ["pass"; 4]
    );
    project.verify("--update").exits(0);
    let (mut before, mut after) = (before, project.files());
    before.remove("notes/crlf.md");
    after.remove("notes/crlf.md");
    assert_eq!(before, after);
}

#[test]
fn threads_children_and_exit_status_are_part_of_what_a_snippet_does() {
    let project = Project::with_note(&note(&[
        "import threading\nthread = threading.Thread(target=lambda: print('in a thread'))\nthread.start()",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(\"in a child\")'])\nprint('after')",
        "import atexit\natexit.register(print, 'at exit')\nprint('before')",
        "import sys\nprint('a', end='')\nsys.exit(3)",
        "import sys\nsys.exit('gone wrong')",
        "import os\nif os.fork() == 0:\n    print('child')\nelse:\n    os.wait()\n    print('parent')",
    ]));
    let report = project.verify("--format json").exits(1).json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let outputs: Vec<_> = blocks
        .iter()
        .map(|block| block["stdout"].as_str().unwrap())
        .collect();
    assert_eq!(
        outputs,
        [
            "in a thread\n",
            "in a child\nafter\n",
            "before\nat exit\n",
            "a",
            "",
            "child\nparent\n"
        ]
    );
    assert_eq!(blocks[4]["stderr"], "gone wrong\n");
    assert_eq!(
        statuses(&report),
        ["new", "new", "new", "failed", "failed", "new"]
    );
    project.verify("--update").exits(0);
    assert_eq!(
        statuses(&project.verify("--format json").exits(0).json()),
        ["pass"; 6]
    );
}

#[test]
fn a_block_without_code_is_a_fragment() {
    let project = Project::with_note("```python\n```\n\n```python\n# only a comment\n```\n");
    let report = project.verify("--format json").json();
    assert_eq!(statuses(&report), ["skipped", "skipped"]);
}

#[test]
fn a_password_prompt_needs_input() {
    let project = Project::with_note("```python\nimport getpass\ngetpass.getpass()\n```\n");
    let report = project.verify("--format json").json();
    assert_eq!(first_block(&report)["reason"], "needs-input");
}
