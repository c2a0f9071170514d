//! What `verify fix` does to notes.

use snapbox::str;

use crate::support::{Project, note};

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let project = Project::with_note(&note(&["print(1)"]));
    project.verify("fix").is(str![[r#"
[stderr]
error: `verify fix` asks before it rewrites a claim, and can't here: standard input and output are no terminal; add `--dry-run` to see what it would rewrite, or `--yes` to have all of it rewritten
[exit 2]

"#]]);
    let unattended = project.variable("CI", "true");
    let session = unattended.verify("fix");
    assert!(session.err.contains("`CI` is set"), "{}", session.text());
    assert_eq!(session.code, Some(2));
}

#[test]
fn a_note_without_stale_claims_is_left_as_it_is() {
    let project = Project::with_note(&note(&["print(1)", "1 / 0"]));
    let before = project.files();
    project.verify("fix --yes").is(str![[r#"
nothing to rewrite: no claim that was checked is stale
[exit 0]

"#]]);
    project.verify("fix --dry-run").is(str![[r#"
[stderr]
nothing to rewrite: no claim that was checked is stale
[exit 0]

"#]]);
    assert_eq!(project.files(), before);
}
