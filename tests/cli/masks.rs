//! What varies from run to run is masked when it is recorded, and only that.

use crate::support::{Project, note, oldest_and_newest, statuses};

/// Records these snippets and proves that more runs agree with what was recorded.
fn recorded(blocks: &[&str]) -> String {
    let mut last = String::new();
    for python in oldest_and_newest() {
        let project = Project::under(python).file("notes/a.md", note(blocks));
        project.verify("--update").exits(0);
        let before = project.files();
        for jobs in [1, 8] {
            let report = project
                .verify(&format!("--format json --jobs {jobs}"))
                .exits(0)
                .json();
            assert_eq!(statuses(&report), vec!["pass"; blocks.len()]);
        }
        for jobs in [1, 8] {
            let again = project.verify(&format!("--update --jobs {jobs}")).exits(0);
            assert!(
                again.out.starts_with("nothing to update\n"),
                "{}",
                again.text()
            );
            assert_eq!(project.files(), before);
        }
        last = project.read("expected/notes/a.toml");
    }
    last
}

/// The recorded standard output of each snippet.
fn outputs(file: &str) -> Vec<String> {
    let parsed: toml::Table = file.parse().unwrap();
    let snippets = parsed["snippet"].as_array().unwrap();
    snippets
        .iter()
        .map(|snippet| snippet["stdout"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_the_machine_decides_is_masked() {
    let file = recorded(&[
        "import os\nprint('pid', os.getpid())",
        "print(id(object()))",
        "class A: pass\nprint(A())",
        "import time\nprint(time.time() > 0, time.time())",
        "import time\nprint(time.ctime())",
        "import datetime\nprint(datetime.datetime.now())\nprint(datetime.date.today())",
        "import tempfile\nwith tempfile.NamedTemporaryFile() as file:\n    print('at', file.name)",
        "import uuid\nprint(uuid.uuid4())",
        "import os\nprint(os.getcwd())\nprint(os.path.abspath('x.txt'))",
        "import threading\nprint(threading.get_ident())",
    ]);
    let outputs = outputs(&file);
    assert_eq!(outputs[0], "pid ⟪number⟫\n");
    assert_eq!(outputs[2], "<__main__.A object at ⟪address⟫>\n");
    assert!(outputs[3].starts_with("True ⟪"), "{}", outputs[3]);
    for path in ["/tmp", "/home", "/root", "verify-"] {
        assert!(!file.contains(path), "`{path}` in\n{file}");
    }
}

#[test]
fn random_orders_and_values_are_masked() {
    recorded(&[
        "import random\nitems = list(range(12))\nrandom.shuffle(items)\nprint(items)",
        "print({'apple', 'pear', 'plum', 'fig', 'kiwi'})",
        "for name in {'apple', 'pear', 'plum', 'fig', 'kiwi'}:\n    print(name)",
        "print(hash('text'))",
        "import random\nprint(random.random(), random.randint(1, 10 ** 9))",
        "import os, secrets\nprint(os.urandom(8).hex(), secrets.token_hex(8))",
        "import random\nprint(repr(str(random.random())), random.random(), sep='\\n')",
    ]);
}

#[test]
fn errors_and_standard_error_are_masked_too() {
    let file = recorded(&[
        "import random\nraise ValueError(random.random())",
        "import random, sys\nsys.stderr.write('%.3f\\n' % (1 + random.random()))",
        "import sys\nraise OSError(object())",
    ]);
    assert!(file.contains("raises = \"ValueError: ⟪number⟫\""), "{file}");
    assert!(file.contains("stderr = \"\"\"\n⟪number⟫\n\"\"\""), "{file}");
    assert!(
        file.contains("raises = \"OSError: <object object at ⟪address⟫>\""),
        "{file}"
    );
}

#[test]
fn only_what_varies_is_masked() {
    let file = recorded(&["import os\nprint('a 1 2.5 0x1f', os.getpid(), 'b 7')\nprint('next 8')"]);
    assert_eq!(outputs(&file), ["a 1 2.5 0x1f ⟪number⟫ b 7\nnext 8\n"]);
    let project = Project::with_note(&note(&["import os\nprint(os.getpid(), 'x', 7)"]));
    project.verify("--update").exits(0);
    project.edit("notes/a.md", "'x', 7", "'x', 8");
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["stale"]
    );
}

#[test]
fn text_that_looks_like_a_mask_is_text() {
    let blocks = [
        "print('⟪number⟫')",
        "import os\nprint('⟪number⟫ ⟪⟪ ⟫', os.getpid())",
    ];
    let file = recorded(&blocks);
    assert_eq!(
        outputs(&file),
        ["⟪number⟫\n", "⟪⟪number⟫ ⟪⟪⟪⟪ ⟫ ⟪number⟫\n"]
    );
    let project = Project::with_note(&note(&blocks));
    project.verify("--update").exits(0);
    project.edit("notes/a.md", "print('⟪number⟫')", "print(17)");
    project.edit("notes/a.md", "'⟪number⟫ ⟪⟪ ⟫'", "'17 ⟪⟪ ⟫'");
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["stale", "stale"]
    );
}

#[test]
fn what_varies_without_a_mask_is_told_so() {
    let project = Project::with_note(&note(&["import os\nprint(os.getpid())"]));
    project.verify("--update").exits(0);
    project.edit("expected/notes/a.toml", "⟪number⟫", "12");
    project.edit("expected/notes/a.toml", "masked = true\n", "");
    let session = project.verify("").exits(1);
    assert!(
        session.out.contains("the output varies from run to run"),
        "{}",
        session.text()
    );
    project.verify("--update").exits(0);
    project.verify("").exits(0);
}
