//! The pictures of a recording: small files in a folder that is named as the recording is.
//!
//! A picture is written before the recording that names it, and removed after the recording
//! that named it is gone, so that a kill at any moment leaves whole files, and no recording
//! without its pictures. Names are given by number and kept, so that a picture that changes
//! is a changed file.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{self, RecordingError, Stored};
use crate::files;
use crate::model::{Entry, RecordedFigure, Recording};
use crate::picture::{self, MOST_BYTES};

const BEGIN: &str = "figure-";
const END: &str = ".png";

/// The folder with the pictures of the recording `path`.
pub fn folder(path: &Path) -> PathBuf {
    path.with_extension("")
}

/// The recording that a picture belongs to.
pub fn owner(picture: &Path) -> PathBuf {
    let mut path = picture.parent().unwrap_or(picture).as_os_str().to_owned();
    path.push(".toml");
    path.into()
}

/// True for the name of a file that can only lie in the folder itself.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    name.ends_with(END) && name.len() <= 100 && !name.starts_with('.') && name.chars().all(plain)
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix(BEGIN)?.strip_suffix(END)?;
    digits.parse().ok()
}

/// Gives a name to each picture that has none yet, or that of another one.
pub fn give_names<'a>(entries: &mut [Entry], before: impl Iterator<Item = &'a Entry>) {
    let names = |entry: &Entry| {
        entry
            .figures
            .iter()
            .filter_map(RecordedFigure::name)
            .filter_map(number)
            .max()
    };
    let last = before.filter_map(names).max();
    let mut last = last
        .max(entries.iter().filter_map(names).max())
        .unwrap_or(0);
    let mut given: BTreeSet<String> = BTreeSet::new();
    for figure in entries.iter_mut().flat_map(|entry| &mut entry.figures) {
        if let RecordedFigure::File { name, .. } = figure {
            if name.is_empty() || given.contains(name) {
                last = last.saturating_add(1);
                *name = format!("{BEGIN}{last}{END}");
            }
            given.insert(name.clone());
        }
    }
}

/// Reads the pictures that the recording in `path` names. One that is missing stays away; what
/// is too large to be a picture counts as an empty file.
pub fn load(stored: &mut Stored, path: &Path, expected: &Path) -> Result<(), RecordingError> {
    let folder = folder(path);
    let entries = &mut stored.recording.entries;
    for figure in entries.iter_mut().flat_map(|entry| &mut entry.figures) {
        let RecordedFigure::File { name, png } = figure else {
            continue;
        };
        let path = folder.join(&*name);
        file::stays_inside(&path, expected)?;
        *png = read(&path)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, RecordingError> {
    let too_large = |kind: fs::Metadata| kind.len() > MOST_BYTES as u64;
    if path.metadata().is_ok_and(too_large) {
        return Ok(Some(Vec::new()));
    }
    match files::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RecordingError::io(path, "read")(error)),
    }
}

/// Writes the pictures of a recording that are not there yet.
pub fn write(
    path: &Path,
    expected: &Path,
    before: Option<&Recording>,
    recording: &Recording,
) -> Result<(), RecordingError> {
    let folder = folder(path);
    let written: Vec<&RecordedFigure> = before.into_iter().flat_map(all).collect();
    for figure in all(recording).filter(|figure| !written.contains(figure)) {
        let (Some(name), Some(png)) = (figure.name(), figure.png()) else {
            continue;
        };
        let path = folder.join(name);
        file::stays_inside(&path, expected)?;
        fs::create_dir_all(&folder)
            .and_then(|()| files::replace(&path, png, None))
            .map_err(RecordingError::io(&path, "written"))?;
    }
    Ok(())
}

/// Removes the pictures of the recording `before` that `now` does not name any more.
pub fn remove_left(
    path: &Path,
    expected: &Path,
    before: Option<&Recording>,
    now: Option<&Recording>,
) -> Result<(), RecordingError> {
    let folder = folder(path);
    let named: Vec<&str> = now
        .into_iter()
        .flat_map(all)
        .filter_map(RecordedFigure::name)
        .collect();
    let before = before
        .into_iter()
        .flat_map(all)
        .filter_map(RecordedFigure::name);
    for name in before.filter(|name| !named.contains(name)) {
        let path = folder.join(name);
        file::stays_inside(&path, expected)?;
        if path.symlink_metadata().is_ok() {
            file::remove(&path, expected)?;
        }
    }
    Ok(())
}

/// Every picture below `expected` that was written as one of a recording, sorted.
pub fn list(expected: &Path) -> Vec<PathBuf> {
    let is_picture = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_named = name.is_some_and(|name| number(name).is_some());
        is_named && read(path).is_ok_and(|png| png.is_some_and(|png| picture::is_own(&png)))
    };
    file::files_in(expected, is_picture)
}

