//! What a run rests on beside its code: the interpreter and its packages, the settings, the programs.
//!
//! Files are told apart by their stamps, so that nothing is read. What this can't see must not be
//! cached: granted files, packages that lie outside of the folders for packages.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::python::interpreters::Interpreter;
use crate::python::placed::Key;
use crate::python::stamp::Stamp;
use crate::python::worker::Start;

/// Variables by which Python finds more than what is installed for it.
const LEADING_ELSEWHERE: [&str; 3] = ["PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"];
/// A file that leads to a package elsewhere has no more bytes than this, or is not looked into.
const LONGEST: u64 = 64 << 10;
/// What Python writes into such a folder itself, and folders that are looked into on their own.
const NOT_INSTALLED: [&str; 3] = ["__pycache__", "site-packages", "dist-packages"];
/// Folders whose programs and libraries a snippet can reach.
const SYSTEM: [&str; 9] = [
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/share/zoneinfo",
];

/// What the runs of a worker rest on.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// How it is started.
    pub start: Start,
    /// The interpreter that it embeds.
    pub interpreter: Interpreter,
}

/// All of it, as it is hashed.
#[derive(Serialize)]
struct Facts<'a> {
    version: &'a str,
    programs: Stamps,
    python: &'a str,
    interpreter: Stamps,
    packages: Vec<Stamps>,
    system: Stamps,
    machine: [String; 4],
    user: u32,
    cores: usize,
    environment: &'a [(String, String)],
    clock_ahead: i64,
    contained: bool,
    home: &'a Option<PathBuf>,
    root: &'a Path,
}

type Stamps = Vec<(PathBuf, Option<Stamp>)>;

impl Surroundings {
    /// Stands for all of it as it is now; none where runs rest on more than what is seen here.
    pub(super) fn generation(&self) -> Option<Key> {
        let Start {
            setup, environment, ..
        } = &self.start;
        let leads = |(name, _): &(String, String)| LEADING_ELSEWHERE.contains(&name.as_str());
        let is_closed = setup.contained && setup.read.is_empty() && setup.write.is_empty();
        if !is_closed || environment.iter().any(leads) {
            return None;
        }
        let packages = self.folders().into_iter().filter(|folder| folder.is_dir());
        let own = std::env::current_exe().unwrap_or_default();
        let name = rustix::system::uname();
        let machine = [
            name.sysname(),
            name.nodename(),
            name.release(),
            name.machine(),
        ];
        let facts = Facts {
            version: env!("CARGO_PKG_VERSION"),
            programs: stamps([own, self.start.program.clone()]),
            python: &self.interpreter.version_text,
            interpreter: stamps([
                self.start.executable.clone(),
                self.start.libpython.clone(),
                self.interpreter.executable.clone(),
                self.interpreter.prefix.join("pyvenv.cfg"),
            ]),
            packages: packages
                .map(|folder| installed(&folder))
                .collect::<Option<_>>()?,
            system: stamps(SYSTEM.map(PathBuf::from)),
            machine: machine.map(|word| word.to_string_lossy().into_owned()),
            user: rustix::process::geteuid().as_raw(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            environment,
            clock_ahead: self.start.clock_ahead,
            contained: setup.contained,
            home: &setup.home,
            root: &setup.root,
        };
        let bytes = postcard::to_stdvec(&facts).ok()?;
        Some(*blake3::hash(&bytes).as_bytes())
    }

    /// Where the standard library and packages may lie, as CPython, virtual environments and
    /// Debian have it.
    fn folders(&self) -> Vec<PathBuf> {
        let Interpreter {
            prefix,
            base_prefix,
            version: (major, minor, _),
            ..
        } = &self.interpreter;
        let python = format!("python{major}.{minor}");
        let mut folders = Vec::new();
        for prefix in [prefix, base_prefix, &base_prefix.join("local")] {
            for library in ["lib", "lib64"].map(|library| prefix.join(library)) {
                let own = library.join(&python);
                folders.extend(["site-packages", "dist-packages"].map(|name| own.join(name)));
                folders.extend([library.join("python3/dist-packages"), own]);
            }
        }
        let of_user = |home: &PathBuf| home.join(".local/lib").join(&python).join("site-packages");
        folders.extend(self.start.setup.home.iter().map(of_user));
        folders.sort();
        folders.dedup();
        folders
    }
}

fn stamps(paths: impl IntoIterator<Item = PathBuf>) -> Stamps {
    let stamped = |path: PathBuf| {
        let stamp = Stamp::of(&path);
        (path, stamp)
    };
    paths.into_iter().map(stamped).collect()
}

/// What lies in a folder for packages; none where something in it leads to code elsewhere.
fn installed(folder: &Path) -> Option<Stamps> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if leads_elsewhere(&path) {
            return None;
        }
        if !NOT_INSTALLED.iter().any(|name| path.ends_with(name)) {
            found.push(path);
        }
    }
    found.sort();
    Some(stamps(found))
}

/// True for a file that names another folder to import from, as that of a package does that is
/// installed to be worked on.
fn leads_elsewhere(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(stem) = name.strip_suffix(".pth") else {
        return name.ends_with(".egg-link");
    };
    let is_short = |data: fs::Metadata| data.is_file() && data.len() <= LONGEST;
    if stem.contains("editable") || !fs::metadata(path).is_ok_and(is_short) {
        return true;
    }
    let is_code = |line: &str| line.starts_with("import ") || line.starts_with("import\t");
    let is_folder =
        |line: &str| !line.trim().is_empty() && !line.starts_with('#') && !is_code(line);
    fs::read(path).is_ok_and(|text| String::from_utf8_lossy(&text).lines().any(is_folder))
}

#[cfg(test)]
mod tests;
