//! The reference of `verify.toml` says what the program knows of its keys: the tables of
//! `docs/configuration.md`, and the schema for editors.
//!
//! `SNAPSHOTS=overwrite cargo test --test reference` writes both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;

use verify::config::reference;

const BEGIN: &str = "<!-- What the program knows of its keys: `SNAPSHOTS=overwrite cargo test --test reference` writes it. -->\n";
const END: &str = "<!-- End of what is written by the program. -->\n";

/// Compares a file with what it should be, or writes it.
fn is_as_written(path: &str, wanted: &str) {
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        return fs::write(path, wanted).unwrap();
    }
    let there = fs::read_to_string(path).unwrap();
    assert!(
        there == wanted,
        "{path}: run `SNAPSHOTS=overwrite cargo test --test reference`"
    );
}

#[test]
fn the_tables_of_keys_are_those_of_the_program() {
    let document = fs::read_to_string("docs/configuration.md").unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let tables = reference::tables();
    let wanted = format!("{before}{BEGIN}\n{tables}\n{END}{after}");
    is_as_written("docs/configuration.md", &wanted);
}

#[test]
fn the_schema_for_editors_is_that_of_the_program() {
    let schema = serde_json::to_string_pretty(&reference::schema()).unwrap();
    is_as_written("docs/verify.schema.json", &format!("{schema}\n"));
}
