//! What snippets notice of each other and of the workers that run them: nothing.

use verify::python::interpreters::Interpreter;

use crate::support::{Project, note, pythons};

/// What each snippet printed.
fn printed(project: &Project, arguments: &str) -> Vec<String> {
    let report = project.verify(&format!("{arguments} --format json")).json();
    let blocks = report["notes"][0]["blocks"].as_array().cloned();
    let stdout = |block: &serde_json::Value| block["stdout"].as_str().unwrap_or("none").to_owned();
    blocks.unwrap_or_default().iter().map(stdout).collect()
}

/// What these print among as many others as make it worth to import `asyncio` and `json` for all.
fn printed_among_importers(snippets: &[&str]) -> Vec<String> {
    let mut all = vec!["import json, asyncio\nprint(json.dumps([1]))"; 10];
    all.extend(snippets);
    let mut printed = printed(&Project::with_note(&note(&all)), "--jobs 1");
    printed.split_off(10)
}

#[test]
fn a_snippet_that_waits_leaves_its_place_to_the_next_one() {
    let waits = "import os, time\nwhile not os.path.exists('out/there'):\n    time.sleep(0.02)\nprint('met')";
    let makes = "open('out/there', 'w').close()\nprint('made')";
    let project = Project::with_note(&note(&[waits, makes]))
        .file("out/old", "")
        .file("verify.toml", "[sandbox]\nwrite = [\"out\"]\n");
    assert_eq!(printed(&project, "--jobs 1"), ["met\n", "made\n"]);
}

#[test]
fn what_was_imported_for_others_is_no_name_of_a_snippet() {
    let names = "import json\nprint([name for name in globals() if not name.startswith('_')])";
    assert_eq!(printed_among_importers(&[names]), ["['json']\n"]);
}

#[test]
fn what_was_imported_for_others_is_missing_where_it_could_be_seen() {
    let printed = printed_among_importers(&[
        "import json, concurrent\ntry:\n    concurrent.futures\nexcept AttributeError:\n    print('not imported')",
        "import sys, json\nprint('asyncio' in sys.modules)",
    ]);
    assert_eq!(printed, ["not imported\n", "False\n"]);
}

#[test]
fn a_module_that_warns_when_it_is_imported_still_does() {
    let warns = |python: &&Interpreter| matches!(python.version, (3, 11 | 12, _));
    let Some(python) = pythons().iter().find(warns) else {
        return eprintln!("skipped: no Python 3.11 or 3.12, under which `import crypt` warns");
    };
    let all = vec!["import crypt\nprint(crypt.__name__)"; 10];
    let project = Project::under(python).file("notes/a.md", note(&all));
    let report = project.verify("--format json").json();
    for block in report["notes"][0]["blocks"].as_array().unwrap() {
        assert_eq!(block["findings"].as_array().unwrap().len(), 1, "{block}");
    }
}
