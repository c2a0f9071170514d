//! Every text for people is there in English and in Chinese, and where it belongs: the sources
//! are read, not run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use regex::Regex;

/// The sources with their paths, without comments and tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.display().to_string();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !is_test(&shown) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((shown, without_comments(&text)));
            }
        }
    }
    assert!(found.len() > 10, "{folder} has few sources");
    found
}

fn is_test(path: &str) -> bool {
    ["tests", "sample"]
        .iter()
        .any(|name| path.contains(&format!("/{name}/")) || path.ends_with(&format!("/{name}.rs")))
        || path.ends_with("_tests.rs")
}

fn without_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\n#[allow").next().unwrap();
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The strings of a source as they are written.
fn literals(code: &str) -> Vec<&str> {
    let token =
        Regex::new(r##"(?s)r#+".*?"#+|r"[^"]*"|"(?<text>(?:\\.|[^"\\])*)"|'(?:\\.[^']*|[^'\\])'"##)
            .unwrap();
    let tokens = token.captures_iter(code);
    tokens
        .filter_map(|token| Some(token.name("text")?.as_str()))
        .collect()
}

/// What people read of a text: without code, values and the name of the language.
fn words(text: &str) -> String {
    let code = Regex::new(r"(?s)`[^`]*`|\{[^{}]*\}|Python").unwrap();
    code.replace_all(text, " ").into_owned()
}

/// What people read of a text with tags.
fn words_between_tags(text: &str) -> String {
    let tag = Regex::new(r"(?s)</?[a-zA-Z!][^>]*>?").unwrap();
    words(&tag.replace_all(text, " "))
}

/// Words that a format looks for in a reason and does not show.
const LOOKED_FOR: [&str; 1] = ["not run"];

const SENTENCE: &str = r"[A-Za-z]{2,},? [A-Za-z]{2,}";

#[test]
fn every_text_is_in_both_languages() {
    let string = r#""((?:\\.|[^"\\])*)""#;
    let pair = format!(r"(?s)\btext!\(\s*{string}\s*,\s*{string}\s*,?\s*\)");
    let (pair, one) = (
        Regex::new(&pair).unwrap(),
        Regex::new(r"\btext!\(").unwrap(),
    );
    let (han, latin) = (
        Regex::new(r"\p{Han}").unwrap(),
        Regex::new("[A-Za-z]").unwrap(),
    );
    let mut texts = 0;
    for (path, code) in sources("src") {
        let pairs: Vec<_> = pair.captures_iter(&code).collect();
        assert_eq!(
            pairs.len(),
            one.find_iter(&code).count(),
            "{path}: a `text!` that is not two strings"
        );
        texts += pairs.len();
        for pair in pairs {
            let (en, zh) = (&pair[1], &pair[2]);
            assert!(!han.is_match(&words(en)), "{path}: {en}");
            let is_code = !latin.is_match(&words(en)) && !latin.is_match(&words(zh));
            assert!(han.is_match(zh) || is_code, "{path}: {en}: {zh}");
        }
    }
    assert!(texts > 150, "{texts} texts were read");
}

#[test]
fn chinese_is_written_with_its_own_marks() {
    let second = Regex::new(r#"(?s)\btext!\(\s*"(?:\\.|[^"\\])*"\s*,\s*"((?:\\.|[^"\\])*)""#);
    let second = second.unwrap();
    let wrong = [
        (r"\p{Han}[,;:!?()]", "a mark of English"),
        (r"\p{Han}`|`\p{Han}", "no blank beside code"),
        (
            r"\p{Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Han}",
            "no blank beside a word",
        ),
    ];
    for (path, code) in sources("src") {
        for zh in second.captures_iter(&code) {
            for (pattern, what) in wrong {
                let found = Regex::new(pattern).unwrap().is_match(&zh[1]);
                assert!(!found, "{path}: {what}: {}", &zh[1]);
            }
        }
    }
}

#[test]
fn no_sentence_is_in_one_language_alone() {
    let same = Regex::new(r#"Text::same\(\s*(?:format!\()?\s*"((?:\\.|[^"\\])*)""#).unwrap();
    let sentence = Regex::new(SENTENCE).unwrap();
    for (path, code) in sources("src") {
        for text in same.captures_iter(&code) {
            assert!(!sentence.is_match(&words(&text[1])), "{path}: {}", &text[1]);
        }
    }
}

#[test]
fn reports_have_all_their_sentences_in_the_words() {
    let sentence = Regex::new(SENTENCE).unwrap();
    let han = Regex::new(r"\p{Han}").unwrap();
    let of_report = sources("src/report").into_iter();
    let formats = of_report.filter(|(path, _)| !path.contains("/words"));
    for (path, code) in formats {
        let shown = |text: &&str| !LOOKED_FOR.contains(text);
        for text in literals(&code).into_iter().filter(shown) {
            let words = words_between_tags(text);
            assert!(!sentence.is_match(&words), "{path}: {text}");
            assert!(!han.is_match(text), "{path}: {text}");
        }
    }
}
