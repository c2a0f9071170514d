//! One problem as it stands below its line: what is wrong, the evidence, the next step.

use super::escape::{escaped, sentence};
use crate::model::{Lang, Warning};
use crate::report::diff::{Line, Side};
use crate::report::tell::Weight;
use crate::report::tell::{Issue, Told};
use crate::report::words;

/// The problem of a place that has this name on the page.
pub(super) fn of_issue(issue: &Issue, of: &str) -> String {
    let weight = match issue.weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Known => "known",
    };
    let mut card = format!(
        "<div class=\"card {weight}\" lang=\"{}\" data-of=\"{}\"><p class=\"what\"><span>{}</span> <code class=\"rule\">{}</code></p>",
        lang(issue.lang),
        escaped(of),
        sentence(&issue.full_title()),
        escaped(&issue.rule),
    );
    let evidence = issue.evidence.iter();
    card.extend(evidence.map(told));
    let helps = issue.helps.iter();
    card.extend(helps.map(|help| next_step(help)));
    card.push_str("</div>\n");
    card
}

/// What is to be said about a note as a whole, or about a line of it that is no place.
pub(super) fn of_warning(warning: &Warning, shown: Lang, place: &str) -> String {
    let place = match place {
        "" => String::new(),
        place => format!("<span class=\"file\">{}</span> ", escaped(place)),
    };
    let help = warning.help.iter();
    let help: String = help.map(|help| next_step(help.get(shown))).collect();
    format!(
        "<div class=\"card warning\" lang=\"{}\"><p class=\"what\">{place}<span>{}</span></p>{help}</div>\n",
        lang(shown),
        sentence(warning.message.get(shown)),
    )
}

/// The language as a page names it.
pub(super) fn lang(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    }
}

fn told(told: &Told) -> String {
    match told {
        Told::Words(words) => format!("<p>{}</p>", sentence(words)),
        Told::Sides(heading, lines) => {
            let lines: String = lines.iter().map(side).collect();
            format!(
                "<p>{}</p><pre class=\"diff\">{lines}</pre>",
                sentence(heading)
            )
        }
    }
}

fn next_step(help: &str) -> String {
    format!("<p class=\"help\">{}</p>", sentence(help))
}

/// One line of a diff; the words that changed are marked.
fn side(line: &Line) -> String {
    let pieces: String = line
        .pieces
        .iter()
        .map(|(changed, text)| match (changed, line.side) {
            (true, Side::Removed) => format!("<del>{}</del>", escaped(text)),
            (true, Side::Added) => format!("<ins>{}</ins>", escaped(text)),
            _ => escaped(text),
        })
        .collect();
    let (class, sign) = match line.side {
        Side::Same => ("same", "  "),
        Side::Removed => ("old", "- "),
        Side::Added => ("new", "+ "),
        Side::LeftOut => ("cut", "  "),
        Side::Words => ("cut", ""),
    };
    format!("<span class=\"d {class}\">{sign}{pieces}\n</span>")
}

/// A reason below a block.
pub(super) fn remark(text: &crate::model::Text, shown: Lang) -> String {
    format!(
        "<p class=\"remark\" lang=\"{}\">{}</p>\n",
        lang(shown),
        sentence(text.get(shown))
    )
}

/// What is recorded of a problem that is known.
pub(super) fn accepted(shown: Lang) -> String {
    remark(&words::ci::accepted(), shown)
}
