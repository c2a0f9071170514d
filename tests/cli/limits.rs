//! How far a snippet may go, and that it ends there.

use snapbox::str;

use crate::support::{Project, first_block, note, statuses};

fn rule(report: &serde_json::Value) -> &str {
    first_block(report)["findings"][0]["rule"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn processor_time_is_limited() {
    let project = Project::with_note(&note(&[
        "for _ in iter(int, 1):\n    pass",
        "print('next')",
    ]));
    let session = project.verify("--cpu-limit 1");
    session.is(str![[r#"
error[timeout]: it was stopped at the limit of processor time
 --> notes/a.md:2:1
  |
2 | for _ in iter(int, 1):
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: make it end sooner, raise the limit in verify.toml, or mark it with `<!-- verify: skip -->`
  = help: to accept it for now, run `verify --update notes/a.md:2`

error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 7)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 2 snippets: 0 pass, 1 failed, 1 new in [TIME]
[exit 1]

"#]]);
    let project = Project::with_note(&note(&[
        "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'for _ in iter(int, 1): pass']).returncode)",
    ]));
    assert_eq!(
        statuses(&project.verify("--cpu-limit 1 --format json").json()),
        ["new"]
    );
}

#[test]
fn time_on_the_clock_is_limited() {
    let project = Project::with_note(&note(&[
        "import time\nprint('before', flush=True)\ntime.sleep(60)",
        "print('next')",
    ]));
    project.verify("--wall-limit 1").is(str![[r#"
error[timeout]: it was stopped at the limit of time
 --> notes/a.md:3:1
  |
3 | print('before', flush=True)
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: make it end sooner, raise the limit in verify.toml, or mark it with `<!-- verify: skip -->`
  = help: to accept it for now, run `verify --update notes/a.md:2`

error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 8)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 2 snippets: 0 pass, 1 failed, 1 new in [TIME]
[exit 1]

"#]]);
    let report = project.verify("--wall-limit 1 --format json").json();
    assert_eq!(first_block(&report)["stdout"], "before\n");
    project.verify("--wall-limit 1 --update").is(str![[r#"
notes/a.md:3: accepted as known: it was stopped at the limit of time [timeout]
notes/a.md:8: recorded
    + next
updated: 1 recorded, 1 accepted as known

1 snippet known to be a problem; -v shows why

1 note, 2 snippets: 1 pass, 1 failed (1 known) in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.verify("--wall-limit 1").code, Some(0));
}

#[test]
fn a_limit_is_not_ended_by_what_the_snippet_does_about_it() {
    let project = Project::with_note(&note(&[
        "import signal\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nfor _ in iter(int, 1):\n    pass",
        "import os, time\nos.setsid() if os.getpid() != os.getsid(0) else None\nfor _ in range(3):\n    os.fork()\ntime.sleep(60)",
        "import time\nfor _ in iter(int, 1):\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
    ]));
    let report = project
        .verify("--cpu-limit 1 --wall-limit 3 --format json")
        .exits(1)
        .json();
    assert_eq!(statuses(&report), ["failed"; 3]);
}

#[test]
fn a_loop_that_is_meant_to_run_for_ever_is_endless() {
    let project = Project::with_note(&note(&[
        "def serve():\n    while True:\n        pass\n\nserve()",
        "import socketserver\nserver = socketserver.TCPServer(('127.0.0.1', 0), None)\nserver.serve_forever()",
        "while True:\n    try:\n        pass\n    except KeyboardInterrupt:\n        break",
        "import threading, time\n\ndef work():\n    while True:\n        time.sleep(0.1)\n\nthreading.Thread(target=work).start()",
        "import threading, time\n\ndef work():\n    while True:\n        time.sleep(0.1)\n\nthreading.Thread(target=work, daemon=True).start()",
        "while True:\n    break",
    ]));
    let report = project.verify("--cpu-limit 1 --wall-limit 2 --format json");
    assert_eq!(
        statuses(&report.exits(1).json()),
        ["skipped", "skipped", "skipped", "skipped", "new", "new"]
    );
}

#[test]
fn memory_is_limited() {
    let project = Project::with_note(&note(&[
        "x = 'x' * (1 << 30)\nprint(len(x))",
        "x = []\nfor _ in iter(int, 1):\n    x.append(bytes(1 << 20))",
        "print('next')",
    ]));
    let report = project
        .verify("--memory-limit 128 --format json")
        .exits(1)
        .json();
    assert_eq!(statuses(&report), ["failed", "failed", "new"]);
    assert_eq!(first_block(&report)["error"]["type"], "MemoryError");
    assert_eq!(rule(&report), "raises");
}

#[test]
fn output_is_kept_up_to_its_limit() {
    let project = Project::with_note(&note(&[
        "for _ in range(100):\n    print('x' * (1 << 20))",
        "import os\nfor _ in range(100):\n    os.write(1, b'y' * (1 << 20))",
        "import sys\nfor _ in range(100):\n    sys.stderr.write('z' * (1 << 20))",
        "raise ValueError('v' * (100 << 20))",
        "for _ in range(300_000):\n    print()",
    ]));
    let session = project.verify("--format json --output-limit 16");
    assert!(session.out.len() < 1 << 20, "{} bytes", session.out.len());
    assert_eq!(
        statuses(&session.json()),
        ["new", "new", "new", "failed", "new"]
    );
    let session = project.verify("");
    assert!(session.out.len() < 1 << 20, "{} bytes", session.out.len());
}

#[test]
fn prompts_and_warnings_are_limited_too() {
    let project = Project::with_note(
        "```pycon\n>>> 'x' * (100 << 20)\n>>> list(range(1_000_000))\n```\n\n```python\nimport warnings\nwarnings.simplefilter('always')\nfor n in range(300_000):\n    warnings.warn('w')\n```\n",
    );
    let session = project.verify("--format json --output-limit 16");
    assert!(session.out.len() < 1 << 20, "{} bytes", session.out.len());
}

#[test]
fn the_size_of_a_file_is_limited() {
    let project = Project::with_note(&note(&[
        "with open('big', 'wb') as file:\n    for _ in range(300):\n        file.write(bytes(1 << 20))",
    ]));
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["failed"]
    );
}

#[test]
fn output_that_was_not_kept_is_told() {
    let project = Project::with_note(&note(&["print('x' * 20_000)"]));
    let report = project.verify("--format json --output-limit 16").json();
    assert_eq!(rule(&report), "output-cut");
    assert_eq!(first_block(&report)["findings"][0]["severity"], "warning");
    assert_eq!(statuses(&report), ["new"]);
}
