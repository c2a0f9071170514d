//! Every key of `verify.toml`: what it may say, what it says where it is left out, what it means.
//!
//! The one list that unknown keys are compared with, and that the reference in
//! `docs/configuration.md` and the schema for editors are written from.

use std::ops::RangeInclusive;

use clap::ValueEnum;

use super::bounds;
use crate::cli::{Sandbox, State};
use crate::model::Lang;

/// A key.
pub(super) struct Key {
    /// The table that it stands in; `""` above all tables.
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) default: Default,
    /// In Markdown.
    pub(super) meaning: &'static str,
}

/// What a key may say.
pub(super) enum Kind {
    Path,
    Paths,
    /// A version or path of Python.
    Python,
    /// One word of a closed list.
    Word(Vec<String>),
    Boolean,
    /// A whole number, with its unit.
    Whole(RangeInclusive<u64>, &'static str),
    /// Seconds, whole or not.
    Seconds,
    /// Names of environment variables.
    Names,
    /// Lines of Python.
    Code,
}

/// What holds where a key is left out.
pub(super) enum Default {
    /// A value as `verify.toml` has it.
    Value(&'static str),
    /// What can't be written there.
    Said(&'static str),
}

/// The tables, with what they are about.
pub(super) const TABLES: [(&str, &str); 5] = [
    (
        "python",
        "more than which Python ([modules.md](modules.md#an-environment-for-the-notes))",
    ),
    ("limits", "what one snippet may use"),
    (
        "sandbox",
        "what snippets may reach ([running.md](running.md#the-sandbox))",
    ),
    ("environment", "what snippets see of the environment"),
    (
        "setup",
        "code that is run before the snippets, for the names it gives; `setup = \"import numpy as np\"` is short for `code` alone, and several stand below `[[setup]]` each",
    ),
];

/// All keys, in the order of the reference.
pub(super) fn all() -> Vec<Key> {
    let mut keys = above_tables();
    keys.extend(python());
    keys.extend(limits());
    keys.extend(sandbox());
    keys.extend(environment());
    keys.extend(setup());
    keys
}

/// The names that may stand in a table, those of tables among them.
pub(super) fn names(table: &str) -> Vec<&'static str> {
    let keys = all().into_iter().filter(|key| key.table == table);
    let mut names: Vec<_> = keys.map(|key| key.name).collect();
    if table.is_empty() {
        let tables = TABLES.map(|(name, _)| name);
        // These two are keys as well.
        let only_tables = |name: &&&str| !["python", "sandbox"].contains(*name);
        names.extend(tables.iter().filter(only_tables));
    }
    names
}

/// The table that a name belongs to.
pub(super) fn home(name: &str) -> Option<&'static str> {
    let tables = std::iter::once("").chain(TABLES.map(|(table, _)| table));
    tables
        .into_iter()
        .find(|table| names(table).contains(&name))
}

fn above_tables() -> Vec<Key> {
    use Default::{Said, Value};
    let key = |name, kind, default, meaning| Key {
        table: "",
        name,
        kind,
        default,
        meaning,
    };
    vec![
        key(
            "paths",
            Kind::Paths,
            Said(r#"`["notes"]` if there is such a folder, else `["."]`"#),
            "the notes to check",
        ),
        key(
            "expected",
            Kind::Path,
            Value(r#""expected""#),
            "the folder of the recordings",
        ),
        key(
            "python",
            Kind::Python,
            Said("an [environment](interpreters.md#how-one-is-chosen), else `python3`"),
            "the Python to run the snippets under",
        ),
        key(
            "state",
            words::<State>(),
            Value(r#""auto""#),
            "which names of earlier snippets of its note a snippet sees: those that it uses, none, all",
        ),
        key(
            "jobs",
            Kind::Whole(bounds::JOBS, ""),
            Said("the number of cores"),
            "how many snippets run at once",
        ),
        key(
            "strict",
            Kind::Boolean,
            Value("false"),
            "fail on known findings and on warnings too",
        ),
        key(
            "cache",
            Kind::Boolean,
            Said(
                "`true` in `verify watch`, else `false`; without `--cache` it is always off where `CI` is set",
            ),
            "answer what ran before, and is as it was, from a [cache](caching.md)",
        ),
        key(
            "mentions",
            Kind::Boolean,
            Value("true"),
            "look for names that are gone in running text too ([mentions.md](mentions.md))",
        ),
        key(
            "prose",
            Kind::Boolean,
            Value("true"),
            "with `mentions`, take words of sentences for names too, not inline code alone",
        ),
        key(
            "lang",
            words::<Lang>(),
            Said("that of the locale, else that of each note"),
            "the [language](#language) of the messages",
        ),
        key(
            "sandbox",
            words::<Sandbox>(),
            Value(r#""auto""#),
            "keep snippets from files and network: fully or run nothing, as far as the system can, not at all; short for `[sandbox]` with `mode` alone",
        ),
    ]
}

fn python() -> [Key; 3] {
    let key = |name, kind, default, meaning| Key {
        table: "python",
        name,
        kind,
        default: Default::Said(default),
        meaning,
    };
    [
        key(
            "version",
            Kind::Python,
            "as `python`",
            "the same as `python`",
        ),
        key(
            "environment",
            Kind::Word(vec!["uv".to_owned()]),
            "none",
            "run the snippets in an environment that `uv` makes with what their scripts need",
        ),
        key(
            "requirements",
            Kind::Path,
            "none",
            "a file of requirements that the environment has, too",
        ),
    ]
}

fn limits() -> [Key; 4] {
    let key = |name, kind, default, meaning| Key {
        table: "limits",
        name,
        kind,
        default: Default::Value(default),
        meaning,
    };
    let whole = Kind::Whole;
    [
        key("cpu", whole(bounds::CPU, "seconds"), "10", "processor time"),
        key("wall", Kind::Seconds, "30", "time on the clock"),
        key("memory", whole(bounds::MEMORY, "MiB"), "1024", "memory"),
        key(
            "output",
            whole(bounds::OUTPUT, "KiB"),
            "1024",
            "output that is kept; the rest is counted",
        ),
    ]
}

fn sandbox() -> [Key; 3] {
    let key = |name, kind, default, meaning| Key {
        table: "sandbox",
        name,
        kind,
        default: Default::Value(default),
        meaning,
    };
    [
        key(
            "mode",
            words::<Sandbox>(),
            r#""auto""#,
            "the same as `sandbox`",
        ),
        key(
            "read",
            Kind::Paths,
            "[]",
            "files and folders that snippets may read beside their own folder",
        ),
        key(
            "write",
            Kind::Paths,
            "[]",
            "files and folders that they may write to, too",
        ),
    ]
}

fn environment() -> [Key; 1] {
    [Key {
        table: "environment",
        name: "pass",
        kind: Kind::Names,
        default: Default::Value("[]"),
        meaning: "environment variables that snippets see beside the usual few",
    }]
}

fn setup() -> [Key; 3] {
    let key = |name, kind, default, meaning| Key {
        table: "setup",
        name,
        kind,
        default: Default::Said(default),
        meaning,
    };
    [
        key("code", Kind::Code, "none", "the code"),
        key(
            "file",
            Kind::Path,
            "none",
            "in place of `code`: a file below the root with the code",
        ),
        key(
            "notes",
            Kind::Paths,
            "all",
            "the notes and folders that it is for",
        ),
    ]
}

fn words<T: ValueEnum>() -> Kind {
    let words = T::value_variants().iter();
    let words = words.filter_map(ValueEnum::to_possible_value);
    Kind::Word(words.map(|word| word.get_name().to_owned()).collect())
}
