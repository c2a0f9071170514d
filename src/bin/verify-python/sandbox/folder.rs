//! The fresh folder that each snippet has to itself.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::StatVfs;

/// Where the folders of snippets are made.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// They are made in here.
    pub(super) base: PathBuf,
    /// All that snippets can write to; it is emptied after each of them.
    pub(super) swept: PathBuf,
    /// That is a file system in memory, which nothing else uses.
    pub(super) in_memory: bool,
    /// Names in there that stay.
    pub(super) kept: Vec<OsString>,
    /// Links to make in each: a name, and what it leads to.
    pub(super) links: Vec<(PathBuf, PathBuf)>,
}

impl Place {
    /// The path of a folder.
    pub(crate) fn folder(&self, number: u64) -> PathBuf {
        self.base.join(number.to_string())
    }

    /// True where it, or something of its name, is there.
    pub(crate) fn has(&self, number: u64) -> bool {
        self.folder(number).symlink_metadata().is_ok()
    }
}

/// The folder of a snippet.
pub(crate) struct Folder {
    path: PathBuf,
    place: Place,
    /// What it was like when it was made.
    as_made: io::Result<Look>,
}

impl Folder {
    /// Makes a new folder. It is empty but for the links to what `verify.toml` grants.
    pub(crate) fn new(place: &Place, number: u64) -> io::Result<Self> {
        let path = place.folder(number);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)?;
        for (name, target) in &place.links {
            let link = path.join(name);
            fs::create_dir_all(link.parent().unwrap_or(&path))?;
            symlink(target, link)?;
        }
        Ok(Self {
            as_made: Look::at(place, &path),
            path,
            place: place.clone(),
        })
    }

    /// True where a snippet has left no trace in it, nor beside it, so that it is as good as a new one.
    pub(crate) fn is_untouched(&self) -> bool {
        let now = Look::at(&self.place, &self.path);
        self.place.links.is_empty()
            && matches!((&self.as_made, now), (Ok(before), Ok(now)) if *before == now)
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it with whatever is in it, and all that a snippet has put beside it.
    pub(crate) fn remove(self) -> io::Result<()> {
        let Place { swept, kept, .. } = &self.place;
        empty(swept, kept)?;
        let now = FileTimes::new().set_accessed(SystemTime::now());
        File::open(swept)?.set_times(now.set_modified(SystemTime::now()))
    }
}

/// What a folder, the one that is swept, and those between them look like.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    seen: Vec<Seen>,
    inside: Inside,
}

/// What is in the folder that is swept.
#[derive(Debug, PartialEq, Eq)]
enum Inside {
    /// In memory of a worker's own: how much is free of it.
    Room([u64; 2]),
    /// Elsewhere: the names in each of the folders.
    Names(Vec<Vec<OsString>>),
}

impl Look {
    fn at(place: &Place, folder: &Path) -> io::Result<Self> {
        let within = |path: &&Path| path.starts_with(&place.swept);
        let chain = || folder.ancestors().take_while(within);
        let seen = chain().map(Seen::at).collect::<io::Result<_>>()?;
        let inside = if place.in_memory {
            Inside::Room(room(&rustix::fs::statvfs(&place.swept)?))
        } else {
            Inside::Names(chain().map(names_in).collect::<io::Result<_>>()?)
        };
        Ok(Self { seen, inside })
    }
}

/// What can be changed of a folder itself, whatever is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    place: (u64, u64),
    mode: u32,
    owner: (u32, u32),
    /// When it was changed and written to (`ctime` and `mtime` in inode(7)).
    times: [(i64, i64); 2],
    /// Bytes of the names of its attributes (xattr(7)).
    attributes: usize,
}

impl Seen {
    fn at(path: &Path) -> io::Result<Self> {
        let attributes = rustix::fs::llistxattr_query(path);
        Ok(Self::new(&path.symlink_metadata()?, attributes))
    }

    /// What is seen of an open folder.
    #[cfg(target_os = "linux")]
    pub(super) fn of(folder: &File) -> io::Result<Self> {
        let attributes = rustix::fs::flistxattr_query(folder);
        Ok(Self::new(&folder.metadata()?, attributes))
    }

    fn new(found: &fs::Metadata, attributes: rustix::io::Result<usize>) -> Self {
        let changed = (found.ctime(), found.ctime_nsec());
        Self {
            place: (found.dev(), found.ino()),
            mode: found.mode(),
            owner: (found.uid(), found.gid()),
            times: [changed, (found.mtime(), found.mtime_nsec())],
            // Where there are none, there are none to change.
            attributes: attributes.unwrap_or(0),
        }
    }

    /// The same but for what changes with what is in it.
    #[cfg(target_os = "linux")]
    pub(super) fn without_times(self) -> Self {
        let times = [(0, 0); 2];
        Self { times, ..self }
    }
}

/// For how many blocks and files there is room. In memory every name takes some, so that no file can be hidden
/// from it (`shmem_reserve_inode` in mm/shmem.c of Linux).
pub(super) fn room(found: &StatVfs) -> [u64; 2] {
    [found.f_bfree, found.f_ffree]
}

/// What is in a folder.
pub(super) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name()))
        .collect()
}

/// Removes everything in `folder`, however deep it is and whatever its permissions are: what lies
/// below a folder in it is moved up before that folder is removed. Links are not followed.
fn empty(folder: &Path, kept: &[OsString]) -> io::Result<()> {
    let mut moved = 0u64;
    let mut more = true;
    while more {
        more = false;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if kept.contains(&entry.file_name()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                more |= flatten(&entry.path(), folder, &mut moved)?;
                fs::remove_dir(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// Removes the files of `folder` and moves its folders to `to`; true where there were any.
fn flatten(folder: &Path, to: &Path, moved: &mut u64) -> io::Result<bool> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    let mut any = false;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            // A folder can only be moved by who may write to it.
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700))?;
            move_up(&entry.path(), to, moved)?;
            any = true;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(any)
}

fn move_up(path: &Path, to: &Path, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        let new = to.join(format!("moved-{moved}"));
        if new.symlink_metadata().is_err() {
            return fs::rename(path, new);
        }
    }
}
