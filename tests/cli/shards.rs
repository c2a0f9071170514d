//! Several machines: each looks at its shard of the notes, and one report is made of theirs.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;
use snapbox::{IntoData, assert_data_eq, str};

use crate::support::{DRAWING, Project, Session, VERIFY, note};

/// Notes of every kind: right, stale, failing, known, new, with figures, in Chinese, not readable, and
/// a recording and pictures that belong to none.
fn project() -> Project {
    let project = Project::new()
        .file(
            "notes/right.md",
            note(&["print(1)", "print([1, 2])  # [1, 2]"]),
        )
        .file("notes/known.md", note(&["print 'old'"]))
        .file("notes/gone.md", note(&["print('gone')"]))
        .file("notes/edited.md", note(&["print('a')", "print('b')"]))
        .file(
            "notes/figure.md",
            note(&[&format!("{DRAWING}plt.figure(grey=7)\nplt.show()")]),
        )
        .drawing();
    project.verify("--update").exits(0);
    project.edit("notes/figure.md", "grey=7", "grey=7, dots=32");
    project.remove("notes/gone.md");
    let picture = project.files().remove("expected/notes/figure/figure-1.png");
    for owner in ["stale", "new", "gone"] {
        let path = format!("expected/notes/{owner}/figure-1.png");
        project.write(&path, picture.as_ref().unwrap());
    }
    project.edit("notes/edited.md", "```python\nprint('b')\n```\n", "");
    project
        .file(
            "notes/stale.md",
            note(&["print(3 / 2)  # 1", "x = 1\n1 / 0"]),
        )
        .file(
            "notes/new.md",
            note(&["print('new')", "import no_such_module"]),
        )
        .file(
            "notes/数字.md",
            "# 数字\n\n中文的笔记：`sys.maxint` 很大。\n\n```python\nprint(2)  # 输出: 3\n```\n",
        )
        .file("notes/latin.md", b"# caf\xe9\n")
        .file(
            "notes/more/mark.md",
            "<!-- verify: skipp -->\n```python\nprint(1)\n```\n",
        )
}

/// Writes the report of each shard to `out`, and gives the sessions.
fn shards(project: &Project, total: usize, arguments: &str) -> Vec<Session> {
    let shard = |index| {
        project.verify(&format!(
            "--shard {index}/{total} --report json=out/{index}.json {arguments}"
        ))
    };
    (1..=total).map(shard).collect()
}

fn files(total: usize) -> String {
    // In no order.
    let files = (1..=total).rev().map(|index| format!("out/{index}.json"));
    files.collect::<Vec<_>>().join(" ")
}

fn report(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).unwrap()
}

