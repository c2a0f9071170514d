//! What `verify deps` tells: where each module that the notes import comes from.

use serde_json::{Value, json};

use super::text;
use super::words::modules as words;
use super::words::{help, summary};
use crate::model::{Lang, Text};
use crate::modules::{Declared, Module, Modules, Origin, Place};

/// A name, where it stands, how often, and what there is to say about it.
type Row = [String; 4];

/// The list as text.
pub fn render(modules: &Modules, lang: Lang) -> String {
    let of = |wanted: fn(&Origin) -> bool| {
        let modules = modules.modules.iter();
        let found = modules.filter(move |module| wanted(&module.origin));
        found.map(|module| row(module, lang)).collect::<Vec<Row>>()
    };
    let declared = modules.declared.iter();
    let declared = declared.map(|declared| declared_row(declared, lang));
    let groups: [(Text, Vec<Row>); 6] = [
        (words::missing(), of(|o| matches!(o, Origin::Missing(_)))),
        (words::gone(), of(|o| matches!(o, Origin::Gone { .. }))),
        (words::declared(), declared.collect()),
        (
            words::installed(),
            of(|o| matches!(o, Origin::Installed { .. })),
        ),
        (words::local(), of(|o| matches!(o, Origin::Local(_)))),
        (words::placeholder(), of(|o| *o == Origin::Placeholder)),
    ];
    let mut shown = String::new();
    for (heading, rows) in groups.iter().filter(|(_, rows)| !rows.is_empty()) {
        shown.push_str(&format!("{}\n{}", heading.get(lang), table(rows)));
    }
    let is_standard = |module: &&Module| module.origin == Origin::Standard;
    let standard = modules.modules.iter().filter(is_standard).count();
    let counts = words::counts(modules.modules.len(), standard);
    shown.push_str(&format!("{}\n", counts.get(lang)));
    let packages = modules.to_install();
    if !packages.is_empty() {
        let words: Vec<String> = packages.iter().map(|name| text::shell_word(name)).collect();
        let install = text::visible_line(summary::install(&words).get(lang));
        shown.push_str(&format!("  {}: {install}\n", help().get(lang)));
    }
    shown
}

fn table(rows: &[Row]) -> String {
    let width = |column: usize| rows.iter().map(|row| text::width(&row[column])).max();
    let widths: Vec<usize> = (0..3).filter_map(width).collect();
    let line = |row: &Row| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells.map(|(cell, width)| text::pad(cell, *width)).collect();
        format!("  {}  {}", cells.join("  "), row[3])
            .trim_end()
            .to_owned()
            + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(module: &Module, lang: Lang) -> Row {
    let said = match &module.origin {
        Origin::Standard | Origin::Placeholder => String::new(),
        Origin::Installed { package, version } => format!("{package} {version}"),
        Origin::Local(file) => file.clone(),
        Origin::Gone {
            since,
            rule,
            instead,
        } => words::since(since, rule, instead.as_ref())
            .get(lang)
            .to_owned(),
        Origin::Missing(package) => words::package(&package.name, package.sure)
            .get(lang)
            .to_owned(),
    };
    cells(&module.name, &module.first, module.snippets, &said, lang)
}

fn declared_row(declared: &Declared, lang: Lang) -> Row {
    let absent = words::not_installed();
    let said = declared.installed.as_deref().unwrap_or(absent.get(lang));
    let (first, snippets) = (&declared.first, declared.snippets);
    cells(&declared.requirement, first, snippets, said, lang)
}

fn cells(name: &str, first: &Place, snippets: usize, said: &str, lang: Lang) -> Row {
    [
        text::visible_line(name),
        text::visible_line(&format!("{}:{}", first.path, first.line)),
        words::snippets(snippets).get(lang).to_owned(),
        text::visible_line(said),
    ]
}

/// What was added to a file of requirements.
pub fn written(path: &str, added: usize, lang: Lang) -> String {
    let path = text::visible_line(path);
    format!("{}\n", words::written(&path, added).get(lang))
}

/// The list for programs.
pub fn json(modules: &Modules) -> String {
    let place = |first: &Place| json!({ "path": first.path, "line": first.line });
    let module = |module: &Module| -> Value {
        let mut value = json!({
            "module": module.name,
            "origin": word(&module.origin),
            "first": place(&module.first),
            "snippets": module.snippets,
        });
        match &module.origin {
            Origin::Installed { package, version } => {
                value["package"] = json!(package);
                value["version"] = json!(version);
            }
            Origin::Missing(package) => {
                value["package"] = json!(package.name);
                value["guessed"] = json!(!package.sure);
            }
            Origin::Local(file) => value["file"] = json!(file),
            Origin::Gone { since, rule, .. } => {
                value["since"] = json!(since);
                value["rule"] = json!(rule);
            }
            Origin::Standard | Origin::Placeholder => {}
        }
        value
    };
    let declared = |declared: &Declared| {
        json!({
            "requirement": declared.requirement,
            "first": place(&declared.first),
            "snippets": declared.snippets,
            "installed": declared.installed,
        })
    };
    let all = json!({
        "version": 1,
        "modules": modules.modules.iter().map(module).collect::<Vec<_>>(),
        "declared": modules.declared.iter().map(declared).collect::<Vec<_>>(),
    });
    format!("{all:#}\n")
}

fn word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Standard => "standard",
        Origin::Installed { .. } => "installed",
        Origin::Local(_) => "local",
        Origin::Gone { .. } => "gone",
        Origin::Placeholder => "placeholder",
        Origin::Missing(_) => "missing",
    }
}
