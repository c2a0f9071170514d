//! What a stranger's tree brings along: nothing of it is started outside of the sandbox.
//!
//! Each of these has a *canary*: a file outside of the project that is there once something was started
//! that may write where it likes.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Project, Session, first_block, note, oldest_and_newest, pythons, statuses};

/// What a secret of a CI server is called in here.
const SECRET: &str = "a-secret-of-the-server";
/// Every command that looks for an interpreter.
const COMMANDS: [&str; 6] = [
    "--format json",
    "--format json --sandbox require",
    "list",
    "deps",
    "python",
    "fix --yes",
];

/// A project that may be hostile, with a canary.
struct Stranger {
    project: Project,
    canary: PathBuf,
}

impl Stranger {
    /// One note, one secret in the environment.
    fn new() -> Self {
        let project = Project::new().file("notes/a.md", note(&["print(1)", "import only_here"]));
        let project = project
            .variable("SECRET_TOKEN", SECRET)
            .variable("XDG_CACHE_HOME", "/nonexistent");
        let canary = project.outside().join("canary");
        Self { project, canary }
    }

    /// A program that keeps what it sees of the environment, and fails.
    fn script(&self, path: &str) {
        let text = format!(
            "#!/bin/sh\n/usr/bin/env > '{}'\nexit 1\n",
            self.canary.display()
        );
        self.project.write(path, text);
        fs::set_permissions(self.project.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Python that does the same.
    fn code(&self) -> String {
        format!(
            "import os; open('{}', 'w').write(str(dict(os.environ)))\n",
            self.canary.display()
        )
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        let done = command
            .current_dir(self.project.root())
            .args(arguments)
            .output();
        assert!(done.unwrap().status.success());
    }

    /// Whatever is asked, nothing is started and no secret is told.
    #[track_caller]
    fn stays_alone(&self) {
        let (major, minor) = version();
        let with_version = COMMANDS.map(|command| format!("{command} --python {major}.{minor}"));
        let plain = COMMANDS.map(str::to_owned);
        for command in plain.iter().chain(&with_version) {
            let session = self.project.bare(command);
            assert!(!self.canary.exists(), "{command}: {}", session.text());
            assert!(
                !session.text().contains(SECRET),
                "{command}: {}",
                session.text()
            );
        }
    }

    /// The same for a run, which says this.
    #[track_caller]
    fn is_told(&self, arguments: &str, said: &str) -> Session {
        let session = self.project.bare(arguments);
        assert!(session.text().contains(said), "{}", session.text());
        assert!(!self.canary.exists(), "{}", session.text());
        session
    }
}

fn version() -> (u8, u8) {
    let (major, minor, _) = oldest_and_newest()[1].version;
    (major, minor)
}

/// A real virtual environment in the project, and the folder of its packages.
fn environment(project: &Project, name: &str) -> PathBuf {
    let python = oldest_and_newest()[1];
    let made = Command::new(&python.executable)
        .args(["-m", "venv", "--without-pip"])
        .arg(project.at(name))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let (major, minor) = version();
    project.at(&format!("{name}/lib/python{major}.{minor}/site-packages"))
}

#[test]
fn a_script_in_the_place_of_an_interpreter_is_not_started() {
    let stranger = Stranger::new();
    stranger.script(".venv/bin/python3");
    stranger.script(".venv/bin/python");
    for home in [
        "home = /nowhere\n".to_owned(),
        format!("home = {}/.venv/bin\n", stranger.project.root().display()),
    ] {
        stranger.project.write(".venv/pyvenv.cfg", home);
        stranger.stays_alone();
        stranger.project.bare(&format!(
            "--python {}",
            stranger.project.at(".venv").display()
        ));
        stranger.project.bare("--python .venv/bin/python3");
        assert!(!stranger.canary.exists());
    }
    stranger
        .project
        .write("verify.toml", "python = \"tools/python3\"\n");
    stranger.script("tools/python3");
    stranger.stays_alone();
    stranger.is_told("", "nothing is started outside of the sandbox");
}

#[test]
fn what_packages_do_when_python_starts_is_contained() {
    let stranger = Stranger::new();
    let packages = environment(&stranger.project, ".venv");
    let code = stranger.code();
    fs::write(packages.join("only_here.py"), &code).unwrap();
    fs::write(packages.join("evil.pth"), &code).unwrap();
    for module in [
        "sitecustomize",
        "usercustomize",
        "_winapi",
        "json",
        "linecache",
    ] {
        fs::write(packages.join(format!("{module}.py")), &code).unwrap();
    }
    stranger.stays_alone();
}

#[test]
fn an_environment_that_is_linked_from_elsewhere_in_the_tree_is_read_too() {
    let stranger = Stranger::new();
    stranger.script("tools/env/bin/python3");
    stranger.script("tools/base/bin/python3");
    let home = stranger.project.at("tools/base/bin");
    stranger.project.write(
        "tools/env/pyvenv.cfg",
        format!("home = {}\n", home.display()),
    );
    symlink("tools/env", stranger.project.at(".venv")).unwrap();
    stranger.stays_alone();
    stranger.is_told("", "nothing is started outside of the sandbox");
}

#[test]
fn a_program_under_the_name_of_a_python_is_not_started() {
    let stranger = Stranger::new();
    stranger.script("tools/anything");
    fs::create_dir_all(stranger.project.at(".venv/bin")).unwrap();
    symlink("/bin/sh", stranger.project.at(".venv/bin/python3")).unwrap();
    let home = stranger.project.at(".venv/bin");
    stranger
        .project
        .write(".venv/pyvenv.cfg", format!("home = {}\n", home.display()));
    stranger.stays_alone();
}

#[test]
fn a_file_for_pyenv_names_a_version_and_no_path() {
    let mut stranger = Stranger::new();
    let root = stranger.project.outside().join("pyenv");
    fs::create_dir_all(root.join("versions")).unwrap();
    fs::create_dir_all(root.join("shims")).unwrap();
    stranger.script("evil/bin/python3");
    // A shim as pyenv's own: it looks for the file from the folder that it is started in.
    stranger.script("shim");
    let shim = format!(
        "#!/bin/sh\nversion=$(cat .python-version 2>/dev/null) && exec '{}'/\"$version\"/bin/python3 \"$@\"\nexit 1\n",
        root.join("versions").display()
    );
    for folder in [
        root.join("shims"),
        stranger.project.outside().join("others"),
    ] {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("python3"), &shim).unwrap();
        fs::set_permissions(folder.join("python3"), fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.display());
        stranger.project = stranger.project.variable("PATH", &path);
        stranger.project = stranger
            .project
            .variable("PYENV_ROOT", &root.display().to_string());
        for version in [
            "../../project/evil".to_owned(),
            stranger.project.at("evil").display().to_string(),
        ] {
            stranger
                .project
                .write(".python-version", format!("{version}\n"));
            stranger.stays_alone();
        }
    }
}

#[test]
fn modules_in_the_project_are_not_imported_by_the_search() {
    let stranger = Stranger::new();
    for module in [
        "linecache",
        "json",
        "platform",
        "site",
        "sysconfig",
        "encodings",
        "importlib",
    ] {
        stranger
            .project
            .write(&format!("{module}.py"), stranger.code());
    }
    stranger.stays_alone();
}

#[test]
fn an_environment_that_git_tracks_is_refused() {
    let stranger = Stranger::new();
    let stranger = Stranger {
        project: stranger
            .project
            .variable("PATH", &std::env::var("PATH").unwrap()),
        ..stranger
    };
    let packages = environment(&stranger.project, ".venv");
    fs::write(packages.join("only_here.py"), "").unwrap();
    stranger.git(&["init", "--quiet"]);
    stranger.project.bare("--update").exits(0);
    stranger.git(&["add", "--force", ".venv/pyvenv.cfg"]);
    for arguments in ["", "list", "deps", "--python .venv"] {
        let session = stranger.is_told(
            arguments,
            "an environment that comes with the notes is not used",
        );
        assert_eq!(session.code, Some(2), "{}", session.text());
    }
}

#[test]
fn an_environment_is_used_inside_the_sandbox_with_all_that_belongs_to_it() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&[
                "import edited, os\nprint(edited.VALUE, os.environ.get('FROM_PTH'))",
                "import os\nprint(os.environ.get('SECRET_TOKEN'), os.listdir('.'))",
                "import sys\nprint(exit, sys.prefix != sys.base_prefix, sys.flags.no_user_site, sys.flags.no_site)",
            ]),
        );
        let project = project
            .file("src/edited.py", "VALUE = 'worked on'\n")
            .variable("SECRET_TOKEN", SECRET);
        let made = Command::new(&python.executable)
            .args(["-m", "venv", "--without-pip"])
            .arg(project.at(".venv"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let (major, minor, _) = python.version;
        let packages = project.at(&format!(".venv/lib/python{major}.{minor}/site-packages"));
        let lines = format!(
            "import os; os.environ['FROM_PTH'] = 'yes'; print('a line that nobody sees')\n{}\n",
            project.at("src").display()
        );
        fs::write(packages.join("editable.pth"), lines).unwrap();
        let report = project.bare("--format json").json();
        let outputs: Vec<&str> = report["notes"][0]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["stdout"].as_str().unwrap())
            .collect();
        assert_eq!(
            outputs,
            [
                "worked on yes\n",
                "None []\n",
                "Use exit() or Ctrl-D (i.e. EOF) to exit True 1 0\n"
            ],
            "{report:#}"
        );
    }
}

