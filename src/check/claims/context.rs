//! What is known about a claim besides its text: what the code asks for, and what a second run
//! showed to vary.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::{Shape, tokens};
use crate::model::{Claim, ClaimForm, OpenKind};

/// What is known.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The code asks for ids or hashes.
    pub ids: bool,
    /// The code asks for processes or threads.
    pub processes: bool,
    /// The code asks for the time.
    pub times: bool,
    /// The code asks for something random.
    pub random: bool,
    /// Any white space equals any other.
    pub any_space: bool,
    /// Numbers may differ a little.
    pub close: bool,
    /// The claim is a transcript, where a string has its quotes.
    pub transcript: bool,
    second: Option<Second>,
}

#[derive(Clone, Debug)]
struct Second {
    /// The tokens of the first run that the second had not at their places.
    varying: HashSet<String>,
    /// The same tokens came in another order.
    permuted: bool,
}

impl Context {
    /// What the claim itself tells.
    pub(super) fn of(claim: &Claim) -> Self {
        let asks = |pattern: &Regex| pattern.is_match(&claim.source);
        Self {
            ids: asks(&IDS),
            processes: asks(&PROCESSES),
            times: asks(&TIMES),
            random: asks(&RANDOM),
            any_space: claim.options.any_space,
            close: claim.options.close,
            transcript: claim.form == ClaimForm::Prompt,
            second: None,
        }
    }

    /// The same where the run told that what came is open.
    pub(super) fn with_open(mut self, kind: OpenKind) -> Self {
        match kind {
            OpenKind::Chance | OpenKind::Unique => self.random = true,
            OpenKind::Clock => self.times = true,
            OpenKind::Identity => (self.ids, self.processes) = (true, true),
            OpenKind::Hash => self.ids = true,
            OpenKind::Machine | OpenKind::Race => {}
        }
        self
    }

    /// The same with what a second run gave for the text that the first gave.
    pub(super) fn with_second(mut self, actual: &str, second: Option<&str>) -> Self {
        self.second = second.map(|second| Second::of(actual, second));
        self
    }

    /// True where a second run is known.
    pub(super) fn has_second(&self) -> bool {
        self.second.is_some()
    }

    /// True where the second run gave something else for this token.
    pub(super) fn varies(&self, token: &str) -> bool {
        self.second
            .as_ref()
            .is_some_and(|second| second.varying.contains(token))
    }

    /// True where the second run gave something else at all.
    pub(super) fn varies_at_all(&self) -> bool {
        self.second
            .as_ref()
            .is_some_and(|second| !second.varying.is_empty())
    }

    /// True where the second run gave the same tokens in another order.
    pub(super) fn is_permuted(&self) -> bool {
        self.second.as_ref().is_some_and(|second| second.permuted)
    }
}

impl Second {
    fn of(actual: &str, second: &str) -> Self {
        let words = |text| -> Vec<String> {
            tokens(text)
                .into_iter()
                .filter(|token| !matches!(token.shape, Shape::Space | Shape::Sign))
                .map(|token| token.text.to_owned())
                .collect()
        };
        let (first, second) = (words(actual), words(second));
        let permuted = first != second && sorted(&first) == sorted(&second);
        let varying = if permuted {
            HashSet::new()
        } else if first.len() == second.len() {
            let pairs = first.into_iter().zip(&second);
            pairs
                .filter(|(first, second)| first != *second)
                .map(|(first, _)| first)
                .collect()
        } else {
            let second: HashSet<String> = second.into_iter().collect();
            first
                .into_iter()
                .filter(|word| !second.contains(word))
                .collect()
        };
        Self { varying, permuted }
    }
}

fn sorted(words: &[String]) -> Vec<&String> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort();
    words
}

/// True where what comes depends on the machine that runs it.
pub(super) fn is_of_the_machine(source: &str) -> bool {
    MACHINE.is_match(source)
}

/// True for a call of something that is asked for its value, by the name that it has, so that
/// `None` is what came and not the sign of a call made for its effect.
pub(super) fn asks_for_a_value(source: &str) -> bool {
    ASKS.is_match(source)
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use them"
)]
fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern")
}

static IDS: LazyLock<Regex> = LazyLock::new(|| fixed(r"\bid\b|\bhash\(|__hash__|\baddressof\b"));
static PROCESSES: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"getp?pid|\bpid\b|Process|\bident\b|[tT]hread|native_id|get_native"));
static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\btime\b|\bnow\b|\btoday\b|\bclock\b|perf_counter|monotonic|process_time|[ac]time\b|mtime\b|localtime|fromtimestamp|timestamp|mktime|utcnow|elapsed|timeit|duration",
    )
});
static RANDOM: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\brandom|\buuid[14]?\b|\bsecrets\b|urandom|shuffle|\brand[a-z]*\(|token_(?:hex|bytes|urlsafe)",
    )
});
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\b(?:get|find|is|has|match|search|fullmatch|pop|next|first|last|lookup)(?:_?\w*)\([^()]*\)\s*$",
    )
});
static MACHINE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\bplatform\b|\buname\b|getlogin|gethostname|gethostby|\benviron\b|\bgetenv\b|getcwd|\bcwd\(|sys\.(?:executable|path|version|version_info|prefix|argv|flags)\b|cpu_count|getuser|expanduser|__file__|abspath|\blistdir\b|scandir|os\.stat\b|gettempdir|\bhome\(|python_version|\b(?:exists|is_?(?:file|dir|mount)|getsize|l?stat|disk_usage|iterdir)\(\s*[rb]?['\x22]|['\x22]\)\.(?:exists|is_(?:file|dir|mount)|l?stat|iterdir)\(|\b(?:dir|vars)\(\)",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_tells_what_varies() {
        let context = |first, second| Context::default().with_second(first, Some(second));
        assert!(context("a 1 b", "a 2 b").varies("1"));
        assert!(!context("a 1 b", "a 2 b").varies("a"));
        assert!(context("{'a', 'b'}", "{'b', 'a'}").is_permuted());
        assert!(!context("{'a', 'b'}", "{'b', 'a'}").varies("a"));
        assert!(context("1 2", "1 2 3 4").has_second());
        assert!(!context("1 2", "1 2 3 4").varies("1"));
    }

    #[test]
    fn what_the_code_asks_for_is_told_by_its_words() {
        let context = |source: &str| {
            Context::of(&Claim {
                source: source.into(),
                ..Claim::default()
            })
        };
        assert!(context("print(id(x))").ids);
        assert!(!context("valid(x)").ids);
        assert!(context("time.time()").times);
        assert!(!context("datetime(2015, 1, 1)").times);
        assert!(context("random.random()").random);
        assert!(context("os.getpid()").processes);
        assert!(is_of_the_machine("print(os.getcwd())"));
        assert!(!is_of_the_machine("sys.getsizeof(1)"));
        assert!(is_of_the_machine("Path('setup.py').exists()"));
        assert!(is_of_the_machine("os.path.isfile('/etc')"));
        assert!(!is_of_the_machine("path.exists()"));
        assert!(!is_of_the_machine("dir(math)"));
    }
}
