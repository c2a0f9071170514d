//! The JSON report, for other programs.
//!
//! Its form is public: `docs/report.schema.json` describes every field, and a
//! change of it is a change of `REPORT_VERSION`. It holds data as it is, nothing is
//! clipped. What a terminal would obey is escaped, which a reader of JSON takes back.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::text;
use super::words::claims as words;
use crate::model::{
    BlockReport, CheckedClaim, ClaimVerdict, Containment, ErrorReport, FigureReport, FigureState,
    Finding, Grade, Lang, NoteReport, REPORT_VERSION, Report, Shard, Skip, Status, Summary,
    Warning,
};

/// The whole report as one JSON document with a line end.
pub fn render(report: &Report) -> String {
    // Nothing in a document can fail to serialize: no maps, no numbers that JSON lacks.
    let text = serde_json::to_string_pretty(&Document::from(report)).unwrap_or_default();
    let mut shown = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Beside line ends such characters stand in strings alone.
        if c != '\n' && text::is_hidden(c) {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            shown.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            shown.push(c);
        }
    }
    shown.push('\n');
    shown
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    python: Python<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    distrusted: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<ShardObject<'a>>,
    summary: Counts,
    notes: Vec<NoteObject<'a>>,
    /// Left out where there is none, as in most runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningObject<'a>>,
}

/// Something to be said that belongs to no block.
#[derive(Serialize)]
struct WarningObject<'a> {
    path: &'a str,
    line: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
    severity: Grade,
}

impl<'a> WarningObject<'a> {
    fn new(warning: &'a Warning, lang: Lang) -> Self {
        Self {
            path: &warning.path,
            line: warning.line,
            message: warning.message.get(lang),
            help: warning.help.as_ref().map(|help| help.get(lang)),
            severity: warning.grade,
        }
    }
}

/// What `verify merge` reads.
#[derive(Serialize)]
struct ShardObject<'a> {
    #[serde(flatten)]
    shard: &'a Shard,
    verify: &'static str,
    /// On one line: it holds everything once more, and nobody reads it.
    report: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Python<'a> {
    version: &'a str,
    executable: &'a str,
}

#[derive(Serialize)]
struct Counts {
    notes: usize,
    blocks: usize,
    snippets: usize,
    pass: usize,
    stale: usize,
    failed: usize,
    new: usize,
    skipped: usize,
    known: usize,
    claims: usize,
    claims_checked: usize,
    claims_stale: usize,
    cached: usize,
    seconds: f64,
}

#[derive(Serialize)]
struct NoteObject<'a> {
    path: &'a str,
    blocks: Vec<BlockObject<'a>>,
}

#[derive(Serialize)]
struct BlockObject<'a> {
    lines: [usize; 2],
    form: &'static str,
    tag: &'a str,
    language: &'static str,
    why: &'a str,
    heading: &'a str,
    status: Option<&'static str>,
    reason: Option<String>,
    known: bool,
    depends_on: &'a [usize],
    stdout: &'a str,
    stderr: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    figures: Vec<FigureObject<'a>>,
    error: Option<ErrorObject<'a>>,
    claims: Vec<ClaimObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    seconds: f64,
}

#[derive(Serialize)]
struct FigureObject<'a> {
    line: Option<usize>,
    recorded: Option<&'a str>,
    verdict: &'static str,
    differs: Option<f64>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    #[serde(rename = "type")]
    class: &'a str,
    message: &'a str,
    line: Option<usize>,
}

#[derive(Serialize)]
struct ClaimObject<'a> {
    line: usize,
    form: &'static str,
    source: &'a str,
    claimed: &'a str,
    actual: &'a str,
    verdict: &'static str,
    #[serde(rename = "as")]
    tolerance: Option<&'a str>,
    why: Option<String>,
    known: bool,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    rule: &'a str,
    line: usize,
    message: &'a str,
    since: Option<&'a str>,
    severity: &'static str,
    help: Option<&'a str>,
    url: Option<&'a str>,
    known: bool,
}

impl<'a> From<&'a Report> for Document<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            version: REPORT_VERSION,
            python: Python {
                version: &report.python.version,
                executable: &report.python.executable,
            },
            sandbox: (report.containment.as_ref())
                .filter(|containment| !containment.is_full())
                .map(Containment::words),
            distrusted: &report.distrusted,
            shard: report.shard.as_ref().map(|shard| ShardObject {
                shard,
                verify: env!("CARGO_PKG_VERSION"),
                report: to_raw_value(report).ok(),
            }),
            summary: Counts::from(report.summary),
            notes: report.notes.iter().map(NoteObject::from).collect(),
            warnings: report
                .warnings
                .iter()
                .map(|warning| WarningObject::new(warning, report.lang))
                .collect(),
        }
    }
}

