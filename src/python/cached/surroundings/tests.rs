#![allow(clippy::unwrap_used)]

use super::*;
use crate::python::cached::tests::{installation, packages, surroundings};

#[test]
fn all_that_runs_rest_on_makes_another_generation() {
    let folder = installation();
    let path = folder.path();
    let before = surroundings(path).generation();
    assert!(before.is_some());
    assert_eq!(surroundings(path).generation(), before);
    let changes: [fn(&mut Surroundings); 6] = [
        |given| given.interpreter.version_text = "3.12.2".into(),
        |given| given.start.environment.push(("LANG".into(), "C".into())),
        |given| given.start.clock_ahead = 1,
        |given| given.start.setup.root = "/elsewhere".into(),
        |given| given.start.setup.home = None,
        |given| given.start.executable = given.start.program.clone(),
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut given = surroundings(path);
        change(&mut given);
        let after = given.generation();
        assert!(after.is_some() && after != before, "{at}");
    }
}

#[test]
fn a_file_that_is_replaced_makes_another_generation() {
    let folder = installation();
    let path = folder.path();
    let mut known = vec![surroundings(path).generation()];
    let packages = packages(path);
    for file in [
        path.join("bin/verify-python"),
        path.join("libpython.so"),
        path.join("pyvenv.cfg"),
        packages.join("single.py"),
        packages.join("numpy-2.0.dist-info"),
        path.join("lib/python3.12/json.py"),
    ] {
        fs::write(&file, "other").unwrap();
        let after = surroundings(path).generation();
        assert!(after.is_some() && !known.contains(&after), "{file:?}");
        known.push(after);
    }
    fs::create_dir(packages.join("__pycache__")).unwrap();
    assert_eq!(surroundings(path).generation(), known[known.len() - 1]);
}

#[test]
fn where_runs_rest_on_more_there_is_no_generation() {
    let folder = installation();
    let changes: [fn(&mut Surroundings); 4] = [
        |given| given.start.setup.contained = false,
        |given| given.start.setup.read.push("/data".into()),
        |given| given.start.setup.write.push("/data".into()),
        |given| {
            let variable = ("PYTHONPATH".into(), "/data".into());
            given.start.environment.push(variable);
        },
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut given = surroundings(folder.path());
        change(&mut given);
        assert_eq!(given.generation(), None, "{at}");
    }
}

#[test]
fn a_package_that_lies_elsewhere_ends_caching() {
    let cases = [
        ("plain.pth", "import _virtualenv\n# more\n\n", true),
        ("project.pth", "/home/me/project/src\n", false),
        ("relative.pth", "import a\n./project.egg\n", false),
        ("__editable___project_finder.pth", "import finder", false),
        ("project.egg-link", "/home/me/project\n", false),
    ];
    for (name, text, is_cached) in cases {
        let folder = installation();
        fs::write(packages(folder.path()).join(name), text).unwrap();
        let generation = surroundings(folder.path()).generation();
        assert_eq!(generation.is_some(), is_cached, "{name}");
    }
}
