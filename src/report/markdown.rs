//! The report in Markdown, to be pasted or shown as the summary of a job: the counts, a table of
//! the problems, and each with its evidence, folded away.
//!
//! Whatever comes from notes is escaped: it can't become a link, a mention or HTML.

use super::ci::{self, Options};
use super::diff::Line;
use super::tell::Weight;
use super::tell::{self, Issue, Told};
use super::text;
use super::words::ci as words;
use crate::model::{Lang, Report, Text};

/// Problems of the table.
const ROWS: usize = 1000;

/// The whole report, at most so many bytes long. What does not fit is counted.
pub fn render(report: &Report, options: &Options, most: usize) -> String {
    let issues = tell::all(report, options.strict);
    let of = |weight| -> Vec<&Issue> {
        let issues = issues.iter();
        issues.filter(|issue| issue.weight == weight).collect()
    };
    let lang = report.lang;
    let errors = of(Weight::Error);
    let title = match errors.len() {
        0 => words::all_is_well(),
        count => words::problems(count),
    };
    let counts = inline(ci::counts(report).get(lang));
    let mut page = Page {
        text: format!("## {}\n\n{counts}\n", title.get(lang)),
        options,
        lang,
        most,
    };
    page.table(&errors);
    page.details(&errors);
    let (warnings, known) = (of(Weight::Warning), of(Weight::Known));
    page.folded(&words::warnings(warnings.len()), &warnings);
    page.folded(&words::known_problems(known.len()), &known);
    page.text
}

struct Page<'a> {
    text: String,
    options: &'a Options,
    lang: Lang,
    most: usize,
}

impl Page<'_> {
    fn table(&mut self, issues: &[&Issue]) {
        if issues.is_empty() {
            return;
        }
        let heads = words::columns();
        let [place, wrong, cause] = heads.each_ref().map(|head| head.get(self.lang));
        let mut table = format!("\n| {place} | {wrong} | {cause} |\n|---|---|---|\n");
        // The details below the table say the same at length, so it may have half of the room.
        let room = self.most.saturating_sub(self.text.len()) / 2;
        let mut rows = 0;
        for issue in issues.iter().take(ROWS) {
            let row = format!(
                "| {} | {} | {} |\n",
                self.link(issue),
                inline(&issue.title),
                inline(&format!("`{}`", issue.rule))
            );
            if table.len() + row.len() > room {
                break;
            }
            table.push_str(&row);
            rows += 1;
        }
        self.text.push_str(&table);
        self.cut(issues.len() - rows);
    }

    /// Each problem with its evidence, as long as there is room.
    fn details(&mut self, issues: &[&Issue]) {
        for (at, issue) in issues.iter().enumerate() {
            let detail = detail(issue);
            if !self.has_room(detail.len()) {
                self.cut(issues.len() - at);
                return;
            }
            self.text.push_str(&detail);
        }
    }

    /// A list that is folded away.
    fn folded(&mut self, title: &Text, issues: &[&Issue]) {
        if issues.is_empty() {
            return;
        }
        let open = format!(
            "\n<details>\n<summary>{}</summary>\n\n",
            title.get(self.lang)
        );
        let close = "\n</details>\n";
        if !self.has_room(open.len() + close.len()) {
            return self.cut(issues.len());
        }
        self.text.push_str(&open);
        for (at, issue) in issues.iter().enumerate() {
            let line = format!("- {}: {}\n", self.link(issue), inline(&issue.title));
            if !self.has_room(line.len() + close.len()) {
                self.cut(issues.len() - at);
                break;
            }
            self.text.push_str(&line);
        }
        self.text.push_str(close);
    }

    /// Room is kept for saying what was left out.
    fn has_room(&self, bytes: usize) -> bool {
        const KEPT: usize = 1000;
        self.text.len() + bytes + KEPT <= self.most
    }

    fn cut(&mut self, count: usize) {
        if count > 0 {
            let cut = words::left_out(count);
            self.text.push_str(&format!("\n{}\n", cut.get(self.lang)));
        }
    }

    fn link(&self, issue: &Issue) -> String {
        if issue.path.is_empty() {
            return inline("verify");
        }
        let address = self.options.link(issue.path, issue.place);
        format!("[{}](<{address}>)", inline(&shown_place(issue)))
    }
}

/// A problem with its evidence, folded away.
fn detail(issue: &Issue) -> String {
    let mut lines = vec![
        "\n<details>".to_owned(),
        format!(
            "<summary>{}: {}</summary>\n",
            html(&shown_place(issue)),
            html(&issue.title)
        ),
    ];
    for told in &issue.evidence {
        match told {
            Told::Words(words) => lines.push(item(words)),
            Told::Sides(heading, sides) => {
                lines.push(format!("{}\n", item(heading)));
                lines.push(diff(sides));
            }
        }
    }
    let helps = issue.helps.iter();
    lines.extend(helps.map(|help| item(words::help(help).get(issue.lang))));
    lines.push("\n</details>\n".to_owned());
    lines.join("\n")
}

fn shown_place(issue: &Issue) -> String {
    let path = text::visible_line(issue.path);
    match issue.place {
        Some(place) => format!("{path}:{}", place.line),
        None => path,
    }
}

/// An item of a list. Lines of a text go below each other.
fn item(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(inline).collect();
    format!("- {}", lines.join("<br>"))
}

