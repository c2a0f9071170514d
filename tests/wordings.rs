//! The wordings of errors against the Python at hand.
#![allow(clippy::expect_used)]

use std::process::Command;

#[test]
fn errors_are_worded_as_this_python_words_them() {
    let done = Command::new("python3")
        .args(["scripts/wordings.py", "check"])
        .output()
        .expect("python3 is on the path");
    let differences = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "data/wordings.txt is wrong or old; docs/architecture.md says how to write it anew\n{differences}{errors}"
    );
}