#[test]
fn what_is_installed_in_an_environment_is_read() {
    let stranger = Stranger::new();
    let packages = environment(&stranger.project, ".venv");
    let code = stranger.code();
    fs::write(packages.join("evil.pth"), &code).unwrap();
    fs::write(packages.join("only_here.py"), &code).unwrap();
    let info = packages.join("Only_Here-1.5.dist-info");
    fs::create_dir_all(&info).unwrap();
    fs::write(
        info.join("METADATA"),
        "Metadata-Version: 2.1\nName: Only_Here\nVersion: 1.5\n",
    )
    .unwrap();
    fs::write(info.join("RECORD"), "only_here.py,,\n").unwrap();
    let session = stranger.is_told("deps", "only_here  notes/a.md:6  1 snippet  Only_Here 1.5");
    assert_eq!(session.code, Some(0), "{}", session.text());
}

#[test]
fn where_nothing_contains_it_an_environment_has_to_be_named() {
    let stranger = Stranger::new();
    let packages = environment(&stranger.project, ".venv");
    fs::write(packages.join("only_here.py"), "").unwrap();
    fs::write(packages.join("evil.pth"), stranger.code()).unwrap();
    let refused = stranger.is_told(
        "--sandbox off",
        "nothing contains here what its packages do",
    );
    assert_eq!(refused.code, Some(2));
    let named = stranger
        .project
        .bare("--sandbox off --format json --python .venv");
    assert_eq!(statuses(&named.json()), ["new", "new"]);
}

