//! What a `verify.toml` may not decide where strangers may have written it: in the run of a server for a
//! pull request, which takes the file from the branch that is to be looked at.
//!
//! Keys that name programs, open the sandbox or raise limits are left out; the rest holds.

use super::file::File;
use crate::cli::Sandbox;
use crate::config::{Limits, MIB};

impl File {
    /// Leaves out what opens more than the defaults do, and returns the keys that said so.
    pub(super) fn without_rights(&mut self) -> Vec<&'static str> {
        let usual = Limits::default();
        let paths = ["/", "..", "~"];
        let leads_out =
            |text: &str| paths.iter().any(|start| text.starts_with(start)) || text.contains("/..");
        let mut left = Vec::new();
        let mut leave = |key, is_right: bool| {
            if is_right {
                left.push(key);
            }
            is_right
        };
        if leave("python", self.python.as_deref().is_some_and(is_program)) {
            self.python = None;
        }
        if leave("python.environment", self.uv) {
            self.uv = false;
        }
        if leave("python.requirements", self.requirements.is_some()) {
            self.requirements = None;
        }
        let opens = self.sandbox == Some(Sandbox::Off);
        if leave("sandbox.mode", opens) {
            self.sandbox = None;
        }
        for (key, paths) in [
            ("sandbox.read", &mut self.read),
            ("sandbox.write", &mut self.write),
        ] {
            if leave(key, paths.as_ref().is_some_and(|paths| !paths.is_empty())) {
                *paths = None;
            }
        }
        if leave(
            "environment.pass",
            self.pass.as_ref().is_some_and(|names| !names.is_empty()),
        ) {
            self.pass = None;
        }
        let notes = self.paths.iter().flatten();
        let outside = notes.filter(|path| leads_out(&path.text)).count() > 0;
        if leave("paths", outside) {
            self.paths = None;
        }
        if leave("expected", self.expected.as_deref().is_some_and(leads_out)) {
            self.expected = None;
        }
        let wall = usual.wall;
        let limits = [
            ("limits.cpu", &mut self.cpu, usual.cpu),
            ("limits.memory", &mut self.memory, usual.memory / MIB),
        ];
        for (key, limit, most) in limits {
            if leave(key, limit.is_some_and(|limit| limit > most)) {
                *limit = None;
            }
        }
        if leave("limits.wall", self.wall.is_some_and(|limit| limit > wall)) {
            self.wall = None;
        }
        left
    }
}

/// True for what is no version.
fn is_program(python: &str) -> bool {
    let number = python.trim().trim_start_matches("python");
    !number.chars().all(|c| c.is_ascii_digit() || c == '.')
        || !number.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::parse;

    fn left(text: &str) -> (Vec<&'static str>, File) {
        let mut file = parse(text, "verify.toml").unwrap_or_default();
        let left = file.without_rights();
        (left, file)
    }

    #[test]
    fn what_opens_more_is_left_out() {
        let (keys, file) = left(
            "paths = [\"../secrets\"]\nexpected = \"/tmp\"\nstrict = true\n\
             [python]\nversion = \"tools/python\"\nenvironment = \"uv\"\nrequirements = \"r.txt\"\n\
             [limits]\ncpu = 86400\nwall = 31\nmemory = 4096\n\
             [sandbox]\nmode = \"off\"\nread = [\".\"]\nwrite = [\".\"]\n\
             [environment]\npass = [\"TOKEN\"]\n",
        );
        let all = "python python.environment python.requirements sandbox.mode sandbox.read sandbox.write \
                   environment.pass paths expected limits.cpu limits.memory limits.wall";
        assert_eq!(keys, all.split_whitespace().collect::<Vec<_>>());
        let rest = File {
            strict: Some(true),
            ..File::default()
        };
        assert_eq!(file, rest);
    }

    #[test]
    fn what_opens_nothing_holds() {
        let text = "paths = [\"notes\", \"a..b.md\"]\npython = \"python3.12\"\nexpected = \"docs/expected\"\n\
                    [limits]\ncpu = 5\nwall = 30\nmemory = 1024\n[sandbox]\nmode = \"require\"\nread = []\n";
        let (keys, file) = left(text);
        assert_eq!(keys, [""; 0]);
        assert_eq!(file, parse(text, "verify.toml").unwrap_or_default());
        assert_eq!(left("python = \"python3\"").0, [""; 0]);
        assert_eq!(left("python = \"python\"").0, ["python"]);
    }
}
