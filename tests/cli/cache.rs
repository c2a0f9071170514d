//! What is answered from the cache, what is run again, and what becomes of files that can't be trusted.
//!
//! Each project has a cache of its own. Where too little of the sandbox can be had for anything to
//! be cached, the tests say so and pass.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use snapbox::str;

use crate::support::{Project, Session, VERIFY, note, pythons, statuses};

/// Enough of the sandbox can be had on this machine.
pub(crate) static CACHES: LazyLock<bool> = LazyLock::new(|| {
    let cached = Cached::with_note(&["print(1)"]);
    cached.verify("--update");
    let caches = cached.verify("").counts().contains("from the cache");
    if !caches {
        eprintln!(
            "nothing is cached here: {}",
            cached.verify("--sandbox require").err
        );
    }
    caches
});

/// A project with a cache of its own, which is on.
struct Cached {
    project: Project,
}

impl Cached {
    fn with_note(blocks: &[&str]) -> Self {
        let project = Project::with_note(&note(blocks)).file("verify.toml", "cache = true\n");
        Self { project }
    }

    /// The same with all of its snippets recorded, and kept in the cache.
    fn recorded(blocks: &[&str]) -> Self {
        let cached = Self::with_note(blocks);
        cached.verify("--update").exits(0);
        cached
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = self.project.under_python(VERIFY, arguments);
        command.env("XDG_CACHE_HOME", self.project.outside().join("cache"));
        command
    }

    fn verify(&self, arguments: &str) -> Session {
        self.project.run(&mut self.command(arguments))
    }

    /// How many snippets are answered now, all of which pass.
    #[track_caller]
    fn answered(&self, arguments: &str) -> u64 {
        let report = self
            .verify(&format!("{arguments} --format json"))
            .exits(0)
            .json();
        let statuses = statuses(&report);
        assert!(
            statuses.iter().all(|status| status == "pass"),
            "{statuses:?}"
        );
        report["summary"]["cached"].as_u64().unwrap()
    }

    fn folder(&self) -> PathBuf {
        self.project.outside().join("cache/verify/traces")
    }

    /// The one file in it.
    fn file(&self) -> PathBuf {
        let files: Vec<_> = fs::read_dir(self.folder()).unwrap().collect();
        let [Ok(file)] = &files[..] else {
            panic!("{files:?}")
        };
        file.path()
    }
}

