//! Which paths a snippet may read: what a Python program needs to start, and nothing of the user's.
//!
//! Only looks and decides; the fences are made by others from what it finds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Of the system: libraries, programs and their data.
const SYSTEM: [&str; 10] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/opt/homebrew",
];

/// Of the settings of the system: what libraries look up, nothing that names a secret.
const SETTINGS: [&str; 30] = [
    "alternatives",
    "ca-certificates",
    "crypto-policies",
    "debian_version",
    "fonts",
    "group",
    "host.conf",
    "hosts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "locale.alias",
    "localtime",
    "lsb-release",
    "magic",
    "mime.types",
    "networks",
    "nsswitch.conf",
    "os-release",
    "passwd",
    "pki/ca-trust",
    "pki/tls",
    "protocols",
    "python3",
    "resolv.conf",
    "rpc",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
    "timezone",
];

/// Devices without memory.
pub(super) const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// What the interpreter says about itself.
pub(crate) struct Installation {
    /// Prefixes: of the virtual environment, of the installation, of its libraries.
    pub(crate) prefixes: Vec<PathBuf>,
    /// Where modules are imported from, its programs and its library.
    pub(crate) others: Vec<PathBuf>,
}

/// All that may be read. A folder that `home` lies in is never among them.
pub(super) fn readable(installation: &Installation, home: Option<&Path>) -> Vec<PathBuf> {
    let system = SYSTEM.iter().map(PathBuf::from);
    let settings = SETTINGS.iter().map(|name| Path::new("/etc").join(name));
    let mut all: Vec<PathBuf> = system.chain(settings).collect();
    let holds_home =
        |path: &Path| path.parent().is_none() || home.is_some_and(|home| home.starts_with(path));
    for prefix in &installation.prefixes {
        if holds_home(prefix) {
            let parts = ["bin", "lib", "lib64", "include", "share", "pyvenv.cfg"];
            all.extend(parts.map(|part| prefix.join(part)));
        } else {
            all.push(prefix.clone());
        }
    }
    all.extend(installation.others.iter().cloned());
    all.retain(|path| path.is_absolute() && !holds_home(path) && path.exists());
    all
}

/// Paths as the kernel knows them, without links in them, and the links on the way to them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Resolved {
    /// The paths; none lies below another.
    pub(super) paths: Vec<PathBuf>,
    /// Links, with what they say.
    pub(super) links: BTreeMap<PathBuf, PathBuf>,
}

/// Follows the links in `paths`.
pub(super) fn resolve(paths: &[PathBuf]) -> Resolved {
    let mut resolved = Resolved::default();
    for path in paths {
        if let Ok(canonical) = path.canonicalize() {
            note_links(path, &mut resolved.links, 0);
            resolved.paths.push(canonical);
        }
    }
    resolved.paths.sort();
    resolved
        .paths
        .dedup_by(|path, above| path.starts_with(&*above));
    let (paths, links) = (&resolved.paths, &mut resolved.links);
    links.retain(|link, _| !paths.iter().any(|path| link.starts_with(path)));
    resolved
}

/// The kernel follows as many links.
const MOST_LINKS: usize = 40;

fn note_links(path: &Path, links: &mut BTreeMap<PathBuf, PathBuf>, depth: usize) {
    let mut above = PathBuf::new();
    for (at, part) in path.components().enumerate() {
        match part {
            Component::ParentDir => {
                above.pop();
            }
            part => above.push(part),
        }
        let Ok(target) = fs::read_link(&above) else {
            continue;
        };
        let rest: PathBuf = path.components().skip(at + 1).collect();
        let next = above.parent().unwrap_or(Path::new("/")).join(&target);
        links.insert(above, target);
        if depth < MOST_LINKS {
            note_links(&next.join(rest), links, depth + 1);
        }
        return;
    }
}
