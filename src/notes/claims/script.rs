//! The claims inside a block that is a script, and its text as Python can run it.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::comments;
use super::inline::{self, Arrow};
use super::scope;
use super::sections;
use super::statements::{Statement, masked, statements};
use super::{Said, Source, pattern};

use crate::model::{About, Claim};

/// What is done with one line of the block to get its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// It is code.
    Kept,
    /// It is shown output, or announces it.
    Blank,
    /// Its code ends at this column.
    Cut(usize),
}

/// Reads the claims in the block that is `source`, and its code.
pub(super) fn read(source: &Source<'_>) -> Said {
    let whole = statements(source.text);
    let shown = sections::read(source, &whole);
    let mut claims = shown.claims;
    let mut lines = vec![Line::Kept; source.text.lines().count()];
    for at in shown.blank {
        if let Some(line) = lines.get_mut(at) {
            *line = Line::Blank;
        }
    }
    for arrow in of_code(source, &whole, &lines, |text, all| {
        arrows(source, text, all)
    }) {
        if let Some(line) = lines.get_mut(arrow.line) {
            *line = Line::Cut(arrow.end);
        }
        claims.push(arrow.claim);
    }
    of_code(source, &whole, &lines, |text, all| {
        claims.extend(comments::of_statements(source.clone(), text, all));
        let equal = equalities(source, &claims, text, all);
        claims.extend(equal);
        add_headings(source, &mut claims, all);
    });
    claims.sort_by_key(|claim| (claim.lines, claim.about.lines()));
    let mut code = lines
        .iter()
        .any(|line| *line != Line::Kept)
        .then(|| code(source.text, &lines));
    let announced = lines.iter().position(|line| *line == Line::Blank);
    if let (Some(code), Some(announced)) = (&mut code, announced)
        && leaves_main_uncalled(code)
    {
        call_main(source.line(announced), announced, code, &mut claims);
    }
    Said { claims, code }
}

