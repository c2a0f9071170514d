//! Asks the `git` executable, without running anything that a repository could name.
//!
//! The notes may come from a stranger. A repository's own settings name programs that git starts for
//! itself: hooks, monitors of files, tools for differences. A folder of notes can even bring a whole
//! repository with such settings along. So all of these are switched off on the command line, which
//! goes before every file.

use std::io;
use std::path::Path;
use std::process::Command;

/// What no repository decides: programs that git would start, and where it looks for repositories.
const SETTINGS: [&str; 7] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.askPass=false",
    "credential.helper=",
    "safe.bareRepository=explicit",
];
/// What git writes, or what it says where it fails.
pub fn ask<A: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    arguments: &[A],
) -> io::Result<Result<Vec<u8>, String>> {
    let mut command = Command::new("git");
    command.arg("--no-pager").arg("--literal-pathspecs");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    let output = command
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        // What is asked for here needs no lock, and must not wait for one.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output()?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    Ok(Err(if said.is_empty() {
        output.status.to_string()
    } else {
        said.to_owned()
    }))
}

/// True where git has this file, or anything below this folder, in its index. Where there is no
/// git or no repository, nothing is tracked.
pub fn tracks(path: &Path) -> bool {
    let Some(folder) = path.parent() else {
        return false;
    };
    let listed = ask(
        folder,
        &[
            "ls-files".as_ref(),
            "-z".as_ref(),
            "--".as_ref(),
            path.as_os_str(),
        ],
    );
    listed.is_ok_and(|said| said.is_ok_and(|names| !names.is_empty()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        ask(folder, arguments).unwrap().unwrap();
    }

    #[test]
    fn what_is_in_the_index_is_tracked() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        fs::create_dir_all(top.join("env/bin")).unwrap();
        fs::write(top.join("env/bin/python"), "").unwrap();
        assert!(!tracks(&top.join("env")));
        git(top, &["init", "--quiet"]);
        assert!(!tracks(&top.join("env")));
        git(top, &["add", "env/bin/python"]);
        assert!(tracks(&top.join("env")));
        assert!(tracks(&top.join("env/bin/python")));
        assert!(!tracks(&top.join("other")));
    }

    #[test]
    fn nothing_that_a_repository_names_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        let canary = top.join("canary");
        git(top, &["init", "--quiet"]);
        let program = format!("touch {}", canary.display());
        git(top, &["config", "core.fsmonitor", &program]);
        git(top, &["config", "diff.external", &program]);
        fs::write(top.join("a"), "1").unwrap();
        git(top, &["add", "a"]);
        fs::write(top.join("a"), "2").unwrap();
        git(
            top,
            &["diff", "--name-only", "--no-ext-diff", "--no-textconv"],
        );
        assert!(tracks(&top.join("a")));
        assert!(!canary.exists());
    }

    #[test]
    fn a_repository_that_is_brought_along_is_not_entered() {
        let folder = tempfile::tempdir().unwrap();
        let bare = folder.path().join("notes");
        fs::create_dir_all(&bare).unwrap();
        git(folder.path(), &["init", "--quiet", "--bare", "notes"]);
        assert!(ask(&bare, &["rev-parse", "--git-dir"]).unwrap().is_err());
    }
}
