//! What is worth importing before the forks: modules that several snippets import, so that none of
//! them has to.
//!
//! Which of these can be imported unnoticed is for the worker, which asks the interpreter.

use std::collections::{BTreeMap, BTreeSet};

use super::protocol::Job;

/// A worker that imports takes as long to start as so many snippets to import for themselves.
const ENOUGH: usize = 8;
/// Words of code that can see what was imported before it.
const SEES_IMPORTS: [&str; 6] = [
    "sys.modules",
    "__subclasses__",
    "get_objects",
    "getrefcount",
    "tracemalloc",
    "maxrss",
];
/// Packages with submodules that are not there until somebody imports them: where others have done so, code
/// that forgot to would run.
const IN_PARTS: [&str; 14] = [
    "concurrent",
    "ctypes",
    "curses",
    "dbm",
    "distutils",
    "email",
    "encodings",
    "html",
    "http",
    "importlib",
    "multiprocessing",
    "unittest",
    "urllib",
    "xml",
];

/// The modules that warm workers import.
pub(super) struct Warm {
    modules: Vec<String>,
}

/// Which modules at least two of these import; none if hardly any of them imports such a one.
pub(super) fn learn(jobs: &[Job]) -> Warm {
    let mut importers: BTreeMap<&str, usize> = BTreeMap::new();
    for job in jobs {
        let own: BTreeSet<&str> = job.modules.iter().map(String::as_str).collect();
        for module in own {
            *importers.entry(module).or_default() += 1;
        }
    }
    importers.retain(|name, count| *count > 1 && !IN_PARTS.contains(name));
    let warm = Warm {
        modules: importers.keys().map(|&name| name.to_owned()).collect(),
    };
    if jobs.iter().filter(|job| warm.suits(job)).count() < ENOUGH {
        return Warm {
            modules: Vec::new(),
        };
    }
    warm
}

impl Warm {
    /// Their names, sorted.
    pub(super) fn modules(&self) -> &[String] {
        &self.modules
    }

    /// True for code that imports one of them and can't tell that it was imported before.
    pub(super) fn suits(&self, job: &Job) -> bool {
        let mut codes = job.replay.iter().chain([&job.code]);
        let imports = |name: &String| self.modules.binary_search(name).is_ok();
        let in_parts = |name: &String| IN_PARTS.contains(&name.as_str());
        job.modules.iter().any(imports)
            && !job.modules.iter().any(in_parts)
            && !codes.any(|code| {
                let mut texts = code.pieces.iter().map(|piece| &piece.text);
                texts.any(|text| SEES_IMPORTS.iter().any(|word| text.contains(word)))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn job(modules: &[&str], text: &str) -> Job {
        Job {
            modules: modules.iter().map(|&name| name.to_owned()).collect(),
            code: Code::script(1, text),
            ..Job::default()
        }
    }

    #[test]
    fn modules_that_several_import_are_worth_it() {
        let mut jobs = vec![job(&["json", "re"], "import json, re"); ENOUGH];
        jobs.push(job(&["csv"], "import csv"));
        let warm = learn(&jobs);
        assert_eq!(warm.modules(), ["json", "re"]);
        assert!(warm.suits(&jobs[0]));
        assert!(!warm.suits(&job(&["csv"], "import csv")));
        assert!(!warm.suits(&job(&[], "print(1)")));
    }

    #[test]
    fn a_worker_for_a_few_is_not() {
        let jobs = vec![job(&["json"], "import json"); ENOUGH - 1];
        assert!(learn(&jobs).modules().is_empty());
    }

    #[test]
    fn code_that_may_have_forgotten_to_import_a_submodule_gets_a_bare_worker() {
        let warm = learn(&vec![job(&["json"], "import json"); ENOUGH]);
        let forgot = job(
            &["json", "importlib"],
            "import json, importlib\nimportlib.util",
        );
        assert!(!warm.suits(&forgot));
    }

    #[test]
    fn code_that_looks_at_what_was_imported_gets_a_bare_worker() {
        let warm = learn(&vec![job(&["json"], "import json"); ENOUGH]);
        assert!(!warm.suits(&job(
            &["json", "sys"],
            "import json, sys\nprint(len(sys.modules))"
        )));
    }
}
