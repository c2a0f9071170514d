use super::*;

use crate::model::{Analysis, Block, Directives, Lines, Note, Skip, Text};
use crate::plan::{Plan, Snippet};
use crate::python::interpreters::Packages;

/// A plan with one snippet for each text, ten lines apart, that imports these modules.
fn plan(folder: &std::path::Path, snippets: &[(&str, &[&str], &[&str])]) -> Plan {
    let mut note = Note {
        file: folder.join("notes/a.md"),
        path: "notes/a.md".into(),
        ..Note::default()
    };
    let mut plan = Plan::default();
    for (at, (text, imports, dependencies)) in snippets.iter().enumerate() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        note.blocks.push(Block {
            text: (*text).into(),
            lines: Lines {
                first: 10 * (at + 1),
                last: 10 * (at + 1) + 5,
            },
            directives: Directives {
                dependencies: words(dependencies),
                ..Directives::default()
            },
            ..Block::default()
        });
        plan.snippets.push(Snippet {
            block: at,
            facts: Analysis {
                imports: words(imports),
                ..Analysis::default()
            },
            ..Snippet::default()
        });
    }
    plan.notes.push(note);
    plan
}

fn installed() -> Packages {
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    Packages {
        standard: ["os", "json"].map(str::to_owned).into(),
        modules: pairs(&[("yaml", "PyYAML"), ("asynchat", "pyasynchat")]),
        packages: pairs(&[("PyYAML", "6.0.2"), ("pyasynchat", "1.0")]),
    }
}

fn found(snippets: &[(&str, &[&str], &[&str])]) -> Modules {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("notes")).unwrap();
    std::fs::write(folder.path().join("notes/helper.py"), "").unwrap();
    let plan = plan(folder.path(), snippets);
    survey(&plan, &installed(), folder.path(), (3, 12, 0))
}

fn origin(name: &str) -> Origin {
    let modules = found(&[("", &[name], &[])]);
    modules.modules[0].origin.clone()
}

#[test]
fn each_module_comes_from_somewhere() {
    assert_eq!(origin("os"), Origin::Standard);
    assert_eq!(origin("__future__"), Origin::Standard);
    assert_eq!(origin("helper"), Origin::Local("notes/helper.py".into()));
    assert_eq!(origin("mymodule"), Origin::Placeholder);
    assert!(
        matches!(origin("asyncore"), Origin::Gone { since, rule, .. } if since == "3.12" && rule == "module-asyncore")
    );
    assert!(
        matches!(origin("asynchat"), Origin::Installed { package, .. } if package == "pyasynchat")
    );
    assert!(
        matches!(origin("cv2"), Origin::Missing(package) if package.sure && package.name == "opencv-python")
    );
    assert!(matches!(origin("no_such"), Origin::Missing(package) if !package.sure));
    // What goes later than this version is missing for another reason than that.
    assert!(matches!(origin("cgi"), Origin::Missing(_)));
}

#[test]
fn the_line_of_the_first_import_is_told() {
    let modules = found(&[
        (
            "x = 1\nif x:\n    from yaml import load as l, dump\n",
            &["yaml"],
            &[],
        ),
        ("import os, yaml.x as y\n", &["os", "yaml"], &[]),
        ("import yamlish\n", &["yaml"], &[]),
    ]);
    let lines: Vec<_> = modules
        .modules
        .iter()
        .map(|module| (module.name.as_str(), module.first.line, module.snippets))
        .collect();
    assert_eq!(lines, [("os", 20, 1), ("yaml", 12, 3)]);
}

#[test]
fn what_a_directive_leaves_out_is_not_needed() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(folder.path(), &[("", &["rich"], &["rich"])]);
    plan.snippets[0].skip = Some(Skip::Directive(Text::same("x")));
    let modules = survey(&plan, &installed(), folder.path(), (3, 12, 0));
    assert_eq!(modules, Modules::default());
}

#[test]
fn what_scripts_ask_for_is_looked_up_by_its_package() {
    let modules = found(&[
        ("", &[], &["pyyaml>=6", "rich"]),
        ("# rich\n", &["rich"], &["rich"]),
    ]);
    let declared: Vec<_> = modules
        .declared
        .iter()
        .map(|one| {
            (
                one.requirement.as_str(),
                one.snippets,
                one.installed.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        declared,
        [("pyyaml>=6", 1, Some("6.0.2")), ("rich", 2, None)]
    );
    assert!(modules.lacks());
    assert_eq!(modules.to_install(), ["rich"]);
}

#[test]
fn guesses_are_no_packages_to_install() {
    let modules = found(&[("", &["no_such", "cv2", "json"], &[])]);
    assert_eq!(modules.to_install(), ["opencv-python"]);
    let (file, added) = merge("", &wanted(&modules, false));
    assert_eq!(added, 2);
    assert_eq!(
        file,
        "# no_such  # guessed from `import no_such` in notes/a.md:10\nopencv-python\n"
    );
}

#[test]
fn a_file_of_requirements_keeps_its_lines() {
    let modules = found(&[("", &["yaml", "cv2", "no_such"], &["attrs<24"])]);
    let before = "# ours\n-r other.txt\r\npyyaml == 5.4  # old, on purpose\n# no-such is ours";
    let (after, added) = merge(before, &wanted(&modules, true));
    assert_eq!(added, 3);
    let expected =
        "\nattrs<24\n# no_such  # guessed from `import no_such` in notes/a.md:10\nopencv-python\n";
    assert_eq!(after, format!("{before}{expected}"));
    assert_eq!(merge(&after, &wanted(&modules, true)), (after.clone(), 0));
}

#[test]
fn what_is_installed_is_pinned_where_that_is_wanted() {
    let modules = found(&[("", &["yaml"], &["PyYaml>5"])]);
    let texts = |pin| {
        wanted(&modules, pin)
            .into_iter()
            .map(|one| one.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(false), ["PyYaml>5"]);
    assert_eq!(texts(true), ["PyYaml==6.0.2"]);
}
