//! What `verify explain` prints, and the pages of rules in `docs/rules`.
//!
//! Formats rules; which there are, the catalogue knows.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::style::{DIM, HELP, Styles, TITLE};
use super::words::explain as words;
use crate::model::{Example, Lang, Rule, Text};

/// One rule for the terminal.
pub fn render(rule: &Rule, lang: Lang, color: bool) -> String {
    let styles = Styles { color };
    let title = format!("{}: {}", rule.slug, rule.title.get(lang));
    let mut shown = format!("{}\n", styles.paint(TITLE, &title));
    for line in versions(rule) {
        writeln!(shown, "{}", styles.paint(DIM, line.get(lang))).ok();
    }
    write!(shown, "\n{}\n", rule.changed.get(lang)).ok();
    if !rule.modern.is_empty() {
        let instead = words::instead(&rule.modern);
        write!(shown, "\n{}\n", styles.paint(HELP, instead.get(lang))).ok();
    }
    for Example { old, new } in &rule.examples {
        for (what, code) in [(words::old(), old), (words::today(), new)] {
            write!(shown, "\n{}\n{}", what.get(lang), indented(code)).ok();
        }
    }
    write!(shown, "\n{}\n", words::see(&rule.url).get(lang)).ok();
    shown
}

/// All rules of the catalogue, one line each, and below them `names` by their owners.
pub fn list(
    rules: &[Rule],
    names: &BTreeMap<String, Vec<Rule>>,
    lang: Lang,
    color: bool,
) -> String {
    let styles = Styles { color };
    let mut shown = String::new();
    let of_rules = groups(rules).into_iter();
    let of_rules = of_rules.map(|(title, rules)| (title.get(lang).to_owned(), rules));
    let of_names = names.iter();
    let of_names = of_names.map(|(owner, rules)| (owner.trim().to_owned(), rules.iter().collect()));
    for (title, rules) in of_rules.chain(of_names) {
        writeln!(shown, "{}", styles.paint(TITLE, &title)).ok();
        for rule in rules {
            let version = rule.since.as_deref().or(rule.warns.as_deref());
            let version = styles.paint(DIM, &format!("{:4}", version.unwrap_or_default()));
            writeln!(
                shown,
                "  {:24}  {version}  {}",
                rule.slug,
                rule.title.get(lang)
            )
            .ok();
        }
        shown.push('\n');
    }
    if names.is_empty() {
        writeln!(shown, "{}", words::more().get(lang)).ok();
    }
    shown
}

/// What to say of what is no rule: the problem, and the next step.
pub fn unknown(slug: &str, near: &[String], lang: Lang) -> (String, String) {
    let (message, help) = words::unknown(slug, near);
    (message.get(lang).to_owned(), help.get(lang).to_owned())
}

/// The page of one rule, in all languages.
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {}\n", rule.slug);
    for (lang, heading) in [(Lang::En, ""), (Lang::Zh, words::IN_CHINESE)] {
        page.push_str(heading);
        write!(page, "\n**{}**\n", rule.title.get(lang)).ok();
        for line in versions(rule) {
            write!(page, "\n- {}", line.get(lang)).ok();
        }
        let see = words::see(&format!("<{}>", rule.url));
        write!(
            page,
            "\n- {}\n\n{}\n",
            see.get(lang),
            rule.changed.get(lang)
        )
        .ok();
        if !rule.modern.is_empty() {
            let instead = words::instead(&rule.modern);
            write!(page, "\n{}\n", instead.get(lang)).ok();
        }
        for Example { old, new } in &rule.examples {
            for (what, code) in [(words::old(), old), (words::today(), new)] {
                let code = code.trim_end();
                write!(page, "\n{}\n\n```python\n{code}\n```\n", what.get(lang)).ok();
            }
        }
    }
    page
}

/// The index of all pages, with the names that are gone.
pub fn index(rules: &[Rule], names: &BTreeMap<String, Vec<Rule>>) -> String {
    let mut page = String::from(words::INDEX);
    for (title, rules) in groups(rules) {
        let Text { en, zh } = title;
        write!(page, "\n## {en} · {zh}\n\n{}", words::TABLE).ok();
        for rule in rules {
            let version = rule.since.as_deref().or(rule.warns.as_deref());
            let version = version.unwrap_or_default();
            let (slug, Text { en, zh }) = (&rule.slug, &rule.title);
            writeln!(
                page,
                "| [{slug}]({slug}.md) | {version} | {} | {} |",
                cell(en),
                cell(zh)
            )
            .ok();
        }
    }
    page.push_str(words::NAMES);
    for (owner, rules) in names {
        write!(page, "\n### {}\n\n{}", owner.trim(), words::NAMES_TABLE).ok();
        for rule in rules {
            let since = rule.since.as_deref().unwrap_or_default();
            let Text { en, zh } = &rule.modern;
            writeln!(
                page,
                "| {} | {since} | {} | {} |",
                rule.slug,
                cell(en),
                cell(zh)
            )
            .ok();
        }
    }
    page
}

