//! The page as text: whole, in order, and closed to whatever a note holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::model::{BlockReport, Finding, Form, Grade, Language, Lines, Status, Text};
use crate::notes::blocks;
use crate::report::sample::{block, finding, note, sample};
use crate::report::tell;

/// Tags that may stand in the body of a note.
const TAGS: [&str; 33] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "div",
    "em",
    "figcaption",
    "figure",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "summary",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];
const ALONE: [&str; 3] = ["br", "hr", "img"];
const ATTRIBUTES: [&str; 14] = [
    "alt",
    "class",
    "data-heading",
    "data-n",
    "data-of",
    "href",
    "id",
    "lang",
    "scope",
    "src",
    "start",
    "tabindex",
    "title",
    "translate",
];

/// Goes through HTML as strictly as nobody has to, and gives back its attributes.
fn attributes(html: &str) -> Result<Vec<(String, String)>, String> {
    let mut open: Vec<&str> = Vec::new();
    let mut attributes = Vec::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        if text.contains('>') {
            return Err(format!("`>` in {text:?}"));
        }
        let (tag, after) = tag.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("`</{name}>` closes nothing"));
            }
            continue;
        }
        let (name, mut inner) = tag.split_once(' ').unwrap_or((tag, ""));
        if !TAGS.contains(&name) {
            return Err(format!("`<{name}>`"));
        }
        if !ALONE.contains(&name) {
            open.push(name);
        }
        while !inner.is_empty() {
            let (key, value) = inner
                .split_once("=\"")
                .ok_or(format!("{inner:?} in {tag:?}"))?;
            let (value, after) = value.split_once('"').ok_or("a value without an end")?;
            let is_known = ATTRIBUTES.contains(&key);
            if !is_known || value.contains('\'') {
                return Err(format!("{key}={value:?}"));
            }
            attributes.push((key.to_owned(), value.to_owned()));
            inner = after.trim_start();
        }
    }
    match open.pop() {
        Some(left) => Err(format!("`<{left}>` is not closed")),
        None if rest.contains('>') => Err(format!("`>` in {rest:?}")),
        None => Ok(attributes),
    }
}

/// A note whose blocks are all snippets with something to be said.
fn report_of(text: &str) -> Report {
    let found = blocks(text).blocks.into_iter().enumerate();
    let blocks = found.map(|(at, block)| BlockReport {
        status: Some([Status::Stale, Status::Pass, Status::New, Status::Failed][at % 4]),
        stdout: text.to_owned(),
        findings: vec![
            finding(block.lines.first, &format!("`{text}`")),
            finding(block.lines.last, text),
        ],
        block: crate::model::Block {
            language: [Language::Python, Language::Pycon][at % 2],
            ..block
        },
        ..BlockReport::default()
    });
    Report {
        notes: vec![crate::model::NoteReport {
            path: "a\"<b>.md".to_owned(),
            text: text.to_owned(),
            blocks: blocks.collect(),
            ..crate::model::NoteReport::default()
        }],
        ..Report::default()
    }
}

fn body_of(report: &Report, at: usize) -> String {
    let options = Options::default();
    let links = Links::new(&report.notes, &options);
    let note = &report.notes[at];
    let places = place::of_note(report, note, false);
    note::body(report, &links, (at + 1, note), &places)
}

fn of_key<'a>(attributes: &'a [(String, String)], key: &str) -> Vec<&'a str> {
    let of_key = attributes.iter().filter(|(name, _)| name == key);
    of_key.map(|(_, value)| value.as_str()).collect()
}

