//! How far a snippet may go, and that it ends there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, process};

use snapbox::str;

use crate::support::{Project, VERIFY, first_block, note, statuses};

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

/// The program under `sh`, which runs `first` before it.
fn after(project: &Project, shell: &str, first: &str, arguments: &str) -> Command {
    let mut command = project.under_python(shell, "-c");
    let words = command.get_args().map(ToOwned::to_owned).skip(1);
    let words: Vec<_> = words.collect();
    command = project.command(shell);
    let all = format!("{first}; exec \"$@\"");
    command.args(["-c", &all, "-", VERIFY]).args(words);
    command.args(arguments.split_whitespace());
    command
}

#[test]
fn few_descriptors_are_enough() {
    let project = Project::with_note(&note(&[
        "print(1)",
        "print([open('/dev/null').fileno() < 50 for _ in range(5)])",
        "import os\nprint(os.pipe()[0] < 50)",
        "import subprocess\nprint(subprocess.run(['echo', 'hello'], capture_output=True).stdout)",
    ]));
    for number in [64, 120, 240, 251, 1024] {
        let first = format!("ulimit -n {number}");
        let session = project.run(&mut after(&project, "sh", &first, "--format json --jobs 2"));
        assert_eq!(
            statuses(&session.exits(1).json()),
            ["new"; 4],
            "{number} descriptors"
        );
    }
}

#[test]
fn no_threads_are_an_error_that_says_so() {
    let project = Project::with_note(&note(&["print(1)"]));
    let folder = tempfile::tempdir().unwrap();
    open_up(folder.path());
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for program in ["verify", "verify-python"] {
        fs::copy(Path::new(VERIFY).with_file_name(program), bin.join(program)).unwrap();
    }
    open_up(&bin);
    fs::write(folder.path().join("a.md"), note(&["print(1)"])).unwrap();
    let mut command = project.command("setpriv");
    command
        .args(["--reuid=65531", "--regid=65531", "--clear-groups", "--"])
        .args(["bash", "-c", "ulimit -u 1; exec \"$@\"", "-"])
        .arg(bin.join("verify"))
        .arg("a.md")
        .env("TMPDIR", folder.path())
        .env("HOME", folder.path())
        .current_dir(folder.path());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no `setpriv`");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    if told.starts_with("setpriv: ") {
        eprintln!("skipped: {told}");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error: "), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

fn open_up(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
}

/// A group of processes that have this many bytes together, where one can be made here.
struct Group(PathBuf);

impl Group {
    fn new(bytes: u64) -> Option<Self> {
        let name = format!("verify-test-{}", process::id());
        let kinds = [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ];
        kinds.iter().find_map(|(root, limit)| {
            let folder = Path::new(root).join(&name);
            fs::create_dir(&folder).ok()?;
            let group = Self(folder);
            // A file that is not there can't be made in here.
            let limited = fs::write(group.0.join(limit), bytes.to_string());
            let swap = group.0.join("memory.swap.max");
            let _ = swap.exists().then(|| fs::write(swap, "0"));
            limited.ok().map(|()| group)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its last processes may still be about to leave.
        for _ in 0..100 {
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

#[test]
fn a_container_that_is_too_small_ends_snippets_and_not_the_run() {
    let Some(group) = Group::new(512 << 20) else {
        eprintln!("skipped: no group with a limit of memory can be made here");
        return;
    };
    let fill = "for n in range(2):\n    with open('/tmp/%d' % n, 'wb') as file:\n        for _ in range(255):\n            file.write(bytes(1 << 20))\nprint('filled')";
    let unnamed = "import os\nkept = os.memfd_create('kept')\nfor _ in range(600):\n    os.write(kept, bytes(1 << 20))";
    let list = "kept = []\nfor _ in iter(int, 1):\n    kept.append(b'x' * (1 << 20))";
    let many = "import os, time\nfor _ in range(12):\n    if os.fork() == 0:\n        kept = bytearray(100 << 20)\n        time.sleep(1)\n        os._exit(0)\nfor _ in range(12):\n    os.wait()";
    let shared = "import mmap\nkept = [mmap.mmap(-1, 64 << 20) for _ in range(12)]\nfor piece in kept:\n    piece.write(bytes(64 << 20))";
    let control = "print('next')";
    let blocks = [
        fill, control, unnamed, control, list, control, many, control, shared, control,
    ];
    let project = Project::with_note(&note(&blocks));
    let first = format!("echo $$ > {}/cgroup.procs", group.0.display());
    for jobs in [1, 2] {
        let arguments = format!("--format json --state isolated --wall-limit 20 --jobs {jobs}");
        let session = project.run(&mut after(&project, "sh", &first, &arguments));
        let report = session.exits(1).json();
        let blocks = report["notes"][0]["blocks"].as_array().unwrap();
        let told = |at: usize| &blocks[at]["findings"][0]["message"];
        let limit = "it was stopped at the limit of memory";
        for at in [0, 4, 8] {
            assert_eq!(told(at), limit, "{at} with {jobs} at once: {report:#}");
        }
        for at in (1..10).step_by(2).filter(|_| jobs == 1) {
            assert_eq!(blocks[at]["stdout"], "next\n", "{at}");
        }
    }
}

#[test]
fn what_is_used_in_usual_ways_is_not_taken_for_too_much() {
    let clients = "import socket, time\nlistener = socket.create_server(('127.0.0.1', 0))\nkept = []\nfor _ in range(64):\n    client = socket.create_connection(listener.getsockname())\n    server, _ = listener.accept()\n    kept += [client, server]\n    client.send(b'x' * 1000)\ntime.sleep(0.2)\nprint(sum(len(server.recv(2000)) for server in kept[1::2]))";
    let pool = "import multiprocessing, time\ndef square(x):\n    time.sleep(0.02)\n    return x * x\nwith multiprocessing.get_context('fork').Pool(8) as pool:\n    print(sum(pool.map(square, range(64))))";
    let list = "import time\nkept = [bytes(1 << 20) for _ in range(200)]\ntime.sleep(0.2)\nprint(len(kept))";
    let shared = "from multiprocessing import shared_memory\nimport time\nkept = shared_memory.SharedMemory(create=True, size=200 << 20)\nkept.buf[:] = bytes(200 << 20)\ntime.sleep(0.2)\nprint(kept.size >> 20)\nkept.close()\nkept.unlink()";
    let threads = "import threading, time\nall = [threading.Thread(target=time.sleep, args=(0.2,)) for _ in range(16)]\n[thread.start() for thread in all]\n[thread.join() for thread in all]\nprint('joined')";
    let project = Project::with_note(&note(&[clients, pool, list, shared, threads]));
    let session = project.verify("--format json --state isolated --memory-limit 220");
    let report = session.exits(1).json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let told: Vec<_> = blocks
        .iter()
        .map(|block| block["stdout"].as_str().unwrap())
        .collect();
    let expected = ["64000\n", "85344\n", "200\n", "200\n", "joined\n"];
    assert_eq!(told, expected, "{report:#}");
}

#[test]
fn shared_memory_in_no_file_can_be_used_up_to_the_limit() {
    let unnamed = "import mmap, time\nkept = mmap.mmap(-1, 400 << 20)\nfor at in range(0, 400 << 20, 4096):\n    kept[at] = 1\ntime.sleep(0.2)\nprint('written')";
    let project = Project::with_note(&note(&[unnamed]));
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(first_block(&report)["stdout"], "written\n", "{report:#}");
}
