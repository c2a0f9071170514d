//! What CI servers get: reports in their forms, the summary of a job, only what was changed.

use snapbox::str;

use crate::support::{Project, Session, note};

/// A project in which something is stale, something new and something known.
fn project() -> Project {
    let project = Project::new()
        .file("notes/known.md", note(&["print 'old'"]))
        .file("notes/b.md", note(&["print(3 / 2)  # 1", "x = 1\n1 / 0"]));
    project.verify("--update notes/known.md");
    project.file("notes/c.md", note(&["print('new')"]))
}

fn git(project: &Project, arguments: &[&str]) {
    let settings = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = project
        .command("git")
        .args(settings)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
}

/// A project of two recorded notes, all of it committed on the branch `main`.
fn committed() -> Project {
    let project = Project::new()
        .file("notes/a.md", note(&["print(1)"]))
        .file("notes/数.md", note(&["print(2)"]));
    project.verify("--update").exits(0);
    git(&project, &["init", "-q", "-b", "main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "first"]);
    project
}

/// Runs `verify` with the PATH of this process, so that git is found.
fn with_git(project: &Project, arguments: &str) -> Session {
    let mut command = project.under_python(crate::support::VERIFY, arguments);
    command.env("PATH", std::env::var_os("PATH").unwrap());
    project.run(&mut command)
}

#[test]
fn github_gets_commands_and_a_summary() {
    let project = project();
    let summary = project.outside().join("summary.md");
    std::fs::write(&summary, "from another step\n").unwrap();
    let mut command = project.under_python(crate::support::VERIFY, "--format github");
    command
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_WORKSPACE", project.outside())
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_REPOSITORY", "o/r")
        .env("GITHUB_SHA", "1234");
    project.run(&mut command).is(str![[r#"
::error file=project/notes/b.md,line=2,endLine=2,col=9,endColumn=10,title=verify%3A py2-integer-division::project/notes/b.md:2:9: `/` between integers gives a float%0Athe note says `1`, but `1.5` came%0Aso since Python 3.0, this is [VERSION]%0Asee https://peps.python.org/pep-0238/%0Ahelp: write `print(3 // 2)` for the integer%0Ahelp: write `1.5`, or run `verify fix notes/b.md:2`%0Ahelp: to accept it for now, run `verify --update notes/b.md:2`
::error file=project/notes/b.md,line=7,endLine=7,col=1,endColumn=6,title=verify%3A raises::project/notes/b.md:7:1: the snippet raises ZeroDivisionError: division by zero%0Ahelp: mend the snippet, or run `verify --update notes/b.md:6` if it is meant to raise
::error file=project/notes/c.md,line=2,endLine=2,col=1,endColumn=13,title=verify%3A not-recorded::project/notes/c.md:2:1: nothing is recorded yet for this snippet%0Ahelp: if it does what you mean, run `verify --update notes/c.md:2` and commit what it writes
::group::1 known problem
::notice file=project/notes/known.md,line=2,endLine=2,col=1,endColumn=6,title=verify%3A py2-print-statement::project/notes/known.md:2:1: known: `print` is a function in Python 3, no statement%0Aso since Python 3.0, this is [VERSION]%0Asee https://peps.python.org/pep-3105/%0Ahelp: write `print('old')`
::endgroup::
3 notes, 4 snippets: 0 pass, 2 stale, 1 failed, 1 new (1 known) in [TIME]
[exit 1]

"#]]);
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(
        summary.starts_with("from another step\n\n## verify: 3 problems\n"),
        "{summary}"
    );
    let link = "(<https://github.com/o/r/blob/1234/project/notes/b.md?plain=1#L2>)";
    assert!(summary.contains(link), "{summary}");
}

#[test]
fn several_reports_are_written_and_the_terminal_stays() {
    let project = project();
    let plain = project.verify("");
    let session = project.verify(
        "--report junit=out/deep/j.xml --report sarif=s.sarif --report gitlab=g.json --report markdown=m.md --report html=p/index.html --report json=r.json",
    );
    assert_eq!(session.text(), plain.text());
    assert!(
        project
            .read("out/deep/j.xml")
            .contains("<testsuites name=\"verify\" tests=\"4\"")
    );
    let count = |path: &str, pointer: &str| {
        let report: serde_json::Value = serde_json::from_str(&project.read(path)).unwrap();
        report.pointer(pointer).unwrap().as_array().unwrap().len()
    };
    assert_eq!(count("s.sarif", "/runs/0/results"), 4);
    assert_eq!(count("g.json", ""), 4);
    assert_eq!(count("r.json", "/notes"), 3);
    assert_eq!(project.read("p/index.html").matches("<article").count(), 3);
    assert!(project.read("m.md").starts_with("## verify: 3 problems"));
    let time = regex::Regex::new(r#"time="[0-9.]+""#).unwrap();
    let without_time = |text: &str| time.replace_all(text, "").into_owned();
    for (format, path) in [
        ("junit", "out/deep/j.xml"),
        ("sarif", "s.sarif"),
        ("gitlab", "g.json"),
        ("markdown", "m.md"),
    ] {
        let printed = project.verify(&format!("--format {format}"));
        assert_eq!(printed.code, Some(1));
        let written = project.read(path);
        assert_eq!(
            without_time(&printed.out),
            without_time(&project.redacted_text(&written)),
            "{format}"
        );
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let project = project();
    let session = project.verify("--report sarif=notes");
    session.is(str![[r#"
[stderr]
error: a report can't be written to `notes`, which is no file; name a file
[exit 2]

"#]]);
    let session = project.verify("--report sarif=notes/b.md/report.sarif");
    assert_eq!(session.code, Some(2));
    assert!(
        session.err.contains("the report can't be written"),
        "{}",
        session.text()
    );
    let twice = project.verify("--report sarif=a --report junit=a");
    assert!(
        twice.err.contains("two reports are to be written to `a`"),
        "{}",
        twice.text()
    );
    let github = project.verify("--report github=a");
    assert!(
        github.err.contains("use `--format github`"),
        "{}",
        github.text()
    );
}

#[test]
fn only_changed_notes_are_checked() {
    let project = committed();
    with_git(&project, "--changed").is(str![[r#"
no note has changed since `main`
[exit 0]

"#]]);
    project.write("notes/数.md", note(&["print(3)"]));
    let session = with_git(&project, "--changed");
    assert_eq!(session.code, Some(1));
    assert_eq!(
        session.counts(),
        "1 note, 1 snippet: 0 pass, 1 stale in [TIME]"
    );
    git(&project, &["checkout", "-q", "-b", "topic"]);
    git(&project, &["commit", "-q", "-a", "-m", "second"]);
    for arguments in ["--changed", "--changed main", "--changed=main notes"] {
        let counts = with_git(&project, arguments).counts().to_owned();
        assert_eq!(
            counts, "1 note, 1 snippet: 0 pass, 1 stale in [TIME]",
            "{arguments}"
        );
    }
    with_git(&project, "--changed HEAD").exits(0);
    with_git(&project, "notes/a.md --changed").exits(0);

    project.write("notes/new.md", note(&["print(4)"]));
    let counts = with_git(&project, "--changed HEAD").counts().to_owned();
    assert_eq!(counts, "1 note, 1 snippet: 0 pass, 1 new in [TIME]");
}

#[test]
fn a_changed_recording_or_setting_counts() {
    let project = committed();
    project.edit("expected/notes/a.toml", "1\n", "7\n");
    let counts = with_git(&project, "--changed").counts().to_owned();
    assert_eq!(counts, "1 note, 1 snippet: 0 pass, 1 stale in [TIME]");
    project.edit("expected/notes/a.toml", "7\n", "1\n");
    project.write(
        "expected/notes/a/figure-1.png",
        "a picture of the recording",
    );
    let counts = with_git(&project, "--changed").counts().to_owned();
    assert_eq!(counts, "1 note, 1 snippet: 1 pass in [TIME]");
    project.remove("expected/notes/a.toml");
    let counts = with_git(&project, "--changed").counts().to_owned();
    assert_eq!(counts, "1 note, 1 snippet: 0 pass, 1 new in [TIME]");
    project.write("verify.toml", "");
    let counts = with_git(&project, "--changed").counts().to_owned();
    assert_eq!(counts, "2 notes, 2 snippets: 1 pass, 1 new in [TIME]");
}

#[test]
fn an_update_of_changed_notes_leaves_the_others() {
    let project = committed();
    project.write("notes/数.md", note(&["print(3)"]));
    with_git(&project, "--changed --update").exits(0);
    assert!(project.read("expected/notes/a.toml").contains('1'));
    assert!(project.read("expected/notes/数.toml").contains('3'));
}

#[test]
fn other_programs_get_an_empty_report_where_nothing_changed() {
    let project = committed();
    let session = with_git(&project, "--changed --format sarif --report junit=../j.xml").exits(0);
    assert_eq!(session.json()["runs"][0]["results"], serde_json::json!([]));
    let junit = std::fs::read_to_string(project.outside().join("j.xml")).unwrap();
    assert!(junit.contains("tests=\"0\""), "{junit}");
}

#[test]
fn what_git_does_not_know_is_told() {
    let project = committed();
    with_git(&project, "--changed nowhere").is(str![[r#"
[stderr]
error: git knows no commit or branch `nowhere`
  help: `git branch --all` shows the branches; in CI, fetch the other branch first
[exit 2]

"#]]);
    with_git(&project, "--changed notes").is(str![[r#"
[stderr]
error: git knows no commit or branch `notes`
  help: `notes` is a path: write it before, as in `verify notes --changed`
[exit 2]

"#]]);
    let outside = Project::with_note(&note(&["print(1)"]));
    let session = with_git(&outside, "--changed");
    assert_eq!(session.code, Some(2));
    assert!(
        session.err.contains("needs a git repository"),
        "{}",
        session.text()
    );
    let mut nowhere = outside.under_python(crate::support::VERIFY, "--changed");
    let session = outside.run(nowhere.env("PATH", "/nonexistent"));
    assert!(
        session.err.contains("git can't be run"),
        "{}",
        session.text()
    );
}

#[test]
fn everything_is_changed_before_the_first_commit() {
    let project = Project::with_note(&note(&["print(1)"]));
    git(&project, &["init", "-q"]);
    assert_eq!(
        with_git(&project, "--changed").counts(),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
}

#[test]
fn reports_for_servers_speak_chinese_too() {
    let project = project();
    for format in ["github", "gitlab", "junit", "sarif", "markdown", "html"] {
        let shown = project.verify(&format!("--lang zh --format {format}")).out;
        assert!(shown.contains("个片段还没有记录"), "{shown}");
        for english in ["help: ", "so since", "nothing is recorded"] {
            assert!(!shown.contains(english), "{format}: {shown}");
        }
    }
}
