//! The catalogue of rules: what changed in Python besides the names that are gone.
//!
//! The rules are data, in `data/rules/*.toml`, read when one is first asked for. A name that is gone
//! is a rule too; its texts are made from the history, and `names.toml` has more about the well-known ones.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::history::{self, Owner};
use crate::model::{Example, Finding, Rule, Severity, Text};

/// The files of the catalogue; their order and that of the rules in them is the order of the list.
const FILES: [&str; 5] = [
    include_str!("../../../data/rules/syntax.toml"),
    include_str!("../../../data/rules/output.toml"),
    include_str!("../../../data/rules/behaviour.toml"),
    include_str!("../../../data/rules/newer.toml"),
    include_str!("../../../data/rules/warnings.toml"),
];

static NAMES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| read(&[include_str!("../../../data/rules/names.toml")]));

/// The rules of the catalogue, in its order. Names that are gone are not among them.
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| read(&FILES));
    &RULES
}

/// The rules of the well-known names that are gone, in the order of their file.
pub fn known_names() -> Vec<Rule> {
    let made = history::all().map(|gone| (gone.slug(), gone));
    let made: HashMap<_, _> = made.collect();
    let rules = NAMES.iter().filter_map(|more| {
        let gone = made.get(&more.slug)?;
        Some(complete(more, gone.rule()))
    });
    rules.collect()
}

/// The rule of this name; for a name that is gone, the one that the history makes.
pub fn rule(slug: &str) -> Option<Rule> {
    if let Some(rule) = rules().iter().find(|rule| rule.slug == slug) {
        return Some(rule.clone());
    }
    let made = history::rule(slug)?;
    Some(match name(slug) {
        Some(more) => complete(more, made),
        None => made,
    })
}

/// What `names.toml` has about a name that is gone: texts that it leaves to the history are empty.
pub(super) fn name(slug: &str) -> Option<&'static Rule> {
    NAMES.iter().find(|rule| rule.slug == slug)
}

/// The rule that the history makes, with what `names.toml` has in its place.
fn complete(more: &Rule, made: Rule) -> Rule {
    let text = |own: &Text, made: Text| if own.is_empty() { made } else { own.clone() };
    Rule {
        warns: more.warns.clone(),
        title: text(&more.title, made.title),
        changed: text(&more.changed, made.changed),
        modern: text(&more.modern, made.modern),
        url: Some(more.url.clone())
            .filter(|url| !url.is_empty())
            .unwrap_or(made.url),
        examples: more.examples.clone(),
        ..made
    }
}

/// All that the catalogue itself has: its rules, and those of the well-known names that are gone.
pub fn all() -> Vec<Rule> {
    let rules = rules().iter().cloned();
    rules.chain(known_names()).collect()
}

/// The rules of all names that are gone or are announced to go, by what they belonged to: the
/// built-in names, the modules, then each module and class.
pub fn names() -> BTreeMap<String, Vec<Rule>> {
    let mut names: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
    for gone in history::all() {
        let owner = match &gone.owner {
            Owner::Builtins => " built-in names",
            Owner::Modules => " modules",
            Owner::Of(owner) => owner,
        };
        let made = gone.rule();
        let rule = match name(&made.slug) {
            Some(more) => complete(more, made),
            None => made,
        };
        names.entry(owner.to_owned()).or_default().push(rule);
    }
    for rules in names.values_mut() {
        rules.sort_by(|one, other| one.slug.cmp(&other.slug));
    }
    names
}

/// The names of rules that look most like a word, the nearest first.
pub fn nearest(word: &str) -> Vec<String> {
    const MOST: usize = 3;
    let word = word.to_lowercase();
    let all = rules().iter().map(|rule| rule.slug.clone());
    let all = all.chain(history::all().map(|gone| gone.slug()));
    let likeness = |slug: &String| {
        let begins = if slug.starts_with(&word) { 1.0 } else { 0.0 };
        begins + strsim::jaro_winkler(&word, slug)
    };
    let mut near: Vec<String> = all.filter(|slug| likeness(slug) >= 0.85).collect();
    near.sort_by(|one, other| {
        likeness(other)
            .total_cmp(&likeness(one))
            .then(one.cmp(other))
    });
    near.truncate(MOST);
    near
}

/// A finding of this rule: what is so, since when, and what to write instead. A caller that knows
/// more about the place replaces some of it.
pub(super) fn finding(slug: &str, line: usize) -> Finding {
    let rule = rules().iter().find(|rule| rule.slug == slug);
    debug_assert!(rule.is_some(), "{slug} is in no file of data/rules");
    let rule = rule.cloned().unwrap_or_default();
    Finding {
        rule: slug.to_owned(),
        line,
        message: rule.title,
        since: rule.since,
        severity: Severity::Error,
        help: Some(rule.modern).filter(|modern| !modern.is_empty()),
        url: Some(rule.url),
        known: false,
    }
}

