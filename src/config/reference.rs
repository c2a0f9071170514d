//! The keys of `verify.toml` for readers and for editors: the tables of `docs/configuration.md`,
//! and `docs/verify.schema.json`.
//!
//! Formats the list of keys and adds nothing to it. `SNAPSHOTS=overwrite cargo test --test reference`
//! writes both.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::bounds;
use super::keys::{self, Default, Key, Kind, TABLES};

/// A table in Markdown of the keys above all tables, and one for each table.
pub fn tables() -> String {
    let mut shown = rows("");
    for (table, meaning) in TABLES {
        write!(shown, "\nBelow `[{table}]`, {meaning}:\n\n{}", rows(table)).ok();
    }
    shown
}

/// The JSON schema of `verify.toml`.
pub fn schema() -> Value {
    let mut properties = object("");
    for (table, meaning) in TABLES {
        let inner = json!({
            "type": "object", "description": plain(meaning),
            "properties": object(table), "additionalProperties": false,
        });
        let both = |short: &Value| json!({"anyOf": [short, inner]});
        let value = match table {
            "setup" => of_setup(&inner),
            table => properties.get(table).map_or(inner.clone(), both),
        };
        properties.insert(table.to_owned(), value);
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "verify.toml",
        "description": "Settings of verify, which runs the Python snippets of Markdown notes",
        "type": "object", "properties": properties, "additionalProperties": false,
    })
}

/// A set-up may be code alone, a table, or several of both.
fn of_setup(table: &Value) -> Value {
    let one = json!({"anyOf": [kind(&Kind::Code), table]});
    json!({"anyOf": [one, {"type": "array", "items": one}]})
}

fn of(table: &str) -> impl Iterator<Item = Key> {
    keys::all()
        .into_iter()
        .filter(move |key| key.table == table)
}

fn rows(table: &str) -> String {
    let mut shown =
        String::from("| key | default | unit or values | meaning |\n|---|---|---|---|\n");
    for key in of(table) {
        let name = match table {
            "" => key.name.to_owned(),
            table => format!("{table}.{}", key.name),
        };
        let default = match key.default {
            Default::Value(value) => format!("`{value}`"),
            Default::Said(text) => text.to_owned(),
        };
        let values = values(&key.kind);
        writeln!(
            shown,
            "| `{name}` | {default} | {values} | {} |",
            key.meaning
        )
        .ok();
    }
    shown
}

/// What a key may say, in words.
fn values(kind: &Kind) -> String {
    match kind {
        Kind::Path => "path".into(),
        Kind::Paths => "list of paths".into(),
        Kind::Python => "version or path, in quotes".into(),
        Kind::Word(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(", ")
        }
        Kind::Boolean => "`true`, `false`".into(),
        Kind::Whole(range, "") => format!("{} to {}", range.start(), range.end()),
        Kind::Whole(range, unit) => format!("whole {unit}, {} to {}", range.start(), range.end()),
        Kind::Seconds => {
            let (least, most) = (bounds::WALL.start(), bounds::WALL.end());
            format!("seconds, {least} to {most}")
        }
        Kind::Names => "list of names".into(),
        Kind::Code => "Python code".into(),
    }
}

fn object(table: &str) -> Map<String, Value> {
    of(table)
        .map(|key| {
            let mut value = kind(&key.kind);
            value["description"] = plain(key.meaning).into();
            if let Some(default) = default(&key.default) {
                value["default"] = default;
            }
            (key.name.to_owned(), value)
        })
        .collect()
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Path | Kind::Python | Kind::Code => json!({"type": "string", "minLength": 1}),
        Kind::Paths => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
        Kind::Names => json!({"type": "array", "items": {"type": "string", "pattern": "^[^=]+$"}}),
        Kind::Word(words) => json!({"enum": words}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Whole(range, _) => {
            json!({"type": "integer", "minimum": range.start(), "maximum": range.end()})
        }
        Kind::Seconds => {
            let (least, most) = (bounds::WALL.start(), bounds::WALL.end());
            json!({"type": "number", "minimum": least, "maximum": most})
        }
    }
}

