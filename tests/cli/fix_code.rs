//! What `verify fix --code` does to notes.

use serde_json::Value;
use snapbox::str;

use crate::support::{Project, note};

/// Rules and helps of all findings of a report.
fn helps(report: &Value) -> Vec<(String, String)> {
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let findings = blocks
        .iter()
        .flat_map(|block| block["findings"].as_array().unwrap());
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    findings
        .map(|finding| (text(finding, "rule"), text(finding, "help")))
        .collect()
}

/// The findings of a note as text for comparing.
fn told(text: &str) -> Vec<String> {
    let report = Project::with_note(text).verify("--format json").json();
    let helps = helps(&report).into_iter();
    helps
        .map(|(rule, help)| format!("{rule}: {help}"))
        .collect()
}

const OLD: &str = "\u{feff}# 打印\r\n\r\n```python\r\nx = [3, 1]\r\nfor i in x:\r\n    print \"第 %d 个\" % i,  # 逗号\r\nprint\r\nprint `x`, 0777L  # [3, 1] 511\r\n```\r\n\r\n> 引用：\r\n>\r\n> ```\r\n> try:\r\n>     raise ValueError, \"bad\"\r\n> except (KeyError, ValueError), e:\r\n>     print e\r\n> ```\r\n\r\n1. 列表\r\n\r\n   ```pycon\r\n   >>> print \"a\", \\\r\n   ...     1\r\n   a 1\r\n   >>> def f(a, (b, c)):\r\n   ...     print a, b\r\n   ...\r\n   >>> f(1, (2, 3))\r\n   1 2\r\n   ```\r\n\r\n2. 缩进\r\n\r\n       print \"a\"\r\n       print x\r\n\r\nend";

