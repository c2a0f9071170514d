//! The checked tree: the folders that whoever wrote the notes may have filled.
//!
//! Nothing that lies in it is started outside of the sandbox.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The checked tree, by its folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// As they were named and as the kernel knows them.
    folders: BTreeSet<PathBuf>,
}

impl Tree {
    /// These folders, each with the repository that it lies in. `home`, and what it lies in, is
    /// nobody else's, so it counts only with what lies deeper.
    pub(super) fn new<'a>(
        folders: impl IntoIterator<Item = &'a Path>,
        home: Option<&Path>,
    ) -> Self {
        let homes: Vec<PathBuf> = home
            .into_iter()
            .flat_map(|home| [home.to_owned(), real(home)])
            .collect();
        let is_own = |folder: &Path| {
            folder.parent().is_none() || homes.iter().any(|home| home.starts_with(folder))
        };
        let mut tree = Self::default();
        for folder in folders.into_iter().filter(|folder| folder.is_absolute()) {
            for folder in [folder.to_owned(), real(folder)] {
                let repository = folder.ancestors().find(|above| above.join(".git").exists());
                let repository = repository.map(Path::to_owned);
                tree.folders.extend(repository.filter(|top| !is_own(top)));
                tree.folders
                    .extend(Some(folder).filter(|folder| !is_own(folder)));
            }
        }
        tree
    }

    /// True for a path in it, as it is written. One that goes up again says nothing by its first folders.
    pub(super) fn names(&self, path: &Path) -> bool {
        let goes_up = path.components().any(|part| part == Component::ParentDir);
        !goes_up && self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// True for what lies in it, by its own path or by what that leads to.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let folder = path.parent().map(real).unwrap_or_default();
        let placed = folder.join(path.file_name().unwrap_or_default());
        self.names(path) || self.names(&placed) || self.names(&real(path))
    }
}

/// The path without links, as far as it is there.
pub(super) fn real(path: &Path) -> PathBuf {
    let mut missing = Vec::new();
    for above in path.ancestors() {
        if let Ok(found) = above.canonicalize() {
            return missing
                .iter()
                .rev()
                .fold(found, |path, name| path.join(name));
        }
        missing.extend(above.file_name());
    }
    path.to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_repository_belongs_to_the_folder_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("project/docs")).unwrap();
        fs::create_dir(top.join("project/.git")).unwrap();
        fs::create_dir(top.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(top.join("project"), top.join("link")).unwrap();
        let tree = Tree::new([top.join("project/docs").as_path()], None);
        assert!(tree.holds(&top.join("project/env/bin/python")));
        assert!(tree.holds(&top.join("link/env/bin/python")));
        assert!(!tree.holds(&top.join("elsewhere/bin/python")));
        assert!(!tree.holds(&top.join("project/../elsewhere/bin/python")));
        assert!(tree.holds(&top.join("elsewhere/../project/bin/python")));
    }

    #[test]
    fn the_home_is_not_a_stranger_s_but_what_lies_deeper_is() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        fs::create_dir_all(home.join("notes")).unwrap();
        fs::create_dir(home.join(".git")).unwrap();
        let notes = home.join("notes");
        let tree = Tree::new([notes.as_path(), &home, Path::new("/")], Some(&home));
        assert!(tree.holds(&notes.join("env")));
        assert!(!tree.holds(&home.join(".pyenv/versions/3.12.1/bin/python")));
        let unattended = Tree::new([notes.as_path()], None);
        assert!(unattended.holds(&home.join(".pyenv/versions/3.12.1/bin/python")));
    }
}
