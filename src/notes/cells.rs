//! The options that stand inside a block, as notebooks and Sphinx have them.
//!
//! A directive of `MyST` begins with lines such as `:options: +SKIP`, or with a head between two
//! lines `---`; a cell of Quarto or of a notebook with comments such as `#| eval: false`. Those of
//! a directive are no code: they are left out of the block's text, whose lines keep their
//! numbers. What the options ask for becomes what a directive of `verify` would say.

use super::directives::{info_says_off, is_version_list};
use super::doctest;
use super::tags::directive_name;
use crate::model::{Block, Directives, Form, Text};

/// One option with its value.
struct Given<'t> {
    name: &'t str,
    value: String,
}

/// Reads the options of a block, and leaves those of a directive out of its text.
pub(super) fn apply(block: &mut Block) {
    if block.form != Form::Fenced {
        return;
    }
    let Some((name, argument)) = directive_name(&block.info) else {
        apply_comments(block);
        return;
    };
    if !is_code(name) {
        apply_comments(block);
        return;
    }
    let (count, given) = head(&block.text);
    for option in &given {
        take(&mut block.directives, option, ":");
    }
    if count > 0 {
        block.text = without_head(&block.text, count);
    }
    take_groups(&mut block.directives, name, argument);
    apply_comments(block);
}

/// True for the directives whose content is code or what it prints.
pub(super) fn is_code(name: &str) -> bool {
    matches!(
        name,
        "code-cell"
            | "code-block"
            | "code"
            | "sourcecode"
            | "doctest"
            | "testcode"
            | "testsetup"
            | "testcleanup"
            | "testoutput"
            | "jupyter-execute"
            | "literalinclude"
            | "ipython"
    )
}

/// Takes the comments that a cell begins with: `#| eval: false`.
fn apply_comments(block: &mut Block) {
    if !block.text.contains("#|") {
        return;
    }
    let lines = block.text.lines().map(str::trim);
    let comments = lines
        .skip_while(|line| line.is_empty())
        .map_while(|line| line.strip_prefix("#|"));
    let given: Vec<Given<'_>> = comments.filter_map(option).collect();
    for option in &given {
        take(&mut block.directives, option, "#| ");
    }
}

/// How many lines at the start of a directive are its options, and these.
fn head(text: &str) -> (usize, Vec<Given<'_>>) {
    let lines: Vec<&str> = text.lines().collect();
    if lines.first().is_some_and(|line| line.trim_end() == "---") {
        let end = lines[1..].iter().position(|line| line.trim_end() == "---");
        return end.map_or((0, Vec::new()), |end| (end + 2, yaml(&lines[1..=end])));
    }
    let given: Vec<Given<'_>> = lines
        .iter()
        .map_while(|line| option(line.trim().strip_prefix(':')?))
        .collect();
    (given.len(), given)
}

/// The keys of a head, the items of a list as one value.
fn yaml<'t>(lines: &[&'t str]) -> Vec<Given<'t>> {
    let mut given: Vec<Given<'t>> = Vec::new();
    for line in lines {
        match (line.trim_start().strip_prefix("- "), given.last_mut()) {
            (Some(item), Some(last)) => {
                last.value.push(' ');
                last.value.push_str(item.trim());
            }
            (None, _) => given.extend(option(line)),
            _ => {}
        }
    }
    given
}

/// `name: value`.
fn option(text: &str) -> Option<Given<'_>> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    is_name.then(|| Given {
        name,
        value: value.trim().to_owned(),
    })
}

/// `text` with nothing on its first lines.
fn without_head(text: &str, count: usize) -> String {
    let blank = |(at, line)| if at < count { "\n" } else { line };
    text.split_inclusive('\n').enumerate().map(blank).collect()
}

/// Takes what an option asks for; most are about looks and ask for nothing.
fn take(directives: &mut Directives, option: &Given<'_>, mark: &str) {
    let Given { name, value } = option;
    let shown = match mark {
        ":" => format!("`:{name}: {value}`"),
        _ => format!("`{mark}{name}: {value}`"),
    };
    let skip = || Text::same(shown);
    let has = |word: &str| {
        let mut words = value.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        words.any(|other| other == word)
    };
    match *name {
        "options" => {
            let options = doctest::listed(value).options;
            directives.options = directives.options.or(options);
            if options.skip {
                directives.skip.get_or_insert_with(skip);
            }
        }
        "pyversion" if is_version_list(value) => {
            directives.python.get_or_insert_with(|| value.clone());
        }
        "skipif" => match condition(value) {
            Condition::Never => {}
            Condition::Python(spec) => {
                directives.python.get_or_insert(spec);
            }
            Condition::Unknown => {
                directives.skip.get_or_insert_with(skip);
            }
        },
        "tags" => {
            directives.may_raise |= has("raises-exception");
            if has("skip-execution") {
                directives.skip.get_or_insert_with(skip);
            }
        }
        "eval" if info_says_off(value) => {
            directives.skip.get_or_insert_with(skip);
        }
        "error" => directives.may_raise |= value.eq_ignore_ascii_case("true"),
        "raises" => directives.may_raise = true,
        _ => {}
    }
}

