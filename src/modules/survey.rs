//! From the snippets of a plan to the modules that they import.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Declared, Module, Modules, Origin, Place, normal, package};
use crate::check::explain::history::{self, Version};
use crate::model::Skip;
use crate::notes::fragments;
use crate::plan::{Plan, Snippet};
use crate::python::interpreters::Packages;

/// What the snippets import that are not skipped by a directive, for a Python of this version
/// that has these packages.
pub fn survey(plan: &Plan, installed: &Packages, root: &Path, version: (u8, u8, u8)) -> Modules {
    let mut uses: BTreeMap<&str, Vec<&Snippet>> = BTreeMap::new();
    let mut declared: BTreeMap<&str, Vec<&Snippet>> = BTreeMap::new();
    for snippet in &plan.snippets {
        if matches!(snippet.skip, Some(Skip::Directive(_))) {
            continue;
        }
        for module in &snippet.facts.imports {
            uses.entry(module).or_default().push(snippet);
        }
        for requirement in dependencies(plan, snippet) {
            declared.entry(requirement).or_default().push(snippet);
        }
    }
    let version = Version(version.0, version.1);
    let module = |(name, snippets): (&str, Vec<&Snippet>)| Module {
        name: name.to_owned(),
        origin: origin(plan, name, &snippets, installed, root, version),
        first: place(plan, snippets[0], |line| imports(line, name)),
        snippets: snippets.len(),
    };
    let requirement = |(requirement, snippets): (&str, Vec<&Snippet>)| Declared {
        requirement: requirement.to_owned(),
        first: place(plan, snippets[0], |line| line.contains(requirement)),
        snippets: snippets.len(),
        installed: version_of(installed, requirement),
    };
    Modules {
        modules: uses.into_iter().map(module).collect(),
        declared: declared.into_iter().map(requirement).collect(),
    }
}

fn origin(
    plan: &Plan,
    name: &str,
    snippets: &[&Snippet],
    installed: &Packages,
    root: &Path,
    version: Version,
) -> Origin {
    if installed.standard.contains(name) || name == "__future__" {
        return Origin::Standard;
    }
    if let Some(package) = installed.modules.get(name) {
        return Origin::Installed {
            package: package.clone(),
            version: installed.packages.get(package).cloned().unwrap_or_default(),
        };
    }
    if let Some(file) = local(plan, name, snippets, root) {
        return Origin::Local(file);
    }
    let module = history::missing(&history::Owner::Modules, name);
    if let Some(gone) = module.filter(|gone| gone.since <= version) {
        return Origin::Gone {
            since: gone.since.to_string(),
            rule: gone.slug(),
            instead: gone.instead,
        };
    }
    if fragments::is_placeholder_module(name) {
        return Origin::Placeholder;
    }
    let declared = snippets
        .iter()
        .flat_map(|snippet| dependencies(plan, snippet));
    let declared: Vec<String> = declared.cloned().collect();
    Origin::Missing(package(name, &declared))
}

/// What the script in a snippet says that it needs.
fn dependencies<'p>(plan: &'p Plan, snippet: &Snippet) -> &'p [String] {
    let block = &plan.notes[snippet.note].blocks[snippet.block];
    &block.directives.dependencies
}

/// The file or folder of that name beside a note that imports it, or in the root.
fn local(plan: &Plan, name: &str, snippets: &[&Snippet], root: &Path) -> Option<String> {
    let beside = snippets
        .iter()
        .filter_map(|snippet| plan.notes[snippet.note].file.parent());
    let src = root.join("src");
    let folders = beside.chain([root, &src]);
    let mut found = folders.flat_map(|folder| {
        let file = folder.join(format!("{name}.py"));
        let package = folder.join(name).join("__init__.py");
        [(file.is_file(), file), (package.is_file(), package)]
    });
    let (_, path) = found.find(|(is_there, _)| *is_there)?;
    let shown = path.strip_prefix(root).unwrap_or(&path);
    Some(shown.display().to_string())
}

/// The line of the snippet's note that is meant, else the first of the snippet.
fn place(plan: &Plan, snippet: &Snippet, is_meant: impl Fn(&str) -> bool) -> Place {
    let note = &plan.notes[snippet.note];
    let block = &note.blocks[snippet.block];
    let below = block.text.lines().position(is_meant).unwrap_or_default();
    Place {
        path: note.path.clone(),
        line: block.lines.first + below,
    }
}

/// True for a line that imports this module.
fn imports(line: &str, module: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = line
        .split(|c: char| !is_part(c))
        .filter(|word| !word.is_empty());
    let mut rest = words
        .by_ref()
        .skip_while(|word| !["import", "from"].contains(word));
    rest.any(|word| word == module)
}

fn version_of(installed: &Packages, requirement: &str) -> Option<String> {
    let wanted = normal(requirement);
    let mut packages = installed.packages.iter();
    let found = packages.find(|(name, _)| normal(name) == wanted);
    found.map(|(_, version)| version.clone())
}
