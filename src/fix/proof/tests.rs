//! Tests of the proof, with a reader that knows one kind of claim.

use proptest::prelude::*;

use super::*;
use crate::fix::Target;
use crate::fix::plan_edits;
use crate::model::{About, ClaimVerdict, Lines};
use crate::notes::claims::Source;

/// Reads what stands behind `# ` in the lines of every block, unless it is a word for nothing.
fn read(text: &str) -> Vec<(Block, Vec<Claim>)> {
    let blocks = markdown::blocks(text).blocks.into_iter();
    blocks
        .map(|block| {
            let source = Source::of(text, &block);
            let lines = block.text.lines().enumerate();
            let claims = lines.filter_map(|(at, line)| claim(&source, at, line));
            let claims = claims.collect();
            (block, claims)
        })
        .collect()
}

fn claim(source: &Source<'_>, at: usize, line: &str) -> Option<Claim> {
    let (code, said) = line.split_once("# ")?;
    Some(Claim {
        lines: source.lines(at, at),
        form: ClaimForm::Comment,
        source: code.trim_end().to_owned(),
        about: About::Statement(source.lines(at, at)),
        claimed: said.to_owned(),
        bytes: vec![source.bytes(at, line.len() - said.len()..line.len())?],
        ..Claim::default()
    })
}

/// The fixes that write these texts in the place of the note's claims, in their order.
fn fixes(note: &str, rewrites: &[&str]) -> Vec<Fix> {
    let claims = read(note).into_iter().flat_map(|(_, claims)| claims);
    let fix = |(claim, rewrite): (Claim, &&str)| {
        let checked = CheckedClaim {
            claim,
            verdict: ClaimVerdict::Stale,
            rewrite: Some((*rewrite).to_owned()),
            ..CheckedClaim::default()
        };
        Fix {
            edits: plan_edits(note, &checked).unwrap(),
            target: Target::Claim(Box::new(checked)),
            causes: Vec::new(),
        }
    };
    claims.zip(rewrites).map(fix).collect()
}

/// The proved text, or the line of the claim that is in the way.
fn proved(note: &str, fixes: &[Fix]) -> Result<String, usize> {
    let fixes: Vec<&Fix> = fixes.iter().collect();
    prove(note, &fixes, &read).map_err(|(line, _)| line)
}

const NOTE: &str = "# 题\n\n> ```python\n> f(1)  # 1\n> f(2)  # 2\n> ```\n\n    g()  # 3\n";

#[test]
fn edits_of_claims_are_proved() {
    let expected = NOTE.replace("# 1", "# one").replace("# 3", "# three");
    let mut fixes = fixes(NOTE, &["one", "2", "three"]);
    fixes.remove(1);
    assert_eq!(proved(NOTE, &fixes), Ok(expected));
}

#[test]
fn the_claim_in_the_way_is_named() {
    let note = "```\nf()  # 1\n# 2\ng()  # 3\n```\n\nend\n";
    let refused = |rewrites: &[&str]| proved(note, &fixes(note, rewrites));
    assert_eq!(
        refused(&["a", "b", "c # d"]),
        Ok(note
            .replace("# 1", "# a")
            .replace("# 2", "# b")
            .replace("# 3", "# c # d"))
    );
    let mut wrong = fixes(note, &["a", "b", "c"]);
    wrong[1].edits[0].bytes.start -= 2;
    assert_eq!(
        proved(note, &wrong),
        Err(3),
        "the comment is no comment any more"
    );
    let mut wrong = fixes(note, &["a", "b", "c"]);
    wrong[2].edits[0].text = "c\n```\n".into();
    assert_eq!(proved(note, &wrong), Err(4), "the block ends earlier");
    let mut wrong = fixes(note, &["a", "b", "c"]);
    if let Target::Claim(checked) = &mut wrong[0].target {
        checked.rewrite = Some("other".into());
    }
    assert_eq!(
        proved(note, &wrong),
        Err(2),
        "it says something else than asked for"
    );
}

#[test]
fn what_stands_beside_the_claims_must_stay() {
    let note = "# a\n\n```\nf()  # 1\nx = 1\n```\n";
    let edited = |bytes: std::ops::Range<usize>, text: &str| {
        let mut fixes = fixes(note, &["2"]);
        let edit = Edit {
            bytes,
            text: text.into(),
        };
        fixes[0].edits.insert(0, edit);
        fixes[0].edits.sort_by_key(|edit| edit.bytes.start);
        proved(note, &fixes)
    };
    assert_eq!(edited(2..3, "b"), Err(4), "the heading");
    assert_eq!(edited(8..8, "py"), Err(4), "the tag");
    assert_eq!(edited(9..10, "g"), Err(4), "the code of the claim");
    assert_eq!(edited(18..24, ""), Err(4), "a line of code");
}

