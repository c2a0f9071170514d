#![allow(clippy::unwrap_used)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use super::*;

const GENERATION: Key = [7; 32];

fn analysis(name: &str) -> Analysis {
    Analysis {
        uses: vec![name.to_owned()],
        ..Analysis::default()
    }
}

/// A cache with one entry, and the file that it lies in.
fn written() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/traces");
    let mut entries = Entries::default();
    entries.add_analysis([1; 32], analysis("x"));
    assert!(entries.is_new());
    write(&folder, &GENERATION, &mut entries).unwrap();
    assert!(!entries.is_new());
    let file = path(&folder, &GENERATION);
    (parent, folder, file)
}

fn knows(folder: &Path, generation: &Key) -> bool {
    let mut entries = read(folder, generation);
    entries
        .analysis(&[1; 32])
        .is_some_and(|found| *found == analysis("x"))
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_was_written_is_read_back_by_its_own_generation_alone() {
    let (_parent, folder, file) = written();
    assert!(knows(&folder, &GENERATION));
    assert!(!knows(&folder, &[8; 32]));
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    fs::rename(&file, path(&folder, &[8; 32])).unwrap();
    assert!(!knows(&folder, &[8; 32]));
}

#[test]
fn a_file_that_was_cut_or_changed_anywhere_is_as_good_as_none() {
    let (_parent, folder, file) = written();
    let whole = fs::read(&file).unwrap();
    for at in 0..whole.len() {
        fs::write(&file, &whole[..at]).unwrap();
        assert!(!knows(&folder, &GENERATION), "cut at {at}");
        let mut other = whole.clone();
        other[at] ^= 0x40;
        fs::write(&file, &other).unwrap();
        assert!(!knows(&folder, &GENERATION), "changed at {at}");
    }
    fs::write(&file, &whole).unwrap();
    assert!(knows(&folder, &GENERATION));
}

#[test]
fn what_others_may_write_to_is_not_read() {
    let (_parent, folder, file) = written();
    for (path, wrong, right) in [
        (&folder, 0o777, 0o700),
        (&folder, 0o770, 0o700),
        (&file, 0o666, 0o600),
    ] {
        set_mode(path, wrong);
        assert!(!knows(&folder, &GENERATION), "{wrong:o}");
        set_mode(path, right);
        assert!(knows(&folder, &GENERATION));
    }
    set_mode(&folder, 0o777);
    assert!(write(&folder, &GENERATION, &mut Entries::default()).is_err());
}

#[test]
fn links_and_pipes_are_not_read() {
    let (parent, folder, file) = written();
    let linked = parent.path().join("linked");
    symlink(&folder, &linked).unwrap();
    assert!(!knows(&linked, &GENERATION));
    let moved = parent.path().join("moved");
    fs::rename(&file, &moved).unwrap();
    symlink(&moved, &file).unwrap();
    assert!(!knows(&folder, &GENERATION));
    fs::remove_file(&file).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, &file, mode).unwrap();
    assert!(!knows(&folder, &GENERATION));
}

#[test]
fn what_was_used_is_kept_where_not_all_finds_room() {
    let mut entries = Entries::default();
    for at in 0..100 {
        entries.add_analysis([at; 32], analysis("x"));
    }
    for entry in entries.analyses.values_mut() {
        entry.used = false;
    }
    entries.analysis(&[42; 32]);
    let most = 400;
    let body = encode(&entries, most).unwrap();
    assert!(body.len() as u64 <= most);
    let items: Vec<Item<Analysis, Placed>> = postcard::from_bytes(&body).unwrap();
    assert!(items.len() > 1 && items.len() < 100, "{}", items.len());
    assert!(matches!(items[0], Item::Analysis([42, ..], _)));
}

#[test]
fn what_nobody_used_for_longest_is_removed_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for (name, age) in [("new", 0), ("old", 50), ("older", 90), ("own", 99)] {
        fs::write(file(name), [0; 100]).unwrap();
        let time = SystemTime::now() - Duration::from_secs(age);
        let opened = fs::File::options().write(true).open(file(name)).unwrap();
        opened.set_modified(time).unwrap();
    }
    remove_oldest(folder.path(), &file("own"), 250).unwrap();
    let left = ["new", "old", "older", "own"].map(|name| file(name).exists());
    assert_eq!(left, [true, false, false, true]);
}

#[test]
fn a_cache_that_is_read_counts_as_used() {
    let (_parent, folder, file) = written();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let opened = fs::File::options().write(true).open(&file).unwrap();
    opened.set_modified(long_ago).unwrap();
    assert!(knows(&folder, &GENERATION));
    assert!(fs::metadata(&file).unwrap().modified().unwrap() > long_ago);
}

#[test]
fn all_is_removed_and_counted_and_no_link_is_followed() {
    let (parent, folder, file) = written();
    let size = fs::metadata(&file).unwrap().len();
    let linked = parent.path().join("linked");
    symlink(&folder, &linked).unwrap();
    assert_eq!(clean(&linked).unwrap(), Some(0));
    assert!(!linked.is_symlink() && file.exists());
    assert_eq!(clean(&folder).unwrap(), Some(size));
    assert_eq!(clean(&folder).unwrap(), None);
}
