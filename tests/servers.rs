//! The files for CI servers and pre-commit are as the schemas of these say, in the eyes of other programs.
//!
//! Needs check-jsonschema and pre-commit in `target/venv-tools`, where `.ci/run` puts them. The schemas are
//! those that check-jsonschema brings along, so no network is needed.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::path::Path;
use std::process::Command;

/// Runs a program of `target/venv-tools` where it is there, and fails where it finds fault.
fn has_no_objection(program: &str, arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("target/venv-tools/bin").join(program);
    if !program.exists() {
        return eprintln!(
            "skipped: there is no {}; .ci/run puts it there",
            program.display()
        );
    }
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} {arguments:?}\n{said}{errors}",
        program.display()
    );
}

fn follows(schema: &str, files: &[&str]) {
    let builtin = ["--builtin-schema", schema];
    has_no_objection("check-jsonschema", &[&builtin, files].concat());
}

#[test]
fn workflows_and_the_action_are_as_github_wants_them() {
    let workflows = [
        ".github/workflows/ci.yml",
        ".github/workflows/notes.yml",
        ".github/workflows/release.yml",
        "src/init/verify.yml",
    ];
    follows("vendor.github-workflows", &workflows);
    follows("vendor.github-actions", &["action.yml"]);
}

#[test]
fn the_template_is_as_gitlab_wants_it() {
    follows("vendor.gitlab-ci", &["templates/verify.gitlab-ci.yml"]);
}

#[test]
fn hooks_and_their_configuration_are_as_pre_commit_wants_them() {
    has_no_objection(
        "pre-commit",
        &["validate-manifest", ".pre-commit-hooks.yaml"],
    );
    has_no_objection(
        "pre-commit",
        &["validate-config", "src/init/pre-commit-config.yaml"],
    );
}