/// Text as a table takes it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn versions(rule: &Rule) -> Vec<Text> {
    let since = rule.since.iter().map(|version| words::since(version));
    let warns = rule.warns.iter().map(|version| words::warns(version));
    let needs = rule.needs.iter().map(|version| words::needs(version));
    since.chain(warns).chain(needs).collect()
}

/// The rules by when they came to be so, those of one version in the order of the catalogue.
fn groups(rules: &[Rule]) -> Vec<(Text, Vec<&Rule>)> {
    let kind = |rule: &Rule| match (rule.since.as_deref(), &rule.warns) {
        (Some("3.0"), _) => 0,
        (Some(_), _) => 1,
        (None, Some(_)) => 2,
        (None, None) => 3,
    };
    let titles = [
        words::of_python_3(),
        words::of_later(),
        words::of_warnings(),
        words::of_all_versions(),
    ];
    let groups = titles.into_iter().enumerate().map(|(at, title)| {
        let of_group = rules.iter().filter(|rule| kind(rule) == at);
        (title, of_group.collect::<Vec<_>>())
    });
    groups.filter(|(_, rules)| !rules.is_empty()).collect()
}

fn indented(code: &str) -> String {
    let lines = code.trim_end().lines();
    lines.map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    fn rule() -> Rule {
        Rule {
            slug: "spam".into(),
            since: Some("3.0".into()),
            warns: Some("2.7".into()),
            needs: Some("3.2".into()),
            title: text!("spam is eggs", "spam 是 eggs"),
            changed: text!("It was spam.", "原来是 spam。"),
            modern: text!("write `a | b`", "写成 `a | b`"),
            url: "https://python.org/".into(),
            examples: vec![Example {
                old: "if 1:\n    spam\n".into(),
                new: "eggs".into(),
            }],
            ..Rule::default()
        }
    }

    #[test]
    fn a_rule_is_told_from_its_title_to_its_reference() {
        let shown = "spam: spam is eggs\nsince Python 3.0\nPython warns since 2.7\ntoday's form needs Python 3.2\n\nIt was spam.\n\ninstead: write `a | b`\n\nold:\n    if 1:\n        spam\n\ntoday:\n    eggs\n\nsee https://python.org/\n";
        assert_eq!(render(&rule(), Lang::En, false), shown);
        let chinese = render(&rule(), Lang::Zh, false);
        for part in [
            "spam 是 eggs",
            "自 Python 3.0 起",
            "原来是 spam。",
            "旧写法",
        ] {
            assert!(chinese.contains(part), "{chinese}");
        }
        assert!(render(&rule(), Lang::En, true).starts_with("\u{1b}["));
    }

    #[test]
    fn rules_are_listed_by_version_and_names_by_owner() {
        let later = Rule {
            slug: "later".into(),
            since: None,
            ..rule()
        };
        let rules = [later, rule()];
        let names = BTreeMap::from([(" modules".to_owned(), vec![rule()])]);
        let shown = list(&rules, &BTreeMap::new(), Lang::En, false);
        let starts: Vec<_> = shown
            .lines()
            .map(|line| line.split("  ").take(2).collect::<Vec<_>>().join(""))
            .collect();
        assert_eq!(
            starts[..5],
            [
                "Only in Python 2",
                "spam",
                "",
                "Python warns, and no version of its end is named",
                "later"
            ]
        );
        assert!(shown.contains("--all"));
        let all = list(&rules, &names, Lang::En, false);
        assert!(all.contains("\nmodules\n  spam ") && !all.contains("--all"));
    }

    #[test]
    fn a_page_has_both_languages_and_a_bar_ends_no_cell() {
        let page = page(&rule());
        let (english, chinese) = page.split_once("## 中文").unwrap_or_default();
        assert!(english.contains("spam is eggs") && english.contains("```python\neggs\n```"));
        assert!(chinese.contains("spam 是 eggs") && chinese.contains("```python\neggs\n```"));
        let names = BTreeMap::from([("sys".to_owned(), vec![rule()])]);
        let index = index(&[rule()], &names);
        assert!(
            index.contains("[spam](spam.md)") && index.contains(r"write `a \| b`"),
            "{index}"
        );
    }
}
