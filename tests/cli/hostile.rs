//! Snippets that break things: none of them passes, and none reaches another snippet.

use crate::support::{Project, note, oldest_and_newest, processes_with, pythons, statuses};

/// Checks that `code` gets `status`, and that the snippets around it pass all the same.
#[track_caller]
fn becomes(status: &str, code: &str) {
    let project = Project::with_note(&note(&["print('before')", "print('after')"]));
    project.verify("--update").exits(0);
    let with = note(&["print('before')", code, "print('after')"]);
    project.write("notes/a.md", with);
    for jobs in [1, 2] {
        let session = project.verify(&format!("--format json --wall-limit 5 --jobs {jobs}"));
        assert_eq!(
            statuses(&session.json()),
            ["pass", status, "pass"],
            "{}",
            session.text()
        );
        assert_eq!(
            session.code,
            Some(i32::from(status != "skipped" && status != "pass")),
            "{}",
            session.text()
        );
    }
}

#[test]
fn a_process_that_leaves_early_fails() {
    becomes("failed", "import os\nprint('all is well')\nos._exit(0)");
    becomes("failed", "import os\nos._exit(3)");
    becomes(
        "failed",
        "import os\nprint('done')\nos.kill(os.getpid(), 9)",
    );
    becomes(
        "failed",
        "import os, threading\nthreading.Thread(target=lambda: os._exit(0)).start()\nimport time\ntime.sleep(60)",
    );
    becomes("failed", "import os\nos.execv('/bin/true', ['true'])");
}

#[test]
fn a_crash_fails() {
    becomes("failed", "import ctypes\nctypes.string_at(0)");
    becomes("failed", "import os\nos.abort()");
    becomes("failed", "import faulthandler\nfaulthandler._sigsegv()");
}

#[test]
fn a_crash_is_told_under_every_python() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&["import ctypes\nctypes.string_at(0)", "print('next')"]),
        );
        let session = project.verify("").exits(1);
        assert!(
            session.out.contains("it was killed by SIGSEGV"),
            "{}",
            session.text()
        );
        assert!(
            session.out.contains("1 new snippet (line 7)"),
            "{}",
            session.text()
        );
    }
}

#[test]
fn killing_the_process_that_runs_it_fails_and_stays_alone() {
    becomes(
        "failed",
        "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)",
    );
}

#[test]
fn what_lies_in_the_worker_is_out_of_reach() {
    for code in [
        "import builtins\nbuiltins.print = None\nbuiltins.len = None\nbuiltins.compile = builtins.exec = None\ndel builtins.isinstance",
        "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = None\nsys.modules.clear()",
        "import os\nos.write = os._exit = os.getpid = os.fork = None",
        "import sys, gc\ngc.disable()\nsys.setrecursionlimit(50)",
        "import linecache, traceback, warnings\nlinecache.cache = traceback.TracebackException = warnings.showwarning = None",
        "import sys\nsys.displayhook = sys.excepthook = sys.breakpointhook = None",
        "import sys\nsys.settrace(lambda *a: 1 / 0)",
        "import os\nfor fd in range(3, 260):\n    try:\n        os.write(fd, b'\\x07\\x00' * 999)\n    except OSError:\n        pass\nprint('x')",
    ] {
        let project = Project::with_note(&note(&["print('before')", code, "print(len('after'))"]));
        let report = project
            .verify("--format json --jobs 1 --wall-limit 5")
            .json();
        let found = statuses(&report);
        assert_eq!(
            (found[0].as_str(), found[2].as_str()),
            ("new", "new"),
            "{code}\n{report:#}"
        );
        assert_eq!(report["notes"][0]["blocks"][2]["stdout"], "5\n");
        assert_eq!(report["summary"]["snippets"], 3);
    }
}

#[test]
fn sabotage_of_the_report_never_makes_a_pass() {
    becomes(
        "failed",
        "import sys, os\nsys.stdout.write = lambda text: None\nos._exit(0)",
    );
    becomes("failed", "import os\nos.closerange(0, 300)\nos._exit(0)");
    becomes(
        "failed",
        "import sys\nsys.excepthook = lambda *a: None\n1 / 0",
    );
    becomes(
        "failed",
        "import builtins\nbuiltins.BaseException = None\n1 / 0",
    );
    becomes(
        "failed",
        "import builtins, sys, os\nos.write = lambda *a: 0\nbuiltins.str = None\nraise KeyError('k')",
    );
    becomes(
        "failed",
        "class Bad(Exception):\n    def __str__(self):\n        raise Bad()\nraise Bad()",
    );
    becomes(
        "failed",
        "class Meta(type):\n    def __getattribute__(self, name):\n        raise SystemExit(0)\nclass Bad(Exception, metaclass=Meta):\n    pass\nraise Bad()",
    );
}