#[test]
fn a_pull_request_decides_nothing_that_opens_the_sandbox() {
    let project = Project::with_note(&note(&[
        "import os\nprint(os.path.exists('data'), os.environ.get('SECRET_TOKEN'))",
    ]))
    .file("data/a.csv", "1")
    .file(
        "verify.toml",
        "[sandbox]\nmode = \"off\"\nread = [\"data\"]\n[environment]\npass = [\"SECRET_TOKEN\"]\n",
    )
    .variable("SECRET_TOKEN", SECRET);
    let opened = project.verify("--format json").json();
    assert_eq!(first_block(&opened)["stdout"], format!("True {SECRET}\n"));

    let project = project.variable("GITHUB_EVENT_NAME", "pull_request");
    let report = project.verify("--format json").json();
    assert_eq!(first_block(&report)["stdout"], "False None\n", "{report:#}");
    let keys = ["sandbox.mode", "sandbox.read", "environment.pass"];
    assert_eq!(report["distrusted"], serde_json::json!(keys));
    let head = "warning: this run is for a pull request, which may have changed verify.toml, so the file does not decide \
                `sandbox.mode`, `sandbox.read`, `environment.pass`\n";
    let session = project.verify("");
    assert!(session.out.starts_with(head), "{}", session.text());
    for format in ["github", "gitlab", "junit", "sarif", "markdown", "html"] {
        let session = project.verify(&format!("--format {format}"));
        assert!(session.out.contains("sandbox.mode"), "{}", session.text());
    }
    project.verify("--update").exits(0);
    project.verify("--strict").exits(0);

    let config = project.at("verify.toml").display().to_string();
    for trusted in ["--trust-config".to_owned(), format!("--config {config}")] {
        let report = project.verify(&format!("--format json {trusted}")).json();
        assert_eq!(first_block(&report)["stdout"], format!("True {SECRET}\n"));
        assert_eq!(report["distrusted"], serde_json::Value::Null);
    }
}

#[test]
fn the_worker_of_the_project_is_not_started() {
    let stranger = Stranger::new();
    for place in [
        "verify-python",
        ".venv/bin/verify-python",
        "bin/verify-python",
        "notes/verify-python",
    ] {
        stranger.script(place);
    }
    stranger.script("bin/git");
    stranger.script("bin/uv");
    let stranger = Stranger {
        project: stranger.project.variable("PATH", "bin:.:/usr/bin"),
        ..stranger
    };
    stranger.stays_alone();
}
