//! The files that snippets see: a root of its own, in which only what they may use is there.
//!
//! All that is there is read-only, but for one folder in memory, `/tmp`, in which the folder of
//! the snippet lies, and what `verify.toml` grants. What is not there can't be read, and a socket
//! that is not there can't be connected to.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive,
    mount_change, mount_move, unmount,
};

use super::folder::names_in;
use super::paths::{DEVICES, Resolved};
use super::warden::Warden;

/// The folder that can be written to.
pub(super) const TEMPORARY: &str = "/tmp";
/// How much it holds, and how many files.
const SIZE: &str = "size=512m,nr_inodes=65536,mode=1777";

/// Where it is made ready.
const ASIDE: &str = "/.temporary";

/// What is to be seen.
pub(super) struct View<'a> {
    /// Read-only.
    pub(super) readable: &'a Resolved,
    /// Writable as well.
    pub(super) writable: &'a Resolved,
    /// An empty folder of the worker, on which the new root is built.
    pub(super) scaffold: &'a Path,
    /// Who shows the processes of snippets.
    pub(super) warden: &'a Warden,
}

impl View<'_> {
    /// Makes it the root of this process, and returns the names in the folder that can be written
    /// to which are there to stay. Where it fails all is as before.
    pub(super) fn enter(&self) -> io::Result<Vec<OsString>> {
        mount_change(
            "/",
            MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
        )?;
        mount(
            "tmpfs",
            self.scaffold,
            "tmpfs",
            MountFlags::NOSUID | MountFlags::NODEV,
            Some(c"mode=755,size=1m"),
        )?;
        let done = self.build().and_then(|()| {
            std::env::set_current_dir(self.scaffold)?;
            rustix::process::pivot_root(".", ".")?;
            unmount(".", UnmountFlags::DETACH)?;
            std::env::set_current_dir("/")?;
            names_in(Path::new(TEMPORARY))
        });
        if done.is_err() {
            // What was mounted there goes with it.
            let _ = unmount(self.scaffold, UnmountFlags::DETACH);
        }
        done
    }

    fn build(&self) -> io::Result<()> {
        for resolved in [self.readable, self.writable] {
            for (link, target) in &resolved.links {
                let link = self.inside(link);
                folder_of(&link)?;
                exists_already(symlink(target, link))?;
            }
        }
        for path in &self.readable.paths {
            self.show(path)?;
        }
        for path in &self.writable.paths {
            self.make_place(path)?;
        }
        self.devices()?;
        self.processes()?;
        for folder in [TEMPORARY, ASIDE, "/var"] {
            fs::create_dir_all(self.inside(Path::new(folder)))?;
        }
        exists_already(symlink(TEMPORARY, self.inside(Path::new("/var/tmp"))))?;
        make_read_only(self.scaffold)?;
        self.temporary()?;
        self.writable_places()
    }

    fn inside(&self, path: &Path) -> PathBuf {
        self.scaffold.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn show(&self, path: &Path) -> io::Result<()> {
        let place = self.make_place(path)?;
        Ok(mount_bind_recursive(path, place)?)
    }

    /// Something to mount on.
    fn make_place(&self, path: &Path) -> io::Result<PathBuf> {
        let place = self.inside(path);
        if path.is_dir() {
            fs::create_dir_all(&place)?;
        } else if !place.exists() {
            folder_of(&place)?;
            fs::write(&place, "")?;
        }
        Ok(place)
    }

    fn devices(&self) -> io::Result<()> {
        let folder = self.inside(Path::new("/dev"));
        fs::create_dir_all(folder.join("pts"))?;
        for name in DEVICES {
            let place = folder.join(name);
            fs::write(&place, "")?;
            mount_bind(Path::new("/dev").join(name), place)?;
        }
        let links = [
            ("fd", "/proc/self/fd"),
            ("stdin", "/proc/self/fd/0"),
            ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"),
            ("ptmx", "pts/ptmx"),
            ("shm", "/tmp"),
        ];
        links
            .iter()
            .try_for_each(|(name, target)| exists_already(symlink(target, folder.join(name))))
    }

    /// `/proc` with the processes of snippets alone. It stays empty where the kernel does
    /// not let it be mounted, as in containers that hide parts of theirs.
    fn processes(&self) -> io::Result<()> {
        fs::create_dir_all(processes_in(self.scaffold))?;
        self.warden.show_processes()
    }

    /// The folder that can be written to. What is to be seen below it is mounted into it, so that
    /// nobody can move or remove it.
    fn temporary(&self) -> io::Result<()> {
        let (aside, place) = (
            self.inside(Path::new(ASIDE)),
            self.inside(Path::new(TEMPORARY)),
        );
        let size = std::ffi::CString::new(SIZE)?;
        let flags = MountFlags::NOSUID | MountFlags::NODEV;
        mount("tmpfs", &aside, "tmpfs", flags, Some(&*size))?;
        for name in names_in(&place)? {
            let (from, to) = (place.join(&name), aside.join(&name));
            if from.is_dir() {
                fs::create_dir(&to)?;
            } else {
                fs::write(&to, "")?;
            }
            mount_bind_recursive(from, to)?;
        }
        Ok(mount_move(aside, place)?)
    }

    fn writable_places(&self) -> io::Result<()> {
        let terminals = self.inside(Path::new("/dev/pts"));
        let flags = MountFlags::NOSUID | MountFlags::NOEXEC;
        let options = Some(c"newinstance,ptmxmode=0666,mode=0620,max=256");
        // Without it there are no terminals of a snippet's own, and nothing else is missing.
        if mount("devpts", &terminals, "devpts", flags, options).is_ok() {
            // Terminals are made and written to all the same; what they belong to stays.
            make_read_only(&terminals)?;
        }
        for path in &self.writable.paths {
            mount_bind(path, self.inside(path))?;
        }
        Ok(())
    }
}

/// Where `/proc` is made ready for the root that is built on `scaffold`.
pub(super) fn processes_in(scaffold: &Path) -> PathBuf {
    scaffold.join("proc")
}

/// Mounts `/proc` with the processes of this namespace; false where the kernel does not let it be.
pub(super) fn mount_processes(place: &Path) -> bool {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    let options = [Some(c"hidepid=ptraceable"), None];
    let mut tried = options.into_iter();
    tried.any(|options| mount("proc", place, "proc", flags, options).is_ok())
}

fn folder_of(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

fn exists_already(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Makes what is mounted at `path` and below it read-only.
fn make_read_only(path: &Path) -> io::Result<()> {
    let path = std::ffi::CString::new(path.as_os_str().as_encoded_bytes())?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path ends in NUL and the attributes are as long as said.
    let status = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::AT_RECURSIVE,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    super::check(libc::c_int::try_from(status).unwrap_or(-1)).map(drop)
}
