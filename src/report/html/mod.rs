//! The page: every note as its reader knows it, with what is wrong beside its lines, in one file.
//!
//! The file loads nothing and runs nothing but its own script, which a policy in its head names by its
//! hash. Each note stands in a `noscript` element: a browser without scripts shows it as it is, and one
//! with scripts reads it as text, which costs almost nothing, until the note comes into view.
//! What a note says becomes HTML in `note`, `inline` and `code`, always through `escape`.

mod card;
mod code;
mod escape;
mod figures;
mod highlight;
mod inline;
mod links;
mod note;
mod place;
#[cfg(test)]
mod tests;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use self::card::lang;
use self::escape::{escaped, sentence};
use self::links::Links;
use self::place::{KINDS, Kind, Place};
use super::ci::{self, Options};
use super::words::page as words;
use super::words::summary;
use crate::model::{Lang, NoteReport, Report};
use crate::notes;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole report as a page.
pub fn render(report: &Report, options: &Options) -> String {
    let notes = report.notes.iter();
    let notes: Vec<(&NoteReport, Vec<Place>)> = notes
        .map(|note| (note, place::of_note(report, note, options.strict)))
        .collect();
    let lang = report.lang;
    let title = escaped(words::title().get(lang));
    let mut page = head(&title, lang);
    page.push_str(&top(&title, report));
    page.push_str(&about(report));
    page.push_str("</header>\n");
    page.push_str(&tools(&notes, lang));
    page.push_str("<div id=\"columns\">\n");
    page.push_str(&contents(&notes, lang));
    page.push_str(&format!(
        "<main id=\"notes\" tabindex=\"-1\">\n<p id=\"nothing\" hidden>{}</p>\n",
        words::nothing_fits().get(lang)
    ));
    let links = Links::new(&report.notes, options);
    for (at, (note, places)) in notes.iter().enumerate() {
        page.push_str(&article(report, &links, (at + 1, note), places));
    }
    page.push_str("</main>\n</div>\n</div>\n");
    page.push_str(&keys(lang));
    page.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    page
}

/// What the policy calls a text that stands in the page.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)))
}

fn head(title: &str, shown: Lang) -> String {
    let policy = [
        ("default-src", "'none'".to_owned()),
        ("script-src", hash(SCRIPT)),
        ("style-src", hash(STYLE)),
        ("img-src", "data:".to_owned()),
        ("base-uri", "'none'".to_owned()),
        ("form-action", "'none'".to_owned()),
    ];
    let policy = policy.map(|(what, allowed)| format!("{what} {allowed}"));
    let policy = policy.join("; ");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
<meta name=\"referrer\" content=\"no-referrer\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        lang(shown)
    )
}

fn top(title: &str, report: &Report) -> String {
    let lang = report.lang;
    let counts = ci::counts(report);
    let python = match report.python.version.as_str() {
        "" => String::new(),
        version => escaped(words::ran_under(version).get(lang)),
    };
    format!(
        "<a class=\"skip\" href=\"#notes\">{}</a>\n<div id=\"page\">\n<header>\n<h1>{title}</h1>\n<p class=\"counts\">{}</p>\n<p class=\"python\">{python}</p>\n",
        words::to_the_notes().get(lang),
        escaped(counts.get(lang)),
    )
}

/// What chooses between the notes. Without a script there is nothing to choose with.
fn tools(notes: &[(&NoteReport, Vec<Place>)], lang: Lang) -> String {
    let places = || notes.iter().flat_map(|(_, places)| places);
    let count = |kind| places().filter(|place| place.kinds.contains(&kind)).count();
    let buttons = KINDS.iter().map(|kind| (*kind, count(*kind)));
    let buttons: String = buttons
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            format!(
                "<button type=\"button\" class=\"k {0}\" data-kind=\"{0}\" aria-pressed=\"false\">{1} <b>{count}</b></button>\n",
                kind.word(),
                words::kind(kind.word()).get(lang)
            )
        })
        .collect();
    let mut causes: Vec<String> = places().flat_map(Place::rules).collect();
    causes.sort();
    causes.dedup();
    let causes: String = causes
        .iter()
        .map(|cause| format!("<option>{}</option>", escaped(cause)))
        .collect();
    let settings = words::settings();
    let [system, light, dark] = settings.each_ref().map(|text| text.get(lang));
    format!(
        "<section id=\"tools\" aria-label=\"{filters}\" hidden>\n<div class=\"kinds\">{buttons}</div>\n\
<select id=\"cause\" aria-label=\"{cause}\"><option value=\"\">{every}</option>{causes}</select>\n\
<input id=\"search\" type=\"search\" placeholder=\"{search}\" aria-label=\"{search}\" autocomplete=\"off\" spellcheck=\"false\">\n\
<button type=\"button\" id=\"whole\" aria-pressed=\"false\" hidden>{whole}</button>\n\
<output id=\"count\"></output>\n\
<span class=\"room\"></span>\n\
<button type=\"button\" id=\"colours\" data-name=\"{colours}\" data-auto=\"{system}\" data-light=\"{light}\" data-dark=\"{dark}\">{system}</button>\n\
<button type=\"button\" id=\"help\">{keys}</button>\n</section>\n",
        filters = words::filters().get(lang),
        cause = words::cause().get(lang),
        every = words::every_cause().get(lang),
        search = words::search().get(lang),
        colours = words::colours().get(lang),
        whole = words::whole_notes().get(lang),
        keys = words::keys().get(lang),
    )
}