#[test]
fn an_end_that_the_snippet_tells_itself_is_none() {
    let forged = |payload: &str| {
        format!(
            "import os, struct\nos.write(250, struct.pack('<BBIII', 7, 0, 0, 0, len({payload})) + {payload})\nos._exit(0)"
        )
    };
    let inside = "sys.displayhook.__func__.__globals__";
    let codes = [
        forged("b'0'"),
        forged("bytes(16) + b'0'"),
        format!("import os, sys\n{inside}['mark'](7, 0, 0, '0')\nos._exit(0)"),
        format!(
            "import os, sys, time, _thread\n_thread.start_new_thread({inside}['mark'], (7, 0, 0, '0'))\ntime.sleep(0.1)\nos._exit(0)"
        ),
        "import os, sys\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n    os._exit(0)\nsys.stdout._channel.owner = os.getpid()".to_owned(),
        "import os, sys\nsys.stdout._channel.fd = 1\n1 / 0".to_owned(),
        "import sys\nsys.stdout._channel.muted = True\n1 / 0".to_owned(),
        "import sys\nsys.stdout._channel.send = lambda *told: None\n1 / 0".to_owned(),
        "import sys\ntype(sys.displayhook.__self__).raised = lambda *told: None\n1 / 0".to_owned(),
    ];
    let blocks: Vec<&str> = codes.iter().map(String::as_str).collect();
    let report = Project::with_note(&note(&blocks))
        .verify("--format json --state isolated")
        .exits(1)
        .json();
    for (status, code) in statuses(&report).iter().zip(&codes) {
        assert_eq!(status, "failed", "{code}");
    }
}

#[test]
fn a_snippet_that_says_it_was_run_for_another_keeps_its_errors() {
    let prompts = "```pycon\n>>> import os, struct\n>>> 1 / 0\n>>> n = os.write(250, struct.pack('<BBIII', 6, 0, 0, 0, 0))\n```";
    let project = Project::with_note(prompts);
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(statuses(&report), ["failed"]);
}

#[test]
fn closed_descriptors_hurt_nobody_else() {
    let project = Project::with_note(&note(&[
        "import os\nos.closerange(0, 3)\nprint('into nothing')",
        "print('after')",
        "import os\nos.closerange(0, 1000)",
        "print('after')",
    ]));
    let report = project.verify("--format json --jobs 1").exits(1).json();
    let found = statuses(&report);
    assert_eq!((found[1].as_str(), found[3].as_str()), ("new", "new"));
    assert_eq!(found[2], "failed");
}

#[test]
fn daemons_are_gone_when_the_run_ends() {
    let marker = format!("daemon-of-{}", std::process::id());
    let daemon = format!(
        "import os, sys\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.chdir('/')\n        os.closerange(0, 300)\n        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'])\n    os._exit(0)\nos.wait()\nprint('started')"
    );
    let lasting = format!(
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'], start_new_session=True, cwd='/')"
    );
    let with_parent = format!("{daemon}\nimport time\nos.kill(os.getppid(), 9)\ntime.sleep(60)");
    for python in oldest_and_newest() {
        let project =
            Project::under(python).file("notes/a.md", note(&[&daemon, &lasting, "print('next')"]));
        let report = project.verify("--format json").exits(1).json();
        assert_eq!(statuses(&report), ["new"; 3]);
        assert_eq!(processes_with(&marker), 0);
    }
    let project = Project::with_note(&note(&[&with_parent, "print('next')"]));
    assert_eq!(
        statuses(&project.verify("--format json --wall-limit 5").json()),
        ["failed", "new"]
    );
    assert_eq!(processes_with(&marker), 0);
}

#[test]
fn an_orphan_that_holds_the_output_open_delays_nothing() {
    let project = Project::with_note(&note(&[
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\nprint('done')",
    ]));
    assert_eq!(
        statuses(
            &project
                .verify("--format json --wall-limit 60")
                .exits(1)
                .json()
        ),
        ["new"]
    );
}

#[test]
fn whatever_is_left_in_the_folder_is_removed() {
    let project = Project::with_note(&note(&[
        "import os\nfor n in range(20_000):\n    open(str(n), 'w').close()",
        "import os\nos.makedirs('a/b/c')\nopen('a/b/c/file', 'w').close()\nfor folder in ('a/b/c', 'a/b', 'a', '.'):\n    os.chmod(folder, 0)",
        "import os\nfor _ in range(200):\n    os.mkdir('deep')\n    os.chdir('deep')",
        "import os\nos.symlink('/', 'root')\nos.symlink('loop', 'loop')\nos.mkfifo('pipe')\nopen('中文 \\n', 'w').close()\nopen(b'\\xff', 'w').close()",
    ]));
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["new"; 4]
    );
}

#[test]
fn snippets_do_not_see_each_others_folders_and_environment() {
    let project = Project::with_note(&note(&[
        "import os, sys, json\nos.environ['LEFT'] = '1'\nsys.path.insert(0, '/left')\njson.left = 1\nopen('left', 'w').close()\nsys.left = 1",
        "import os, sys, json\nprint('LEFT' in os.environ, '/left' in sys.path, hasattr(json, 'left'), os.path.exists('left'), hasattr(sys, 'left'))",
    ]));
    let report = project.verify("--format json --jobs 1").json();
    assert_eq!(
        report["notes"][0]["blocks"][1]["stdout"],
        "False False False False False\n"
    );
}