/// A file of the catalogue.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Entry>,
}

/// A rule as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: String,
    since: Option<String>,
    warns: Option<String>,
    needs: Option<String>,
    patched: Option<String>,
    #[serde(default)]
    title: Words,
    #[serde(default)]
    changed: Words,
    #[serde(default)]
    modern: Words,
    #[serde(default)]
    url: String,
    #[serde(default)]
    errors: Vec<String>,
    #[serde(default)]
    example: Vec<Pair>,
}

/// A text: code is the same in all languages.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Same(String),
    Each { en: String, zh: String },
}

impl Default for Words {
    fn default() -> Self {
        Self::Same(String::new())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    old: String,
    new: String,
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the program, and the tests read them"
)]
fn read(files: &[&str]) -> Vec<Rule> {
    let entries = files.iter().flat_map(|file| {
        let file: File = toml::from_str(file).expect("a file of the catalogue");
        file.rule
    });
    entries.map(Rule::from).collect()
}

impl From<Entry> for Rule {
    fn from(entry: Entry) -> Self {
        let example = |pair: Pair| Example {
            old: pair.old,
            new: pair.new,
        };
        Self {
            slug: entry.slug,
            since: entry.since,
            warns: entry.warns,
            needs: entry.needs,
            patched: entry.patched,
            title: entry.title.into(),
            changed: entry.changed.into(),
            modern: entry.modern.into(),
            url: entry.url,
            errors: entry.errors,
            examples: entry.example.into_iter().map(example).collect(),
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        match words {
            Words::Same(text) => Self::same(text),
            Words::Each { en, zh } => Self { en, zh },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::check::explain::history::Version;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_rule_is_told_in_both_languages() {
        for rule in rules().iter().chain(&known_names()) {
            for text in [&rule.title, &rule.changed] {
                assert!(
                    !text.en.is_empty() && !is_chinese(&text.en),
                    "{}",
                    rule.slug
                );
                assert!(is_chinese(&text.zh), "{}", rule.slug);
            }
            assert!(!rule.modern.is_empty(), "{}", rule.slug);
            assert!(rule.url.starts_with("https://"), "{}", rule.slug);
            let versions = [&rule.since, &rule.warns, &rule.needs, &rule.patched];
            for version in versions.into_iter().flatten() {
                assert!(Version::parse(version).is_some(), "{}", rule.slug);
            }
        }
    }

    #[test]
    fn what_is_said_about_a_name_adds_to_a_name_that_is_gone() {
        let names = known_names();
        for more in NAMES.iter() {
            let rule = names.iter().find(|rule| rule.slug == more.slug);
            assert!(rule.is_some(), "{} is no name that is gone", more.slug);
            assert!(
                more.needs.is_none() && more.since.is_none(),
                "{}",
                more.slug
            );
            assert!(!more.changed.is_empty(), "{}", more.slug);
        }
    }

    #[test]
    fn no_two_rules_have_one_name() {
        let mut slugs: Vec<&str> = rules()
            .iter()
            .chain(NAMES.iter())
            .map(|rule| rule.slug.as_str())
            .collect();
        slugs.sort_unstable();
        assert!(slugs.is_sorted_by(|a, b| a != b), "{slugs:?}");
    }

    #[test]
    fn what_is_nearly_a_rule_is_found() {
        assert_eq!(nearest("py2-print-statment")[0], "py2-print-statement");
        assert_eq!(nearest("sys.maxint")[0], "sys-maxint");
        assert_eq!(nearest("py2-print")[1], "py2-print-statement");
        assert!(nearest("zzz").is_empty());
    }

    #[test]
    fn names_come_with_their_owners() {
        let names = names();
        let of = |owner: &str| names[owner].iter().map(|rule| rule.slug.as_str());
        assert!(of(" built-in names").any(|slug| slug == "py2-xrange"));
        assert!(of(" modules").any(|slug| slug == "module-urllib2"));
        assert!(of("sys").any(|slug| slug == "sys-maxint"));
    }

    #[test]
    fn a_name_that_is_gone_is_a_rule_too() {
        let gone = rule("sys-maxint").unwrap();
        assert_eq!(gone.since.as_deref(), Some("3.0"));
        assert!(
            gone.modern.en.contains("`sys.maxsize`"),
            "{:?}",
            gone.modern
        );
        assert!(rule("py2-print-statement").is_some());
        assert!(rule("no-such-rule").is_none());
    }
}
