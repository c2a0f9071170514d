//! What `verify review` asks, and what comes of the answers.

use std::io::{Read, Write};
use std::process::Stdio;

use snapbox::{IntoData, str};

use crate::support::{Project, Session, VERIFY, note, oldest_and_newest};

const NOTE: &str = "\
# Numbers

Use `sys.maxint` for the biggest.

```python
print(1 + 1)
```

```python
print(7 / 2)  # 3
```

```python
import sys
print(sys.maxint)
```

```python
1 / 0
```
";

/// Runs a review that reads these lines.
fn answered(project: &Project, arguments: &str, answers: &str) -> Session {
    let mut command = project.under_python(VERIFY, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading all.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    project.finished(&child.wait_with_output().unwrap())
}

/// The ids of what is pending, in order.
fn ids(project: &Project) -> Vec<String> {
    let list = project.verify("review --list --format json").json();
    let pending = list["pending"].as_array().unwrap();
    let id = |item: &serde_json::Value| item["id"].as_str().unwrap().to_owned();
    pending.iter().map(id).collect()
}

#[test]
fn what_is_pending_is_listed_with_short_names() {
    let project = Project::with_note(NOTE);
    project.verify("review --list").is(str![[r#"
b4fa76d3 gone    notes/a.md:3 `sys.maxint` is only in Python 2
2e660b7f new     notes/a.md:6 this snippet is not recorded yet
ea1a58e9 claim   notes/a.md:10 `/` between integers gives a float
47391485 code    notes/a.md:15 `sys.maxint` is only in Python 2
63a00276 failed  notes/a.md:19 the snippet raises ZeroDivisionError: division by zero
[exit 1]

"#]]);
    let list = project.verify("review --list --format json").json();
    let first = &list["pending"][2];
    assert_eq!(first["kind"], "claim");
    assert_eq!(first["path"], "notes/a.md");
    assert_eq!(
        first["actions"],
        serde_json::json!(["accept", "fix", "known"])
    );
    assert_eq!(project.names(), ["notes/a.md"]);
}

#[test]
fn names_stay_when_other_things_change() {
    let project = Project::with_note(NOTE);
    let before = ids(&project);
    let blocks = note(&["print('above')", "print(1 + 1)"]);
    project.write("notes/a.md", format!("{blocks}\n{NOTE}"));
    let after = ids(&project);
    assert_eq!(after.len(), before.len() + 2);
    // The same snippet stands twice now, and the first of the two is what there was.
    assert!(
        before.iter().all(|id| after.contains(id)),
        "{before:?} {after:?}"
    );
}

#[test]
fn each_answer_does_its_own_thing() {
    let project = Project::with_note(NOTE);
    answered(&project, "review", "known\na\nf\nk\ns\n").is(str![[r#"
error[sys-maxint]: `sys.maxint` is only in Python 2
 --> notes/a.md:3:6
  |
3 | Use `sys.maxint` for the biggest.
  |      ^^^^^^^^^^
  |
  = note: so since Python 3.0, this is [VERSION]
  = note: see https://docs.python.org/3/library/sys.html#sys.maxsize
  = help: use `sys.maxsize`; `int` has no limit
b4fa76d3 (1 of 5) [k]nown, [s]kip, [u]ndo, [q]uit, [?]: known

error: this snippet is not recorded yet
 --> notes/a.md
  |
6 | print(1 + 1)
  |
  accepting records:
    + 2
2e660b7f (2 of 5) [a]ccept, [s]kip, [u]ndo, [q]uit, [?]: a

error[py2-integer-division]: `/` between integers gives a float
  --> notes/a.md:10:9
   |
10 | print(7 / 2)  # 3
   |         ^       -
   |
   = note: the note says `3`, but `3.5` came
   = note: so since Python 3.0, this is [VERSION]
   = note: see https://peps.python.org/pep-0238/
   = help: write `print(7 // 2)` for the integer
  accepting records:
    + 3.5
  fixing writes into the note:
    - print(7 / 2)  # 3
    + print(7 / 2)  # 3.5
ea1a58e9 (3 of 5) [a]ccept, [f]ix the note, [k]nown, [s]kip, [u]ndo, [q]uit, [?]: f

error[sys-maxint]: `sys.maxint` is only in Python 2
  --> notes/a.md:15:7
   |
15 | print(sys.maxint)
   |       ^^^^^^^^^^
   |
   = note: it raises AttributeError: module 'sys' has no attribute 'maxint'
   = note: so since Python 3.0, this is [VERSION]
   = note: see https://docs.python.org/3/library/sys.html#sys.maxsize
   = help: write `print(sys.maxsize)`
  accepting records:
    + AttributeError: module 'sys' has no attribute 'maxint'
47391485 (4 of 5) [a]ccept, [k]nown, [s]kip, [u]ndo, [q]uit, [?]: k

error: the snippet raises ZeroDivisionError: division by zero
  --> notes/a.md:19:1
   |
19 | 1 / 0
   | ^^^^^
  accepting records:
    + ZeroDivisionError: division by zero
63a00276 (5 of 5) [a]ccept, [s]kip, [u]ndo, [q]uit, [?]: s

notes/a.md: 1 claim rewritten
notes/a.md:3: accepted as known: `sys.maxint` is only in Python 2 [sys-maxint]
notes/a.md:6: recorded
    + 2
notes/a.md:15: accepted as known: `sys.maxint` is only in Python 2 [sys-maxint]
updated: 1 recorded, 2 accepted as known
1 still pending:
  63a00276 failed  notes/a.md:19 the snippet raises ZeroDivisionError: division by zero
[exit 1]

"#]]);
    let recorded = project.read("expected/notes/a.toml");
    let (_, below) = recorded.split_once("\nknown").unwrap();
    snapbox::assert_data_eq!(
        below,
        str![[r##"
 = ["sys-maxint"]

[[snippet]]
heading = "Numbers"
code = "f36b2537b6bf"
stdout = """
2
"""

[[snippet]]
heading = "Numbers"
code = "34f6d51b23c3"
run = false
known = ["sys-maxint"]

"##]]
        .raw()
    );
    assert!(project.read("notes/a.md").contains("print(7 / 2)  # 3.5\n"));
    project.verify("review --list").is(str![[r#"
28953bbb new     notes/a.md:10 this snippet is not recorded yet
63a00276 failed  notes/a.md:19 the snippet raises ZeroDivisionError: division by zero
[exit 1]

"#]]);
}

#[test]
fn what_was_recorded_otherwise_is_shown_with_both_sides() {
    let project = Project::with_note(&note(&["print('old')", "print(2)"]));
    project.verify("--update").exits(0);
    project.edit("expected/notes/a.toml", "old", "older");
    let recorded = project.read("expected/notes/a.toml");
    answered(&project, "review", "a\n").is(str![[r#"
error: the output is not what was recorded
 --> notes/a.md:2:1
  |
2 | print('old')
  | ^^^^^^^^^^^^
  |
  = note: recorded (-) and what came (+):
          - older
          + old
cb91af03 (1 of 1) [a]ccept, [s]kip, [u]ndo, [q]uit, [?]: a

notes/a.md:2: recorded anew
    - older
    + old
updated: 1 changed
nothing is pending
[exit 0]

"#]]);
    assert_eq!(
        project.read("expected/notes/a.toml"),
        recorded.replace("older", "old")
    );
    project.verify("review").is(str![[r#"
nothing is pending
[exit 0]

"#]]);
}

#[test]
fn answers_taken_back_leave_no_trace() {
    let project = Project::with_note(NOTE);
    let before = project.files();
    let session = answered(&project, "review", "k\na\nf\nu\nu\nu\nu\nq\n");
    assert!(
        session.out.contains("there is no answer to take back"),
        "{}",
        session.text()
    );
    assert_eq!(session.code, Some(1));
    assert_eq!(project.files(), before);
}

#[test]
fn the_end_of_the_answers_keeps_those_that_were_given() {
    let project = Project::with_note(&note(&["print(1)", "print(2)"]));
    let session = answered(&project, "review", "a\n");
    assert!(
        session.out.contains("1 still pending"),
        "{}",
        session.text()
    );
    let recorded = project.read("expected/notes/a.toml");
    assert_eq!(recorded.matches("[[snippet]]").count(), 1, "{recorded}");
}

#[test]
fn scripts_decide_by_name() {
    let project = Project::with_note(NOTE);
    let all = ids(&project);
    let session = project.verify(&format!(
        "review --accept {} --fix {}",
        &all[1][..5],
        all[2]
    ));
    session.is(str![[r#"
notes/a.md: 1 claim rewritten
notes/a.md:6: recorded
    + 2
updated: 1 recorded
3 still pending:
  b4fa76d3 gone    notes/a.md:3 `sys.maxint` is only in Python 2
  47391485 code    notes/a.md:15 `sys.maxint` is only in Python 2
  63a00276 failed  notes/a.md:19 the snippet raises ZeroDivisionError: division by zero
[exit 1]

"#]]);
    let session = project.verify(&format!(
        "review --accept all --known all --reject {}",
        all[4]
    ));
    assert_eq!(session.code, Some(1), "{}", session.text());
    assert_eq!(ids(&project), all[4..]);
    let session = project.verify("review --accept all").exits(0);
    assert!(
        session.out.ends_with("nothing is pending\n"),
        "{}",
        session.text()
    );
    project.verify("").exits(0);
}

#[test]
fn names_that_are_none_change_nothing() {
    let project = Project::with_note(NOTE);
    let before = project.files();
    let all = ids(&project);
    project
        .verify(&format!("review --accept {} zz", all[1]))
        .is(str![[r#"
[stderr]
error: nothing that is pending is called `zz`
  help: the nearest is `b4fa76d3`; `verify review --list` shows all
[exit 2]

"#]]);
    project
        .verify(&format!("review --fix {}", all[1]))
        .is(str![[r#"
[stderr]
error: `2e660b7f` can't be done: fix is not possible there
  help: what can be done with it is `--accept`
[exit 2]

"#]]);
    project
        .verify(&format!("review --known {0} --reject {0}", all[0]))
        .is(str![[r#"
[stderr]
error: `b4fa76d3` is named twice, for different things
  help: name it with one of the options
[exit 2]

"#]]);
    assert_eq!(project.files(), before);
}

#[test]
fn an_unattended_run_asks_nothing() {
    let project = Project::with_note(NOTE).variable("CI", "true");
    project.verify("review").is(str![[r#"
[stderr]
error: `verify review` asks what to do, and can't here: this is an unattended run (`CI` is set); add `--list` to see what is pending, or name what to do with `--accept`, `--known`, `--fix` and `--reject`
[exit 2]

"#]]);
    assert_eq!(project.verify("review --list").code, Some(1));
}

#[test]
fn a_recording_that_somebody_else_wrote_meanwhile_is_left_alone() {
    let project = Project::with_note(NOTE);
    let mut command = project.under_python(VERIFY, "review notes/a.md:6");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    while !shown.ends_with(b"[?]: ") {
        let mut byte = [0];
        out.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    let other = "python = \"3.11\"\nknown = [\"sys-maxint\"]\n";
    project.write("expected/notes/a.toml", other);
    child.stdin.take().unwrap().write_all(b"a\n").unwrap();
    project
        .finished(&child.wait_with_output().unwrap())
        .is(str![[r#"
[stderr]
error: [TEMP]/project/expected/notes/a.toml: it was changed while it was reviewed, so nothing was written
  help: run `verify review` again
[exit 2]

"#]]);
    assert_eq!(project.read("expected/notes/a.toml"), other);
}

/// Presses keys in a terminal of its own, each at a question, and tells whether the terminal
/// is as it was before.
const TERMINAL: &str = r#"
import fcntl, os, subprocess, sys, termios, threading, time
master, slave = os.openpty()
before = termios.tcgetattr(slave)
def own():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
program = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=own)
shown = bytearray()
def read():
    while True:
        shown.extend(os.read(master, 4096))
threading.Thread(target=read, daemon=True).start()
def waits():
    return not termios.tcgetattr(slave)[3] & termios.ICANON
for asked, key in enumerate(sys.argv[1].split(), 1):
    while shown.count(b"[?]: ") < asked or not waits():
        assert program.poll() is None, shown.decode()
        time.sleep(0.01)
    os.write(master, key.encode().decode("unicode_escape").encode())
code = program.wait()
end = "as before" if termios.tcgetattr(slave) == before else "changed"
print("left with", code, "and the terminal", end)
"#;

fn pressed(project: &Project, keys: &str) -> Session {
    let python = oldest_and_newest()[1];
    let mut command = project.command(&python.executable);
    command.args(["-c", TERMINAL, keys, VERIFY, "review", "--python"]);
    project.run(command.arg(&python.executable))
}

#[test]
fn a_key_is_an_answer_on_a_terminal() {
    let project = Project::with_note(&note(&["print(1)", "print(2)"]));
    let session = pressed(&project, "x \\x1b[A a q");
    assert_eq!(
        session.out,
        "left with 1 and the terminal as before\n",
        "{}",
        session.text()
    );
    let recorded = project.read("expected/notes/a.toml");
    assert_eq!(recorded.matches("[[snippet]]").count(), 1, "{recorded}");
}

#[test]
fn an_interrupt_writes_nothing_and_leaves_the_terminal_as_it_was() {
    let project = Project::with_note(NOTE);
    let before = project.files();
    let session = pressed(&project, "k a \\x03");
    assert_eq!(
        session.out,
        "left with 130 and the terminal as before\n",
        "{}",
        session.text()
    );
    assert_eq!(project.files(), before);
}
