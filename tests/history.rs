//! The history of the standard library against the Python at hand.
#![allow(clippy::expect_used)]

use std::process::Command;

#[test]
fn the_history_says_what_this_python_says() {
    let done = Command::new("python3")
        .args(["scripts/history.py", "check"])
        .output()
        .expect("python3 is on the path");
    let differences = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "data/history.txt is wrong or old; docs/architecture.md says how to write it anew\n{differences}{errors}"
    );
}
