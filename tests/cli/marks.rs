//! What docs say about themselves: marks, options and conditions of other tools, set-ups, files.

use crate::support::{Project, first_block, oldest_and_newest};

/// The status of each snippet of a note, and the reason of those that are skipped. Nothing is
/// recorded, so what runs well is new.
fn told(project: &Project) -> Vec<(String, String)> {
    let report = project.verify("--format json").json();
    let blocks = report["notes"].as_array().unwrap().iter();
    let blocks = blocks.flat_map(|note| note["blocks"].as_array().unwrap().clone());
    blocks
        .filter(|block| !block["status"].is_null())
        .map(|block| {
            let word = |key: &str| block[key].as_str().unwrap_or_default().to_owned();
            let status = word("status").replace("new", "pass");
            (status, word("reason"))
        })
        .collect()
}

fn reasons(note: &str) -> Vec<(String, String)> {
    told(&Project::with_note(note))
}

#[test]
fn inputs_that_a_flag_skips_do_nothing() {
    let project = Project::with_note(
        "```pycon\n>>> n = open('here.txt', 'w').write('x')  # doctest: +SKIP\n\
         >>> while True:  # doctest: +SKIP\n...     pass\n\
         >>> raise SystemExit(3)  # xdoctest: +SKIP\n\
         >>> import os; os.path.exists('here.txt')\nFalse\n```\n\n\
         ```pycon\n>>> raise SystemExit(3)  # doctest: +SKIP\n```\n",
    );
    let told = told(&project);
    assert_eq!(told[0].0, "pass");
    assert_eq!(told[1].1, "directive: `# doctest: +SKIP`");
}

#[test]
fn a_module_that_an_input_requires_is_asked_for() {
    let told = reasons("```pycon\n>>> 1  # xdoctest: +REQUIRES(module:not_there_at_all)\n2\n```\n");
    assert_eq!(told[0].1, "needs-module: not_there_at_all");
}

#[test]
fn directives_of_sphinx_are_a_session_for_each_group() {
    let told = reasons(
        ":::{testsetup} a\nx = 1\n:::\n\n\
         ```{testcode} a\n:hide:\n\nprint(x)\n```\n\n```{testoutput} a\n1\n```\n\n\
         ```{testcode} b\nprint(x)\n```\n\n\
         ```{code-cell}\n---\ntags: [raises-exception]\n---\n1 / 0\n```\n",
    );
    let statuses: Vec<&str> = told.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(statuses, ["pass", "pass", "skipped", "pass"]);
}

#[test]
fn words_say_for_which_python_a_snippet_is() {
    let note = "On Python 3.99 and later:\n\n```python\n1 / 0\n```\n\n\
                ```python\nprint(1)\n```\n\n(requires Python 3.6)\n\n```python\nprint(2)\n```\n";
    let told = reasons(note);
    assert_eq!(told[0].1, "needs-python: >=3.99");
    assert_eq!([&told[1].0, &told[2].0], ["pass", "pass"]);
}

#[test]
fn new_syntax_names_the_python_that_has_it() {
    let note = "```python\nmatch [1]:\n    case [x]:\n        print(x)\n```\n";
    let [oldest, newest] = oldest_and_newest();
    if oldest.version >= (3, 10, 0) {
        return;
    }
    let project = Project::under(oldest).file("notes/a.md", note);
    let report = project.verify("--format json").json();
    let block = first_block(&report);
    assert_eq!(block["findings"][0]["rule"], "needs-newer-python");
    let project = Project::under(newest).file("notes/a.md", note);
    assert_eq!(told(&project)[0].0, "pass");
}

#[test]
fn a_program_that_asks_for_arguments_is_skipped() {
    for code in [
        "import sys\nprint(sys.argv[1])",
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('n')\np.parse_args()",
        "import sys\nif len(sys.argv) < 2:\n    sys.exit('usage: x N')",
    ] {
        let told = reasons(&format!("```python\n{code}\n```\n"));
        assert_eq!(told[0].1, "needs-input: arguments", "{code}");
    }
    let told = reasons("```python\nimport sys\nsys.exit(1)\n```\n");
    assert_eq!(told[0].0, "failed");
}

