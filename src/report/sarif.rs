//! The report in SARIF 2.1.0, which code scanning of GitHub and other servers read.
//!
//! Each problem is a result of a rule; the rules are those of the catalogue that have results, with
//! what they explain. What is known is suppressed, and what belongs to no snippet is told of the run.

use serde_json::{Value, json};

use super::ci::{self, Options};
use super::tell::Weight;
use super::tell::{self, Issue, Place};
use super::words::{ci as words, kinds};
use crate::check::explain::catalogue;
use crate::model::{Lang, Report, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name of our fingerprints; another number where they are made otherwise.
const FINGERPRINT: &str = "verify/v1";

/// One JSON document with a line end.
pub fn render(report: &Report, options: &Options) -> String {
    let issues = tell::all(report, options.strict);
    let fingerprints = ci::fingerprints(&issues);
    let is_of_run = |issue: &Issue| issue.rule == words::OF_THE_RUN;
    let mut rules: Vec<&str> = Vec::new();
    let mut results = Vec::new();
    for (issue, fingerprint) in issues.iter().zip(&fingerprints) {
        if is_of_run(issue) {
            continue;
        }
        let known = rules.iter().position(|rule| *rule == issue.rule);
        let rule = known.unwrap_or_else(|| {
            rules.push(&issue.rule);
            rules.len() - 1
        });
        results.push(result(issue, rule, fingerprint, options));
    }
    let notifications: Vec<Value> = issues
        .iter()
        .filter(|issue| is_of_run(issue))
        .map(|issue| notification(issue, options))
        .collect();
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| descriptor(rule, report.lang))
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "verify",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "language": match report.lang {
                Lang::En => "en-US",
                Lang::Zh => "zh-CN",
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !options.interrupted,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    // A value can always be written.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn result(issue: &Issue, rule: usize, fingerprint: &str, options: &Options) -> Value {
    let suppressions = match issue.weight {
        Weight::Known => json!([{
            "kind": "external",
            "status": "accepted",
            "justification": words::accepted().get(issue.lang),
        }]),
        _ => json!([]),
    };
    json!({
        "ruleId": issue.rule,
        "ruleIndex": rule,
        "level": level(issue.weight),
        "message": message(issue),
        "locations": locations(issue, options),
        "partialFingerprints": {FINGERPRINT: fingerprint},
        "suppressions": suppressions,
    })
}

fn notification(issue: &Issue, options: &Options) -> Value {
    json!({
        "level": level(issue.weight),
        "message": message(issue),
        "locations": locations(issue, options),
    })
}

fn level(weight: Weight) -> &'static str {
    match weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Known => "note",
    }
}

fn message(issue: &Issue) -> Value {
    let mut lines = vec![issue.title.clone()];
    lines.extend(issue.more());
    json!({"text": lines.join("\n")})
}

/// Where it stands, nowhere for what is about no file.
fn locations(issue: &Issue, options: &Options) -> Value {
    if issue.path.is_empty() {
        return json!([]);
    }
    let path = options.path(issue.path);
    let file = if path.starts_with('/') {
        json!({"uri": format!("file://{}", ci::escaped(&path))})
    } else {
        json!({"uri": ci::escaped(&path), "uriBaseId": "%SRCROOT%"})
    };
    let place = match issue.place {
        Some(place) => json!({"artifactLocation": file, "region": region(place)}),
        None => json!({"artifactLocation": file}),
    };
    json!([{"physicalLocation": place}])
}

fn region(place: Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// A rule with all that is to be known about it.
fn descriptor(slug: &str, lang: Lang) -> Value {
    let rule = catalogue::rule(slug).unwrap_or_else(|| kinds::kind(slug));
    let title = rule.title.get(lang);
    let changed = match rule.changed.get(lang) {
        "" => title,
        changed => changed,
    };
    let mut descriptor = json!({
        "id": slug,
        "shortDescription": {"text": title},
        "fullDescription": {"text": changed},
        "help": {"text": help(&rule, lang), "markdown": help_markdown(&rule, lang)},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["python", "documentation"]},
    });
    if !rule.url.is_empty() {
        descriptor["helpUri"] = json!(rule.url);
    }
    descriptor
}

