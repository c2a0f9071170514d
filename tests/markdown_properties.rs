//! What holds for the blocks of any text, however strange.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use verify::model::{Block, Form};
use verify::notes::{Parsed, blocks, mkdocs};

/// Text that is put together from what Markdown is made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "```python", "```", "````", "~~~", "~~~py skip", "> ", ">", "- ", "1. ", "* ", "  ", "    ", "\t", "x = 1",
            "é中", "# h", "text", "=== \"Tab\"", "!!! note", "??? tip \"x\"", "---", "===", "+++", "<!-- verify: skip -->",
            "<!-- verify: sikp=\"", "<!--", "-->", "<div>", "% skip: next", "<!-- skip: start -->", "|a|\n|-|\n", "[^1]: ",
            "> import os.path", "> x = f(1)", ">print(x)", "print(x)", "for x in f(1):", "      > import a, b", "> #",
            "[!NOTE]", "- [ ] ", "`", "**", "[a]: b", "\u{feff}", "{.python}", "\\",
        ]).prop_map(str::to_owned),
        6 => prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n", "\n    ", "\n> ", "\n  ", "\r"]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A code block that `CommonMark` sees.
struct Seen {
    form: Form,
    text: String,
    first: usize,
}

impl Seen {
    fn last(&self) -> usize {
        let unfinished = !self.text.is_empty() && !self.text.ends_with('\n');
        self.first + self.text.matches('\n').count() + usize::from(unfinished) - 1
    }
}

/// The code blocks that `CommonMark` sees.
fn reference(text: &str) -> Vec<Seen> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut found: Vec<Seen> = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let line = text[..range.start].matches('\n').count() + 1;
                found.push(Seen {
                    form: if kind.is_fenced() {
                        Form::Fenced
                    } else {
                        Form::Indented
                    },
                    text: String::new(),
                    first: line + usize::from(kind.is_fenced()),
                });
                inside = true;
            }
            Event::Text(part) if inside => found.last_mut().unwrap().text.push_str(&part),
            Event::End(_) => inside = false,
            _ => {}
        }
    }
    found
}

fn has_front_matter(text: &str) -> bool {
    text.starts_with("---") || text.starts_with("+++")
}

