//! The catalogue of syntax that Python no longer has.
//!
//! Data alone. The source is "What's New in Python 3.0". The names that are gone are in the history.

/// Syntax that Python 3 does not have.
#[derive(Debug)]
pub struct Syntax {
    /// The rule's slug.
    pub slug: &'static str,
    /// What is so, in one sentence.
    pub title: &'static str,
    /// Where it is documented.
    pub url: &'static str,
}

const WHATS_NEW_3_0: &str = "https://docs.python.org/3/whatsnew/3.0.html";

/// All of that syntax.
pub const SYNTAX: [Syntax; 10] = [
    Syntax {
        slug: "py2-print-statement",
        title: "`print` is a function in Python 3, no statement",
        url: "https://peps.python.org/pep-3105/",
    },
    Syntax {
        slug: "py2-exec-statement",
        title: "`exec` is a function in Python 3, no statement",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-except-comma",
        title: "`except E, e` is written `except E as e`",
        url: "https://peps.python.org/pep-3110/",
    },
    Syntax {
        slug: "py2-raise-comma",
        title: "`raise E, value` is written `raise E(value)`",
        url: "https://peps.python.org/pep-3109/",
    },
    Syntax {
        slug: "py2-tuple-parameter",
        title: "a parameter can't be a tuple any more",
        url: "https://peps.python.org/pep-3113/",
    },
    Syntax {
        slug: "py2-backticks",
        title: "backticks are gone; `repr()` does it",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-not-equal",
        title: "`<>` is written `!=`",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-ur-string",
        title: "the prefix `ur` is gone; every string is Unicode",
        url: "https://peps.python.org/pep-0414/",
    },
    Syntax {
        slug: "py2-octal-literal",
        title: "octal numbers begin with `0o`",
        url: "https://peps.python.org/pep-3127/",
    },
    Syntax {
        slug: "py2-long-literal",
        title: "integers have no suffix `L`: `int` has no limit",
        url: "https://peps.python.org/pep-0237/",
    },
];