/// When a snippet is skipped.
enum Condition {
    Never,
    /// Under all Pythons but these.
    Python(String),
    /// As something says that is not run.
    Unknown,
}

/// Reads a condition such as `sys.version_info < (3, 12)`.
fn condition(text: &str) -> Condition {
    if matches!(text.trim(), "" | "False" | "0") {
        return Condition::Never;
    }
    let python = || {
        let rest = text.trim().strip_prefix("sys.version_info")?.trim_start();
        let (operator, numbers) = rest.split_at(rest.find('(')?);
        let opposite = match operator.trim() {
            "<" => ">=",
            "<=" => ">",
            ">" => "<=",
            ">=" => "<",
            _ => return None,
        };
        let numbers = numbers.trim_matches(['(', ')', ' ']);
        let numbers: Vec<&str> = numbers.split(',').map(str::trim).collect();
        let spec = format!("{opposite}{}", numbers.join("."));
        is_version_list(&spec).then_some(spec)
    };
    python().map_or(Condition::Unknown, Condition::Python)
}

/// Takes the groups of Sphinx's tests, whose snippets see each other's names, and what prepares them.
fn take_groups(directives: &mut Directives, name: &str, argument: &str) {
    if !matches!(name, "doctest" | "testcode" | "testsetup" | "testcleanup") {
        return;
    }
    directives.setup |= name == "testsetup";
    let group = argument.trim();
    if !matches!(group, "" | "*" | "default") && !group.contains(',') {
        directives.session.get_or_insert_with(|| group.to_owned());
    }
}

/// A title such as `New in Python 3.13` for a directive that says since when something is so.
pub(super) fn title(name: &str, argument: &str) -> String {
    let argument = argument.trim();
    match name {
        "versionadded" if !argument.is_empty() => format!("New in version {argument}"),
        _ => argument.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::model::{Block, Directives};
    use crate::notes::markdown::blocks;

    fn only(note: &str) -> Block {
        blocks(note).blocks.remove(0)
    }

    fn asked(content: &str) -> Directives {
        only(&format!("```{{code-cell}} python\n{content}x = 1\n```\n")).directives
    }

    #[test]
    fn options_of_a_directive_are_no_code() {
        let block = only("```{code-block} python\n:linenos:\n:caption: A sum\n\n1 + 1\n```\n");
        assert_eq!(block.text, "\n\n\n1 + 1\n");
        assert_eq!((block.lines.first, block.lines.last), (2, 5));
        let block = only("```{code-cell}\n---\ntags: [a]\n---\n1 + 1\n```\n");
        assert_eq!(block.text, "\n\n\n1 + 1\n");
    }

    #[test]
    fn what_only_looks_like_an_option_is_code() {
        for content in ["x = {\n:a: 1}\n", "---\nx\n", "x: int = 3\n", ">>> 1\n"] {
            let block = only(&format!("```{{code-block}} python\n{content}```\n"));
            assert_eq!(block.text, content);
        }
        let block = only("```python\n:linenos:\n1 + 1\n```\n");
        assert_eq!(block.text, ":linenos:\n1 + 1\n");
    }

    #[test]
    fn options_say_what_a_directive_would() {
        for skipped in [
            ":options: +SKIP\n",
            ":tags: [hide-input, skip-execution]\n",
            "---\ntags:\n  - skip-execution\n---\n",
            ":skipif: numpy is None\n",
            "#| eval: false\n",
            "#| echo: true\n#| eval: FALSE\n",
        ] {
            assert!(asked(skipped).skip.is_some(), "{skipped}");
        }
        for may_raise in [
            ":tags: [raises-exception]\n",
            "---\ntags: [\"raises-exception\"]\n---\n",
            "#| error: true\n",
            ":raises:\n",
        ] {
            assert!(asked(may_raise).may_raise, "{may_raise}");
        }
        for nothing in [
            ":tags: [hide-output]\n",
            "#| echo: false\n",
            "#| eval: true\n",
            ":skipif: False\n",
            "# eval: false\n",
        ] {
            assert_eq!(asked(nothing), Directives::default(), "{nothing}");
        }
        assert!(asked(":options: +NORMALIZE_WHITESPACE\n").options.any_space);
    }

    #[test]
    fn versions_are_conditions() {
        for (option, spec) in [
            (":pyversion: > 3.9", "> 3.9"),
            (":skipif: sys.version_info < (3, 12)", ">=3.12"),
            (":skipif: sys.version_info >= (3, 12)", "<3.12"),
        ] {
            let asked = asked(&format!("{option}\n"));
            assert_eq!((asked.python.as_deref(), asked.skip), (Some(spec), None));
        }
    }

    #[test]
    fn groups_of_tests_are_sessions() {
        let group = |info: &str| {
            let block = only(&format!("```{{{info}\nx = 1\n```\n"));
            (block.directives.session, block.directives.setup)
        };
        assert_eq!(group("testsetup} a"), (Some("a".to_owned()), true));
        assert_eq!(group("testcode} a"), (Some("a".to_owned()), false));
        assert_eq!(group("testsetup} *"), (None, true));
        assert_eq!(group("testcode}"), (None, false));
        assert_eq!(group("testcode} a, b"), (None, false));
        assert_eq!(group("code-block} python"), (None, false));
    }
}