impl From<Summary> for Counts {
    fn from(summary: Summary) -> Self {
        Self {
            notes: summary.notes,
            blocks: summary.blocks,
            snippets: summary.snippets,
            pass: summary.pass,
            stale: summary.stale,
            failed: summary.failed,
            new: summary.new,
            skipped: summary.skipped,
            known: summary.known,
            claims: summary.claims,
            claims_checked: summary.claims_checked,
            claims_stale: summary.claims_stale,
            cached: summary.cached,
            seconds: rounded(summary.seconds),
        }
    }
}

impl<'a> From<&'a NoteReport> for NoteObject<'a> {
    fn from(note: &'a NoteReport) -> Self {
        let places = note.places().into_iter();
        Self {
            path: &note.path,
            blocks: places
                .map(|block| BlockObject::new(block, note.lang))
                .collect(),
        }
    }
}

impl<'a> BlockObject<'a> {
    fn new(report: &'a BlockReport, lang: Lang) -> Self {
        let block = &report.block;
        let (claims, findings) = (report.claims.iter(), report.findings.iter());
        Self {
            lines: [block.lines.first, block.lines.last],
            form: block.form.as_str(),
            tag: &block.tag,
            language: block.language.as_str(),
            why: block.why.get(lang),
            heading: &block.heading,
            status: report.status.map(Status::as_str),
            reason: report.skip.as_ref().map(|skip| reason(skip, lang)),
            known: report.known,
            depends_on: &report.depends_on,
            stdout: &report.stdout,
            stderr: &report.stderr,
            figures: report.figures.iter().map(FigureObject::from).collect(),
            error: report.error.as_ref().map(ErrorObject::from),
            claims: claims.map(|claim| ClaimObject::of(claim, lang)).collect(),
            findings: findings
                .map(|finding| FindingObject::new(finding, lang))
                .collect(),
            seconds: rounded(report.seconds),
        }
    }
}

impl<'a> From<&'a FigureReport> for FigureObject<'a> {
    fn from(figure: &'a FigureReport) -> Self {
        let (verdict, differs) = match figure.state {
            FigureState::New => ("new", None),
            FigureState::Same => ("same", None),
            FigureState::Varies => ("varies", None),
            FigureState::Pixels(share) => ("changed", Some(rounded(share))),
            FigureState::Size(..) => ("changed", Some(1.0)),
            FigureState::Unreadable => ("unreadable", None),
            FigureState::Missing => ("missing", None),
            FigureState::Gone => ("gone", None),
        };
        Self {
            line: (figure.line > 0).then_some(figure.line),
            recorded: (!figure.path.is_empty()).then_some(&figure.path),
            verdict,
            differs,
        }
    }
}

impl<'a> From<&'a ErrorReport> for ErrorObject<'a> {
    fn from(error: &'a ErrorReport) -> Self {
        Self {
            class: &error.class,
            message: &error.message,
            line: (error.line > 0).then_some(error.line),
        }
    }
}

impl<'a> ClaimObject<'a> {
    fn of(checked: &'a CheckedClaim, lang: Lang) -> Self {
        let CheckedClaim { claim, verdict, .. } = checked;
        let holds = *verdict == ClaimVerdict::Holds;
        Self {
            line: claim.lines.first,
            form: claim.form.as_str(),
            source: &claim.source,
            claimed: &claim.claimed,
            actual: &checked.actual,
            verdict: verdict.as_str(),
            tolerance: holds.then(|| checked.tolerance.as_str()),
            why: checked
                .why
                .as_ref()
                .map(|why| words::why(why).get(lang).to_owned()),
            known: checked.known,
        }
    }
}

impl<'a> FindingObject<'a> {
    fn new(finding: &'a Finding, lang: Lang) -> Self {
        Self {
            rule: &finding.rule,
            line: finding.line,
            message: finding.message.get(lang),
            since: finding.since.as_deref(),
            severity: finding.severity.as_str(),
            help: finding.help.as_ref().map(|help| help.get(lang)),
            url: finding.url.as_deref(),
            known: finding.known,
        }
    }
}

/// The word of the closed list, and behind it what made it so.
fn reason(skip: &Skip, lang: Lang) -> String {
    match skip.detail().get(lang) {
        "" => skip.word().to_owned(),
        detail => format!("{}: {detail}", skip.word()),
    }
}

