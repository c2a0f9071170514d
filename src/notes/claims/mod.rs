//! Reads claims: what a note itself says about what its snippets do.
//!
//! Pure functions from text to claims; nothing is run, and what is no claim without doubt is
//! left alone: prose is never taken for one.

mod after;
mod below;
mod comment;
mod comments;
mod echoes;
mod inline;
mod labels;
mod meaning;
mod needed;
mod output;
mod printing;
mod prompts;
mod prose;
mod reversed;
mod scope;
mod script;
mod sections;
mod source;
mod statements;
mod traceback;
mod values;
mod within;

#[cfg(test)]
mod growth_tests;

use regex::Regex;

use crate::model::{Block, Claim, Note};
pub use labels::{after_label, is_output_label};
pub use needed::{named_later, needed_python};
pub use output::{Doubt, doubt};
pub use reversed::is_reversed;
pub use scope::scope_of;
pub use source::Source;

/// What was read in one block and below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The claims, in the order of their lines.
    pub claims: Vec<Claim>,
    /// The block's text without what is no code (shown outputs are blank lines, `x -> 1` is `x`);
    /// as many lines as the block, and `None` where all of it is code.
    pub code: Option<String>,
}

/// Reads the claims of block `at` of `note`: those in the block itself and those that follow it.
/// `prompts` says that the block is a prompt session.
pub fn read(note: &Note, at: usize, prompts: bool) -> Said {
    let Some(block) = note.blocks.get(at) else {
        return Said::default();
    };
    if is_announced_output(block) {
        return Said::default();
    }
    let source = Source::of(&note.text, block);
    let mut said = if prompts {
        Said {
            claims: prompts::read(source),
            code: None,
        }
    } else {
        let mut said = script::read(&source);
        let code = said.code.as_deref().unwrap_or(&block.text);
        said.claims.extend(after::read(note, at, code));
        said
    };
    let around = scope_around(block);
    for claim in said.claims.iter_mut().filter(|it| it.scope.is_none()) {
        claim.scope.clone_from(&around);
    }
    for claim in &mut said.claims {
        claim.options = claim.options.or(block.directives.options);
    }
    said.claims.sort_by_key(|claim| claim.lines);
    said
}

/// True for a block without a tag that is announced as output by the words right above it: it is
/// no snippet, even where it parses as one.
pub fn is_announced_output(block: &Block) -> bool {
    below::is_announced(block)
}

/// True for a block that the words right above it announce as output and that reads as none of
/// code, whatever its tag says.
pub fn is_led_in_as_output(block: &Block) -> bool {
    below::is_led_in_as_output(block)
}

/// The Pythons that the words right above a block say it is for: `在 Python 2 中：`, or a heading
/// that is nothing but a version.
pub fn scope_around(block: &Block) -> Option<String> {
    let lead_in = block.lead_in.trim_matches(['*', '_', ' ']);
    let announces = lead_in.ends_with([':', '：']) && !is_output_label(lead_in);
    scope_of(lead_in)
        .filter(|_| announces)
        .or_else(|| scope::heading(lead_in))
        .or_else(|| scope::heading(&block.heading))
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::notes::markdown;

    fn scopes(text: &str, prompts: bool) -> Vec<Option<String>> {
        let note = Note {
            text: text.to_owned(),
            blocks: markdown::blocks(text).blocks,
            ..Note::default()
        };
        let claims = read(&note, 0, prompts).claims;
        claims.into_iter().map(|claim| claim.scope).collect()
    }

    #[test]
    fn words_above_a_block_say_for_which_python_it_is() {
        for (above, scope) in [
            ("在 Python 2 中：\n\n", Some("<3")),
            ("**Python 2.7**\n", Some("==2.7.*")),
            ("## Python 3\n", Some(">=3")),
            ("Python 2 的整数除法不同。\n", None),
            ("Python 2/3:\n", None),
            ("", None),
        ] {
            let session = format!("{above}```\n>>> 3 / 2\n1\n```\n");
            assert_eq!(
                scopes(&session, true),
                [scope.map(str::to_owned)],
                "{above}"
            );
            let script = format!("{above}```\nprint(3 / 2)  # 1\n```\n");
            assert_eq!(
                scopes(&script, false),
                [scope.map(str::to_owned)],
                "{above}"
            );
        }
    }

    #[test]
    fn an_output_that_parses_as_code_is_no_script() {
        let text =
            "```\nf(x)\n```\nPython 2.x 输出：\n\n    set(['a'])\n\n输出：\n\n    print(1)\n";
        let blocks = markdown::blocks(text).blocks;
        let told: Vec<bool> = blocks.iter().map(is_announced_output).collect();
        assert_eq!(told, [false, true, false]);
        let text = "```py\nf(x)\n```\nOutput (Python 2.7):\n\n```py\nIt's me!\n```\nOutput:\n```py\nprint(1)\nx = (\n```\n";
        let blocks = markdown::blocks(text).blocks;
        let told: Vec<bool> = blocks.iter().map(is_led_in_as_output).collect();
        assert_eq!(told, [false, true, false]);
    }

    #[test]
    fn a_claim_that_names_a_python_keeps_it() {
        let note = "Python 3:\n```\nprint(3 / 2)\n```\nPython 2 输出：\n```\n1\n```\n";
        assert_eq!(scopes(note, false), [Some("<3".to_owned())]);
    }
}
