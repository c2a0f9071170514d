//! Pictures of figures: recorded beside the note's recording, compared as pictures, removed with
//! what they belong to.
//!
//! What becomes of pictures is tested with a package that calls itself matplotlib and draws grey
//! rectangles; how they are taken, with matplotlib itself where there is an interpreter that has
//! it: `VERIFY_TEST_MATPLOTLIB`, or the virtual environment `target/venv-matplotlib`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use snapbox::str;

use crate::support::{DRAWING, Project, Session, VERIFY, first_block, note, statuses};

/// A project whose snippets can import the package of the fixtures.
fn project(snippets: &[&str]) -> Project {
    let snippets: Vec<String> = snippets
        .iter()
        .map(|code| format!("{DRAWING}{code}"))
        .collect();
    let snippets: Vec<&str> = snippets.iter().map(String::as_str).collect();
    Project::with_note(&note(&snippets)).drawing()
}

const FIRST: &str = "expected/notes/a/figure-1.png";

fn expected(project: &Project) -> Vec<String> {
    let names = project.names().into_iter();
    names.filter(|name| name.starts_with("expected")).collect()
}

#[test]
fn a_plot_is_recorded_compared_and_recorded_anew() {
    let project = project(&["plt.figure(grey=7)\nplt.show()"]);
    project.verify("--update").is(str![[r#"
notes/a.md:2: recorded
    + [figure 1: 100×10]
updated: 1 recorded

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    assert_eq!(expected(&project), ["expected/notes/a.toml", FIRST]);
    let recording = project.read("expected/notes/a.toml");
    assert!(recording.ends_with("\nfigures = [\"figure-1.png\"]\n"));
    let before = project.files();
    project.verify("").exits(0);
    let session = project.verify("--update").exits(0);
    assert!(session.out.starts_with("nothing to update\n"));
    assert_eq!(project.files(), before);

    project.edit("notes/a.md", "grey=7", "grey=7, dots=32");
    project.verify("").is(str![[r#"
error: the snippet was edited since it was recorded, and does something else now
 --> notes/a.md:5:1
  |
5 | plt.show()
  | ^^^^^^^^^^
  |
  = note: recorded (-) and what came (+):
          - [figure 1: 100×10]
          + [figure 1: 100×10 ≠ 3.2 %]
  = note: figure 1: 3.2 % of the pixels differ from `expected/notes/a/figure-1.png`
  = help: if the new output is right, run `verify --update notes/a.md:2`
  = help: `verify --format html` shows both pictures side by side

1 note, 1 snippet: 0 pass, 1 stale in [TIME]
[exit 1]

"#]]);
    project.verify("--update").is(str![[r#"
notes/a.md:2: recorded anew
    - [figure 1: 100×10]
    + [figure 1: 100×10 ≠ 3.2 %]
updated: 1 changed

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    assert_ne!(project.files()[FIRST], before[FIRST]);
    let text = project.read("expected/notes/a.toml");
    assert_eq!(text.lines().last(), recording.lines().last());
    project.verify("").exits(0);
}

#[test]
fn what_nobody_sees_changes_nothing() {
    let project = project(&["plt.figure(grey=7)\nplt.show()"]);
    project.verify("--update").exits(0);
    let before = project.files();
    project.edit("notes/a.md", "grey=7", "grey=9");
    project.verify("").exits(0);
    project.verify("--update").exits(0);
    assert_eq!(project.files()[FIRST], before[FIRST]);
}

#[test]
fn pictures_that_are_missing_or_broken_are_told_and_mended() {
    let project = project(&["plt.figure()\nplt.show()"]);
    project.verify("--update").exits(0);
    let good = project.files();
    let told = |project: &Project| {
        let session = project.verify("");
        assert_eq!(session.code, Some(1), "{}", session.text());
        let note = session
            .out
            .lines()
            .find(|line| line.contains("= note: figure"));
        note.unwrap_or_default().trim().to_owned()
    };
    project.remove(FIRST);
    assert_eq!(
        told(&project),
        format!("= note: figure 1: `{FIRST}` is missing")
    );
    for broken in [
        b"version https://git-lfs.github.com/spec/v1\n".to_vec(),
        vec![0; 1 << 21],
    ] {
        project.write(FIRST, broken);
        let unreadable = format!("= note: figure 1: `{FIRST}` is no picture that can be read");
        assert_eq!(told(&project), unreadable);
    }
    project.verify("--update").exits(0);
    assert_eq!(project.files(), good);
    project.edit("notes/a.md", "figure()", "figure(width=80)");
    let size = format!("= note: figure 1 has 80 × 10 pixels, and `{FIRST}` has 100 × 10");
    assert_eq!(told(&project), size);
    project.edit("notes/a.md", "plt.figure(width=80)\n", "");
    let gone = "= note: figure 1 was recorded and is not drawn any more";
    assert_eq!(told(&project), gone);
}

#[test]
fn pictures_go_with_what_they_belong_to_and_names_stay() {
    let three = [
        "plt.figure(1)\nplt.show()",
        "plt.figure(2)\nplt.show()",
        "plt.figure(3)\nplt.show()",
    ];
    let project = project(&three);
    project.verify("--update").exits(0);
    let before = project.files();
    let third = "expected/notes/a/figure-3.png";
    let begin = project.read("notes/a.md").find("```python").unwrap();
    let text = project.read("notes/a.md");
    let second = text[begin + 1..].find("```python").unwrap() + begin + 1;
    project.write("notes/a.md", &text[second..]);
    project.write("expected/notes/a/figure-9.png", &before[third]);
    project.write("expected/notes/a/figure-10.png", "not of verify");
    let session = project.verify("").exits(0);
    assert!(
        session.out.contains("expected/notes/a/figure-9.png\n")
            && session.out.contains("no recording names this picture"),
        "{}",
        session.text()
    );
    project.verify("--update").is(str![[r#"
notes/a.md: its recording was removed: nothing belongs to it any more
expected/notes/a/figure-9.png: removed: no recording names this picture
updated: 2 removed

1 note, 2 snippets: 2 pass in [TIME]
[exit 0]

"#]]);
    let names = [
        "expected/notes/a.toml",
        "expected/notes/a/figure-10.png",
        "expected/notes/a/figure-2.png",
        third,
    ];
    assert_eq!(expected(&project), names);
    assert_eq!(project.files()[third], before[third]);
    project.remove("expected/notes/a/figure-10.png");
    project.remove("notes/a.md");
    project.write("notes/b.md", "nothing\n");
    project.verify("--update").exits(0);
    assert_eq!(expected(&project), [""; 0]);
}

#[test]
fn a_figure_that_varies_is_masked_and_one_snippet_is_recorded_alone() {
    let random = "import random\nplt.figure(dots=random.randrange(900))\nplt.show()";
    let project = project(&[random, "plt.figure(1)\nplt.show()"]);
    project.verify("--update notes/a.md:10").exits(0);
    assert_eq!(expected(&project), ["expected/notes/a.toml", FIRST]);
    project.verify("--update").exits(0);
    let recording = project.read("expected/notes/a.toml");
    assert!(
        recording.contains("figures = [\"⟪figure⟫\"]\n"),
        "{recording}"
    );
    assert_eq!(expected(&project), ["expected/notes/a.toml", FIRST]);
    project.verify("").exits(0);
}

#[test]
fn what_a_snippet_sends_itself_is_looked_into() {
    let send = "import os, struct\ndef send(data):\n    os.write(250, struct.pack('<BBIII', 9, 0, 3, 3, len(data)) + data)\nsend(b'GIF89a')\nsend(b'')\n";
    let project = Project::with_note(&note(&[send]));
    let report = project.verify("--format json").json();
    let block = first_block(&report);
    assert_eq!(block.get("figures"), None);
    assert_eq!(block["findings"][0]["rule"], "figure-left");
    assert_eq!(block["findings"].as_array().unwrap().len(), 1);
    project.verify("--update").exits(0);
    assert_eq!(expected(&project), ["expected/notes/a.toml"]);
}

#[test]
fn no_name_in_a_recording_leads_out_of_its_folder() {
    let project = project(&["plt.figure()\nplt.show()"]);
    project.verify("--update").exits(0);
    project.edit(
        "expected/notes/a.toml",
        "figure-1.png",
        "../../../notes/a.png",
    );
    let session = project.verify("");
    assert_eq!(session.code, Some(2));
    assert!(
        session.err.contains("expected/notes/a.toml:7: "),
        "{}",
        session.err
    );
}

#[test]
fn a_review_records_figures_one_by_one_and_the_page_shows_both_sides() {
    let project = project(&["plt.figure(1)\nplt.show()", "plt.figure(99)\nplt.show()"]);
    for figures in 1..=2 {
        let list = project.verify("review --list --format json").json();
        let id = list["pending"][0]["id"].as_str().unwrap().to_owned();
        project.verify(&format!("review --accept {id}"));
        assert_eq!(expected(&project).len(), 1 + figures);
    }
    project.verify("").exits(0);
    project.edit("notes/a.md", "figure(99)", "figure(200)");
    let page = project.verify("--format html");
    assert_eq!(page.code, Some(1));
    let sides = [
        "class=\"side old\"",
        "class=\"side new\"",
        "data:image/png;base64,",
    ];
    assert_eq!(sides.map(|side| page.out.matches(side).count()), [1, 1, 3]);
}

#[test]
fn a_module_of_the_note_that_is_called_matplotlib_is_left_alone() {
    let code = "open('matplotlib.py', 'w').write('plot = print')\nimport sys\nsys.path.insert(0, '')\nimport matplotlib\nmatplotlib.plot(1)";
    let report = Project::with_note(&note(&[code]))
        .verify("--format json")
        .json();
    assert_eq!(first_block(&report)["stdout"], "1\n");
    assert_eq!(statuses(&report), ["new"]);
}

/// An interpreter that has matplotlib.
fn with_matplotlib() -> Option<PathBuf> {
    let named = std::env::var_os("VERIFY_TEST_MATPLOTLIB").map(PathBuf::from);
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv-matplotlib/bin/python");
    let found = named.or_else(|| usual.exists().then_some(usual));
    if found.is_none() {
        eprintln!(
            "skipped: no matplotlib; `python3 -m venv target/venv-matplotlib` and \
             `target/venv-matplotlib/bin/pip install matplotlib` make one"
        );
    }
    found
}

/// Runs `verify` with the real matplotlib.
fn plotting(project: &Project, python: &Path, words: &[&str]) -> Session {
    project.run(
        project
            .command(VERIFY)
            .args(words)
            .arg("--python")
            .arg(python),
    )
}

/// What a snippet drew under the real matplotlib: the lines of its figures, and the whole block.
fn drawn(python: &Path, code: &str) -> (Vec<u64>, Value) {
    let project = Project::with_note(&note(&[code]));
    let report = plotting(&project, python, &["--format", "json"]).json();
    let block = first_block(&report).clone();
    let figures = block["figures"].as_array().into_iter().flatten();
    let lines = figures.map(|figure| figure["line"].as_u64().unwrap_or_default());
    (lines.collect(), block)
}

const PYPLOT: &str = "import matplotlib.pyplot as plt\n";

#[test]
fn figures_are_taken_as_they_are_shown_and_saved() {
    let Some(python) = with_matplotlib() else {
        return;
    };
    // The first line of code is line 2 of the note.
    for (code, lines) in [
        ("plt.plot([1, 2])\nplt.show()", vec![4]),
        ("plt.plot([1, 2])", vec![]),
        (
            "plt.plot([1, 2])\nplt.savefig('a.png')\nplt.show()",
            vec![4],
        ),
        (
            "plt.plot([1, 2])\nplt.savefig('a.png')\nplt.plot([2, 1])\nplt.show()",
            vec![4, 6],
        ),
        (
            "plt.figure()\nplt.figure().add_subplot()\nplt.show()\nplt.show()",
            vec![5, 5],
        ),
        (
            "plt.plot([1])\ndef f():\n    plt.show()\nf()\nprint(plt.get_fignums())",
            vec![5],
        ),
        (
            "plt.ion()\nplt.plot([1])\nplt.show()\nprint(plt.get_fignums())",
            vec![5],
        ),
        ("plt.figure().show()", vec![3]),
        (
            "import io\nplt.plot([1])\nplt.savefig(io.BytesIO(), format='svg')",
            vec![5],
        ),
        (
            "import matplotlib\nmatplotlib.use('TkAgg')\nplt.plot([1])\nplt.show()",
            vec![6],
        ),
        (
            "plt.switch_backend('Qt5Agg')\nplt.plot([1])\nplt.show(block=True)",
            vec![5],
        ),
        (
            "from matplotlib.figure import Figure\nFigure().savefig('a.pdf')",
            vec![4],
        ),
        (
            "plt.figure(figsize=(60, 40)).add_subplot()\nplt.show()",
            vec![4],
        ),
    ] {
        let (found, block) = drawn(&python, &format!("{PYPLOT}{code}"));
        assert_eq!(found, lines, "{code}: {block:#}");
        assert_eq!(block["stderr"], "", "{code}");
        assert_eq!(block["error"], Value::Null, "{code}");
    }
    let before = "import matplotlib\nmatplotlib.use('TkAgg')\nfrom pylab import *\nplot([1])\nshow()\nprint(get_backend().lower())";
    let (found, block) = drawn(&python, before);
    assert_eq!((found, &block["stdout"]), (vec![6], &json!("agg\n")));
}

#[test]
fn what_can_not_be_drawn_raises_and_what_is_too_much_is_told() {
    let Some(python) = with_matplotlib() else {
        return;
    };
    let (found, block) = drawn(
        &python,
        &format!("{PYPLOT}plt.title('$\\\\frac{{$')\nplt.show()"),
    );
    assert_eq!(found, [0; 0]);
    assert_eq!(
        (&block["status"], &block["error"]["line"]),
        (&json!("failed"), &json!(4))
    );
    let many = format!("{PYPLOT}for n in range(12):\n    plt.plot([n])\n    plt.show()");
    let (found, block) = drawn(&python, &many);
    assert_eq!(found, [5; 8]);
    assert_eq!(block["findings"][0]["rule"], "figure-left");
}

#[test]
fn a_film_has_no_pictures_and_neither_has_a_replayed_snippet() {
    let Some(python) = with_matplotlib() else {
        return;
    };
    let film = "from matplotlib import animation\nfig, ax = plt.subplots()\nfilm = animation.FuncAnimation(fig, lambda n: ax.plot([n]), frames=3)\nfilm.save('a.gif')";
    assert_eq!(drawn(&python, &format!("{PYPLOT}{film}")).0, [0; 0]);
    let first = format!("{PYPLOT}plt.plot([1])\nplt.show()\nx = 1");
    let project = Project::with_note(&note(&[&first, "print(x)"]));
    let report = plotting(&project, &python, &["--format", "json"]).json();
    assert_eq!(statuses(&report), ["new", "new"]);
    assert_eq!(report["notes"][0]["blocks"][1].get("figures"), None);
}

#[test]
fn a_snippet_that_draws_nothing_meets_nothing_of_this() {
    let Some(python) = with_matplotlib() else {
        return;
    };
    let look = "print([type(finder).__name__ for finder in sys.meta_path].count('Finder'))";
    let nothing =
        format!("import sys\n{look}\nprint([name for name in globals() if name[0] != '_'])");
    assert_eq!(drawn(&python, &nothing).1["stdout"], "0\n['sys']\n");
    let imports =
        format!("import sys\nimport matplotlib.pyplot as plt\n{look}\nprint(plt.show.__name__)");
    assert_eq!(drawn(&python, &imports).1["stdout"], "0\nshow\n");
}

#[test]
fn a_plot_of_matplotlib_is_the_same_each_time() {
    let Some(python) = with_matplotlib() else {
        return;
    };
    let code = format!(
        "{PYPLOT}plt.plot([1, 4, 9], label='x²')\nplt.title('数字 7')\nplt.legend()\nplt.show()"
    );
    let project = Project::with_note(&note(&[&code]));
    plotting(&project, &python, &["--update"]).exits(0);
    assert_eq!(expected(&project), ["expected/notes/a.toml", FIRST]);
    plotting(&project, &python, &[]).exits(0);
    project.edit("notes/a.md", "数字 7", "数字 1");
    let report = plotting(&project, &python, &["--format", "json"]).json();
    let figure = &first_block(&report)["figures"][0];
    assert_eq!(figure["verdict"], "changed");
    let share = figure["differs"].as_f64().unwrap();
    assert!((0.0001..0.001).contains(&share), "{share}");
}
