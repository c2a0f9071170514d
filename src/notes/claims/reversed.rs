//! Scripts in which a prompt marks what the line above gives, as if it were an arrow:
//!
//! ```text
//! mood.upper()
//! >>> 'CALM'
//! ```

use std::ops::Range;

use super::sections::{Page, Shown, kind_of};
use super::statements::{Kind, masked, statements};
use super::{Source, values};
use crate::model::{About, ClaimForm};
use crate::notes::prompts;

/// True where every prompt of `text` stands below code that shows something and has no code behind
/// it, but what that shows.
pub fn is_reversed(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let mut marked = marked(text).peekable();
    marked.peek().is_some()
        && marked.all(|(at, columns)| {
            let above = at.checked_sub(1).map_or("", |above| lines[above]);
            let below = lines.get(at + 1).map_or("", |line| line.trim());
            let told = &lines[at][columns];
            match kind_of(above) {
                Kind::Print => !is_more(below),
                Kind::Expression => {
                    values::is_value(told) && !is_more(below) && !values::is_value(above)
                }
                _ => false,
            }
        })
}

/// True for a line that is shown by what is typed above it.
fn is_more(line: &str) -> bool {
    !line.is_empty() && values::is_value(line)
}

/// The lines with a prompt, counted from 0, and the columns of what stands behind it.
fn marked(text: &str) -> impl Iterator<Item = (usize, Range<usize>)> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(at, line)| {
        let told = prompts::prompted(line)?.trim();
        let end = line.trim_end().len();
        Some((at, end - told.len()..end))
    })
}

/// What is shown in such a script.
pub(super) fn read(source: &Source<'_>) -> Shown {
    let blank = marked(source.text).map(|(at, _)| at).collect();
    let mut shown = Shown {
        blank,
        ..Shown::default()
    };
    let code = masked(source.text, &|at| !shown.blank.contains(&at));
    let all = statements(&code);
    let page = Page::of(source.clone(), &all);
    for (at, columns) in marked(source.text) {
        let above = all.iter().rfind(|one| one.is_code() && one.to < at);
        let about = above.map(|one| About::Statement(source.lines(one.from, one.to)));
        let place = [(at, columns)];
        let claim = about.and_then(|about| page.claim_at(&place, ClaimForm::Echo, about));
        shown.claims.extend(claim);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_below_code_may_mark_what_it_gives() {
        for (text, reversed) in [
            (
                "mood = 'calm'\nmood\n>>> 'calm'\nmood.upper()\n>>> 'CALM'\n",
                true,
            ),
            ("print(mood)\n>>> glad\n", true),
            ("1 + 1\n>>> 2\n\n2 + 2\n>>> 4\n", true),
            (">>> 1\n1\n", false),
            ("x = 3\n>>> 3\n", false),
            ("def f():\n    return 1\n\n>>> f()\n1\n", false),
            ("f(x)\n>>> 3\n3\n", false),
            ("f(x)\n>>> g(x)\n", false),
            ("f(x)\n>>> 3\n>>> 4\n", false),
            ("f(x)\n", false),
        ] {
            assert_eq!(is_reversed(text), reversed, "{text}");
        }
    }

    #[test]
    fn what_is_marked_is_claimed_of_the_line_above() {
        let text = "x = 2\nx * 3\n>>> 7\nprint(x)\n>>> two\n";
        let shown = read(&Source::new(text, text, 1));
        let told: Vec<_> = shown
            .claims
            .iter()
            .map(|claim| {
                (
                    claim.source.as_str(),
                    claim.claimed.as_str(),
                    claim.lines.first,
                )
            })
            .collect();
        assert_eq!(told, [("x * 3", "7", 3), ("print(x)", "two", 5)]);
        assert_eq!(shown.blank.into_iter().collect::<Vec<_>>(), [2, 4]);
    }
}