/// Each place has its name once, nothing else has a name of its own, and no link leads away.
fn holds_together(report: &Report) -> Result<(), String> {
    let html = body_of(report, 0);
    let attributes = attributes(&html).map_err(|error| format!("{error}\n{html}"))?;
    let mut ids = of_key(&attributes, "id");
    for place in place::of_note(report, &report.notes[0], false) {
        let id = format!("n1-{}", place.id);
        if ids.iter().filter(|found| **found == id).count() != 1 {
            return Err(format!("{id} is not there once\n{html}"));
        }
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != all {
        return Err(format!("a name is there twice\n{html}"));
    }
    let leads_away = |target: &&str| {
        let before = target.split(['/', '#', '?']).next().unwrap_or_default();
        before.contains(':')
            && !["https:", "http:"].contains(&before)
            && !before.starts_with("mailto:")
    };
    match of_key(&attributes, "href")
        .iter()
        .find(|target| leads_away(target))
    {
        Some(target) => Err(format!("{target:?}\n{html}")),
        None => Ok(()),
    }
}

#[test]
fn every_problem_and_reason_of_the_sample_is_told() {
    let report = sample();
    let page = render(&report, &Options::default());
    let (_, shown) = page.split_once("<main").unwrap();
    for issue in tell::all(&report, false) {
        let is_told_by_verdict = issue.rule == crate::report::words::ci::NOT_RECORDED;
        let title = sentence(&issue.full_title());
        assert!(is_told_by_verdict || page.contains(&title), "{title}");
    }
    for reason in [
        "fragment: the placeholder &lt;path&gt;",
        "needs-module: numpy",
        "needs-input",
    ] {
        assert!(shown.contains(reason), "{reason}");
    }
    for (at, note) in report.notes.iter().enumerate() {
        attributes(&body_of(&report, at)).unwrap();
        assert!(
            page.contains(&format!("<a href=\"#n{}\">", at + 1)),
            "{}",
            note.path
        );
    }
}

#[test]
fn the_policy_names_what_stands_in_the_page() {
    let page = render(&sample(), &Options::default());
    for (open, close, directive) in [
        ("<style>", "</style>", "style-src"),
        ("<script>", "</script>", "script-src"),
    ] {
        let (_, text) = page.split_once(open).unwrap();
        let (text, _) = text.split_once(close).unwrap();
        let wanted = format!("{directive} {};", hash(text));
        assert!(page.contains(&wanted), "{wanted}");
    }
    assert_eq!(
        hash(""),
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    );
    assert!(page.contains("default-src 'none';"));
}

#[test]
fn a_card_stands_below_its_line_and_a_mention_below_its_paragraph() {
    let text = "Use `sys.maxint` here.\n\n```python\na = 1\nb = a\n```\n";
    let stale = BlockReport {
        status: Some(Status::Stale),
        findings: vec![finding(4, "the cause")],
        ..block((4, 5), Language::Python, "tagged python")
    };
    let mut mention = block((1, 1), Language::Other, "");
    mention.block.form = Form::Inline;
    mention.findings = vec![Finding {
        rule: "sys-maxint".to_owned(),
        ..finding(1, "`sys.maxint` is gone")
    }];
    let mut note = note("a.md", text, vec![stale]);
    note.mentions = vec![mention];
    let report = Report {
        notes: vec![note],
        ..Report::default()
    };
    let html = body_of(&report, 0);
    let order = [
        "<code translate=\"no\"><mark>sys.maxint</mark></code> here.</p>\n<div id=\"n1-M1\"",
        "data-n=\"4\"><mark>a = </mark><mark><i class=\"n\">1</i></mark>\n</span></pre><div class=\"card",
        "the cause</span> <code class=\"rule\">rule</code>",
        "<pre translate=\"no\"><span class=\"l\" data-n=\"5\">b = a\n</span></pre>",
    ];
    let mut rest = html.as_str();
    for part in order {
        rest = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part}\n{html}"))
            .1;
    }
}