#[test]
fn old_code_becomes_what_ran_and_nothing_else_changes() {
    let project = Project::with_note(OLD);
    project.verify("fix --code --yes").is(str![[r#"
notes/a.md: 4 snippets rewritten
next: look at `git diff`, then run `verify`, which compares what the notes say with the new code
[exit 0]

"#]]);
    let expected = OLD
        .replace(
            "print \"第 %d 个\" % i,",
            "print(\"第 %d 个\" % i, end=\" \")",
        )
        .replace("print\r\n", "print()\r\n")
        .replace("print `x`, 0777L", "print(repr(x), 0o777)")
        .replace("ValueError, \"bad\"", "ValueError(\"bad\")")
        .replace("ValueError), e:", "ValueError) as e:")
        .replace("print e\r", "print(e)\r")
        .replace(
            ">>> print \"a\", \\\r\n   ...     1",
            ">>> print(\"a\", \\\r\n   ...     1)",
        )
        .replace("(b, c)):", "b_c):")
        .replace("print a, b", "b, c = b_c; print(a, b)")
        .replace("print \"a\"\r", "print(\"a\")\r")
        .replace("print x", "print(x)");
    assert_eq!(project.read("notes/a.md"), expected);
    let report = project.verify("--format json").json();
    assert_eq!(helps(&report), []);
    assert_eq!(report["summary"]["claims_stale"], 0, "{report:#}");
    assert_eq!(report["summary"]["new"], 4, "{report:#}");
    project.verify("fix --code --yes").exits(0);
    assert_eq!(project.read("notes/a.md"), expected);
}

#[test]
fn a_note_in_english_is_shown_as_a_patch_first() {
    let text = "# Printing\n\n    s = \"x\"\n    exec \"y = 1\" in {}\n    print s <> \"y\"  # True\n\nText.\n";
    let project = Project::with_note(text);
    project.verify("fix --code --dry-run").is(str![[r#"
--- a/notes/a.md
+++ b/notes/a.md
@@ -1,7 +1,7 @@
 # Printing
 
     s = "x"
-    exec "y = 1" in {}
-    print s <> "y"  # True
+    exec("y = 1", {})
+    print(s != "y")  # True
 
 Text.
[stderr]
notes/a.md: 1 snippet would be rewritten
[exit 1]

"#]]);
    assert_eq!(project.read("notes/a.md"), text);
}

#[test]
fn what_does_not_run_is_left_alone_and_named() {
    let text = note(&[
        "print missing",
        "def f((a, b)):\n    if a:\n        print b\n",
    ]) + "\n```py2\nprint 'kept'\n```\n\nPython 2:\n\n```\nprint 'kept too'\n```\n";
    let project = Project::with_note(&text);
    project.verify("fix --code --yes").is(str![[r#"
4 places can't be rewritten:
  notes/a.md:2, notes/a.md:6: it is not known how to write this today so that it runs; mend it by hand
  notes/a.md:13, notes/a.md:19: the note says that this is Python 2; `<!-- verify: skip -->` above it leaves it out
[exit 1]

"#]]);
    assert_eq!(project.read("notes/a.md"), text);
}

#[test]
fn only_inputs_that_ran_are_rewritten_in_a_session() {
    let text = "```pycon\n>>> print 1\n1\n>>> print missing\n>>> print 'a'  \na\n```\n";
    let project = Project::with_note(text);
    let session = project.verify("fix --code --yes");
    assert_eq!(session.code, Some(1), "{}", session.text());
    let expected = text
        .replace("print 1", "print(1)")
        .replace("print 'a'", "print('a')");
    assert_eq!(project.read("notes/a.md"), expected);
}

#[test]
fn what_raises_as_the_note_says_is_not_old() {
    let text =
        "```pycon\n>>> print 'a'\nSyntaxError: Missing parentheses in call to 'print'\n```\n";
    let project = Project::with_note(text);
    let session = project.verify("fix --code --yes");
    assert_eq!(session.code, Some(0), "{}", session.text());
    assert_eq!(project.read("notes/a.md"), text);
}

#[test]
fn what_ran_is_the_help_and_else_what_the_catalogue_says() {
    assert_eq!(
        told(&note(&["x = 1\nprint x", "print missing\nprint 'a'"])),
        [
            "py2-print-statement: write `print(x)`",
            "py2-print-statement: call it: `print(x)`",
            "py2-print-statement: write `print('a')`",
        ]
    );
}

#[test]
fn snippets_below_see_what_python_2_defines_above() {
    let text = note(&[
        "def f(x): print x\nxs = [1, 2]",
        "f(xs)",
        "print f(xs), xs  # None [1, 2]",
    ]);
    let report = Project::with_note(&text).verify("--format json").json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let status: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block["status"].as_str())
        .collect();
    assert_eq!(status, ["stale", "new", "stale"]);
    assert_eq!(blocks[1]["stdout"], "[1, 2]\n");
    assert_eq!(blocks[1]["depends_on"], serde_json::json!([2]));
    assert_eq!(report["summary"]["claims_checked"], 1, "{report:#}");
    assert_eq!(report["summary"]["claims_stale"], 0, "{report:#}");
}

#[test]
fn names_that_are_gone_become_what_does_the_same() {
    let text = note(&[
        "for i in xrange(2):\n    print i, unichr(97)",
        "d = {1: 2}\nif d.has_key(1):\n    xs = list(d.iteritems())\nxs  # [(1, 2)]",
        "import urlparse\nprint(urlparse.urlparse('http://a/b').path)  # /b",
    ]) + "\n- 会话：\n\n  ```pycon\n  >>> print raw_input, 1 if {}.has_key(2) else 0\n  >>> unicode('字')\n  '字'\n  ```\n";
    let project = Project::with_note(&text);
    let session = project.verify("fix --code --yes");
    assert_eq!(session.code, Some(0), "{}", session.text());
    let expected = text
        .replace("xrange", "range")
        .replace("print i, unichr(97)", "print(i, chr(97))")
        .replace("d.has_key(1)", "1 in d")
        .replace("iteritems", "items")
        .replace("import urlparse", "import urllib.parse")
        .replace("urlparse.urlparse(", "urllib.parse.urlparse(")
        .replace(
            "print raw_input, 1 if {}.has_key(2) else 0",
            "print(input, 1 if 2 in {} else 0)",
        )
        .replace("unicode(", "str(");
    assert_eq!(project.read("notes/a.md"), expected);
    let report = project.verify("--format json").json();
    assert_eq!(helps(&report), []);
    assert_eq!(report["summary"]["claims_stale"], 0, "{report:#}");
}