#[test]
fn broken_text_is_reported_as_text() {
    let project = Project::with_note(&note(&[
        "import os\nos.write(1, b'\\xff\\xfe\\n')",
        "print('\\x00 nul')",
        "import sys\nsys.stdout.buffer.write(b'\\xe4\\xb8')",
        "raise ValueError('\\x00\\udc80')",
        "print('\\udc80')",
    ]));
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(statuses(&report), ["new", "new", "new", "failed", "failed"]);
    assert_eq!(
        report["notes"][0]["blocks"][4]["error"]["type"],
        "UnicodeEncodeError"
    );
    project.verify("--update").exits(0);
    project.verify("").exits(0);
}

#[test]
fn source_that_hurts_the_parser_is_told() {
    let deep = "(".repeat(5000) + &")".repeat(5000);
    let long = format!("x = {}", "1 + ".repeat(20_000) + "1");
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&[&deep, "x = 1\0", &long, "print('next')"]),
        );
        let session = project.verify("--format json");
        let found = statuses(&session.json());
        assert_eq!(
            found.last().map(String::as_str),
            Some("new"),
            "{}: {}",
            python.version_text,
            session.text()
        );
    }
}

/// What a terminal obeys or what reorders a line, in everything that a note can hold.
const ESCAPES: &str = "\u{1b}[31m\u{1b}]0;t\u{7}\u{9b}5m\u{202e}\u{8}\u{200b}";

/// A project whose paths, headings, tags, code, claims, outputs and recordings are full of escapes.
fn full_of_escapes() -> Project {
    let code = [
        format!("print('a{ESCAPES}')  # {ESCAPES}"),
        format!("raise ValueError('{ESCAPES}')"),
        format!("1 + 1  # '{ESCAPES}'"),
        format!("import {ESCAPES}"),
        format!("print '{ESCAPES}'"),
        format!("import sys\nprint('{ESCAPES}', file=sys.stderr)\nsys.maxint"),
        format!("import no_such_module  # {ESCAPES}"),
    ];
    let blocks: String = code
        .iter()
        .map(|code| {
            format!(
                "# {ESCAPES}\n\nSee `sys.maxint` {ESCAPES}\n\n```python {ESCAPES}\n{code}\n```\n\n"
            )
        })
        .collect();
    let wrong = format!("<!-- verify: {ESCAPES} -->\n<!-- verify: skip reason=\"{ESCAPES}\" -->\n");
    let name = ESCAPES.replace('/', "");
    Project::new()
        .file(
            &format!("notes/{name}.md"),
            format!("{blocks}{wrong}```py\nx\n```\n"),
        )
        .file(&format!("notes/{name}2.md"), b"\xff")
        .file("notes/c.md", note(&[&code[0]]))
}

#[test]
fn nothing_that_a_terminal_obeys_is_printed_raw() {
    let project = full_of_escapes();
    let check = |arguments: &str| {
        let session = project.verify(arguments);
        let obeyed = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{200b}".contains(c);
        assert!(
            !session.text().contains(obeyed),
            "{arguments}: {:?}",
            session.text()
        );
        session
    };
    for arguments in [
        "",
        "-v",
        "--strict",
        "list",
        "list --claims",
        "--format json",
    ] {
        check(arguments);
    }
    check("fix --yes");
    assert!(check("--update").out.contains("␛[31m"));
    project.edit("notes/c.md", "print('a", "print('b");
    check("--update");
    let name = format!("expected/notes/{ESCAPES}.toml");
    project.write(&name, "<<<<<<< HEAD\n");
    assert_eq!(check("").code, Some(2));
    project.write(
        "verify.toml",
        format!("\"{ESCAPES}\" = 1\npaths = [\"{ESCAPES}\"]\n"),
    );
    assert_eq!(check("").code, Some(2));
}

#[test]
fn deep_and_long_notes_are_read() {
    let count = 20_000;
    let deep = [
        ">".repeat(count),
        (0..150).map(|depth| "  ".repeat(depth) + "- x\n").collect(),
        "[".repeat(count),
        "[a](".repeat(count),
        format!("```python\n{}{}\n```", "[".repeat(count), "]".repeat(count)),
        format!("```python\nprint 'a', {}\n```", "`a".repeat(count)),
        format!("```python\nx  # {}\n```", "{1:".repeat(count)),
        format!("```\n{}```", ">>> 1\n1\n".repeat(count / 20)),
        "```python\rx = 1\r```\r\n\u{feff}\0".repeat(20),
    ];
    let project = Project::new();
    for (at, text) in deep.iter().enumerate() {
        project.write(&format!("notes/n{at}.md"), text);
    }
    let session = project.verify("list --format json").exits(0);
    assert_eq!(session.json()["summary"]["notes"], deep.len());
}
