//! The manual pages say what `--help` says.
//!
//! `SNAPSHOTS=overwrite cargo test --test man` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use verify::cli::Cli;

/// Where a wheel has them, so that `pip install` puts them where `man` looks.
const FOLDER: &str = "packaging/data/share/man/man1";

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let page = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(page).collect()
}

#[test]
fn every_command_has_its_page() {
    let folder = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Cli::command(), folder.path()).unwrap();
    let wanted = pages(folder.path());
    assert!(wanted.contains_key("verify.1") && wanted.contains_key("verify-fix.1"));
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::remove_dir_all(FOLDER).ok();
        fs::create_dir_all(FOLDER).unwrap();
        for (name, text) in &wanted {
            fs::write(Path::new(FOLDER).join(name), text).unwrap();
        }
        return;
    }
    let there = pages(Path::new(FOLDER));
    let differing: Vec<&String> = wanted
        .keys()
        .chain(there.keys())
        .filter(|name| wanted.get(*name) != there.get(*name))
        .collect();
    assert!(
        differing.is_empty(),
        "run `SNAPSHOTS=overwrite cargo test --test man`: {differing:?}"
    );
}
