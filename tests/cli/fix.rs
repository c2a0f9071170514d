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

/// A note with false claims of every form that can be rewritten, and a Windows editor's traces.
const FALSE: &str = "\u{feff}# 数字\r\n\r\n```python\r\nx = 7 / 2   # 3 （整数）  \r\nprint(x)\t# 输出: 3\r\nlen('数') -> 2\r\nmax(1, 2)\r\n1\r\n```\r\n\r\n> ```pycon\r\n> >>> 'a' * 3\r\n> 'aa'\r\n> >>> [1, 2]\r\n> [1, ..., 2]\r\n> >>> print('a\\nb')\r\n> a\r\n> ```\r\n\r\n1. list\r\n\r\n   ```python\r\n   print('一')\r\n   print('二')\r\n   ```\r\n\r\n   ```text\r\n   一\r\n   三\r\n   ```\r\n\r\n```pycon\r\n>>> 1 + 1\r\n3";

#[test]
fn what_came_is_written_and_nothing_else() {
    let project = Project::with_note(FALSE);
    let session = project.verify("fix --yes");
    assert_eq!(session.code, Some(0), "{}", session.text());
    let expected = FALSE
        .replace("# 3 （整数）", "# 3.5 （整数）")
        .replace("输出: 3\r", "输出: 3.5\r")
        .replace("-> 2", "-> 1")
        .replace("max(1, 2)\r\n1\r", "max(1, 2)\r\n2\r")
        .replace("'aa'", "'aaa'")
        .replace("> a\r\n", "> a\r\n> b\r\n")
        .replace("三", "二");
    let expected = format!("{}2", expected.strip_suffix('3').unwrap());
    assert_eq!(project.read("notes/a.md"), expected);
    project.verify("fix --yes").exits(0);
    assert_eq!(project.read("notes/a.md"), expected);
    let report = project.verify("--format json").json();
    assert_eq!(report["summary"]["claims_stale"], 0, "{report:#}");
}

#[test]
fn a_dry_run_prints_a_patch_and_writes_nothing() {
    let project = Project::with_note("```python\nprint(7 // 2)  # 4\n```\n");
    let before = project.files();
    project.verify("fix --dry-run").is(str![[r#"
--- a/notes/a.md
+++ b/notes/a.md
@@ -1,3 +1,3 @@
 ```python
-print(7 // 2)  # 4
+print(7 // 2)  # 3
 ```
[stderr]
notes/a.md: 1 claim would be rewritten
[exit 1]

"#]]);
    assert_eq!(project.files(), before);
}

#[test]
fn what_varies_or_raises_is_left_and_named() {
    let code = "import random\nprint(random.random() < 2)  # False\nint('x')  # 3\n";
    let project = Project::with_note(&note(&[
        code,
        "print(open('/proc/uptime').read())  # 'x'",
        "1 / 0  # 1",
    ]));
    let session = project.verify("fix --yes");
    session.is(str![[r#"
3 stale claims can't be rewritten:
  notes/a.md:9: what came is another thing in every run; write `...` in place of what varies
  notes/a.md:4, notes/a.md:13: the snippet raises an exception; mend it, or write in the note that it raises
[exit 1]

"#]]);
}