#[test]
fn markdown_becomes_what_its_reader_knows() {
    let report = |text: &str| Report {
        notes: vec![note("a.md", text, Vec::new())],
        ..Report::default()
    };
    let shown = |text: &str| body_of(&report(text), 0);
    for (text, html) in [
        (
            "# A\n\n### B\n",
            "<h3 class=\"h1\" id=\"n1-a\">A</h3>\n<h4 class=\"h3\" id=\"n1-b\">B</h4>\n",
        ),
        (
            "# A\n\n# A\n",
            "<h3 class=\"h1\" id=\"n1-a\">A</h3>\n<h3 class=\"h1\" id=\"n1-a-1\">A</h3>\n",
        ),
        ("#\n\nx\n", "<p>x</p>\n"),
        ("中文\n一行 a\nb\n", "<p>中文一行 a\nb</p>\n"),
        (
            "3. a\n4. b\n",
            "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n",
        ),
        (
            "| a | |\n|--:|---|\n| b |\n",
            "<table>\n<tr><th scope=\"col\" class=\"right\">a</th><td></td></tr>\n<tr><td class=\"right\">b</td><td></td></tr>\n</table>\n",
        ),
        (
            "a<br>*b* ~~c~~ **d** <kbd>\n",
            "<p>a<br><em>b</em> <s>c</s> <strong>d</strong> <code class=\"raw\">&lt;kbd&gt;</code></p>\n",
        ),
        (
            "<!-- verify: skip -->\n\n<b>x</b> <!-- y -->\n",
            "<p><code class=\"raw\">&lt;b&gt;</code>x<code class=\"raw\">&lt;/b&gt;</code> </p>\n",
        ),
        (
            "[](https://a.b) [x](javascript:y)\n",
            "<p><a href=\"https://a.b\">https://a.b</a> <span class=\"dropped\" title=\"link left out: javascript:y\">x</span></p>\n",
        ),
        (
            "![](https://a.b/c.png)\n",
            "<p><a href=\"https://a.b/c.png\"><span class=\"picture\" lang=\"en\">picture</span> c.png</a></p>\n",
        ),
        ("---\ntitle: x\n---\n\ny\n", "<p>y</p>\n"),
        (
            "=== \"Tab\"\n\n    inside\n",
            "<p class=\"tab\">Tab</p>\n<p>inside</p>\n",
        ),
    ] {
        assert_eq!(shown(text), html, "{text:?}");
    }
}

#[test]
fn a_chinese_report_has_a_chinese_page() {
    let mut report = sample();
    report.lang = Lang::Zh;
    let page = render(&report, &Options::default());
    assert!(page.contains("<html lang=\"zh-CN\">"));
    for word in ["过时 <b>", "搜索笔记", "目录", "快捷键"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn nothing_of_a_hostile_note_gets_through() {
    let text = include_str!("../../../tests/fixtures/page/hostile/hostile.md");
    let report = report_of(text);
    holds_together(&report).unwrap();
    let page = render(&report, &Options::default());
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert_eq!(page.matches("</noscript").count(), 1);
    assert!(!page.contains("a\"<b>"));
}

#[test]
fn odd_lines_do_no_harm() {
    let mut odd = block((7, 9), Language::Python, "");
    odd.status = Some(Status::Stale);
    odd.block.lines = Lines { first: 90, last: 3 };
    odd.block.text = "x\n".to_owned();
    odd.findings = vec![finding(usize::MAX, "far"), finding(0, "near")];
    let report = Report {
        notes: vec![note("a.md", "text\n", Vec::new())],
        ..Report::default()
    };
    let mut with = report.clone();
    with.notes[0].blocks = vec![odd];
    with.warnings = vec![crate::model::Warning {
        path: "a.md".to_owned(),
        line: Some(77),
        message: Text::same("of the note"),
        help: None,
        grade: Grade::Warning,
    }];
    let html = body_of(&with, 0);
    attributes(&html).unwrap();
    for told in ["far", "near", "of the note", "data-n=\"90\""] {
        assert!(html.contains(told), "{told}\n{html}");
    }
}

const PIECES: &str = "([a-z*_`~#>|!\\[\\]() \n<&\"'=/:-]|\n\n|\n> |\n- |\n    |```|```python\n|</noscript>|<script>\
|<b onclick=x>|<!--|-->|\\]\\(javascript:x\\)|\\[\\^a\\]|\n\\[\\^a\\]: |\\|---\\|\n|!!! note\n\n    |>>> |import x\n|数){0,40}";

proptest! {
    #[test]
    fn no_note_opens_the_page(text in PIECES) {
        prop_assert_eq!(holds_together(&report_of(&text)), Ok(()));
    }
}