/// A block of differing lines, in a fence that none of them can close.
fn diff(lines: &[Line]) -> String {
    let lines: Vec<String> = lines.iter().map(Line::plain).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max();
    let fence = "`".repeat((longest.unwrap_or_default() + 1).max(3));
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    format!("  {fence}diff\n{}\n  {fence}", lines.join("\n"))
}

pub(super) fn longest_run(line: &str) -> usize {
    let runs = line.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}

/// How a text is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// A line of Markdown.
    Markdown,
    /// HTML, in which Markdown means nothing.
    Html,
}

/// A line of Markdown in which only what stands between backticks is set as code.
fn inline(text: &str) -> String {
    set(text, Within::Markdown)
}

/// The same within HTML.
fn html(text: &str) -> String {
    set(text, Within::Html)
}

fn set(text: &str, within: Within) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text, within);
    }
    let part = |(at, part): (usize, &&str)| match (at % 2, part.is_empty()) {
        (0, _) => words_of(part, within),
        (_, true) => escape("``", within),
        _ => format!("<code>{}</code>", escape(part, within)),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Running text: addresses are links, and an `@` calls nobody.
fn words_of(text: &str, within: Within) -> String {
    let may_be_in_url = |c: char| c.is_ascii_alphanumeric() || "/.-_#%~:?=&+".contains(c);
    let word = |word: &str| {
        let is_address = word.starts_with("https://") && word.chars().all(may_be_in_url);
        if is_address && within == Within::Markdown {
            return format!("<{word}>");
        }
        escape(word, within).replace('@', "<code>@</code>")
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Text that stays text.
fn escape(text: &str, within: Within) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\r' => escaped.push(' '),
            _ if c.is_ascii_punctuation() && within == Within::Markdown => {
                escape_mark(c, &mut escaped);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

fn escape_mark(c: char, escaped: &mut String) {
    if r"\`*_[]|~#!$".contains(c) {
        escaped.push('\\');
    }
    escaped.push(c);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

    use super::*;
    use crate::model::{Difference, Finding, Language, Status};
    use crate::report::sample::{assert_fixture, block, finding, note, sample};

    #[test]
    fn the_sample() {
        let options = Options {
            files: Some("https://git.example/notes/blob/1234/".to_owned()),
            ..Options::default()
        };
        assert_fixture("sample.report.md", &render(&sample(), &options, usize::MAX));
    }

    #[test]
    fn a_report_is_cut_where_there_is_no_more_room() {
        let whole = render(&sample(), &Options::default(), usize::MAX);
        for most in [2000, 4000, 8000] {
            let cut = render(&sample(), &Options::default(), most);
            assert!(
                cut.len() <= most && cut.len() < whole.len(),
                "{}",
                cut.len()
            );
            assert!(cut.contains("do not fit in here"), "{cut}");
            assert_eq!(
                cut.matches("<details>").count(),
                cut.matches("</details>").count()
            );
        }
        assert!(!whole.contains("do not fit in here"));
    }

    #[test]
    fn code_addresses_and_marks_are_set_apart() {
        assert_eq!(
            inline("the name `a_b|<c>` *is* gone"),
            "the name <code>a\\_b\\|&lt;c&gt;</code> \\*is\\* gone"
        );
        assert_eq!(inline("see https://a.b/c_d#e"), "see <https://a.b/c_d#e>");
        assert_eq!(inline("one ` only, @you"), "one \\` only, @you");
        assert_eq!(
            html("`a_b` @you <b>"),
            "<code>a_b</code> <code>@</code>you &lt;b&gt;"
        );
    }

    /// The text of the cells of every table, without the heads.
    fn cells(markdown: &str) -> Vec<String> {
        let mut cells = Vec::new();
        let mut open = false;
        for event in Parser::new_ext(markdown, Extensions::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::TableCell) => {
                    cells.push(String::new());
                    open = true;
                }
                Event::End(pulldown_cmark::TagEnd::TableCell) => open = false,
                Event::Text(text) | Event::Code(text) if open => {
                    cells.last_mut().unwrap().push_str(&text);
                }
                Event::InlineHtml(tag) if open => {
                    assert!(["<code>", "</code>"].contains(&&*tag), "{tag}");
                }
                _ => {}
            }
        }
        cells.split_off(3)
    }

    proptest! {
        #[test]
        fn a_title_stays_a_title(message in "([\\\\`*_|<>&#@!\\[\\]()\n\r]|\\PC|<b>|</details>|\\](x)){1,12}") {
            let mut stale = block((1, 1), Language::Python, "tagged python");
            stale.status = Some(Status::Stale);
            stale.findings = vec![Finding { rule: "rule".to_owned(), ..finding(1, &message) }];
            stale.difference = Some(Difference { recorded: message.clone(), actual: "```\n".to_owned(), ..Difference::default() });
            let report = Report { notes: vec![note("a|b.md", "# x\n", vec![stale])], ..Report::default() };
            let shown = render(&report, &Options::default(), usize::MAX);
            let cells = cells(&shown);
            prop_assert_eq!(cells.len(), 3, "{}", shown);
            prop_assert_eq!(&cells[0], "a|b.md:1");
            let title = text::visible_line(&message);
            let plain = |text: &str| text.replace('`', "").trim().to_owned();
            prop_assert_eq!(plain(&cells[1]), plain(&title), "{}", shown);
        }
    }
}
