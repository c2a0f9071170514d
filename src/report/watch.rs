//! The screen of `verify watch`: what was just looked at, the counts, and the problems, those of
//! the notes that were touched first, cut to the height of the terminal.
//!
//! Problems are those of the other reports, on one line each with their place and one below it
//! with what to do. Without a height nothing is cut.

use std::collections::BTreeSet;

use super::style::{DIM, ERROR, GOOD, HELP, Styles, TITLE, WARNING};
use super::tell::Weight;
use super::tell::{self, Issue};
use super::words::{ci as kinds, summary, watch as words};
use super::{ci, error, text, words as common};
use crate::model::{Lang, Report, Status, Text};
use crate::run::live::Refreshed;

/// How the screen is to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// With colours.
    pub color: bool,
    /// Columns.
    pub width: usize,
    /// Rows of a terminal that takes keys; none where all is told and nobody types.
    pub height: Option<usize>,
    /// Known problems and warnings count too.
    pub strict: bool,
}

/// One screen, with a line end.
pub fn render(report: &Report, refreshed: &Refreshed, screen: Screen) -> String {
    let lang = report.lang;
    let styles = Styles {
        color: screen.color,
    };
    let head = head(report, refreshed, styles, screen.width);
    let mut foot = Vec::new();
    if screen.height.is_some() {
        foot.push(styles.paint(DIM, words::keys().get(lang)));
    }
    let room = screen.height.map(|height| {
        let taken = head.len() + foot.len();
        // The line below the last one is where the cursor stands.
        height.saturating_sub(taken + 1)
    });
    let entries = entries(report, refreshed, screen);
    let body = fitted(entries, room, lang, styles);
    let mut lines: Vec<String> = head.into_iter().chain(body).chain(foot).collect();
    lines.push(String::new());
    lines.join("\n")
}

/// What stands below a report that is shown in full.
pub fn below_all(lang: Lang, color: bool) -> String {
    let styles = Styles { color };
    styles.paint(DIM, words::any_key().get(lang))
}

/// The question before recordings are written.
pub fn ask_record(lang: Lang) -> String {
    format!("{} ", words::ask_record().get(lang))
}

fn head(report: &Report, refreshed: &Refreshed, styles: Styles, width: usize) -> Vec<String> {
    let lang = report.lang;
    let line = |text: &Text| text::clip(&text::visible_line(text.get(lang)), width);
    let mut head = Vec::new();
    if report.summary.notes > 0 {
        let looked = words::looked_at(&refreshed.touched, refreshed.ran, refreshed.seconds);
        if !refreshed.touched.is_empty() {
            head.push(styles.paint(TITLE, &line(&looked)));
        }
        if !refreshed.gone.is_empty() {
            head.push(styles.paint(TITLE, &line(&words::gone(&refreshed.gone))));
        }
        head.push(line(&ci::counts(report)));
    }
    if let Some(trouble) = &refreshed.trouble {
        let told = error::render(&trouble.message, &trouble.help);
        let told = told
            .lines()
            .map(|line| text::clip(&text::visible_line(line), width));
        head.extend(told.map(|line| styles.paint(ERROR, &line)));
    } else if is_clean(report) {
        head.push(styles.paint(GOOD, words::nothing_to_do().get(lang)));
    }
    head.push(String::new());
    head
}

fn is_clean(report: &Report) -> bool {
    let mut issues = tell::all(report, false).into_iter();
    issues.all(|issue| issue.weight == Weight::Known)
}

/// What is to be told, each in its lines, the most urgent first.
fn entries(report: &Report, refreshed: &Refreshed, screen: Screen) -> Vec<Vec<String>> {
    let touched: BTreeSet<&str> = refreshed.touched.iter().map(String::as_str).collect();
    let mut issues = tell::all(report, screen.strict);
    issues.retain(|issue| issue.weight != Weight::Known && issue.rule != kinds::NOT_RECORDED);
    issues.sort_by_key(|issue| (!touched.contains(issue.path), issue.weight));
    let mut entries: Vec<Vec<String>> = issues.iter().map(|issue| entry(issue, screen)).collect();
    entries.extend(not_recorded(report, screen));
    entries
}

