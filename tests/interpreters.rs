//! Which interpreter is chosen, on machines made of fake ones and on this one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use verify::model::Lang;
use verify::python::interpreters::{
    Environment, FindError, Interpreter, ProbeError, Refused, Request, Source, Unfit, find, list,
};
use verify::report::python::render;

const FAKE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/interpreters/fake-python"
);

/// A machine in a folder, with only the interpreters that a test puts there.
struct Machine {
    root: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("project")).unwrap();
        Machine { root }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// A fake interpreter with a shared library.
    fn python(&self, path: &str, version: &str) -> PathBuf {
        self.python_with(path, version, &json!({}))
    }

    /// The same, with other facts.
    fn python_with(&self, path: &str, version: &str, changes: &Value) -> PathBuf {
        let executable = self.at(path);
        let prefix = executable.parent().unwrap().parent().unwrap();
        let parts: Vec<u8> = version
            .split('.')
            .map(|part| part.parse().unwrap())
            .collect();
        let library = format!("libpython{}.{}.so.1.0", parts[0], parts[1]);
        self.file(&format!("lib-{version}/{library}"), "");
        let mut facts = json!({
            "version": parts, "version_text": version, "implementation": "CPython", "free_threaded": false,
            "executable": "", "prefix": prefix, "base_prefix": prefix,
            "build": {"libdir": self.at(&format!("lib-{version}")), "libpl": "", "instsoname": library,
                      "ldlibrary": "", "multiarch": "", "framework_prefix": ""},
        });
        for (key, value) in changes.as_object().unwrap() {
            facts[key] = value.clone();
        }
        fs::create_dir_all(executable.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(FAKE, &executable).unwrap();
        self.file(&format!("{path}.json"), &format!("{facts}\n"));
        executable
    }

    /// A fake interpreter whose library is not installed.
    fn without_library(&self, path: &str, version: &str) -> PathBuf {
        let executable = self.python(path, version);
        fs::remove_dir_all(self.at(&format!("lib-{version}"))).unwrap();
        executable
    }

    /// A virtual environment that was made from a fake interpreter. Its own one is there and never asked.
    fn environment(&self, folder: &str, version: &str) -> PathBuf {
        let minor: Vec<&str> = version.split('.').take(2).collect();
        let base = self.named(
            &format!("base-{version}/bin/python{}", minor.join(".")),
            version,
        );
        let home = base.parent().unwrap().display();
        self.file(
            &format!("{folder}/pyvenv.cfg"),
            &format!("home = {home}\nversion = {version}\n"),
        );
        self.python(&format!("{folder}/bin/python"), version)
    }

    /// A fake interpreter that is a file of its own, as real ones are behind all links.
    fn named(&self, path: &str, version: &str) -> PathBuf {
        let executable = self.python(path, version);
        fs::remove_file(&executable).unwrap();
        fs::copy(FAKE, &executable).unwrap();
        executable
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn asked(&self, path: &str) -> usize {
        fs::read_to_string(self.at(&format!("{path}.asked"))).map_or(0, |text| text.lines().count())
    }

    fn request(&self) -> Request {
        let path = format!("{}:{}", self.at("one").display(), self.at("two").display());
        Request {
            project: self.at("project"),
            env: Environment {
                path: Some(path.into()),
                home: Some(self.at("home")),
                uv_pythons: Some(self.at("uv")),
                system: vec![self.at("system")],
                cache: Some(self.at("cache")),
                ..Environment::default()
            },
            ..Request::default()
        }
    }

    fn asking_for(&self, option: &str) -> Request {
        Request {
            option: Some(option.to_owned()),
            ..self.request()
        }
    }
}

fn chosen(request: &Request) -> (PathBuf, Source) {
    let interpreter = find(request).unwrap_or_else(|error| panic!("{error}"));
    (interpreter.executable, interpreter.source)
}

fn refused(request: &Request) -> FindError {
    find(request).expect_err("an interpreter was found")
}

#[test]
fn each_place_comes_in_its_turn() {
    let machine = Machine::new();
    let mut request = machine.request();
    assert_eq!(refused(&request), FindError::Nothing);

    let system = machine.python("system/python3", "3.10.1");
    assert_eq!(chosen(&request), (system, Source::System));

    let uv = machine.python("uv/cpython-3.11.4-linux/bin/python3", "3.11.4");
    assert_eq!(chosen(&request), (uv, Source::Uv));

    let python = machine.python("one/python", "3.9.1");
    assert_eq!(chosen(&request), (python, Source::Path));

    let python3 = machine.python("two/python3", "3.9.2");
    assert_eq!(chosen(&request), (python3, Source::Path));

    let own = machine.environment("own", "3.9.8");
    request.env.own = Some(machine.at("own"));
    assert_eq!(chosen(&request), (own, Source::Own));

    let venv = machine.environment("project/venv", "3.9.3");
    assert_eq!(chosen(&request), (venv, Source::VirtualEnvironment));

    let hidden = machine.environment("project/.venv", "3.9.4");
    assert_eq!(chosen(&request), (hidden, Source::VirtualEnvironment));

    let active = machine.environment("active", "3.9.5");
    request.env.virtual_env = Some(machine.at("active"));
    assert_eq!(chosen(&request), (active, Source::VirtualEnvironment));

    let configured = machine.python("tools/python", "3.9.6");
    request.config = Some("../tools/python".to_owned());
    let configured = request
        .project
        .join("../tools/python")
        .with_file_name(configured.file_name().unwrap());
    assert_eq!(chosen(&request), (configured, Source::Config));

    let typed = machine.python("typed/bin/python3", "3.9.7");
    request.option = Some(machine.at("typed").display().to_string());
    assert_eq!(chosen(&request), (typed, Source::Option));
}

#[test]
fn a_version_means_the_newest_patch_that_can_be_embedded() {
    let machine = Machine::new();
    machine.python("two/python3.12", "3.12.1");
    let newest = machine.python("home/.pyenv/versions/3.12.10/bin/python3", "3.12.10");
    machine.python("home/.pyenv/versions/3.12.9/bin/python3", "3.12.9");
    machine.python("home/.pyenv/versions/3.1.2/bin/python3", "3.1.2");
    machine.without_library("uv/cpython-3.12.11-linux/bin/python3", "3.12.11");
    for wanted in ["3.12", "python3.12", "3.12.10"] {
        assert_eq!(
            chosen(&machine.asking_for(wanted)),
            (newest.clone(), Source::Option),
            "{wanted}"
        );
    }
    let exact = chosen(&machine.asking_for("3.12.1"));
    assert_eq!(exact.0, machine.at("two/python3.12"));
    assert_eq!(machine.asked("home/.pyenv/versions/3.1.2/bin/python3"), 0);
}

#[test]
fn a_virtual_environment_of_the_wanted_version_comes_first() {
    let machine = Machine::new();
    machine.python("one/python3.12", "3.12.9");
    machine.python("one/python3.11", "3.11.9");
    let environment = machine.environment("project/.venv", "3.12.1");
    assert_eq!(chosen(&machine.asking_for("3.12")).0, environment);
    assert_eq!(
        chosen(&machine.asking_for("3.11")).0,
        machine.at("one/python3.11")
    );
}

#[test]
fn the_environment_of_verify_is_taken_or_refused() {
    let machine = Machine::new();
    machine.python("one/python3.12", "3.12.9");
    machine.python("one/python3", "3.12.9");
    machine.without_library("own/bin/python3", "3.11.7");
    let mut request = machine.asking_for("3.12");
    request.env.own = Some(machine.at("own"));
    assert_eq!(chosen(&request).0, machine.at("one/python3.12"));

    request.option = None;
    let FindError::Unfit { interpreter, unfit } = refused(&request) else {
        panic!("it was not refused for what it lacks")
    };
    assert_eq!(interpreter.source, Source::Own);
    assert_eq!(unfit, Unfit::NoSharedLibrary);
}

#[test]
fn a_command_and_a_folder_can_be_asked_for() {
    let machine = Machine::new();
    machine.python("one/python3", "3.10.0");
    let environment = machine.environment("project/env of mine", "3.11.0");
    assert_eq!(
        chosen(&machine.asking_for("python3")).0,
        machine.at("one/python3")
    );
    let request = Request {
        config: Some("env of mine".to_owned()),
        ..machine.request()
    };
    assert_eq!(chosen(&request), (environment, Source::Config));
    let interpreter = find(&request).unwrap();
    assert!(interpreter.is_virtual_environment());
    assert_eq!(interpreter.prefix, machine.at("project/env of mine"));
    assert_eq!(interpreter.base_prefix, machine.at("base-3.11.0"));
    assert_eq!(machine.asked("project/env of mine/bin/python"), 0);
}

#[test]
fn what_was_asked_for_is_never_replaced() {
    let machine = Machine::new();
    machine.python("one/python3", "3.13.0");
    machine.without_library("two/python3.11", "3.11.2");
    let error = refused(&machine.asking_for("3.11"));
    assert!(
        matches!(
            &error,
            FindError::Unfit {
                unfit: Unfit::NoSharedLibrary,
                ..
            }
        ),
        "{error}"
    );
    assert!(matches!(
        refused(&machine.asking_for("3.12")),
        FindError::NoSuchVersion { .. }
    ));
    assert!(matches!(
        refused(&machine.asking_for("2.7")),
        FindError::VersionTooOld { .. }
    ));
    assert!(matches!(
        refused(&machine.asking_for("")),
        FindError::NoSuchPath { .. }
    ));
    assert!(matches!(
        refused(&machine.asking_for("no/such/python")),
        FindError::NoSuchPath { .. }
    ));

    machine.environment("project/.venv", "3.8.1");
    assert!(matches!(
        refused(&machine.request()),
        FindError::Unfit {
            unfit: Unfit::TooOld,
            ..
        }
    ));
    assert_eq!(machine.asked("project/.venv/bin/python"), 0);
    fs::remove_file(machine.at("project/.venv/bin/python")).unwrap();
    assert!(matches!(
        refused(&machine.request()),
        FindError::BrokenEnvironment { .. }
    ));
}

#[test]
fn nothing_of_the_project_is_asked_but_what_a_person_types() {
    let machine = Machine::new();
    machine.python("one/python3", "3.13.0");
    let own = machine.named("project/tools/python", "3.12.0");
    let is_refused = |request: &Request| {
        matches!(
            refused(request),
            FindError::Broken {
                problem: ProbeError::Refused(Refused::InTree),
                ..
            }
        )
    };
    let by_settings = Request {
        config: Some("tools/python".to_owned()),
        ..machine.request()
    };
    assert!(is_refused(&by_settings));
    let mut on_path = machine.request();
    on_path.env.path = Some(
        format!(
            "{}:{}",
            machine.at("project/tools").display(),
            machine.at("one").display()
        )
        .into(),
    );
    machine.named("project/tools/python3", "3.12.0");
    assert!(is_refused(&on_path), "another one was taken for it");
    for file in ["python", "python3"] {
        assert_eq!(machine.asked(&format!("project/tools/{file}")), 0);
    }
    assert_eq!(
        chosen(&machine.asking_for(own.to_str().unwrap())),
        (own.clone(), Source::Option)
    );
    let trusted = Request {
        config_typed: true,
        ..by_settings
    };
    assert_eq!(chosen(&trusted).1, Source::Config);
}

#[test]
fn packages_that_lead_into_the_project_are_told() {
    let machine = Machine::new();
    let installed = machine.named("inst/bin/python3", "3.12.0");
    let found = |lead: &str| {
        fs::create_dir_all(machine.at(lead)).unwrap();
        let text = format!("{}\n", machine.at(lead).display());
        machine.file("inst/lib/python3.12/site-packages/worked-on.pth", &text);
        find(&machine.asking_for(installed.to_str().unwrap()))
            .unwrap()
            .leads
    };
    assert!(found("elsewhere/src").is_empty());
    assert_eq!(
        found("project/src"),
        [machine.at("project/src").canonicalize().unwrap()]
    );
}

#[test]
fn a_cache_in_the_project_is_not_believed() {
    let machine = Machine::new();
    machine.named("one/python3", "3.13.0");
    let mut request = machine.request();
    request.env.cache = Some(machine.at("project/.cache"));
    find(&request).unwrap();
    assert!(!machine.at("project/.cache").exists());
}

#[test]
fn an_unfit_python_on_the_path_is_passed_over_for_a_fit_one() {
    let machine = Machine::new();
    machine.without_library("one/python3", "3.11.2");
    let error = refused(&machine.request());
    assert!(
        matches!(
            &error,
            FindError::Unfit {
                unfit: Unfit::NoSharedLibrary,
                ..
            }
        ),
        "{error}"
    );

    machine.python("home/.pyenv/versions/3.8.1/bin/python3", "3.8.1");
    machine.python("home/.pyenv/versions/3.9.1/bin/python3", "3.9.1");
    let newest = machine.python("home/.pyenv/versions/3.10.1/bin/python3", "3.10.1");
    assert_eq!(chosen(&machine.request()), (newest, Source::Pyenv));

    let second = machine.python("two/python3", "3.9.9");
    assert_eq!(chosen(&machine.request()), (second, Source::Path));
}

#[test]
fn each_reason_against_an_interpreter_names_itself_and_a_command() {
    let machine = Machine::new();
    let cases = [
        (
            machine.python("a/bin/python", "3.8.18"),
            "too old",
            "sudo apt-get install -y python3 libpython3-dev",
        ),
        (
            machine.python_with("b/bin/python", "3.10.1", &json!({"implementation": "PyPy"})),
            "PyPy 3.10.1",
            "brew install python@3.13",
        ),
        (
            machine.python_with("c/bin/python", "3.13.1", &json!({"free_threaded": true})),
            "free-threaded",
            "uv python install 3.13",
        ),
        (
            machine.without_library("versions/3.12.4/bin/python", "3.12.4"),
            "libpython",
            "pyenv install --force 3.12.4",
        ),
    ];
    for (executable, reason, command) in cases {
        let error = refused(&machine.asking_for(&executable.display().to_string()));
        let message = error.to_string();
        assert!(
            message.contains(reason) && message.contains("--python"),
            "{message}"
        );
        assert!(message.contains(executable.to_str().unwrap()), "{message}");
        assert!(error.help().contains(command), "{}", error.help());
    }
}

#[test]
fn the_library_of_debian_has_its_package_named() {
    let machine = Machine::new();
    let facts = json!({"base_prefix": "/usr", "prefix": "/usr"});
    machine.python_with("one/python3", "3.98.0", &facts);
    fs::remove_dir_all(machine.at("lib-3.98.0")).unwrap();
    let help = refused(&machine.request()).help();
    assert!(
        help.starts_with(
            "Install the library:\n  sudo apt-get install -y libpython3.98  # Debian, Ubuntu\n"
        ),
        "{help}"
    );
}

#[test]
fn a_library_that_is_installed_later_is_seen() {
    let machine = Machine::new();
    machine.without_library("one/python3", "3.11.2");
    refused(&machine.request());
    machine.file("lib-3.11.2/libpython3.11.so.1.0", "");
    let found = find(&machine.request()).unwrap();
    assert_eq!(
        found.libpython,
        Some(machine.at("lib-3.11.2/libpython3.11.so.1.0"))
    );
}

#[test]
fn a_broken_interpreter_says_what_it_said_last() {
    let machine = Machine::new();
    let executable = machine.python("one/python3.12", "3.12.0");
    machine.file(
        "one/python3.12.fails",
        "Traceback\nImportError: no json\n\n",
    );
    let FindError::Broken { problem, .. } =
        refused(&machine.asking_for(&executable.display().to_string()))
    else {
        panic!("another error");
    };
    assert_eq!(
        problem,
        ProbeError::NoAnswer("ImportError: no json".to_owned())
    );
}

#[test]
fn a_shim_of_pyenv_is_followed_without_being_run() {
    let machine = Machine::new();
    let mut request = machine.request();
    request.env.path = Some(
        format!(
            "{}:{}",
            machine.at("home/.pyenv/shims").display(),
            machine.at("two").display()
        )
        .into(),
    );
    machine.python("home/.pyenv/shims/python3", "3.9.0");
    let system = machine.python("two/python3", "3.9.0");
    let older = machine.python("home/.pyenv/versions/3.11.9/bin/python3", "3.11.9");
    let newer = machine.python("home/.pyenv/versions/3.12.10/bin/python3", "3.12.10");
    machine.python("home/.pyenv/versions/3.12.9/bin/python3", "3.12.9");

    assert_eq!(chosen(&request).0, system);
    machine.file("home/.pyenv/version", "3.11.9\n");
    assert_eq!(chosen(&request), (older.clone(), Source::Path));
    machine.file(
        "project/.python-version",
        "# why\npython-3.12 # the newest\n",
    );
    assert_eq!(chosen(&request).0, newer);
    request.env.pyenv_version = Some("system".to_owned());
    assert_eq!(chosen(&request).0, system);
    request.env.pyenv_version = Some("3.7.1:3.11.9".to_owned());
    assert_eq!(chosen(&request).0, older);
    assert_eq!(machine.asked("home/.pyenv/shims/python3"), 0);
}

#[test]
fn a_script_is_asked_each_time_since_it_may_lead_elsewhere() {
    let machine = Machine::new();
    let real = machine.python("real/bin/python3", "3.12.1");
    machine.python_with("one/python3", "3.12.1", &json!({"executable": real}));
    assert_eq!(chosen(&machine.request()).0, real);
    assert_eq!(chosen(&machine.request()).0, real);
    assert_eq!(machine.asked("one/python3"), 2);
    assert!(!machine.at("cache/interpreters.json").exists());
}

#[test]
fn relative_folders_of_the_path_are_not_searched() {
    let machine = Machine::new();
    machine.python("project/bin/python3", "3.12.1");
    let mut request = machine.request();
    request.env.path = Some("bin:.:".into());
    assert_eq!(refused(&request), FindError::Nothing);
}

#[test]
fn the_list_shows_each_interpreter_once_and_marks_the_one_that_is_used() {
    let machine = Machine::new();
    machine.python("one/python3", "3.9.1");
    std::os::unix::fs::symlink(machine.at("one"), machine.at("two")).unwrap();
    machine.python("home/.pyenv/versions/2.7.18/bin/python", "2.7.18");
    machine.without_library("home/.pyenv/versions/3.12.4/bin/python3", "3.12.4");
    machine.python("system/python3", "3.13.0");
    machine.file("system/python3.fails", "gone\n");
    machine.python("system/python3-config", "3.13.0");
    let real = machine.python("elsewhere/python", "3.10.0");

    let text = render(&list(&machine.asking_for(real.to_str().unwrap())), Lang::En);
    let text = text.replace(machine.root.path().to_str().unwrap(), "");
    assert_eq!(text, LISTING);
}

const LISTING: &str = "  \
  CPython 3.12.4  /home/.pyenv/versions/3.12.4/bin/python3  pyenv     the shared library of Python 3.12.4 (libpython) is missing
      PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.12.4  # pyenv
      uv python install 3.12  # uv
* CPython 3.10.0  /elsewhere/python                         --python  can be embedded
  CPython 3.9.1   /one/python3                              PATH      can be embedded
  CPython 2.7.18  /home/.pyenv/versions/2.7.18/bin/python   pyenv     Python 2.7.18 is too old, 3.9 or newer is needed
  unknown         /system/python3                           system    can't be used: it could not run a short script: gone

* is the one that a run uses; `--python` chooses another.
";

#[test]
fn a_machine_without_python_is_told_what_to_install() {
    let text = render(&list(&Machine::new().request()), Lang::En);
    assert!(
        text.starts_with("No Python was found. Install one:\n  sudo apt-get install"),
        "{text}"
    );
}

/// The interpreters of this very machine, which no test may suppose to exist.
fn real() -> (Request, Vec<Interpreter>) {
    let mut request = Request {
        project: std::env::temp_dir(),
        env: Environment::from_process(),
        ..Request::default()
    };
    request.env.cache = None;
    let found = list(&request)
        .into_iter()
        .filter_map(|line| line.interpreter.ok())
        .collect();
    (request, found)
}

#[test]
#[allow(clippy::print_stderr)]
fn real_interpreters_are_understood() {
    let (request, found) = real();
    eprintln!("{}", render(&list(&request), Lang::En));
    for interpreter in found {
        let (major, minor, _) = interpreter.version;
        let library = interpreter
            .base_prefix
            .join(format!("lib/libpython{major}.{minor}.so.1.0"));
        let supported = interpreter.implementation == "CPython"
            && (major, minor) >= (3, 9)
            && !interpreter.free_threaded;
        if supported && library.is_file() {
            assert!(
                interpreter.embeddable().is_ok_and(Path::is_file),
                "{interpreter:?}"
            );
        }
        if !supported {
            assert!(interpreter.embeddable().is_err(), "{interpreter:?}");
        }
        assert!(
            interpreter.prefix.is_dir() && interpreter.base_prefix.is_dir(),
            "{interpreter:?}"
        );
        assert!(
            interpreter
                .version_text
                .starts_with(&format!("{major}.{minor}.")),
            "{interpreter:?}"
        );
    }
}

#[test]
fn a_remembered_answer_is_not_asked_for_again() {
    let machine = Machine::new();
    let Some(interpreter) = real()
        .1
        .into_iter()
        .find(|found| found.embeddable().is_ok())
    else {
        return;
    };
    let executable = machine.at("one/python3");
    fs::create_dir_all(machine.at("one")).unwrap();
    std::os::unix::fs::symlink(&interpreter.executable, &executable).unwrap();
    let request = machine.request();
    let version = |request: &Request| find(request).unwrap().version_text;
    assert_eq!(version(&request), interpreter.version_text);

    let cache = machine.at("cache/interpreters.json");
    let text = fs::read_to_string(&cache).unwrap();
    fs::write(
        &cache,
        text.replace(
            &format!("{:?}", interpreter.version_text),
            "\"as remembered\"",
        ),
    )
    .unwrap();
    assert_eq!(version(&request), "as remembered");

    for corrupt in ["", "{", "[]", "{\"format\": 99, \"interpreters\": {}}"] {
        fs::write(&cache, corrupt).unwrap();
        assert_eq!(version(&request), interpreter.version_text, "{corrupt}");
    }
    fs::remove_dir_all(machine.at("cache")).unwrap();
    fs::write(machine.at("cache"), "a file where the folder should be").unwrap();
    assert_eq!(version(&request), interpreter.version_text);
}