#[test]
fn lines_may_come_and_go_with_a_claim() {
    let section = |text: &str| {
        let mut read = read(text);
        for (block, claims) in &mut read {
            let source = Source::of(text, block);
            let lines: Vec<&str> = block.text.lines().skip(1).collect();
            let bytes = lines
                .iter()
                .enumerate()
                .map(|(at, line)| source.bytes(at + 1, 0..line.len()).unwrap());
            *claims = vec![Claim {
                claimed: lines.join("\n"),
                bytes: bytes.collect(),
                ..Claim::default()
            }];
            claims.retain(|claim| !claim.bytes.is_empty());
        }
        read
    };
    let note = "> ```\r\n> f()\r\n> a\r\n> b\r\n> ```\r\n\r\n```\r\ng()\r\n```\r\n";
    let rewritten = |rewrite: &str| {
        let checked = CheckedClaim {
            claim: section(note)[0].1[0].clone(),
            rewrite: Some(rewrite.into()),
            ..CheckedClaim::default()
        };
        let edits = plan_edits(note, &checked).unwrap();
        let fix = Fix {
            target: Target::Claim(Box::new(checked)),
            edits,
            causes: Vec::new(),
        };
        prove(note, &[&fix], &section)
            .map_err(|(line, refusal)| format!("{line}: {}", refusal.message().en))
    };
    assert_eq!(rewritten("x").unwrap(), note.replace("a\r\n> b", "x"));
    assert_eq!(
        rewritten("x\n\ny\nz").unwrap(),
        note.replace("a\r\n> b", "x\r\n>\r\n> y\r\n> z")
            .replace("\r\n>\r\n", "\r\n> \r\n")
    );
    assert_eq!(rewritten("").unwrap(), note.replace("> a\r\n> b\r\n", ""));
    assert!(rewritten("```\nx").is_err());
}

proptest! {
    #[test]
    fn what_is_proved_differs_in_the_claims_alone(
        prefix in prop_oneof![Just(""), Just("> "), Just("- "), Just("1. > ")],
        end in prop_oneof![Just("\n"), Just("\r\n")],
        claimed in prop::collection::vec("[a-z数`#]{1,4}", 1..5),
        rewrites in prop::collection::vec("[A-Z数`# ]{1,4}", 1..5),
        last in prop::bool::ANY,
    ) {
        let rest: String = prefix.chars().map(|c| if c == '>' { '>' } else { ' ' }).collect();
        let code: String = claimed.iter().map(|claimed| format!("{rest}f()  # {claimed}{end}")).collect();
        let close = if last { format!("{rest}```{end}") } else { String::new() };
        let note = format!("{prefix}```py{end}{code}{close}");
        let rewrites: Vec<&str> = rewrites.iter().map(String::as_str).collect();
        let fixes = fixes(&note, &rewrites);
        if let Ok(after) = proved(&note, &fixes) {
            let outside = |text: &str| -> Vec<String> {
                text.split_inclusive('\n').map(|line| match line.split_once("# ") {
                    Some((code, said)) => format!("{code}{}", &said[said.trim_end_matches(['\r', '\n']).len()..]),
                    None => line.to_owned(),
                }).collect()
            };
            prop_assert_eq!(outside(&after), outside(&note));
            let says: Vec<String> = read(&after).remove(0).1.into_iter().map(|claim| claim.claimed.trim_end().to_owned()).collect();
            let wanted = claimed.iter().map(String::as_str).enumerate().map(|(at, claimed)| rewrites.get(at).map_or(claimed, |rewrite| rewrite.trim_end()));
            prop_assert!(says.iter().map(String::as_str).eq(wanted));
        }
    }
}

#[test]
fn a_line_of_a_claim_that_was_compared_line_by_line_is_rewritten() {
    let read = |text: &str| {
        let blocks = markdown::blocks(text).blocks.into_iter();
        let claimed = |block: &Block| {
            let source = Source::of(text, block);
            let lines = block.text.lines().enumerate();
            Claim {
                lines: block.lines,
                form: ClaimForm::NextBlock,
                claimed: block.text.trim_end().to_owned(),
                bytes: lines
                    .map(|(at, line)| source.bytes(at, 0..line.len()).unwrap())
                    .collect(),
                ..Claim::default()
            }
        };
        blocks
            .map(|block| (block.clone(), vec![claimed(&block)]))
            .collect::<Vec<_>>()
    };
    let note = "```text\na\nb\nc\n```\n";
    let whole = read(note).remove(0).1.remove(0);
    let line = |at: usize, text: &str, rewrite: &str| {
        let checked = CheckedClaim {
            claim: Claim {
                lines: Lines {
                    first: 2 + at,
                    last: 2 + at,
                },
                claimed: text.to_owned(),
                bytes: vec![whole.bytes[at].clone()],
                ..whole.clone()
            },
            rewrite: Some(rewrite.to_owned()),
            ..CheckedClaim::default()
        };
        Fix {
            edits: plan_edits(note, &checked).unwrap(),
            target: Target::Claim(Box::new(checked)),
            causes: Vec::new(),
        }
    };
    let fixes = [line(1, "b", "B"), line(2, "c", "C")];
    let fixes: Vec<&Fix> = fixes.iter().collect();
    assert_eq!(
        prove(note, &fixes, &read).unwrap(),
        "```text\na\nB\nC\n```\n"
    );
}