/// Seconds to the microsecond, and shares as fine; what is no number is 0, as JSON has none.
fn rounded(seconds: f64) -> f64 {
    if seconds.is_finite() {
        (seconds * 1e6).round() / 1e6
    } else {
        0.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Block, Fence, Form, Lines, NoteReport, ShardNumber};
    use crate::report::sample::{assert_fixture, finding, sample};
    use crate::report::{ci, github, gitlab, html, junit, markdown, sarif, terminal};
    use crate::shard;

    fn schema() -> Value {
        serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap()
    }

    fn complaints(document: &Value) -> Vec<String> {
        let validator = jsonschema::draft202012::new(&schema()).expect("a valid schema");
        validator
            .iter_errors(document)
            .map(|error| error.to_string())
            .collect()
    }

    #[test]
    fn the_schema_itself_is_valid() {
        assert!(jsonschema::meta::is_valid(&schema()));
    }

    #[test]
    fn the_sample_and_an_empty_report_follow_the_schema() {
        for report in [sample(), mentioning(), Report::default()] {
            let document = serde_json::from_str(&render(&report)).unwrap();
            assert_eq!(complaints(&document), Vec::<String>::new());
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_read_back() {
        let text = "\u{1b}[31m\u{9b}5m\u{202e}\u{7f}\u{e0001}数\u{feff}";
        let mut report = mentioning();
        report.notes[0].path = text.to_owned();
        let shown = render(&report);
        assert!(
            shown.chars().all(|c| c == '\n' || !text::is_hidden(c)),
            "{shown}"
        );
        let document: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(document["notes"][0]["path"], text);
    }

    /// A shard with what the sample lacks: figures, and what the cache said.
    fn sharded() -> Report {
        let mut report = sample();
        let block = &mut report.notes[0].blocks[0];
        block.cached = true;
        block.figures = [
            FigureState::Pixels(1.0 / 3.0),
            FigureState::Size([1, 2], [3, 4]),
        ]
        .map(|state| FigureReport {
            line: 7,
            png: Some((0..=255).collect()),
            recorded: None,
            path: "expected/a/figure-1.png".to_owned(),
            state,
        })
        .to_vec();
        report.summary = Summary::of(&report.notes, 0.1 + 0.2);
        report.containment = Some(Containment {
            off: false,
            has: Fence::ALL[..1].to_vec(),
        });
        let paths: Vec<String> = report.notes.iter().map(|note| note.path.clone()).collect();
        let number = ShardNumber { index: 1, total: 1 };
        Report {
            shard: Some(shard::divide(&paths, number, None)),
            ..report
        }
    }

    #[test]
    fn a_report_of_a_shard_is_read_back_and_follows_the_schema() {
        let written = render(&sharded());
        let (shard, report) = shard::parse(written.as_bytes()).unwrap();
        assert_eq!(Some(&shard), sharded().shard.as_ref());
        let again = Report {
            shard: Some(shard),
            ..report
        };
        assert_eq!(again, sharded());
        assert_eq!(render(&again), written);
        let document = serde_json::from_str(&written).unwrap();
        assert_eq!(complaints(&document), Vec::<String>::new());
    }

    #[test]
    fn numbers_of_others_do_no_harm() {
        fn change(value: &mut Value, left: &mut usize, to: u64) {
            match value {
                Value::Number(_) if *left == 0 => *value = json!(to),
                Value::Number(_) => {}
                Value::Array(values) => values.iter_mut().for_each(|value| change(value, left, to)),
                Value::Object(fields) => {
                    fields
                        .values_mut()
                        .for_each(|value| change(value, left, to));
                }
                _ => return,
            }
            *left = left.wrapping_sub(1);
        }
        let whole: Value = serde_json::from_str(&render(&sharded())).unwrap();
        let mut read = 0;
        for at in (0..1200).step_by(29) {
            for to in [0, 3, 1000] {
                let mut broken = whole.clone();
                change(&mut broken["shard"]["report"], &mut { at }, to);
                if let Ok((_, report)) = shard::parse(broken.to_string().as_bytes()) {
                    read += 1;
                    every_format(&report);
                }
            }
        }
        assert!(read > 20, "{read}");
    }

    fn every_format(report: &Report) {
        let options = ci::Options::default();
        let terminal = terminal::Options {
            color: false,
            width: 80,
            verbosity: terminal::Verbosity::Verbose,
            strict: false,
            update_hint: String::new(),
        };
        let shown = [
            terminal::render(report, &terminal),
            render(report),
            github::render(report, &options),
            gitlab::render(report, &options),
            junit::render(report, &options),
            sarif::render(report, &options),
            markdown::render(report, &options, usize::MAX),
            html::render(report, &options),
        ];
        assert!(shown.iter().all(|shown| !shown.is_empty()));
    }

    fn mentioning() -> Report {
        let mention = BlockReport {
            block: Block {
                form: Form::Inline,
                lines: Lines { first: 1, last: 1 },
                ..Block::default()
            },
            findings: vec![finding(1, "`sys.maxint` is only in Python 2")],
            ..BlockReport::default()
        };
        let below = BlockReport {
            block: Block {
                lines: Lines { first: 4, last: 4 },
                ..Block::default()
            },
            ..BlockReport::default()
        };
        Report {
            notes: vec![NoteReport {
                blocks: vec![below],
                mentions: vec![mention],
                ..NoteReport::default()
            }],
            ..Report::default()
        }
    }

    #[test]
    fn lines_of_running_text_stand_between_the_blocks() {
        let whole: Value = serde_json::from_str(&render(&mentioning())).unwrap();
        let blocks = &whole["notes"][0]["blocks"];
        assert_eq!(blocks[0]["form"], "inline");
        assert_eq!(blocks[0]["findings"][0]["line"], 1);
        assert_eq!(blocks[1]["lines"], json!([4, 4]));
    }

    #[test]
    fn figures_are_told_where_there_are_some() {
        let states = [
            FigureState::New,
            FigureState::Same,
            FigureState::Varies,
            FigureState::Pixels(0.031_999_999_9),
            FigureState::Size([1, 2], [3, 4]),
            FigureState::Unreadable,
            FigureState::Missing,
            FigureState::Gone,
        ];
        let figure = |state| FigureReport {
            line: 7,
            png: None,
            recorded: None,
            path: "expected/a/figure-1.png".to_owned(),
            state,
        };
        let mut report = mentioning();
        report.notes[0].blocks[0].figures = states.map(figure).to_vec();
        let whole: Value = serde_json::from_str(&render(&report)).unwrap();
        assert_eq!(complaints(&whole), Vec::<String>::new());
        let blocks = &whole["notes"][0]["blocks"];
        assert_eq!(blocks[0].get("figures"), None);
        assert_eq!(
            blocks[1]["figures"][3],
            json!({"line": 7, "recorded": "expected/a/figure-1.png", "verdict": "changed", "differs": 0.032})
        );
    }

    #[test]
    fn the_example_of_the_documentation_follows_the_schema() {
        let page = include_str!("../../docs/report.md");
        let example = page
            .split("```json\n")
            .nth(1)
            .and_then(|rest| rest.split("```").next());
        let example = serde_json::from_str(example.unwrap()).unwrap();
        assert_eq!(complaints(&example), Vec::<String>::new());
    }

    #[test]
    fn the_schema_knows_every_field_and_every_word() {
        let whole: Value = serde_json::from_str(&render(&sample())).unwrap();
        let block = "/notes/0/blocks/0";
        for (pointer, key, value) in [
            ("", "extra", json!(1)),
            (block, "extra", json!(1)),
            (block, "status", json!("passed")),
            (block, "lines", json!([1])),
            ("/summary", "pass", json!(-1)),
            ("", "version", json!(2)),
        ] {
            let mut broken = whole.clone();
            broken.pointer_mut(pointer).unwrap()[key] = value;
            assert_ne!(
                complaints(&broken),
                Vec::<String>::new(),
                "{pointer}/{key} was accepted"
            );
        }
    }

    #[test]
    fn every_field_of_the_schema_is_described() {
        fn walk(value: &Value, path: &str, missing: &mut Vec<String>) {
            let Some(object) = value.as_object() else {
                return;
            };
            for (name, property) in object
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if property["description"].as_str().is_none() {
                    missing.push(format!("{path}/{name}"));
                }
            }
            for (key, inner) in object {
                walk(inner, &format!("{path}/{key}"), missing);
            }
        }
        let mut missing = Vec::new();
        walk(&schema(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn the_sample_reads_as_documented() {
        assert_fixture("sample.json", &render(&sample()));
    }

    #[test]
    fn seconds_have_six_decimals_at_most() {
        assert!((rounded(0.123_456_789) - 0.123_457).abs() < 1e-12);
        assert_eq!(rounded(f64::NAN).to_string(), "0");
    }
}