/// All figures of a recording.
pub fn all(recording: &Recording) -> impl Iterator<Item = &RecordedFigure> {
    recording.entries.iter().flat_map(|entry| &entry.figures)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn drawn(name: &str, grey: u8) -> RecordedFigure {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 1, 1);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[grey]).unwrap();
        writer.finish().unwrap();
        RecordedFigure::File {
            name: name.into(),
            png: picture::cleaned(&png),
        }
    }

    fn entry(figures: Vec<RecordedFigure>) -> Entry {
        Entry {
            code: "a".into(),
            ran: true,
            figures,
            ..Entry::default()
        }
    }

    fn names(entries: &[Entry]) -> Vec<&str> {
        let figures = entries.iter().flat_map(|entry| &entry.figures);
        figures.map(|figure| figure.name().unwrap_or("-")).collect()
    }

    #[test]
    fn names_are_kept_and_never_given_twice() {
        let before = [entry(vec![drawn("figure-7.png", 1)])];
        let mut entries = [
            entry(vec![drawn("", 1), drawn("figure-2.png", 1)]),
            entry(vec![RecordedFigure::Varies, drawn("figure-2.png", 2)]),
            entry(vec![drawn("mine.png", 3)]),
        ];
        give_names(&mut entries, before.iter());
        let expected = [
            "figure-8.png",
            "figure-2.png",
            "-",
            "figure-9.png",
            "mine.png",
        ];
        assert_eq!(names(&entries), expected);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["figure-1.png", "a_b.2.png"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "", ".png", "../a.png", "a/b.png", "/a.png", "a.toml", "..png", "图.png",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn pictures_are_written_read_back_and_removed() {
        let expected = tempfile::tempdir().unwrap();
        let path = expected.path().join("notes/a.toml");
        let recording = |figures| Recording {
            python: "3.11".into(),
            entries: vec![entry(figures)],
            ..Recording::default()
        };
        let first = recording(vec![drawn("figure-1.png", 1), drawn("figure-2.png", 2)]);
        let save = |before: Option<&Stored>, now: &Recording| {
            let old = before.map(|before| &before.recording);
            write(&path, expected.path(), old, now).unwrap();
            file::write(&path, before, now).unwrap();
            remove_left(&path, expected.path(), old, Some(now)).unwrap();
            let mut stored = file::read(&path).unwrap().unwrap();
            load(&mut stored, &path, expected.path()).unwrap();
            assert_eq!(stored.recording, *now);
            stored
        };
        let stored = save(None, &first);
        let other = folder(&path).join("figure-5.png");
        fs::write(&other, "not of verify").unwrap();
        let names: Vec<_> = list(expected.path());
        assert_eq!(names.len(), 2);
        assert!(names.iter().all(|name| owner(name) == path));
        let text = stored.text.replace("heading", "# mine\nheading");
        let stored = Stored { text, ..stored };
        let second = recording(vec![drawn("figure-1.png", 9), RecordedFigure::Varies]);
        save(Some(&stored), &second);
        assert_eq!(list(expected.path()).len(), 1);
        fs::remove_file(folder(&path).join("figure-1.png")).unwrap();
        let mut stored = file::read(&path).unwrap().unwrap();
        load(&mut stored, &path, expected.path()).unwrap();
        assert_eq!(all(&stored.recording).next().unwrap().png(), None);
    }

    #[test]
    fn a_changed_picture_changes_no_text() {
        let recording = |byte| Recording {
            entries: vec![entry(vec![drawn("figure-1.png", byte)])],
            ..Recording::default()
        };
        let text = file::render(None, &recording(1)).replace("heading", "# mine\nheading");
        let stored = Stored {
            recording: recording(1),
            text: text.clone(),
        };
        assert_eq!(file::render(Some(&stored), &recording(2)), text);
    }

    #[test]
    fn no_link_leads_out_and_nothing_large_is_read() {
        let (expected, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = expected.path().join("a.toml");
        let stored = || Stored {
            recording: Recording {
                entries: vec![entry(vec![drawn("figure-1.png", 1)])],
                ..Recording::default()
            },
            text: String::new(),
        };
        std::os::unix::fs::symlink(outside.path(), folder(&path)).unwrap();
        assert!(load(&mut stored(), &path, expected.path()).is_err());
        assert!(write(&path, expected.path(), None, &stored().recording).is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        fs::remove_file(folder(&path)).unwrap();
        fs::create_dir(folder(&path)).unwrap();
        let large = fs::File::create(folder(&path).join("figure-1.png")).unwrap();
        large.set_len(1 << 40).unwrap();
        let mut stored = stored();
        load(&mut stored, &path, expected.path()).unwrap();
        assert_eq!(all(&stored.recording).next().unwrap().png(), Some(&[][..]));
    }
}