/// What a rule says, in plain text.
fn help(rule: &Rule, lang: Lang) -> String {
    let mut parts = paragraphs(rule, lang);
    if !rule.url.is_empty() {
        parts.push(rule.url.clone());
    }
    parts.join("\n\n")
}

/// What a rule says, with its example.
fn help_markdown(rule: &Rule, lang: Lang) -> String {
    let mut parts = paragraphs(rule, lang);
    if let Some(example) = rule.examples.first() {
        let (old, new) = (example.old.trim_end(), example.new.trim_end());
        parts.push(format!("```python\n{old}\n```"));
        parts.push(format!("```python\n{new}\n```"));
    }
    if !rule.url.is_empty() {
        parts.push(format!("<{}>", rule.url));
    }
    parts.join("\n\n")
}

fn paragraphs(rule: &Rule, lang: Lang) -> Vec<String> {
    let (title, changed) = (rule.title.get(lang), rule.changed.get(lang));
    let mut parts = vec![title.to_owned()];
    let since = rule.since.as_ref();
    parts.extend(since.map(|since| words::since(since).get(lang).to_owned()));
    parts.extend((!changed.starts_with(title)).then(|| changed.to_owned()));
    parts.push(rule.modern.get(lang).to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample::{assert_fixture, sample};

    fn document(report: &Report, options: &Options) -> Value {
        serde_json::from_str(&render(report, options)).unwrap()
    }

    #[test]
    fn the_sample() {
        let mut document = document(&sample(), &Options::default());
        let driver = &mut document["runs"][0]["tool"]["driver"];
        driver["version"] = json!("[VERSION]");
        driver["semanticVersion"] = json!("[VERSION]");
        // What rules say is the catalogue's.
        for rule in driver["rules"].as_array_mut().unwrap() {
            *rule = json!({"id": rule["id"]});
        }
        let shown = serde_json::to_string_pretty(&document).unwrap();
        assert_fixture("sample.sarif", &(shown + "\n"));
    }

    #[test]
    fn it_is_as_its_schema_says_in_both_languages() {
        // A pattern of the schema has a bracket that closes nothing, which no engine takes.
        let schema = include_str!("../../tests/fixtures/schemas/sarif-schema-2.1.0.json")
            .replace("{2}]?$", "{2}$");
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        for lang in [Lang::En, Lang::Zh] {
            for mut report in [sample(), Report::default()] {
                report.lang = lang;
                report.notes.iter_mut().for_each(|note| note.lang = lang);
                let document = document(&report, &Options::default());
                let errors: Vec<String> = validator
                    .iter_errors(&document)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert!(errors.is_empty(), "{errors:#?}");
            }
        }
        assert!(!validator.is_valid(&json!({"version": "2.1.0", "runs": [{}]})));
    }

    #[test]
    fn every_result_has_its_rule_and_what_is_known_is_suppressed() {
        let document = document(&sample(), &Options::default());
        let run = &document["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let suppressed = !result["suppressions"].as_array().unwrap().is_empty();
            assert_eq!(suppressed, result["level"] == "note", "{result}");
        }
        assert!(results.iter().any(|result| result["level"] == "note"));
        let told = run["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap();
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn a_rule_of_the_catalogue_brings_its_help_and_its_link() {
        let document = document(&sample(), &Options::default());
        let rules = document["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap();
        let print = rules
            .iter()
            .find(|rule| rule["id"] == "py2-print-statement")
            .unwrap();
        assert!(print["helpUri"].as_str().unwrap().starts_with("https://"));
        assert!(print["help"]["markdown"].as_str().unwrap().contains("3.0"));
    }
}
