//! What is wrong with the arguments or with `verify.toml`: always all of it at
//! once, each with its place and what to do next.

use std::fmt;

/// Everything that keeps `verify` from running as it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The mistakes, in the order of their places; at least one.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl From<Mistake> for ConfigError {
    fn from(mistake: Mistake) -> Self {
        Self {
            mistakes: vec![mistake],
        }
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `file:line:column`, a file, an option, or `""` where the message names the place.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
}

impl Mistake {
    pub(super) fn new(
        place: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}; {}", self.message, self.help)
    }
}

/// The candidate that was probably meant by `word`, if any is near enough.
pub(super) fn nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(&word, &candidate.as_ref().to_lowercase()),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        assert_eq!(nearest("expeted", ["paths", "expected"]), Some("expected"));
        assert_eq!(nearest("Paths", ["paths", "expected"]), Some("paths"));
        assert_eq!(nearest("colour", ["paths", "expected"]), None);
    }

    #[test]
    fn mistakes_stand_on_lines_of_their_own() {
        let error = ConfigError {
            mistakes: vec![
                Mistake::new("a:1:2", "bad", "mend it"),
                Mistake::new("", "worse", "stop"),
            ],
        };
        assert_eq!(error.to_string(), "a:1:2: bad; mend it\nworse; stop");
    }
}
