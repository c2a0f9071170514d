//! Reads what the user asked for: a version, or a path or command.
//!
//! Pure text; whether it exists is for `find` to see.

/// What `--python` or `verify.toml` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spec {
    /// `3`, `3.12`, `3.12.1`, `python3.12`.
    Version(Version),
    /// Everything else: a path, or a command such as `python3`.
    Path(String),
}

/// A version with as many parts as the user gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) major: u8,
    pub(super) minor: Option<u8>,
    pub(super) patch: Option<u8>,
}

impl Spec {
    /// Reads `text`.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let number = text
            .strip_prefix("python")
            .filter(|rest| rest.contains('.'))
            .unwrap_or(text);
        Version::parse(number).map_or_else(|| Spec::Path(text.to_owned()), Spec::Version)
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse::<u8>().ok());
        let major = parts.next()??;
        let minor = parts.next();
        let patch = parts.next();
        let whole = minor != Some(None) && patch != Some(None) && parts.next().is_none();
        whole.then_some(Version {
            major,
            minor: minor.flatten(),
            patch: patch.flatten(),
        })
    }

    /// Whether an interpreter of this version is meant.
    pub(super) fn matches(self, version: (u8, u8, u8)) -> bool {
        self.major == version.0
            && self.minor.is_none_or(|minor| minor == version.1)
            && self.patch.is_none_or(|patch| patch == version.2)
    }

    /// The command that such an interpreter is installed as.
    pub(super) fn command(self) -> String {
        match self.minor {
            Some(minor) => format!("python{}.{minor}", self.major),
            None => format!("python{}", self.major),
        }
    }

    /// Whether every such interpreter is too old to be embedded.
    pub(super) fn is_too_old(self) -> bool {
        let (major, minor) = super::OLDEST;
        self.major < major
            || (self.major == major && self.minor.is_some_and(|wanted| wanted < minor))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.major)?;
        for part in [self.minor, self.patch].into_iter().flatten() {
            write!(f, ".{part}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        match Spec::parse(text) {
            Spec::Version(version) => version,
            Spec::Path(path) => panic!("{path} was read as a path"),
        }
    }

    #[test]
    fn versions_are_read_in_every_form() {
        assert_eq!(version("3.12"), version(" python3.12 "));
        assert_eq!(version("3.12.1").to_string(), "3.12.1");
        assert_eq!(version("3").command(), "python3");
        assert_eq!(version("3.12.1").command(), "python3.12");
    }

    #[test]
    fn everything_else_is_a_path_or_a_command() {
        for text in [
            "python3", "python", "./venv", "3.x", "3.12.", "3.12.1.4", "3.999", "", "-3", "3.13t",
        ] {
            assert_eq!(Spec::parse(text), Spec::Path(text.to_owned()));
        }
    }

    #[test]
    fn a_part_that_is_not_given_matches_all() {
        assert!(version("3.12").matches((3, 12, 9)));
        assert!(!version("3.12").matches((3, 1, 2)));
        assert!(!version("3.12.1").matches((3, 12, 10)));
        assert!(version("3").matches((3, 14, 0)));
    }

    #[test]
    fn old_versions_are_known_without_looking() {
        assert!(version("2.7").is_too_old());
        assert!(version("3.8").is_too_old());
        assert!(!version("3.9").is_too_old());
        assert!(!version("3").is_too_old());
    }
}