fn entry(issue: &Issue, screen: Screen) -> Vec<String> {
    let styles = Styles {
        color: screen.color,
    };
    let (style, label) = match issue.weight {
        Weight::Error => (ERROR, common::error()),
        Weight::Warning | Weight::Known => (WARNING, common::warning()),
    };
    let label = label.get(issue.lang).to_owned();
    let path = text::visible_line(issue.path);
    let place = match issue.place {
        Some(place) => format!(" {path}:{}", place.line),
        None if path.is_empty() => path,
        None => format!(" {path}"),
    };
    let title = format!("{} [{}]", issue.title, issue.rule);
    let taken = text::width(&label) + text::width(&place) + 2;
    let first = format!(
        "{}{place}: {}",
        styles.paint(style, &label),
        styles.paint(
            TITLE,
            &text::clip(&title, screen.width.saturating_sub(taken))
        )
    );
    let help = issue.helps.first().and_then(|help| help.lines().next());
    let label = common::help().get(issue.lang).to_owned();
    let room = screen.width.saturating_sub(text::width(&label) + 4);
    let second = help.map(|help| {
        let label = styles.paint(HELP, &label);
        format!("  {label}: {}", text::clip(help, room))
    });
    std::iter::once(first).chain(second).collect()
}

/// The notes that have snippets of which nothing is recorded.
fn not_recorded(report: &Report, screen: Screen) -> Vec<Vec<String>> {
    let of_note = report.notes.iter().map(|note| {
        let new = note
            .blocks
            .iter()
            .filter(|block| block.status == Some(Status::New) && (screen.strict || !block.known));
        let lines: Vec<usize> = new.map(|block| block.block.lines.first).collect();
        (note, lines)
    });
    of_note
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(note, lines)| {
            let told = summary::new_in_note(&text::visible_line(&note.path), &lines);
            vec![text::clip(told.get(report.lang), screen.width)]
        })
        .collect()
}

/// As many of these as there is room for, and how many there are besides.
fn fitted(
    entries: Vec<Vec<String>>,
    room: Option<usize>,
    lang: Lang,
    styles: Styles,
) -> Vec<String> {
    let all: usize = entries.iter().map(Vec::len).sum();
    let room = room
        .filter(|room| *room < all)
        .map(|room| room.saturating_sub(1));
    let mut lines = Vec::new();
    let mut left = 0;
    for entry in entries {
        if left > 0 || room.is_some_and(|room| lines.len() + entry.len() > room) {
            left += 1;
        } else {
            lines.extend(entry);
        }
    }
    if left > 0 {
        lines.push(styles.paint(DIM, words::more(left).get(lang)));
    }
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample::{assert_fixture, sample};
    use crate::run::live::Trouble;

    fn touched() -> Refreshed {
        let report = sample();
        Refreshed {
            touched: vec![report.notes.last().unwrap().path.clone()],
            ran: 1,
            seconds: 0.07,
            ..Refreshed::default()
        }
    }

    fn screen(height: Option<usize>) -> Screen {
        Screen {
            width: 80,
            height,
            ..Screen::default()
        }
    }

    #[test]
    fn the_screen_tells_what_was_touched_first() {
        let shown = render(&sample(), &touched(), screen(None));
        assert_fixture("watch.txt", &shown);
        let mut chinese = sample();
        chinese.lang = Lang::Zh;
        chinese
            .notes
            .iter_mut()
            .for_each(|note| note.lang = Lang::Zh);
        assert_fixture("watch.zh.txt", &render(&chinese, &touched(), screen(None)));
    }

    #[test]
    fn a_screen_is_as_high_and_as_wide_as_its_terminal() {
        for (height, width) in [(24, 80), (10, 40), (6, 20), (1, 1), (0, 0)] {
            let screen = Screen {
                width,
                ..screen(Some(height))
            };
            let shown = render(&sample(), &touched(), screen);
            let rows = shown.matches('\n').count() + 1;
            assert!(rows <= height.max(6), "{rows} rows of {height}:\n{shown}");
            if width >= 40 {
                let wide = shown
                    .lines()
                    .filter(|line| text::width(line) > width.max(44));
                assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
            }
        }
    }

    #[test]
    fn what_is_cut_is_counted() {
        let all = entries(&sample(), &touched(), screen(None)).len();
        let shown = render(&sample(), &touched(), screen(Some(12)));
        let told = shown.lines().filter(|line| line.starts_with("error "));
        let more = format!("… {} more", all - told.count());
        assert!(shown.contains(&more), "no `{more}` in\n{shown}");
    }

    #[test]
    fn what_is_in_the_way_is_told_above_the_last_report() {
        let refreshed = Refreshed {
            trouble: Some(Trouble {
                message: "verify.toml:1: no\u{1b}[31m".into(),
                help: "mend it".into(),
            }),
            ..Refreshed::default()
        };
        let shown = render(&sample(), &refreshed, screen(Some(24)));
        assert!(shown.contains("error: verify.toml:1: no␛[31m\n"), "{shown}");
        assert!(
            shown.contains("help: mend it\n") && shown.contains("stale"),
            "{shown}"
        );
    }
}