#[test]
fn a_terminal_and_a_module_name_are_no_difference() {
    let told = reasons(
        "```python\nimport sys\nsys.stdout.write('\\r0%\\r\\x1b[1m100%\\n')\n```\n\nOutput:\n\n```text\n100%\n```\n\n\
         ```pycon\n>>> class Box: pass\n>>> list[Box]\nlist[Box]\n```\n",
    );
    assert_eq!([&told[0].0, &told[1].0], ["pass", "pass"]);
}

#[test]
fn what_a_type_checker_says_is_not_held_against_a_run() {
    let told = reasons(
        "```python\ndef f(a: int) -> None: ...\nf('x')  # error: Argument 1 to \"f\" has incompatible type \"str\"; expected \"int\"\n```\n\n\
         ```python\nint('3')  # ValueError\n```\n",
    );
    assert_eq!([&told[0].0, &told[1].0], ["pass", "stale"]);
}

#[test]
fn a_set_up_gives_its_names_and_its_error_is_told_once() {
    let note = "```pycon\n>>> double(2)\n4\n```\n\n```pycon\n>>> double(3)\n6\n```\n";
    let project = Project::with_note(note)
        .file("other/b.md", "```pycon\n>>> double(2)\n4\n```\n")
        .file("double.py", "def double(x):\n    return 2 * x\n")
        .file(
            "verify.toml",
            "paths = [\"notes\", \"other\"]\n[[setup]]\nnotes = [\"notes\"]\nfile = \"double.py\"\n",
        );
    let told: Vec<String> = told(&project)
        .into_iter()
        .map(|(status, _)| status)
        .collect();
    assert_eq!(told, ["pass", "pass", "skipped"]);
    project.write("double.py", "1 / 0\n");
    let text = project.verify("--lang en").text();
    assert_eq!(text.matches("ZeroDivisionError").count(), 1, "{text}");
    assert!(text.contains("the set-up in double.py raises"), "{text}");
}

#[test]
fn a_set_up_outside_of_the_project_is_refused() {
    let project = Project::with_note("```python\nprint(1)\n```\n")
        .file("../outside.py", "x = 1\n")
        .file("verify.toml", "[setup]\nfile = \"../outside.py\"\n");
    let text = project.verify("").text();
    assert!(
        text.contains("outside of the folder") && text.ends_with("[exit 2]\n"),
        "{text}"
    );
}

#[test]
fn hidden_code_prepares_what_follows() {
    let told = reasons(
        "<!-- verify: setup\nx = 1\n-->\n\n```python\nprint(x)\n#> 1\n```\n\n\
         <!-- invisible-code-block: python\nx = 2\n-->\n\n```python\nprint(x)  # 2\n```\n",
    );
    assert!(told.iter().all(|(status, _)| status == "pass"), "{told:?}");
    assert_eq!(told.len(), 4);
}

#[test]
fn files_that_the_note_shows_are_there() {
    let told = reasons(
        "```ini title=\"shop.ini\"\n[tea]\nprice = 3\n```\n\n\
         ```python\nprint(open('shop.ini').read())\n```\n\n\
         Save this as `greet.py`:\n\n```python\ndef hello():\n    return 'hi'\n```\n\n\
         ```pycon\n>>> import greet\n>>> greet.hello()\n'hi'\n```\n\n\
         ```python\nfrom greet import bye\n```\n",
    );
    let statuses: Vec<&str> = told.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(statuses, ["pass", "pass", "pass", "skipped"]);
}

#[test]
fn included_files_are_run_where_they_are_included() {
    let project = Project::with_note(
        "```python\n--8<-- \"app.py\"\n```\n\n```python\n{! app.py !}\n```\n\n\
         ```python\n{{#include app.py:good}}\n```\n\n\
         ```python\n--8<-- \"gone.py\"\n```\n\n```python\n{{ code }}\n```\n",
    )
    .file(
        "app.py",
        "# ANCHOR: good\nx = 1\n# ANCHOR_END: good\nprint(x / 0)\n",
    );
    let told = told(&project);
    let statuses: Vec<&str> = told.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(statuses, ["failed", "failed", "pass", "skipped", "skipped"]);
    assert_eq!(told[3].1, "needs-file: `gone.py`, which it includes");
    let report = project.verify("--format json").json();
    assert_eq!(first_block(&report)["error"]["line"], 2);
}
