//! A file of requirements, as pip and uv read it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Modules, Origin, Place, normal};
use crate::notes::metadata;

/// A line for a package that the notes need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name, with the versions where some are asked for.
    pub text: String,
    /// For a name that is only guessed: the module, and where it is imported.
    pub guessed: Option<(String, Place)>,
}

/// What is to stand in a file of requirements: every package that the notes need, with
/// `pin` those that are installed in just their versions.
pub fn wanted(modules: &Modules, pin: bool) -> Vec<Requirement> {
    let mut wanted: BTreeMap<String, Requirement> = BTreeMap::new();
    let mut add = |text: String, guessed| {
        let requirement = Requirement { text, guessed };
        wanted
            .entry(normal(&requirement.text))
            .or_insert(requirement);
    };
    let exact = |name: &str, version: &str| {
        if pin && !version.is_empty() {
            format!("{name}=={version}")
        } else {
            name.to_owned()
        }
    };
    for declared in &modules.declared {
        let name = metadata::package(&declared.requirement).unwrap_or_default();
        let text = match &declared.installed {
            Some(version) if pin => exact(name, version),
            _ => declared.requirement.clone(),
        };
        add(text, None);
    }
    for module in &modules.modules {
        match &module.origin {
            Origin::Installed { package, version } => add(exact(package, version), None),
            Origin::Missing(package) if package.sure => add(package.name.clone(), None),
            Origin::Missing(package) => {
                let guess = (module.name.clone(), module.first.clone());
                add(package.name.clone(), Some(guess));
            }
            _ => {}
        }
    }
    wanted.into_values().collect()
}

/// A file of requirements with these in it too, and how many were added. Its lines stay as they
/// are. A guess is added as a comment: anybody may have taken that name.
pub fn merge(file: &str, wanted: &[Requirement]) -> (String, usize) {
    let there: BTreeSet<String> = file.lines().filter_map(named).collect();
    let missing = wanted
        .iter()
        .filter(|requirement| !there.contains(&normal(&requirement.text)));
    let mut merged = file.to_owned();
    if !merged.is_empty() && !merged.ends_with('\n') {
        merged.push('\n');
    }
    let mut added = 0;
    for Requirement { text, guessed } in missing {
        added += 1;
        match guessed {
            None => merged.push_str(&format!("{text}\n")),
            Some((module, Place { path, line })) => {
                let path = path.replace(|c: char| c.is_control(), "?");
                merged.push_str(&format!(
                    "# {text}  # guessed from `import {module}` in {path}:{line}\n"
                ));
            }
        }
    }
    (merged, added)
}

/// The package that a line of the file names, in a comment too: it was looked at there.
fn named(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['#', ' ', '\t']);
    let line = line.split(" #").next().unwrap_or(line).trim();
    metadata::package(line).map(normal)
}