/// What is to be said about the run, and about files that are no note of the page.
fn about(report: &Report) -> String {
    let lang = report.lang;
    let is_note = |path: &str| report.notes.iter().any(|note| note.path == path);
    let settings = super::tell::distrusted(report);
    let warnings = settings.iter().chain(&report.warnings);
    let warnings = warnings.filter(|warning| !is_note(&warning.path));
    let mut said: String = warnings
        .map(|warning| {
            let place = match warning.line {
                Some(line) => format!("{}:{line}", warning.path),
                None => warning.path.clone(),
            };
            card::of_warning(warning, lang, &place)
        })
        .collect();
    if let Some(containment) = report.containment.as_ref().filter(|all| !all.is_full()) {
        let words = if containment.off {
            summary::not_contained()
        } else {
            summary::contained_by(containment)
        };
        said.push_str(&card::remark(&words, lang));
    }
    if report.summary.new > 0 {
        let record = summary::record_all(super::words::UPDATE);
        let new = summary::not_recorded(report.summary.new);
        let (new, record) = (sentence(new.get(lang)), sentence(record.get(lang)));
        said.push_str(&format!("<p class=\"remark\">{new}: {record}</p>\n"));
    }
    match said.as_str() {
        "" => said,
        _ => format!(
            "<section class=\"about\" aria-label=\"{}\">{said}</section>\n",
            words::about_the_run().get(lang)
        ),
    }
}

/// All notes by their folders, with their counts.
fn contents(notes: &[(&NoteReport, Vec<Place>)], lang: Lang) -> String {
    let title = words::contents();
    let title = title.get(lang);
    let mut list =
        format!("<nav aria-label=\"{title}\"><details open><summary>{title}</summary>\n");
    let numbered: Vec<_> = (1..).zip(notes).collect();
    let of = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    for folder in
        numbered.chunk_by(|(_, (above, _)), (_, (below, _))| of(&above.path) == of(&below.path))
    {
        let name = folder.first().and_then(|(_, (note, _))| of(&note.path));
        let name = name.unwrap_or_else(|| words::no_folder().get(lang).to_owned());
        let all = folder.iter().flat_map(|(_, (_, places))| places);
        list.push_str(&format!(
            "<details class=\"folder\" open><summary>{} {}</summary><ol>\n",
            escaped(&name),
            counts(&all.collect::<Vec<_>>(), lang)
        ));
        for (number, (note, places)) in folder {
            let file = note.path.rsplit('/').next().unwrap_or_default();
            let counts = counts(&places.iter().collect::<Vec<_>>(), lang);
            let file = escaped(file);
            list.push_str(&format!(
                "<li><a href=\"#n{number}\">{file}</a> {counts}</li>\n"
            ));
        }
        list.push_str("</ol></details>\n");
    }
    list.push_str("</details></nav>\n");
    list
}

/// How many places of each kind there are, of those that ask for something.
fn counts(places: &[&Place], lang: Lang) -> String {
    const TOLD: [Kind; 6] = [
        Kind::Stale,
        Kind::Failed,
        Kind::New,
        Kind::NotRun,
        Kind::Gone,
        Kind::Warning,
    ];
    let told = TOLD.iter().filter_map(|kind| {
        let is_told =
            |place: &&&Place| place.kinds.contains(kind) && !place.kinds.contains(&Kind::Known);
        let count = places.iter().filter(is_told).count();
        let word = words::kind(kind.word());
        (count > 0).then(|| {
            format!(
                "<span class=\"k {}\">{count}<span class=\"aside\"> {}</span></span>",
                kind.word(),
                word.get(lang)
            )
        })
    });
    told.collect::<Vec<_>>().join(" ")
}

/// One note under its path.
fn article(
    report: &Report,
    links: &Links,
    (number, note): (usize, &NoteReport),
    places: &[Place],
) -> String {
    let entries: Vec<String> = places.iter().map(Place::entry).collect();
    let (folder, file) = match note.path.rsplit_once('/') {
        Some((folder, file)) => (format!("{}/", escaped(folder)), escaped(file)),
        None => (String::new(), escaped(&note.path)),
    };
    let body = note::body(report, links, (number, note), places);
    let all: Vec<&Place> = places.iter().collect();
    format!(
        "<article class=\"note\" id=\"n{number}\" data-places=\"{}\" data-lines=\"{}\" tabindex=\"-1\">\n\
<h2><a href=\"#n{number}\"><span class=\"folder\">{folder}</span>{file}</a> {}</h2>\n\
<div class=\"body\" lang=\"{}\"><noscript>{body}</noscript></div>\n</article>\n",
        entries.join(" "),
        note.text.lines().count(),
        counts(&all, report.lang),
        lang(notes::lang::of(&note.text)),
    )
}

/// The list of keys, and of the marks at the edge of code.
fn keys(lang: Lang) -> String {
    let all = words::each_key();
    let all: String = all
        .iter()
        .map(|(key, what)| format!("<dt><kbd>{key}</kbd></dt><dd>{}</dd>\n", what.get(lang)))
        .collect();
    let edge = words::edge();
    let edge: String = edge
        .iter()
        .map(|(class, what)| {
            format!(
                "<dt><span class=\"l {class}\"></span></dt><dd>{}</dd>\n",
                what.get(lang)
            )
        })
        .collect();
    format!(
        "<dialog id=\"keys\" aria-labelledby=\"keys-title\"><h2 id=\"keys-title\">{}</h2>\n<dl>{all}</dl>\n<dl>{edge}</dl>\n\
<form method=\"dialog\"><button>{}</button></form></dialog>\n",
        words::keys().get(lang),
        words::close().get(lang)
    )
}
