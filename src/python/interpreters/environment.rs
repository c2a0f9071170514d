//! Virtual environments, as their files say. None of their programs is started to find out.
//!
//! CPython reads `pyvenv.cfg` for the same: `home` is the folder of the Python that the environment
//! was made from. That one is asked what it is, and embedded; the environment's own packages come to
//! it later, in the processes of the snippets alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::places;
use super::probe::{Facts, Refused};
use super::tree::{Tree, real};

/// More than any `pyvenv.cfg` or file of a package that leads elsewhere has.
const LONGEST: u64 = 64 << 10;
/// The sticky bit, by which nobody can replace the files of others in a folder.
const STICKY: u32 = 0o1000;

/// A virtual environment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct VirtualEnvironment {
    /// Its folder as it was found, which Python calls `sys.prefix`.
    pub folder: PathBuf,
    /// The interpreter that it was made from, without links.
    pub base: PathBuf,
    /// It lies in the tree that is checked.
    pub of_tree: bool,
    /// A person has named or activated it.
    pub named: bool,
    /// Folders that its packages are imported from too, as those are that are installed to be worked on.
    pub leads: Vec<PathBuf>,
    /// It has a module that Python imports whenever it starts.
    pub customized: bool,
    /// It has the packages of the Python that it was made from, too.
    with_base: bool,
}

impl VirtualEnvironment {
    /// That of the interpreter at this path, where it belongs to one.
    pub(super) fn of(executable: &Path, named: bool, tree: &Tree) -> Option<Result<Self, Refused>> {
        let settings = places::pyvenv_cfg(executable)?;
        let folder = executable.parent()?.parent()?.to_owned();
        Some(Self::read(executable, folder, &settings, named, tree))
    }

    fn read(
        executable: &Path,
        folder: PathBuf,
        settings: &Path,
        named: bool,
        tree: &Tree,
    ) -> Result<Self, Refused> {
        let of_tree = tree.holds(&folder) || tree.holds(executable.parent().unwrap_or(&folder));
        if of_tree && is_tracked(&folder) {
            return Err(Refused::Tracked(folder));
        }
        let settings = read_settings(settings).ok_or(Refused::NoBase(None))?;
        let base = base(executable, &settings)?;
        if tree.holds(&base) {
            return Err(Refused::BaseInTree(base));
        }
        Ok(Self {
            base,
            folder,
            of_tree,
            named,
            leads: Vec::new(),
            customized: false,
            with_base: settings
                .get("include-system-site-packages")
                .is_none_or(|value| value.to_lowercase() == "true"),
        })
    }

    /// Adds what depends on the interpreter that it was made from: what lies in the folders of its packages.
    pub(super) fn with_packages(mut self, base: &Facts, tree: &Tree) -> Self {
        let mut prefixes = vec![self.folder.as_path()];
        prefixes.extend(Some(base.base_prefix.as_path()).filter(|_| self.with_base));
        let installed = Installed::below(&prefixes, base.version);
        self.leads = installed.leads;
        // What nobody has named may lead into the tree alone.
        if self.of_tree && !self.named {
            self.leads.retain(|lead| tree.names(lead));
        }
        self.customized = installed.customized;
        self
    }
}

/// What lies in folders of packages and is of use whenever Python starts.
pub(super) struct Installed {
    /// The folders that `.pth` files lead to, sorted.
    pub(super) leads: Vec<PathBuf>,
    customized: bool,
}

impl Installed {
    /// What lies below these prefixes.
    pub(super) fn below(prefixes: &[&Path], version: (u8, u8, u8)) -> Self {
        let mut installed = Self {
            leads: Vec::new(),
            customized: false,
        };
        for folder in prefixes
            .iter()
            .flat_map(|prefix| package_folders(prefix, version))
        {
            for name in places::names(&folder) {
                let name = name.to_string_lossy();
                if name.ends_with(".pth") {
                    let leads = leads(&folder.join(&*name));
                    let leads = leads.map(|lead| real(&folder.join(lead)));
                    installed.leads.extend(leads.filter(|lead| lead.is_dir()));
                }
                let customizes = |module: &&str| name.starts_with(*module);
                installed.customized |= ["sitecustomize", "usercustomize"].iter().any(customizes);
            }
        }
        installed.leads.sort();
        installed.leads.dedup();
        installed
    }
}

