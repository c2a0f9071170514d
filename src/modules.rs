//! `verify deps`: the modules that the notes import, and where each of them comes from.
//!
//! Pure, but for a look at which files lie beside the notes. It asks no interpreter and no
//! registry: what is installed is handed in, and which package brings a module is a kept table.

mod packages;
mod requirements;
mod survey;

pub use self::packages::{Package, normal, package};
pub use self::requirements::{Requirement, merge, wanted};
pub use self::survey::survey;
use crate::model::Text;

/// What the notes of a run import and say that they need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    /// Every module, in the order of their names.
    pub modules: Vec<Module>,
    /// What scripts say that they need, each requirement once.
    pub declared: Vec<Declared>,
}

/// A module that the notes import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name, without what is inside it.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is imported first.
    pub first: Place,
    /// How many snippets import it.
    pub snippets: usize,
}

/// A line of a note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path of the note.
    pub path: String,
    /// The line.
    pub line: usize,
}

/// Where a module comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The standard library of the Python that runs.
    Standard,
    /// A package that is installed.
    Installed {
        /// Its name.
        package: String,
        /// Its version, `""` where it says none.
        version: String,
    },
    /// A file or folder of the project.
    Local(String),
    /// The standard library of an older Python.
    Gone {
        /// The first version without it.
        since: String,
        /// The name of its cause.
        rule: String,
        /// What to write instead.
        instead: Option<Text>,
    },
    /// A name that stands for the reader's own module.
    Placeholder,
    /// It is not installed.
    Missing(Package),
}

/// A requirement of scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// As the script has it.
    pub requirement: String,
    /// Where it stands first.
    pub first: Place,
    /// How many snippets have it.
    pub snippets: usize,
    /// The version that is installed.
    pub installed: Option<String>,
}

impl Modules {
    /// True where something is needed that is not installed.
    pub fn lacks(&self) -> bool {
        let missing = |module: &Module| matches!(module.origin, Origin::Missing(_));
        let absent = |declared: &Declared| declared.installed.is_none();
        self.modules.iter().any(missing) || self.declared.iter().any(absent)
    }

    /// The names of the packages that are to be installed, without those that are only guessed.
    pub fn to_install(&self) -> Vec<String> {
        let missing = self
            .modules
            .iter()
            .filter_map(|module| match &module.origin {
                Origin::Missing(package) if package.sure => Some(package.name.clone()),
                _ => None,
            });
        let absent = self
            .declared
            .iter()
            .filter(|declared| declared.installed.is_none());
        let declared = absent.map(|declared| declared.requirement.clone());
        let mut all: Vec<String> = declared.chain(missing).collect();
        all.sort_by_key(|requirement| normal(requirement));
        all.dedup_by_key(|requirement| normal(requirement));
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