#[test]
fn the_second_run_answers_what_the_first_one_did() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(3 / 2)", "x = 2\nprint(x)", "print(x * 2)"]);
    cached.verify("").is(str![[r#"
1 note, 3 snippets: 3 pass in [TIME] (3 from the cache)
[exit 0]

"#]]);
    cached.verify("--lang zh").is(str![[r#"
1 篇笔记，3 个片段：3 个通过，用时 [TIME]（3 个来自缓存）
[exit 0]

"#]]);
    let plain = |words: &str| {
        let mut report = cached.verify(words).exits(0).json();
        report["summary"]["cached"] = 0.into();
        report
    };
    assert_eq!(plain("--format json"), plain("--format json --no-cache"));
}

#[test]
fn shards_are_answered_too_and_counted_together() {
    if !*CACHES {
        return;
    }
    let cached = Cached::with_note(&["print(1)"]);
    for name in ["b", "c", "d"] {
        let path = format!("notes/{name}.md");
        cached.project.write(&path, note(&["print(2)", "print(3)"]));
    }
    cached.verify("--update").exits(0);
    for shard in ["1/2", "2/2"] {
        let file = shard.replace('/', "of");
        cached
            .verify(&format!("--shard {shard} --report json={file}.json"))
            .exits(0);
    }
    let merged = cached.project.bare("merge 1of2.json 2of2.json");
    merged.is(str![[r#"
4 notes, 7 snippets: 7 pass in [TIME] (7 from the cache)
[exit 0]

"#]]);
}

#[test]
fn nothing_is_answered_unless_that_is_asked_for() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(1)"]);
    assert_eq!(cached.answered("--no-cache"), 0);
    let in_ci = cached
        .project
        .run(cached.command("--format json").env("CI", "1"));
    assert_eq!(in_ci.exits(0).json()["summary"]["cached"], 0);
    cached.project.remove("verify.toml");
    assert_eq!(cached.answered(""), 0);
    assert_eq!(cached.answered("--cache"), 1);
}

#[test]
fn a_snippet_is_run_again_where_its_code_its_past_or_a_limit_changes() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["x = 2", "print(x > 1)", "print('alone')"]);
    assert_eq!(cached.answered(""), 3);
    cached.project.edit("notes/a.md", "x = 2", "x = 3");
    assert_eq!(cached.answered(""), 1);
    cached.verify("--update").exits(0);
    assert_eq!(cached.answered(""), 3);
    assert_eq!(cached.answered("--cpu-limit 9"), 0);
    assert_eq!(cached.answered("--cpu-limit 9"), 3);
}

#[test]
fn lines_that_moved_are_no_change() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["x = 'two'", "print(x)"]);
    let text = cached.project.read("notes/a.md");
    cached
        .project
        .write("notes/a.md", format!("A line.\n\n{text}"));
    assert_eq!(cached.answered(""), 2);
}

#[test]
fn other_surroundings_run_everything() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(1)"]);
    let mut passing = cached.command("--format json");
    let settings = "cache = true\nenvironment.pass = [\"WORD\"]\n";
    cached.project.write("verify.toml", settings);
    let answered = |command: &mut Command| {
        let report = cached.project.run(command).exits(0).json();
        report["summary"]["cached"].as_u64().unwrap()
    };
    let passed = ["one", "one", "two"].map(|word| answered(passing.env("WORD", word)));
    assert_eq!(passed, [0, 1, 0]);
    for granted in [
        "[sandbox]\nread = [\"notes\"]\n",
        "[sandbox]\nmode = \"off\"\n",
    ] {
        cached
            .project
            .write("verify.toml", format!("cache = true\n{granted}"));
        for _ in 0..2 {
            assert_eq!(cached.answered(""), 0, "{granted}");
        }
    }
}

#[test]
fn a_package_that_comes_runs_everything() {
    if !*CACHES {
        return;
    }
    let cached = Cached::with_note(&["print(1)"]);
    let (venv, python) = (cached.project.at(".venv"), pythons().last().unwrap());
    let mut make = Command::new(&python.executable);
    make.args(["-m", "venv", "--without-pip"]).arg(&venv);
    assert!(make.status().unwrap().success());
    let bare = |arguments: &str| {
        let mut command = cached.project.command(VERIFY);
        command.args(arguments.split_whitespace());
        command.env("XDG_CACHE_HOME", cached.project.outside().join("cache"));
        cached.project.run(&mut command)
    };
    let answered = || bare("--format json").json()["summary"]["cached"].clone();
    bare("--update").exits(0);
    assert_eq!(answered(), 1);
    let (major, minor, _) = python.version;
    let packages = format!(".venv/lib/python{major}.{minor}/site-packages");
    cached
        .project
        .write(&format!("{packages}/new-1.0.dist-info/METADATA"), "");
    assert_eq!([answered(), answered()], [0, 1]);
    cached
        .project
        .write(&format!("{packages}/mine.pth"), "/home/me/src\n");
    assert_eq!([answered(), answered()], [0, 0]);
}

#[test]
fn only_what_does_the_same_whenever_it_runs_is_kept() {
    if !*CACHES {
        return;
    }
    let blocks = [
        "print('the same')",
        "import time\nprint(time.time())",
        "print(object())",
        "import random\nprint(random.random())",
        "print({'a', 'b', 'c', 'd', 'e', 'f'})",
        "raise KeyError('k')",
    ];
    let cached = Cached::recorded(&blocks);
    for _ in 0..2 {
        assert_eq!(cached.answered(""), 2);
    }
    let cached = Cached::with_note(&["print('new')"]);
    for _ in 0..2 {
        let report = cached.verify("--format json").exits(1).json();
        assert_eq!(report["summary"]["cached"], 0);
    }
}

#[test]
fn an_update_runs_everything() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(1)"]);
    let report = cached.verify("--update --format json").exits(0).json();
    assert_eq!(report["summary"]["cached"], 0);
    assert_eq!(cached.answered(""), 1);
}

#[test]
fn a_changed_recording_is_compared_with_what_is_cached() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print('n 1')"]);
    cached.project.edit("expected/notes/a.toml", "n 1", "n 2");
    let report = cached.verify("--format json").exits(1).json();
    assert_eq!(statuses(&report), ["stale"]);
}

#[test]
fn files_that_are_broken_or_of_others_are_run_over_without_a_word() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(1)"]);
    let plain = cached.verify("--no-cache").text();
    let whole = fs::read(cached.file()).unwrap();
    let mut foreign = whole.clone();
    foreign[14] = b'9';
    let broken = [&b""[..], b"{}", &whole[..whole.len() - 1], &foreign];
    for bytes in broken {
        fs::write(cached.file(), bytes).unwrap();
        assert_eq!(cached.verify("").text(), plain, "{bytes:?}");
        assert_eq!(cached.answered(""), 1);
    }
    let set_mode = |path: PathBuf, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode(cached.file(), 0o666);
    assert_eq!(cached.verify("").text(), plain);
    assert_eq!(cached.answered(""), 1);
    set_mode(cached.folder(), 0o777);
    for _ in 0..2 {
        assert_eq!(cached.verify("").text(), plain);
    }
    set_mode(cached.folder(), 0o700);
    assert_eq!(cached.answered(""), 1);
    let moved = cached.project.outside().join("moved");
    fs::rename(cached.folder(), &moved).unwrap();
    symlink(&moved, cached.folder()).unwrap();
    assert_eq!(cached.verify("").text(), plain);
}

#[test]
fn clean_removes_the_cache_and_says_how_much_that_was() {
    if !*CACHES {
        return;
    }
    let cached = Cached::recorded(&["print(1)"]);
    let size = fs::metadata(cached.file()).unwrap().len();
    let clean = || {
        let mut command = cached.project.command(VERIFY);
        command.arg("clean");
        command.env("XDG_CACHE_HOME", cached.project.outside().join("cache"));
        cached.project.run(&mut command).exits(0).out
    };
    let folder = "[TEMP]/cache/verify/traces";
    let removed = format!("removed the cache, {size} bytes in `{folder}`\n");
    assert_eq!(clean(), removed);
    assert_eq!(clean(), format!("there is no cache in `{folder}`\n"));
    assert_eq!(cached.answered(""), 0);
    assert_eq!(cached.answered(""), 1);
}