#[test]
fn merged_reports_are_the_one_of_a_run_over_all_notes() {
    let project = project();
    for session in shards(&project, 3, "") {
        assert!(
            matches!(session.code, Some(0 | 1)) && session.err.is_empty(),
            "{}",
            session.text()
        );
    }
    let time = Regex::new(r#"(time="|<time[^>]*>)[0-9.]+( s)?"#).unwrap();
    let same = |session: &Session| time.replace_all(&session.text(), "$1").into_owned();
    for options in [
        "",
        "-v",
        "-q",
        "--strict",
        "--lang zh",
        "--color always",
        "--format json",
        "--format github",
        "--format gitlab",
        "--format junit",
        "--format sarif",
        "--format markdown",
        "--format html",
    ] {
        let merged = project.bare(&format!("merge {} {options}", files(3)));
        let whole = project.verify(options);
        assert_eq!(merged.code, Some(1), "{options}: {}", merged.text());
        assert_eq!(same(&merged), same(&whole), "{options}");
        let pictures = whole.out.matches("data:image/png;base64,").count();
        let shown = if options.contains("html") { 2 } else { 0 };
        assert_eq!(pictures, shown, "{options}");
    }
    let left = "no recording names this picture";
    assert_eq!(project.verify("").out.matches(left).count(), 2);
}

#[test]
fn every_report_of_a_shard_says_what_it_is_about() {
    let project = project();
    let sessions = shards(&project, 3, "");
    let reports: Vec<Value> = (1..=3)
        .map(|index| report(&project, &format!("out/{index}.json")))
        .collect();
    let mut paths = BTreeSet::new();
    for (index, report) in (1..).zip(&reports) {
        let shard = &report["shard"];
        assert_eq!(
            (&shard["index"], &shard["total"]),
            (&Value::from(index), &Value::from(3))
        );
        assert_eq!(shard["notes"], 9, "{shard}");
        assert_eq!(shard["digest"], reports[0]["shard"]["digest"]);
        for path in shard["paths"].as_array().unwrap() {
            assert!(
                paths.insert(path.as_str().unwrap()),
                "{path} is in two shards"
            );
        }
        let own = shard["paths"].as_array().unwrap().len();
        let said = format!("shard {index} of 3: {own} of 9 notes, chosen by path\n");
        let said = said.replace(" 0 of", " none of");
        let session = &sessions[index - 1];
        assert!(session.out.starts_with(&said), "{said}{}", session.text());
    }
    assert_eq!(paths.len(), 9);
    let orphans = |session: &Session| {
        session
            .out
            .matches("this recording belongs to is gone")
            .count()
    };
    assert_eq!(sessions.iter().map(orphans).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn a_shard_without_notes_is_fine_and_says_so() {
    let project = Project::with_note(&note(&["print(1)"]));
    project.verify("--update").exits(0);
    let sessions = shards(&project, 3, "");
    let empty: Vec<&Session> = sessions
        .iter()
        .filter(|session| session.out.contains("none of"))
        .collect();
    assert_eq!(empty.len(), 2);
    assert_eq!(empty[0].code, Some(0));
    assert!(
        empty[0].text().ends_with(
            " of 3: none of 1 note, chosen by path\n\nnothing to check in this shard\n[exit 0]\n"
        ),
        "{}",
        empty[0].text()
    );
    let chinese = shards(&project, 3, "--lang zh");
    let none = |session: &&Session| {
        session
            .out
            .contains(" 份：没有笔记（总共 1 篇），按路径划分\n\n这一份里没有要检查的内容\n")
    };
    assert_eq!(chinese.iter().filter(none).count(), 2);
    project.bare(&format!("merge {}", files(3))).is(str![[r#"
1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
}

#[test]
fn a_filter_may_leave_shards_empty_but_not_all_of_them() {
    let project = project();
    for session in shards(&project, 4, "--filter stale") {
        assert!(matches!(session.code, Some(0 | 1)), "{}", session.text());
    }
    let merged = project.bare(&format!("merge {}", files(4)));
    assert_eq!(merged.code, Some(1));
    assert!(merged.out.contains("notes/stale.md:7"), "{}", merged.text());
    project.remove("notes/latin.md");
    shards(&project, 4, "--filter nowhere");
    project.bare(&format!("merge {}", files(4))).is(str![[r#"
[stderr]
error: there is no snippet that was asked for in any of the 4 shards
  help: `verify list` with the same paths and `--filter` shows what there is
[exit 2]

"#]]);
}

#[test]
fn updates_in_shards_write_what_one_update_writes() {
    let (together, apart) = (project(), project());
    let whole = together.verify("--update");
    let parts = shards(&apart, 3, "--update");
    apart.bare(&format!("merge {}", files(3)));
    let recordings = |project: &Project| {
        let mut files = project.files();
        files.retain(|path, _| path.starts_with("expected/"));
        files
    };
    assert_eq!(recordings(&together), recordings(&apart));
    let removed = |session: &&Session| session.out.contains("expected/notes/gone.toml");
    assert_eq!(parts.iter().filter(removed).count(), 1);
    assert!(removed(&&whole) && removed(&&parts[0]));
}

#[test]
fn shards_that_do_not_belong_together_are_refused() {
    let project = project();
    shards(&project, 2, "");
    project.write("old.json", project.read("out/1.json"));
    project.write(
        "other.json",
        project
            .read("out/2.json")
            .replace("\"total\": 2", "\"total\": 3"),
    );
    project.write(
        "version.json",
        project
            .read("out/2.json")
            .replacen("\"version\": 1", "\"version\": 9", 1),
    );
    project.write(
        "by.json",
        project
            .read("out/2.json")
            .replace("\"by\": \"path\"", "\"by\": \"timings\""),
    );
    let program = format!("\"verify\": \"{}\"", env!("CARGO_PKG_VERSION"));
    project.write(
        "program.json",
        project
            .read("out/2.json")
            .replace(&program, "\"verify\": \"0.0.1\""),
    );
    project.write("cut.json", &project.read("out/2.json")[..40]);
    let version = report(&project, "out/2.json")["python"]["version"]
        .as_str()
        .unwrap()
        .to_owned();
    project.write(
        "python.json",
        project.read("out/2.json").replace(
            &format!("\"version\":\"{version}\""),
            "\"version\":\"3.4.1\"",
        ),
    );
    project.verify("--report json=whole.json");
    project.write("notes/another.md", "# one more\n");
    project.verify("--shard 2/2 --report json=later.json");
    let mut said = String::new();
    for arguments in [
        "out/1.json",
        "out/1.json out/2.json old.json",
        "out/1.json other.json",
        "out/1.json later.json",
        "out/1.json by.json",
        "out/1.json python.json",
        "out/1.json version.json",
        "out/1.json cut.json",
        "out/1.json whole.json",
        "out/1.json notes/stale.md",
        "out/1.json gone.json",
    ] {
        let session = project.bare(&format!("merge {arguments}"));
        assert_eq!(
            (session.code, session.out.as_str()),
            (Some(2), ""),
            "{arguments}"
        );
        said += &session.err;
    }
    assert_data_eq!(said, str![[r#"
error: of 2 shards, these have no report: 2
  help: give the reports of all shards; the log of one that has written none says why
error: old.json: it is shard 1 of 2, and so is out/1.json
  help: give one of them; where a shard was run again, that is the later one
error: other.json: it is shard 2 of 3, and out/1.json is one of 2
  help: give the reports of one run; remove those of an earlier one
error: later.json: it is of a run over 10 notes and out/1.json of one over 9, and these are not the same
  help: run all shards over the same commit, with the same paths and options
error: by.json: its notes were chosen by timings, and those of out/1.json by path
  help: give all shards the same `--timings FILE`, or none of them
error: python.json: its snippets ran under Python 3.4.1, and those of out/1.json under [VERSION]
  help: run all shards under the same Python; a matrix over Pythons is merged for each of them
error: version.json: it is a report of version 9, and this `verify` knows version 1
  help: run the shards and `verify merge` with the same `verify`
error: cut.json: it is no JSON report of `verify`, as line 4, column 8 shows
  help: write it again: `verify --shard K/N --report json=FILE`
error: whole.json: it is the report of no shard
  help: give the reports of runs with `--shard`; a run over all notes needs no merging
error: notes/stale.md: it is no JSON report of `verify`, as line 1, column 1 shows
  help: write it again: `verify --shard K/N --report json=FILE`
error: gone.json: it can't be read: No such file or directory (os error 2)
  help: name the files that the shards wrote with `--report json=FILE`

"#]].raw());
    let session = project.bare("merge out/1.json program.json");
    assert!(
        session
            .err
            .contains("program.json: it was written by `verify` 0.0.1"),
        "{}",
        session.text()
    );
}

#[test]
fn timings_of_a_report_spread_the_notes() {
    let project = Project::new();
    for name in ["a", "b", "c", "d"] {
        project.write(&format!("notes/{name}.md"), note(&["print(1)"]));
    }
    let paths = |index: usize| -> Vec<String> {
        let shard = &report(&project, &format!("out/{index}.json"))["shard"]["paths"];
        let paths = shard.as_array().unwrap().iter();
        paths
            .map(|path| path.as_str().unwrap().to_owned())
            .collect()
    };
    let waiting = shards(&project, 2, "--timings t.json");
    let said = "notes, chosen by path, as `[TEMP]/project/t.json` is not there yet\n";
    assert!(waiting[0].out.contains(said), "{}", waiting[0].text());
    let whole = project.bare(&format!("merge {} --report json=t.json", files(2)));
    assert_eq!(whole.code, Some(1));
    let mut timings = report(&project, "t.json");
    for (note, seconds) in [9.0, 4.0, 3.0, 1.0].into_iter().enumerate() {
        timings["notes"][note]["blocks"][0]["seconds"] = seconds.into();
    }
    project.write("t.json", timings.to_string());
    let known = shards(&project, 2, "--timings t.json");
    assert!(
        known[0]
            .out
            .starts_with("shard 1 of 2: 1 of 4 notes, chosen by how long notes took before\n"),
        "{}",
        known[0].text()
    );
    assert_eq!(paths(1), ["notes/a.md"]);
    assert_eq!(paths(2), ["notes/b.md", "notes/c.md", "notes/d.md"]);
    project.bare(&format!("merge {}", files(2)));
    project.write("t.json", "{}");
    project.verify("--shard 1/2 --timings t.json").is(str![[r#"
[stderr]
error: [TEMP]/project/t.json: no timings can be read from it: it is no JSON report of `verify`, as line 1, column 2 shows
  help: `--timings` takes the JSON report of a run: write one with `verify --report json=FILE`
[exit 2]

"#]]);
}

#[test]
fn every_engine_says_which_shard_it_is() {
    let project = Project::with_note(&note(&["print(1)"]));
    for (variables, said) in [
        ("CI_NODE_INDEX=3 CI_NODE_TOTAL=4", "shard 3 of 4: "),
        ("CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=4", "shard 1 of 4: "),
        (
            "BUILDKITE_PARALLEL_JOB=1 BUILDKITE_PARALLEL_JOB_COUNT=4",
            "shard 2 of 4: ",
        ),
        ("TEST_SHARD_INDEX=2 TEST_TOTAL_SHARDS=4", "shard 3 of 4: "),
        ("JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=4", "shard 4 of 4: "),
        (
            "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=4",
            "shard 2 of 4: ",
        ),
    ] {
        let mut verify = project.under_python(VERIFY, "--shard auto");
        let variables = variables.split(' ').filter_map(|one| one.split_once('='));
        verify.envs(variables);
        let session = project.run(&mut verify);
        assert!(session.out.starts_with(said), "{said}{}", session.text());
    }
    project.verify("--shard auto").is(str![[r#"
[stderr]
error: --shard: `auto` finds nothing in the environment that says which shard this is; name it: `--shard K/N`; `auto` is for Bazel, Slurm, Kubernetes, GitLab, CircleCI, Buildkite
[exit 2]

"#]]);
    let mut kubernetes = project.under_python(VERIFY, "--shard auto");
    kubernetes.env("JOB_COMPLETION_INDEX", "3");
    project.run(&mut kubernetes).is(str![[r#"
[stderr]
error: --shard: `JOB_COMPLETIONS` is not set, so Kubernetes does not say which shard this is; set it in the manifest to the number that is the Job's `completions`, or name the shard: `--shard K/N`
[exit 2]

"#]]);
    project.verify("--shard 0/4").is(str![[r#"
[stderr]
error: invalid value '0/4' for '--shard <K/N|auto>': shards are counted from 1: there are 1/4 to 4/4

For more information, try '--help'.
[exit 2]

"#]]);
    project.verify("--timings t.json").is(str![[r#"
[stderr]
error: the following required arguments were not provided:
  --shard <K/N|auto>

Usage: verify --shard <K/N|auto> --timings <FILE> --python <VERSION|PATH> [PATHS]...

For more information, try '--help'.
[exit 2]

"#]]);
}

#[test]
fn bazel_is_told_that_shards_are_known() {
    let project = Project::with_note(&note(&["print(1)"]))
        .variable("TEST_SHARD_INDEX", "1")
        .variable("TEST_TOTAL_SHARDS", "3");
    let mut bazel = project.under_python(VERIFY, "--shard auto");
    let touched = project.outside().join("status");
    bazel.env("TEST_SHARD_STATUS_FILE", &touched);
    let session = project.run(&mut bazel);
    assert!(
        session.out.starts_with("shard 2 of 3: "),
        "{}",
        session.text()
    );
    assert!(touched.is_file());
    let mut refused = project.under_python(VERIFY, "--shard auto");
    refused.env(
        "TEST_SHARD_STATUS_FILE",
        project.outside().join("no/folder"),
    );
    project.run(&mut refused).is(str![[r#"
[stderr]
error: [TEMP]/no/folder: can't be touched: No such file or directory (os error 2)
  help: it is what Bazel names in `TEST_SHARD_STATUS_FILE`
[exit 2]

"#]]);
}
