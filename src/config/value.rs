//! The values of `verify.toml`: each is read as what its key wants, or noted as
//! a mistake at its line and column.
//!
//! Knows kinds of values, and no keys but those it needs for its messages.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use clap::ValueEnum;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::bounds;
use super::mistake::{Mistake, nearest};

/// A key with its place.
pub(super) type Key<'a> = Spanned<DeString<'a>>;
/// A value with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// A text with its place as `file:line:column`.
#[derive(Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) text: String,
    pub(super) place: String,
}

/// Reads values and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    shown: &'a str,
    pub(super) mistakes: Vec<(usize, Mistake)>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, which messages call `shown`.
    pub(super) fn new(text: &'a str, shown: &'a str) -> Self {
        Self {
            text,
            shown,
            mistakes: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Mistake> {
        self.mistakes.sort_by_key(|(offset, _)| *offset);
        self.mistakes
            .into_iter()
            .map(|(_, mistake)| mistake)
            .collect()
    }

    pub(super) fn place(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        format!("{}:{line}:{column}", self.shown)
    }

    pub(super) fn wrong(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mistake = Mistake::new(self.place(span.start), message, help);
        self.mistakes.push((span.start, mistake));
    }

    pub(super) fn table<'v, 'i>(
        &mut self,
        key: &Key<'_>,
        value: &'v Value<'i>,
    ) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let name = key.get_ref();
            self.wrong(
                key.span(),
                format!("`{name}` is a table"),
                format!("write `[{name}]` and its keys below"),
            );
        }
        table
    }

    pub(super) fn string(
        &mut self,
        name: &str,
        example: &str,
        value: &Value<'_>,
    ) -> Option<String> {
        let help = match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => return Some(text.to_string()),
            DeValue::String(_) => format!("write `{name} = \"{example}\"`, or leave the key out"),
            DeValue::Float(number) => {
                format!("put it in quotes: `{name} = \"{}\"`", number.as_str())
            }
            DeValue::Integer(number) => {
                format!("put it in quotes: `{name} = \"{}\"`", number.as_str())
            }
            _ => format!("write `{name} = \"{example}\"`"),
        };
        let message = match value.get_ref() {
            DeValue::String(_) => format!("`{name}` is empty"),
            other => format!("`{name}` is a text, not {}", kind(other)),
        };
        self.wrong(value.span(), message, help);
        None
    }

    pub(super) fn strings(
        &mut self,
        name: &str,
        example: &str,
        value: &Value<'_>,
    ) -> Option<Vec<Placed>> {
        let Some(items) = value.get_ref().as_array() else {
            let message = format!("`{name}` is a list of texts, not {}", kind(value.get_ref()));
            self.wrong(
                value.span(),
                message,
                format!("write `{name} = [\"{example}\"]`"),
            );
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push(Placed {
                        text: text.to_string(),
                        place: self.place(item.span().start),
                    });
                }
                _ => {
                    let message = format!("`{name}` is a list of texts that are not empty");
                    self.wrong(
                        item.span(),
                        message,
                        format!("write `{name} = [\"{example}\"]`"),
                    );
                }
            }
        }
        Some(texts)
    }

    /// A text of the file with its place.
    pub(super) fn placed(&self, text: String, value: &Value<'_>) -> Placed {
        Placed {
            text,
            place: self.place(value.span().start),
        }
    }

    pub(super) fn paths(&mut self, value: &Value<'_>) -> Option<Vec<Placed>> {
        if value
            .get_ref()
            .as_array()
            .is_some_and(|items| items.is_empty())
        {
            self.wrong(
                value.span(),
                "`paths` is empty",
                "write `paths = [\"notes\"]`, or leave the key out",
            );
        }
        self.strings("paths", "notes", value)
    }

    pub(super) fn variables(&mut self, value: &Value<'_>) -> Option<Vec<String>> {
        let names = self.strings("pass", "LANG", value)?;
        for (item, name) in value.get_ref().as_array().into_iter().flatten().zip(&names) {
            if !is_variable(&name.text) {
                let message = format!("`{}` is not the name of an environment variable", name.text);
                self.wrong(item.span(), message, "write the name alone, such as `LANG`");
            }
        }
        Some(names.into_iter().map(|name| name.text).collect())
    }

    pub(super) fn word<T: ValueEnum>(&mut self, name: &str, value: &Value<'_>) -> Option<T> {
        let words: Vec<String> = T::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|possible| possible.get_name().to_owned())
            .collect();
        let text = value.get_ref().as_str();
        if let Some(word) = text.and_then(|text| T::from_str(text, false).ok()) {
            return Some(word);
        }
        let got = text.map_or_else(
            || kind(value.get_ref()).to_owned(),
            |text| format!("`{text}`"),
        );
        let help = match text.and_then(|text| nearest(text, &words)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `{name} = \"{}\"`", words[0]),
        };
        self.wrong(
            value.span(),
            format!("`{name}` is one of {}, not {got}", list(&words)),
            help,
        );
        None
    }

    pub(super) fn boolean(&mut self, name: &str, value: &Value<'_>) -> Option<bool> {
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            let message = format!(
                "`{name}` is `true` or `false`, not {}",
                kind(value.get_ref())
            );
            self.wrong(value.span(), message, format!("write `{name} = true`"));
        }
        boolean
    }

    pub(super) fn number(
        &mut self,
        name: &str,
        bounds: &RangeInclusive<u64>,
        value: &Value<'_>,
    ) -> Option<u64> {
        let number = match value.get_ref() {
            DeValue::Integer(integer) => {
                u64::from_str_radix(integer.as_str(), integer.radix()).ok()
            }
            _ => None,
        };
        if let Some(number) = number.filter(|number| bounds.contains(number)) {
            return Some(number);
        }
        let message = format!(
            "`{name}` is a whole number from {} to {}, not {}",
            bounds.start(),
            bounds.end(),
            written(value.get_ref())
        );
        self.wrong(
            value.span(),
            message,
            "write a number in that range, or leave the key out",
        );
        None
    }

    pub(super) fn seconds(&mut self, name: &str, value: &Value<'_>) -> Option<Duration> {
        let digits = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            DeValue::Float(float) => float.as_str(),
            _ => "",
        };
        if let Ok(duration) = bounds::seconds(digits) {
            return Some(duration);
        }
        let message = format!(
            "`{name}` is a number of seconds from {} to {}, not {}",
            bounds::WALL.start(),
            bounds::WALL.end(),
            written(value.get_ref())
        );
        self.wrong(
            value.span(),
            message,
            "write a number in that range, or leave the key out",
        );
        None
    }
}

fn is_variable(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts_well
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Words in backticks, with commas.
pub(super) fn list<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    quoted.join(", ")
}

/// A number as it is written, anything else by its kind.
fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.to_string(),
        other => kind(other).to_owned(),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
