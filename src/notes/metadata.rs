//! What a script says about itself: the Python and the packages that it needs, as PEP 723 has it.
//!
//! It becomes what a directive would say. What can't be read is a problem with its line, never
//! silence.

use serde::Deserialize;

use super::Problem;
use super::directives::version_matches;
use crate::model::{Block, Text};
use crate::text;

const OPENING: &str = "# /// script";
const CLOSING: &str = "# ///";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Script {
    requires_python: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// Takes what the script in a block asks for; a directive goes before it.
pub(super) fn apply(block: &mut Block, problems: &mut Vec<Problem>) {
    let script = match read(&block.text) {
        Ok(None) => return,
        Ok(Some(script)) => script,
        Err((line, message)) => {
            problems.push(problem(block.lines.first + line, &message));
            return;
        }
    };
    let directives = &mut block.directives;
    if let Some(python) = script.requires_python {
        directives.python.get_or_insert(python);
    }
    directives.dependencies = script.dependencies;
}

fn problem(line: usize, message: &Text) -> Problem {
    let Text { en, zh } = message;
    Problem {
        line,
        message: text!(
            "this script's metadata can't be read: {en}",
            "无法读取这个脚本的元数据：{zh}"
        ),
        help: text!(
            "write it like `# requires-python = \">=3.11\"` and `# dependencies = [\"rich\"]` between `{OPENING}` and `{CLOSING}`",
            "在 `{OPENING}` 和 `{CLOSING}` 之间写成 `# requires-python = \">=3.11\"` 和 `# dependencies = [\"rich\"]` 这样"
        ),
    }
}

/// The metadata of a script, or what is wrong with it and on which of its lines, counted from 0.
fn read(text: &str) -> Result<Option<Script>, (usize, Text)> {
    if !text.contains(OPENING) {
        return Ok(None);
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut openings = (0..lines.len()).filter(|&at| lines[at] == OPENING);
    let Some(first) = openings.next() else {
        return Ok(None);
    };
    let is_comment = |line: &&&str| **line == "#" || line.starts_with("# ");
    let comments = lines[first + 1..].iter().take_while(is_comment).count();
    let inside = &lines[first + 1..=first + comments];
    let Some(end) = inside.iter().rposition(|line| *line == CLOSING) else {
        return Err((
            first,
            text!("no line `{CLOSING}` ends it", "没有用 `{CLOSING}` 一行结束"),
        ));
    };
    if let Some(other) = openings.next() {
        return Err((other, text!("it is there twice", "出现了两次")));
    }
    let toml: Vec<&str> = inside[..end].iter().map(|line| uncommented(line)).collect();
    let toml = toml.join("\n");
    let script: Script = toml::from_str(&toml).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let above = toml.get(..at).unwrap_or_default().matches('\n').count();
        let said = error.message().replace('\n', ", ");
        (first + 1 + above, Text::same(said))
    })?;
    check(&script).map_err(|wrong| {
        let at = inside.iter().position(|line| line.contains(wrong));
        let what = text!("`{wrong}` is not understood", "无法理解 `{wrong}`");
        (first + 1 + at.unwrap_or_default(), what)
    })?;
    Ok(Some(script))
}

fn uncommented(line: &str) -> &str {
    line.strip_prefix("# ").unwrap_or_default()
}

/// An error with what is no list of versions, and no name of a package with what belongs to it.
fn check(script: &Script) -> Result<(), &str> {
    let python = script.requires_python.as_deref();
    if let Some(wrong) = python.filter(|python| version_matches(python, (3, 0, 0)).is_none()) {
        return Err(wrong);
    }
    let mut dependencies = script.dependencies.iter();
    match dependencies.find(|dependency| package(dependency).is_none()) {
        Some(wrong) => Err(wrong),
        None => Ok(()),
    }
}

/// The name of the package that a requirement such as `rich[jupyter]>=13; os_name == "posix"` is
/// about; none where it is no requirement.
pub fn package(requirement: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let end = requirement.find(|c| !is_name(c));
    let (name, rest) = requirement.split_at(end.unwrap_or(requirement.len()));
    let is_edge = |c: char| c.is_ascii_alphanumeric();
    let good = name.starts_with(is_edge)
        && name.ends_with(is_edge)
        && !rest.contains(|c: char| c.is_control())
        && rest
            .trim_start()
            .chars()
            .next()
            .is_none_or(|c| "[(<>=!~;@".contains(c));
    good.then_some(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Lines;

    fn applied(text: &str) -> (Block, Vec<Problem>) {
        let mut block = Block {
            text: text.into(),
            lines: Lines {
                first: 10,
                last: 20,
            },
            ..Block::default()
        };
        let mut problems = Vec::new();
        apply(&mut block, &mut problems);
        (block, problems)
    }

    #[test]
    fn what_a_script_needs_is_read() {
        let text = "# /// script\n# requires-python = \">=3.11\"\n# dependencies = [\n#   \"requests<3\",\n#   \"rich\",\n# ]\n#\n# [tool.other]\n# x = 1\n# ///\nimport requests\n";
        let (block, problems) = applied(text);
        assert_eq!(problems, []);
        assert_eq!(block.directives.python.as_deref(), Some(">=3.11"));
        assert_eq!(block.directives.dependencies, ["requests<3", "rich"]);
        assert_eq!(
            applied("import requests\n"),
            (
                Block {
                    text: "import requests\n".into(),
                    lines: Lines {
                        first: 10,
                        last: 20
                    },
                    ..Block::default()
                },
                vec![]
            )
        );
    }

    #[test]
    fn what_can_not_be_read_is_told_with_its_line() {
        for (text, line, says) in [
            (
                "x = 1\n# /// script\n# a = 1\n",
                11,
                "no line `# ///` ends it",
            ),
            (
                "# /// script\n# dependencies = 1\n# ///\n",
                11,
                "invalid type",
            ),
            ("# /// script\n# a = 1\n# b =\n# ///\n", 12, "can't be read"),
            (
                "# /// script\n# requires-python = \"new\"\n# ///\n",
                11,
                "`new` is not",
            ),
            (
                "# /// script\n# dependencies = [\"-r x\"]\n# ///\n",
                11,
                "`-r x` is not",
            ),
            ("# /// script\n# ///\nx\n# /// script\n# ///\n", 13, "twice"),
        ] {
            let (block, problems) = applied(text);
            assert_eq!(problems.len(), 1, "{text}");
            assert_eq!(problems[0].line, line, "{text}");
            assert!(problems[0].message.en.contains(says), "{:?}", problems[0]);
            assert!(block.directives.dependencies.is_empty());
        }
    }

    #[test]
    fn requirements_begin_with_the_name_of_a_package() {
        for (requirement, name) in [
            ("rich", Some("rich")),
            ("zope.interface[test] >=5", Some("zope.interface")),
            ("a @ https://example.org/a.whl", Some("a")),
            ("A_b;python_version<'3.9'", Some("A_b")),
            ("", None),
            ("-r other", None),
            ("--index-url=x", None),
            ("rich evil", None),
            ("rich\n-r x", None),
            ("rich-", None),
        ] {
            assert_eq!(package(requirement), name, "{requirement}");
        }
    }
}
