//! What changed in Python, as the catalogue tells it.

use super::Text;

/// One rule: why something that was right once is stale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Its name, such as `py2-print-statement`.
    pub slug: String,
    /// The version of Python from which on the old form fails or does something else; none where
    /// it is only discouraged, or where no version can be named.
    pub since: Option<String>,
    /// The version from which on Python warns.
    pub warns: Option<String>,
    /// The version of Python before which the modern form fails.
    pub needs: Option<String>,
    /// The oldest version whose later patch releases have the change too.
    pub patched: Option<String>,
    /// What is so, in one sentence.
    pub title: Text,
    /// What changed and why, in a few sentences.
    pub changed: Text,
    /// How it is written today, in a few words or code in backticks.
    pub modern: Text,
    /// Where it is documented.
    pub url: String,
    /// Patterns of the exceptions that it can be the cause of, each as `Class: message`.
    pub errors: Vec<String>,
    /// Code that shows it.
    pub examples: Vec<Example>,
}

/// The same thing in its old and its modern form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// As it was written; it fails or does something else from the rule's version on.
    pub old: String,
    /// As it is written today; it works from that version on.
    pub new: String,
}
