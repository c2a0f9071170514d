//! A wheel that is built here installs into a fresh virtual environment, and verifies the notes there;
//! an archive has the programs where `cargo binstall` looks for them.
//!
//! The wheel needs maturin and wheel in `target/venv-tools`, where `.ci/run` puts them:
//! `python3 -m venv target/venv-tools && target/venv-tools/bin/pip install maturin wheel check-jsonschema pre-commit`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod folders;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folders::copy;

use serde_json::Value;
use verify::python::interpreters::{self, Environment, Interpreter, Request};

/// Where the wheel is built. Maturin sets variables that pyo3 is built anew for, so it shares no
/// folder with other builds.
const FOLDER: &str = "target/wheel";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn done(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
    output
}

/// The one wheel, built without debug information, which would make it ten times as large.
fn wheel(tools: &Path) -> PathBuf {
    let wheels = root().join(FOLDER).join("wheels");
    fs::remove_dir_all(&wheels).ok();
    done(
        Command::new(tools.join("maturin"))
            .args(["build", "--profile", "dev", "--out"])
            .arg(&wheels)
            .current_dir(root())
            .env("CARGO_TARGET_DIR", root().join(FOLDER))
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("PATH", path_with(tools)),
    );
    let built = only_file(&wheels);
    done(
        Command::new(tools.join("python"))
            .args(["-m", "wheel", "tags", "--python-tag", "py3"])
            .args(["--abi-tag", "none", "--remove"])
            .arg(built),
    );
    only_file(&wheels)
}

fn path_with(tools: &Path) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap()
}

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].as_ref().unwrap().path()
}

/// The oldest and the newest Python that can be embedded.
fn oldest_and_newest() -> Vec<Interpreter> {
    let request = Request {
        env: Environment::from_process(),
        ..Request::default()
    };
    let found = interpreters::list(&request).into_iter();
    let mut found: Vec<Interpreter> = found
        .filter_map(|listed| listed.interpreter.ok())
        .filter(|python| python.embeddable().is_ok() && !python.is_virtual_environment())
        .collect();
    found.sort_by_key(|python| python.version);
    found.dedup_by_key(|python| (python.version.0, python.version.1));
    let newest = found.pop();
    found.into_iter().take(1).chain(newest).collect()
}

/// `verify` of an environment, with nothing on `PATH` that could help it.
fn installed(environment: &Path, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(environment.join("bin/verify"))
        .args(arguments)
        .current_dir(folder.join("project"))
        .env_clear()
        .env("HOME", folder)
        .env("PATH", "/nowhere")
        .output()
        .unwrap()
}

/// Installs the wheel for `python` and verifies a copy of the notes of this project.
fn verifies_the_notes(wheel: &Path, python: &Interpreter) {
    let folder = tempfile::tempdir().unwrap();
    let environment = folder.path().join("environment");
    let made = Command::new(&python.executable)
        .args(["-m", "venv"])
        .arg(&environment)
        .output()
        .unwrap();
    if !made.status.success() {
        let path = python.executable.display();
        return eprintln!("skipped: {path} makes no virtual environment with pip");
    }
    done(
        Command::new(environment.join("bin/pip"))
            .args(["install", "--no-index", "--disable-pip-version-check"])
            .arg(wheel),
    );
    assert!(environment.join("share/man/man1/verify.1").exists());
    for part in ["notes", "expected"] {
        copy(
            &root().join(part),
            &folder.path().join("project").join(part),
        );
    }
    let run = installed(&environment, folder.path(), &["--format", "json"]);
    let errors = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{errors}");
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let used = Path::new(report["python"]["executable"].as_str().unwrap());
    assert!(used.starts_with(&environment), "{}", used.display());
    assert_eq!(report["python"]["version"], python.version_text);
    assert!(report["summary"]["pass"].as_u64() > Some(50), "{report}");
}

#[test]
fn a_wheel_installs_and_verifies_the_notes() {
    let tools = root().join("target/venv-tools/bin");
    if !tools.join("maturin").exists() {
        return eprintln!("skipped: target/venv-tools has no maturin; .ci/run puts it there");
    }
    let wheel = wheel(&tools);
    let name = wheel.file_name().unwrap().to_str().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!("verify_notes-{version}-py3-none-");
    assert!(name.starts_with(&expected), "{name}");
    let pythons = oldest_and_newest();
    assert!(!pythons.is_empty(), "no Python can be embedded");
    for python in &pythons {
        verifies_the_notes(&wheel, python);
    }
}

#[test]
fn an_archive_is_what_binstall_looks_for() {
    let folder = tempfile::tempdir().unwrap();
    for program in ["verify", "verify-python"] {
        fs::write(folder.path().join(program), program).unwrap();
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let said = |key: &str| {
        let text = binstall[key].as_str().unwrap();
        text.replace("{ target }", "some-system")
            .replace("{ binary-ext }", "")
    };
    done(
        Command::new(root().join("scripts/archive.sh"))
            .arg("some-system")
            .args([folder.path(), &folder.path().join("out")]),
    );
    let archive = only_file(&folder.path().join("out"));
    let name = archive.file_name().unwrap().to_str().unwrap();
    assert!(said("pkg-url").ends_with(&format!("/{name}")), "{name}");
    for program in ["verify", "verify-python"] {
        let inside = said("bin-dir").replace("{ bin }", program);
        let unpacked = done(
            Command::new("tar")
                .args(["-xzOf"])
                .arg(&archive)
                .arg(&inside),
        );
        assert_eq!(unpacked.stdout, program.as_bytes(), "{inside}");
    }
}