/// What `read` makes of the lines that are code and of their statements, which are `whole` where
/// all lines are.
fn of_code<T>(
    source: &Source<'_>,
    whole: &[Statement<'_>],
    lines: &[Line],
    read: impl FnOnce(&str, &[Statement<'_>]) -> T,
) -> T {
    if lines.iter().all(|line| *line == Line::Kept) {
        return read(source.text, whole);
    }
    let text = masked(source.text, &|at| lines.get(at) == Some(&Line::Kept));
    read(&text, &statements(&text))
}

fn arrows(source: &Source<'_>, text: &str, all: &[Statement<'_>]) -> Vec<Arrow> {
    let found = all.iter();
    found
        .filter_map(|statement| inline::arrow(source, text, statement))
        .collect()
}

/// The bare comparisons of which nothing else is claimed.
fn equalities(
    source: &Source<'_>,
    claims: &[Claim],
    text: &str,
    all: &[Statement<'_>],
) -> Vec<Claim> {
    let taken: HashSet<About> = claims.iter().map(|claim| claim.about).collect();
    let is_free = |claim: &Claim| !taken.contains(&claim.about);
    all.iter()
        .filter_map(|statement| inline::equality(source, text, statement))
        .filter(is_free)
        .collect()
}

/// Gives the claims below a heading such as `# Python 2` its version.
fn add_headings(source: &Source<'_>, claims: &mut [Claim], all: &[Statement<'_>]) {
    let headings = scope::headings(all);
    for claim in claims.iter_mut().filter(|claim| claim.scope.is_none()) {
        let at = claim.about.lines().last.saturating_sub(source.first);
        claim.scope = scope::scope_at(&headings, at);
    }
}

fn code(text: &str, lines: &[Line]) -> String {
    text.split_inclusive('\n')
        .zip(lines)
        .map(|(line, keep)| match keep {
            Line::Kept => line.to_owned(),
            Line::Blank => "\n".to_owned(),
            Line::Cut(at) => format!("{}\n", &line[..*at]),
        })
        .collect()
}

/// True for code that defines a `main()` which nothing calls: its author did, and shows what came.
fn leaves_main_uncalled(code: &str) -> bool {
    static MAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^def main\(\s*\)"));
    MAIN.is_match(code) && code.matches("main").count() == 1
}

/// Calls `main()` on line `at` of the code, where its output is announced.
fn call_main(line: usize, at: usize, code: &mut String, claims: &mut [Claim]) {
    *code = code
        .split_inclusive('\n')
        .enumerate()
        .map(|(number, text)| if number == at { "main()\n" } else { text })
        .collect();
    for claim in claims.iter_mut().filter(|claim| claim.lines.first > line) {
        if let About::Output(lines) = &mut claim.about {
            lines.last = lines.last.max(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Said {
        read(&Source::new(text, text, 1))
    }

    #[test]
    fn the_code_has_as_many_lines_as_the_block() {
        let text = "x = 1\nf(x) -> 3  # 三\nx + 1\n2\nprint(x)\noutput:\n  1\n";
        let said = of(text);
        assert_eq!(
            said.code.as_deref(),
            Some("x = 1\nf(x)\nx + 1\n\nprint(x)\n\n\n")
        );
        let claimed: Vec<_> = said.claims.iter().map(|one| one.claimed.as_str()).collect();
        assert_eq!(claimed, ["3", "2", "1"]);
    }

    #[test]
    fn the_function_that_nobody_calls_is_called_where_its_output_is_announced() {
        let shown = "def main():\n    print(1)\n\noutput:\n1\n";
        assert_eq!(
            of(shown).code.as_deref(),
            Some("def main():\n    print(1)\n\nmain()\n\n")
        );
        let called = "def main():\n    print(1)\nmain()\noutput:\n1\n";
        assert_eq!(
            of(called).code.as_deref(),
            Some("def main():\n    print(1)\nmain()\n\n\n")
        );
    }

    #[test]
    fn what_is_all_code_has_no_code_of_its_own() {
        let said = of("bool([]) == False\n# Python 2\n3 / 2  # 1\nf() == 3  # False\n");
        assert_eq!(said.code, None);
        let claimed: Vec<_> = said
            .claims
            .iter()
            .map(|one| (one.claimed.as_str(), one.scope.as_deref()))
            .collect();
        assert_eq!(
            claimed,
            [("True", None), ("1", Some("<3")), ("False", Some("<3"))]
        );
    }

    const PIECES: [&str; 40] = [
        "\n",
        "\n",
        "\n\n",
        "  ",
        "\t",
        "# ",
        "#> ",
        " -> ",
        " == ",
        "输出：",
        "output:",
        "# 输出结果",
        "print(",
        ")",
        "x",
        " = ",
        "f(x)",
        "3",
        "[1, ",
        "]",
        "{",
        "'",
        "\"",
        "'''",
        "\"\"\"",
        "\\",
        "...",
        "…",
        "<a b",
        ">",
        "TypeError",
        ": ",
        "Traceback (most recent call last):",
        "$ python x.py",
        "Python 2",
        "3.7+",
        "，",
        "1 LOAD_X",
        "return ",
        "é中",
    ];

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_every_claim_stands_where_it_says(
            picks in proptest::collection::vec(0..PIECES.len(), 0..60),
        ) {
            let text: String = picks.into_iter().map(|at| PIECES[at]).collect::<String>() + "\n";
            let said = of(&text);
            if let Some(code) = &said.code {
                proptest::prop_assert_eq!(code.lines().count(), text.lines().count());
            }
            for claim in said.claims {
                let bytes: Vec<_> = claim.bytes.iter().map(|range| &text[range.clone()]).collect();
                if claim.form != crate::model::ClaimForm::Equality {
                    proptest::prop_assert_eq!(bytes.join("\n"), claim.claimed);
                }
                proptest::prop_assert!(claim.lines.last <= text.lines().count());
            }
        }
    }
}
