//! Snippets of which a part stands in another file.
//!
//! What is included is parsed in its place and run from the line that includes it, so that what
//! it does is told there: a file is no part of the note.

use crate::model::{Analysis, Block, Code, Included, Skip, Text};
use crate::notes::{includes, language};
use crate::text;

/// The code with the text of the files in place of the lines that include them, as it is parsed.
pub(super) fn expanded(block: &Block) -> String {
    with_lines(block, |included, text| {
        let indent = &text[..text.len() - text.trim_start().len()];
        let lines = included.text.as_deref().unwrap_or_default().lines();
        let lines: Vec<String> = lines.map(|line| format!("{indent}{line}")).collect();
        lines.join("\n")
    })
}

/// The code as it is run: each file at once, on the line that includes it.
pub(super) fn run(block: &Block) -> Code {
    let text = with_lines(block, |included, text| {
        let indent = &text[..text.len() - text.trim_start().len()];
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let source = quoted(included.text.as_deref().unwrap_or_default());
        let name = quoted(&included.file);
        format!("{indent}exec(compile({source}, {name}, \"exec\"), globals())")
    });
    Code::script(block.lines.first, language::dedent(&text))
}

fn with_lines(block: &Block, put: impl Fn(&Included, &str) -> String) -> String {
    let mut text = String::new();
    for (at, line) in block.text.lines().enumerate() {
        match block.included.iter().find(|included| included.line == at) {
            Some(included) => text.push_str(&put(included, line)),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// What the parser says, on lines of the note.
pub(super) fn facts(block: &Block, mut facts: Analysis) -> Analysis {
    let first = block.included.first().map_or(0, |included| included.line);
    let line = u32::try_from(block.lines.first + first).unwrap_or(u32::MAX);
    if let Some(endless) = &mut facts.endless {
        endless.line = line;
    }
    if let Some(error) = &mut facts.error {
        error.line = line;
    }
    facts.warnings.clear();
    facts
}

/// Why a block that includes something is not run, as far as that is the reason.
pub(super) fn skip(block: &Block, facts: &Analysis) -> Option<Skip> {
    let missing = block
        .included
        .iter()
        .find(|included| included.text.is_none());
    if let Some(Included { file, .. }) = missing {
        return Some(Skip::NeedsFile(text!(
            "`{file}`, which it includes",
            "它引入的 `{file}`"
        )));
    }
    if let (Some(_), Some(Included { file, .. })) = (&facts.error, block.included.first()) {
        return Some(Skip::Fragment(text!(
            "with `{file}` in its place it is no whole Python",
            "引入 `{file}` 后不是完整的 Python"
        )));
    }
    let filled_in = block
        .text
        .lines()
        .find(|line| includes::is_filled_in(line))?;
    let shown: String = filled_in.trim().chars().take(40).collect();
    Some(Skip::Fragment(filled_in_reason(&shown)))
}

fn filled_in_reason(shown: &str) -> Text {
    text!(
        "`{shown}` is filled in by a site generator",
        "`{shown}` 由站点生成器填充"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Lines;

    fn block(text: &str, included: &[(usize, Option<&str>)]) -> Block {
        let included = included.iter().map(|&(line, text)| Included {
            line,
            file: "app.py".to_owned(),
            text: text.map(str::to_owned),
        });
        Block {
            text: text.to_owned(),
            lines: Lines { first: 3, last: 4 },
            included: included.collect(),
            ..Block::default()
        }
    }

    #[test]
    fn a_file_is_run_on_the_line_that_includes_it() {
        let block = block(
            "--8<-- \"app.py\"\nprint(x)\n",
            &[(0, Some("x = \"é\"\ny = 2\n"))],
        );
        assert_eq!(expanded(&block), "x = \"é\"\ny = 2\nprint(x)\n");
        let code = run(&block);
        let text = "exec(compile(\"x = \\\"é\\\"\\ny = 2\\n\", \"app.py\", \"exec\"), globals())\nprint(x)\n";
        assert_eq!(code, Code::script(3, text));
    }

    #[test]
    fn what_is_missing_or_filled_in_is_skipped() {
        let skip = |block: &Block| skip(block, &Analysis::default()).map(|skip| skip.word());
        assert_eq!(
            skip(&block("--8<-- \"app.py\"\n", &[(0, None)])),
            Some("needs-file")
        );
        assert_eq!(skip(&block("{{ code }}\n", &[])), Some("fragment"));
        assert_eq!(skip(&block("x = {{1}}\n", &[])), None);
    }
}