/// A default as JSON. What keys may be is written the same in TOML and JSON.
fn default(default: &Default) -> Option<Value> {
    match default {
        Default::Value(value) => serde_json::from_str(value).ok(),
        Default::Said(_) => None,
    }
}

/// Markdown without its marks: of a link what is shown, of code what is in it.
fn plain(markdown: &str) -> String {
    let mut shown = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        match link.split_once("](") {
            Some((text, target)) => {
                shown.push_str(before);
                shown.push_str(text);
                rest = target.split_once(')').map_or("", |(_, after)| after);
            }
            None => break,
        }
    }
    shown.push_str(rest);
    shown.replace('`', "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::file;

    /// `verify.toml` with one key.
    fn written(key: &Key, value: &str) -> String {
        match key.table {
            "" => format!("{} = {value}\n", key.name),
            table => format!("[{table}]\n{} = {value}\n", key.name),
        }
    }

    fn accepted(text: &str) -> bool {
        let validator = jsonschema::draft7::new(&schema()).unwrap();
        let value: toml::Table = text.parse().unwrap();
        let follows = validator.is_valid(&serde_json::to_value(value).unwrap());
        let read = file::parse(text, "verify.toml").is_ok();
        assert_eq!(follows, read, "the schema and the reader differ on {text}");
        read
    }

    #[test]
    fn defaults_are_accepted() {
        for key in keys::all() {
            if let Default::Value(value) = key.default {
                assert!(accepted(&written(&key, value)), "{}", key.name);
            }
        }
    }

    #[test]
    fn what_is_not_of_its_kind_is_refused() {
        for key in keys::all() {
            let (good, bad): (String, &[&str]) = match &key.kind {
                Kind::Path | Kind::Code => ("\"a\"".into(), &["1", "true", "[]"]),
                Kind::Python => ("\"3.12\"".into(), &["3.12", "3", "[]"]),
                Kind::Paths => ("[\"a\"]".into(), &["1", "true", "[1]", "[\"\"]"]),
                Kind::Names => ("[\"A\"]".into(), &["1", "[1]", "[\"\"]", "[\"A=B\"]"]),
                Kind::Word(words) => (format!("\"{}\"", words[0]), &["\"none\"", "1", "true"]),
                Kind::Boolean => ("true".into(), &["\"true\"", "1"]),
                Kind::Whole(range, _) => (range.end().to_string(), &["0", "2e9", "\"1\""]),
                Kind::Seconds => ("0.5".into(), &["0", "86401", "\"1\""]),
            };
            assert!(accepted(&written(&key, &good)), "{} = {good}", key.name);
            for value in bad {
                assert!(!accepted(&written(&key, value)), "{} = {value}", key.name);
            }
        }
    }

    #[test]
    fn a_set_up_has_three_forms() {
        for text in [
            "setup = \"x = 1\"",
            "[setup]\ncode = \"x = 1\"",
            "[[setup]]\ncode = \"x = 1\"\n[[setup]]\nfile = \"a.py\"\nnotes = [\"docs\"]",
            "setup = [\"x = 1\"]",
        ] {
            assert!(accepted(text), "{text}");
        }
        for text in ["setup = 1", "[setup]\nnote = []", "setup = [1]"] {
            assert!(!accepted(text), "{text}");
        }
    }

    #[test]
    fn unknown_keys_are_refused() {
        for text in [
            "path = []",
            "[limit]\ncpu = 1",
            "[limits]\ncpus = 1",
            "cpu = 1",
        ] {
            assert!(!accepted(text), "{text}");
        }
    }

    #[test]
    fn marks_of_markdown_are_left_out() {
        assert_eq!(plain("with `a`, a ([b](c.md)) [d]"), "with a, a (b) [d]");
    }
}