/// Where packages lie, as CPython and the systems have it.
fn package_folders(prefix: &Path, (major, minor, _): (u8, u8, u8)) -> Vec<PathBuf> {
    let python = format!("python{major}.{minor}");
    let mut folders = Vec::new();
    for library in ["lib", "lib64", "local/lib", "lib/python3"].map(|name| prefix.join(name)) {
        for name in ["site-packages", "dist-packages"] {
            folders.extend(
                [library.join(&python).join(name), library.join(name)].map(|path| real(&path)),
            );
        }
    }
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders.dedup();
    folders
}

/// True where git brought it, or what a link in its place leads to.
fn is_tracked(folder: &Path) -> bool {
    let real = real(folder);
    crate::git::tracks(folder) || real != folder && crate::git::tracks(&real)
}

/// The interpreter that an environment was made from.
fn base(executable: &Path, settings: &BTreeMap<String, String>) -> Result<PathBuf, Refused> {
    let home = settings.get("home").map(PathBuf::from);
    let missing = || Refused::NoBase(home.clone());
    let home = home
        .as_ref()
        .filter(|home| home.is_absolute())
        .ok_or_else(missing)?;
    let version = ["version", "version_info"]
        .iter()
        .find_map(|key| settings.get(*key));
    let minor = version.map(|version| version.split('.').take(2).collect::<Vec<_>>().join("."));
    let link = real(executable);
    let names = [
        link.file_name()
            .and_then(|name| name.to_str())
            .map(str::to_owned),
        minor.map(|minor| format!("python{minor}")),
        Some("python3".to_owned()),
        Some("python".to_owned()),
    ];
    let files = names
        .into_iter()
        .flatten()
        .filter(|name| places::is_python_name(name));
    let mut files = files.map(|name| home.join(name));
    let base = files
        .find(|file| places::is_executable(file))
        .ok_or_else(missing)?;
    let base = real(&base);
    // A link may give a Python's name to any program.
    if places::is_named_python(&base) {
        Ok(base)
    } else {
        Err(missing())
    }
}

/// The keys of a `pyvenv.cfg`, read as CPython reads them.
fn read_settings(path: &Path) -> Option<BTreeMap<String, String>> {
    let text = read(path)?;
    let mut settings = BTreeMap::new();
    for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
        settings
            .entry(key.trim().to_lowercase())
            .or_insert_with(|| value.trim().to_owned());
    }
    Some(settings)
}

/// The folders that a `.pth` file names: its lines that are neither code nor comments.
fn leads(path: &Path) -> impl Iterator<Item = String> + use<> {
    let is_folder = |line: &String| {
        !line.is_empty()
            && !line.starts_with(['#', '\0'])
            && !line.starts_with("import ")
            && !line.starts_with("import\t")
    };
    let lines = read(path).unwrap_or_default();
    let lines: Vec<String> = lines
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.into_iter().filter(is_folder)
}

