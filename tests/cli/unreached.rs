//! What is gone in code that no run reaches.

use crate::support::Project;

/// The status of the first block, and its findings as rule, line and severity.
fn found(note: &str) -> (String, Vec<(String, u64, String)>) {
    let report = Project::with_note(note).verify("--format json").json();
    let block = &report["notes"][0]["blocks"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = block["findings"].as_array().unwrap().iter();
    let findings = findings
        .map(|finding| {
            let line = finding["line"].as_u64().unwrap();
            (text(&finding["rule"]), line, text(&finding["severity"]))
        })
        .collect();
    (text(&block["status"]), findings)
}

fn note(code: &str) -> String {
    format!("```python\n{code}\n```\n")
}

fn error(rule: &str, line: u64) -> (String, u64, String) {
    (rule.to_owned(), line, "error".to_owned())
}

#[test]
fn a_function_that_nothing_calls_is_read() {
    let code = "def f(d):\n    for k in d.iteritems():\n        print(unichr(k))\n\nprint(1)";
    let (status, findings) = found(&note(code));
    assert_eq!(status, "stale");
    assert_eq!(
        findings,
        [error("dict-iteritems", 3), error("py2-unichr", 4)]
    );
}

#[test]
fn what_ran_well_is_not_gone() {
    let code = "class Table:\n    def rows(self):\n        return [1]\n\nimport types\ntable = types.SimpleNamespace(**{'iteritems': lambda: [1]})\n\ndef f(d):\n    return d.iteritems()\n\nprint(f(table))\nprint(table.iteritems())";
    let (status, findings) = found(&note(code));
    assert_eq!((status.as_str(), findings), ("new", vec![]));
}

#[test]
fn an_illustration_and_what_lacks_a_module_are_read() {
    let illustration = "response = urllib2.urlopen(url, ...Request)\nprint 'done'";
    let (status, findings) = found(&note(illustration));
    assert_eq!(status, "stale");
    assert_eq!(
        findings,
        [error("module-urllib2", 2), error("py2-print-statement", 3)]
    );
    let module = "import no_such_module_here\nx = raw_input()";
    let (status, findings) = found(&note(module));
    assert_eq!(status, "stale");
    assert_eq!(findings, [error("py2-raw-input", 3)]);
}

#[test]
fn what_stands_behind_an_error_is_told_once() {
    let code = "import sys\nprint(sys.maxint)\nprint(sys.maxint, xrange(3))";
    let (status, findings) = found(&note(code));
    assert_eq!(status, "stale");
    assert_eq!(
        findings,
        [
            error("sys-maxint", 3),
            error("sys-maxint", 4),
            error("py2-xrange", 4)
        ]
    );
}

#[test]
fn what_the_note_calls_old_or_an_error_is_right() {
    let guarded = "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n\ndef f():\n    if str is bytes:\n        pass\nprint(pickle.loads(pickle.dumps(1)))";
    assert_eq!(found(&note(guarded)).1, []);
    let old = format!(
        "# Python 2 的写法\n\n{}",
        note("def f():\n    return xrange(3)")
    );
    assert_eq!(found(&old).1, []);
    let claimed = "print(xrange(3))  # NameError";
    assert_eq!(found(&note(claimed)).1, []);
}

#[test]
fn a_comment_about_the_encoding_of_source_code_is_read() {
    let code = "# -*- coding: utf-8 -*-  # 没有这一行，中文会报错\nprint('中')";
    let (status, findings) = found(&note(code));
    assert_eq!(status, "stale");
    assert_eq!(findings, [error("py2-source-encoding", 2)]);
}
