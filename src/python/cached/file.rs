//! The files of the cache: one for all that was run under the same surroundings.
//!
//! A file is only read where it and its folder belong to the user and nobody else may write to
//! them. It begins with its format and with a hash of the rest, keyed by what it counts for, so
//! that a file that is cut, changed or called like another one is as good as none. Nothing in here
//! is ever the reason of a failure.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::model::Analysis;
use crate::python::placed::{Key, Placed};

/// Changes whenever older files would mislead.
const MAGIC: &[u8] = b"verify traces 1\n";
/// The bytes of one file.
const FILE: u64 = 16 << 20;
/// The bytes of all files together.
const ALL: u64 = 64 << 20;

/// What is known of code and of its runs.
#[derive(Default)]
pub(super) struct Entries {
    analyses: HashMap<Key, Entry<Analysis>>,
    runs: HashMap<Key, Entry<Placed>>,
    is_new: bool,
}

struct Entry<T> {
    what: T,
    /// Asked for in this run.
    used: bool,
}

impl Entries {
    pub(super) fn analysis(&mut self, key: &Key) -> Option<&Analysis> {
        used(&mut self.analyses, key)
    }

    pub(super) fn run(&mut self, key: &Key) -> Option<&Placed> {
        used(&mut self.runs, key)
    }

    pub(super) fn add_analysis(&mut self, key: Key, what: Analysis) {
        self.analyses.insert(key, Entry { what, used: true });
        self.is_new = true;
    }

    pub(super) fn add_run(&mut self, key: Key, what: Placed) {
        self.runs.insert(key, Entry { what, used: true });
        self.is_new = true;
    }

    /// True where there is something that is not in the file.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }
}

fn used<'e, T>(entries: &'e mut HashMap<Key, Entry<T>>, key: &Key) -> Option<&'e T> {
    let entry = entries.get_mut(key)?;
    entry.used = true;
    Some(&entry.what)
}

/// A thing that is known, as it is written.
#[derive(Serialize, Deserialize)]
enum Item<A, R> {
    Analysis(Key, A),
    Run(Key, R),
}

/// What was kept for this generation; nothing where it can't be trusted.
pub(super) fn read(folder: &Path, generation: &Key) -> Entries {
    let mut entries = Entries::default();
    let items = content(folder, generation).and_then(|bytes| decode(&bytes, generation));
    for item in items.into_iter().flatten() {
        match item {
            Item::Analysis(key, what) => {
                entries.analyses.insert(key, Entry { what, used: false });
            }
            Item::Run(key, what) => {
                entries.runs.insert(key, Entry { what, used: false });
            }
        }
    }
    entries
}

fn content(folder: &Path, generation: &Key) -> Option<Vec<u8>> {
    is_trusted_folder(folder).then_some(())?;
    let mut options = OpenOptions::new();
    // A pipe would be waited for, and a link leads to what somebody else may write to.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).ok()?;
    let file = options.read(true).custom_flags(flags);
    let file = file.open(path(folder, generation)).ok()?;
    let data = file.metadata().ok()?;
    (data.is_file() && is_own(&data) && data.len() <= FILE).then_some(())?;
    let mut bytes = Vec::new();
    (&file).take(FILE).read_to_end(&mut bytes).ok()?;
    // What was used last is removed last; a file without that is removed sooner.
    let _ = file.set_modified(SystemTime::now());
    Some(bytes)
}

fn decode(bytes: &[u8], generation: &Key) -> Option<Vec<Item<Analysis, Placed>>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (hash, body) = rest.split_first_chunk::<{ blake3::OUT_LEN }>()?;
    (blake3::keyed_hash(generation, body) == *hash).then_some(())?;
    postcard::from_bytes(body).ok()
}

/// Writes all of it, what was used first; what is too much is left out.
pub(super) fn write(folder: &Path, generation: &Key, entries: &mut Entries) -> io::Result<()> {
    let mut made = DirBuilder::new();
    made.recursive(true).mode(0o700).create(folder)?;
    if !is_trusted_folder(folder) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let body = encode(entries, FILE)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(MAGIC)?;
    new.write_all(blake3::keyed_hash(generation, &body).as_bytes())?;
    new.write_all(&body)?;
    let path = path(folder, generation);
    new.persist(&path)?;
    entries.is_new = false;
    remove_oldest(folder, &path, ALL)
}

/// The body of a file of `most` bytes.
fn encode(entries: &Entries, most: u64) -> io::Result<Vec<u8>> {
    let analyses = entries.analyses.iter();
    let analyses = analyses.map(|(key, entry)| (entry.used, Item::Analysis(*key, &entry.what)));
    let runs = entries.runs.iter();
    let runs = runs.map(|(key, entry)| (entry.used, Item::Run(*key, &entry.what)));
    let mut all: Vec<(bool, Item<&Analysis, &Placed>)> = analyses.chain(runs).collect();
    all.sort_by_key(|(used, _)| !used);
    // The head, and the number of items, of which there are fewer than bytes.
    let mut left = most.saturating_sub((MAGIC.len() + blake3::OUT_LEN + 10) as u64);
    let mut items = Vec::new();
    for (_, item) in &all {
        let bytes = postcard::to_stdvec(item).map_err(io::Error::other)?;
        match left.checked_sub(bytes.len() as u64) {
            Some(after) => left = after,
            None => break,
        }
        items.push(bytes);
    }
    let mut body = postcard::to_stdvec(&items.len()).map_err(io::Error::other)?;
    body.extend(items.concat());
    Ok(body)
}

/// Removes files until all are `most` bytes together, those first that nobody has used for longest.
fn remove_oldest(folder: &Path, but: &Path, most: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let data = path.symlink_metadata()?;
        files.push((path == but, data.modified()?, data.len(), path));
    }
    files.sort();
    let mut all: u64 = files.iter().map(|(_, _, size, _)| size).sum();
    for (is_kept, _, size, path) in files {
        if is_kept || all <= most {
            break;
        }
        fs::remove_file(path)?;
        all -= size;
    }
    Ok(())
}

/// Removes the cache with all that is in it, whoever it belongs to, and says how many bytes that were;
/// none where there was no cache.
pub fn clean(folder: &Path) -> io::Result<Option<u64>> {
    let data = match folder.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        data => data?,
    };
    if !data.is_dir() {
        // What a link leads to is not the cache.
        return fs::remove_file(folder).map(|()| Some(0));
    }
    let mut bytes = 0;
    for file in fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    fs::remove_dir_all(folder)?;
    Ok(Some(bytes))
}

fn path(folder: &Path, generation: &Key) -> PathBuf {
    folder.join(blake3::Hash::from_bytes(*generation).to_hex().as_str())
}

fn is_trusted_folder(folder: &Path) -> bool {
    let data = folder.symlink_metadata();
    data.is_ok_and(|data| data.is_dir() && is_own(&data))
}

/// True for what belongs to the user and nobody else may write to.
fn is_own(data: &Metadata) -> bool {
    data.uid() == rustix::process::geteuid().as_raw() && data.mode() & 0o022 == 0
}

#[cfg(test)]
mod tests;
