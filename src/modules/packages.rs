//! Which package brings a module: a table that is kept by hand.

use crate::notes::metadata;

const TABLE: &str = include_str!("../../data/packages.txt");

/// A package by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The name.
    pub name: String,
    /// It is known, or the script says so; else it is called like the module, which is a guess.
    pub sure: bool,
}

/// The package that brings a module. One that a script says it needs goes before the table.
pub fn package(module: &str, declared: &[String]) -> Package {
    let known = known(module);
    let brings = |requirement: &&String| {
        let name = metadata::package(requirement).map(normal);
        name.is_some_and(|name| name == normal(module) || known.is_some_and(|p| normal(p) == name))
    };
    let said = declared.iter().find(brings);
    let name = said.map(String::as_str).or(known);
    Package {
        name: name.unwrap_or(module).to_owned(),
        sure: name.is_some(),
    }
}

fn known(module: &str) -> Option<&'static str> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut rows = rows.map(|line| line.split_once(" | ").unwrap_or((line, line)));
    rows.find(|(name, _)| *name == module)
        .map(|(_, package)| package)
}

/// The name of the package of a requirement in the form in which packages are compared.
pub fn normal(requirement: &str) -> String {
    let name = metadata::package(requirement).unwrap_or(requirement);
    let mut normal = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            c => normal.extend(c.to_lowercase()),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_has_each_module_once() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = rows
            .map(|row| row.split(" | ").next().unwrap_or(row))
            .collect();
        assert!(names.len() > 150 && names.is_sorted_by(|one, next| one < next));
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let package = line.split(" | ").last().unwrap_or_default();
            assert_eq!(metadata::package(package), Some(package), "{line}");
        }
    }

    #[test]
    fn a_package_is_known_said_or_guessed() {
        let of = |module: &str, declared: &[&str]| {
            let declared: Vec<String> = declared.iter().map(ToString::to_string).collect();
            let found = package(module, &declared);
            (found.name, found.sure)
        };
        assert_eq!(of("yaml", &[]), ("PyYAML".into(), true));
        assert_eq!(of("numpy", &[]), ("numpy".into(), true));
        assert_eq!(
            of("yaml", &["rich", "pyyaml>=6"]),
            ("pyyaml>=6".into(), true)
        );
        assert_eq!(
            of("my_tool", &["My.Tool~=1.0"]),
            ("My.Tool~=1.0".into(), true)
        );
        assert_eq!(of("my_tool", &[]), ("my_tool".into(), false));
    }

    #[test]
    fn names_are_compared_in_one_form() {
        for name in ["Ruamel.YAML", "ruamel-yaml>=0.18", "ruamel_.-yaml"] {
            assert_eq!(normal(name), "ruamel-yaml", "{name}");
        }
    }
}
