//! The examples of the rules against the Pythons at hand: the old form fails or differs from the
//! version on that the rule names, and the modern form works there.
//!
//! What can't be compared for want of an old Python is left out. With every version from 2.7 on
//! under `~/.pyenv/versions` all of it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use verify::check::explain::history::Version;
use verify::check::explain::{self, catalogue};
use verify::model::{Example, Rule};

/// How an example ended.
#[derive(Clone, Debug, Deserialize)]
struct Done {
    status: i32,
    out: String,
    err: String,
}

/// What each version made of each piece of code.
type Runs = BTreeMap<(u8, u8), Vec<Done>>;

/// The interpreters at hand, one for each version.
fn interpreters() -> BTreeMap<(u8, u8), PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let folder = home.map(|home| home.join(".pyenv/versions"));
    let installed = folder.and_then(|folder| folder.read_dir().ok());
    let programs = installed.into_iter().flatten().flatten();
    let programs = programs.map(|entry| entry.path().join("bin/python"));
    let programs = programs.chain([PathBuf::from("python3")]);
    let versions = programs.filter_map(|program| Some((version(&program)?, program)));
    versions.collect()
}

fn version(program: &PathBuf) -> Option<(u8, u8)> {
    let done = Command::new(program)
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .output()
        .ok()?;
    let Version(major, minor) = Version::parse(String::from_utf8(done.stdout).ok()?.trim())?;
    Some((major, minor))
}

fn run(program: &PathBuf, codes: &[&str]) -> Vec<Done> {
    let mut child = Command::new(program)
        .args(["-s", "-S", "tests/rules.py"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONUTF8", "1")
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(serde_json::to_string(codes).unwrap().as_bytes())
        .unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", program.display());
    serde_json::from_slice(&done.stdout).unwrap()
}

/// All rules, with those of the names of which more is told.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let names = catalogue::known_names();
    catalogue::rules().iter().cloned().chain(names).collect()
});

fn examples() -> impl Iterator<Item = (&'static Rule, &'static Example)> {
    let rules = RULES.iter();
    rules.flat_map(|rule| rule.examples.iter().map(move |it| (rule, it)))
}

/// What all examples do: the old and the new form of each, in turn.
static RUNS: LazyLock<Runs> = LazyLock::new(|| {
    let codes: Vec<&str> = examples()
        .flat_map(|(_, example)| [example.old.as_str(), example.new.as_str()])
        .collect();
    run_all(&codes)
});

fn run_all(codes: &[&str]) -> Runs {
    let interpreters = interpreters();
    assert!(!interpreters.is_empty(), "no Python is at hand");
    eprintln!("with {:?}", interpreters.keys().collect::<Vec<_>>());
    std::thread::scope(|scope| {
        let started: Vec<_> = interpreters
            .iter()
            .map(|(version, program)| (*version, scope.spawn(|| run(program, codes))))
            .collect();
        started
            .into_iter()
            .map(|(version, run)| (version, run.join().unwrap()))
            .collect()
    })
}

fn parse(version: Option<&String>) -> Option<(u8, u8)> {
    let Version(major, minor) = Version::parse(version?)?;
    Some((major, minor))
}

/// What is wrong with an example: its pieces of code are those at `at` and behind it.
fn faults(rule: &Rule, at: usize, runs: &Runs) -> Vec<String> {
    let since = parse(rule.since.as_ref());
    let needs = parse(rule.needs.as_ref());
    let end = since.unwrap_or((u8::MAX, 0));
    let begin = needs.max(since).unwrap_or((3, 0));
    let mut faults = Vec::new();
    let mut fault = |version: &(u8, u8), what: &str, done: &Done| {
        faults.push(format!("{} {version:?}: {what}: {done:?}", rule.slug));
    };
    let unchanged = parse(rule.patched.as_ref()).or(since).unwrap_or(end);
    let before = runs.range(..unchanged).next_back();
    if let Some((version, before)) = before
        && before[at].status != 0
    {
        fault(version, "the old form fails already", &before[at]);
    }
    for (version, done) in runs {
        let (old, new) = (&done[at], &done[at + 1]);
        let same = before.is_some_and(|(_, before)| old.status == 0 && same(old, &before[at]));
        if *version >= end && same {
            fault(version, "the old form still does the same", old);
        }
        if *version >= begin && new.status != 0 {
            fault(version, "the modern form fails", new);
        }
        if needs.is_some_and(|needs| *version < needs) && new.status == 0 {
            fault(version, "the modern form works already", new);
        }
        let warns = parse(rule.warns.as_ref()).is_some_and(|warns| *version >= warns);
        if warns && *version < end && !old.err.contains("Warning: ") {
            fault(version, "nothing warns of the old form", old);
        }
    }
    faults
}

/// True where both printed the same but for addresses.
fn same(one: &Done, other: &Done) -> bool {
    let address = Regex::new("0x[0-9a-fA-F]+").unwrap();
    address.replace_all(&one.out, "") == address.replace_all(&other.out, "")
}

#[test]
fn the_examples_show_what_their_rules_say() {
    let faults: Vec<String> = examples()
        .enumerate()
        .flat_map(|(at, (rule, _))| faults(rule, at * 2, &RUNS))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What may be somebody's own module that is not there.
const UNTOLD: [&str; 2] = ["py2-relative-import", "module-compiler"];

#[test]
fn what_the_old_forms_raise_is_explained() {
    let last = Regex::new(r"(?m)^(\w[\w.]*(?:Error|error|Iteration))(?:: (.*))?$").unwrap();
    let quoted = Regex::new("'([^']*)'").unwrap();
    let place = Regex::new(r#"File "example.py", line (\d+)"#).unwrap();
    let mut faults = Vec::new();
    for (at, (rule, example)) in examples().enumerate() {
        for (version, done) in RUNS.range((3, 9)..) {
            let err = &done[at * 2].err;
            let (Some(raised), Some(place)) = (
                last.captures_iter(err).last(),
                place.captures_iter(err).last(),
            ) else {
                continue;
            };
            let message = raised.get(2).map_or("", |message| message.as_str());
            let subject = quoted.captures(message);
            let subject = subject
                .as_ref()
                .map_or("", |found| found.get(1).unwrap().as_str());
            let line: usize = place[1].parse().unwrap();
            let source = example.old.lines().nth(line - 1).unwrap();
            if raised[1].ends_with("SyntaxError") || done[at * 2].status == 0 {
                continue;
            }
            let found = explain::error(&raised[1], message, subject, line, source, &example.old);
            let found = found.map(|finding| finding.rule);
            let is_name = catalogue::rules()
                .iter()
                .all(|other| other.slug != rule.slug);
            let is_told = found.as_deref() == Some(&rule.slug) || (is_name && found.is_some());
            if !is_told && !UNTOLD.contains(&rule.slug.as_str()) {
                faults.push(format!(
                    "{} {version:?}: {} is {found:?}",
                    rule.slug, &raised[0]
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_rule_that_names_a_version_has_an_example() {
    // Names of the C interface and options of the interpreter are no code to run, and that a line
    // changes nothing can't be seen.
    let bare = [
        "py2-c-api",
        "pyo-files",
        "py2-future-import",
        "py2-source-encoding",
    ];
    for rule in RULES.iter() {
        let dated = rule.since.is_some() || rule.warns.is_some() || rule.needs.is_some();
        let wants = dated && !bare.contains(&rule.slug.as_str());
        assert!(!wants || !rule.examples.is_empty(), "{}", rule.slug);
    }
}