/// What must hold for each block and for all of them together.
fn check(text: &str) -> Result<Parsed, TestCaseError> {
    let parsed = blocks(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut last_line = 0;
    let mut last_byte = 0;
    for block in &parsed.blocks {
        check_block(text, &lines, block)?;
        prop_assert!(block.lines.first > last_line, "blocks overlap: {:?}", block);
        prop_assert!(block.bytes.start >= last_byte, "bytes overlap: {:?}", block);
        last_line = block.lines.last;
        last_byte = block.bytes.end;
    }
    let line_count = lines.len();
    for problem in &parsed.problems {
        prop_assert!((1..=line_count).contains(&problem.line), "{:?}", problem);
        prop_assert!(!problem.message.is_empty() && !problem.help.is_empty());
    }
    Ok(parsed)
}

fn check_block(text: &str, lines: &[&str], block: &Block) -> Result<(), TestCaseError> {
    let count = block.lines.last + 1 - block.lines.first;
    prop_assert_eq!(block.text.matches('\n').count(), count);
    prop_assert!(block.text.is_empty() || block.text.ends_with('\n'));
    let source = text.get(block.bytes.clone());
    prop_assert!(source.is_some(), "bytes {:?} cut a character", block.bytes);
    let source = source.unwrap();
    prop_assert_eq!(source.split_terminator('\n').count(), count, "{:?}", block);
    for (i, line) in block.text.split_terminator('\n').enumerate() {
        let in_note = lines[block.lines.first - 1 + i];
        prop_assert!(
            in_note.replace('\r', "").ends_with(
                line.trim_start_matches([' ', '\t'])
                    .replace('\r', "")
                    .as_str()
            ),
            "line {} is {in_note:?} in the note, {line:?} in the block",
            block.lines.first + i
        );
    }
    if block.form == Form::Quoted {
        for (line, code) in source.lines().zip(block.text.lines()) {
            prop_assert!(
                code.trim().is_empty() || line.contains('>'),
                "{line:?} has no quote mark"
            );
        }
    }
    if block.form != Form::Fenced {
        prop_assert!(!block.text.trim().is_empty());
        prop_assert!(!block.text.trim_end_matches('\n').is_empty());
    }
    Ok(())
}

fn accounts_for_all(text: &str) -> Result<(), TestCaseError> {
    let parsed = check(text)?;
    let content = text.strip_prefix('\u{feff}').unwrap_or(text);
    if mkdocs::unfold(text).is_some() || has_front_matter(content) {
        return Ok(());
    }
    let mut blocks = parsed.blocks.iter().peekable();
    for seen in reference(content) {
        while blocks
            .peek()
            .is_some_and(|block| block.lines.last < seen.first && block.form == Form::Quoted)
        {
            blocks.next();
        }
        let mut parts = Vec::new();
        while let Some(block) = blocks.next_if(|block| {
            let is_part = seen.form == Form::Indented && block.lines.first <= seen.last();
            parts.is_empty() || is_part
        }) {
            parts.push(block);
        }
        covers(&seen, &parts)?;
    }
    for block in blocks {
        prop_assert_eq!(block.form, Form::Quoted, "{:?}", block);
    }
    Ok(())
}

/// `parts` are the whole block that was seen, or what a quote in it was taken apart into.
fn covers(seen: &Seen, parts: &[&Block]) -> Result<(), TestCaseError> {
    let mut left: Vec<&str> = seen.text.lines().map(str::trim).collect();
    if let [whole] = parts
        && whole.form == seen.form
    {
        prop_assert_eq!(
            whole.text.trim_end_matches('\n'),
            seen.text.trim_end_matches('\n')
        );
        return Ok(());
    }
    prop_assert_eq!(seen.form, Form::Indented);
    prop_assert!(
        parts.iter().any(|part| part.form == Form::Quoted),
        "{:?}",
        parts
    );
    for part in parts {
        for (at, line) in part.text.lines().enumerate() {
            let seen = &mut left[part.lines.first + at - seen.first];
            let same = match part.form {
                Form::Quoted => seen.trim_start_matches(['>', ' ', '\t']) == line.trim(),
                _ => *seen == line.trim(),
            };
            prop_assert!(same, "{seen:?} is {line:?}");
            *seen = "";
        }
    }
    prop_assert!(
        left.iter().all(|line| line.is_empty()),
        "{:?} are in no block",
        left
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_accounted_for(text in any::<String>()) {
        accounts_for_all(&text)?;
    }

    #[test]
    fn any_markdown_is_accounted_for(text in pieces()) {
        accounts_for_all(&text)?;
    }

    #[test]
    fn line_ends_change_no_block(text in pieces()) {
        let text = text.replace('\r', "");
        let unix = blocks(&text);
        let windows = blocks(&text.replace('\n', "\r\n"));
        prop_assert_eq!(unix.problems, windows.problems);
        prop_assert_eq!(unix.blocks.len(), windows.blocks.len());
        for (unix, mut windows) in unix.blocks.into_iter().zip(windows.blocks) {
            windows.bytes = unix.bytes.clone();
            prop_assert_eq!(unix, windows);
        }
    }

    #[test]
    fn a_fence_keeps_what_it_holds(code in "[ -_a-~é\\t\n]{0,80}", prefix in prop::sample::select(vec!["", "> ", "- ", "1. > "])) {
        let code = code.replace('~', "-");
        let rest = prefix.replace(|c: char| c != '>' && c != ' ', " ");
        let code_lines = code.replace('\n', &format!("\n{rest}"));
        let text = format!("{prefix}~~~python\n{rest}{code_lines}\n{rest}~~~\n");
        let parsed = check(&text)?;
        prop_assert_eq!(parsed.blocks.len(), 1);
        prop_assert_eq!(parsed.blocks[0].text.as_str(), format!("{code}\n"));
    }
}

#[test]
fn tabs_and_admonitions_of_mkdocs() {
    let text = include_str!("fixtures/markdown/mkdocs.md");
    let seen: Vec<_> = blocks(text)
        .blocks
        .into_iter()
        .map(|block| (block.lines.first, block.tag, block.text, block.lead_in))
        .collect();
    let block = |line, tag: &str, text: &str, lead_in: &str| {
        (line, tag.to_owned(), text.to_owned(), lead_in.to_owned())
    };
    let listed: Vec<&str> = text.lines().collect();
    assert_eq!(seen.len(), 6);
    assert_eq!(
        seen[..4],
        [
            block(10, "python", "print(1)\n", "Python"),
            block(15, "", "1\n", "Output"),
            block(23, "python", "print(2)\n", "Deep"),
            block(30, "pycon", ">>> 3\n3\n", ""),
        ]
    );
    assert_eq!(listed[seen[4].0 - 1], "=== \"Python\"");
    assert!(seen[5].2.starts_with("=== \"Python\"") && seen[5].2.contains("```python"));
}

/// Sizes at which anything worse than linear would be felt.
#[test]
fn large_notes_are_no_trouble() {
    let many = "> text\n> <!-- verify: skip -->\n> ```python\n> x = 1\n> ```\n\n".repeat(20_000);
    assert_eq!(blocks(&many).blocks.len(), 20_000);
    let tabs = "=== \"a\"\n\n    ```py\n    x\n    ```\n\n".repeat(20_000);
    assert_eq!(blocks(&tabs).blocks.len(), 20_000);
    let deep: Vec<String> = (0..500)
        .map(|depth| "    ".repeat(depth) + "!!! a\n")
        .collect();
    let deep = deep.concat();
    assert_eq!(blocks(&deep).blocks.len(), 0);
    for piece in [
        "> ",
        "- ",
        "```\n",
        "<!--",
        "`",
        "[",
        "!!! a\n",
        "% skip: start\n",
        "=== \"",
        "\n",
        "---\n",
        "<!-- verify: =",
        "> import os.path\n\n",
        "    > import os.path\n\n",
        "> print(",
    ] {
        let text = piece.repeat(5_000);
        let parsed = blocks(&text);
        assert!(parsed.blocks.len() <= 5_000, "{piece:?}");
    }
}