/// The text of a file of an ordinary length.
fn read(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// True for a file that only the administrator and this user can change or replace. A group counts
/// as this user where it is one of its own: some systems give each user one, and Homebrew's folders
/// belong to one.
pub(super) fn is_ours(file: &Path) -> bool {
    let user = rustix::process::geteuid().as_raw();
    let mut groups: Vec<u32> = rustix::process::getgroups()
        .unwrap_or_default()
        .iter()
        .map(|group| group.as_raw())
        .collect();
    groups.extend([0, rustix::process::getegid().as_raw()]);
    let is_ours = |path: &Path| {
        fs::metadata(path).is_ok_and(|data| {
            let (mode, folder) = (data.mode(), data.is_dir());
            let by_group = mode & 0o020 != 0 && !groups.contains(&data.gid());
            let by_all = mode & 0o002 != 0 && !(folder && mode & STICKY != 0);
            [0, user].contains(&data.uid()) && !by_group && !by_all
        })
    };
    is_ours(file) && file.parent().is_none_or(is_ours)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A base and an environment that was made from it, in a tree.
    fn machine() -> (tempfile::TempDir, PathBuf, Tree) {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        for inner in [
            "base/bin",
            "tree/.venv/bin",
            "tree/.venv/lib/python3.12/site-packages",
        ] {
            fs::create_dir_all(top.join(inner)).unwrap();
        }
        program(&top.join("base/bin/python3.12"));
        symlink(
            top.join("base/bin/python3.12"),
            top.join("tree/.venv/bin/python"),
        )
        .unwrap();
        let tree = Tree::new([top.join("tree").as_path()], None);
        (folder, top, tree)
    }

    fn facts() -> Facts {
        serde_json::from_value(serde_json::json!({
            "version": [3, 12, 1], "version_text": "3.12.1", "implementation": "CPython", "free_threaded": false,
            "executable": "", "prefix": "/p", "base_prefix": "/p",
            "build": {"libdir": "", "libpl": "", "instsoname": "", "ldlibrary": "", "multiarch": "", "framework_prefix": ""},
        }))
        .unwrap()
    }

    fn program(path: &Path) {
        fs::write(path, "").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn found(top: &Path, settings: &str, tree: &Tree) -> Result<VirtualEnvironment, Refused> {
        fs::write(top.join("tree/.venv/pyvenv.cfg"), settings).unwrap();
        let executable = top.join("tree/.venv/bin/python");
        VirtualEnvironment::of(&executable, false, tree).unwrap()
    }

    #[test]
    fn the_base_is_what_home_names() {
        let (_folder, top, tree) = machine();
        let settings = format!(
            "Home = {}\nhome = /nowhere\nversion = 3.12.1\n",
            top.join("base/bin").display()
        );
        let environment = found(&top, &settings, &tree).unwrap();
        assert_eq!(environment.base, top.join("base/bin/python3.12"));
        assert!(environment.of_tree);
    }

    #[test]
    fn a_base_in_the_tree_or_none_is_refused() {
        let (_folder, top, tree) = machine();
        fs::create_dir_all(top.join("tree/tools")).unwrap();
        program(&top.join("tree/tools/python3"));
        let home = |path: &str| format!("home = {}\n", top.join(path).display());
        assert!(matches!(
            found(&top, &home("tree/tools"), &tree),
            Err(Refused::BaseInTree(_))
        ));
        for settings in ["", "home = base/bin\n", "home = /no/such/folder\n"] {
            assert!(
                matches!(found(&top, settings, &tree), Err(Refused::NoBase(_))),
                "{settings}"
            );
        }
        fs::create_dir(top.join("fake")).unwrap();
        symlink("/bin/sh", top.join("fake/python3")).unwrap();
        assert!(matches!(
            found(&top, &home("fake"), &tree),
            Err(Refused::NoBase(_))
        ));
    }

    #[test]
    fn folders_that_packages_lead_to_are_read_from_their_lines() {
        let (_folder, top, tree) = machine();
        let packages = top.join("tree/.venv/lib/python3.12/site-packages");
        for inner in ["tree/src", "elsewhere"] {
            fs::create_dir_all(top.join(inner)).unwrap();
        }
        let lines = format!(
            "# {0}/tree\nimport os; {0}\n{0}/tree/src\n{0}/elsewhere\n",
            top.display()
        );
        fs::write(packages.join("editable.pth"), lines).unwrap();
        let settings = format!("home = {}\n", top.join("base/bin").display());
        let environment = found(&top, &settings, &tree).unwrap();
        let environment = environment.with_packages(&facts(), &tree);
        assert_eq!(environment.leads, [top.join("tree/src")]);
        assert!(!environment.customized);
        fs::write(packages.join("sitecustomize.py"), "").unwrap();
        let named = VirtualEnvironment {
            named: true,
            ..environment
        };
        let named = named.with_packages(&facts(), &tree);
        assert_eq!(named.leads, [top.join("elsewhere"), top.join("tree/src")]);
        assert!(named.customized);
    }

    #[test]
    fn what_others_may_change_is_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("python3");
        program(&file);
        assert!(is_ours(&file));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o757)).unwrap();
        assert!(!is_ours(&file));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(!is_ours(&file));
    }
}
